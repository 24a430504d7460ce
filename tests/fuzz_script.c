/* For libFuzzer: any text is a script or an error with a message, and the canonical text of a script means the same script. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "script.h"

enum { LINE = 4096 };   /* the longest line that a script may have */

static void NORETURN
fail(const char *what, const struct buffer *text)
{
	fprintf(stderr, "%s:\n%s\n", what, buffer_text(text));
	abort();
}

/* The canonical text has blanks and parentheses of its own, which can make a line too long. */
static int
readable(const struct buffer *b)
{
	const char *line = b->data, *eol;

	for (; (eol = strchr(line, '\n')); line = eol + 1)
		if (eol - line > LINE)
			return 0;
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer error = { NULL, 0, 0 }, once = { NULL, 0, 0 }, twice = { NULL, 0, 0 };
	struct script first, second;
	const struct probe *p;
	const char *text;
	int semicolons;

	if (size < 1)
		return 0;
	/* The first byte tells whether it is a file or a word of a command line. */
	semicolons = data[0] == ';';
	text = (const char *)data + semicolons;
	size -= (size_t)semicolons;
	if (script_parse(&first, "fuzz", text, size, "fuzz", semicolons, &error) < 0) {
		if (!error.len)
			fail("an error without a message", &error);
		goto end;
	}
	if (error.len)
		fail("a message without an error", &error);
	for (p = first.probes; p; p = p->next) {
		if (p->ntext > size || p->text < text || p->text + p->ntext > text + size)
			fail("the text of a probe is not in the script", &error);
		buffer_clear(&once);
		script_print(&once, p);
		if (!readable(&once))
			continue;
		if (script_parse(&second, "again", once.data, once.len, p->name, 0, &error) < 0)
			fail(buffer_text(&error), &once);
		if (!script_same(p, second.probes) || second.probes->next)
			fail("what is printed is another script", &once);
		buffer_clear(&twice);
		script_print(&twice, second.probes);
		if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
			fail("printed again it is another text", &once);
		script_free(&second);
	}
end:
	script_free(&first);
	buffer_free(&error);
	buffer_free(&once);
	buffer_free(&twice);
	return 0;
}
