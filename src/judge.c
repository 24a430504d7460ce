#include <string.h>
#include "calls.h"
#include "judge.h"
#include "platform.h"
#include "script.h"
#include "symbols.h"

static const struct { const char *word, *means; } verdicts[VERDICTS] = {
	{ "ok", "every claim is met" },
	{ "conforms", "POSIX is met, where this platform was known to deviate" },
	{ "noted", "nobody claims anything about what was seen" },
	{ "deviates", "POSIX is not met, as this platform is known for" },
	{ "unsupported", "something that it needs is absent here" },
	{ "unresolved", "a step before the question failed, so it was never put" },
	{ "surprise", "not what this platform is known for; POSIX does not forbid it" },
	{ "violation", "POSIX does not allow what was seen" },
};

const char *
verdict_word(enum verdict v)
{
	return verdicts[v].word;
}

const char *
verdict_means(enum verdict v)
{
	return verdicts[v].means;
}

static int
signal_met(const struct want *w, const struct value *env, const struct outcome *o)
{
	struct value v;
	const char *why;

	if ((o->how != OUTCOME_CAUGHT && o->how != OUTCOME_DIED) || !w->symbol->present || o->sig != w->symbol->value)
		return 0;
	/* Of a process that died of it, code and address are not known, so a claim about them is not met. */
	if (w->code && (o->how == OUTCOME_DIED || !w->code->present || o->code != w->code->value))
		return 0;
	if (!w->at)
		return 1;
	return o->how == OUTCOME_CAUGHT && expr_eval(w->at, env, &v, &why) == EVAL_OK && !v.text && v.number == o->at;
}

/*
 * Of a page map, a letter and '*' stand for any number of pages like that. Where in the pattern the pages so far can have led is
 * kept, so the time is that of both lengths multiplied, whatever the pattern.
 */
static int
map_met(const char *want, size_t nwant, const char *map, size_t nmap)
{
	char at[TEXT_MAX + 1] = { 1 }, next[TEXT_MAX + 1];
	size_t i, k;

	if (nwant > TEXT_MAX)
		return 0;
	for (i = 0; i <= nmap; ++i) {
		memset(next, 0, sizeof next);
		for (k = 0; k < nwant; ++k) {
			if (!at[k] || want[k] == '*')
				continue;
			if (k + 1 < nwant && want[k + 1] == '*') {
				at[k + 2] = 1;
				next[k] |= i < nmap && map[i] == want[k];
			} else {
				next[k + 1] |= i < nmap && map[i] == want[k];
			}
		}
		if (i < nmap)
			memcpy(at, next, sizeof at);
	}
	return at[nwant];
}

/* Of a set, each thing that was seen is wanted. What is wanted need not have been seen: nobody can ask that of a race. */
static int
set_met(const char *want, size_t nwant, const char *seen, size_t nseen)
{
	size_t i, k, n;

	for (i = 0; i <= nseen; i += n + 2) {
		for (n = 0; i + n < nseen && seen[i + n] != ','; ++n)
			;
		for (k = 0; k + n <= nwant; ++k)
			if (memcmp(want + k, seen + i, n) == 0 && (k == 0 || want[k - 1] == ' ') && (k + n == nwant || want[k + n] == ','))
				break;
		if (k + n > nwant)
			return 0;
	}
	return 1;
}

static int
text_met(const struct value *v, const struct step *s, const struct outcome *o)
{
	if (o->ntext < 0)
		return 0;
	if (s->call->gives == GIVES_MAP)
		return map_met(v->text, v->ntext, o->text, (size_t)o->ntext);
	if (s->call->gives == GIVES_SET)
		return set_met(v->text, v->ntext, o->text, (size_t)o->ntext);
	return (size_t)o->ntext == v->ntext && memcmp(o->text, v->text, v->ntext) == 0;
}

int
judge_want(const struct want *w, const struct step *s, const struct value *env, const struct outcome *o)
{
	struct value v;
	const char *why;

	switch (w->kind) {
	case WANT_OK:
		return o->how == OUTCOME_RETURNED;
	case WANT_FAIL:
		return o->how == OUTCOME_FAILED;
	case WANT_ANY:
		return 1;
	case WANT_HANG:
		return o->how == OUTCOME_HUNG;
	case WANT_ERRNO:
		return o->how == OUTCOME_FAILED && w->symbol->present && o->err == w->symbol->value;
	case WANT_SIGNAL:
		return signal_met(w, env, o);
	case WANT_VALUE:
		if (o->how != OUTCOME_RETURNED || expr_eval(w->value, env, &v, &why) != EVAL_OK)
			return 0;
		if (v.text)
			return text_met(&v, s, o);
		return o->ntext < 0 && o->ret == v.number;
	}
	return 0;
}

/* A condition that cannot be evaluated does not hold. */
const struct claim *
judge_claim(const struct step *s, const char *who, const struct value *env)
{
	const struct claim *c;
	struct value v;
	const char *why;

	for (c = s->claims; c; c = c->next)
		if (claim_by(c, who) && (!c->when || (expr_eval(c->when, env, &v, &why) == EVAL_OK && !v.text && v.number)))
			return c;
	return NULL;
}

static struct opinion *
ask(const struct step *s, const char *who, const struct value *env, const struct outcome *o, struct opinion *op)
{
	const struct want *w;

	op->who = who;
	op->claim = judge_claim(s, who, env);
	op->met = 0;
	if (!op->claim)
		return NULL;
	for (w = op->claim->wants; w && !op->met; w = w->next)
		op->met = judge_want(w, s, env, o);
	return op;
}

int
judge_says_anything(const struct claim *c)
{
	const struct want *w;

	for (w = c->wants; w; w = w->next)
		if (w->kind == WANT_ANY)
			return 1;
	return 0;
}

static enum verdict
unclaimed(const struct probe *p, const struct step *s, const struct outcome *o)
{
	/* Without a claim anywhere the script explores, and whatever comes of a step is its result. */
	if (p->nclaims == 0 || s->claims)
		return VERDICT_NOTED;
	return o->how == OUTCOME_RETURNED ? VERDICT_OK : VERDICT_UNRESOLVED;
}

enum verdict
judge_step(const struct bench *by, const struct probe *p, const struct step *s, const struct value *env,
	const struct outcome *o, struct opinion op[OPINIONS], int *n)
{
	struct opinion *posix = NULL, *local = NULL;
	int i;

	*n = 0;
	if (o->how == OUTCOME_UNREACHED)
		return VERDICT_OK;
	if (o->how == OUTCOME_ABSENT)
		return VERDICT_UNSUPPORTED;
	if (by->edition)
		posix = ask(s, by->edition, env, o, &op[*n]);
	if (!posix)
		posix = ask(s, "posix", env, o, &op[*n]);
	*n += posix != NULL;
	for (i = 0; i < by->here->nnames && !local; ++i)
		local = ask(s, by->here->names[i], env, o, &op[*n]);
	*n += local != NULL;
	*n += ask(s, "folklore", env, o, &op[*n]) != NULL;
	if (posix && !posix->met)
		return local && local->met && local->claim->deviates ? VERDICT_DEVIATES : VERDICT_VIOLATION;
	if (local && !local->met)
		return posix && local->claim->deviates ? VERDICT_CONFORMS : VERDICT_SURPRISE;
	if (local)
		return VERDICT_OK;
	if (posix)
		return judge_says_anything(posix->claim) ? VERDICT_NOTED : VERDICT_OK;
	return unclaimed(p, s, o);
}
