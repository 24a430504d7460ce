#include <stdio.h>
#include <string.h>
#include "input.h"
#include "supervisor.h"
#include "util.h"

const char *
input_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

void
input_read(const char *path, size_t most, struct buffer *b)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	const char *name = input_name(path);
	char part[4096];
	size_t n;

	if (!f)
		fatal(EXIT_USAGE, "%s cannot be read:", name);
	while ((n = fread(part, 1, sizeof part, f)) > 0) {
		buffer_add(b, part, n);
		if (b->len > most)
			fatal(EXIT_USAGE, "%s is longer than %lu KiB: it cannot be what is asked for", name, (unsigned long)(most / 1024));
	}
	if (ferror(f)) {
		supervisor_check();
		fatal(EXIT_USAGE, "%s cannot be read:", name);
	}
	if (f != stdin)
		fclose(f);
}
