#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "lex.h"
#include "platform.h"
#include "run.h"
#include "symbols.h"

static struct param *
param_at(const struct probe *p, int i)
{
	struct param *q = p->params;

	while (q && i-- > 0)
		q = q->next;
	return q;
}

/* An argument for a parameter: a text where the script has one, a number where it has that. */
static struct expr *
parse_argument(const struct probe *p, int which, int number, const char *text, struct arena *a, struct buffer *error)
{
	struct scope none = { NULL, 0, 0 };
	struct lexer l;
	struct expr *e;
	char path[64];

	snprintf(path, sizeof path, "%s, argument %d", p->name, number);
	lex_start(&l, arena_text(a, path, strlen(path)), text, strlen(text), a, error);
	if (lex_line(&l) <= 0) {
		lex_error(&l, "an expression is missing");
		return NULL;
	}
	e = expr_parse(&l, &none, a);
	if (e && l.kind != TOKEN_END)
		lex_error(&l, "the argument should end here");
	else if (e && (e->kind == EXPR_STRING) != (param_at(p, which)->value[0]->kind == EXPR_STRING))
		lex_error_at(&l, text, 0, e->kind == EXPR_STRING ? "%s is a number, not a text" : "%s is a text: '\"...\"'",
			p->names.name[which]);
	if (l.kind == TOKEN_ERROR)
		return NULL;
	return e;
}

/* Which parameter an argument is for, "name=value" or by its place; *text then is the value. -1 if there is none. */
static int
param_of(const struct probe *p, const char **text, int place)
{
	const char *equal = strchr(*text, '=');
	int i;

	if (equal && equal[1] != '=' && (i = scope_find(&p->names, *text, (size_t)(equal - *text))) >= 0 && i < p->nparams) {
		*text = equal + 1;
		return i;
	}
	return place < p->nparams ? place : -1;
}

/* The next combination of the values of those parameters that no argument chose; 0 after the last. */
static int
advance(const struct probe *p, struct expr *const *chosen, int *at)
{
	const struct param *q;
	int i;

	for (i = p->nparams - 1; i >= 0; --i) {
		q = param_at(p, i);
		if (chosen[i])
			continue;
		if (++at[i] < q->nvalues)
			return 1;
		at[i] = 0;
	}
	return 0;
}

struct trial *
run_trials(const struct probe *p, char *const args[], int nargs, struct arena *a, struct buffer *error)
{
	struct expr **chosen = arena_alloc(a, (size_t)p->nparams * sizeof *chosen);
	int *at = arena_alloc(a, (size_t)p->nparams * sizeof *at), i, place = 0, which;
	struct trial *first = NULL, **end = &first, *t;
	const char *text;

	for (i = 0; i < nargs; ++i) {
		text = args[i];
		which = param_of(p, &text, place);
		if (which < 0 || chosen[which]) {
			buffer_fmt(error, "%s: '%s' is one argument too many: it takes ", p->name, args[i]);
			if (!p->nparams)
				buffer_str(error, "none");
			for (which = 0; which < p->nparams; ++which)
				buffer_fmt(error, "%s%s", which ? ", " : "", p->names.name[which]);
			buffer_str(error, "\n");
			return NULL;
		}
		chosen[which] = parse_argument(p, which, i + 1, text, a, error);
		if (!chosen[which])
			return NULL;
		while (place < p->nparams && chosen[place])
			++place;
	}
	do {
		t = arena_alloc(a, sizeof *t);
		t->probe = p;
		t->given = arena_alloc(a, (size_t)p->nparams * sizeof *t->given);
		for (i = 0; i < p->nparams; ++i)
			t->given[i] = chosen[i] ? chosen[i] : param_at(p, i)->value[at[i]];
		*end = t;
		end = &t->next;
	} while (advance(p, chosen, at));
	return first;
}

struct trial *
run_named(const struct probe *p, const char *arguments, struct arena *a, struct buffer *error)
{
	char **args = arena_alloc(a, (size_t)p->nparams * sizeof *args);
	const char *at = arguments + strspn(arguments, " "), *end;
	struct buffer next = { NULL, 0, 0 };
	int n;

	for (n = 0; n < p->nparams && *at; ++n) {
		/* An argument runs to the name of the next one. */
		buffer_clear(&next);
		buffer_fmt(&next, ", %s=", n + 1 < p->nparams ? p->names.name[n + 1] : "");
		end = n + 1 < p->nparams ? strstr(at, next.data) : NULL;
		if (!end)
			end = at + strlen(at);
		args[n] = arena_text(a, at, (size_t)(end - at));
		at = *end ? end + 2 : end;
	}
	buffer_free(&next);
	return run_trials(p, args, n, a, error);
}

/* Gives a request its arguments. 0; -1 where a value is missing (UNREACHED) or cannot be said here (ABSENT), and why. */
static int
make_request(const struct step *s, int nprocesses, const struct value *env, struct request *r, struct seen *seen)
{
	struct value v;
	size_t used = 0;
	enum eval e;
	int i;

	memset(r, 0, sizeof *r);
	r->call = call_index(s->call);
	r->step = s->index;
	r->nargs = s->nargs;
	seen->outcome.how = OUTCOME_ABSENT;
	for (i = 0; i < s->nargs; ++i) {
		e = expr_eval(s->arg[i], env, &v, &seen->why);
		if (e == EVAL_UNSET)
			seen->outcome.how = OUTCOME_UNREACHED;
		if (e != EVAL_OK)
			return -1;
		if (v.text) {
			seen->why = "a text where a number belongs";
			if (!strchr("sb", call_kind(s->call, i)))
				return -1;
			seen->why = "a text longer than a request holds";
			if (used + v.ntext + 1 > sizeof r->data)
				return -1;
			memcpy(r->data + used, v.text, v.ntext);
			r->text |= 1u << i;
			r->arg[i] = (intmax_t)used;
			used += v.ntext + 1;
			r->ntext = (int)used;
			continue;
		}
		seen->why = call_misfit(call_kind(s->call, i), v.number);
		if (seen->why || call_kind(s->call, i) == 's') {
			seen->why = seen->why ? seen->why : "a number where a text belongs";
			return -1;
		}
		if (call_kind(s->call, i) == 'P' && (v.number < 1 || v.number >= nprocesses)) {
			seen->why = "a number that is no process";
			return -1;
		}
		r->arg[i] = v.number;
	}
	if (s->makes >= 0)
		r->arg[0] = s->makes;
	seen->why = s->call->name;
	return 0;
}

static void
run_step(const struct step *s, const struct platform *on, const struct bench *by, struct result *result)
{
	const struct probe *p = result->trial->probe;
	struct seen *seen = &result->seen[s->index];
	struct outcome *o = &seen->outcome;
	struct request r;

	o->ntext = -1;
	if (s->process_name >= 0 && !result->env[s->process_name].set) {
		o->how = OUTCOME_UNREACHED;
		seen->why = p->names.name[s->process_name];
	} else if (make_request(s, p->nprocesses, result->env, &r, seen) == 0) {
		seen->asked = 1;
		on->perform(on->state, s->process, &r, o);
		if (o->how == OUTCOME_UNREACHED)
			seen->why = NULL;
	}
	if (s->bind >= 0) {
		result->env[s->bind].set = o->how == OUTCOME_RETURNED;
		result->env[s->bind].number = o->ret;
	}
	/* Behind a step that did not set things up as the script means them, no claim can be judged. */
	if (result->verdict == VERDICT_UNRESOLVED || result->verdict == VERDICT_UNSUPPORTED)
		return;
	seen->verdict = judge_step(by, p, s, result->env, o, seen->opinion, &seen->nopinions);
	if (seen->verdict > result->verdict)
		result->verdict = seen->verdict;
}

/* Whether the case can be asked here; else why not. */
static int
possible(struct result *result)
{
	const struct probe *p = result->trial->probe;
	const struct need *n;
	const char *why;
	struct value v;
	enum eval e;

	if (script_has_tag(p, "root") && !symbol_find("ROOT", 4)->value) {
		result->why = "it needs root";
		return 0;
	}
	for (n = p->needs; n; n = n->next) {
		e = expr_eval(n->that, result->env, &v, &why);
		if (e != EVAL_OK || v.text || !v.number) {
			result->why = n->why ? n->why : e == EVAL_ABSENT ? why : "a need of the probe is not met";
			return 0;
		}
	}
	return 1;
}

static int
set_parameters(struct result *result)
{
	const struct trial *t = result->trial;
	const char *why;
	struct value v;
	int i;

	for (i = 0; i < t->probe->nparams; ++i) {
		if (expr_eval(t->given[i], result->env, &v, &why) != EVAL_OK) {
			result->why = why;
			return -1;
		}
		result->env[i] = v;
	}
	return 0;
}

void
run_trial(const struct trial *t, const struct platform *on, int slot, const struct bench *by, struct result *result)
{
	const struct probe *p = t->probe;
	const struct step *s;
	struct plan plan;
	int i;

	memset(result, 0, sizeof *result);
	result->trial = t;
	result->env = xcalloc((size_t)p->names.n, sizeof *result->env);
	result->seen = xcalloc((size_t)p->nsteps, sizeof *result->seen);
	for (i = 0; i < p->nsteps; ++i)
		result->seen[i].outcome.how = OUTCOME_UNREACHED;
	if (set_parameters(result) < 0 || !possible(result)) {
		result->verdict = VERDICT_UNSUPPORTED;
		return;
	}
	plan.n = p->nprocesses;
	memcpy(plan.parent, p->parent, sizeof plan.parent);
	plan.threads = p->threads;
	plan.slot = slot;
	on->begin(on->state, &plan);
	for (s = p->steps; s; s = s->next)
		run_step(s, on, by, result);
	on->end(on->state);
}

void
run_free(struct result *r)
{
	free(r->env);
	free(r->seen);
	r->env = NULL;
	r->seen = NULL;
}

/* How much of an outcome holds something. */
static size_t
packed_size(const struct outcome *o)
{
	return offsetof(struct outcome, text) + (o->ntext > 0 ? (size_t)o->ntext : 0);
}

void
run_pack(const struct result *r, struct buffer *b)
{
	int i;

	/* A byte for every case, so that an unsupported one is not taken for one that was not run. */
	buffer_add(b, "", 1);
	for (i = 0; i < r->trial->probe->nsteps; ++i)
		if (r->seen[i].asked)
			buffer_add(b, (const char *)&r->seen[i].outcome, packed_size(&r->seen[i].outcome));
}

static void
replay_begin(void *state, const struct plan *plan)
{
	struct replay *r = state;

	(void)plan;
	r->at = 1;
}

static void
replay_perform(void *state, int process, const struct request *request, struct outcome *o)
{
	struct replay *r = state;
	size_t n = offsetof(struct outcome, text);

	(void)process;
	(void)request;
	memcpy(o, r->from->data + r->at, n);
	r->at += n;
	if (o->ntext > 0) {
		memcpy(o->text, r->from->data + r->at, (size_t)o->ntext);
		r->at += (size_t)o->ntext;
	}
}

static void
replay_end(void *state)
{
	(void)state;
}

void
run_replay(struct platform *p, struct replay *r, const struct buffer *from)
{
	r->from = from;
	r->at = 0;
	p->begin = replay_begin;
	p->perform = replay_perform;
	p->end = replay_end;
	p->state = r;
}
