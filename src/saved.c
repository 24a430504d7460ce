#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "saved.h"
#include "script.h"
#include "utf8.h"

enum { CASES_MAX = 100000, STEPS_MAX = 1000 };

struct reader {
	struct saved *saved;
	const char *path, *next, *end;
	unsigned lineno;
	char *line;                     /* without its newline; the arena's */
	struct buffer *error;
};

static int
bad(struct reader *r, const char *what)
{
	buffer_fmt(r->error, "%s:%u: %s\n", r->path, r->lineno ? r->lineno : 1, what);
	return -1;
}

/* The next line: 1, 0 at the end, -1 where it is no text. */
static int
read_line(struct reader *r)
{
	const char *eol;
	size_t n, i, len;
	uint32_t c;

	if (r->next == r->end)
		return 0;
	++r->lineno;
	eol = memchr(r->next, '\n', (size_t)(r->end - r->next));
	if (!eol)
		return bad(r, "the line has no end: the report is cut short");
	n = (size_t)(eol - r->next);
	/* What is shown of a report must not steer a terminal. */
	for (i = 0; i < n; i += len) {
		len = utf8_next(r->next + i, n - i, &c);
		if (utf8_is_control(c) && c != '\t')
			return bad(r, "a control character: this is no report");
	}
	r->line = arena_text(&r->saved->arena, r->next, n);
	r->next = eol + 1;
	return 1;
}

/* What stands behind a word at the beginning of the line; NULL where another word does. */
static char *
after(const struct reader *r, const char *word)
{
	size_t n = strlen(word);

	return strncmp(r->line, word, n) == 0 && r->line[n] == ' ' ? r->line + n + 1 : NULL;
}

static int
read_number(struct reader *r, const char *word, intmax_t least, intmax_t *n)
{
	char *text, *end;

	if (read_line(r) <= 0 || !(text = after(r, word)))
		return r->error->len ? -1 : bad(r, "a line of the head is missing, or another stands there");
	errno = 0;
	*n = strtoimax(text, &end, 10);
	return errno || end == text || *end || *n < least ? bad(r, "no such number can be") : 0;
}

static int
read_text(struct reader *r, const char *word, char *to, size_t size)
{
	char *text;

	if (read_line(r) <= 0 || !(text = after(r, word)))
		return r->error->len ? -1 : bad(r, "a line of the head is missing, or another stands there");
	if (strlen(text) >= size)
		return bad(r, "the line is too long");
	memcpy(to, text, strlen(text) + 1);
	return 0;
}

static int
read_names(struct reader *r)
{
	struct here *h = &r->saved->here;
	char *at, *end;

	if (read_line(r) <= 0 || !(at = after(r, "names")))
		return r->error->len ? -1 : bad(r, "a line of the head is missing, or another stands there");
	while (*at) {
		end = strchr(at, ' ');
		if (end)
			*end = '\0';
		if (h->nnames == HERE_NAMES || !authority_known(at, strlen(at)))
			return bad(r, "a platform that nobody knows");
		h->names[h->nnames++] = at;
		at = end ? end + 1 : at + strlen(at);
	}
	return 0;
}

static int
read_head(struct reader *r)
{
	struct saved *s = r->saved;
	intmax_t page, bits, root;

	if (read_line(r) <= 0 || strcmp(r->line, "mmprobe-report 1") != 0)
		return r->error->len ? -1 : bad(r, "no report of mmprobe, or of a version that this one cannot read");
	if (read_text(r, "system", s->here.system, sizeof s->here.system) < 0
	    || read_text(r, "release", s->here.release, sizeof s->here.release) < 0
	    || read_text(r, "machine", s->here.machine, sizeof s->here.machine) < 0
	    || read_text(r, "libc", s->here.libc, sizeof s->here.libc) < 0 || read_text(r, "fs", s->here.fs, sizeof s->here.fs) < 0
	    || read_number(r, "page", 1, &page) < 0 || read_number(r, "bits", 8, &bits) < 0 || read_number(r, "root", 0, &root) < 0
	    || read_number(r, "memlock", 0, &s->memlock) < 0 || read_names(r) < 0)
		return -1;
	if (page > 1 << 30 || page & (page - 1))
		return bad(r, "no page can have that size");
	s->here.page = (long)page;
	s->bits = (int)bits;
	s->root = root != 0;
	s->here.dir = ".";
	return 0;
}

static struct saved_case *
add_case(struct reader *r, const char *name)
{
	struct saved *s = r->saved;
	struct saved_case *c;

	if (s->n % 64 == 0)
		s->cases = xrealloc(s->cases, (s->n + 64) * sizeof *s->cases);
	c = &s->cases[s->n++];
	memset(c, 0, sizeof *c);
	c->name = name;
	c->lineno = r->lineno;
	return c;
}

static int
add_step(struct reader *r, struct saved_case *c)
{
	char *tab = strrchr(r->line, '\t');
	struct saved_step *steps;

	if (!tab || tab == r->line + 2)
		return bad(r, "a step reads: two blanks, the call, a tab, what came of it");
	if (c->nsteps == STEPS_MAX)
		return bad(r, "more steps than a case can have");
	*tab = '\0';
	/* Room for 16, 32, 64 ...: a hostile report may have many cases of many steps. */
	if (c->nsteps == 0 || (c->nsteps >= 16 && (c->nsteps & (c->nsteps - 1)) == 0)) {
		steps = arena_alloc(&r->saved->arena, (size_t)(c->nsteps ? 2 * c->nsteps : 16) * sizeof *steps);
		if (c->nsteps)
			memcpy(steps, c->steps, (size_t)c->nsteps * sizeof *steps);
		c->steps = steps;
	}
	c->steps[c->nsteps].call = r->line + 2;
	c->steps[c->nsteps++].outcome = tab + 1;
	return 0;
}

static int
read_case(struct reader *r)
{
	struct saved_case *c = NULL;
	char *text, *end;
	intmax_t n;

	while (read_line(r) > 0) {
		if (!*r->line)
			continue;
		if ((text = after(r, "case"))) {
			if (r->saved->n == CASES_MAX)
				return bad(r, "more cases than a report can have");
			if (c && strcmp(c->name, text) >= 0)
				return bad(r, "the cases are not in order, or one stands twice");
			c = add_case(r, text);
		} else if (c && (text = after(r, "script"))) {
			if (strspn(text, "0123456789abcdef") != 8 || text[8])
				return bad(r, "eight digits mark a script");
			c->script = (uint32_t)strtoul(text, NULL, 16);
			c->has_script = 1;
		} else if (c && (text = after(r, "verdict"))) {
			c->verdict = text;
		} else if (c && strncmp(r->line, "  ", 2) == 0) {
			if (add_step(r, c) < 0)
				return -1;
		} else if ((text = after(r, "end"))) {
			n = strtoimax(text, &end, 10);
			if (*end || n != (intmax_t)r->saved->n || r->next != r->end)
				return bad(r, "the end does not fit what stands before it");
			return 0;
		} else {
			return bad(r, "neither a case nor a step of one");
		}
	}
	return r->error->len ? -1 : bad(r, "the report is cut short: its last line should be 'end'");
}

int
saved_parse(struct saved *s, const char *path, const char *text, size_t len, struct buffer *error)
{
	struct reader r;
	size_t i;

	memset(s, 0, sizeof *s);
	memset(&r, 0, sizeof r);
	r.saved = s;
	r.path = path;
	r.next = text;
	r.end = text + len;
	r.error = error;
	if (read_head(&r) < 0 || read_case(&r) < 0)
		return -1;
	for (i = 0; i < s->n; ++i) {
		if (s->cases[i].verdict && s->cases[i].has_script)
			continue;
		r.lineno = s->cases[i].lineno;
		return bad(&r, s->cases[i].verdict ? "the case has no script" : "the case has no verdict");
	}
	return 0;
}

void
saved_free(struct saved *s)
{
	arena_free(&s->arena);
	free(s->cases);
	memset(s, 0, sizeof *s);
}

const struct saved_case *
saved_find(const struct saved *s, const char *name)
{
	size_t lo = 0, hi = s->n, mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strcmp(name, s->cases[mid].name);
		if (c == 0)
			return &s->cases[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

uint32_t
saved_hash(const struct probe *p)
{
	struct buffer b = { NULL, 0, 0 };
	uint32_t h = 2166136261u;       /* FNV-1a */
	const struct step *s;
	size_t i;

	for (s = p->steps; s; s = s->next) {
		script_print_step(&b, p, s);
		buffer_str(&b, "\n");
	}
	for (i = 0; i < b.len; ++i)
		h = (h ^ (unsigned char)b.data[i]) * 16777619u;
	buffer_free(&b);
	return h;
}
