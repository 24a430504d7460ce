/* What gives an errno or a signal: the steps that are claimed to, by the call, and whether they did. */
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "explain.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

/* A step that is claimed to give it. */
struct suspect {
	const struct probe *probe;
	const struct step *step;
	int cases, reached, gave;
	struct buffer instead;          /* of the only case: what came of it */
	const char *why;                /* no case could be run: why */
};

static struct {
	const struct symbol *symbol;
	const struct here *here;
	struct suspect *suspect;
	int n;
	struct buffer amiss;            /* cases that are, as a list */
} cause;

void
cause_of(const struct symbol *s)
{
	cause.symbol = s;
}

static int
is_it(const struct symbol *s)
{
	return s == cause.symbol || (s && s->kind == cause.symbol->kind && s->present && cause.symbol->present
	    && s->value == cause.symbol->value);
}

static int
allows_it(const struct claim *c)
{
	const struct want *w;

	for (w = c->wants; w; w = w->next)
		if ((w->kind == WANT_ERRNO || w->kind == WANT_SIGNAL) && is_it(w->symbol))
			return 1;
	return 0;
}

/* Who counts: POSIX, and what this platform is known as. NULL where the claim is made by none of them. */
static const char *
speaker(const struct claim *c)
{
	int i;

	for (i = 0; i < c->nwho; ++i)
		if (explain_is_posix(c->who[i]))
			return c->who[i];
	for (i = 0; i < cause.here->nnames; ++i)
		if (claim_by(c, cause.here->names[i]))
			return cause.here->names[i];
	return NULL;
}

static int
is_suspect(const struct step *s)
{
	const struct claim *c;

	for (c = s->claims; c; c = c->next)
		if (speaker(c) && allows_it(c))
			return 1;
	return 0;
}

int
cause_claimed(const struct probe *p)
{
	const struct step *s;

	for (s = p->steps; s; s = s->next)
		if (is_suspect(s))
			return 1;
	return 0;
}

static int
gave_it(const struct outcome *o)
{
	if (!cause.symbol->present)
		return 0;
	if (cause.symbol->kind == SYMBOL_ERRNO)
		return o->how == OUTCOME_FAILED && o->err == cause.symbol->value;
	return (o->how == OUTCOME_CAUGHT || o->how == OUTCOME_DIED) && o->sig == cause.symbol->value;
}

static void
try_suspect(const struct result *r, int n, const struct step *s)
{
	struct suspect *u;
	int i;

	cause.suspect = xrealloc(cause.suspect, (size_t)(cause.n + 1) * sizeof *cause.suspect);
	u = &cause.suspect[cause.n++];
	memset(u, 0, sizeof *u);
	u->probe = r->trial->probe;
	u->step = s;
	u->cases = n;
	for (i = 0; i < n; ++i) {
		if (r[i].why)
			u->why = r[i].why;
		else if (r[i].seen[s->index].outcome.how == OUTCOME_ABSENT)
			u->why = r[i].seen[s->index].why;
		else if (r[i].seen[s->index].outcome.how != OUTCOME_UNREACHED)
			++u->reached;
		u->gave += gave_it(&r[i].seen[s->index].outcome);
	}
	if (n == 1 && u->reached && !u->gave)
		report_outcome(&u->instead, r, s->index);
}

static void
print_here(struct buffer *b, const struct suspect *u)
{
	if (!u->reached)
		buffer_fmt(b, "not tried here: %s", u->why ? u->why : "the step was not reached");
	else if (u->cases == 1 && u->gave)
		buffer_str(b, "gave it here");
	else if (u->cases == 1)
		buffer_fmt(b, "did not give it here: %s", buffer_text(&u->instead));
	else if (!u->gave)
		buffer_fmt(b, "gave it here in none of %d cases", u->cases);
	else
		buffer_fmt(b, "gave it here in %d of %d cases", u->gave, u->cases);
}

static void
print_suspect(struct buffer *b, const struct suspect *u)
{
	struct buffer text = { NULL, 0, 0 };
	const struct claim *c;

	buffer_fmt(&text, "%s: ", u->probe->name);
	print_here(&text, u);
	explain_fold(b, 2, buffer_text(&text));
	explain_step(b, 6, u->probe, u->step);
	for (c = u->step->claims; c; c = c->next) {
		if (!speaker(c) || !allows_it(c))
			continue;
		buffer_clear(&text);
		buffer_str(&text, explain_who(speaker(c)));
		if (c->when) {
			buffer_str(&text, ", if ");
			expr_print(&text, c->when, &u->probe->names);
		}
		buffer_str(&text, ": ");
		explain_wants(&text, u->probe, c);
		if (c->note)
			buffer_fmt(&text, " (%s)", c->note);
		explain_fold(b, 6, buffer_text(&text));
	}
	buffer_free(&text);
}

/* All steps of one call, those that gave it first. */
static void
print_call(struct buffer *b, const struct call *call)
{
	int i, gave;

	buffer_fmt(b, "\n%s()\n", call->name);
	for (gave = 1; gave >= 0; --gave)
		for (i = 0; i < cause.n; ++i)
			if (cause.suspect[i].step->call == call && (cause.suspect[i].gave > 0) == gave)
				print_suspect(b, &cause.suspect[i]);
}

static void
cause_begin(FILE *f, const struct style *style, const struct here *here)
{
	(void)f;
	(void)style;
	cause.here = here;
}

static void
cause_probe(FILE *f, const struct result *r, int n)
{
	struct buffer text = { NULL, 0, 0 };
	const struct step *s;
	int i;

	(void)f;
	for (s = r->trial->probe->steps; s; s = s->next)
		if (is_suspect(s))
			try_suspect(r, n, s);
	for (i = 0; i < n; ++i) {
		if (r[i].verdict < VERDICT_UNRESOLVED)
			continue;
		buffer_clear(&text);
		buffer_fmt(&text, "%s: %s", verdict_word(r[i].verdict), r->trial->probe->name);
		if (r->trial->probe->nparams) {
			buffer_str(&text, " (");
			report_parameters(&text, &r[i]);
			buffer_str(&text, ")");
		}
		explain_fold(&cause.amiss, 2, buffer_text(&text));
	}
	buffer_free(&text);
}

static void
print_totals(struct buffer *b, const struct totals *t)
{
	struct buffer text = { NULL, 0, 0 };
	int i, gave = 0;

	for (i = 0; i < cause.n; ++i)
		gave += cause.suspect[i].gave > 0;
	buffer_fmt(&text, "%d of %d calls gave %s here: %s %s %s, %s%s%s%s", gave, cause.n, cause.symbol->name, cause.here->system,
		cause.here->release, cause.here->machine, cause.here->dir, cause.here->fs[0] ? " (" : "", cause.here->fs,
		cause.here->fs[0] ? ")" : "");
	buffer_str(b, "\n");
	explain_fold(b, 0, buffer_text(&text));
	if (t->left_out)
		buffer_fmt(b, "%lu heavy case%s left out; --heavy runs them\n", t->left_out, t->left_out == 1 ? "" : "s");
	if (cause.amiss.len)
		buffer_fmt(b, "\nWhat is amiss in these probes\n%s", cause.amiss.data);
	buffer_free(&text);
}

static void
cause_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 };
	int i, j;

	buffer_fmt(&b, "%s   what is claimed to give it, by POSIX or of this platform\n", cause.symbol->name);
	if (!cause.symbol->present)
		buffer_str(&b, "     this platform has no such name\n");
	for (i = 0; i < cause.n; ++i) {
		for (j = 0; j < i && cause.suspect[j].step->call != cause.suspect[i].step->call; ++j)
			;
		if (j == i)
			print_call(&b, cause.suspect[i].step->call);
	}
	print_totals(&b, t);
	fputs(buffer_text(&b), f);
	buffer_free(&b);
	buffer_free(&cause.amiss);
	for (i = 0; i < cause.n; ++i)
		buffer_free(&cause.suspect[i].instead);
	free(cause.suspect);
	cause.suspect = NULL;
	cause.n = 0;
}

const struct reporter reporter_cause = { "cause", cause_begin, cause_probe, cause_end };
