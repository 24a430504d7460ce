/* What the kernel tells of the mappings of a process, and of itself. */
#include "extensions.h"
#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "perform.h"

enum { LINE = 512 };

/* A file read line by line without memory of its own: that would change the mappings which it tells of. */
struct lines {
	int fd;
	size_t from, to;
	char bytes[4096], line[LINE];
};

static struct lines lines;

static int
next_byte(struct lines *l)
{
	ssize_t n;

	if (l->from == l->to) {
		n = read(l->fd, l->bytes, sizeof l->bytes);
		if (n <= 0)
			return -1;
		l->from = 0;
		l->to = (size_t)n;
	}
	return (unsigned char)l->bytes[l->from++];
}

/* The next line, cut where it is too long; NULL at the end. */
static const char *
next_line(struct lines *l)
{
	size_t n = 0;
	int c;

	while ((c = next_byte(l)) >= 0 && c != '\n')
		if (n < LINE - 1)
			l->line[n++] = (char)c;
	l->line[n] = '\0';
	return c < 0 && !n ? NULL : l->line;
}

struct mapping {
	uintmax_t from, to;
	char letters[5];
};

/* "5555000-5556000 r-xp ...": 1, or 0 for a line of another kind. */
static int
parse_mapping(const char *line, struct mapping *m)
{
	char *end;

	m->from = strtoumax(line, &end, 16);
	if (end == line || *end != '-')
		return 0;
	m->to = strtoumax(end + 1, &end, 16);
	memcpy(m->letters, *end == ' ' && strlen(end) > 4 ? end + 1 : "????", 4);
	m->letters[4] = '\0';
	return 1;
}

/* Reads such a file up to the line of the mapping that holds an address. 0; else the outcome says why not. */
static int
find_mapping(const char *path, uintptr_t address, struct mapping *m, struct outcome *o)
{
	const char *line;

	lines.fd = open(path, O_RDONLY);
	lines.from = lines.to = 0;
	if (lines.fd < 0) {
		o->how = OUTCOME_ABSENT;
		return -1;
	}
	while ((line = next_line(&lines)))
		if (parse_mapping(line, m) && address >= m->from && address < m->to)
			return 0;
	close(lines.fd);
	o->how = OUTCOME_FAILED;
	o->err = ENOMEM;        /* as mincore() and mprotect() say it */
	return -1;
}

/* The mapping that holds an address: its letters as in /proc/self/maps, and how many pages it has. */
void
do_mapping(const struct request *r, struct outcome *o)
{
	uintmax_t page = (uintmax_t)sysconf(_SC_PAGESIZE);
	struct mapping m;

	if (find_mapping("/proc/self/maps", (uintptr_t)r->arg[0], &m, o) < 0)
		return;
	close(lines.fd);
	perform_gives_text(o, snprintf(o->text, TEXT_MAX, "%s %ju", m.letters, (m.to - m.from) / page));
	o->ret = 0;
}

/* What /proc/self/smaps has behind a name in the paragraph of that mapping; NULL: the outcome says why not. */
static const char *
find_field(uintptr_t address, const char *name, struct outcome *o)
{
	size_t n = strlen(name);
	const char *line, *value = NULL;
	struct mapping m;

	if (find_mapping("/proc/self/smaps", address, &m, o) < 0)
		return NULL;
	while (!value && (line = next_line(&lines)) && !parse_mapping(line, &m))
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			value = line + n + 1;
	close(lines.fd);
	o->how = value ? OUTCOME_RETURNED : OUTCOME_ABSENT;
	return value;
}

/* A number of bytes that is told there of the mapping that holds an address. */
void
do_smaps(const struct request *r, struct outcome *o)
{
	const char *value = find_field((uintptr_t)r->arg[0], perform_text(r, 1), o);

	if (value)
		o->ret = strtoimax(value, NULL, 10) * 1024;
}

/* Whether that mapping has a flag of two letters: 1, else 0. */
void
do_has_flag(const struct request *r, struct outcome *o)
{
	const char *value = find_field((uintptr_t)r->arg[0], "VmFlags", o);

	while (value && *value && !o->ret) {
		value += strspn(value, " ");
		o->ret = strncmp(value, perform_text(r, 1), 2) == 0;
		value += strcspn(value, " ");
	}
}

/* The number that a file of /proc/sys, or one of the whole path, holds. */
void
do_knob(const struct request *r, struct outcome *o)
{
#if defined __linux__
	const char *name = perform_text(r, 0);
	char path[TEXT_MAX + 16], value[64] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s%s", name[0] == '/' ? "" : "/proc/sys/", name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, value, sizeof value - 1);
	perform_gives(o, n < 0 ? -1 : 0);
	o->ret = strtoimax(value, NULL, 10);
	if (fd >= 0)
		close(fd);
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}
