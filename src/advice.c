/* What follows for portable code from what is claimed and what was seen; no more than that. */
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "explain.h"
#include "report.h"
#include "run.h"

/* One sentence about a step, and in how many cases it is true. */
struct sentence {
	char *text;
	int cases;
};

/* Whether two values are known to differ; texts and what has no value here are not. */
static int
values_differ(const struct expr *a, const struct expr *b, const struct value *env)
{
	struct value x, y;
	const char *why;

	if (expr_eval(a, env, &x, &why) != EVAL_OK || expr_eval(b, env, &y, &why) != EVAL_OK)
		return 0;
	return !x.text && !y.text && x.number != y.number;
}

static int
want_covers(const struct want *a, const struct want *b, const struct value *env)
{
	switch (a->kind) {
	case WANT_ANY:
		return 1;
	case WANT_OK:
		return b->kind == WANT_OK || b->kind == WANT_VALUE;
	case WANT_FAIL:
		return b->kind == WANT_FAIL || b->kind == WANT_ERRNO;
	case WANT_HANG:
		return b->kind == WANT_HANG;
	case WANT_ERRNO:
	case WANT_SIGNAL:
		return b->kind == a->kind && b->symbol == a->symbol;
	case WANT_VALUE:
		return b->kind == WANT_OK || (b->kind == WANT_VALUE && !values_differ(a->value, b->value, env));
	}
	return 0;
}

/* Whether all that the second claim allows is allowed by the first. */
static int
covers(const struct claim *posix, const struct claim *c, const struct value *env)
{
	const struct want *a, *b;

	for (b = c->wants; b; b = b->next) {
		for (a = posix->wants; a && !want_covers(a, b, env); a = a->next)
			;
		if (!a)
			return 0;
	}
	return 1;
}

static int
is_folklore(const char *who)
{
	return !explain_is_posix(who) && !explain_is_platform(who);
}

static int
is_not_folklore(const char *who)
{
	return !is_folklore(who);
}

/* Whether two claims allow the same, as people read it. */
static int
same_wants(const struct probe *p, const struct claim *c, const struct claim *d)
{
	struct buffer a = { NULL, 0, 0 }, b = { NULL, 0, 0 };
	int same;

	if (!c || !d || c == d)
		return c == d;
	explain_wants(&a, p, c);
	explain_wants(&b, p, d);
	same = strcmp(buffer_text(&a), buffer_text(&b)) == 0;
	buffer_free(&a);
	buffer_free(&b);
	return same;
}

/* Whether one of the first n claims allows the same as the one behind them. */
static int
said_before(const struct probe *p, const struct claim *const c[], int n)
{
	int i;

	for (i = 0; i < n; ++i)
		if (same_wants(p, c[i], c[n]))
			return 1;
	return 0;
}

/* Whether a claim is to be told beside that of POSIX: one beyond what it allows, or one within. */
static int
says(const struct claim *posix, const struct claim *c, const struct value *env, int beyond)
{
	if (!c || c == posix)
		return 0;
	if (c->deviates || !covers(posix, c, env))
		return beyond;
	return !beyond;
}

/*
 * Appends what those of a kind say, "linux, macos: EINVAL; freebsd: success": those beyond what the claim allows, or those
 * within it; without a claim, all.
 */
static void
print_sayings(struct buffer *b, const struct result *r, const struct step *s, int (*kind)(const char *), const struct claim *posix,
	int beyond)
{
	const char *who[EXPLAIN_WHO], *between;
	const struct claim *c[EXPLAIN_WHO];
	int n = explain_authorities(s, kind, who), i, j, said = 0;

	for (i = 0; i < n; ++i) {
		c[i] = judge_claim(s, who[i], r->env);
		if (posix && !says(posix, c[i], r->env, beyond))
			c[i] = NULL;
	}
	for (i = 0; i < n; ++i) {
		if (!c[i] || said_before(r->trial->probe, c, i))
			continue;
		between = said++ ? "; " : "";
		for (j = i; j < n; ++j) {
			if (!same_wants(r->trial->probe, c[j], c[i]))
				continue;
			buffer_fmt(b, "%s%s", between, explain_who(who[j]));
			between = ", ";
		}
		buffer_str(b, ": ");
		explain_wants(b, r->trial->probe, c[i]);
	}
}

static const struct opinion *
opinion_of(const struct seen *seen, int (*kind)(const char *))
{
	int i;

	for (i = 0; i < seen->nopinions; ++i)
		if (kind(seen->opinion[i].who))
			return &seen->opinion[i];
	return NULL;
}

/* When it is so: the condition of the claim, as the script has it. */
static void
print_when(struct buffer *b, const struct probe *p, const struct step *s, const struct opinion *op)
{
	const struct claim *c = op->claim;

	if (c->when) {
		buffer_str(b, "if ");
		expr_print(b, c->when, &p->names);
		buffer_str(b, ": ");
		return;
	}
	for (c = s->claims; c != op->claim; c = c->next) {
		if (claim_by(c, op->who)) {
			buffer_str(b, "in all other cases: ");
			return;
		}
	}
}

/* What POSIX says where it speaks of it: a demand that all agree to may be relied on. */
static void
advise_posix(struct buffer *b, const struct result *r, const struct step *s, const struct opinion *posix)
{
	const struct claim *c = posix->claim;
	struct buffer within = { NULL, 0, 0 }, beyond = { NULL, 0, 0 };

	print_sayings(&within, r, s, explain_is_platform, c, 0);
	print_sayings(&beyond, r, s, is_not_folklore, c, 1);
	if (judge_says_anything(c))
		buffer_str(b, "do not rely on it: POSIX allows ");
	else if (c->wants->next)
		buffer_str(b, "portable code must be ready for: ");
	else if (posix->met && !beyond.len)
		buffer_str(b, "may be relied on: ");
	else
		buffer_str(b, "POSIX demands: ");
	explain_wants(b, r->trial->probe, c);
	if (within.len && (judge_says_anything(c) || c->wants->next))
		buffer_fmt(b, " (%s)", within.data);
	if (beyond.len)
		buffer_fmt(b, "; be ready too for what deviates: %s", beyond.data);
	if (!posix->met) {
		buffer_str(b, "; not met here: ");
		report_outcome(b, r, s->index);
	}
	buffer_free(&within);
	buffer_free(&beyond);
}

/* Where POSIX says nothing. */
static void
advise_silence(struct buffer *b, const struct result *r, const struct step *s)
{
	struct buffer known = { NULL, 0, 0 };

	buffer_str(b, "do not rely on it: no claim of POSIX is known");
	print_sayings(&known, r, s, explain_is_platform, NULL, 0);
	if (known.len)
		buffer_fmt(b, " (%s)", known.data);
	buffer_free(&known);
}

static void
advise_folklore(struct buffer *b, const struct result *r, const struct opinion *folklore)
{
	buffer_str(b, "; tutorials say ");
	explain_wants(b, r->trial->probe, folklore->claim);
	buffer_str(b, ", which is wrong here");
}

/* Whether a step before this one was absent or failed to set things up, so that this one was not judged. */
static int
is_unjudged(const struct result *r, const struct step *s)
{
	int i;

	for (i = 0; i < s->index; ++i)
		if (r->seen[i].verdict == VERDICT_UNRESOLVED || r->seen[i].verdict == VERDICT_UNSUPPORTED)
			return 1;
	return 0;
}

static void
advise(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct seen *seen = &r->seen[s->index];
	const struct opinion *posix = opinion_of(seen, explain_is_posix), *folklore = opinion_of(seen, is_folklore);

	if (r->why) {
		buffer_fmt(b, "nothing was seen here: %s", r->why);
	} else if (is_unjudged(r, s)) {
		buffer_str(b, "not judged here: a step before it was not done");
	} else if (seen->outcome.how == OUTCOME_UNREACHED) {
		buffer_str(b, "not reached here: nothing follows");
	} else if (seen->outcome.how == OUTCOME_ABSENT) {
		buffer_fmt(b, "do not rely on it: %s is absent here", seen->why ? seen->why : s->call->name);
	} else {
		if (posix) {
			print_when(b, r->trial->probe, s, posix);
			advise_posix(b, r, s, posix);
		} else {
			advise_silence(b, r, s);
		}
		if (folklore && !folklore->met)
			advise_folklore(b, r, folklore);
	}
}

/* The sentences about a step, each once. */
static int
collect(struct sentence *said, const struct result *r, int n, const struct step *s)
{
	struct buffer b = { NULL, 0, 0 };
	int i, j, nsaid = 0;

	for (i = 0; i < n; ++i) {
		buffer_clear(&b);
		advise(&b, &r[i], s);
		for (j = 0; j < nsaid && strcmp(said[j].text, buffer_text(&b)) != 0; ++j)
			;
		if (j == nsaid) {
			said[nsaid].cases = 0;
			said[nsaid].text = xmalloc(b.len + 1);
			memcpy(said[nsaid++].text, buffer_text(&b), b.len + 1);
		}
		++said[j].cases;
	}
	buffer_free(&b);
	return nsaid;
}

void
advice_print(struct buffer *b, const struct result *r, int n)
{
	const struct probe *p = r->trial->probe;
	struct sentence *said = xcalloc((size_t)n, sizeof *said);
	struct buffer text = { NULL, 0, 0 };
	const struct step *s;
	int i, nsaid;

	for (s = p->steps; s; s = s->next) {
		if (!s->claims)
			continue;
		explain_step(b, 2, p, s);
		nsaid = collect(said, r, n, s);
		for (i = 0; i < nsaid; ++i) {
			buffer_clear(&text);
			buffer_str(&text, said[i].text);
			if (nsaid > 1)
				buffer_fmt(&text, " [%d of %d cases]", said[i].cases, n);
			explain_fold(b, 4, buffer_text(&text));
			free(said[i].text);
		}
	}
	if (p->nclaims == 0)
		buffer_str(b, "  Nothing is claimed, so nothing follows.\n");
	buffer_free(&text);
	free(said);
}
