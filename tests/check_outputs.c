/* Where reports go: files and standard output that cannot be written, files that are no reports, formats that nobody named. */
#include <sys/wait.h>
#include <sys/stat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fake.h"
#include "help.h"
#include "keep.h"
#include "options.h"
#include "outputs.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "saved.h"

static struct here here;
static struct options options;
static char dir[64];
static struct buffer error;

static void
setup(void)
{
	keep_here(&here);
	memset(&options, 0, sizeof options);
	options.mode = MODE_ALL;
	options.color = -1;
	unsetenv("GITHUB_ACTIONS");
	unsetenv("GITHUB_STEP_SUMMARY");
	unsetenv("NO_COLOR");
	strcpy(dir, "/tmp/mmprobe-outputs-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void
teardown(void)
{
	static const char *const files[] = { "one", "two", "report", "known", "huge", "out" };
	size_t i;

	for (i = 0; i < LEN(files); ++i)
		unlink(files[i]);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* The status of what ends the program, and that its one message begins so. */
static void
expect_end(void (*f)(void *), const char *arg, int want, const char *message)
{
	int status;

	buffer_clear(&error);
	status = help_status(f, (void *)(size_t)arg, &error);
	ck_assert(WIFEXITED(status));
	ck_assert_msg(strncmp(buffer_text(&error), message, strlen(message)) == 0, "the message is %snot %s", buffer_text(&error), message);
	ck_assert_int_eq(WEXITSTATUS(status), want);
	ck_assert_ptr_eq(strchr(buffer_text(&error), '\n'), strrchr(buffer_text(&error), '\n'));
}

static void
open_it(void *path)
{
	outputs_open(path);
}

static void
fill_it(void *path)
{
	FILE *f = outputs_open(path);
	int i;

	for (i = 0; i < 1000; ++i)
		fputs("more than a buffer holds\n", f);
	outputs_close(f, path);
}

static void
close_it(void *path)
{
	FILE *f = outputs_open(path);

	fputs("less", f);
	outputs_close(f, path);
}

static void
print_it(void *path)
{
	ck_assert_ptr_nonnull(freopen(path, "w", stdout));
	fputs("less", stdout);
	outputs_check();
}

START_TEST(what_cannot_be_written)
{
	expect_end(open_it, "missing/file", EXIT_TROUBLE, "mmprobe: missing/file cannot be written: ");
	expect_end(open_it, ".", EXIT_TROUBLE, "mmprobe: . cannot be written: ");
	expect_end(print_it, "out", 0, "");
	if (access("/dev/full", W_OK) < 0)
		return;
	expect_end(fill_it, "/dev/full", EXIT_TROUBLE, "mmprobe: /dev/full cannot be written: ");
	expect_end(close_it, "/dev/full", EXIT_TROUBLE, "mmprobe: /dev/full cannot be written: ");
	expect_end(print_it, "/dev/full", EXIT_TROUBLE, "mmprobe: standard output: ");
}
END_TEST

static void
begin_it(void *arg)
{
	(void)arg;
	outputs_begin(&options, &here, 1);
}

START_TEST(a_place_is_checked_before_the_work)
{
	struct stat st;

	options.output = "out";
	options.save = "missing/report";
	expect_end(begin_it, NULL, EXIT_TROUBLE, "mmprobe: missing/report cannot be written: ");
	options.save = "one/report";
	write_file("one", "a file\n");
	expect_end(begin_it, NULL, EXIT_TROUBLE, "mmprobe: one/report cannot be written: ");
	options.save = "report";
	expect_end(begin_it, NULL, 0, "");
	ck_assert_int_lt(stat("report", &st), 0);
}
END_TEST

START_TEST(formats)
{
	static const struct { const char *actions, *format, *output, *begins; } table[] = {
		{ NULL, NULL, "out", "linux 6.1 vax" }, { "true", NULL, "out", "linux 6.1 vax" }, { "true", "text", "out", "linux 6.1 vax" },
		{ NULL, "tap", "out", "TAP version 14" }, { "true", "tap", "out", "TAP version 14" },
		{ NULL, NULL, NULL, "linux 6.1 vax" }, { "false", NULL, NULL, "linux 6.1 vax" }, { "true", NULL, NULL, "0 cases" },
		{ "true", "tap", NULL, "TAP version 14" }, { NULL, "github", NULL, "0 cases" },
	};
	struct buffer text = { NULL, 0, 0 };
	struct totals totals;
	pid_t pid;
	size_t i;
	int status;

	memset(&totals, 0, sizeof totals);
	for (i = 0; i < LEN(table); ++i) {
		fflush(NULL);
		pid = fork();
		if (pid == 0) {
			if (!freopen("out", "w", stdout))
				_exit(9);
			if (table[i].actions)
				setenv("GITHUB_ACTIONS", table[i].actions, 1);
			options.format = table[i].format;
			options.output = table[i].output;
			outputs_begin(&options, &here, 1);
			outputs_end(&options, &totals);
			fflush(NULL);
			_exit(0);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
		buffer_clear(&text);
		help_read(&text, "out");
		ck_assert_msg(strncmp(buffer_text(&text), table[i].begins, strlen(table[i].begins)) == 0, "row %d: %s", (int)i, buffer_text(&text));
	}
	options.format = "sonnet";
	expect_end(begin_it, NULL, EXIT_USAGE, "mmprobe: there is no format 'sonnet'\n");
	buffer_free(&text);
}
END_TEST

/* Tables for the summary of a job, behind what is there. */
static const struct { const char *file, *format, *output; int several, wanted; } summaries[] = {
	{ "two", "github", NULL, 1, 1 }, { "two", "github", NULL, 0, 0 }, { "two", "github", "out", 1, 0 }, { "two", "text", NULL, 1, 0 },
	{ "", "github", NULL, 1, 0 },
};

START_TEST(a_summary_of_the_job)
{
	struct buffer text = { NULL, 0, 0 };
	struct totals totals;
	pid_t pid;
	int status;

	memset(&totals, 0, sizeof totals);
	write_file("two", "before\n");
	options.format = summaries[_i].format;
	options.output = summaries[_i].output;
	pid = fork();
	if (pid == 0) {
		setenv("GITHUB_STEP_SUMMARY", summaries[_i].file, 1);
		if (!freopen("one", "w", stdout))
			_exit(9);
		outputs_begin(&options, &here, summaries[_i].several);
		outputs_end(&options, &totals);
		fflush(NULL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	help_read(&text, "two");
	if (summaries[_i].wanted)
		ck_assert_int_eq(strncmp(buffer_text(&text), "before\n### mmprobe: linux 6.1 vax", 33), 0);
	else
		ck_assert_str_eq(buffer_text(&text), "before\n");
	buffer_free(&text);
}
END_TEST

START_TEST(a_summary_that_cannot_be_written)
{
	setenv("GITHUB_STEP_SUMMARY", "missing/file", 1);
	options.format = "github";
	expect_end(begin_it, NULL, EXIT_TROUBLE, "mmprobe: missing/file cannot be written: ");
}
END_TEST

static void
read_it(void *path)
{
	struct saved s;

	outputs_read_saved(&s, path);
	saved_free(&s);
}

START_TEST(what_cannot_be_read)
{
	FILE *f;
	int i;

	expect_end(read_it, "missing", EXIT_USAGE, "mmprobe: missing cannot be read: ");
	expect_end(read_it, ".", EXIT_USAGE, "mmprobe: . cannot be read: ");
	write_file("one", "");
	expect_end(read_it, "one", EXIT_USAGE, "mmprobe: one:1: no report of mmprobe, or of a version that this one cannot read\n");
	write_file("one", "an essay on mmap\n");
	expect_end(read_it, "one", EXIT_USAGE, "mmprobe: one:1: no report of mmprobe, or of a version that this one cannot read\n");
	write_file("one", "mmprobe-report 1\nsystem x\n");
	expect_end(read_it, "one", EXIT_USAGE, "mmprobe: one:2: a line of the head is missing, or another stands there\n");
	f = fopen("huge", "w");
	ck_assert_ptr_nonnull(f);
	for (i = 0; i < 16 << 10; ++i)
		fprintf(f, "%1023d\n", i);
	ck_assert_int_eq(fclose(f), 0);
	expect_end(read_it, "huge", EXIT_USAGE, "mmprobe: huge:1: no report");
	f = fopen("huge", "a");
	fputs("\n", f);
	ck_assert_int_eq(fclose(f), 0);
	expect_end(read_it, "huge", EXIT_USAGE, "mmprobe: huge is longer than 16384 KiB: it cannot be what is asked for\n");
}
END_TEST

static void
keep(const char *path, const char *lines, const char *outcomes)
{
	char *text = keep_report(&here, lines, outcomes);

	write_file(path, text);
	free(text);
}

static int
compared(const char *first, const char *second, const char *want)
{
	struct buffer text = { NULL, 0, 0 };
	int status;

	options.mode = MODE_COMPARE;
	options.compare = first;
	options.operand = second;
	options.output = "out";
	status = outputs_compare_files(&options);
	help_read(&text, "out");
	ck_assert_msg(strstr(buffer_text(&text), want) != NULL, "%s is not in\n%s", want, buffer_text(&text));
	buffer_free(&text);
	return status;
}

START_TEST(two_files)
{
	keep("one", "probe offset \"t\"\nmunmap(NULL, 0)\nclose(3)\n", "0; 0");
	keep("two", "probe offset \"t\"\nmunmap(NULL, 0)\nclose(3)\n", "0; EIO");
	ck_assert_int_eq(compared("one", "one", "\n0 of 1 cases differ\n"), EXIT_OK);
	ck_assert_int_eq(compared("one", "two", "(one)\nnow  linux 6.1 vax, page 4096, ext4   (two)\n"), EXIT_AMISS);
	ck_assert_int_eq(compared("one", "two", "\n  offset   close(3)\n"), EXIT_AMISS);
	options.verbose = 1;
	ck_assert_int_eq(compared("one", "two", "\n  offset\n    close(3)\n"), EXIT_AMISS);
	options.verbose = 0;
	options.expect = "known";
	write_file("known", "off* # it is known\n");
	ck_assert_int_eq(compared("one", "two", "1 of 1 cases differ, 1 of them as expected\n"), EXIT_OK);
	ck_assert_int_eq(compared("one", "one", "no longer differs: off*   (it is known)\n"), EXIT_OK);
}
END_TEST

static void
compare_them(void *arg)
{
	(void)arg;
	outputs_compare_files(&options);
}

START_TEST(a_wrong_expectation)
{
	keep("one", "probe a \"t\"\nclose(3)\n", "0");
	options.mode = MODE_COMPARE;
	options.compare = options.operand = "one";
	options.expect = "known";
	expect_end(compare_them, NULL, EXIT_USAGE, "mmprobe: known cannot be read: ");
	write_file("known", "a\n");
	expect_end(compare_them, NULL, EXIT_USAGE,
		"mmprobe: known:1: a known difference reads 'CASE # REASON', and the reason is missing\n");
}
END_TEST

/* A run of a script is reported, kept and compared at once. */
static int
run_and_compare(const char *lines, const char *outcomes)
{
	struct buffer problem = { NULL, 0, 0 };
	struct bench bench = { NULL, &here };
	struct arena arena = { NULL, 0 };
	struct platform on;
	struct totals totals;
	struct script s;
	struct result r;
	struct fake f;

	memset(&totals, 0, sizeof totals);
	help_parse(&s, lines);
	ck_assert_int_eq(fake_parse(&f, outcomes, strlen(outcomes), &problem), 0);
	fake_platform(&on, &f);
	outputs_begin(&options, &here, 0);
	run_trial(run_trials(s.probes, NULL, 0, &arena, &problem), &on, 0, &bench, &r);
	outputs_probe(&r, 1);
	outputs_end(&options, &totals);
	run_free(&r);
	fake_free(&f);
	arena_free(&arena);
	script_free(&s);
	return options.compare ? outputs_compare_now(&options) : EXIT_OK;
}

#define ONE "probe one \"t\"\nclose(3)\n"

START_TEST(a_run_is_kept)
{
	struct buffer text = { NULL, 0, 0 };
	char *want = keep_report(&here, ONE, "EIO");

	options.save = "report";
	options.output = "out";
	run_and_compare(ONE, "EIO");
	help_read(&text, "report");
	ck_assert_str_eq(buffer_text(&text), want);
	buffer_clear(&text);
	help_read(&text, "out");
	ck_assert_ptr_nonnull(strstr(buffer_text(&text), "  close(3)  = EIO\n"));
	buffer_free(&text);
	free(want);
}
END_TEST

/* Asked for everything, what is gone is a difference; asked for a part, it is not. */
static const struct { enum mode mode; const char *outcomes, *want; int status; } runs[] = {
	{ MODE_ALL, "0", "1 of 2 cases differ\n  1 gone\n", EXIT_AMISS },
	{ MODE_PROBE, "0", "0 of 1 cases differ\n", EXIT_OK },
	{ MODE_PROBE, "EIO", "1 of 1 cases differ\n  1 error\n", EXIT_AMISS },
};

START_TEST(a_run_is_compared)
{
	struct buffer text = { NULL, 0, 0 };

	keep("report", ONE "probe two \"t\"\nclose(4)\n", "0; 0");
	options.mode = runs[_i].mode;
	options.compare = "report";
	options.output = "out";
	if (runs[_i].mode == MODE_PROBE) {
		options.expect = "known";
		write_file("known", "two # was not asked for\n");
	}
	ck_assert_int_eq(run_and_compare(ONE, runs[_i].outcomes), runs[_i].status);
	help_read(&text, "out");
	ck_assert_msg(strstr(buffer_text(&text), runs[_i].want) != NULL, "%s", buffer_text(&text));
	ck_assert_ptr_nonnull(strstr(buffer_text(&text), "(report)\nnow  linux 6.1 vax, page 4096, ext4   (this run)\n"));
	ck_assert_ptr_null(strstr(buffer_text(&text), "no longer differs"));
	buffer_free(&text);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("outputs");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_cannot_be_written);
	tcase_add_test(t, a_place_is_checked_before_the_work);
	tcase_add_test(t, formats);
	tcase_add_loop_test(t, a_summary_of_the_job, 0, LEN(summaries));
	tcase_add_test(t, a_summary_that_cannot_be_written);
	tcase_add_test(t, what_cannot_be_read);
	tcase_add_test(t, two_files);
	tcase_add_test(t, a_wrong_expectation);
	tcase_add_test(t, a_run_is_kept);
	tcase_add_loop_test(t, a_run_is_compared, 0, LEN(runs));
	return help_run(t);
}
