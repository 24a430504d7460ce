#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "saved.h"
#include "symbols.h"

/* From the worst: what nobody notices, what kills, what is reported as an error, what could not be asked. */
enum kind { LIES, SIGNALS, ERRORS, ABSENT, SCRIPT, GONE, NEW, KINDS };

static const char *const headings[KINDS] = {
	"a success that gives another value, or has another effect",
	"another signal, or one where there was none",
	"another error, or one where there was none",
	"could be asked in only one of them",
	"the script is another one, so its steps are not compared",
	"only in the first",
	"only in the second",
};

struct comparison {
	const struct saved *was, *now;
	struct expected *expected;
	const char *(*note)(const char *, int);
	struct buffer text[KINDS];
	unsigned long differ, known;
};

static enum kind
kind_of_word(const char *outcome)
{
	size_t n = strcspn(outcome, " ");
	const struct symbol *s = symbol_find(outcome, n);

	if (strcmp(outcome, "absent") == 0)
		return ABSENT;
	if ((s && s->kind == SYMBOL_SIGNAL) || strncmp(outcome, "signal ", 7) == 0 || strncmp(outcome, "died", 4) == 0
	    || strcmp(outcome, "hung") == 0)
		return SIGNALS;
	if ((s && s->kind == SYMBOL_ERRNO) || strncmp(outcome, "errno ", 6) == 0)
		return ERRORS;
	return LIES;
}

static enum kind
kind_of(const char *was, const char *now)
{
	enum kind a = kind_of_word(was), b = kind_of_word(now);

	if (a == ABSENT || b == ABSENT)
		return ABSENT;
	if (a == SIGNALS || b == SIGNALS)
		return SIGNALS;
	return a == ERRORS || b == ERRORS ? ERRORS : LIES;
}

static void
print_step(struct buffer *b, const struct comparison *c, const char *name, int i, const struct saved_step *was,
	const struct saved_step *now)
{
	const char *note = c->note(name, i);

	buffer_fmt(b, "    %s\n        was  %-28s now  %s\n", was->call, was->outcome, now->outcome);
	if (note)
		buffer_fmt(b, "        %s\n", note);
}

/* Steps that were not reached differ because one before them did. */
static int
follows(const struct saved_step *s)
{
	return strcmp(s->outcome, "unreached") == 0;
}

/* Appends the steps that differ; the worst kind of them, KINDS if none does. */
static enum kind
compare_steps(struct buffer *b, const struct comparison *c, const struct saved_case *was, const struct saved_case *now)
{
	enum kind worst = KINDS, k;
	int i, n = was->nsteps < now->nsteps ? was->nsteps : now->nsteps;

	for (i = 0; i < n; ++i) {
		if (strcmp(was->steps[i].outcome, now->steps[i].outcome) == 0)
			continue;
		if (worst != KINDS && (follows(&was->steps[i]) || follows(&now->steps[i])))
			continue;
		k = kind_of(was->steps[i].outcome, now->steps[i].outcome);
		if (k < worst)
			worst = k;
		print_step(b, c, was->name, i, &was->steps[i], &now->steps[i]);
	}
	if (was->nsteps != now->nsteps) {
		buffer_fmt(b, "        was  %-28s now  %s\n", was->verdict, now->verdict);
		return ABSENT;
	}
	return worst;
}

static struct expected_line *
expectation(struct expected *e, const char *name)
{
	size_t i;

	for (i = 0; e && i < e->n; ++i)
		if (strcmp(e->lines[i].name, name) == 0 || fnmatch(e->lines[i].name, name, 0) == 0)
			return &e->lines[i];
	return NULL;
}

static void
differs(struct comparison *c, enum kind k, const char *name, const struct buffer *steps)
{
	struct expected_line *known = expectation(c->expected, name);

	if (known) {
		known->met = 1;
		++c->known;
		return;
	}
	++c->differ;
	buffer_fmt(&c->text[k], "  %s\n%s", name, buffer_text(steps));
}

static void
compare_case(struct comparison *c, const struct saved_case *was, const struct saved_case *now)
{
	struct buffer steps = { NULL, 0, 0 };
	enum kind k;

	k = was->script == now->script ? compare_steps(&steps, c, was, now) : SCRIPT;
	if (k != KINDS)
		differs(c, k, was->name, &steps);
	buffer_free(&steps);
}

static void
print_platform(FILE *f, const char *word, const struct here *h, const char *name)
{
	fprintf(f, "%-4s %s %s %s, page %ld%s%s%s%s   (%s)\n", word, h->system, h->release, h->machine, h->page, h->libc[0] ? ", " : "",
		h->libc, h->fs[0] ? ", " : "", h->fs, name);
}

static void
print_summary(FILE *f, const struct comparison *c, size_t cases)
{
	size_t i;

	for (i = 0; c->expected && i < c->expected->n; ++i)
		if (!c->expected->lines[i].met)
			fprintf(f, "no longer differs: %s   (%s)\n", c->expected->lines[i].name, c->expected->lines[i].reason);
	fprintf(f, "%lu of %lu cases differ", c->differ + c->known, (unsigned long)cases);
	if (c->known)
		fprintf(f, ", %lu of them as expected", c->known);
	fputs("\n", f);
}

unsigned long
compare_print(FILE *f, const struct saved *was, const char *was_name, const struct saved *now, const char *now_name,
	struct expected *expected, const char *(*note)(const char *, int))
{
	static const struct buffer nothing = { NULL, 0, 0 };
	const struct saved_case *other;
	struct comparison c;
	size_t i;
	int k;

	memset(&c, 0, sizeof c);
	c.was = was;
	c.now = now;
	c.expected = expected;
	c.note = note;
	for (i = 0; i < was->n; ++i) {
		other = saved_find(now, was->cases[i].name);
		if (other)
			compare_case(&c, &was->cases[i], other);
		else
			differs(&c, GONE, was->cases[i].name, &nothing);
	}
	for (i = 0; i < now->n; ++i)
		if (!saved_find(was, now->cases[i].name))
			differs(&c, NEW, now->cases[i].name, &nothing);
	print_platform(f, "was", &was->here, was_name);
	print_platform(f, "now", &now->here, now_name);
	for (k = 0; k < KINDS; ++k) {
		if (c.text[k].len)
			fprintf(f, "\n%s\n%s", headings[k], buffer_text(&c.text[k]));
		buffer_free(&c.text[k]);
	}
	fputs("\n", f);
	print_summary(f, &c, was->n);
	return c.differ;
}

static char *
trimmed(const char *s, const char *end)
{
	struct buffer b = { NULL, 0, 0 };

	while (s < end && (*s == ' ' || *s == '\t'))
		++s;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		--end;
	buffer_add(&b, s, (size_t)(end - s));
	return b.data;
}

int
expected_parse(struct expected *e, const char *path, const char *text, size_t len, struct buffer *error)
{
	const char *end = text + len, *line, *eol, *mark;
	unsigned lineno = 0;

	memset(e, 0, sizeof *e);
	for (line = text; line < end; line = eol + 1) {
		++lineno;
		eol = memchr(line, '\n', (size_t)(end - line));
		if (!eol)
			eol = end;
		mark = memchr(line, '#', (size_t)(eol - line));
		if (mark == line || line + strspn(line, " \t\r") >= eol)
			continue;
		if (!mark || mark + 1 + strspn(mark + 1, " \t\r") >= eol) {
			buffer_fmt(error, "%s:%u: a known difference reads 'CASE # REASON', and the reason is missing\n", path, lineno);
			return -1;
		}
		e->lines = xrealloc(e->lines, (e->n + 1) * sizeof *e->lines);
		e->lines[e->n].name = trimmed(line, mark);
		e->lines[e->n].reason = trimmed(mark + 1, eol);
		e->lines[e->n++].met = 0;
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
