#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "saved.h"
#include "symbols.h"

/* From the worst: what nobody notices, what kills, what is reported as an error, what could not be asked. */
enum kind { LIES, SIGNALS, ERRORS, ABSENT, SCRIPT, GONE, NEW, KINDS };

enum { WIDTH = 80, CASES_INDENT = 8, CASES_LINES = 3, OUTCOME = 28 };

static const struct { const char *heading, *brief; } kinds[KINDS] = {
	{ "a success that gives another value, or has another effect", "value or effect" },
	{ "another signal, or one where there was none", "signal" },
	{ "another error, or one where there was none", "error" },
	{ "could be asked in only one of them", "asked in only one" },
	{ "the script makes other calls, so its steps are not compared", "script" },
	{ "gone: only in the first", "gone" },
	{ "new: only in the second", "new" },
};

/* A case that differs. Of the steps that do, the first, and the one that makes it as bad as it is; -1: no step does. */
struct difference {
	enum kind kind;
	const struct saved_case *was, *now;     /* one is NULL where the other has no such case */
	int first, worst;
	int steps;                              /* how many differ */
	char *alike;                            /* the same text for those that are told together */
	size_t place, leader, together;         /* by name; of the first of those, and how many they are */
};

struct comparison {
	struct expected *expected;
	const char *(*note)(const char *, int);
	struct difference *list;
	size_t n, by[KINDS];
	unsigned long known;
	int left_out;                           /* something is not told */
};

static enum kind
kind_of_word(const char *outcome)
{
	size_t n = strcspn(outcome, " ");
	const struct symbol *s = symbol_find(outcome, n);

	if (strcmp(outcome, "absent") == 0 || strcmp(outcome, "unreached") == 0)
		return ABSENT;
	if ((s && s->kind == SYMBOL_SIGNAL) || strncmp(outcome, "signal ", 7) == 0 || strncmp(outcome, "died", 4) == 0
	    || strncmp(outcome, "exited ", 7) == 0 || strcmp(outcome, "hung") == 0)
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

/* Steps that were not reached differ because one before them did. */
static int
is_unreached(const struct saved_case *c, int step)
{
	return strcmp(c->steps[step].outcome, "unreached") == 0;
}

/* Whether that step could not be made, or failed so that others were not reached: then what else differs follows from it. */
static int
stops(const struct saved_case *c, int step)
{
	int i;

	if (kind_of_word(c->steps[step].outcome) == ABSENT)
		return 1;
	if (kind_of_word(c->steps[step].outcome) == LIES)
		return 0;
	for (i = step + 1; i < c->nsteps && !is_unreached(c, i); ++i)
		;
	return i < c->nsteps;
}

/* Whether that step differs, and not because one before it did. */
static int
step_differs(const struct difference *d, int i)
{
	if (strcmp(d->was->steps[i].outcome, d->now->steps[i].outcome) == 0)
		return 0;
	return d->first < 0 || i == d->first || (!is_unreached(d->was, i) && !is_unreached(d->now, i));
}

/* Finds the steps that differ, and how bad that is; KINDS: nothing differs. */
static void
compare_steps(struct difference *d)
{
	int i, n = d->was->nsteps < d->now->nsteps ? d->was->nsteps : d->now->nsteps, decided = 0;
	enum kind k;

	for (i = 0; i < n; ++i) {
		if (!step_differs(d, i))
			continue;
		k = kind_of(d->was->steps[i].outcome, d->now->steps[i].outcome);
		if (d->first < 0) {
			d->first = i;
			decided = stops(d->was, i) != stops(d->now, i);
		}
		++d->steps;
		if (d->kind == KINDS || (k < d->kind && !decided)) {
			d->kind = k;
			d->worst = i;
		}
	}
	if (d->was->nsteps != d->now->nsteps)
		d->kind = ABSENT;
}

static void
add_alike(struct buffer *b, const struct difference *d, int step)
{
	const char *call = d->was->steps[step].call;
	size_t n = strcspn(call, "("), start = n;

	while (start && call[start - 1] != ' ')
		--start;
	buffer_add(b, call + start, n - start);
	buffer_fmt(b, "\t%s\t%s\n", d->was->steps[step].outcome, d->now->steps[step].outcome);
}

/* What those have in common that are told together: the same calls, and the same came of them. */
static char *
alike(const struct difference *d)
{
	struct buffer b = { NULL, 0, 0 };

	if (d->first >= 0)
		add_alike(&b, d, d->first);
	if (d->worst > d->first)
		add_alike(&b, d, d->worst);
	if (d->first < 0 && d->kind == ABSENT)
		buffer_fmt(&b, "%s\t%s", d->was->verdict, d->now->verdict);
	buffer_add(&b, "", 0);
	return b.data;
}

static int
fits(const struct expected_line *line, const char *name)
{
	return strcmp(line->name, name) == 0 || fnmatch(line->name, name, 0) == 0;
}

static int
is_expected(struct expected *e, const char *name)
{
	size_t i;
	int is = 0;

	for (i = 0; e && i < e->n; ++i)
		if (fits(&e->lines[i], name))
			is = e->lines[i].met = 1;
	return is;
}

static const char *
name_of(const struct difference *d)
{
	return d->was ? d->was->name : d->now->name;
}

static void
compare_case(struct comparison *c, const struct saved_case *was, const struct saved_case *now)
{
	struct difference d;

	memset(&d, 0, sizeof d);
	d.was = was;
	d.now = now;
	d.first = d.worst = -1;
	d.kind = !now ? GONE : !was ? NEW : was->script != now->script ? SCRIPT : KINDS;
	if (d.kind == KINDS)
		compare_steps(&d);
	if (d.kind == KINDS)
		return;
	if (is_expected(c->expected, name_of(&d))) {
		++c->known;
		return;
	}
	d.alike = alike(&d);
	d.place = c->n;
	if (c->n % 64 == 0)
		c->list = xrealloc(c->list, (c->n + 64) * sizeof *c->list);
	c->list[c->n++] = d;
	++c->by[d.kind];
}

static int
by_alike(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int order = x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->alike, y->alike);

	return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

/* The worst kind first; of a kind, what most cases have in common. */
static int
by_weight(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->together != y->together)
		return x->together > y->together ? -1 : 1;
	if (x->leader != y->leader)
		return x->leader < y->leader ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Puts those that are told together side by side; with verbose each is told alone. */
static void
sort(struct comparison *c, int verbose)
{
	size_t i, j, k;

	if (c->n)
		qsort(c->list, c->n, sizeof *c->list, by_alike);
	for (i = 0; i < c->n; i = j) {
		for (j = i + 1; j < c->n && c->list[j].kind == c->list[i].kind && strcmp(c->list[j].alike, c->list[i].alike) == 0; ++j)
			;
		for (k = i; k < j; ++k) {
			c->list[k].together = verbose ? 1 : j - i;
			c->list[k].leader = verbose ? c->list[k].place : c->list[i].place;
		}
	}
	if (c->n)
		qsort(c->list, c->n, sizeof *c->list, by_weight);
}

static void
print_outcomes(FILE *f, const char *was, const char *now)
{
	if (strlen(was) > OUTCOME)
		fprintf(f, "        was  %s\n        now  %s\n", was, now);
	else
		fprintf(f, "        was  %-*s now  %s\n", OUTCOME, was, now);
}

/* The clause that a step of all those cases is about; nothing where there is none, or not the same one. */
static void
find_note(struct buffer *b, const struct comparison *c, const struct difference *d, int later)
{
	const char *note;
	size_t i;

	for (i = 0; i < d->together; ++i) {
		note = c->note(name_of(d + i), later ? d[i].worst : d[i].first);
		if (i == 0 && note)
			buffer_str(b, note);
		else if (!b->len || !note || strcmp(note, b->data) != 0)
			break;
	}
	if (i < d->together)
		buffer_clear(b);
}

/* The call that those cases make; where they do not make it alike, its name. */
static void
print_call(FILE *f, const struct difference *d, int later)
{
	const char *call = d->was->steps[later ? d->worst : d->first].call, *other;
	size_t i, n = strlen(call);

	for (i = 1; i < d->together && n; ++i) {
		other = d[i].was->steps[later ? d[i].worst : d[i].first].call;
		if (strcmp(call, other) != 0)
			n = 0;
	}
	if (n)
		fputs(call, f);
	else
		fprintf(f, "%.*s()", (int)strcspn(d->alike, "\t"), d->alike);
}

static void
print_step(FILE *f, const struct comparison *c, const struct difference *d, int later)
{
	const struct saved_case *was = d->was, *now = d->now;
	struct buffer note = { NULL, 0, 0 };
	int step = later ? d->worst : d->first;

	print_outcomes(f, was->steps[step].outcome, now->steps[step].outcome);
	find_note(&note, c, d, later);
	if (note.len)
		fprintf(f, "        %s\n", note.data);
	buffer_free(&note);
}

/* The probes whose cases are told together, and how many cases each has; so many lines at most. */
static void
print_names(FILE *f, const struct difference *d)
{
	struct buffer b = { NULL, 0, 0 };
	size_t i, j, n, len, start = 0, lines = 1;

	buffer_pad(&b, CASES_INDENT - 1);
	for (i = 0; i < d->together; i = j) {
		n = strcspn(name_of(d + i), " ");
		for (j = i + 1; j < d->together && strncmp(name_of(d + i), name_of(d + j), n) == 0
		    && strcspn(name_of(d + j), " ") == n; ++j)
			;
		len = n + (j - i > 1 ? 8 : 0) + 3;
		buffer_str(&b, i ? "," : "");
		if (i && b.len - start + len > WIDTH) {
			if (++lines > CASES_LINES) {
				buffer_fmt(&b, "\n        and %lu more", (unsigned long)(d->together - i));
				break;
			}
			buffer_str(&b, "\n");
			start = b.len;
			buffer_pad(&b, start + CASES_INDENT - 1);
		}
		buffer_fmt(&b, " %.*s", (int)n, name_of(d + i));
		if (j - i > 1)
			buffer_fmt(&b, " (%lu)", (unsigned long)(j - i));
	}
	fprintf(f, "%s\n", buffer_text(&b));
	buffer_free(&b);
}

static void
print_together(FILE *f, const struct comparison *c, const struct difference *d)
{
	const char *name = name_of(d);

	if (d->kind > ABSENT) {
		if (d->together == 1)
			fprintf(f, "        %s\n", name);
		else
			print_names(f, d);
		return;
	}
	fputs("  ", f);
	if (d->together == 1)
		fputs(name, f);
	if (d->first >= 0) {
		if (d->together == 1)
			fputs(strlen(name) + strlen(d->was->steps[d->first].call) + 5 <= WIDTH ? "   " : "\n    ", f);
		print_call(f, d, 0);
	}
	if (d->together > 1)
		fprintf(f, "%s%lu cases", d->first >= 0 ? "   " : "", (unsigned long)d->together);
	fputs("\n", f);
	if (d->first < 0)
		print_outcomes(f, d->was->verdict, d->now->verdict);
	else
		print_step(f, c, d, 0);
	if (d->worst > d->first) {
		fputs("    ", f);
		print_call(f, d, 1);
		fputs("\n", f);
		print_step(f, c, d, 1);
	}
	if (d->together > 1)
		print_names(f, d);
}

/* All steps of a case that differ. */
static void
print_alone(FILE *f, const struct comparison *c, const struct difference *d)
{
	int i, n = d->first < 0 ? 0 : d->was->nsteps < d->now->nsteps ? d->was->nsteps : d->now->nsteps;
	struct difference one = *d;

	fprintf(f, "  %s\n", name_of(d));
	for (i = 0; i < n; ++i) {
		if (!step_differs(d, i))
			continue;
		one.worst = i;
		fprintf(f, "    %s\n", d->was->steps[i].call);
		print_step(f, c, &one, 1);
	}
	if (d->kind == ABSENT && d->was->nsteps != d->now->nsteps)
		print_outcomes(f, d->was->verdict, d->now->verdict);
}

static void
print_kind(FILE *f, struct comparison *c, enum kind k, int verbose)
{
	const struct difference *d, *end = c->list + c->n;

	if (!c->by[k])
		return;
	fprintf(f, "\n%s: %lu case%s\n", kinds[k].heading, (unsigned long)c->by[k], c->by[k] == 1 ? "" : "s");
	for (d = c->list; d < end; d += d->together) {
		if (d->kind != k)
			continue;
		if (verbose)
			print_alone(f, c, d);
		else
			print_together(f, c, d);
		if (!verbose && (d->together > 1 || d->steps > 1 + (d->worst > d->first)))
			c->left_out = 1;
	}
}

/* Of what is not told of every platform, only what the two do not have in common. */
static void
print_platform(FILE *f, const char *word, const struct saved *s, const struct saved *other, const char *name)
{
	const struct here *h = &s->here;

	fprintf(f, "%-4s %s %s %s", word, h->system, h->release, h->machine);
	if (s->bits != other->bits)
		fprintf(f, ", %d bits", s->bits);
	fprintf(f, ", page %ld%s%s%s%s", h->page, h->libc[0] ? ", " : "", h->libc, h->fs[0] ? ", " : "", h->fs);
	if (s->root != other->root)
		fputs(s->root ? ", as root" : ", not root", f);
	else if (s->memlock == INTMAX_MAX && other->memlock != INTMAX_MAX)
		fputs(", all lockable", f);
	else if (s->memlock != other->memlock)
		fprintf(f, ", %" PRIdMAX " bytes lockable", s->memlock);
	fprintf(f, "   (%s)\n", name);
}

static void
print_summary(FILE *f, const struct comparison *c, unsigned long cases)
{
	const char *between = "  ";
	size_t i;
	int k;

	for (i = 0; c->expected && i < c->expected->n; ++i)
		if (!c->expected->lines[i].met)
			fprintf(f, "no longer differs: %s   (%s)\n", c->expected->lines[i].name, c->expected->lines[i].reason);
	fprintf(f, "%lu of %lu cases differ", (unsigned long)c->n + c->known, cases);
	if (c->known)
		fprintf(f, ", %lu of them as expected", c->known);
	fputs("\n", f);
	for (k = 0; k < KINDS; ++k) {
		if (!c->by[k])
			continue;
		fprintf(f, "%s%lu %s", between, (unsigned long)c->by[k], kinds[k].brief);
		between = ", ";
	}
	fputs(c->n ? "\n" : "", f);
	if (c->left_out)
		fputs("Alike cases are told together, by the step that differs first; -v tells all.\n", f);
}

unsigned long
compare_print(FILE *f, const struct saved *was, const char *was_name, const struct saved *now, const char *now_name,
	struct expected *expected, const char *(*note)(const char *, int), int verbose)
{
	unsigned long cases = (unsigned long)was->n;
	struct comparison c;
	size_t i;
	int k;

	memset(&c, 0, sizeof c);
	c.expected = expected;
	c.note = note;
	for (i = 0; i < was->n; ++i)
		compare_case(&c, &was->cases[i], saved_find(now, was->cases[i].name));
	for (i = 0; i < now->n; ++i) {
		if (!saved_find(was, now->cases[i].name)) {
			compare_case(&c, NULL, &now->cases[i]);
			++cases;
		}
	}
	sort(&c, verbose);
	print_platform(f, "was", was, now, was_name);
	print_platform(f, "now", now, was, now_name);
	for (k = 0; k < KINDS; ++k)
		print_kind(f, &c, (enum kind)k, verbose);
	fputs("\n", f);
	print_summary(f, &c, cases);
	for (i = 0; i < c.n; ++i)
		free(c.list[i].alike);
	free(c.list);
	return (unsigned long)c.n;
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
