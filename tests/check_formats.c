/*
 * The reports for other programs, of outcomes that no platform gives when it is asked to, and of texts that try to break out.
 * With the name of a format, prints the report on all of them, for formats.sh to have it read by others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "brief.h"
#include "fake.h"
#include "help.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"
#include "utf8.h"

/* What a script, a file's name or a platform's memory may hold. */
#define EVIL "q\\\"a' <b>&amp; ]]> \\x1b[31m \xff\xc0\x80\xed\xa0\x80 \xc3\xa9 | %0A ::error::x \\n# SKIP \\\\ `c` *d* $(e)"

static const struct {
	const char *script, *outcomes;
} samples[] = {
	{ "probe good \"all is well\"\nmunmap(NULL, 0) = EINVAL\n", "EINVAL" },
	{ "probe bad \"" EVIL "\"\neach x = 1, 2\nmunmap(NULL, x)\n    posix: ok or EIO \"" EVIL "\"\n", "EINVAL; EIO" },
	{ "probe odd \"not what Linux does\"\nfd = open(\"d|<&>\", 0)\nmunmap(NULL, 1)\n    posix: ?\n    linux: ok\n", "3; EAGAIN" },
	{ "probe unput \"the question was never put\"\nfd = open(\"a\", 0)\nclose(fd) = 0\n", "ENOENT" },
	{ "probe nameless \"an errno without a name\"\nmunmap(NULL, 0) = 0\n", "9999" },
	{ "probe hangs \"no answer\"\nmunmap(NULL, 0) = 0\nclose(1) = 0\n", "hung; gone" },
	{ "probe dies \"a process dies\"\nk = fork()\nk: load(0) = SIGSEGV\nk: load(0)\n", "1; died SIGKILL; gone" },
	{ "probe vanishes \"a process dies of something\"\nk = fork()\nk: load(0) = SIGSEGV\n", "1; died" },
	{ "probe exits \"a process ends\"\nk = fork()\nk: exit(3)\nvalue(1) = 1\n", "1; 3; 1" },
	{ "probe faults \"a code without a name\"\nload(0) = SIGBUS BUS_ADRERR\n", "SIGSEGV 0x7fffffff0000" },
	{ "probe near \"an address by a variable\"\np = mmap(NULL, 1, 1, 1, 1, 0)\nload(p) = SIGBUS BUS_ADRERR at p\n",
	  "0x500000000000; SIGBUS BUS_ADRERR 0x500000001003" },
	{ "probe bytes \"what memory held\"\nreads(1, 8)\n    posix: \"abc\"\n", "\"\\0a\\\"<&\\n|\\\\]]>\"" },
	{ "probe gives \"values without a name\"\nmmap(NULL, 1, 1, 1, 1, 0)\nopen(\"a\", 0)\nmtime(3)\nscan(0, 9)\n"
	  "    posix: \"w\" or \"B\"\n", "0x500000000000; 3; 1700000000; \"wB\"" },
	{ "probe adds \"a number that is an address\"\np = mmap(NULL, 1, 1, 1, 1, 0)\nvalue(p + PAGE)\nclose(9) = 0\n", "0x500000000000; 0x500000001000; 0" },
	{ "probe lacks \"a call is absent\"\nmemfd_create(\"a\", 0)\n", "absent" },
	{ "probe needs \"a need is not met\"\nneed 0 \"" EVIL "\"\nvalue(1) = 1\n", "" },
	{ "probe known \"it deviates\"\nmsync(NULL, 1, 0)\n    posix: EINVAL\n    linux deviates: ok\n", "0" },
	{ "probe mended \"it conforms\"\nmsync(NULL, 1, 0)\n    posix: EINVAL\n    linux deviates: ok\n", "EINVAL" },
	{ "probe explores \"no claims\"\nvalue(-5)\n", "-5" },
};

static struct here here;
static struct script scripts[LEN(samples)];
static struct arena arena;

static void
set_up(void)
{
	here_pretend(&here, "linux", 4096);
	strcpy(here.release, "6 <|%\xff");
	symbol_set("PAGE", 4096);
	symbol_set("ROOT", 0);
}

static int
run_sample(size_t i, struct result *r, int most)
{
	struct buffer error = { NULL, 0, 0 };
	struct bench bench = { NULL, &here };
	struct platform p;
	struct fake f;
	struct trial *t;
	int n = 0, k;

	if (script_parse(&scripts[i], "sample", samples[i].script, strlen(samples[i].script), "sample", 0, &error) < 0
	    || fake_parse(&f, samples[i].outcomes, strlen(samples[i].outcomes), &error) < 0) {
		fprintf(stderr, "%s\n", buffer_text(&error));
		exit(1);
	}
	f.literal = 1;
	scripts[i].probes->topic = i < 3 ? "topic <|>\"%,:\xff" : "plain";
	fake_platform(&p, &f);
	for (t = run_trials(scripts[i].probes, NULL, 0, &arena, &error); t && n < most; t = t->next)
		run_trial(t, &p, 0, &bench, &r[n++]);
	/* What has no name here, a list cannot say. */
	for (k = 0; k < n && strcmp(scripts[i].probes->name, "nameless") == 0; ++k) {
		r[k].seen[0].outcome.how = OUTCOME_FAILED;
		r[k].seen[0].outcome.err = 9999;
	}
	for (k = 0; k < n && strcmp(scripts[i].probes->name, "faults") == 0; ++k)
		r[k].seen[0].outcome.code = 7777;
	fake_free(&f);
	return n;
}

/* The report on the samples from one on. */
static void
report(FILE *f, const struct reporter *to, size_t first, size_t n)
{
	struct totals totals;
	struct style style;
	struct result r[4];
	size_t i;
	int k, cases;

	memset(&totals, 0, sizeof totals);
	memset(&style, 0, sizeof style);
	style.all = n > 1;
	totals.seconds = 0.25;
	to->begin(f, &style, &here);
	for (i = first; i < first + n; ++i) {
		cases = run_sample(i, r, LEN(r));
		to->probe(f, r, cases);
		++totals.probes;
		for (k = 0; k < cases; ++k) {
			++totals.cases;
			++totals.by[r[k].verdict];
			run_free(&r[k]);
		}
	}
	to->end(f, &totals);
	for (i = first; i < first + n; ++i)
		script_free(&scripts[i]);
}

static size_t
sample(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(samples); ++i)
		if (strncmp(samples[i].script + 6, name, strlen(name)) == 0)
			return i;
	ck_abort_msg("no sample is called %s", name);
	return 0;
}

/* The report on one sample holds all these texts, one behind the other. */
static void
expect(const char *format, const char *name, const char *const want[])
{
	char *text = NULL, *at;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	report(f, reporter_find(format), sample(name), 1);
	fclose(f);
	for (at = text; *want; ++want) {
		at = strstr(at, *want);
		ck_assert_msg(at != NULL, "the %s report on %s lacks, or has elsewhere, %s:\n%s", format, name, *want, text);
		at += strlen(*want);
	}
	free(text);
}

#define EXPECT(format, name, ...) expect(format, name, (const char *const []){ __VA_ARGS__, NULL })

START_TEST(tap)
{
	EXPECT("tap", "good", "TAP version 14\n# linux 6 <|%\357\277\275 ", "\nok 1 - good: all is well\n1..1\n# 1 case of 1 probe: 1 ok\n");
	EXPECT("tap13", "good", "TAP version 13\n", "\nok 1 - good: all is well\n1..1\n");
	EXPECT("tap", "bad", "\nnot ok 1 - bad x=1: q\"a' <b>&amp; ]]> \357\277\275[31m ", " | %0A ::error::x  \\# SKIP \\\\ `c`",
	    "\n  ---\n  verdict: \"violation\"\n", "\n  step: \"munmap(NULL, x)\"\n  got: \"EINVAL\"\n  expected: \"ok or EIO\"\n  by: \"posix\"\n"
	    "  note: \"q\\\"a' <b>&amp; ]]> \\x1b[31m ", " ::error::x \\n# SKIP \\\\ `c`", "\"\n  ...\nok 2 - bad x=2");
	EXPECT("tap", "odd", "\nnot ok 1 - odd: not what Linux does\n  ---\n  verdict: \"surprise\"", "  got: \"EAGAIN\"\n  expected: \"ok\"\n  by: \"linux\"\n  ...");
	EXPECT("tap", "unput", "\nnot ok 1 ", "verdict: \"unresolved\"", "got: \"ENOENT\"\n  expected: \"ok\"\n  ...\n");
	EXPECT("tap", "lacks", "\nok 1 - lacks: a call is absent # SKIP memfd_create\n");
	EXPECT("tap", "needs", "\nok 1 - needs: a need is not met # SKIP q\"a'", " | %0A ::error::x  # SKIP");
	EXPECT("tap", "known", "\nok 1 - known: it deviates\n# deviates: msync(NULL, 1, 0): got 0, expected EINVAL (posix)\n1..1");
	EXPECT("tap", "mended", "\nok 1 - mended: it conforms\n# conforms: msync(NULL, 1, 0): got EINVAL, expected ok (linux)\n");
	EXPECT("tap", "explores", "\nok 1 - explores: no claims\n# noted: value(-5): got -5, expected anything\n");
}
END_TEST

START_TEST(json)
{
	EXPECT("json", "good", "{\"schema\":1,\"platform\":{\"system\":\"linux\",\"release\":\"6 <|%\357\277\275\"", "\n\"cases\":[\n{\"topic\":\"topic <|>\\\"%,:\357\277\275\",\"probe\":\"good\"",
	    "\"verdict\":\"ok\",\"reason\":\"every claim is met\",\"decided_by\":null", "\n],\n\"totals\":{\"probes\":1,\"cases\":1,", "\"seconds\":0.25}\n");
	EXPECT("json", "bad", "\"title\":\"q\\\"a' <b>&amp; ]]> \\u001b[31m \357\277\275", "\303\251 | %0A ::error::x \\u000a# SKIP \\\\ `c`", "\"parameters\":{\"x\":\"1\"}",
	    "\"decided_by\":0", "{\"by\":\"posix\",\"met\":false,\"deviates\":false,\"allowed\":[\"ok\",\"EIO\"],\"note\":\"q\\\"a'");
	EXPECT("json", "unput", "\"how\":\"failed\",\"errno\":\"ENOENT\"", "\"how\":\"unreached\",\"text\":\"not reached: fd has no value\"");
	EXPECT("json", "nameless", "\"errno\":\"errno 9999\"");
	EXPECT("json", "hangs", "\"outcome\":{\"how\":\"hung\",", "\"how\":\"unreached\"");
	EXPECT("json", "dies", "\"type\":\"process\",\"value\":\"k\"", "\"process\":\"k\"", "\"how\":\"died\",\"signal\":\"SIGKILL\"");
	EXPECT("json", "vanishes", "\"how\":\"died\",\"signal\":null");
	EXPECT("json", "exits", "\"how\":\"exited\",\"status\":3");
	EXPECT("json", "faults", "\"how\":\"caught\",\"signal\":\"SIGSEGV\",\"code\":\"code 7777\",\"address\":null");
	EXPECT("json", "near", "\"type\":\"address\",\"value\":\"p\"", "\"signal\":\"SIGBUS\",\"code\":\"BUS_ADRERR\",\"address\":\"p+PAGE+3\"");
	EXPECT("json", "bytes", "\"type\":\"text\",\"value\":\"\\u0000a\\\"<&\\u000a|\\\\]]>\"");
	EXPECT("json", "gives", "\"type\":\"address\",\"value\":null", "\"type\":\"descriptor\",\"value\":null", "\"type\":\"time\",\"value\":null", "\"type\":\"map\",\"value\":\"wB\"");
	EXPECT("json", "adds", "\"type\":\"address\",\"value\":\"p\"", "\"type\":\"address\",\"value\":null,\"text\":\"an address\"");
	EXPECT("json", "lacks", "\"verdict\":\"unsupported\",\"reason\":\"memfd_create\",\"decided_by\":0", "\"how\":\"absent\",\"name\":\"memfd_create\"");
	EXPECT("json", "needs", "\"reason\":\"q\\\"a'", "\"decided_by\":null,\"steps\":[]");
	EXPECT("json", "explores", "\"type\":\"number\",\"value\":-5");
	EXPECT("jsonl", "explores", "{\"schema\":1,", "]}}\n{\"topic\"", "]}\n{\"totals\":{", "\"seconds\":0.25}\n");
}
END_TEST

START_TEST(junit)
{
	EXPECT("junit", "good", " tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.25\">", "<testsuite name=\"topic &#60;|&#62;&#34;%,:\357\277\275\"",
	    "<testcase name=\"good\" classname=\"mmprobe.topic &#60;|&#62;&#34;%,:\357\277\275\"></testcase>");
	EXPECT("junit", "bad", " tests=\"2\" failures=\"1\" errors=\"0\"", "<failure message=\"munmap(NULL, x): got EINVAL, expected ok or EIO (posix: q&#34;a&#39; &#60;b&#62;&#38;amp; ]]&#62; \357\277\275[31m",
	    " type=\"violation\">munmap(NULL, x)  = EINVAL&#10;", "</failure>");
	EXPECT("junit", "unput", " failures=\"0\" errors=\"1\" skipped=\"0\"", "<error message=\"fd = open(", "type=\"unresolved\"");
	EXPECT("junit", "odd", " failures=\"1\"", "got EAGAIN, expected ok (linux)", "type=\"surprise\"");
	EXPECT("junit", "needs", " skipped=\"1\"", "<skipped message=\"q&#34;a", "\"></skipped>");
	EXPECT("junit", "known", " failures=\"0\"", "<system-out>deviates: POSIX is not met");
}
END_TEST

START_TEST(github)
{
	EXPECT("github", "good", "1 case of 1 probe: 1 ok; linux 6 <|%25\357\277\275");
	EXPECT("github", "bad", "::error title=mmprobe%3A violation%3A bad x=1::munmap(NULL, x): got EINVAL, expected ok or EIO (posix: q\"a' <b>&amp; ]]> \357\277\275[31m ",
	    " | %250A ::error::x %0A# SKIP \\ `c`", "\n2 cases of 1 probe: 1 ok, 1 violation;");
	EXPECT("github", "odd", "::warning title=mmprobe%3A surprise%3A odd::");
	EXPECT("github", "unput", "::error title=mmprobe%3A unresolved%3A unput::");
}
END_TEST

START_TEST(markdown)
{
	EXPECT("markdown", "good", "### mmprobe: linux 6 &#60;&#124;%\357\277\275", "\n| ok | 1 | every claim is met |\n");
	EXPECT("markdown", "bad", "| violation | <code>bad x=1</code> | <code>munmap(NULL, x)</code> | <code>EINVAL</code> | <code>ok or EIO</code> | posix: q\"a' &#60;b&#62;&#38;amp; &#93;&#93;&#62; \357\277\275&#91;31m",
	    " &#124; %0A ::error::x  # SKIP &#92; &#96;c&#96; &#42;d&#42; &#36;(e) |\n", "<details><summary>violation: <code>bad x=1</code>", "<pre>\nmunmap(NULL, x)  = EINVAL\n", "</pre>\n</details>\n");
	EXPECT("markdown", "needs", "| unsupported | <code>needs</code> | | | | q\"a' &#60;b");
}
END_TEST

/* Nothing steers a terminal, in whatever format, and every text is UTF-8. */
START_TEST(no_control_characters)
{
	char *text = NULL;
	const char *name;
	size_t n, i, len;
	uint32_t c;
	FILE *f;
	int k;

	for (k = 1; (name = reporter_name(k)); ++k) {
		f = open_memstream(&text, &n);
		report(f, reporter_find(name), 0, LEN(samples));
		fclose(f);
		ck_assert_uint_gt(n, 0);
		ck_assert_uint_eq(strlen(text), n);
		ck_assert_int_eq(text[n - 1], '\n');
		for (i = 0; i < n; i += len) {
			len = utf8_next(text + i, n - i, &c);
			ck_assert_msg(c == '\n' || !utf8_is_control(c), "%s holds U+%04X at %lu", name, (unsigned)c, (unsigned long)i);
			ck_assert_msg(c != UTF8_REPLACEMENT || len == 3, "%s is no UTF-8 at %lu", name, (unsigned long)i);
		}
		free(text);
	}
}
END_TEST

START_TEST(utf8)
{
	static const struct { const char *text; size_t n, len; uint32_t c; } table[] = {
		{ "a", 1, 1, 'a' }, { "\0", 1, 1, 0 }, { "\xc3\xa9", 2, 2, 0xe9 }, { "\xe2\x82\xac", 3, 3, 0x20ac }, { "\xf0\x9f\x98\x80", 4, 4, 0x1f600 },
		{ "\xf4\x8f\xbf\xbd", 4, 4, 0x10fffd }, { "\xdf\xbf", 2, 2, 0x7ff }, { "\xe0\xa0\x80", 3, 3, 0x800 }, { "\xef\xbf\xbd", 3, 3, 0xfffd },
		{ "\xc3\xa9", 1, 1, 0xfffd }, { "\x80", 1, 1, 0xfffd }, { "\xc0\x80", 2, 1, 0xfffd }, { "\xe0\x9f\xbf", 3, 1, 0xfffd },
		{ "\xf0\x8f\xbf\xbf", 4, 1, 0xfffd }, { "\xed\xa0\x80", 3, 1, 0xfffd }, { "\xf4\x90\x80\x80", 4, 1, 0xfffd }, { "\xef\xbf\xbe", 3, 1, 0xfffd },
		{ "\xef\xbf\xbf", 3, 1, 0xfffd }, { "\xf8\x88\x80\x80\x80", 5, 1, 0xfffd }, { "\xff", 1, 1, 0xfffd }, { "\xc3\x28", 2, 1, 0xfffd },
	};
	struct buffer b = { NULL, 0, 0 };
	uint32_t c;
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		ck_assert_msg(utf8_next(table[i].text, table[i].n, &c) == table[i].len && c == table[i].c, "row %lu gives U+%04X", (unsigned long)i,
		    (unsigned)c);
		if (table[i].len < table[i].n || c == UTF8_REPLACEMENT)
			continue;
		buffer_clear(&b);
		utf8_add(&b, c);
		ck_assert_uint_eq(b.len, table[i].n);
		ck_assert_int_eq(memcmp(b.data, table[i].text, b.len), 0);
	}
	buffer_free(&b);
}
END_TEST

/* Of many only those are annotations that are shown: what says something new, then the worst. */
START_TEST(github_shows_ten)
{
	struct bench bench = { NULL, &here };
	struct buffer lines = { NULL, 0, 0 }, error = { NULL, 0, 0 }, outcomes = { NULL, 0, 0 };
	struct platform on;
	struct totals totals;
	struct style style;
	struct script s;
	struct result r;
	struct fake fake;
	const struct probe *p;
	char *text = NULL, *at, *last = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	int i, errors = 0, warnings = 0;

	for (i = 0; i < 12; ++i) {
		buffer_fmt(&lines, "probe refused_%d \"%%\"\nclose(3) = ok\nprobe set_up_%d \"a\"\nclose(3)\nmunmap(NULL, 0) = 0\n"
			"probe odd_%d \"a\"\nclose(4)\n  posix: ?\n  linux: EBADF\n", i, i, i);
		buffer_str(&outcomes, "EIO; EIO; 0; 0;");
	}
	buffer_str(&lines, "probe new \"a\"\nmunmap(NULL, 0) = EINVAL\nprobe fine \"a\"\nmunmap(NULL, 0) = EINVAL\n");
	buffer_str(&outcomes, "0; EINVAL");
	help_parse(&s, lines.data);
	ck_assert_int_eq(fake_parse(&fake, outcomes.data, outcomes.len, &error), 0);
	fake_platform(&on, &fake);
	memset(&totals, 0, sizeof totals);
	memset(&style, 0, sizeof style);
	reporter_github.begin(f, &style, &here);
	for (p = s.probes; p; p = p->next) {
		run_trial(run_trials(p, NULL, 0, &arena, &error), &on, 0, &bench, &r);
		reporter_github.probe(f, &r, 1);
		run_free(&r);
	}
	reporter_github.end(f, &totals);
	fclose(f);
	ck_assert_int_eq(fake.at, fake.n);
	ck_assert_int_eq(strncmp(text, "::error title=mmprobe%3A violation%3A refused_0::", 49), 0);
	ck_assert_int_eq(strncmp(strchr(text, '\n') + 1, "::error title=mmprobe%3A violation%3A new::", 43), 0);
	for (at = text; strncmp(at, "::group::", 9) != 0; at = strchr(at, '\n') + 1) {
		errors += strncmp(at, "::error ", 8) == 0;
		warnings += strncmp(at, "::warning ", 10) == 0;
		last = at;
	}
	ck_assert_int_eq(errors, 10);
	ck_assert_int_eq(warnings, 10);
	ck_assert_int_eq(strncmp(last, "::warning title=mmprobe%3A surprise%3A odd_9::", 46), 0);
	at[-1] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "violation%3A refused_0::"));
	ck_assert_ptr_nonnull(strstr(text, "violation%3A refused_8::"));
	ck_assert_ptr_null(strstr(text, "violation%3A refused_9::"));
	ck_assert_ptr_null(strstr(text, "unresolved"));
	ck_assert_int_eq(strncmp(at, "::group::17 more that are amiss\n"
		"violation: refused_9: close(3): got EIO, expected ok (posix)\n", 90), 0);
	ck_assert_ptr_nonnull(strstr(at, "\nunresolved: set_up_11: close(3): got EIO, expected ok\n"));
	ck_assert_ptr_nonnull(strstr(at, "\nsurprise: odd_10: close(4): got 0, expected EBADF (linux)\n"
		"surprise: odd_11: close(4): got 0, expected EBADF (linux)\n::endgroup::\n"
		"one reason for 24 of the 37 that are amiss: close() = EIO\n0 cases of 0 probes; linux"));
	free(text);
	fake_free(&fake);
	script_free(&s);
	buffer_free(&lines);
	buffer_free(&outcomes);
}
END_TEST

int
main(int argc, char *argv[])
{
	TCase *t;

	set_up();
	if (argc > 1) {
		if (!reporter_find(argv[1]))
			return EXIT_FAILURE;
		report(stdout, reporter_find(argv[1]), 0, LEN(samples));
		return EXIT_SUCCESS;
	}
	t = tcase_create("formats");
	tcase_add_test(t, tap);
	tcase_add_test(t, json);
	tcase_add_test(t, junit);
	tcase_add_test(t, github);
	tcase_add_test(t, github_shows_ten);
	tcase_add_test(t, markdown);
	tcase_add_test(t, no_control_characters);
	tcase_add_test(t, utf8);
	return help_run(t);
}
