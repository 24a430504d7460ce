#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "expected.h"
#include "saved.h"
#include "symbols.h"
#include "util.h"

static enum kind
kind_of_word(const char *outcome)
{
	size_t n = strcspn(outcome, " ");
	const struct symbol *s = symbol_find(outcome, n);

	if (strcmp(outcome, "absent") == 0 || strcmp(outcome, "unreached") == 0)
		return KIND_ABSENT;
	if ((s && s->kind == SYMBOL_SIGNAL) || strncmp(outcome, "signal ", 7) == 0 || strncmp(outcome, "died", 4) == 0
	    || strncmp(outcome, "exited ", 7) == 0 || strcmp(outcome, "hung") == 0)
		return KIND_SIGNALS;
	if ((s && s->kind == SYMBOL_ERRNO) || strncmp(outcome, "errno ", 6) == 0)
		return KIND_ERRORS;
	return KIND_LIES;
}

static enum kind
kind_of(const char *was, const char *now)
{
	enum kind a = kind_of_word(was), b = kind_of_word(now);

	if (a == KIND_ABSENT || b == KIND_ABSENT)
		return KIND_ABSENT;
	if (a == KIND_SIGNALS || b == KIND_SIGNALS)
		return KIND_SIGNALS;
	return a == KIND_ERRORS || b == KIND_ERRORS ? KIND_ERRORS : KIND_LIES;
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

	if (kind_of_word(c->steps[step].outcome) == KIND_ABSENT)
		return 1;
	if (kind_of_word(c->steps[step].outcome) == KIND_LIES)
		return 0;
	for (i = step + 1; i < c->nsteps && !is_unreached(c, i); ++i)
		;
	return i < c->nsteps;
}

/* Whether that step differs, and not because one before it did. */
int
compare_step_differs(const struct difference *d, int i)
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
		if (!compare_step_differs(d, i))
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
		d->kind = KIND_ABSENT;
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
	if (d->first < 0 && d->kind == KIND_ABSENT)
		buffer_fmt(&b, "verdict\t%s\t%s\n", d->was->verdict, d->now->verdict);
	buffer_add(&b, "", 0);
	return b.data;
}

const char *
compare_name(const struct difference *d)
{
	return d->was ? d->was->name : d->now->name;
}

static void
compare_case(struct comparison *c, const struct saved_case *was, const struct saved_case *now, struct expected *expected)
{
	struct difference d;

	memset(&d, 0, sizeof d);
	d.was = was;
	d.now = now;
	d.first = d.worst = -1;
	d.kind = !now ? KIND_GONE : !was ? KIND_NEW : was->script != now->script ? KIND_SCRIPT : KINDS;
	if (d.kind == KINDS)
		compare_steps(&d);
	if (d.kind == KINDS)
		return;
	if (expected_meets(expected, compare_name(&d))) {
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

/* Puts those that are told together side by side; unless each is told alone. */
static void
sort(struct comparison *c, int apart)
{
	size_t i, j, k;

	if (c->n)
		qsort(c->list, c->n, sizeof *c->list, by_alike);
	for (i = 0; i < c->n; i = j) {
		for (j = i + 1; j < c->n && c->list[j].kind == c->list[i].kind && strcmp(c->list[j].alike, c->list[i].alike) == 0; ++j)
			;
		for (k = i; k < j; ++k) {
			c->list[k].together = apart ? 1 : j - i;
			c->list[k].leader = apart ? c->list[k].place : c->list[i].place;
		}
	}
	if (c->n)
		qsort(c->list, c->n, sizeof *c->list, by_weight);
}

void
compare_find(struct comparison *c, const struct saved *was, const struct saved *now, struct expected *expected, int apart)
{
	size_t i;

	memset(c, 0, sizeof *c);
	c->cases = (unsigned long)was->n;
	for (i = 0; i < was->n; ++i)
		compare_case(c, &was->cases[i], saved_find(now, was->cases[i].name), expected);
	for (i = 0; i < now->n; ++i) {
		if (!saved_find(was, now->cases[i].name)) {
			compare_case(c, NULL, &now->cases[i], expected);
			++c->cases;
		}
	}
	sort(c, apart);
}

void
compare_free(struct comparison *c)
{
	size_t i;

	for (i = 0; i < c->n; ++i)
		free(c->list[i].alike);
	free(c->list);
	memset(c, 0, sizeof *c);
}
