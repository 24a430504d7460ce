#define _XOPEN_SOURCE 700           /* sigaltstack, SA_ONSTACK: XSI */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "fault.h"
#include "outcome.h"
#include "perform.h"
#include "util.h"

/* No error number: one that is found after a call was put there by the call. */
enum { SENTINEL = 32000 };

static const int caught[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP };

/* A thread that may fault. A signal that a fault raises is for the thread that made it: 2.4.1. */
static struct thread {
	volatile int used;
	pthread_t self;
	sigjmp_buf *volatile target;    /* NULL: no fault is expected */
	volatile struct {
		int sig, code;
		intmax_t at;
	} fault;
	union {
		long double align;
		char bytes[64 * 1024];  /* SIGSTKSZ need not be a constant any more, nor enough for wide registers */
	} stack;
} threads[FAULT_THREADS];

static int (*volatile repair)(void *);
static volatile int repairs;
static int errno_changed;

/* The row of the thread that calls it; NULL: of one that is none of ours. */
static struct thread *
own(void)
{
	struct thread *t;

	for (t = threads; t < threads + LEN(threads); ++t)
		if (t->used && pthread_equal(t->self, pthread_self()))
			return t;
	return NULL;
}

/* Leaving the handler of a fault by siglongjmp is defined: the call that faulted is one of ours, or async-signal-safe. */
static void
handler(int sig, siginfo_t *info, void *context)
{
	struct thread *t = own();

	perform_context(context);
	if (!t || !t->target) {
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	if (repair) {
		++repairs;
		if (repairs < 3 && repair(info->si_addr) == 0)
			return;
		repair = NULL;
	}
	t->fault.sig = sig;
	t->fault.code = info->si_code;
	t->fault.at = (intmax_t)(uintptr_t)info->si_addr;
	siglongjmp(*t->target, 1);
}

int
fault_thread(int i)
{
	struct thread *t = &threads[i], *old = own();
	stack_t ss;

	/* Its number may be that of a thread that is gone, or that the process was forked without. */
	if (old)
		old->used = 0;
	t->self = pthread_self();
	t->target = NULL;
	t->used = 1;
	memset(&ss, 0, sizeof ss);
	ss.ss_sp = t->stack.bytes;
	ss.ss_size = sizeof t->stack.bytes;
	return sigaltstack(&ss, NULL);
}

int
fault_install(void)
{
	struct sigaction sa;
	size_t i;

	if (fault_thread(0) < 0)
		return -1;
	memset(&sa, 0, sizeof sa);
	sa.sa_sigaction = handler;
	sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < LEN(caught); ++i)
		if (sigaction(caught[i], &sa, NULL) < 0)
			return -1;
	return sigprocmask(SIG_SETMASK, &sa.sa_mask, NULL);
}

int
fault_catch(void (*f)(void *), void *arg, struct outcome *o)
{
	struct thread *volatile t = own();
	sigjmp_buf here, *volatile outer = t->target;

	if (sigsetjmp(here, 1)) {
		t->target = outer;
		o->sig = t->fault.sig;
		o->code = t->fault.code;
		o->at = t->fault.at;
		return o->sig;
	}
	t->target = &here;
	f(arg);
	t->target = outer;
	return 0;
}

int
fault_repair(int (*f)(void *))
{
	int n = repairs;

	repair = f;
	repairs = 0;
	return n;
}

int
fault_errno_changed(void)
{
	return errno_changed;
}

int
fault_is_bus(int sig)
{
	return sig == SIGBUS;
}

int
fault_is_segv(int sig)
{
	return sig == SIGSEGV;
}

struct performance {
	const struct call *call;
	const struct request *request;
	struct outcome *outcome;
};

static void
perform(void *arg)
{
	struct performance *p = arg;

	errno = SENTINEL;
	p->call->perform(p->request, p->outcome);
	if (p->outcome->how == OUTCOME_RETURNED && p->call->perform != do_errno_changed)
		errno_changed = errno != SENTINEL;
}

void
fault_perform(const struct request *r, struct outcome *o)
{
	struct performance p;

	memset(o, 0, offsetof(struct outcome, text));
	o->ntext = -1;
	p.call = call_at(r->call);
	p.request = r;
	p.outcome = o;
	if (!p.call || !p.call->perform) {
		o->how = OUTCOME_ABSENT;
	} else if (fault_catch(perform, &p, o)) {
		o->how = OUTCOME_CAUGHT;
		o->ntext = -1;
	} else if (o->how == OUTCOME_FAILED && o->err == ENOSYS && p.call->flags & CALL_OPTIONAL) {
		o->how = OUTCOME_ABSENT;
	}
}

/* A fault of a process that ignores or blocks the signal kills it: 2.4.3, SIG_IGN; sigprocmask. */
void
do_ignore(const struct request *r, struct outcome *o)
{
	perform_gives(o, signal((int)r->arg[0], SIG_IGN) == SIG_ERR ? -1 : 0);
}

void
do_block(const struct request *r, struct outcome *o)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, (int)r->arg[0]);
	perform_gives(o, sigprocmask(SIG_BLOCK, &set, NULL));
}
