#include <string.h>
#include "calls.h"
#include "fake.h"
#include "help.h"
#include "platform.h"
#include "run.h"
#include "symbols.h"

enum { ASKED_MAX = 64 };

static struct here here;
static struct bench bench;
static struct fake fake;
static struct platform platform;
static struct script script;
static struct arena arena;

/* What the platform was asked, beside what it answers. */
static struct {
	struct request request[ASKED_MAX];
	int process[ASKED_MAX], n;
	struct plan plan;
} asked;

static void (*perform)(void *, int, const struct request *, struct outcome *);
static void (*begin)(void *, const struct plan *);

static void
noting_begin(void *state, const struct plan *plan)
{
	asked.plan = *plan;
	begin(state, plan);
}

static void
noting_perform(void *state, int process, const struct request *r, struct outcome *o)
{
	ck_assert_int_lt(asked.n, ASKED_MAX);
	asked.process[asked.n] = process;
	asked.request[asked.n++] = *r;
	perform(state, process, r, o);
}

static void
setup(void)
{
	here_pretend(&here, "linux", 4096);
	bench.here = &here;
	symbol_set("PAGE", 4096);
}

static void
use(const char *text, const char *outcomes)
{
	struct buffer error = { NULL, 0, 0 };

	help_parse(&script, text);
	ck_assert_msg(fake_parse(&fake, outcomes, strlen(outcomes), &error) == 0, "%s", buffer_text(&error));
	fake_platform(&platform, &fake);
	begin = platform.begin;
	perform = platform.perform;
	platform.begin = noting_begin;
	platform.perform = noting_perform;
	memset(&asked, 0, sizeof asked);
}

static struct trial *
trials(char *const args[])
{
	struct buffer error = { NULL, 0, 0 };
	struct trial *t;
	int n = 0;

	while (args[n])
		++n;
	t = run_trials(script.probes, args, n, &arena, &error);
	ck_assert_msg(t != NULL, "%s", buffer_text(&error));
	ck_assert_uint_eq(error.len, 0);
	return t;
}

/* Runs the only case. */
static void
run(struct result *r)
{
	char *none[] = { NULL };
	struct trial *t = trials(none);

	ck_assert_ptr_null(t->next);
	run_trial(t, &platform, 3, &bench, r);
	ck_assert_int_eq(fake.begun, fake.ended);
}

static void
expect_cases(const struct trial *t, const char *want)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	for (; t; t = t->next) {
		buffer_str(&b, b.len ? "; " : "");
		for (i = 0; i < t->probe->nparams; ++i) {
			buffer_str(&b, i ? "," : "");
			expr_print(&b, t->given[i], &t->probe->names);
		}
	}
	ck_assert_str_eq(buffer_text(&b), want);
	buffer_free(&b);
}

static const char product[] = "each a = 1, 2\nparam b = 10\neach c = 7, 8, 9\nvalue(a + b + c)\n";

START_TEST(cross_product)
{
	char *none[] = { NULL };

	use(product, "");
	expect_cases(trials(none), "1,10,7; 1,10,8; 1,10,9; 2,10,7; 2,10,8; 2,10,9");
	use("value(1)\n", "");
	expect_cases(trials(none), "");
	ck_assert_ptr_null(trials(none)->next);
}
END_TEST

START_TEST(arguments)
{
	static char a1[] = "5", a2[] = "b=6", a3[] = "PAGE*2", a4[] = "c=9", a5[] = "a=1+1", a6[] = "'x'", a7[] = "-1", a8[] = "\"text\"",
		a9[] = "1==1", a10[] = "c=c";
	char *place[] = { a1, NULL }, *name[] = { a2, NULL }, *both[] = { a2, a3, a4, NULL }, *all[] = { a5, a6, a7, NULL },
		*text[] = { a8, NULL }, *equal[] = { a9, NULL };
	struct buffer error = { NULL, 0, 0 };
	char *self[] = { a10 };

	use(product, "");
	expect_cases(trials(place), "5,10,7; 5,10,8; 5,10,9");
	expect_cases(trials(name), "1,6,7; 1,6,8; 1,6,9; 2,6,7; 2,6,8; 2,6,9");
	expect_cases(trials(both), "PAGE*2,6,9");
	expect_cases(trials(all), "1 + 1,'x',-1");
	expect_cases(trials(equal), "1 == 1,10,7; 1 == 1,10,8; 1 == 1,10,9");
	/* An argument speaks of symbols, not of parameters. */
	ck_assert_ptr_null(run_trials(script.probes, self, 1, &arena, &error));
	buffer_clear(&error);
	/* A text is given where the script has one. */
	ck_assert_ptr_null(run_trials(script.probes, text, 1, &arena, &error));
	ck_assert_msg(strstr(buffer_text(&error), "a is a number, not a text") != NULL, "%s", buffer_text(&error));
	use("param name = \"data\"\nunlink(name)\n", "");
	expect_cases(trials(text), "\"text\"");
	buffer_clear(&error);
	ck_assert_ptr_null(run_trials(script.probes, place, 1, &arena, &error));
	ck_assert_msg(strstr(buffer_text(&error), "name is a text: '\"...\"'") != NULL, "%s", buffer_text(&error));
	buffer_free(&error);
}
END_TEST

START_TEST(bad_arguments)
{
	static char one[] = "1", two[] = "a=2", three[] = "1 2", four[] = "", five[] = "b=", six[] = "nonsense", seven[] = "d=1",
		eight[] = "1)", nine[] = "99999999999999999999", ten[] = "   ";
	static const struct { char *arg[5]; const char *message; } table[] = {
		{ { one, one, one, one }, "test: '1' is one argument too many: it takes a, b, c\n" },
		{ { one, two }, "test: 'a=2' is one argument too many: it takes a, b, c\n" },
		{ { three }, "test, argument 1:1:3: the argument should end here, at '2'\n" },
		{ { four }, "test, argument 1:1:1: an expression is missing\n" },
		{ { one, five }, "test, argument 2:1:1: an expression is missing\n" },
		{ { six }, "test, argument 1:1:1: no variable, parameter or symbol has that name, at 'nonsense'\n" },
		{ { seven }, "test, argument 1:1:1: no variable, parameter or symbol has that name, at 'd'\n" },
		{ { eight }, "test, argument 1:1:2: the argument should end here, at ')'\n" },
		{ { nine }, "test, argument 1:1:1: the number does not fit in 64 bits" },
		{ { ten }, "test, argument 1:1:" },
	};
	struct buffer error = { NULL, 0, 0 };
	char *const *args;
	size_t i;
	int n;

	use(product, "");
	for (i = 0; i < LEN(table); ++i) {
		args = table[i].arg;
		for (n = 0; args[n]; ++n)
			;
		buffer_clear(&error);
		ck_assert_ptr_null(run_trials(script.probes, args, n, &arena, &error));
		ck_assert_msg(strncmp(buffer_text(&error), table[i].message, strlen(table[i].message)) == 0, "%s", buffer_text(&error));
	}
	use("value(1)\n", "");
	buffer_clear(&error);
	args = table[0].arg;
	ck_assert_ptr_null(run_trials(script.probes, args, 1, &arena, &error));
	ck_assert_str_eq(buffer_text(&error), "test: '1' is one argument too many: it takes none\n");
	buffer_free(&error);
}
END_TEST

START_TEST(requests)
{
	struct result r;

	use("param n = 3\nfd = open(\"data\", O_RDWR|O_CREAT, 0600)\np = mmap(NULL, n*PAGE, 1, 2, fd, -1)\nrename(\"a\", \"bc\")\n"
	    "k = fork()\nk: store(p + 1, 'x')\nq = process()\nq: unlink(\"\")\n", "7; 0x10000; 0; 1; 0; 2; ENOENT");
	run(&r);
	ck_assert_int_eq(asked.n, 7);
	ck_assert_int_eq(asked.plan.n, 3);
	ck_assert_int_eq(asked.plan.slot, 3);
	ck_assert_int_eq(asked.plan.parent[1], 0);
	ck_assert_int_eq(asked.plan.parent[2], -1);
	ck_assert_ptr_eq(call_at(asked.request[0].call), call_find("open", 4));
	ck_assert_int_eq(asked.request[0].nargs, 3);
	ck_assert_uint_eq(asked.request[0].text, 1);
	ck_assert_str_eq(asked.request[0].data + asked.request[0].arg[0], "data");
	ck_assert_int_eq(asked.request[0].arg[2], 0600);
	ck_assert_int_eq(asked.request[1].arg[1], 3 * 4096);
	ck_assert_int_eq(asked.request[1].arg[4], 7);
	ck_assert_int_eq(asked.request[1].arg[5], -1);
	ck_assert_uint_eq(asked.request[1].text, 0);
	ck_assert_uint_eq(asked.request[2].text, 3);
	ck_assert_str_eq(asked.request[2].data + asked.request[2].arg[0], "a");
	ck_assert_str_eq(asked.request[2].data + asked.request[2].arg[1], "bc");
	ck_assert_int_eq(asked.request[3].arg[0], 1);
	ck_assert_int_eq(asked.process[4], 1);
	ck_assert_int_eq(asked.request[4].arg[0], 0x10001);
	ck_assert_int_eq(asked.request[4].arg[1], 'x');
	ck_assert_int_eq(asked.request[5].arg[0], 2);
	ck_assert_int_eq(asked.process[6], 2);
	ck_assert_int_eq(r.verdict, VERDICT_NOTED);
	run_free(&r);
}
END_TEST

START_TEST(not_reached)
{
	struct result r;

	use("fd = open(\"x\", 0)\np = mmap(NULL, 1, 1, 1, fd, 0)\nload(p) = 0\nk = fork()\nk: load(fd)\nk: value(1) = 1\n", "ENOENT; EAGAIN");
	run(&r);
	ck_assert_int_eq(asked.n, 2);
	ck_assert_int_eq(r.seen[0].outcome.how, OUTCOME_FAILED);
	ck_assert_int_eq(r.seen[1].outcome.how, OUTCOME_UNREACHED);
	ck_assert_str_eq(r.seen[1].why, "fd");
	ck_assert_int_eq(r.seen[1].asked, 0);
	ck_assert_str_eq(r.seen[2].why, "p");
	ck_assert_str_eq(r.seen[4].why, "k");
	ck_assert_str_eq(r.seen[5].why, "k");
	ck_assert_int_eq(r.verdict, VERDICT_UNRESOLVED);
	run_free(&r);
}
END_TEST

/* A name that was bound, and whose new call failed, has no value any more. */
START_TEST(bound_again)
{
	struct result r;

	use("p = value(1)\nvalue(p)\np = value(2)\nvalue(p)\np = value(3)\nvalue(p)\n", "5; 5; EIO; 6; 6");
	run(&r);
	ck_assert_int_eq(asked.n, 5);
	ck_assert_int_eq(asked.request[1].arg[0], 5);
	ck_assert_int_eq(r.seen[3].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(asked.request[4].arg[0], 6);
	run_free(&r);
}
END_TEST

START_TEST(gone)
{
	struct result r;

	use("k = fork()\nk: load(0)\nk: load(1) = 1\nload(2) = 2\n", "1; died SIGKILL; 2");
	run(&r);
	ck_assert_int_eq(r.seen[1].outcome.how, OUTCOME_DIED);
	ck_assert_int_eq(r.seen[2].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(r.seen[2].asked, 1);
	ck_assert_ptr_null(r.seen[2].why);
	ck_assert_int_eq(r.seen[3].outcome.ret, 2);
	/* A kid that dies where nobody claims it leaves the question open. */
	ck_assert_int_eq(r.verdict, VERDICT_UNRESOLVED);
	run_free(&r);
}
END_TEST

static const char *absent;

static void
find_absent(const char *name, void *arg)
{
	(void)arg;
	if (!absent && strncmp(name, "MAP_", 4) == 0 && !symbol_find(name, strlen(name))->present)
		absent = name;
}

START_TEST(unsupported)
{
	struct buffer b = { NULL, 0, 0 };
	struct result r;

	symbol_each(find_absent, NULL);
	ck_assert_ptr_nonnull(absent);
	buffer_fmt(&b, "value(%s) = 1\nvalue(2) = 2\n", absent);
	use(buffer_text(&b), "2");
	run(&r);
	ck_assert_int_eq(r.seen[0].outcome.how, OUTCOME_ABSENT);
	ck_assert_str_eq(r.seen[0].why, absent);
	ck_assert_int_eq(r.verdict, VERDICT_UNSUPPORTED);
	run_free(&r);
	use("mlockall(1) = 0\n", "absent");
	run(&r);
	ck_assert_int_eq(r.verdict, VERDICT_UNSUPPORTED);
	ck_assert_str_eq(r.seen[0].why, "mlockall");
	run_free(&r);
	buffer_clear(&b);
	buffer_fmt(&b, "param a = %s\nvalue(2) = 2\n", absent);
	use(buffer_text(&b), "");
	run(&r);
	ck_assert_int_eq(r.verdict, VERDICT_UNSUPPORTED);
	ck_assert_str_eq(r.why, absent);
	ck_assert_int_eq(fake.begun, 0);
	run_free(&r);
	/* What does not fit the type of an argument cannot be asked. */
	use("value(3) = 3\nclose(1 << 40)\n", "3");
	run(&r);
	ck_assert_int_eq(r.seen[1].outcome.how, OUTCOME_ABSENT);
	ck_assert_str_eq(r.seen[1].why, "a number that fits no int");
	run_free(&r);
	use("n = value(3)\nunlink(n)\n", "3");
	run(&r);
	ck_assert_int_eq(r.seen[1].outcome.how, OUTCOME_ABSENT);
	run_free(&r);
	use("value(1 << 99) = 3\n", "");
	run(&r);
	ck_assert_int_eq(r.seen[0].outcome.how, OUTCOME_ABSENT);
	run_free(&r);
	buffer_free(&b);
}
END_TEST

START_TEST(needs)
{
	struct result r;
	struct buffer b = { NULL, 0, 0 };

	use("param n = 2\nneed n == 2\nneed PAGE\nvalue(1) = 1\n", "1");
	run(&r);
	ck_assert_int_eq(r.verdict, VERDICT_OK);
	run_free(&r);
	use("param n = 2\nneed n == 3 \"three is needed\"\nvalue(1) = 1\n", "");
	run(&r);
	ck_assert_int_eq(r.verdict, VERDICT_UNSUPPORTED);
	ck_assert_str_eq(r.why, "three is needed");
	ck_assert_int_eq(fake.begun, 0);
	ck_assert_int_eq(r.seen[0].outcome.how, OUTCOME_UNREACHED);
	run_free(&r);
	use("need 1\nneed 0\nvalue(1) = 1\n", "");
	run(&r);
	ck_assert_ptr_nonnull(r.why);
	run_free(&r);
	use("need 1/0\nvalue(1) = 1\n", "");
	run(&r);
	ck_assert_int_eq(r.verdict, VERDICT_UNSUPPORTED);
	run_free(&r);
	symbol_each(find_absent, NULL);
	buffer_fmt(&b, "need %s || 1\nvalue(1) = 1\n", absent);
	use(buffer_text(&b), "");
	run(&r);
	ck_assert_str_eq(r.why, absent);
	run_free(&r);
	buffer_free(&b);
}
END_TEST

START_TEST(the_worst_step_counts)
{
	struct result r;

	use("value(1) = 1\nvalue(2) = 1\nvalue(3)\nvalue(4) = ?\n", "1; 2; EIO; 4");
	run(&r);
	ck_assert_int_eq(r.seen[0].verdict, VERDICT_OK);
	ck_assert_int_eq(r.seen[1].verdict, VERDICT_VIOLATION);
	ck_assert_int_eq(r.seen[2].verdict, VERDICT_UNRESOLVED);
	ck_assert_int_eq(r.seen[3].verdict, VERDICT_NOTED);
	ck_assert_int_eq(r.verdict, VERDICT_VIOLATION);
	run_free(&r);
}
END_TEST

/* A case that ran elsewhere, and its outcomes sent here, is the same case. */
START_TEST(packed_and_replayed)
{
	static const char text[] = "param n = 1\nfd = open(\"data\", 0)\nbad = open(\"none\", 0)\nload(bad)\nreads(fd, 9) = \"abc\"\n"
		"k = fork()\nk: load(9) = SIGBUS BUS_ADRERR at 9\nk: scan(0, 5) = \"w*\"\nk: load(1)\nk: load(2)\nmlockall(1)\nload(3) = hang\n";
	struct buffer packed = { NULL, 0, 0 };
	struct result r, again;
	struct platform replayed;
	struct replay replay;
	int i;

	use(text, "3; ENOENT; \"abc\"; 1; SIGBUS BUS_ADRERR 9; \"ww\"; died SIGKILL; absent; hung");
	run(&r);
	ck_assert_int_eq(fake.missing, 0);
	run_pack(&r, &packed);
	run_replay(&replayed, &replay, &packed);
	run_trial(r.trial, &replayed, 0, &bench, &again);
	ck_assert_uint_eq(replay.at, packed.len);
	ck_assert_int_eq(again.verdict, r.verdict);
	for (i = 0; i < script.probes->nsteps; ++i) {
		ck_assert_int_eq(again.seen[i].outcome.how, r.seen[i].outcome.how);
		ck_assert_int_eq(again.seen[i].outcome.ret, r.seen[i].outcome.ret);
		ck_assert_int_eq(again.seen[i].outcome.err, r.seen[i].outcome.err);
		ck_assert_int_eq(again.seen[i].outcome.sig, r.seen[i].outcome.sig);
		ck_assert_int_eq(again.seen[i].outcome.code, r.seen[i].outcome.code);
		ck_assert_int_eq(again.seen[i].outcome.at, r.seen[i].outcome.at);
		ck_assert_int_eq(again.seen[i].outcome.ntext, r.seen[i].outcome.ntext);
		if (r.seen[i].outcome.ntext > 0)
			ck_assert_mem_eq(again.seen[i].outcome.text, r.seen[i].outcome.text, (size_t)r.seen[i].outcome.ntext);
		ck_assert_int_eq(again.seen[i].verdict, r.seen[i].verdict);
		ck_assert_int_eq(again.seen[i].asked, r.seen[i].asked);
		ck_assert_int_eq(again.seen[i].nopinions, r.seen[i].nopinions);
	}
	run_free(&r);
	run_free(&again);
	buffer_free(&packed);
}
END_TEST

START_TEST(unsupported_is_packed_too)
{
	struct buffer packed = { NULL, 0, 0 };
	struct result r;

	use("need 0\nvalue(1)\n", "");
	run(&r);
	run_pack(&r, &packed);
	ck_assert_uint_gt(packed.len, 0);
	run_free(&r);
	buffer_free(&packed);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("run");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, cross_product);
	tcase_add_test(t, arguments);
	tcase_add_test(t, bad_arguments);
	tcase_add_test(t, requests);
	tcase_add_test(t, not_reached);
	tcase_add_test(t, bound_again);
	tcase_add_test(t, gone);
	tcase_add_test(t, unsupported);
	tcase_add_test(t, needs);
	tcase_add_test(t, the_worst_step_counts);
	tcase_add_test(t, packed_and_replayed);
	tcase_add_test(t, unsupported_is_packed_too);
	return help_run(t);
}
