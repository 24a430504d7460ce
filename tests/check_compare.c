/* What differs between two reports: each kind of difference, how they are told together, and which are expected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "expected.h"
#include "help.h"
#include "keep.h"
#include "platform.h"
#include "saved.h"
#include "symbols.h"

static struct here here;
static struct buffer told;
static unsigned long differ;

static void
setup(void)
{
	keep_here(&here);
}

static void
read_report(struct saved *s, char *text)
{
	struct buffer error = { NULL, 0, 0 };

	ck_assert_msg(saved_parse(s, "file", text, strlen(text), &error) == 0, "%sin\n%s", buffer_text(&error), text);
	free(text);
}

/* The clauses are about even steps, and change with the probe, which need not outlive the next call. */
static const char *
clause(const char *name, int step)
{
	static char text[64];

	if (step % 2)
		return NULL;
	snprintf(text, sizeof text, "clause %.*s", name[0] == 'z' ? 1 : (int)strcspn(name, " "), name[0] == 'z' ? "z" : name);
	return text;
}

static void
compare(struct saved *was, struct saved *now, const char *known, enum detail detail)
{
	struct buffer error = { NULL, 0, 0 };
	struct expected expected;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ck_assert_msg(expected_parse(&expected, "known", known, strlen(known), &error) == 0, "%s", buffer_text(&error));
	differ = compare_print(f, was, "one", now, "two", &expected, clause, detail);
	ck_assert_int_eq(fclose(f), 0);
	buffer_clear(&told);
	buffer_str(&told, text);
	free(text);
	expected_free(&expected);
}

/* Of a script, what two platforms answer. */
static void
run_both(const char *lines, const char *one, const char *two, const char *known, enum detail detail)
{
	struct saved was, now;

	read_report(&was, keep_report(&here, lines, one));
	read_report(&now, keep_report(&here, lines, two));
	compare(&was, &now, known, detail);
	saved_free(&was);
	saved_free(&now);
}

#define HEAD "was  linux 6.1 vax, page 4096, ext4   (one)\nnow  linux 6.1 vax, page 4096, ext4   (two)\n\n"
#define LIES "a success that gives another value, or has another effect: "
#define SIGNALS "another signal, or one where there was none: "
#define ERRORS "another error, or one where there was none: "
#define ABSENT "could be asked in only one of them: "
#define ALIKE "Alike cases are told together, by the step that differs first; -v tells all.\n"

static void
expect(const char *want)
{
	ck_assert_msg(strcmp(buffer_text(&told), want) == 0, "this is told:\n%sand not\n%s", buffer_text(&told), want);
}

#define P "p = mmap(NULL, PAGE, 1, 1, 3, 0)\n"
#define AT "0x500000000000; "

/* One step of one case; what it gave, and the kind of the difference with its name in the counts. */
static const struct { const char *lines, *one, *two, *was, *now, *kind, *brief; } steps[] = {
	{ P "lseek(3, 0, 0)\n", AT "1", AT "2", "1", "2", LIES, "value or effect" },
	{ P "reads(3, 2)\n", AT "\"a\"", AT "\"b\"", "\"a\"", "\"b\"", LIES, "value or effect" },
	{ P "scan(p, PAGE)\n", AT "\"w\"", AT "\"r\"", "\"w\"", "\"r\"", LIES, "value or effect" },
	{ P "mtime(3)\n", AT "5", AT "1700000000", "5", "today", LIES, "value or effect" },
	{ P "mmap(p, PAGE, 1, 1, 3, 0)\n", AT AT, AT "0x600000000000", "p", "new", LIES, "value or effect" },
	{ P "mmap(p, PAGE, 1, 1, 3, 0)\n", AT AT, AT "0x500000000001", "p", "p+1", LIES, "value or effect" },
	{ P "load(p)\n", AT "1", AT "SIGBUS BUS_ADRERR 0x500000000000", "1", "SIGBUS BUS_ADRERR p", SIGNALS, "signal" },
	{ P "load(p)\n", AT "SIGSEGV SEGV_MAPERR 0x500000000000", AT "1", "SIGSEGV SEGV_MAPERR p", "1", SIGNALS, "signal" },
	{ P "load(p)\n", AT "SIGSEGV SEGV_MAPERR 0", AT "SIGSEGV SEGV_ACCERR 0", "SIGSEGV SEGV_MAPERR 0", "SIGSEGV SEGV_ACCERR 0",
	  SIGNALS, "signal" },
	{ P "load(p)\n", AT "SIGSEGV SEGV_MAPERR 0", AT "SIGSEGV SEGV_MAPERR 0x500000000001", "SIGSEGV SEGV_MAPERR 0",
	  "SIGSEGV SEGV_MAPERR p+1", SIGNALS, "signal" },
	{ P "load(p)\n", AT "1", AT "hung", "1", "hung", SIGNALS, "signal" },
	{ P "load(p)\n", AT "1", AT "died SIGKILL", "1", "died SIGKILL", SIGNALS, "signal" },
	{ P "load(p)\n", AT "EFAULT", AT "exited 1", "EFAULT", "exited 1", SIGNALS, "signal" },
	{ P "msync(p, 1, 0)\n", AT "0", AT "EINVAL", "0", "EINVAL", ERRORS, "error" },
	{ P "msync(p, 1, 0)\n", AT "EINVAL", AT "0", "EINVAL", "0", ERRORS, "error" },
	{ P "msync(p, 1, 0)\n", AT "EINVAL", AT "ENOMEM", "EINVAL", "ENOMEM", ERRORS, "error" },
	{ P "msync(p, 1, 0)\n", AT "0", AT "absent", "0", "absent", ABSENT, "asked in only one" },
	{ P "msync(p, 1, 0)\n", AT "absent", AT "SIGSEGV 0", "absent", "SIGSEGV SI_USER 0", ABSENT, "asked in only one" },
};

static const char *
last_line(const char *lines)
{
	return strchr(lines, '\n') + 1;
}

/* A line each: what most have in common first, by the step that makes it bad, and as many names as there is room for. */
START_TEST(brief)
{
	run_both("probe a_probe_with_a_long_name \"a\"\nvalue(1)\nclose(1)\nprobe b_probe_with_a_long_name \"b\"\nclose(1)\n"
		"probe c_probe_with_a_long_name \"c\"\nclose(1)\nprobe d_probe_with_a_long_name \"d\"\nclose(1)\n",
		"1; EBADF; EBADF; EBADF; 0", "2; 0; 0; 0; EIO", "", DETAIL_BRIEF);
	expect(HEAD LIES "1 case\n    1  value() 1 -> 2   a_probe_with_a_long_name\n\n" ERRORS "3 cases\n"
		"    2  close() EBADF -> 0   b_probe_with_a_long_name, ...\n    1  close() 0 -> EIO   d_probe_with_a_long_name\n\n"
		"4 of 4 cases differ\n  1 value or effect, 3 error\n");
	ck_assert_int_eq((int)differ, 4);
}
END_TEST

START_TEST(each_kind_of_difference)
{
	struct buffer lines = { NULL, 0, 0 }, one = { NULL, 0, 0 }, two = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	const char *call = last_line(steps[_i].lines);

	buffer_fmt(&lines, "probe a \"a\"\nvalue(1)\n%s", steps[_i].lines);
	buffer_fmt(&one, "1; %s", steps[_i].one);
	buffer_fmt(&two, "1; %s", steps[_i].two);
	buffer_fmt(&want, HEAD "%s1 case\n  a   %.*s\n        was  %-28s now  %s\n        clause a\n\n1 of 1 cases differ\n  1 %s\n",
		steps[_i].kind, (int)strlen(call) - 1, call, steps[_i].was, steps[_i].now, steps[_i].brief);
	run_both(lines.data, one.data, two.data, "", DETAIL_ALIKE);
	expect(want.data);
	ck_assert_uint_eq(differ, 1);
	buffer_free(&lines);
	buffer_free(&one);
	buffer_free(&two);
	buffer_free(&want);
}
END_TEST

/* The same outcomes differ in nothing, not even where nothing has a name. */
START_TEST(nothing_differs)
{
	static const char lines[] = "probe a \"a\"\neach x = 1, 2\n" P "load(p)\nlseek(3, 0, 0)\n";

	run_both(lines, AT "1; 5;" AT "hung", "0x600000000000; 1; 5; 0x700000000000; hung", "", DETAIL_ALIKE);
	expect(HEAD "0 of 2 cases differ\n");
	ck_assert_uint_eq(differ, 0);
	run_both(lines, AT "1; 5;" AT "1; EIO", AT "1; 5;" AT "1; EIO", "", DETAIL_ALL);
	expect(HEAD "0 of 2 cases differ\n");
}
END_TEST

/* The worst first, whatever their names; then those of most cases. */
START_TEST(order)
{
	run_both("probe a \"a\"\nmsync(NULL, 1, 0)\nprobe b \"b\"\nclose(3)\nprobe c \"c\"\nload(0)\nprobe d \"d\"\nbyteat(3, 0)\n"
		"probe e \"e\"\nvalue(1)\nclose(3)\nprobe f \"f\"\nmunmap(0, 1)\nprobe g \"g\"\nmunmap(0, 2)\n",
		"0; absent; 1; 7; 1; 0; 0; 0", "EIO; 0; SIGBUS 0; 8; 1; ENOMEM; EINVAL; EINVAL", "", DETAIL_ALIKE);
	expect(HEAD LIES "1 case\n"
		"  d   byteat(3, 0)\n        was  7                            now  8\n        clause d\n\n"
		SIGNALS "1 case\n"
		"  c   load(0)\n        was  1                            now  SIGBUS SI_USER 0\n        clause c\n\n"
		ERRORS "4 cases\n"
		"  munmap()   2 cases\n        was  0                            now  EINVAL\n        f, g\n"
		"  a   msync(NULL, 1, 0)\n        was  0                            now  EIO\n        clause a\n"
		"  e   close(3)\n        was  0                            now  ENOMEM\n\n"
		ABSENT "1 case\n"
		"  b   close(3)\n        was  absent                       now  0\n        clause b\n\n"
		"7 of 7 cases differ\n  1 value or effect, 1 signal, 4 error, 1 asked in only one\n" ALIKE);
	ck_assert_uint_eq(differ, 7);
}
END_TEST

/* Where a call fails and others cannot be reached for it, that is the difference, in either direction. */
START_TEST(what_follows)
{
	static const char lines[] = "probe a \"a\"\n" P "store(p, 1)\nbyteat(3, 0)\n";
	static const char refused[] = "ENODEV; 0", allowed[] = AT "0; 1";

	run_both(lines, allowed, refused, "", DETAIL_ALIKE);
	expect(HEAD ERRORS "1 case\n"
		"  a   p = mmap(NULL, PAGE, 1, 1, 3, 0)\n        was  new                          now  ENODEV\n        clause a\n\n"
		"1 of 1 cases differ\n  1 error\n" ALIKE);
	run_both(lines, refused, allowed, "", DETAIL_ALIKE);
	expect(HEAD ERRORS "1 case\n"
		"  a   p = mmap(NULL, PAGE, 1, 1, 3, 0)\n        was  ENODEV                       now  new\n        clause a\n\n"
		"1 of 1 cases differ\n  1 error\n" ALIKE);
	run_both(lines, allowed, refused, "", DETAIL_ALL);
	expect(HEAD ERRORS "1 case\n  a\n"
		"    p = mmap(NULL, PAGE, 1, 1, 3, 0)\n        was  new                          now  ENODEV\n        clause a\n"
		"    byteat(3, 0)\n        was  1                            now  0\n        clause a\n\n"
		"1 of 1 cases differ\n  1 error\n");
}
END_TEST

/* A call that is absent decides too. */
START_TEST(what_follows_an_absent_call)
{
	run_both("probe a \"a\"\nmlock2(NULL, 1, 0)\nbyteat(3, 0)\n", "0; 1", "absent; 2", "", DETAIL_ALIKE);
	expect(HEAD ABSENT "1 case\n"
		"  a   mlock2(NULL, 1, 0)\n        was  0                            now  absent\n        clause a\n\n"
		"1 of 1 cases differ\n  1 asked in only one\n" ALIKE);
}
END_TEST

/* An error that became a success, and the effect that it should not have had: the effect decides, and both are told. */
START_TEST(the_worst_step)
{
	run_both("probe a \"a\"\nmunmap(NULL, 1)\nclose(3)\nbyteat(3, 0)\nbyteat(3, 1)\n", "EINVAL; 0; 1; 1", "0; EIO; 2; 2", "", DETAIL_ALIKE);
	expect(HEAD LIES "1 case\n"
		"  a   munmap(NULL, 1)\n        was  EINVAL                       now  0\n        clause a\n"
		"    byteat(3, 0)\n        was  1                            now  2\n        clause a\n\n"
		"1 of 1 cases differ\n  1 value or effect\n" ALIKE);
	run_both("probe a \"a\"\nmunmap(NULL, 1)\nclose(3)\nbyteat(3, 0)\nbyteat(3, 1)\n", "EINVAL; 0; 1; 1", "0; EIO; 2; 2", "", DETAIL_ALL);
	expect(HEAD LIES "1 case\n  a\n"
		"    munmap(NULL, 1)\n        was  EINVAL                       now  0\n        clause a\n"
		"    close(3)\n        was  0                            now  EIO\n"
		"    byteat(3, 0)\n        was  1                            now  2\n        clause a\n"
		"    byteat(3, 1)\n        was  1                            now  2\n\n"
		"1 of 1 cases differ\n  1 value or effect\n");
}
END_TEST

/* Many alike are one: the clause if they share it, the call if they make it alike, and no more than three lines of names. */
START_TEST(many_alike)
{
	struct buffer lines = { NULL, 0, 0 }, one = { NULL, 0, 0 }, two = { NULL, 0, 0 };
	int i;

	for (i = 0; i < 60; ++i) {
		buffer_fmt(&lines, "probe zebra_number_%02d \"t\"\nclose(3)\n", i);
		buffer_str(&one, "0;");
		buffer_str(&two, "EIO;");
	}
	buffer_str(&lines, "probe several \"t\"\neach n = 1, 2, 3\nmunmap(n, 1)\n");
	buffer_str(&one, "0; 0; 0");
	buffer_str(&two, "EINVAL; EINVAL; EINVAL");
	run_both(lines.data, one.data, two.data, "", DETAIL_ALIKE);
	expect(HEAD ERRORS "63 cases\n"
		"  close(3)   60 cases\n        was  0                            now  EIO\n        clause z\n"
		"        zebra_number_00, zebra_number_01, zebra_number_02, zebra_number_03,\n"
		"        zebra_number_04, zebra_number_05, zebra_number_06, zebra_number_07,\n"
		"        zebra_number_08, zebra_number_09, zebra_number_10, zebra_number_11,\n"
		"        and 48 more\n"
		"  munmap(n, 1)   3 cases\n        was  0                            now  EINVAL\n        clause several\n"
		"        several (3)\n\n"
		"63 of 63 cases differ\n  63 error\n" ALIKE);
	run_both(lines.data, one.data, two.data, "", DETAIL_ALL);
	ck_assert_ptr_nonnull(strstr(told.data, "\n  zebra_number_59\n    close(3)\n"));
	ck_assert_ptr_nonnull(strstr(told.data, "\n  several n=3\n    munmap(n, 1)\n"));
	ck_assert_ptr_null(strstr(told.data, "told together"));
	buffer_free(&lines);
	buffer_free(&one);
	buffer_free(&two);
}
END_TEST

/* What is too long for its place stands on a line of its own. */
START_TEST(long_words)
{
	run_both("probe a_name_that_is_quite_long \"t\"\nfd = open(\"a file whose name is nearly as long as a line may be\", 0)\nreads(fd, 40)\n",
		"3; \"0123456789012345678901234567\"", "EIO", "", DETAIL_ALIKE);
	expect(HEAD ERRORS "1 case\n  a_name_that_is_quite_long\n"
		"    fd = open(\"a file whose name is nearly as long as a line may be\", 0)\n"
		"        was  3                            now  EIO\n        clause a_name_that_is_quite_long\n\n"
		"1 of 1 cases differ\n  1 error\n");
	run_both("probe a \"t\"\nreads(3, 40)\n", "\"0123456789012345678901234567\"", "\"0\"", "", DETAIL_ALIKE);
	expect(HEAD LIES "1 case\n  a   reads(3, 40)\n"
		"        was  \"0123456789012345678901234567\"\n        now  \"0\"\n        clause a\n\n"
		"1 of 1 cases differ\n  1 value or effect\n");
}
END_TEST

/* A need that only one of them meets. */
START_TEST(a_need)
{
	struct saved was, now;

	read_report(&was, keep_report(&here, "probe a \"a\"\nneed ROOT\nvalue(1) = 1\n", ""));
	symbol_set("ROOT", 1);
	read_report(&now, keep_report(&here, "probe a \"a\"\nneed ROOT\nvalue(1) = 1\n", "1"));
	compare(&was, &now, "", DETAIL_ALIKE);
	expect("was  linux 6.1 vax, page 4096, ext4, not root   (one)\nnow  linux 6.1 vax, page 4096, ext4, as root   (two)\n\n"
		ABSENT "1 case\n  a\n        was  unsupported                  now  ok\n\n"
		"1 of 1 cases differ\n  1 asked in only one\n");
	compare(&now, &was, "", DETAIL_ALL);
	expect("was  linux 6.1 vax, page 4096, ext4, as root   (one)\nnow  linux 6.1 vax, page 4096, ext4, not root   (two)\n\n"
		ABSENT "1 case\n  a\n        was  ok                           now  unsupported\n\n"
		"1 of 1 cases differ\n  1 asked in only one\n");
	saved_free(&was);
	saved_free(&now);
}
END_TEST

/* Older and newer probes: new cases, gone ones, and scripts that make other calls are said and not guessed over. */
START_TEST(other_probes)
{
	struct saved was, now;

	read_report(&was, keep_report(&here, "probe gone \"a\"\neach n = 1, 2\nvalue(n)\nprobe other \"a\"\nvalue(1)\n"
		"probe same \"a\"\nvalue(1)\n", "1; 2; 1; 1"));
	read_report(&now, keep_report(&here, "probe new \"a\"\nvalue(1)\nprobe other \"a\"\nvalue(1 + 0)\nclose(3)\n"
		"probe same \"now it has a claim\"\nvalue(1)\n  posix: 2 \"why\"\n", "1; 2; 0; 1"));
	compare(&was, &now, "", DETAIL_ALIKE);
	expect(HEAD "the script makes other calls, so its steps are not compared: 1 case\n        other\n\n"
		"gone: only in the first: 2 cases\n        gone (2)\n\n"
		"new: only in the second: 1 case\n        new\n\n"
		"4 of 5 cases differ\n  1 script, 2 gone, 1 new\n" ALIKE);
	ck_assert_uint_eq(differ, 4);
	compare(&now, &was, "", DETAIL_ALL);
	expect(HEAD "the script makes other calls, so its steps are not compared: 1 case\n  other\n\n"
		"gone: only in the first: 1 case\n  new\n\n"
		"new: only in the second: 2 cases\n  gone n=1\n  gone n=2\n\n"
		"4 of 5 cases differ\n  1 script, 1 gone, 2 new\n");
	saved_free(&was);
	saved_free(&now);
}
END_TEST

/* What is said in pages is the same with pages of any size; what is not, differs. */
START_TEST(another_page_size)
{
	static const char lines[] = "probe a \"a\"\n" P "size(3)\nload(p + PAGE)\nprobe b \"b\"\nlseek(3, 0, 0)\n";
	struct saved was, now;

	read_report(&was, keep_report(&here, lines, AT "8192; SIGBUS BUS_ADRERR 0x500000001000; 100"));
	here.page = 65536;
	symbol_set("PAGE", 65536);
	read_report(&now, keep_report(&here, lines, AT "131072; SIGBUS BUS_ADRERR 0x500000010000; 101"));
	compare(&was, &now, "", DETAIL_ALIKE);
	expect("was  linux 6.1 vax, page 4096, ext4   (one)\nnow  linux 6.1 vax, page 65536, ext4   (two)\n\n"
		LIES "1 case\n  b   lseek(3, 0, 0)\n        was  100                          now  101\n        clause b\n\n"
		"1 of 2 cases differ\n  1 value or effect\n");
	saved_free(&was);
	saved_free(&now);
}
END_TEST

/* What is not told of every platform is told where it is not the same. */
START_TEST(other_platforms)
{
	struct saved was, now;

	read_report(&was, keep_report(&here, "probe a \"a\"\nvalue(1)\n", "1"));
	strcpy(here.libc, "musl");
	here.fs[0] = '\0';
	symbol_set("BITS", 32);
	symbol_set("MEMLOCK", 0);
	read_report(&now, keep_report(&here, "probe a \"a\"\nvalue(1)\n", "1"));
	compare(&was, &now, "", DETAIL_ALIKE);
	expect("was  linux 6.1 vax, 64 bits, page 4096, ext4, 65536 bytes lockable   (one)\n"
		"now  linux 6.1 vax, 32 bits, page 4096, musl, 0 bytes lockable   (two)\n\n0 of 1 cases differ\n");
	saved_free(&was);
	saved_free(&now);
}
END_TEST

#define THREE "probe a \"a\"\nclose(3)\nprobe b \"b\"\neach n = 1, 2\nclose(n)\nprobe c \"c\"\nclose(9)\n"

/* Only what is new counts; what is known and did not occur is said. */
START_TEST(expected)
{
	run_both(THREE, "0; 0; 0; 0", "EIO; EIO; 0; 0", "# known here\n\n a  # the kernel\nb n=* # both\nc # not any more\r\n", DETAIL_ALIKE);
	expect(HEAD "no longer differs: c   (not any more)\n2 of 4 cases differ, 2 of them as expected\n");
	ck_assert_uint_eq(differ, 0);
	run_both(THREE, "0; 0; 0; 0", "EIO; EIO; EIO; 0", "b n=2 # one of them", DETAIL_ALIKE);
	expect(HEAD ERRORS "2 cases\n  close()   2 cases\n        was  0                            now  EIO\n        a, b\n\n"
		"3 of 4 cases differ, 1 of them as expected\n  2 error\n" ALIKE);
	ck_assert_uint_eq(differ, 2);
	/* Of two lines for a case both are met. */
	run_both(THREE, "0; 0; 0; 0", "EIO; 0; 0; 0", "a # one\n[ab] # two\n", DETAIL_ALIKE);
	expect(HEAD "1 of 4 cases differ, 1 of them as expected\n");
	run_both(THREE, "0; 0; 0; 0", "0; 0; 0; 0", "a # one\n", DETAIL_ALIKE);
	expect(HEAD "no longer differs: a   (one)\n0 of 4 cases differ\n");
	ck_assert_uint_eq(differ, 0);
}
END_TEST

/* New and gone cases may be expected too. */
START_TEST(expected_cases)
{
	struct saved was, now;

	read_report(&was, keep_report(&here, "probe gone \"a\"\nvalue(1)\n", "1"));
	read_report(&now, keep_report(&here, "probe new \"a\"\nparam n = 1\nvalue(n)\n", "1"));
	compare(&was, &now, "gone # an old probe\nnew n=* # of today\n", DETAIL_ALIKE);
	expect(HEAD "2 of 2 cases differ, 2 of them as expected\n");
	compare(&was, &now, "gone # an old probe\n", DETAIL_ALIKE);
	expect(HEAD "new: only in the second: 1 case\n        new n=1\n\n2 of 2 cases differ, 1 of them as expected\n  1 new\n");
	saved_free(&was);
	saved_free(&now);
}
END_TEST

/* Of cases that were not asked for nothing can be said. */
START_TEST(expected_of_a_part)
{
	static const char known[] = "a # one\nb* # two\nno_such # three\n";
	struct buffer error = { NULL, 0, 0 };
	struct expected e;
	struct saved s;

	read_report(&s, keep_report(&here, "probe b \"b\"\neach n = 1, 2\nclose(n)\n", "0; 0"));
	ck_assert_int_eq(expected_parse(&e, "known", known, strlen(known), &error), 0);
	ck_assert_uint_eq(e.n, 3);
	expected_restrict(&e, &s);
	ck_assert_int_eq(e.lines[0].met, 1);
	ck_assert_int_eq(e.lines[1].met, 0);
	ck_assert_int_eq(e.lines[2].met, 1);
	expected_free(&e);
	saved_free(&s);
}
END_TEST

START_TEST(expected_is_wrong)
{
	static const struct { const char *text, *error; } table[] = {
		{ "a\n", "known:1: a known difference reads 'CASE # REASON', and the reason is missing\n" },
		{ "# c\n\na #\n", "known:3: a known difference reads 'CASE # REASON', and the reason is missing\n" },
		{ "a # why\nb #  \t\r\n", "known:2: a known difference reads 'CASE # REASON', and the reason is missing\n" },
	};
	struct buffer error = { NULL, 0, 0 };
	struct expected e;
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		buffer_clear(&error);
		ck_assert_int_eq(expected_parse(&e, "known", table[i].text, strlen(table[i].text), &error), -1);
		ck_assert_str_eq(buffer_text(&error), table[i].error);
		expected_free(&e);
	}
	buffer_free(&error);
}
END_TEST

START_TEST(expected_cut_off)
{
	static const char text[] = "# why\n\n a n=2 # one\n\tb* # two #3\r\nc # x";
	struct buffer error = { NULL, 0, 0 };
	struct expected e;
	char *part;
	size_t n;

	for (n = 0; n < sizeof text; ++n) {
		part = xmalloc(n);
		memcpy(part, text, n);
		buffer_clear(&error);
		ck_assert_int_eq(expected_parse(&e, "known", part, n, &error), error.len ? -1 : 0);
		if (n == sizeof text - 1) {
			ck_assert_uint_eq(e.n, 3);
			ck_assert_str_eq(e.lines[0].name, "a n=2");
			ck_assert_str_eq(e.lines[0].reason, "one");
			ck_assert_str_eq(e.lines[1].name, "b*");
			ck_assert_str_eq(e.lines[1].reason, "two #3");
			ck_assert_str_eq(e.lines[2].reason, "x");
		}
		expected_free(&e);
		free(part);
	}
	buffer_free(&error);
}
END_TEST

/* Reports that nobody wrote but that can be read: fewer steps than the script has, steps that were reached in one only. */
START_TEST(odd_reports)
{
	static const char head[] = "mmprobe-report 1\nsystem a\nrelease \nmachine \nlibc \nfs \npage 1\nbits 32\nroot 0\nmemlock 0\nnames \n"
		"case a\nscript 00000000\nverdict ";
	struct saved was, now;
	struct buffer b = { NULL, 0, 0 };

	buffer_fmt(&b, "%sbest\n  x\tunreached\n  y\t1\nend 1\n", head);
	read_report(&was, strcpy(xmalloc(b.len + 1), b.data));
	buffer_clear(&b);
	buffer_fmt(&b, "%sworst\n  x\t1\nend 1\n", head);
	read_report(&now, strcpy(xmalloc(b.len + 1), b.data));
	compare(&was, &now, "", DETAIL_ALIKE);
	expect("was  a  , page 1   (one)\nnow  a  , page 1   (two)\n\n"
		ABSENT "1 case\n  a   x\n        was  unreached                    now  1\n        clause a\n\n1 of 1 cases differ\n  1 asked in only one\n");
	compare(&now, &was, "", DETAIL_ALL);
	expect("was  a  , page 1   (one)\nnow  a  , page 1   (two)\n\n"
		ABSENT "1 case\n  a\n    x\n        was  1                            now  unreached\n        clause a\n"
		"        was  worst                        now  best\n\n1 of 1 cases differ\n  1 asked in only one\n");
	saved_free(&was);
	saved_free(&now);
	buffer_free(&b);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("compare");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, brief);
	tcase_add_loop_test(t, each_kind_of_difference, 0, LEN(steps));
	tcase_add_test(t, nothing_differs);
	tcase_add_test(t, order);
	tcase_add_test(t, what_follows);
	tcase_add_test(t, what_follows_an_absent_call);
	tcase_add_test(t, the_worst_step);
	tcase_add_test(t, many_alike);
	tcase_add_test(t, long_words);
	tcase_add_test(t, a_need);
	tcase_add_test(t, other_probes);
	tcase_add_test(t, another_page_size);
	tcase_add_test(t, other_platforms);
	tcase_add_test(t, expected);
	tcase_add_test(t, expected_cases);
	tcase_add_test(t, expected_of_a_part);
	tcase_add_test(t, expected_is_wrong);
	tcase_add_test(t, expected_cut_off);
	tcase_add_test(t, odd_reports);
	return help_run(t);
}
