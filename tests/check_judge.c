#include <string.h>
#include "fake.h"
#include "help.h"
#include "judge.h"
#include "platform.h"
#include "symbols.h"

/* Whom a test asks. */
static struct here here;
static struct bench bench;
static struct opinion opinion[OPINIONS];
static int nopinions;

static void
setup(void)
{
	here_pretend(&here, "linux", 4096);
	bench.here = &here;
	bench.edition = NULL;
	symbol_set("PAGE", 4096);
}

static struct outcome
outcome_of(const char *text)
{
	struct buffer error = { NULL, 0, 0 };
	struct outcome o;
	struct fake f;

	ck_assert_msg(fake_parse(&f, text, strlen(text), &error) == 0, "%s", buffer_text(&error));
	ck_assert_int_eq(f.n, 1);
	o = f.outcome[0];
	fake_free(&f);
	return o;
}

/* The verdict on the last step of a script. Its variables are 100, 200, ... */
static enum verdict
judge(const char *script, const char *outcome)
{
	struct outcome o = outcome_of(outcome);
	const struct step *last;
	struct value env[8];
	struct script s;
	enum verdict v;
	int i;

	help_parse(&s, script);
	memset(env, 0, sizeof env);
	for (i = 0; i < s.probes->names.n; ++i) {
		env[i].set = 1;
		env[i].number = 100 * (i + 1);
	}
	for (last = s.probes->steps; last->next; last = last->next)
		;
	v = judge_step(&bench, s.probes, last, env, &o, opinion, &nopinions);
	/* What the opinions point to goes with the script, so none of them may be followed from here on. */
	script_free(&s);
	return v;
}

static void
expect(const char *script, const char *outcome, enum verdict want)
{
	enum verdict v = judge(script, outcome);

	ck_assert_msg(v == want, "%sgiven %s is %s, not %s", script, outcome, verdict_word(v), verdict_word(want));
}

START_TEST(each_verdict)
{
	expect("value(1) = 1\n", "1", VERDICT_OK);
	expect("value(1) = 1\n", "2", VERDICT_VIOLATION);
	expect("value(1)\n    linux: 1\n", "2", VERDICT_SURPRISE);
	expect("value(1)\n    posix: ok\n    linux: 1\n", "2", VERDICT_SURPRISE);
	expect("value(1)\n    posix: 1\n    linux: 1\n", "2", VERDICT_VIOLATION);
	expect("value(1)\n    posix: 1\n    linux: 2\n", "2", VERDICT_VIOLATION);
	expect("value(1)\n    posix: 1\n    linux deviates: 2\n", "2", VERDICT_DEVIATES);
	expect("value(1)\n    posix: 1\n    linux deviates: 2\n", "1", VERDICT_CONFORMS);
	expect("value(1)\n    posix: 1\n    linux deviates: 2\n", "3", VERDICT_VIOLATION);
	expect("value(1)\n    linux deviates: 2\n", "1", VERDICT_SURPRISE);
	expect("value(1)\n    posix: ?\n", "1", VERDICT_NOTED);
	expect("value(1)\n    posix: ?\n    linux: 1\n", "1", VERDICT_OK);
	expect("value(1)\n    posix: ?\n    linux: 1\n", "2", VERDICT_SURPRISE);
	expect("value(1)\n    freebsd: 1\n", "2", VERDICT_NOTED);
	expect("value(1)\n    folklore: 1\n", "2", VERDICT_NOTED);
	expect("value(1) = 1\n    folklore: 2\n", "1", VERDICT_OK);
	expect("value(1) = 1\nvalue(2)\n", "5", VERDICT_OK);
	expect("value(1) = 1\nvalue(2)\n", "EINVAL", VERDICT_UNRESOLVED);
	expect("value(1) = 1\nvalue(2)\n", "hung", VERDICT_UNRESOLVED);
	expect("value(1) = 1\nvalue(2)\n", "died SIGKILL", VERDICT_UNRESOLVED);
	expect("value(1) = 1\nvalue(2)\n", "SIGBUS", VERDICT_UNRESOLVED);
	expect("value(1)\n", "EINVAL", VERDICT_NOTED);
	expect("value(1)\n", "1", VERDICT_NOTED);
	expect("value(1) = 1\n", "absent", VERDICT_UNSUPPORTED);
	expect("value(1) = 1\n", "gone", VERDICT_OK);
	expect("value(1)\n    posix: 1 if 0\n", "2", VERDICT_NOTED);
}
END_TEST

START_TEST(wants_of_success)
{
	static const char *const no[] = { "EINVAL", "SIGBUS", "died SIGBUS", "hung", "exited 0", "died" };
	size_t i;

	expect("value(1) = ok\n", "0", VERDICT_OK);
	expect("value(1) = ok\n", "-1", VERDICT_OK);
	for (i = 0; i < LEN(no); ++i) {
		expect("value(1) = ok\n", no[i], VERDICT_VIOLATION);
		expect("value(1) = 0\n", no[i], VERDICT_VIOLATION);
		expect("value(1) = ?\n", no[i], VERDICT_NOTED);
	}
	expect("value(1) = 2 + 3*4\n", "14", VERDICT_OK);
	expect("value(1) = 2 + 3*4\n", "15", VERDICT_VIOLATION);
	expect("a = value(1)\nb = value(a)\nvalue(b) = b + 7\n", "207", VERDICT_OK);
	expect("a = value(1)\nb = value(a)\nvalue(b) = b + 7\n", "107", VERDICT_VIOLATION);
	expect("value(1) = 1/0\n", "0", VERDICT_VIOLATION);
	expect("value(1) = 1\n", "\"1\"", VERDICT_VIOLATION);
}
END_TEST

START_TEST(wants_of_failure)
{
	expect("value(1) = EINVAL\n", "EINVAL", VERDICT_OK);
	expect("value(1) = EINVAL\n", "EACCES", VERDICT_VIOLATION);
	expect("value(1) = EINVAL\n", "0", VERDICT_VIOLATION);
	expect("value(1) = EINVAL\n", "22", VERDICT_VIOLATION);
	expect("value(1) = EINVAL\n", "SIGBUS", VERDICT_VIOLATION);
	expect("value(1) = fail\n", "EACCES", VERDICT_OK);
	expect("value(1) = fail\n", "0", VERDICT_VIOLATION);
	expect("value(1) = fail\n", "hung", VERDICT_VIOLATION);
	expect("value(1) = fail\n", "SIGSEGV", VERDICT_VIOLATION);
	expect("value(1) = hang\n", "hung", VERDICT_OK);
	expect("value(1) = hang\n", "EINTR", VERDICT_VIOLATION);
	expect("value(1) = hang\n", "0", VERDICT_VIOLATION);
}
END_TEST

START_TEST(alternatives)
{
	expect("value(1) = EINVAL or ok\n", "EINVAL", VERDICT_OK);
	expect("value(1) = EINVAL or ok\n", "3", VERDICT_OK);
	expect("value(1) = EINVAL or ok\n", "EACCES", VERDICT_VIOLATION);
	expect("value(1) = EINVAL or SIGBUS or 3\n", "3", VERDICT_OK);
	expect("value(1) = EINVAL or SIGBUS or 3\n", "SIGBUS", VERDICT_OK);
	expect("value(1) = EINVAL or SIGBUS or 3\n", "4", VERDICT_VIOLATION);
	expect("value(1) = 1 or ?\n", "EINVAL", VERDICT_NOTED);
	/* Whom `?` allows everything, nothing that he says besides is a claim. */
	expect("value(1) = 1 or ?\n", "1", VERDICT_NOTED);
}
END_TEST

START_TEST(signals)
{
	expect("load(8) = SIGBUS\n", "SIGBUS BUS_ADRERR 8192", VERDICT_OK);
	expect("load(8) = SIGBUS\n", "SIGSEGV", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS\n", "died SIGBUS", VERDICT_OK);
	expect("load(8) = SIGBUS\n", "died SIGKILL", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS\n", "died", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS\n", "7", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS BUS_ADRERR\n", "SIGBUS BUS_ADRERR", VERDICT_OK);
	expect("load(8) = SIGBUS BUS_ADRERR\n", "SIGBUS BUS_ADRALN", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS BUS_ADRERR\n", "died SIGBUS", VERDICT_VIOLATION);
	expect("load(8) = SIGSEGV SEGV_MAPERR or SIGSEGV SEGV_ACCERR\n", "SIGSEGV SEGV_ACCERR", VERDICT_OK);
	expect("load(8) = SIGSEGV SI_USER\n", "SIGSEGV SI_USER", VERDICT_OK);
	expect("p = value(1)\nload(8) = SIGBUS at p + 1\n", "SIGBUS 101", VERDICT_OK);
	expect("p = value(1)\nload(8) = SIGBUS at p + 1\n", "SIGBUS 100", VERDICT_VIOLATION);
	expect("p = value(1)\nload(8) = SIGBUS at p + 1\n", "died SIGBUS", VERDICT_VIOLATION);
	expect("p = value(1)\nload(8) = SIGBUS BUS_ADRERR at p\n", "SIGBUS BUS_ADRERR 100", VERDICT_OK);
	expect("p = value(1)\nload(8) = SIGBUS BUS_ADRERR at p\n", "SIGBUS BUS_ADRALN 100", VERDICT_VIOLATION);
	expect("load(8) = SIGBUS at 1/0\n", "SIGBUS", VERDICT_VIOLATION);
}
END_TEST

START_TEST(texts)
{
	expect("loads(0, 3) = \"abc\"\n", "\"abc\"", VERDICT_OK);
	expect("loads(0, 3) = \"abc\"\n", "\"abd\"", VERDICT_VIOLATION);
	expect("loads(0, 3) = \"abc\"\n", "\"abcd\"", VERDICT_VIOLATION);
	expect("loads(0, 3) = \"abc\"\n", "\"ab\"", VERDICT_VIOLATION);
	expect("loads(0, 3) = \"a\\0c\"\n", "\"a\\0c\"", VERDICT_OK);
	expect("loads(0, 3) = \"a\\0c\"\n", "\"a\\0d\"", VERDICT_VIOLATION);
	expect("loads(0, 3) = \"\"\n", "\"\"", VERDICT_OK);
	expect("loads(0, 3) = \"\"\n", "0", VERDICT_VIOLATION);
	/* Only a page map has patterns. */
	expect("loads(0, 3) = \"a*\"\n", "\"aaa\"", VERDICT_VIOLATION);
	expect("loads(0, 3) = \"a*\"\n", "\"a*\"", VERDICT_OK);
}
END_TEST

START_TEST(page_maps)
{
	static const struct { const char *pattern, *map; int met; } table[] = {
		{ "wwB", "wwB", 1 }, { "wwB", "wwBB", 0 }, { "wwB", "ww", 0 }, { "w*B*", "wwBB", 1 }, { "w*B*", "BB", 1 }, { "w*B*", "ww", 1 },
		{ "w*B*", "", 1 }, { "w*B*", "wBw", 0 }, { "w*B*", "S", 0 }, { "w*", "w", 1 }, { "w*", "r", 0 }, { "w*w", "www", 1 },
		{ "w*w", "w", 1 }, { "w*w", "", 0 }, { "w*wB", "wwB", 1 }, { "w*wB", "B", 0 }, { "", "", 1 }, { "", "w", 0 },
		{ "ww*B", "B", 0 }, { "ww*B", "wB", 1 }, { "r*w*r*", "rrwwr", 1 }, { "r*w*r*", "rwrw", 0 },
	};
	struct buffer script = { NULL, 0, 0 }, map = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		buffer_clear(&script);
		buffer_clear(&map);
		buffer_fmt(&script, "scan(0, 5) = \"%s\"\n", table[i].pattern);
		buffer_fmt(&map, "\"%s\"", table[i].map);
		expect(buffer_text(&script), buffer_text(&map), table[i].met ? VERDICT_OK : VERDICT_VIOLATION);
	}
	expect("scan(0, 5) = \"w*\"\n", "EFAULT", VERDICT_VIOLATION);
	buffer_free(&script);
	buffer_free(&map);
}
END_TEST

/* Of what is seen in a race all must be claimed, but not all that is claimed need be seen. */
START_TEST(sets)
{
	static const struct { const char *want, *seen; int met; } table[] = {
		{ "ok", "ok", 1 }, { "ok, SIGBUS", "ok", 1 }, { "ok, SIGBUS", "SIGBUS", 1 }, { "ok, SIGBUS", "ok, SIGBUS", 1 },
		{ "ok", "ok, SIGBUS", 0 }, { "ok, SIGBUS", "SIGSEGV", 0 }, { "ok, SIGBUS", "ok, wrong", 0 }, { "ok, SIGBUS", "SIG", 0 },
		{ "ok, SIGBUS", "BUS", 0 }, { "ok, SIGBUS", "o", 0 }, { "", "ok", 0 }, { "ok", "", 0 }, { "SIGBUS, ok", "ok, SIGBUS", 1 },
	};
	struct buffer script = { NULL, 0, 0 }, seen = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		buffer_clear(&script);
		buffer_clear(&seen);
		buffer_fmt(&script, "contend(\"load\", \"load\", 1, 0) = \"%s\"\n", table[i].want);
		buffer_fmt(&seen, "\"%s\"", table[i].seen);
		expect(buffer_text(&script), buffer_text(&seen), table[i].met ? VERDICT_OK : VERDICT_VIOLATION);
	}
	expect("race(0, 5) = \"kept, lost\"\n", "EFAULT", VERDICT_VIOLATION);
	buffer_free(&script);
	buffer_free(&seen);
}
END_TEST

/* A pattern of several stars on the longest map: the answer must come. */
START_TEST(page_maps_are_fast)
{
	struct buffer map = { NULL, 0, 0 };
	int i;

	buffer_str(&map, "\"");
	for (i = 0; i < 250; ++i)
		buffer_str(&map, "w");
	buffer_str(&map, "\"");
	expect("scan(0, 5) = \"w*w*w*w*w*w*w*w*w*w*w*w*B\"\n", buffer_text(&map), VERDICT_VIOLATION);
	buffer_free(&map);
}
END_TEST

START_TEST(first_claim_that_holds)
{
	static const char script[] = "n = value(0)\nvalue(1)\n    posix: 1 if n == 5\n    posix: 2 if n == 100\n    posix: 3\n";

	expect(script, "2", VERDICT_OK);
	expect(script, "3", VERDICT_VIOLATION);
	expect(script, "1", VERDICT_VIOLATION);
	/* A condition without a value does not hold. */
	expect("value(1)\n    posix: 1 if 1/0\n    posix: 2\n", "2", VERDICT_OK);
	expect("value(1)\n    posix: 1 if \"x\"\n    posix: 2\n", "2", VERDICT_OK);
	expect("value(1)\n    linux freebsd: 1\n    linux: 2\n", "2", VERDICT_SURPRISE);
}
END_TEST

START_TEST(most_special_first)
{
	static const char script[] = "value(1)\n    linux: 1\n    x86_64: 2\n    musl: 3\n    ext4: 4\n";
	static const char *const names[] = { "ext4", "musl", "x86_64", "linux" };
	static const char *const outcomes[] = { "4", "3", "2", "1" };
	int i, j;

	for (i = 0; i < 4; ++i) {
		for (j = i; j < (int)LEN(names); ++j)
			here.names[j - i] = names[j];
		here.nnames = (int)LEN(names) - i;
		for (j = 0; j < (int)LEN(names); ++j)
			expect(script, outcomes[j], i == j ? VERDICT_OK : VERDICT_SURPRISE);
	}
	here.nnames = 0;
	expect(script, "1", VERDICT_NOTED);
}
END_TEST

START_TEST(editions)
{
	static const char script[] = "value(1)\n    posix: 1\n    posix2001: 2\n    posix2024: 3 if 0\n";

	expect(script, "1", VERDICT_OK);
	expect(script, "2", VERDICT_VIOLATION);
	bench.edition = "posix2001";
	expect(script, "2", VERDICT_OK);
	expect(script, "1", VERDICT_VIOLATION);
	ck_assert_str_eq(opinion[0].who, "posix2001");
	bench.edition = "posix2024";
	expect(script, "1", VERDICT_OK);
	expect(script, "3", VERDICT_VIOLATION);
	ck_assert_str_eq(opinion[0].who, "posix");
	bench.edition = "posix2008";
	expect(script, "1", VERDICT_OK);
}
END_TEST

START_TEST(opinions)
{
	judge("value(1)\n    folklore: 1\n    linux: 2\n    posix: ok\n    freebsd: 3\n", "2");
	ck_assert_int_eq(nopinions, 3);
	ck_assert_str_eq(opinion[0].who, "posix");
	ck_assert_int_eq(opinion[0].met, 1);
	ck_assert_str_eq(opinion[1].who, "linux");
	ck_assert_int_eq(opinion[1].met, 1);
	ck_assert_str_eq(opinion[2].who, "folklore");
	ck_assert_int_eq(opinion[2].met, 0);
	judge("value(1)\n    freebsd: 1\n", "2");
	ck_assert_int_eq(nopinions, 0);
	judge("value(1)\n    folklore: 1\n", "2");
	ck_assert_int_eq(nopinions, 1);
	ck_assert_str_eq(opinion[0].who, "folklore");
}
END_TEST

START_TEST(words)
{
	int v, w;

	for (v = 0; v < VERDICTS; ++v) {
		ck_assert_str_ne(verdict_word((enum verdict)v), "");
		ck_assert_str_ne(verdict_means((enum verdict)v), "");
		for (w = 0; w < v; ++w)
			ck_assert_str_ne(verdict_word((enum verdict)v), verdict_word((enum verdict)w));
	}
	ck_assert_str_eq(verdict_word(VERDICT_OK), "ok");
	ck_assert_str_eq(verdict_word(VERDICT_VIOLATION), "violation");
	ck_assert_str_eq(verdict_word(VERDICT_UNRESOLVED), "unresolved");
	ck_assert_str_eq(verdict_word(VERDICT_DEVIATES), "deviates");
	/* What the exit status and a case's verdict rest on. */
	ck_assert(VERDICT_OK < VERDICT_NOTED && VERDICT_NOTED < VERDICT_UNSUPPORTED && VERDICT_UNSUPPORTED < VERDICT_UNRESOLVED
		&& VERDICT_UNRESOLVED < VERDICT_SURPRISE && VERDICT_SURPRISE < VERDICT_VIOLATION);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("judge");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, each_verdict);
	tcase_add_test(t, wants_of_success);
	tcase_add_test(t, wants_of_failure);
	tcase_add_test(t, alternatives);
	tcase_add_test(t, signals);
	tcase_add_test(t, texts);
	tcase_add_test(t, page_maps);
	tcase_add_test(t, sets);
	tcase_add_test(t, page_maps_are_fast);
	tcase_add_test(t, first_claim_that_holds);
	tcase_add_test(t, most_special_first);
	tcase_add_test(t, editions);
	tcase_add_test(t, opinions);
	tcase_add_test(t, words);
	return help_run(t);
}
