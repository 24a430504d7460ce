/* Reports that are kept: outcomes as words and back, the file to the letter, and what is said of files that are none. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "fake.h"
#include "help.h"
#include "keep.h"
#include "platform.h"
#include "playback.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "saved.h"
#include "symbols.h"

static struct here here;

static void
setup(void)
{
	keep_here(&here);
}

static char *
save(const char *lines, const char *outcomes)
{
	return keep_report(&here, lines, outcomes);
}

static void
read_report(struct saved *s, const char *text)
{
	struct buffer error = { NULL, 0, 0 };

	ck_assert_msg(saved_parse(s, "file", text, strlen(text), &error) == 0, "%sin\n%s", buffer_text(&error), text);
	ck_assert_uint_eq(error.len, 0);
}

/* Judges what a report saw of a script, and keeps that. */
static char *
save_again(const char *lines, const char *report)
{
	struct bench bench = { NULL, &here };
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	struct playback playback;
	struct platform on;
	struct totals totals;
	const struct probe *p;
	struct saved saved;
	struct script s;
	struct result r;
	struct trial *t;
	char *text = NULL;
	size_t len, i, n;
	FILE *f = open_memstream(&text, &len);

	memset(&totals, 0, sizeof totals);
	help_parse(&s, lines);
	read_report(&saved, report);
	playback_facts(&saved);
	playback_platform(&on, &playback);
	playback.path = "file";
	playback.result = &r;
	reporter_save.begin(f, NULL, &saved.here);
	for (p = s.probes; p; p = p->next) {
		n = strlen(p->name);
		for (i = 0; i < saved.n; ++i) {
			playback.from = &saved.cases[i];
			if (strncmp(playback.from->name, p->name, n) != 0 || (playback.from->name[n] && playback.from->name[n] != ' '))
				continue;
			t = run_named(p, playback.from->name + n, &arena, &error);
			ck_assert_msg(t != NULL, "%s", buffer_text(&error));
			run_trial(t, &on, 0, &bench, &r);
			reporter_save.probe(f, &r, 1);
			run_free(&r);
		}
	}
	reporter_save.end(f, &totals);
	ck_assert_int_eq(fclose(f), 0);
	saved_free(&saved);
	arena_free(&arena);
	script_free(&s);
	return text;
}

#define MAP "p = mmap(NULL, 9*PAGE, 1, 1, 3, 0)\n"
#define AT "0x500000000000; "

/* A script, what came of it, and the word for its last step. */
static const struct { const char *lines, *outcomes, *words; } words[] = {
	{ "munmap(NULL, 0)\n", "EINVAL", "EINVAL" },
	{ "munmap(NULL, 0)\n", "0", "0" },
	{ "lseek(3, 0, 0)\n", "-1", "-1" },
	{ "lseek(3, 0, 0)\n", "8191", "8191" },
	{ "lseek(3, 0, 0)\n", "8192", "2*PAGE" },
	{ "lseek(3, 0, 0)\n", "-4096", "-1*PAGE" },
	{ "read(3, NULL, 9)\n", "1048576", "256*PAGE" },
	{ "lseek(3, 0, 0)\n", "0x7fffffffffff000", "576460752303419392" },
	{ "open(\"a\", 0)\n", "3", "3" },
	{ "k = fork()\n", "1", "1" },
	{ "byteat(3, 0)\n", "75", "75" },
	{ "reads(3, 9)\n", "\"a\\\"\\0\\n1\\\\\"", "\"a\\\"\\0\\n1\\\\\"" },
	{ "reads(3, 9)\n", "\"\"", "\"\"" },
	{ "scan(NULL, 4*PAGE)\n", "\"wrBS\"", "\"wrBS\"" },
	{ "mtime(3)\n", "1000", "1000" },
	{ "mtime(3)\n", "1700000000", "today" },
	{ MAP, AT, "new" },
	{ MAP, "0x500000000005", "new+5" },
	{ "own_memory(\"stack\")\n", AT, "new" },
	{ MAP "mmap(p + PAGE, PAGE, 1, 1, 3, 0)\n", AT "0x500000001000", "p+PAGE" },
	{ MAP "mmap(p + PAGE, PAGE, 1, 1, 3, 0)\n", AT "0x500000001fff", "p+2*PAGE-1" },
	{ MAP "mmap(p + PAGE, PAGE, 1, 1, 3, 0)\n", AT "0x500000003000", "new" },
	{ MAP "mmap(p + PAGE, PAGE, 1, 1, 3, 0)\n", AT "0x500000002000", "new" },
	{ MAP "mmap(p + PAGE, PAGE, 1, 1, 3, 0)\n", AT "0x500000000000", "new" },
	{ "mmap(NULL, PAGE, 1, MAP_FIXED, 3, 0)\n", "0", "0" },
	{ "mmap(PAGE, PAGE, 1, MAP_FIXED, 3, 0)\n", "4096", "1*PAGE" },
	{ "mmap(PAGE, PAGE, 1, 1, 3, 0)\n", "0x500000000000", "new" },
	{ MAP "value(p + 5)\n", AT "0x500000000005", "computed" },
	{ MAP "value(p % PAGE)\n", AT "0", "0" },
	{ MAP "read(3, p, 9)\n", "0x10000; 0x20000", "32*PAGE" },      /* a mapping that lies low makes no address of a length */
	{ MAP "load(p + PAGE)\n", AT "SIGBUS BUS_ADRERR 0x500000001000", "SIGBUS BUS_ADRERR p+PAGE" },
	{ MAP "load(p - 1)\n", AT "SIGSEGV SEGV_MAPERR 0x4fffffffffff", "SIGSEGV SEGV_MAPERR p-1" },
	{ "load(0)\n", "SIGSEGV SEGV_MAPERR 0", "SIGSEGV SEGV_MAPERR 0" },
	{ "load(0)\n", "SIGSEGV SEGV_MAPERR 0x7f0000000000", "SIGSEGV SEGV_MAPERR elsewhere" },
	{ "load(0)\n", "SIGILL 0", "SIGILL SI_USER 0" },
	{ "k = fork()\nk: load(0)\n", "1; died SIGKILL", "died SIGKILL" },
	{ "k = fork()\nk: load(0)\n", "1; died", "died" },
	{ "k = fork()\nk: load(0)\n", "1; exited 3", "exited 3" },
	{ "k = fork()\nk: load(0)\n", "1; exited 0", "exited 0" },
	{ "k = fork()\nk: exit(3)\n", "1; 3", "3" },
	{ "load(0)\n", "hung", "hung" },
	{ "load(0)\n", "absent", "absent" },
	{ MAP "load(p)\n", "EACCES", "unreached" },
	{ "p = mmap(NULL, 1, 1, 1, 3, 0)\nmsync(p + MAP_FAILED, 1, 1)\n", AT "0", "0" },
};

START_TEST(words_of_outcomes)
{
	char *text = save(words[_i].lines, words[_i].outcomes), *last, *end;

	end = strstr(text, "\n\nend 1\n");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	last = strrchr(text, '\t');
	ck_assert_ptr_nonnull(last);
	ck_assert_msg(strcmp(last + 1, words[_i].words) == 0, "%sgiven %s is kept as '%s', not '%s'", words[_i].lines,
		words[_i].outcomes, last + 1, words[_i].words);
	free(text);
}
END_TEST

START_TEST(words_are_read_again)
{
	char *text = save(words[_i].lines, words[_i].outcomes), *again = save_again(words[_i].lines, text);

	ck_assert_str_eq(text, again);
	free(text);
	free(again);
}
END_TEST

/* What has no name here, and so cannot be said in a list of outcomes. */
START_TEST(numbers_without_names)
{
	static const char *const lines = "probe a \"a\"\nmunmap(NULL, 0)\nload(0)\nload(0)\n";
	char *text = save(lines, "EINVAL; SIGSEGV 0; SIGBUS 0"), *at, *again;
	static const struct { const char *old, *new; } change[] = {
		{ "\tEINVAL\n", "\terrno 9999\n" }, { "\tSIGSEGV SI_USER 0\n", "\tsignal 120 code 7 new+3\n" },
		{ "\tSIGBUS SI_USER 0\n", "\tdied signal 119\n" },
	};
	struct buffer b = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < LEN(change); ++i) {
		at = strstr(text, change[i].old);
		ck_assert_msg(at != NULL, "%s is not in %s", change[i].old, text);
		buffer_clear(&b);
		buffer_add(&b, text, (size_t)(at - text));
		buffer_fmt(&b, "%s%s", change[i].new, at + strlen(change[i].old));
		free(text);
		text = strcpy(xmalloc(b.len + 1), b.data);
	}
	again = save_again(lines, text);
	ck_assert_ptr_nonnull(strstr(again, "\terrno 9999\n"));
	ck_assert_ptr_nonnull(strstr(again, "\tsignal 120 code 7 elsewhere\n"));
	ck_assert_ptr_nonnull(strstr(again, "\tdied signal 119\n"));
	free(text);
	free(again);
	buffer_free(&b);
}
END_TEST

static const char sample[] = "probe zoo \"the last\"\nfd = open(\"a\", 0)\n  posix: ok \"a note\"\np = mmap(NULL, PAGE, 1, 1, fd, 0)\nload(p) = 7\n"
	"probe few \"with arguments\"\nparam off = PAGE\neach n = 2, 1, 1\nlseek(3, off, n)\n"
	"probe lack \"a need\"\nneed 0 \"why not\"\nvalue(1)\n";
static const char sample_outcomes[] = "3; 0x500000000000; 7; 4096; EINVAL; EINVAL";

static char *
save_sample(void)
{
	return save(sample, sample_outcomes);
}

START_TEST(to_the_letter)
{
	char *text = save_sample();

	ck_assert_str_eq(text,
		"mmprobe-report 1\nsystem linux\nrelease 6.1\nmachine vax\nlibc \nfs ext4\npage 4096\nbits 64\nroot 0\nmemlock 65536\n"
		"names linux\n\n"
		"case few off=PAGE, n=1\nscript 3725c7d4\nverdict noted\n  lseek(3, off, n)\tEINVAL\n\n"
		"case few off=PAGE, n=2\nscript 3725c7d4\nverdict noted\n  lseek(3, off, n)\t1*PAGE\n\n"
		"case lack\nscript a7d1b71a\nverdict unsupported\n\n"
		"case zoo\nscript 8502e530\nverdict ok\n  fd = open(\"a\", 0)\t3\n  p = mmap(NULL, PAGE, 1, 1, fd, 0)\tnew\n  load(p)\t7\n\n"
		"end 4\n");
	free(text);
}
END_TEST

START_TEST(the_same_again)
{
	char *text = save_sample(), *again = save_again(sample, text);

	ck_assert_str_eq(text, again);
	free(text);
	free(again);
}
END_TEST

/* The same outcomes, with pages four times as large, are the same words. */
START_TEST(another_page_size)
{
	char *small = save_sample(), *large, *again;

	symbol_set("PAGE", 16384);
	here.page = 16384;
	large = save(sample, "3; 0x500000000000; 7; 16384; EINVAL; EINVAL");
	ck_assert_ptr_nonnull(strstr(large, "\npage 16384\n"));
	ck_assert_str_eq(strstr(small, "\n\ncase"), strstr(large, "\n\ncase"));
	symbol_set("PAGE", 4096);
	again = save_again(sample, large);
	ck_assert_str_eq(large, again);
	ck_assert_int_eq(symbol_find("PAGE", 4)->value, 16384);
	free(small);
	free(large);
	free(again);
}
END_TEST

START_TEST(what_is_read)
{
	char *text = save_sample();
	struct saved s;
	size_t i;

	read_report(&s, text);
	memset(text, 'x', strlen(text));
	free(text);
	ck_assert_str_eq(s.here.system, "linux");
	ck_assert_str_eq(s.here.release, "6.1");
	ck_assert_str_eq(s.here.machine, "vax");
	ck_assert_str_eq(s.here.libc, "");
	ck_assert_str_eq(s.here.fs, "ext4");
	ck_assert_int_eq(s.here.page, 4096);
	ck_assert_int_eq(s.bits, 64);
	ck_assert_int_eq(s.root, 0);
	ck_assert_int_eq(s.memlock, 65536);
	ck_assert_int_eq(s.here.nnames, 1);
	ck_assert_str_eq(s.here.names[0], "linux");
	ck_assert_uint_eq(s.n, 4);
	for (i = 0; i < s.n; ++i)
		ck_assert_ptr_eq(saved_find(&s, s.cases[i].name), &s.cases[i]);
	ck_assert_ptr_null(saved_find(&s, "few"));
	ck_assert_ptr_null(saved_find(&s, ""));
	ck_assert_ptr_null(saved_find(&s, "zoo "));
	ck_assert_ptr_null(saved_find(&s, "a"));
	ck_assert_str_eq(s.cases[3].name, "zoo");
	ck_assert_str_eq(s.cases[3].verdict, "ok");
	ck_assert_int_eq(s.cases[3].nsteps, 3);
	ck_assert_str_eq(s.cases[3].steps[2].call, "load(p)");
	ck_assert_str_eq(s.cases[3].steps[2].outcome, "7");
	ck_assert_int_eq(s.cases[2].nsteps, 0);
	saved_free(&s);
}
END_TEST

static uint32_t
hash(const char *lines)
{
	struct script s;
	uint32_t h;

	help_parse(&s, lines);
	h = saved_hash(s.probes);
	script_free(&s);
	return h;
}

/* Newer claims judge what older ones saw: only the calls make a script another one. */
START_TEST(what_makes_another_script)
{
	uint32_t h = hash("probe a \"t\"\nparam x = 1\nk = fork()\nk: value(x)\n  posix: 1\n");

	ck_assert_uint_eq(h, hash("probe a \"t\"\nparam x = 1\nk = fork()\nk: value(x)\n  posix: 1\n"));
	ck_assert_uint_eq(h, hash("probe b \"other\" # why\nparam x = 2\ntag heavy\nneed x\nk = fork()\nk:   value( x ) = 7\n"));
	ck_assert_uint_ne(h, hash("probe a \"t\"\nparam x = 1\nk = fork()\nk: value(x + 0)\n"));
	ck_assert_uint_ne(h, hash("probe a \"t\"\nparam x = 1\nk = fork()\nvalue(x)\n"));
	ck_assert_uint_ne(h, hash("probe a \"t\"\nparam x = 1\nk = fork()\nk: y = value(x)\n"));
	ck_assert_uint_ne(h, hash("probe a \"t\"\nparam x = 1\nk = process()\nk: value(x)\n"));
	ck_assert_uint_ne(h, hash("probe a \"t\"\nparam x = 1\nk = fork()\n"));
}
END_TEST

/* In the report of the sample, this text is replaced by that; then it cannot be read, and why. */
static const struct { const char *old, *new, *error; } broken[] = {
	{ "mmprobe-report 1", "mmprobe-report 2", "1: no report of mmprobe, or of a version that this one cannot read" },
	{ "mmprobe-report 1", "", "1: no report of mmprobe, or of a version that this one cannot read" },
	{ "mmprobe-report 1\n", "\177ELF\n", "1: a control character: this is no report" },
	{ "mmprobe-report 1", "mmprobe-report 1\r", "1: a control character: this is no report" },
	{ "system linux\n", "", "2: a line of the head is missing, or another stands there" },
	{ "system linux\n", "system\n", "2: a line of the head is missing, or another stands there" },
	{ "release 6.1", "release 0123456789012345678901234567890123456789012345678901234567890123", "3: the line is too long" },
	{ "release 6.1", "release \033[2J", "3: a control character: this is no report" },
	{ "release 6.1", "release \302\233 2J", "3: a control character: this is no report" },
	{ "page 4096", "page 4097", "11: no page can have that size" },
	{ "page 4096", "page 0", "7: no such number can be" },
	{ "page 4096", "page -4096", "7: no such number can be" },
	{ "page 4096", "page 4096k", "7: no such number can be" },
	{ "page 4096", "page 99999999999999999999", "7: no such number can be" },
	{ "page 4096", "page 1099511627776", "11: no page can have that size" },
	{ "page 4096", "page", "7: a line of the head is missing, or another stands there" },
	{ "bits 64\n", "", "8: a line of the head is missing, or another stands there" },
	{ "memlock 65536", "memlock x", "10: no such number can be" },
	{ "names linux", "names linux plan8", "11: a platform that nobody knows" },
	{ "names linux", "names linux linux linux linux linux linux", "11: a platform that nobody knows" },
	{ "names linux\n", "", "11: a line of the head is missing, or another stands there" },
	{ "case few off=PAGE, n=1\n", "", "13: neither a case nor a step of one" },
	{ "case few off=PAGE, n=1\n", "case zzz\n", "18: the cases are not in order, or one stands twice" },
	{ "case few off=PAGE, n=1\n", "case few off=PAGE, n=2\n", "18: the cases are not in order, or one stands twice" },
	{ "script 3725c7d4", "script 3725c7d", "14: eight digits mark a script" },
	{ "script 3725c7d4", "script 3725c7d41", "14: eight digits mark a script" },
	{ "script 3725c7d4", "script -725c7d4", "14: eight digits mark a script" },
	{ "script 3725c7d4", "script 3725c7dg", "14: eight digits mark a script" },
	{ "script 3725c7d4\n", "", "13: the case has no script" },
	{ "verdict noted\n", "", "13: the case has no verdict" },
	{ "verdict noted\n", "vendict noted\n", "15: neither a case nor a step of one" },
	{ "  lseek(3, off, n)\tEINVAL", "  lseek(3, off, n) EINVAL", "16: a step reads: two blanks, the call, a tab, what came of it" },
	{ "  lseek(3, off, n)\tEINVAL", "  \tEINVAL", "16: a step reads: two blanks, the call, a tab, what came of it" },
	{ "  lseek(3, off, n)\tEINVAL", " lseek(3, off, n)\tEINVAL", "16: neither a case nor a step of one" },
	{ "end 4\n", "", "33: the report is cut short: its last line should be 'end'" },
	{ "end 4\n", "end 4", "34: the line has no end: the report is cut short" },
	{ "end 4\n", "end 3\n", "34: the end does not fit what stands before it" },
	{ "end 4\n", "end x\n", "34: the end does not fit what stands before it" },
	{ "end 4\n", "end 4\nend 4\n", "34: the end does not fit what stands before it" },
	{ "end 4\n", "end 4\n\n", "34: the end does not fit what stands before it" },
};

START_TEST(what_is_no_report)
{
	char *text = save_sample(), *at = strstr(text, broken[_i].old);
	struct buffer b = { NULL, 0, 0 }, error = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	struct saved s;

	ck_assert_msg(at != NULL, "%s is not in\n%s", broken[_i].old, text);
	buffer_add(&b, text, (size_t)(at - text));
	buffer_fmt(&b, "%s%s", broken[_i].new, at + strlen(broken[_i].old));
	ck_assert_int_eq(saved_parse(&s, "file", b.data, b.len, &error), -1);
	buffer_fmt(&want, "file:%s\n", broken[_i].error);
	ck_assert_str_eq(buffer_text(&error), buffer_text(&want));
	saved_free(&s);
	free(text);
	buffer_free(&b);
	buffer_free(&error);
	buffer_free(&want);
}
END_TEST

/* Cut off anywhere it is no report, and nothing is read behind its end. */
START_TEST(cut_off)
{
	struct buffer error = { NULL, 0, 0 };
	char *text = save_sample(), *part;
	size_t n, len = strlen(text);
	struct saved s;

	for (n = 0; n < len; ++n) {
		part = xmalloc(n);
		memcpy(part, text, n);
		buffer_clear(&error);
		ck_assert_int_eq(saved_parse(&s, "file", part, n, &error), -1);
		ck_assert_uint_ne(error.len, 0);
		ck_assert_ptr_eq(strchr(error.data, '\n'), error.data + error.len - 1);
		saved_free(&s);
		free(part);
	}
	free(text);
	buffer_free(&error);
}
END_TEST

/* With any byte another one it is a report, or there is one message. */
START_TEST(altered)
{
	static const unsigned char bytes[] = { 0, '\t', '\n', ' ', '"', '0', 'z', 0x7f, 0x9b, 0xff };
	struct buffer error = { NULL, 0, 0 };
	char *text = save_sample(), old;
	size_t n, i, len = strlen(text);
	struct saved s;

	for (n = 0; n < len; ++n) {
		old = text[n];
		for (i = 0; i < sizeof bytes; ++i) {
			text[n] = (char)bytes[i];
			buffer_clear(&error);
			ck_assert_int_eq(saved_parse(&s, "file", text, len, &error), error.len ? -1 : 0);
			saved_free(&s);
		}
		text[n] = old;
	}
	free(text);
	buffer_free(&error);
}
END_TEST

/* A report of that many cases with so many steps each, read: NULL or the message. */
static const char *
read_many(int cases, int steps)
{
	static struct buffer b, error;
	struct saved s;
	int i, j, r;

	buffer_clear(&b);
	buffer_clear(&error);
	buffer_str(&b, "mmprobe-report 1\nsystem a\nrelease \nmachine \nlibc \nfs \npage 1\nbits 32\nroot 0\nmemlock 0\nnames \n");
	for (i = 0; i < cases; ++i) {
		buffer_fmt(&b, "case c%06d\nscript 00000000\nverdict ok\n", i);
		for (j = 0; j < steps; ++j)
			buffer_fmt(&b, "  s%d\t%d\n", j, j);
	}
	buffer_fmt(&b, "end %d\n", cases);
	r = saved_parse(&s, "file", b.data, b.len, &error);
	for (i = 0; r == 0 && i < cases; ++i)
		for (j = 0; j < steps; ++j)
			ck_assert_int_eq(strtol(s.cases[i].steps[j].outcome, NULL, 10), j);
	saved_free(&s);
	return r < 0 ? error.data : NULL;
}

START_TEST(how_much_a_report_may_hold)
{
	ck_assert_ptr_null(read_many(0, 0));
	ck_assert_ptr_null(read_many(3, 15));
	ck_assert_ptr_null(read_many(3, 16));
	ck_assert_ptr_null(read_many(3, 17));
	ck_assert_ptr_null(read_many(20, 1000));
	ck_assert_str_eq(read_many(1, 1001), "file:1015: more steps than a case can have\n");
	ck_assert_ptr_null(read_many(100000, 0));
	ck_assert_str_eq(read_many(100001, 0), "file:300012: more cases than a report can have\n");
}
END_TEST

START_TEST(no_words)
{
	static const char *const bad[] = {
		"", " ", "EINVALID", "EINVAL EINVAL", "new +", "new+", "SIGSEGV", "SIGSEGV SEGV_MAPERR", "SIGSEGV BUS_ADRERR 0", "SIGSEGV SEGV_MAPERR q",
		"died EINVAL", "died SIGKILL 1", "exited", "errno", "errno x", "errno EINVAL", "signal 11", "signal 11 code", "3 3", "p+",
		"\"open", "\"a\" b", "hung 1", "?", "ok", "1 == 1", "PROT_READ|", "\n", "load(p)", "nothing",
	};
	struct bench bench = { NULL, &here };
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	struct platform on;
	struct outcome o;
	struct script s;
	struct result r;
	struct fake f;
	char longest[TEXT_MAX + 3];
	size_t i;

	help_parse(&s, MAP "load(p)\n");
	ck_assert_int_eq(fake_parse(&f, AT "1", strlen(AT "1"), &error), 0);
	fake_platform(&on, &f);
	run_trial(run_trials(s.probes, NULL, 0, &arena, &error), &on, 0, &bench, &r);
	for (i = 0; i < LEN(bad); ++i)
		ck_assert_msg(record_parse(bad[i], strlen(bad[i]), &r, s.probes->steps->next, &o) == -1, "'%s' is taken for words", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[0] = longest[TEXT_MAX + 1] = longest[TEXT_MAX + 2] = '"';
	ck_assert_int_eq(record_parse(longest, TEXT_MAX + 2, &r, s.probes->steps->next, &o), 0);
	ck_assert_int_eq(o.ntext, TEXT_MAX);
	longest[TEXT_MAX + 1] = 'a';
	ck_assert_int_eq(record_parse(longest, TEXT_MAX + 3, &r, s.probes->steps->next, &o), -1);
	ck_assert_int_eq(record_parse("p+3", 3, &r, s.probes->steps->next, &o), 0);
	ck_assert_int_eq(o.ret, help_value("0x500000000003"));
	run_free(&r);
	fake_free(&f);
	arena_free(&arena);
	script_free(&s);
}
END_TEST

static void
play_nonsense(void *arg)
{
	const char *text = arg;

	free(save_again(sample, text));
}

START_TEST(words_that_cannot_be_played)
{
	char *text = save_sample(), *at = strstr(text, "\tEINVAL");
	struct buffer error = { NULL, 0, 0 };
	int status;

	memcpy(at, "\tEJNVAL", 7);
	status = help_status(play_nonsense, text, &error);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), EXIT_USAGE);
	ck_assert_str_eq(buffer_text(&error),
		"mmprobe: file:13: what came of step 1 of 'few off=PAGE, n=1' cannot be read: 'EJNVAL'\n");
	free(text);
	buffer_free(&error);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("save");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, words_of_outcomes, 0, LEN(words));
	tcase_add_loop_test(t, words_are_read_again, 0, LEN(words));
	tcase_add_test(t, numbers_without_names);
	tcase_add_test(t, to_the_letter);
	tcase_add_test(t, the_same_again);
	tcase_add_test(t, another_page_size);
	tcase_add_test(t, what_is_read);
	tcase_add_test(t, what_makes_another_script);
	tcase_add_loop_test(t, what_is_no_report, 0, LEN(broken));
	tcase_add_test(t, cut_off);
	tcase_add_test(t, altered);
	tcase_set_timeout(t, 60);       /* with sanitizers, a report of 100000 cases takes a while */
	tcase_add_test(t, how_much_a_report_may_hold);
	tcase_add_test(t, no_words);
	tcase_add_test(t, words_that_cannot_be_played);
	return help_run(t);
}
