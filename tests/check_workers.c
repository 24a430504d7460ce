#include <sys/types.h>
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "help.h"
#include "workers.h"

/* What came back, in the order in which it came. */
static struct {
	int n, jobs, next;
	pid_t pid;
	unsigned workers;               /* a bit each that did something */
} seen;

static void
milliseconds(long n)
{
	nanosleep(&(struct timespec){ n / 1000, n % 1000 * 1000000 }, NULL);
}

static void
work(int i, int worker, struct buffer *b, void *arg)
{
	ck_assert_ptr_eq(arg, &seen);
	/* The first pieces take the longest, so that results come out of order. */
	milliseconds(i < 4 ? 40 - 10 * i : 0);
	buffer_fmt(b, "%d %d %ld", i, worker, (long)getpid());
}

static void
done(int i, const struct buffer *b, void *arg)
{
	int number, worker;
	long pid;

	ck_assert_ptr_eq(arg, &seen);
	ck_assert_int_eq(i, seen.next);
	++seen.next;
	ck_assert_int_eq(sscanf(buffer_text(b), "%d %d %ld", &number, &worker, &pid), 3);
	ck_assert_int_eq(number, i);
	ck_assert(worker >= 0 && worker < seen.jobs);
	ck_assert_int_ne(pid, getpid());
	seen.workers |= 1u << worker;
}

static void
assert_no_children(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

/* libcheck's own handler, in a copy of this process, would end the whole group. */
static void
setup(void)
{
	signal(SIGTERM, SIG_DFL);
}

START_TEST(in_order)
{
	static const struct { int n, jobs; } table[] = { { 1, 1 }, { 5, 1 }, { 1, 3 }, { 20, 2 }, { 300, 4 }, { 3, 8 } };

	memset(&seen, 0, sizeof seen);
	seen.jobs = table[_i].jobs;
	workers_run(table[_i].n, table[_i].jobs, work, done, &seen);
	ck_assert_int_eq(seen.next, table[_i].n);
	if (table[_i].n > 10 * table[_i].jobs)
		ck_assert_uint_eq(seen.workers, (1u << table[_i].jobs) - 1);
	assert_no_children();
}
END_TEST

static void
much(int i, int worker, struct buffer *b, void *arg)
{
	(void)worker;
	(void)arg;
	/* More than a pipe holds, and binary. */
	buffer_pad(b, 300000);
	memset(b->data, i, b->len);
}

static void
much_done(int i, const struct buffer *b, void *arg)
{
	size_t k;

	(void)arg;
	ck_assert_int_eq(i, seen.next);
	++seen.next;
	ck_assert_uint_eq(b->len, 300000);
	for (k = 0; k < b->len; ++k)
		ck_assert_int_eq(b->data[k], i);
}

START_TEST(large_results)
{
	memset(&seen, 0, sizeof seen);
	workers_run(6, 2, much, much_done, NULL);
	ck_assert_int_eq(seen.next, 6);
	assert_no_children();
}
END_TEST

enum ending { BY_SIGNAL, BY_EXIT, BY_FATAL };

static void
dying_work(int i, int worker, struct buffer *b, void *arg)
{
	(void)worker;
	buffer_fmt(b, "%d", i);
	if (i != 3)
		return;
	switch (*(enum ending *)arg) {
	case BY_SIGNAL: raise(SIGKILL); break;
	case BY_EXIT: _exit(0); break;
	case BY_FATAL: fatal(EXIT_TROUBLE, "the disk is full"); break;
	}
}

static void
nothing(int i, const struct buffer *b, void *arg)
{
	(void)i;
	(void)b;
	(void)arg;
}

static void
run_dying(void *arg)
{
	workers_run(10, 1 + (*(enum ending *)arg == BY_FATAL), dying_work, nothing, arg);
}

START_TEST(a_dying_worker_ends_all)
{
	struct buffer err = { NULL, 0, 0 };
	enum ending ending = (enum ending)_i;
	int status = help_status(run_dying, &ending, &err);

	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 3, "status %x", (unsigned)status);
	ck_assert_str_eq(buffer_text(&err), _i == BY_SIGNAL ? "mmprobe: a worker was killed by signal 9\n"
		: _i == BY_EXIT ? "mmprobe: a worker ended before its work\n" : "mmprobe: the disk is full\n");
	buffer_free(&err);
}
END_TEST

START_TEST(killing)
{
	workers_kill();
	workers_kill();
	assert_no_children();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("workers");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, in_order, 0, 6);
	tcase_add_test(t, large_results);
	tcase_add_loop_test(t, a_dying_worker_ends_all, 0, 3);
	tcase_add_test(t, killing);
	return help_run(t);
}
