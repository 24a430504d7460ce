/* --explain on a platform that is made up: what is told of a probe, what follows for portable code, what gives an errno. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"
#include "fake.h"
#include "help.h"
#include "keep.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

enum { CASES = 8 };

static struct here here;
static struct buffer told;

static void
setup(void)
{
	keep_here(&here);
}

/* Has a reporter tell of the probes of a script, or of those that a test chooses, on that list of outcomes. */
static void
tell(const struct reporter *to, const char *lines, const char *outcomes, int (*chosen)(const struct probe *), const char *edition)
{
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	struct bench bench;
	struct result r[CASES];
	const struct probe *p;
	struct platform on;
	struct totals totals;
	struct script s;
	struct style style;
	struct trial *t;
	struct fake fake;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int n;

	bench.edition = edition;
	bench.here = &here;
	memset(&totals, 0, sizeof totals);
	memset(&style, 0, sizeof style);
	help_parse(&s, lines);
	ck_assert_msg(fake_parse(&fake, outcomes, strlen(outcomes), &error) == 0, "%s", buffer_text(&error));
	fake_platform(&on, &fake);
	to->begin(f, &style, &here);
	for (p = s.probes; p; p = p->next) {
		if (chosen && !chosen(p)) {
			++totals.left_out;
			continue;
		}
		n = 0;
		for (t = run_trials(p, NULL, 0, &arena, &error); t; t = t->next) {
			ck_assert_int_lt(n, CASES);
			run_trial(t, &on, 0, &bench, &r[n++]);
		}
		to->probe(f, r, n);
		while (n > 0)
			run_free(&r[--n]);
	}
	to->end(f, &totals);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_msg(fake.missing == 0 && fake.at == fake.n, "%s: %d outcomes are missing, %d are left", lines, fake.missing,
		fake.n - fake.at);
	buffer_clear(&told);
	buffer_str(&told, text);
	free(text);
	fake_free(&fake);
	arena_free(&arena);
	script_free(&s);
}

static void
expect(const char *want)
{
	ck_assert_msg(strcmp(buffer_text(&told), want) == 0, "this is told:\n%sand not\n%s", buffer_text(&told), want);
}

#define AT "0x500000000000; "

START_TEST(to_the_letter)
{
	tell(&reporter_explain, "probe zero \"may a length be zero?\"\ntag heavy\nparam n = 0\nneed n >= 0 \"no less than nothing\"\n"
		"p = mmap(NULL, n, 1, 1, 3, 0)\n  posix: EINVAL if n == 0 \"mmap: shall fail, EINVAL\"\n  posix: ok\n"
		"  linux macos: EINVAL if n == 0\n  freebsd deviates: ok \"from source\"\n  folklore: ok \"tutorials: it maps a page\"\n"
		"close(3)\n", "EINVAL; 0", NULL, NULL);
	expect("zero   may a length be zero?\n\n"
		"The script\n\n  tag heavy\n  param n = 0\n  need n >= 0 \"no less than nothing\"\n  p = mmap(NULL, n, 1, 1, 3, 0)\n  close(3)\n\n"
		"What POSIX says\n\n  p = mmap(NULL, n, 1, 1, 3, 0)\n    if n == 0: EINVAL (mmap: shall fail, EINVAL)\n    else: success\n\n"
		"What known platforms do\n\n  p = mmap(NULL, n, 1, 1, 3, 0)\n    linux, macos: if n == 0: EINVAL\n"
		"    freebsd: success, which deviates from POSIX (from source)\n\n"
		"What tutorials say\n\n  p = mmap(NULL, n, 1, 1, 3, 0)\n    success (tutorials: it maps a page)\n\n"
		"What happened here\n\n"
		"  p = mmap(NULL, n, 1, 1, 3, 0)  = EINVAL\n"
		"          posix      allows    EINVAL          mmap: shall fail, EINVAL\n"
		"          linux      as known  EINVAL\n"
		"          folklore   wrong     ok              tutorials: it maps a page\n"
		"  close(3)                       = 0\n\n"
		"ok   POSIX allows what was seen, and this platform is known for it\n"
		"     n=0, page 4096, linux 6.1 vax, ext4\n\n"
		"What portable code makes of it\n\n  p = mmap(NULL, n, 1, 1, 3, 0)\n"
		"    if n == 0: POSIX demands: EINVAL; be ready too for what deviates: freebsd:\n        success; tutorials say success, which is wrong here\n");
}
END_TEST

START_TEST(nothing_is_claimed)
{
	tell(&reporter_explain, "probe bare \"a question\"\nclose(3)\n", "0", NULL, NULL);
	expect("bare   a question\n\nThe script\n\n  close(3)\n\n"
		"What POSIX says\n\n  Nothing that is claimed here.\n\n"
		"What known platforms do\n\n  Nothing is claimed of any.\n\n"
		"What tutorials say\n\n  Nothing is claimed of them.\n\n"
		"What happened here\n\n  close(3)  = 0\n\nnoted   no claims: this is what came of it\n     page 4096, linux 6.1 vax, ext4\n\n"
		"What portable code makes of it\n\n  Nothing is claimed, so nothing follows.\n");
}
END_TEST

/* A step with its claims, what came of it, and what follows; %s is the call. */
static const struct { const char *lines, *outcomes, *advice; } table[] = {
	/* POSIX demands one thing. */
	{ "munmap(NULL, 1)\n  posix: ok\n", "0", "may be relied on: success" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n", "EINVAL", "may be relied on: EINVAL" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  linux macos: EINVAL\n", "EINVAL", "may be relied on: EINVAL" },
	{ "munmap(NULL, 1)\n  posix: fail\n  linux: EINVAL\n", "EINVAL", "may be relied on: failure" },
	{ "munmap(NULL, 1)\n  posix: fail\n  macos deviates: EINVAL\n", "EINVAL",
	  "POSIX demands: failure; be ready too for what deviates: macos: EINVAL" },
	{ "munmap(NULL, 1)\n  posix: ok\n  linux: 0\n", "0", "may be relied on: success" },
	{ "load(0)\n  posix: SIGSEGV\n  linux: SIGSEGV SEGV_MAPERR at 0\n", "SIGSEGV SEGV_MAPERR 0", "may be relied on: SIGSEGV" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n", "0", "POSIX demands: EINVAL; not met here: = 0" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  linux deviates: ok\n", "0",
	  "POSIX demands: EINVAL; be ready too for what deviates: linux: success; not\n        met here: = 0" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  linux deviates: ok\n", "EINVAL",
	  "POSIX demands: EINVAL; be ready too for what deviates: linux: success" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  macos: ENOMEM\n", "EINVAL", "POSIX demands: EINVAL; be ready too for what deviates: macos: ENOMEM" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  macos netbsd: ok\n  openbsd: ENOMEM\n", "EINVAL",
	  "POSIX demands: EINVAL; be ready too for what deviates: macos, netbsd:\n        success; openbsd: ENOMEM" },
	{ "load(0)\n  posix: SIGSEGV\n  openbsd: SIGBUS\n", "SIGSEGV 0", "POSIX demands: SIGSEGV; be ready too for what deviates: openbsd: SIGBUS" },
	{ "lseek(3, 0, 0)\n  posix: 7\n  openbsd: 8\n", "7", "POSIX demands: 7; be ready too for what deviates: openbsd: 8" },
	{ "lseek(3, 0, 0)\n  posix: 7\n  openbsd: 6+1\n", "7", "may be relied on: 7" },
	{ "lseek(3, 0, 0)\n  posix: 7\n  openbsd: ok\n", "7", "may be relied on: 7" },
	{ "lseek(3, 0, 0)\n  posix: 7\n  openbsd: hang\n", "7", "POSIX demands: 7; be ready too for what deviates: openbsd: no return" },
	/* Editions. */
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  posix2001: ok\n", "EINVAL",
	  "POSIX demands: EINVAL; be ready too for what deviates: POSIX.1-2001: success" },
	{ "munmap(NULL, 1)\n  posix: EINVAL\n  posix2024: EINVAL\n", "EINVAL", "may be relied on: EINVAL" },
	/* It allows several things, or anything. */
	{ "munmap(NULL, 1)\n  posix: EINVAL or ok\n", "0", "portable code must be ready for: EINVAL or success" },
	{ "munmap(NULL, 1)\n  posix: EINVAL or ok\n  linux: ok\n  macos: EINVAL\n", "0",
	  "portable code must be ready for: EINVAL or success (linux: success; macos:\n        EINVAL)" },
	{ "munmap(NULL, 1)\n  posix: EINVAL or ok\n  macos: ENOMEM\n", "0",
	  "portable code must be ready for: EINVAL or success; be ready too for what\n        deviates: macos: ENOMEM" },
	{ "munmap(NULL, 1)\n  posix: EINVAL or ok\n", "ENOMEM", "portable code must be ready for: EINVAL or success; not met here: = ENOMEM" },
	{ "munmap(NULL, 1)\n  posix: ?\n", "0", "do not rely on it: POSIX allows anything" },
	{ "munmap(NULL, 1)\n  posix: ?\n  linux solaris: ok\n", "0", "do not rely on it: POSIX allows anything (linux, solaris: success)" },
	/* It is silent. */
	{ "munmap(NULL, 1)\n  linux: ok\n", "0", "do not rely on it: no claim of POSIX is known (linux: success)" },
	{ "munmap(NULL, 1)\n  macos: ok if 0\n", "0", "do not rely on it: no claim of POSIX is known" },
	/* Tutorials. */
	{ "munmap(NULL, 1)\n  posix: ok\n  folklore: EINVAL\n", "0", "may be relied on: success; tutorials say EINVAL, which is wrong here" },
	{ "munmap(NULL, 1)\n  posix: ok\n  folklore: ok\n", "0", "may be relied on: success" },
	{ "munmap(NULL, 1)\n  folklore: EINVAL or fail\n", "0",
	  "do not rely on it: no claim of POSIX is known; tutorials say EINVAL or\n        failure, which is wrong here" },
	/* Conditions. */
	{ "munmap(NULL, 1)\n  posix: ok if PAGE > 1\n  posix: EINVAL\n", "0", "if PAGE > 1: may be relied on: success" },
	{ "munmap(NULL, 1)\n  posix: ok if PAGE == 1\n  posix: EINVAL\n", "EINVAL", "in all other cases: may be relied on: EINVAL" },
	{ "munmap(NULL, 1)\n  posix: ok if PAGE == 1\n", "EINVAL", "do not rely on it: no claim of POSIX is known" },
	/* It was not asked. */
	{ "mlock2(NULL, 1, 0)\n  posix: ok\n", "absent", "do not rely on it: mlock2 is absent here" },
	{ "fd = open(\"a\", 0)\nclose(fd)\n  posix: ok\n", "EIO", "not judged here: a step before it was not done" },
	{ "fd = open(\"a\", 0)\n  posix: EIO\nclose(fd)\n  posix: ok\n", "EIO", "not reached here: nothing follows" },
	{ "need 0 \"it rains\"\nclose(3)\n  posix: ok\n", "", "nothing was seen here: it rains" },
};

/* The advice on the last step. */
START_TEST(what_follows)
{
	struct buffer lines = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	const char *at, *last;

	buffer_fmt(&lines, "probe a \"a\"\n%s", table[_i].lines);
	tell(&reporter_explain, lines.data, table[_i].outcomes, NULL, NULL);
	at = strstr(told.data, "\nWhat portable code makes of it\n\n");
	ck_assert_ptr_nonnull(at);
	for (last = at; (at = strstr(last + 1, ")\n    ")); )
		last = at;
	buffer_fmt(&want, "%s\n", table[_i].advice);
	ck_assert_msg(strcmp(last + strlen(")\n    "), want.data) == 0, "of\n%sgiven %s follows\n%s", table[_i].lines, table[_i].outcomes,
		last + 1);
	buffer_free(&lines);
	buffer_free(&want);
}
END_TEST

START_TEST(several_cases)
{
	tell(&reporter_explain, "probe a \"a\"\neach n = 1, 2, 3\nmunmap(NULL, n)\n  posix: ok if n < 3\n  posix: EINVAL\nclose(n)\n  posix: ok\n",
		"0; 0; EINVAL; 0; EINVAL; 0", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(told.data, "\nWhat portable code makes of it\n\n  munmap(NULL, n)\n"
		"    if n < 3: may be relied on: success [1 of 3 cases]\n"
		"    if n < 3: POSIX demands: success; not met here: = EINVAL [1 of 3 cases]\n"
		"    in all other cases: may be relied on: EINVAL [1 of 3 cases]\n"
		"  close(n)\n    may be relied on: success\n"));
}
END_TEST

/* Asked for an edition, its claims go before those of all. */
START_TEST(by_an_edition)
{
	static const char lines[] = "probe a \"a\"\nmunmap(NULL, 1)\n  posix: ok\n  posix2001: EINVAL \"old\"\n";

	tell(&reporter_explain, lines, "EINVAL", NULL, "posix2001");
	ck_assert_ptr_nonnull(strstr(told.data, "\n  munmap(NULL, 1)\n    POSIX demands: EINVAL; be ready too for what deviates: POSIX: success\n"));
	tell(&reporter_explain, lines, "0", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(told.data, "\n  munmap(NULL, 1)\n    POSIX demands: success; be ready too for what deviates: POSIX.1-2001: EINVAL\n"));
	ck_assert_ptr_nonnull(strstr(told.data, "\nWhat POSIX says\n\n  munmap(NULL, 1)\n    POSIX: success\n    POSIX.1-2001: EINVAL (old)\n"));
}
END_TEST

START_TEST(folds)
{
	static const struct { size_t indent; const char *text, *want; } lines[] = {
		{ 0, "", "\n" }, { 2, "a b", "  a b\n" },
		{ 76, "ab cd", "                                                                            ab\n"
		  "                                                                                cd\n" },
		{ 0, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890 b",
		  "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\n    b\n" },
		{ 0, "01234567890123456789012345678901234567890123456789012345678901234567890123456789",
		  "01234567890123456789012345678901234567890123456789012345678901234567890123456789\n" },
		{ 0, "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 xyz",
		  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 xyz\n" },
		{ 0, "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 wxyz",
		  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n    wxyz\n" },
	};
	size_t i;

	for (i = 0; i < LEN(lines); ++i) {
		buffer_clear(&told);
		explain_fold(&told, lines[i].indent, lines[i].text);
		expect(lines[i].want);
	}
}
END_TEST

static const char causes[] =
	"probe zero \"a\"\nmunmap(NULL, 0)\n  posix: EINVAL \"munmap: shall fail\"\n"
	"probe odd \"b\"\nmunmap(NULL, 1)\n  posix: ok\n  linux: EINVAL or ok \"sometimes\"\n"
	"probe else \"c\"\nmunmap(NULL, 2)\n  macos: EINVAL\n"
	"probe three \"d\"\neach n = 1, 2, 3\nmsync(NULL, n, 0)\n  posix: EINVAL if n == 2\n  posix: ok\n"
	"probe none \"e\"\neach n = 1, 2\nclose(n)\n  posix: EINVAL\n"
	"probe wild \"f\"\nload(0)\n  posix: SIGSEGV\n  linux: SIGSEGV SEGV_MAPERR\n"
	"probe lack \"g\"\nneed 0 \"it rains\"\nmunmap(NULL, 3)\n  posix: EINVAL\n"
	"probe away \"h\"\nfd = open(\"a\", 0)\n  posix: ENOENT\nmunmap(NULL, fd)\n  posix: EINVAL\n"
	"probe unput \"i\"\nfd = open(\"a\", 0)\nmunmap(NULL, fd)\n  posix: EINVAL\n";

static void
tell_cause(const char *name, const char *outcomes)
{
	cause_of(symbol_find(name, strlen(name)));
	tell(&reporter_cause, causes, outcomes, cause_claimed, NULL);
}

START_TEST(what_gives_an_errno)
{
	here.dir = "/mnt";
	tell_cause("EINVAL", "EINVAL; 0; 0; EINVAL; EINVAL; 0; 0; ENOENT; EIO");
	expect("EINVAL   what is claimed to give it, by POSIX or of this platform\n\n"
		"munmap()\n"
		"  zero: gave it here\n      munmap(NULL, 0)\n      POSIX: EINVAL (munmap: shall fail)\n"
		"  odd: did not give it here: = 0\n      munmap(NULL, 1)\n      linux: EINVAL or success (sometimes)\n"
		"  lack: not tried here: it rains\n      munmap(NULL, 3)\n      POSIX: EINVAL\n"
		"  away: not tried here: the step was not reached\n      munmap(NULL, fd)\n      POSIX: EINVAL\n"
		"  unput: not tried here: the step was not reached\n      munmap(NULL, fd)\n      POSIX: EINVAL\n\n"
		"msync()\n"
		"  three: gave it here in 2 of 3 cases\n      msync(NULL, n, 0)\n      POSIX, if n == 2: EINVAL\n\n"
		"close()\n"
		"  none: gave it here in none of 2 cases\n      close(n)\n      POSIX: EINVAL\n\n"
		"2 of 7 calls gave EINVAL here: linux 6.1 vax, /mnt (ext4)\n"
		"2 heavy cases left out; --heavy runs them\n\n"
		"What is amiss in these probes\n"
		"  violation: three (n=3)\n  violation: none (n=1)\n  violation: none (n=2)\n  unresolved: unput\n");
}
END_TEST

START_TEST(what_gives_a_signal)
{
	here.dir = "/mnt";
	here.fs[0] = '\0';
	tell_cause("SIGSEGV", "SIGSEGV SEGV_MAPERR 0");
	expect("SIGSEGV   what is claimed to give it, by POSIX or of this platform\n\n"
		"load()\n  wild: gave it here\n      load(0)\n      POSIX: SIGSEGV\n      linux: SIGSEGV SEGV_MAPERR\n\n"
		"1 of 1 calls gave SIGSEGV here: linux 6.1 vax, /mnt\n8 heavy cases left out; --heavy runs them\n");
	tell_cause("SIGSEGV", "SIGBUS BUS_ADRERR 0");
	ck_assert_ptr_nonnull(strstr(told.data, "\n  wild: did not give it here: SIGBUS BUS_ADRERR at 0\n"));
	ck_assert_ptr_nonnull(strstr(told.data, "\n0 of 1 calls gave SIGSEGV here: "));
	ck_assert_ptr_nonnull(strstr(told.data, "\n  violation: wild\n"));
	tell_cause("SIGSEGV", "died SIGSEGV");
	ck_assert_ptr_nonnull(strstr(told.data, "\n  wild: gave it here\n"));
}
END_TEST

/* Who is claimed to, on this platform: a claim of another one is none. */
START_TEST(who_is_claimed_to)
{
	static const struct { const char *name, *probes; } claimed[] = {
		{ "EINVAL", "zero odd three none lack away unput " }, { "SIGSEGV", "wild " }, { "ENOENT", "away " }, { "SIGBUS", "" }, { "EACCES", "" },
	};
	struct buffer b = { NULL, 0, 0 };
	const struct probe *p;
	struct script s;
	struct style style;
	size_t i;

	memset(&style, 0, sizeof style);
	help_parse(&s, causes);
	reporter_cause.begin(stdout, &style, &here);
	for (i = 0; i < LEN(claimed); ++i) {
		cause_of(symbol_find(claimed[i].name, strlen(claimed[i].name)));
		buffer_clear(&b);
		for (p = s.probes; p; p = p->next)
			if (cause_claimed(p))
				buffer_fmt(&b, "%s ", p->name);
		ck_assert_str_eq(buffer_text(&b), claimed[i].probes);
	}
	script_free(&s);
	buffer_free(&b);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("explain");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, to_the_letter);
	tcase_add_test(t, nothing_is_claimed);
	tcase_add_loop_test(t, what_follows, 0, LEN(table));
	tcase_add_test(t, several_cases);
	tcase_add_test(t, by_an_edition);
	tcase_add_test(t, folds);
	tcase_add_test(t, what_gives_an_errno);
	tcase_add_test(t, what_gives_a_signal);
	tcase_add_test(t, who_is_claimed_to);
	return help_run(t);
}
