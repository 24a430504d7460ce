/* Performs one request with the synchronous signals caught: SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP. */
#ifndef FAULT_H
#define FAULT_H

struct outcome;
struct request;

/* Threads of one process that may fault: 0 is the first, which fault_install() makes ready. */
enum { FAULT_THREADS = 16 };

/* Installs the handlers, on a stack of their own, and unblocks all signals; for this process and all that it forks. Where no
 * fault is expected a signal still does what it does by default. 0, or -1 with errno. */
int fault_install(void);
/* Makes the thread that calls it ready to fault, as number i, which no other thread that runs has. 0, or -1 with errno. */
int fault_thread(int i);
/* Performs the request. The outcome says what came of it, a fault included; how is OUTCOME_ABSENT where the call is absent. */
void fault_perform(const struct request *, struct outcome *);
/* Runs f(arg): 0, or the signal that a fault in it raised, with sig, code and at of the outcome set. May be nested. */
int fault_catch(void (*f)(void *), void *arg, struct outcome *);
/* From now on f(address) may repair a fault, giving 0; the handler then returns, and the access is tried again. NULL: no more.
 * How many faults were repaired since the last such call. */
int fault_repair(int (*f)(void *));
/* Whether the last call that was performed and returned changed errno. */
int fault_errno_changed(void);
/* Whether that signal is SIGBUS, SIGSEGV. */
int fault_is_bus(int sig);
int fault_is_segv(int sig);

#endif
