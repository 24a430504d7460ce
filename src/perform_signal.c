/* What a handler of signals is told of a fault, and where it runs. */
#include "extensions.h"
#include <sys/types.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#if defined __linux__
#include <ucontext.h>
#endif
#include "perform.h"

static const char *volatile last = "none";      /* NULL: the machine does not tell */

#if defined __linux__ && defined __aarch64__
/* The syndrome of the exception, if the kernel put it behind the registers; 0 if not. */
static uint64_t
syndrome(const ucontext_t *c)
{
	const struct _aarch64_ctx *head = (const void *)c->uc_mcontext.__reserved;
	const struct esr_context *esr;

	while (head->magic && head->magic != ESR_MAGIC && head->size)
		head = (const void *)((const char *)head + head->size);
	esr = (const void *)head;
	return head->magic == ESR_MAGIC ? esr->esr : 0;
}
#endif

void
perform_context(const void *context)
{
#if defined __linux__ && (defined __x86_64__ || defined __i386__)
	enum { PAGE_FAULT = 14, BY_STORE = 2, BY_FETCH = 16 };
	const greg_t *g = ((const ucontext_t *)context)->uc_mcontext.gregs;

	last = g[REG_TRAPNO] != PAGE_FAULT ? NULL : g[REG_ERR] & BY_FETCH ? "fetch" : g[REG_ERR] & BY_STORE ? "store" : "load";
#elif defined __linux__ && defined __aarch64__
	enum { FETCH_ABORT = 0x20, DATA_ABORT = 0x24, BY_STORE = 1 << 6 };
	uint64_t esr = syndrome(context);

	last = esr >> 26 == FETCH_ABORT ? "fetch" : esr >> 26 != DATA_ABORT ? NULL : esr & BY_STORE ? "store" : "load";
#elif defined __linux__ && defined __arm__
	enum { PAGE_FAULT = 14, BY_STORE = 1 << 11 };
	const mcontext_t *m = &((const ucontext_t *)context)->uc_mcontext;

	last = m->trap_no != PAGE_FAULT ? NULL : m->error_code >> 31 ? "fetch" : m->error_code & BY_STORE ? "store" : "load";
#elif defined __linux__ && defined __powerpc64__
	enum { TRAP = 40, DSISR = 42, DATA = 0x300, FETCH = 0x400, BY_STORE = 0x02000000 };
	const unsigned long *g = ((const ucontext_t *)context)->uc_mcontext.gp_regs;

	last = g[TRAP] == FETCH ? "fetch" : g[TRAP] != DATA ? NULL : g[DSISR] & BY_STORE ? "store" : "load";
#else
	(void)context;
	last = NULL;
#endif
}

/* What the last fault was, as the machine told the handler: "load", "store" or "fetch"; "none" if there was none. */
void
do_last_fault(const struct request *r, struct outcome *o)
{
	(void)r;
	if (!last) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	strcpy(o->text, last);
	perform_gives_text(o, (ssize_t)strlen(last));
	o->ret = 0;
}

static volatile uintptr_t handled_at;

static void
note_place(int sig)
{
	volatile char here;

	here = (char)sig;
	handled_at = (uintptr_t)&here;         /* cppcheck-suppress danglingLifetime ; a place to ask about, not to use */
}

/* Makes a mapping the stack of signals, and raises one: 1 if its handler ran there, 0 if elsewhere. Then all is as before. */
void
do_altstack(const struct request *r, struct outcome *o)
{
	struct sigaction sa, old;
	stack_t ss, before;
	int ran;

	memset(&ss, 0, sizeof ss);
	ss.ss_sp = perform_address(r, 0);
	ss.ss_size = (size_t)r->arg[1];
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = note_place;
	sa.sa_flags = SA_ONSTACK;
	sigemptyset(&sa.sa_mask);
	if (sigaltstack(&ss, &before) < 0) {
		perform_gives(o, -1);
		return;
	}
	handled_at = 0;
	ran = sigaction(SIGUSR1, &sa, &old) == 0 && raise(SIGUSR1) == 0 && sigaction(SIGUSR1, &old, NULL) == 0 ? 0 : -1;
	sigaltstack(&before, NULL);
	perform_gives(o, ran);
	if (ran == 0)
		o->ret = handled_at - (uintptr_t)ss.ss_sp < ss.ss_size;
}
