#include <string.h>
#include "fake.h"
#include "help.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

static struct here here;
static struct bench bench;
static struct script script;
static struct arena arena;
static struct result result;
static struct buffer text;

static void
setup(void)
{
	here_pretend(&here, "linux", 4096);
	bench.here = &here;
	symbol_set("PAGE", 4096);
}

static void
run(const char *lines, const char *outcomes)
{
	struct buffer error = { NULL, 0, 0 };
	struct platform p;
	struct fake f;

	help_parse(&script, lines);
	ck_assert_msg(fake_parse(&f, outcomes, strlen(outcomes), &error) == 0, "%s", buffer_text(&error));
	fake_platform(&p, &f);
	run_trial(run_trials(script.probes, NULL, 0, &arena, &error), &p, 0, &bench, &result);
	ck_assert_int_eq(f.missing, 0);
	fake_free(&f);
}

/* What is said of the last step. */
static void
expect(const char *lines, const char *outcomes, const char *want)
{
	run(lines, outcomes);
	buffer_clear(&text);
	report_outcome(&text, &result, script.probes->nsteps - 1);
	ck_assert_msg(strcmp(buffer_text(&text), want) == 0, "%sgiven %s is told as '%s', not '%s'", lines, outcomes, buffer_text(&text),
		want);
	run_free(&result);
	script_free(&script);
}

START_TEST(returned)
{
	expect("ftruncate(3, 1)\n", "0", "= 0");
	expect("lseek(3, 1, 0)\n", "-5", "= -5");
	expect("value(1)\n", "9223372036854775807", "= 9223372036854775807");
	expect("fd = open(\"a\", 0)\n", "3", "= fd");
	expect("open(\"a\", 0)\n", "3", "= a descriptor");
	expect("k = fork()\n", "1", "= k");
	expect("p = mmap(NULL, 1, 1, 1, 1, 0)\n", "0x7f0000000000", "= p");
	expect("p = mmap(NULL, 1, 1, 1, 1, 0)\nmmap(p, 1, 1, 1, 1, 0)\n", "0x7f0000000000; 0x7f0000002000", "= p+2*PAGE");
	expect("p = mmap(NULL, 1, 1, 1, 1, 0)\np = mmap(p, 1, 1, 1, 1, 0)\n", "0x7f0000000000; 0x7f0000002000", "= p");
	expect("load(0)\n", "75", "= 'K'");
	expect("load(0)\n", "0", "= 0");
	expect("load(0)\n", "39", "= 39");
	expect("load(0)\n", "92", "= 92");
	expect("load(0)\n", "200", "= 200");
	expect("load(0, 4)\n", "70000", "= 70000");
	expect("byteat(3, 0)\n", "-1", "= -1");
	expect("reads(3, 4)\n", "\"ab\"", "= \"ab\"");
	expect("reads(3, 4)\n", "\"\"", "= \"\"");
	expect("scan(0, 4)\n", "\"wB\"", "= \"wB\"");
	expect("exit(3)\n", "3", "exited 3");
}
END_TEST

START_TEST(other_outcomes)
{
	expect("value(1)\n", "EINVAL", "= EINVAL");
	expect("k = fork()\nvalue(1)\n", "1; hung", "hung: no answer in time");
	expect("value(1)\n", "absent", "unsupported: value");
	expect("value(1)\n", "died SIGKILL", "died of SIGKILL");
	expect("value(1)\n", "exited 7", "exited 7");
	expect("value(1)\n", "died", "died");
	expect("x = value(1)\nvalue(x)\n", "EIO", "not reached: x has no value");
	expect("k = fork()\nk: value(1)\n", "1; gone", "not reached: k is gone");
	expect("value(1)\n", "gone", "not reached: the process is gone");
	expect("close(1 << 40)\n", "", "unsupported: a number that fits no int");
	expect("need 0\nvalue(1)\n", "", "not run");
}
END_TEST

START_TEST(unknown_numbers)
{
	struct outcome *o;

	run("value(1)\n", "EINVAL");
	o = &result.seen[0].outcome;
	o->err = 9999;
	buffer_clear(&text);
	report_outcome(&text, &result, 0);
	ck_assert_str_eq(buffer_text(&text), "= errno 9999");
	o->how = OUTCOME_DIED;
	o->sig = 120;
	buffer_clear(&text);
	report_outcome(&text, &result, 0);
	ck_assert_str_eq(buffer_text(&text), "died of signal 120");
	o->how = OUTCOME_CAUGHT;
	o->code = 7777;
	buffer_clear(&text);
	report_outcome(&text, &result, 0);
	ck_assert_str_eq(buffer_text(&text), "signal 120 code 7777 at 0");
	run_free(&result);
}
END_TEST

START_TEST(addresses)
{
	static const struct { const char *at, *want; } table[] = {
		{ "0x500000000000", "p" }, { "0x500000000001", "p+1" }, { "0x500000000fff", "p+PAGE-1" }, { "0x500000001000", "p+PAGE" },
		{ "0x500000001005", "p+PAGE+5" }, { "0x500000001fff", "p+2*PAGE-1" }, { "0x500000003000", "p+3*PAGE" },
		{ "0x4fffffffffff", "p-1" }, { "0x4ffffffff000", "p-PAGE" }, { "0x500000000800", "p+2048" },
		{ "0", "0" }, { "4095", "4095" }, { "4096", "" },
		{ "-1", "MAP_FAILED" }, { "0x7fffffffffffffff", "" },
		{ "0x500100000000", "p+1048576*PAGE" }, { "0x520000000000", "" },
	};
	struct buffer lines = { NULL, 0, 0 };
	const struct step *s;
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		run("n = value(1)\np = mmap(NULL, 1, 1, 1, 1, 0)\nq = mmap(NULL, 1, 1, 1, 1, 0)\nvalue(2)\n", "0x500000000001; 0x500000000000; EINVAL; 2");
		buffer_clear(&text);
		for (s = result.trial->probe->steps; s->next; s = s->next)
			;
		report_address(&text, &result, s, help_value(table[i].at));
		ck_assert_msg(strcmp(buffer_text(&text), table[i].want) == 0, "%s is told as %s, not %s", table[i].at, buffer_text(&text),
			table[i].want);
		run_free(&result);
	}
	buffer_free(&lines);
}
END_TEST

START_TEST(addresses_by_the_nearest)
{
	static const char lines[] = "p = mmap(NULL, 1, 1, 1, 1, 0)\nq = mmap(NULL, 1, 1, 1, 1, 0)\nload(1)\n";

	expect(lines, "0x50000000; 0x50010000; SIGSEGV SEGV_MAPERR 0x50010008", "SIGSEGV SEGV_MAPERR at q+8");
	expect(lines, "0x50000000; 0x50010000; SIGSEGV SEGV_MAPERR 0x50000008", "SIGSEGV SEGV_MAPERR at p+8");
	expect(lines, "0x50000000; 0x50010000; SIGSEGV SEGV_ACCERR 0x5000ffff", "SIGSEGV SEGV_ACCERR at q-1");
	expect(lines, "0x50000000; 0x50010000; SIGBUS BUS_ADRERR 0x50008000", "SIGBUS BUS_ADRERR at p+8*PAGE");
}
END_TEST

START_TEST(another_page_size)
{
	symbol_set("PAGE", 16384);
	expect("p = mmap(NULL, 1, 1, 1, 1, 0)\nload(1)\n", "0x100000000; SIGBUS BUS_ADRERR 0x100007fff", "SIGBUS BUS_ADRERR at p+2*PAGE-1");
}
END_TEST

/* What a platform put into memory must not steer the terminal, nor look like something else. */
START_TEST(hostile_text)
{
	static const char bytes[] = "a\0b\033[2J\n\t\"\\\3771\377x\r\a";

	buffer_clear(&text);
	report_text(&text, bytes, sizeof bytes - 1);
	ck_assert_str_eq(buffer_text(&text), "\"a\\0b\\33[2J\\n\\t\\\"\\\\\\3771\\377x\\r\\a\"");
	buffer_clear(&text);
	report_text(&text, "\0001", 2);
	ck_assert_str_eq(buffer_text(&text), "\"\\0001\"");
	buffer_clear(&text);
	report_text(&text, "", 0);
	ck_assert_str_eq(buffer_text(&text), "\"\"");
}
END_TEST

START_TEST(every_byte_is_shown_as_text)
{
	struct buffer lines = { NULL, 0, 0 };
	struct script s;
	char byte;
	int c, i;

	/* As a C string, so that what is shown can be put into a script. */
	for (c = 0; c < 256; ++c) {
		byte = (char)c;
		buffer_clear(&text);
		report_text(&text, &byte, 1);
		for (i = 0; i < (int)text.len; ++i)
			ck_assert(text.data[i] >= ' ' && text.data[i] < 127);
		buffer_clear(&lines);
		buffer_fmt(&lines, "unlink(%s)\n", buffer_text(&text));
		help_parse(&s, buffer_text(&lines));
		ck_assert_uint_eq(s.probes->steps->arg[0]->ntext, 1);
		ck_assert_int_eq(s.probes->steps->arg[0]->text[0], byte);
		script_free(&s);
	}
	buffer_free(&lines);
}
END_TEST

START_TEST(parameters)
{
	run("param off = 1000\neach prot = PROT_READ|PROT_WRITE\nparam s = off*2\nvalue(off)\n", "1");
	buffer_clear(&text);
	report_parameters(&text, &result);
	ck_assert_str_eq(buffer_text(&text), "off=1000, prot=PROT_READ|PROT_WRITE, s=off*2");
	run_free(&result);
	run("value(1)\n", "1");
	buffer_clear(&text);
	report_parameters(&text, &result);
	ck_assert_str_eq(buffer_text(&text), "");
	run_free(&result);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("report");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, returned);
	tcase_add_test(t, other_outcomes);
	tcase_add_test(t, unknown_numbers);
	tcase_add_test(t, addresses);
	tcase_add_test(t, addresses_by_the_nearest);
	tcase_add_test(t, another_page_size);
	tcase_add_test(t, hostile_text);
	tcase_add_test(t, every_byte_is_shown_as_text);
	tcase_add_test(t, parameters);
	return help_run(t);
}
