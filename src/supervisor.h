/* What this process is and must be to supervise others: descriptors, limits, and an orderly end. */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "util.h"

/*
 * Sets the signals to what a supervisor needs, whatever was inherited; before anything is written, for with a file size limit of
 * zero even a message would raise SIGXFSZ. SIGINT, SIGTERM and SIGHUP are from then on seen by supervisor_check().
 */
void supervisor_signals(void);
/*
 * Makes this process fit, whatever it inherited: descriptors 0 to 2, limits, the umask. Ends the program (status 3)
 * where that cannot be, or where standard output is closed.
 */
void supervisor_prepare(const char *name);
/* What this program was called as; may be NULL. */
const char *supervisor_name(void);
/* Where a signal asked this process to stop: supervisor_die() of it. */
void supervisor_check(void);
/*
 * What poll() waits for beside its own: readable once supervisor_check() has something to see, for which supervisor_woken() is to
 * be called then. A process that the supervisor forked and that supervises others calls supervisor_wakes(), for a pipe of its own.
 */
int supervisor_wake(void);
void supervisor_woken(void);
void supervisor_wakes(void);
/* Tidies up, and dies of that signal. */
void supervisor_die(int sig) NORETURN;
/* Standard output has no reader any more: dies of SIGPIPE, unless that was inherited as ignored. */
void supervisor_broken_pipe(void);
/* Sets what supervisor_die() and exit() call in this process, and not in copies of it; NULL: nothing. */
void supervisor_tidy(void (*tidy)(void));
/* Names a descriptor of the supervisor's that no process under test may keep; the highest of them; one of /dev/null. */
void supervisor_own(int fd);
int supervisor_top(void);
int supervisor_null(void);

#endif
