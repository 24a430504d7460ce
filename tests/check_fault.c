#define _GNU_SOURCE             /* MAP_ANONYMOUS, sigaltstack */
/* Real faults. The outcomes are those of most systems; where others differ, only that the fault is caught is asserted. */
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "fault.h"
#include "help.h"
#include "outcome.h"

static size_t page;
static char *none, *readonly, *unmapped, *beyond;

static char *
map(size_t length, int prot, int fd)
{
	void *p = mmap(NULL, length, prot, fd < 0 ? MAP_PRIVATE|MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

/* A mapping is unmapped in the middle, so that nobody else maps there meanwhile: what is unmapped stays so. */
static void
setup(void)
{
	FILE *f = tmpfile();

	page = (size_t)sysconf(_SC_PAGESIZE);
	none = map(page, PROT_NONE, -1);
	readonly = map(page, PROT_READ, -1);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(ftruncate(fileno(f), (off_t)page), 0);
	beyond = map(2 * page, PROT_READ|PROT_WRITE, fileno(f)) + page;
	unmapped = map(3 * page, PROT_NONE, -1) + page;
	ck_assert_int_eq(munmap(unmapped, page), 0);
	ck_assert_int_eq(fault_install(), 0);
}

static struct outcome
perform(const char *call, const char *at, intmax_t value)
{
	struct request r;
	struct outcome o;

	memset(&r, 0, sizeof r);
	memset(&o, 0x55, sizeof o);
	r.call = call_index(call_find(call, strlen(call)));
	r.nargs = call_least(call_at(r.call));
	r.arg[0] = (intmax_t)(uintptr_t)at;
	r.arg[1] = value;
	fault_perform(&r, &o);
	return o;
}

static void
expect_fault(const struct outcome *o, int sig, int code, const char *at)
{
	ck_assert_int_eq(o->how, OUTCOME_CAUGHT);
	ck_assert_int_eq(o->ntext, -1);
#if defined __linux__
	ck_assert_int_eq(o->sig, sig);
	ck_assert_int_eq(o->code, code);
#else
	(void)code;
	ck_assert(o->sig == sig || o->sig == SIGBUS || o->sig == SIGSEGV);
#endif
	ck_assert_int_eq(o->at, (intmax_t)(uintptr_t)at);
}

START_TEST(no_fault)
{
	char c = 'x';
	struct outcome o = perform("load", &c, 0);

	ck_assert_int_eq(o.how, OUTCOME_RETURNED);
	ck_assert_int_eq(o.ret, 'x');
	ck_assert_int_eq(o.err, 0);
	ck_assert_int_eq(o.ntext, -1);
	o = perform("store", &c, 'y');
	ck_assert_int_eq(o.how, OUTCOME_RETURNED);
	ck_assert_int_eq(c, 'y');
	ck_assert_int_eq(o.ret, 0);
}
END_TEST

START_TEST(faults)
{
	struct outcome o;
	int i;

	/* Twice, as a handler that left by a jump must be there again. */
	for (i = 0; i < 2; ++i) {
		o = perform("load", unmapped + 5, 0);
		expect_fault(&o, SIGSEGV, SEGV_MAPERR, unmapped + 5);
		o = perform("load", none + 7, 0);
		expect_fault(&o, SIGSEGV, SEGV_ACCERR, none + 7);
		o = perform("store", readonly + page - 1, 1);
		expect_fault(&o, SIGSEGV, SEGV_ACCERR, readonly + page - 1);
		o = perform("load", readonly + page - 1, 1);
		ck_assert_int_eq(o.how, OUTCOME_RETURNED);
		o = perform("store", beyond + 9, 1);
		expect_fault(&o, SIGBUS, BUS_ADRERR, beyond + 9);
		o = perform("load", beyond, 1);
		expect_fault(&o, SIGBUS, BUS_ADRERR, beyond);
		ck_assert_int_eq(fault_is_bus(o.sig), 1);
	}
	ck_assert_int_eq(fault_is_bus(SIGSEGV), 0);
}
END_TEST

START_TEST(texts_and_faults)
{
	struct outcome o = perform("loads", readonly + page - 3, 3);

	ck_assert_int_eq(o.how, OUTCOME_RETURNED);
	ck_assert_int_eq(o.ntext, 3);
	ck_assert_mem_eq(o.text, "\0\0\0", 3);
	o = perform("loads", unmapped - 3, 9);
	ck_assert_int_eq(o.how, OUTCOME_CAUGHT);
	ck_assert_int_eq(o.ntext, -1);
	/* A system call gives EFAULT, and no signal. */
	o = perform("munmap", unmapped + 1, (intmax_t)page);
	ck_assert_int_eq(o.how, OUTCOME_FAILED);
	ck_assert_int_gt(o.err, 0);
}
END_TEST

/* scan() catches faults while fault_perform() would catch its own. */
START_TEST(nested)
{
	struct outcome o = perform("scan", beyond - page, (intmax_t)(2 * page));

	ck_assert_int_eq(o.how, OUTCOME_RETURNED);
	ck_assert_int_eq(o.ntext, 2);
	ck_assert_mem_eq(o.text, "wB", 2);
	o = perform("scan", readonly, (intmax_t)page);
	ck_assert_mem_eq(o.text, "r", 1);
	o = perform("scan", unmapped - page, (intmax_t)(3 * page));
	ck_assert_int_eq(o.ntext, 3);
#if defined __linux__
	ck_assert_mem_eq(o.text, "SSS", 3);
#endif
}
END_TEST

static volatile int reached;

static void
load_none(void *arg)
{
	(void)arg;
	reached = reached + 1 + *(volatile char *)none;
}

static void
load_twice(void *arg)
{
	struct outcome inner;

	memset(&inner, 0, sizeof inner);
	*(int *)arg = fault_catch(load_none, NULL, &inner);
	ck_assert_int_eq(inner.at, (intmax_t)(uintptr_t)none);
	reached = reached + 2;
	reached = reached + 4 + *(volatile char *)unmapped;
}

START_TEST(nested_then_a_fault_of_its_own)
{
	struct outcome o;
	int inner = 0;

	ck_assert_int_ne(fault_catch(load_twice, &inner, &o), 0);
	ck_assert_int_ne(inner, 0);
	ck_assert_int_eq(o.at, (intmax_t)(uintptr_t)unmapped);
	ck_assert_int_eq(reached, 2);
}
END_TEST

static void
blocked_fault(void *arg)
{
	sigset_t all;

	(void)arg;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	fault_install();
	if (perform("load", none, 0).how != OUTCOME_CAUGHT)
		_exit(1);
}

/* Blocked signals are inherited by who runs the program in a strange place. */
START_TEST(inherited_as_blocked)
{
	ck_assert_int_eq(help_status(blocked_fault, NULL, NULL), 0);
}
END_TEST

static void
fault_outside(void *arg)
{
	char c = 0;

	(void)arg;
	alarm(5);
	/* A step that is over expects no fault any more. */
	if (perform("load", &c, 0).how == OUTCOME_RETURNED)
		reached = *(volatile char *)none;
}

/* A fault of the program itself is no datum: it dies of it. */
START_TEST(not_expected)
{
	int status = help_status(fault_outside, NULL, NULL);

	ck_assert(WIFSIGNALED(status));
#if defined __linux__
	ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
#endif
}
END_TEST

/* Number arg, or where that is NULL a thread that was not made ready. Gives NULL where it caught its own fault. */
static void *
fault_in_thread(void *arg)
{
	struct outcome o;
	int i;

	if (arg && fault_thread(*(int *)arg) < 0)
		return arg;
	if (!arg)
		load_none(NULL);
	for (i = 0; i < 1000; ++i)
		if (fault_catch(load_none, NULL, &o) == 0 || o.at != (intmax_t)(uintptr_t)none)
			return arg;
	return NULL;
}

static void
fault_in_unready_thread(void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, fault_in_thread, arg) == 0)
		pthread_join(t, NULL);
}

/* Several at once: each gets its own faults. One that none was to expect them from ends the process. */
START_TEST(threads)
{
	int number[] = { 1, 2, FAULT_THREADS - 1 }, status;
	pthread_t t[LEN(number)];
	void *failed;
	size_t i;

	for (i = 0; i < LEN(number); ++i)
		ck_assert_int_eq(pthread_create(&t[i], NULL, fault_in_thread, &number[i]), 0);
	for (i = 0; i < LEN(number); ++i) {
		ck_assert_int_eq(pthread_join(t[i], &failed), 0);
		ck_assert_ptr_null(failed);
	}
	status = help_status(fault_in_unready_thread, NULL, NULL);
	ck_assert(WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS));
}
END_TEST

START_TEST(small_stack)
{
	/* An overflowing stack cannot hold the handler's frame: it runs on a stack of its own. */
	stack_t old;

	ck_assert_int_eq(sigaltstack(NULL, &old), 0);
	ck_assert_int_eq(old.ss_flags & SS_DISABLE, 0);
	ck_assert_uint_ge(old.ss_size, 8192);
}
END_TEST

START_TEST(absent_calls)
{
	struct request r;
	struct outcome o;
	const struct call *c;

	memset(&r, 0, sizeof r);
	r.call = -1;
	fault_perform(&r, &o);
	ck_assert_int_eq(o.how, OUTCOME_ABSENT);
	for (r.call = 0; (c = call_at(r.call)); ++r.call) {
		if (c->perform)
			continue;
		fault_perform(&r, &o);
		ck_assert_int_eq(o.how, OUTCOME_ABSENT);
	}
	r.call = 1000000;
	fault_perform(&r, &o);
	ck_assert_int_eq(o.how, OUTCOME_ABSENT);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("fault");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, no_fault);
	tcase_add_test(t, faults);
	tcase_add_test(t, texts_and_faults);
	tcase_add_test(t, nested);
	tcase_add_test(t, nested_then_a_fault_of_its_own);
	tcase_add_test(t, inherited_as_blocked);
	tcase_add_test(t, not_expected);
	tcase_add_test(t, threads);
	tcase_add_test(t, small_stack);
	tcase_add_test(t, absent_calls);
	return help_run(t);
}
