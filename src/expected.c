#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "expected.h"
#include "saved.h"
#include "util.h"

static int
fits(const struct expected_line *line, const char *name)
{
	return strcmp(line->name, name) == 0 || fnmatch(line->name, name, 0) == 0;
}

int
expected_meets(struct expected *e, const char *name)
{
	size_t i;
	int is = 0;

	for (i = 0; e && i < e->n; ++i)
		if (fits(&e->lines[i], name))
			is = e->lines[i].met = 1;
	return is;
}

void
expected_restrict(struct expected *e, const struct saved *s)
{
	size_t i, j;

	for (i = 0; i < e->n; ++i) {
		for (j = 0; j < s->n && !fits(&e->lines[i], s->cases[j].name); ++j)
			;
		e->lines[i].met = j == s->n;
	}
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A copy without blanks at its ends. */
static char *
trimmed(const char *s, const char *end)
{
	struct buffer b = { NULL, 0, 0 };

	while (s < end && is_blank(*s))
		++s;
	while (end > s && is_blank(end[-1]))
		--end;
	buffer_add(&b, s, (size_t)(end - s));
	return b.data;
}

int
expected_parse(struct expected *e, const char *path, const char *text, size_t len, struct buffer *error)
{
	const char *end = text + len, *line, *eol, *mark;
	struct expected_line known;
	unsigned lineno = 0;
	int bad;

	memset(e, 0, sizeof *e);
	known.met = 0;
	for (line = text; line < end; line = eol + 1) {
		++lineno;
		eol = memchr(line, '\n', (size_t)(end - line));
		if (!eol)
			eol = end;
		mark = memchr(line, '#', (size_t)(eol - line));
		known.name = trimmed(line, mark ? mark : eol);
		known.reason = trimmed(mark ? mark + 1 : eol, eol);
		if (known.name[0] && known.reason[0]) {
			e->lines = xrealloc(e->lines, (e->n + 1) * sizeof *e->lines);
			e->lines[e->n++] = known;
			continue;
		}
		bad = known.name[0] != '\0';
		free(known.name);
		free(known.reason);
		if (bad) {
			buffer_fmt(error, "%s:%u: a known difference reads 'CASE # REASON', and the reason is missing\n", path, lineno);
			return -1;
		}
	}
	return 0;
}

void
expected_free(struct expected *e)
{
	size_t i;

	for (i = 0; i < e->n; ++i) {
		free(e->lines[i].name);
		free(e->lines[i].reason);
	}
	free(e->lines);
	memset(e, 0, sizeof *e);
}
