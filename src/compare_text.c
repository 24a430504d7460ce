/* A comparison for people. */
#include <inttypes.h>
#include <string.h>
#include "compare.h"
#include "expected.h"
#include "saved.h"
#include "util.h"

enum { WIDTH = 80, CASES_INDENT = 8, CASES_LINES = 3, OUTCOME = 28 };

typedef const char *note_function(const char *name, int step);

static const struct { const char *heading, *brief; } kinds[KINDS] = {
	{ "a success that gives another value, or has another effect", "value or effect" },
	{ "another signal, or one where there was none", "signal" },
	{ "another error, or one where there was none", "error" },
	{ "could be asked in only one of them", "asked in only one" },
	{ "the script makes other calls, so its steps are not compared", "script" },
	{ "gone: only in the first", "gone" },
	{ "new: only in the second", "new" },
};

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
find_note(struct buffer *b, note_function *note_of, const struct difference *d, int later)
{
	const char *note;
	size_t i;

	for (i = 0; i < d->together; ++i) {
		note = note_of(compare_name(d + i), later ? d[i].worst : d[i].first);
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
print_step(FILE *f, note_function *note_of, const struct difference *d, int later)
{
	const struct saved_case *was = d->was, *now = d->now;
	struct buffer note = { NULL, 0, 0 };
	int step = later ? d->worst : d->first;

	print_outcomes(f, was->steps[step].outcome, now->steps[step].outcome);
	find_note(&note, note_of, d, later);
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
		n = strcspn(compare_name(d + i), " ");
		for (j = i + 1; j < d->together && strncmp(compare_name(d + i), compare_name(d + j), n) == 0
		    && strcspn(compare_name(d + j), " ") == n; ++j)
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
		buffer_fmt(&b, " %.*s", (int)n, compare_name(d + i));
		if (j - i > 1)
			buffer_fmt(&b, " (%lu)", (unsigned long)(j - i));
	}
	fprintf(f, "%s\n", buffer_text(&b));
	buffer_free(&b);
}

static void
print_together(FILE *f, note_function *note_of, const struct difference *d)
{
	const char *name = compare_name(d);

	if (d->kind > KIND_ABSENT) {
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
		print_step(f, note_of, d, 0);
	if (d->worst > d->first) {
		fputs("    ", f);
		print_call(f, d, 1);
		fputs("\n", f);
		print_step(f, note_of, d, 1);
	}
	if (d->together > 1)
		print_names(f, d);
}

/* All steps of a case that differ. */
static void
print_alone(FILE *f, note_function *note_of, const struct difference *d)
{
	int i, n = d->first < 0 ? 0 : d->was->nsteps < d->now->nsteps ? d->was->nsteps : d->now->nsteps;
	struct difference one = *d;

	fprintf(f, "  %s\n", compare_name(d));
	for (i = 0; i < n; ++i) {
		if (!compare_step_differs(d, i))
			continue;
		one.worst = i;
		fprintf(f, "    %s\n", d->was->steps[i].call);
		print_step(f, note_of, &one, 1);
	}
	if (d->kind == KIND_ABSENT && d->was->nsteps != d->now->nsteps)
		print_outcomes(f, d->was->verdict, d->now->verdict);
}

/* A line: how many, the call that makes it as bad as it is, its two outcomes, and of the probes as many as there is room for. */
static void
print_brief(FILE *f, const struct difference *d)
{
	const char *step = d->worst > d->first ? strchr(d->alike, '\n') + 1 : d->alike, *was = strchr(step, '\t'), *now;
	struct buffer b = { NULL, 0, 0 };
	size_t i, n;

	buffer_fmt(&b, "  %3lu  ", (unsigned long)d->together);
	if (was) {
		now = strchr(was + 1, '\t');
		buffer_fmt(&b, "%.*s() %.*s -> %.*s  ", (int)(was - step), step, (int)(now - was - 1), was + 1,
			(int)strcspn(now + 1, "\n"), now + 1);
	}
	for (i = 0; i < d->together; ++i) {
		n = strcspn(compare_name(d + i), " ");
		if (i && strncmp(compare_name(d + i), compare_name(d + i - 1), n + 1) == 0)
			continue;
		if (i && b.len + n + 8 > WIDTH)
			break;
		buffer_fmt(&b, "%s %.*s", i ? "," : "", (int)n, compare_name(d + i));
	}
	fprintf(f, "%s%s\n", b.data, i < d->together ? ", ..." : "");
	buffer_free(&b);
}

/* 1 if something is not told. */
static int
print_kind(FILE *f, const struct comparison *c, note_function *note_of, enum kind k, enum detail detail)
{
	const struct difference *d, *end = c->list + c->n;
	int left_out = 0;

	if (!c->by[k])
		return 0;
	fprintf(f, "\n%s: %lu case%s\n", kinds[k].heading, (unsigned long)c->by[k], c->by[k] == 1 ? "" : "s");
	for (d = c->list; d < end; d += d->together) {
		if (d->kind != k)
			continue;
		left_out |= d->together > 1 || d->steps > 1 + (d->worst > d->first);
		switch (detail) {
		case DETAIL_BRIEF:
			print_brief(f, d);
			break;
		case DETAIL_ALIKE:
			print_together(f, note_of, d);
			break;
		case DETAIL_ALL:
			print_alone(f, note_of, d);
			break;
		}
	}
	return left_out;
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
print_summary(FILE *f, const struct comparison *c, const struct expected *expected)
{
	const char *between = "  ";
	size_t i;
	int k;

	for (i = 0; expected && i < expected->n; ++i)
		if (!expected->lines[i].met)
			fprintf(f, "no longer differs: %s   (%s)\n", expected->lines[i].name, expected->lines[i].reason);
	fprintf(f, "%lu of %lu cases differ", (unsigned long)c->n + c->known, c->cases);
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
}

unsigned long
compare_print(FILE *f, const struct saved *was, const char *was_name, const struct saved *now, const char *now_name,
	struct expected *expected, note_function *note_of, enum detail detail)
{
	struct comparison c;
	unsigned long n;
	int k, left_out = 0;

	compare_find(&c, was, now, expected, detail == DETAIL_ALL);
	print_platform(f, "was", was, now, was_name);
	print_platform(f, "now", now, was, now_name);
	for (k = 0; k < KINDS; ++k)
		left_out |= print_kind(f, &c, note_of, (enum kind)k, detail);
	fputs("\n", f);
	print_summary(f, &c, expected);
	if (left_out && detail == DETAIL_ALIKE)
		fputs("Alike cases are told together, by the step that differs first; -v tells all.\n", f);
	n = (unsigned long)c.n;
	compare_free(&c);
	return n;
}
