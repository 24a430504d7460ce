#include <stdlib.h>
#include <string.h>
#include "brief.h"
#include "calls.h"
#include "reason.h"
#include "run.h"
#include "symbols.h"

/* Whether the step should have succeeded: so its claim says, or it has none and is there to set things up. */
static int
should_succeed(const struct result *r, const struct step *s)
{
	const struct opinion *op = brief_opinion(r, s);
	const struct want *w;

	for (w = op ? op->claim->wants : NULL; w; w = w->next)
		if (w->kind == WANT_OK || w->kind == WANT_VALUE)
			return 1;
	return !op;
}

/* The step for which the case is amiss, if it is a call that fails where it should succeed. */
static const struct step *
failed_step(const struct result *r)
{
	const struct step *s = brief_fails(r) ? brief_step(r) : NULL;

	return s && r->seen[s->index].outcome.how == OUTCOME_FAILED && should_succeed(r, s) ? s : NULL;
}

static int
is_shared(const struct result *r, const struct step *s)
{
	const struct symbol *shared = symbol_find("MAP_SHARED", 10);
	struct value flags;
	const char *why;

	return strcmp(s->call->name, "mmap") == 0 && expr_eval(s->arg[3], r->env, &flags, &why) == EVAL_OK && !flags.text
		&& (flags.number & shared->value) == shared->value;
}

static struct reason *
find(struct reasons *all, const struct result *r, const struct step *s)
{
	size_t i;

	for (i = 0; i < all->n; ++i)
		if (all->list[i].call == s->call && all->list[i].err == r->seen[s->index].outcome.err)
			return &all->list[i];
	return NULL;
}

struct reason *
reason_add(struct reasons *all, const struct result *r)
{
	const struct step *s = failed_step(r);
	struct reason *reason;

	if (!s)
		return NULL;
	reason = find(all, r, s);
	if (!reason) {
		all->list = xrealloc(all->list, (all->n + 1) * sizeof *all->list);
		reason = &all->list[all->n++];
		memset(reason, 0, sizeof *reason);
		reason->call = s->call;
		reason->err = r->seen[s->index].outcome.err;
		reason->shared = 1;
	}
	reason->shared = reason->shared && is_shared(r, s);
	++reason->cases;
	return reason;
}

void
reason_print(struct buffer *b, const struct reason *reason)
{
	const char *name = symbol_errno(reason->err);

	buffer_fmt(b, "%s()%s = ", reason->call->name, reason->shared ? " with MAP_SHARED" : "");
	if (name)
		buffer_str(b, name);
	else
		buffer_fmt(b, "errno %d", reason->err);
}

static int
by_cases(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->cases != y->cases)
		return x->cases > y->cases ? -1 : 1;
	return x->call != y->call ? strcmp(x->call->name, y->call->name) : x->err - y->err;
}

void
reasons_print(struct buffer *b, struct reasons *all, unsigned long least, unsigned long amiss)
{
	size_t i;

	if (all->n)
		qsort(all->list, all->n, sizeof *all->list, by_cases);
	for (i = 0; i < all->n && all->list[i].cases >= least; ++i) {
		buffer_fmt(b, "one reason for %lu of the %lu that are amiss: ", all->list[i].cases, amiss);
		reason_print(b, &all->list[i]);
		buffer_str(b, "\n");
	}
}

void
reasons_free(struct reasons *all)
{
	free(all->list);
	memset(all, 0, sizeof *all);
}
