/* The live platform, with real processes. */
#include <sys/types.h>
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "calls.h"
#include "help.h"
#include "outcome.h"
#include "platform.h"
#include "process.h"
#include "run.h"
#include "scratch.h"
#include "supervisor.h"
#include "util.h"

enum { TIMEOUT = 300 };

static char dir[64];
static const char *program;
static struct here here;
static struct bench bench;
static struct platform live;
static struct arena arena;
static struct script script;
static struct result result;

static void
setup(void)
{
	strcpy(dir, "/tmp/check-process-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	/* libcheck's own handler, in a copy of this process, would end the whole group. */
	signal(SIGTERM, SIG_DFL);
	here_pretend(&here, "linux", 4096);
	bench.here = &here;
	supervisor_signals();
	supervisor_prepare(program);
	scratch_make(dir, 1);
	process_platform(&live, TIMEOUT);
}

static void
teardown(void)
{
	process_end();
	scratch_remove();
	ck_assert_int_eq(rmdir(dir), 0);
}

/* No child, no zombie, and nothing that works in the directories. */
static void
assert_nothing_left(void)
{
	int tries;

	/* What was killed may take a moment to be gone. */
	for (tries = 0; tries < 50 && help_others(dir) > 0; ++tries)
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	ck_assert_int_le(help_others(dir), 0);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

static const struct seen *
run(const char *text)
{
	struct buffer error = { NULL, 0, 0 };

	help_parse(&script, text);
	run_trial(run_trials(script.probes, NULL, 0, &arena, &error), &live, 0, &bench, &result);
	assert_nothing_left();
	return result.seen;
}

static void
expect_ok(const char *text)
{
	const struct seen *seen = run(text);
	int i;

	for (i = 0; i < script.probes->nsteps; ++i)
		ck_assert_msg(seen[i].verdict == VERDICT_OK && seen[i].outcome.how != OUTCOME_UNREACHED, "of\n%sstep %d is %s, how %d, ret %jd",
			text, i + 1, verdict_word(seen[i].verdict), (int)seen[i].outcome.how, seen[i].outcome.ret);
}

static const char shared[] = "fd = open(\"data\", O_RDWR|O_CREAT, 0600)\nftruncate(fd, PAGE)\n"
	"p = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, fd, 0)\n";

static struct buffer text;

static const char *
with_shared(const char *lines)
{
	buffer_clear(&text);
	buffer_str(&text, shared);
	buffer_str(&text, lines);
	return buffer_text(&text);
}

START_TEST(one_process)
{
	expect_ok(with_shared("store(p, 'K') = 0\nload(p) = 'K'\nbyteat(fd, 0) = 'K'\nload(p + PAGE - 1) = 0\n"
	    "open(\"none\", 0) = ENOENT\nwrite(fd, \"ab\\0c\", 4) = 4\nloads(p, 4) = \"ab\\0c\"\nsize(fd) = PAGE\nload(8) = SIGSEGV\n"
	    "munmap(p, PAGE) = 0\nload(p) = SIGSEGV SEGV_MAPERR at p\nvalue(-5) = -5\n"));
}
END_TEST

START_TEST(each_case_has_a_fresh_directory)
{
	int i;

	for (i = 0; i < 3; ++i) {
		expect_ok("fd = open(\"data\", O_RDWR|O_CREAT|O_EXCL, 0600) = ok\nrename(\"data\", \"other\") = 0\n");
		run_free(&result);
		expect_ok("open(\"other\", 0) = ENOENT\nopen(\"data\", 0) = ENOENT\n");
		run_free(&result);
	}
}
END_TEST

/* Descriptors are the lowest that are free, as in a program that was just started. */
START_TEST(descriptors_are_clean)
{
	expect_ok("open(\"data\", O_RDWR|O_CREAT, 0600) = 3\ndup(3) = 4\nclose(3) = 0\nclose(5) = EBADF\nclose(6) = EBADF\nclose(7) = EBADF\n");
}
END_TEST

START_TEST(forked)
{
	expect_ok(with_shared("private = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)\nstore(private, 'a')\n"
	    "kid = fork()\nkid: load(private) = 'a'\nkid: store(private, 'b')\nload(private) = 'a'\nkid: store(p, 'K') = 0\nload(p) = 'K'\n"
	    "store(p, 'L')\nkid: load(p) = 'L'\nkid: grandkid = fork()\ngrandkid: load(private) = 'b'\ngrandkid: load(p) = 'L'\n"
	    "grandkid: munmap(p, PAGE)\nload(p) = 'L'\n"));
}
END_TEST

START_TEST(unrelated)
{
	expect_ok(with_shared("store(p, 'K')\npeer = process()\npeer: close(fd) = EBADF\npeer: f = open(\"data\", O_RDONLY)\npeer: byteat(f, 0) = 'K'\n"
	    "peer: q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, f, 0)\nstore(p, 'L')\npeer: load(q) = 'L'\n"));
}
END_TEST

START_TEST(exit_of_the_first)
{
	const struct seen *seen = run("exit(7) = 7\nvalue(1)\n");

	ck_assert_int_eq(seen[0].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[0].outcome.ret, 7);
	ck_assert_int_eq(seen[1].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[1].asked, 1);
	run_free(&result);
}
END_TEST

START_TEST(exit_of_a_kid)
{
	const struct seen *seen = run("kid = fork()\nkid: exit(4)\nkid: value(1)\nvalue(2)\nexit(256 + 9)\n");

	ck_assert_int_eq(seen[1].outcome.ret, 4);
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[3].outcome.ret, 2);
	ck_assert_int_eq(seen[4].outcome.ret, 9);
	run_free(&result);
}
END_TEST

/* Nobody but a process itself may hold its end of the pipe, or its end is not seen. */
START_TEST(exit_of_a_grandkid)
{
	double start = seconds_now();
	const struct seen *seen = run("kid = fork()\nkid: grandkid = fork()\ngrandkid: exit(3)\nkid: exit(4)\n");

	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[2].outcome.ret, 3);
	ck_assert_int_eq(seen[3].outcome.ret, 4);
	ck_assert_double_lt(seconds_now() - start, TIMEOUT / 1000.0);
	run_free(&result);
}
END_TEST

START_TEST(kid_of_an_unrelated_process)
{
	const struct seen *seen = run("peer = process()\npeer: kid = fork()\nkid: value(5)\nkid: exit(3)\npeer: exit(4)\nvalue(6)\n");

	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[2].outcome.ret, 5);
	ck_assert_int_eq(seen[3].outcome.ret, 3);
	ck_assert_int_eq(seen[4].outcome.ret, 4);
	ck_assert_int_eq(seen[5].outcome.ret, 6);
	run_free(&result);
}
END_TEST

/* A fault whose signal is blocked is not caught: it kills. */
START_TEST(death_by_signal)
{
	const struct seen *seen;

	process_platform(&live, 10000);
	seen = run("p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED|MAP_ANONYMOUS, -1, 0)\nkid = fork()\n"
	    "kid: block(SIGSEGV)\nkid: store(p, 1)\nkid: value(1)\nload(p)\n");
	ck_assert_int_eq(seen[3].outcome.how, OUTCOME_DIED);
	ck_assert_int_eq(seen[3].outcome.sig, SIGSEGV);
	ck_assert_int_eq(seen[4].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[5].outcome.how, OUTCOME_RETURNED);
	run_free(&result);
}
END_TEST

static const char endless[] = "p = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0)\n";

START_TEST(hang_of_the_first)
{
	double start = seconds_now();
	const struct seen *seen;

	buffer_clear(&text);
	buffer_fmt(&text, "%srace(p, 1 << 40)\nload(p)\n", endless);
	seen = run(buffer_text(&text));
	ck_assert_int_eq(seen[1].outcome.how, OUTCOME_HUNG);
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_UNREACHED);
	ck_assert_double_gt(seconds_now() - start, TIMEOUT / 1000.0 - 0.01);
	ck_assert_double_lt(seconds_now() - start, 3);
	run_free(&result);
	expect_ok("value(1) = 1\n");
	run_free(&result);
}
END_TEST

START_TEST(hang_of_a_kid)
{
	const struct seen *seen;

	buffer_clear(&text);
	buffer_fmt(&text, "%skid = fork()\npeer = process()\nkid: race(p, 1 << 40)\nkid: load(p)\nload(p)\npeer: value(3)\n", endless);
	seen = run(buffer_text(&text));
	ck_assert_int_eq(seen[3].outcome.how, OUTCOME_HUNG);
	ck_assert_int_eq(seen[4].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[5].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[6].outcome.ret, 3);
	run_free(&result);
}
END_TEST

/* When the parent is gone the kid still answers; how it ended nobody can know then. */
START_TEST(orphan)
{
	const struct seen *seen = run("kid = fork()\nexit(1)\nkid: value(5)\nkid: exit(2)\n");

	ck_assert_int_eq(seen[1].outcome.ret, 1);
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[2].outcome.ret, 5);
	ck_assert_int_eq(seen[3].outcome.how, OUTCOME_DIED);
	ck_assert_int_eq(seen[3].outcome.ret, -1);
	run_free(&result);
}
END_TEST

START_TEST(killed)
{
	const struct seen *seen = run("kid = fork()\nkill(kid, SIGKILL) = 0\nkid: value(1)\nvalue(2)\n");

	ck_assert_int_eq(seen[1].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[3].outcome.ret, 2);
	run_free(&result);
}
END_TEST

/* A new program in the same process: what was mapped is gone, the descriptors that are not to be closed are not. */
START_TEST(another_program)
{
	expect_ok(with_shared("store(p, 'K')\nexec() = 0\nload(p) = SIGSEGV\nbyteat(fd, 0) = 'K'\n"));
	run_free(&result);
	expect_ok("kid = fork()\nkid: exec() = 0\nkid: value(3) = 3\nkid: exit(4) = 4\nvalue(5) = 5\n");
	run_free(&result);
}
END_TEST

/* A thread shares all with its process: what it maps, how it ends, that it hangs, that another program takes its place. */
START_TEST(threads)
{
	const struct seen *seen;

	expect_ok(with_shared("t = thread()\nt: u = thread()\nu: store(p, 'K')\nload(p) = 'K'\nt: load(1) = SIGSEGV\n"
		"u: munmap(p, PAGE) = 0\nload(p) = SIGSEGV\nt: kid = fork()\nkid: v = thread()\nv: exit(3) = 3\nvalue(1) = 1\n"
		"t: exec() = 0\nt: value(2) = 2\n"));
	run_free(&result);
	seen = run("t = thread()\nfd = pipe()\nt: reads(fd, 1)\nvalue(1)\n");
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_HUNG);
	ck_assert_int_eq(seen[3].outcome.how, OUTCOME_UNREACHED);
	run_free(&result);
	seen = run("t = thread()\nt: exec()\nvalue(1)\nt: value(2)\nt: exit(4) = 4\n");
	ck_assert_int_eq(seen[1].outcome.how, OUTCOME_RETURNED);
	ck_assert_int_eq(seen[2].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[3].outcome.ret, 2);
	ck_assert_int_eq(seen[4].outcome.ret, 4);
	run_free(&result);
	seen = run("kid = fork()\nkid: t = thread()\nkill(t, SIGKILL) = 0\nkid: value(1)\nvalue(2)\n");
	ck_assert_int_eq(seen[3].outcome.how, OUTCOME_UNREACHED);
	ck_assert_int_eq(seen[4].outcome.ret, 2);
	run_free(&result);
}
END_TEST

START_TEST(as_many_as_there_may_be)
{
	int i;

	buffer_clear(&text);
	for (i = 1; i < PROCESS_MAX; ++i)
		buffer_fmt(&text, i % 2 ? "k%d = fork()\n" : "k%d = process()\n", i);
	for (i = 1; i < PROCESS_MAX; ++i)
		buffer_fmt(&text, "k%d: value(%d) = %d\n", i, i, i);
	expect_ok(buffer_text(&text));
	run_free(&result);
}
END_TEST

START_TEST(many_cases)
{
	int i, fd = dup(0);

	close(fd);
	for (i = 0; i < 100; ++i) {
		expect_ok("k = fork()\nk: value(1) = 1\nk: exit(0) = 0\nload(0) = SIGSEGV\n");
		run_free(&result);
		script_free(&script);
	}
	/* No descriptor is lost. */
	ck_assert_int_eq(dup(0), fd);
}
END_TEST

START_TEST(long_texts)
{
	int i;

	buffer_clear(&text);
	buffer_str(&text, "fd = open(\"data\", O_RDWR|O_CREAT, 0600)\nwrite(fd, \"");
	for (i = 0; i < 255; ++i)
		buffer_str(&text, "x");
	buffer_str(&text, "\", 255) = 255\npreads(fd, 255, 0) = \"");
	for (i = 0; i < 255; ++i)
		buffer_str(&text, "x");
	buffer_str(&text, "\"\n");
	expect_ok(buffer_text(&text));
	run_free(&result);
}
END_TEST

static void
end_case(void)
{
	process_end();
	scratch_remove();
}

static void
interrupted(void *arg)
{
	struct buffer b = { NULL, 0, 0 }, error = { NULL, 0, 0 };

	(void)arg;
	scratch_make(dir, 1);
	supervisor_tidy(end_case);
	buffer_fmt(&b, "%srace(p, 1 << 40)\n", endless);
	help_parse(&script, buffer_text(&b));
	process_platform(&live, 20000);
	if (fork() == 0) {
		nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	run_trial(run_trials(script.probes, NULL, 0, &arena, &error), &live, 0, &bench, &result);
}

/* Told to stop, it dies of that signal, and soon. */
START_TEST(stopped)
{
	double start = seconds_now();
	int status;

	/* The child makes and removes its own. */
	scratch_remove();
	status = help_status(interrupted, NULL, NULL);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
	ck_assert_double_lt(seconds_now() - start, 5);
	scratch_make(dir, 1);
}
END_TEST

/* Nobody else sees the mount, and it is gone with the process. Without the right to mount there is nothing to see. */
START_TEST(mounts_are_its_own)
{
	char line[512];
	FILE *f;

	run("mkdir(\"m\", 0700)\nmount(\"none\", \"m\", \"tmpfs\", 0, \"\")\nfd = open(\"m/data\", O_RDWR|O_CREAT, 0600)\n"
	    "umount(\"m\") = EBUSY\n");
	ck_assert(result.verdict == VERDICT_OK || result.verdict == VERDICT_UNSUPPORTED);
	f = fopen("/proc/self/mounts", "r");
	while (f && fgets(line, sizeof line, f))
		ck_assert_ptr_null(strstr(line, dir));
	if (f)
		fclose(f);
}
END_TEST

static void
perform_and_die(void *state, int process, const struct request *r, struct outcome *o)
{
	live.perform(state, process, r, o);
	if (strcmp(call_at(r->call)->name, "set_attribute") == 0 && o->how == OUTCOME_RETURNED)
		raise(SIGKILL);
}

/* The supervisor is killed. Where the user and the file system let a file have the attribute, the process takes it back. */
START_TEST(attributes_are_taken_back)
{
	struct platform dying = live;
	struct buffer error = { NULL, 0, 0 };
	int status, tries, r = -1;
	pid_t pid;

	help_parse(&script, "fd = open(\"data\", O_RDWR|O_CREAT, 0600)\nset_attribute(fd, \"immutable\")\n");
	dying.perform = perform_and_die;
	pid = fork();
	if (pid == 0) {
		run_trial(run_trials(script.probes, NULL, 0, &arena, &error), &dying, 0, &bench, &result);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		return;
	for (tries = 0; tries < 100 && r < 0; ++tries) {
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
		r = unlinkat(scratch_fd(0), "data", 0);
	}
	ck_assert_int_eq(r, 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	TCase *t = tcase_create("process");

	help_resume(argc, argv);
	program = argv[0];
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, one_process);
	tcase_add_test(t, each_case_has_a_fresh_directory);
	tcase_add_test(t, descriptors_are_clean);
	tcase_add_test(t, forked);
	tcase_add_test(t, unrelated);
	tcase_add_test(t, exit_of_the_first);
	tcase_add_test(t, exit_of_a_kid);
	tcase_add_test(t, exit_of_a_grandkid);
	tcase_add_test(t, kid_of_an_unrelated_process);
	tcase_add_test(t, death_by_signal);
	tcase_add_test(t, hang_of_the_first);
	tcase_add_test(t, hang_of_a_kid);
	tcase_add_test(t, orphan);
	tcase_add_test(t, killed);
	tcase_add_test(t, threads);
	tcase_add_test(t, another_program);
	tcase_add_test(t, as_many_as_there_may_be);
	tcase_add_test(t, many_cases);
	tcase_add_test(t, long_texts);
	tcase_add_test(t, stopped);
	tcase_add_test(t, mounts_are_its_own);
	tcase_add_test(t, attributes_are_taken_back);
	return help_run(t);
}
