/*
 * Every claim bites. Each case of each embedded probe is run here, and what came of it is recorded. Then one step is given
 * another outcome, and the case must not be what it was, nor ok: a claim that allows whatever comes says nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "catalogue.h"
#include "fake.h"
#include "help.h"
#include "platform.h"
#include "process.h"
#include "run.h"
#include "scratch.h"
#include "supervisor.h"
#include "symbols.h"

/* Values that no platform gives. */
enum { STRANGE_CODE = 54321, STRANGE_VALUE = 987654321 };

static const char *program;
static char dir[64];
static struct here here;
static struct bench bench;
static struct platform live;

static int
strange_errno(int err)
{
	return err == EPROTO ? ENOEXEC : EPROTO;
}

static void
refuse(struct outcome *o)
{
	o->how = OUTCOME_FAILED;
	o->err = strange_errno(o->err);
	o->ntext = -1;
}

static void
succeed(struct outcome *o)
{
	o->how = OUTCOME_RETURNED;
	o->err = 0;
	o->ret = STRANGE_VALUE;
	o->ntext = -1;
}

static void
another_text(struct outcome *o)
{
	if (!o->ntext)
		o->ntext = 1;
	o->text[0] = '\001';
}

static int
killed(const struct outcome *o)
{
	return o->how == OUTCOME_CAUGHT || (o->how == OUTCOME_DIED && o->sig);
}

/* Alteration number i of an outcome. NULL: there is none of that number, or it is none of this outcome's. */
enum { ALTERATIONS = 13 };

static const char *
alter(int i, struct outcome *o)
{
	const struct outcome was = *o;

	switch (i) {
	case 0: o->err = strange_errno(o->err); return was.how == OUTCOME_FAILED ? "another errno" : NULL;
	case 1: succeed(o); return was.how == OUTCOME_FAILED ? "a success, not a failure" : NULL;
	case 2: refuse(o); return was.how == OUTCOME_RETURNED ? "a failure, not a success" : NULL;
	case 3: o->how = OUTCOME_CAUGHT; o->sig = SIGFPE; return was.how == OUTCOME_RETURNED ? "a signal, not a success" : NULL;
	case 4: ++o->ret; return was.how == OUTCOME_RETURNED && was.ntext < 0 ? "another value" : NULL;
	case 5: another_text(o); return was.how == OUTCOME_RETURNED && was.ntext >= 0 ? "another text" : NULL;
	case 6: o->sig = SIGFPE; return killed(&was) ? "another signal" : NULL;
	case 7: o->code = STRANGE_CODE; return was.how == OUTCOME_CAUGHT ? "another si_code" : NULL;
	case 8: ++o->at; return was.how == OUTCOME_CAUGHT ? "another address" : NULL;
	case 9: succeed(o); return killed(&was) ? "a success, not a signal" : NULL;
	case 10: refuse(o); return killed(&was) ? "a failure, not a signal" : NULL;
	case 11: o->how = OUTCOME_HUNG; return was.how != OUTCOME_HUNG ? "a hang" : NULL;
	case 12: succeed(o); return was.how == OUTCOME_HUNG ? "a success, not a hang" : NULL;
	}
	return NULL;
}

/* Whether the alternative speaks of what was altered, written apart from judge.c: by what the claim says. */
static int
says_so(const struct want *w, const struct value *env, const struct outcome *o)
{
	struct value v;
	const char *why;

	switch (w->kind) {
	case WANT_OK: return o->how == OUTCOME_RETURNED;
	case WANT_FAIL: return o->how == OUTCOME_FAILED;
	case WANT_ANY: return 1;
	case WANT_HANG: return o->how == OUTCOME_HUNG;
	case WANT_ERRNO: return o->how == OUTCOME_FAILED && o->err == w->symbol->value;
	case WANT_SIGNAL:
		if (!killed(o) || o->sig != w->symbol->value || (w->code && o->code == STRANGE_CODE))
			return 0;
		return !w->at || (expr_eval(w->at, env, &v, &why) == EVAL_OK && v.number == o->at);
	case WANT_VALUE:
		return o->how == OUTCOME_RETURNED && o->ntext < 0 && expr_eval(w->value, env, &v, &why) == EVAL_OK && !v.text
		    && v.number == o->ret;
	}
	return 0;
}

static int
claim_allows(const struct claim *c, const struct value *env, const struct outcome *o)
{
	const struct want *w;

	for (w = c->wants; w; w = w->next)
		if (says_so(w, env, o))
			return 1;
	return 0;
}

/* Whether anybody who is asked of the step claims something else than the altered outcome. */
static int
is_claimed(const struct seen *seen, const struct value *env)
{
	const struct claim *c;
	int i, met;

	/* From the last to the first: the platform before POSIX. */
	for (i = seen->nopinions - 1; i >= 0; --i) {
		c = seen->opinion[i].claim;
		if (strcmp(seen->opinion[i].who, "folklore") == 0)
			continue;
		met = claim_allows(c, env, &seen->outcome);
		/* Where a platform is known to deviate, what is within its own claim is still that deviation. */
		if (met && c->deviates)
			return 0;
		if (!met)
			return 1;
	}
	return 0;
}

static int
allows_anything(const struct seen *seen)
{
	const struct want *w;
	int i, others = 0;

	for (i = 0; i < seen->nopinions; ++i) {
		if (strcmp(seen->opinion[i].who, "folklore") == 0)
			continue;
		++others;
		for (w = seen->opinion[i].claim->wants; w && w->kind != WANT_ANY; w = w->next)
			;
		if (!w)
			return 0;
	}
	return others || seen->nopinions == 0 || seen->verdict == VERDICT_NOTED || seen->verdict == VERDICT_OK;
}

static void
describe(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct probe *p = r->trial->probe;
	int i;

	buffer_fmt(b, "%s", p->name);
	for (i = 0; i < p->nparams; ++i) {
		buffer_fmt(b, " %s=", p->names.name[i]);
		expr_print(b, r->trial->given[i], &p->names);
	}
	buffer_fmt(b, ", line %u: ", s->lineno);
	script_print_step(b, p, s);
}

/* Runs the case again with one outcome altered, up to that step: what follows it is not asked. */
static void
replay(const struct result *was, int nth, const struct outcome *altered, struct result *r)
{
	struct platform p;
	struct fake f;
	int i, n = was->trial->probe->nsteps;

	memset(&f, 0, sizeof f);
	f.literal = 1;
	f.last = nth + 1;
	for (i = 0; i < n && f.n < nth; ++i)
		if (was->seen[i].asked)
			fake_add(&f, &was->seen[i].outcome);
	fake_add(&f, altered);
	fake_platform(&p, &f);
	run_trial(was->trial, &p, 0, &bench, r);
	ck_assert_int_eq(f.missing, 0);
	fake_free(&f);
}

/* Alters one step in each way that a claim speaks of; how many these were. */
static int
bite(const struct result *was, const struct step *s, int nth)
{
	const struct seen *seen = &was->seen[s->index], *now;
	struct buffer b = { NULL, 0, 0 };
	struct outcome o;
	struct result r;
	const char *what;
	int i, bites = 0;

	for (i = 0; i < ALTERATIONS; ++i) {
		o = seen->outcome;
		what = alter(i, &o);
		/* A step without claims must succeed, whatever it gives. */
		if (!what || (!s->claims && o.how == OUTCOME_RETURNED))
			continue;
		replay(was, nth, &o, &r);
		now = &r.seen[s->index];
		if (!s->claims || is_claimed(now, r.env)) {
			++bites;
			describe(&b, was, s);
			ck_assert_msg(now->verdict != seen->verdict && now->verdict != VERDICT_OK && r.verdict != VERDICT_OK,
				"%s\ngiven %s it is still %s, and the case %s", buffer_text(&b), what, verdict_word(now->verdict),
				verdict_word(r.verdict));
			buffer_clear(&b);
		}
		run_free(&r);
	}
	buffer_free(&b);
	return bites;
}

static int
bite_case(const struct trial *t)
{
	struct buffer b = { NULL, 0, 0 };
	struct result was;
	const struct seen *seen;
	const struct step *s;
	int nth = 0, bites, all = 0;

	run_trial(t, &live, 0, &bench, &was);
	/* Of what this platform lacks nothing is judged. */
	for (s = was.verdict == VERDICT_UNSUPPORTED ? NULL : t->probe->steps; s; s = s->next) {
		seen = &was.seen[s->index];
		if (!seen->asked)
			continue;
		if (seen->outcome.how != OUTCOME_UNREACHED && seen->outcome.how != OUTCOME_ABSENT && seen->verdict < VERDICT_UNSUPPORTED
		    && seen->verdict != VERDICT_NOTED && t->probe->nclaims) {
			bites = bite(&was, s, nth);
			all += bites;
			describe(&b, &was, s);
			ck_assert_msg(bites || allows_anything(seen), "%s\nno other outcome is against what is claimed", buffer_text(&b));
			buffer_clear(&b);
		}
		++nth;
	}
	run_free(&was);
	buffer_free(&b);
	return all;
}

START_TEST(every_claim_bites)
{
	struct buffer error = { NULL, 0, 0 };
	struct arena a = { NULL, 0 };
	const struct probe *p;
	const struct trial *t;
	struct script s;
	int bites = 0;

	catalogue_load(_i, &s);
	for (p = s.probes; p; p = p->next) {
		if (script_has_tag(p, "heavy"))
			continue;
		for (t = run_trials(p, NULL, 0, &a, &error); t; t = t->next)
			bites += bite_case(t);
		ck_assert_uint_eq(error.len, 0);
	}
	ck_assert_msg(bites > 0, "of %s nothing was altered", catalogue_topic(_i));
	arena_free(&a);
	script_free(&s);
}
END_TEST

/* A probe whose first step's outcome does not matter must be found out, or this test proves nothing. */
static const char *const toothless[] = {
	"value(1)\n    posix: 1 if 0\n    linux: ok or fail or hang or SIGFPE\nvalue(2) = 2\n",
};

START_TEST(toothless_is_found_out)
{
	struct buffer error = { NULL, 0, 0 };
	struct arena a = { NULL, 0 };
	struct script s;
	struct result was;

	help_parse(&s, toothless[_i]);
	run_trial(run_trials(s.probes, NULL, 0, &a, &error), &live, 0, &bench, &was);
	ck_assert_int_eq(was.verdict, VERDICT_OK);
	ck_assert_int_eq(bite(&was, s.probes->steps, 0), 0);
	ck_assert_int_eq(allows_anything(&was.seen[0]), 0);
	ck_assert_int_gt(bite(&was, s.probes->steps->next, 1), 3);
	run_free(&was);
	script_free(&s);
}
END_TEST

static void
setup(void)
{
	signal(SIGTERM, SIG_DFL);
	supervisor_signals();
	supervisor_prepare(program);
	supervisor_tidy(scratch_remove);
	strcpy(dir, "/tmp/check-bites-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	scratch_make(dir, 1);
	process_platform(&live, 5000);
	here_describe(&here, dir);
	bench.here = &here;
}

static void
teardown(void)
{
	process_end();
	scratch_remove();
	rmdir(dir);
}

int
main(int argc, char *argv[])
{
	TCase *t = tcase_create("bites");

	help_resume(argc, argv);
	program = argv[0];
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
#if defined __linux__
	tcase_add_loop_test(t, every_claim_bites, 0, catalogue_topics());
	tcase_add_loop_test(t, toothless_is_found_out, 0, (int)LEN(toothless));
#else
	/* What is claimed of other systems is written down from their sources, and was not yet seen on them. */
	(void)every_claim_bites;
	(void)toothless_is_found_out;
#endif
	return help_run(t);
}
