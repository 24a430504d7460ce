/* The processes under test: made, asked, timed, killed. The only file, with workers.c, that forks. */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

struct platform;

/*
 * Makes this process fit to supervise, whatever it inherited: descriptors 0 to 2, SIGCHLD, blocked signals, limits. Ends the
 * program (status 3) where it cannot be, or where standard output is closed. SIGINT, SIGTERM and SIGHUP are from then on
 * seen by process_check().
 */
void process_prepare(void);
/* The live platform. Timeout: milliseconds a step. */
void process_platform(struct platform *, int timeout);
/* Where a signal asked this process to stop: process_die() of it. */
void process_check(void);
/* Kills the processes under test, tidies up, and dies of that signal. */
void process_die(int sig);
/* Standard output has no reader any more: dies of SIGPIPE, unless that was inherited as ignored. */
void process_broken_pipe(void);
/* Sets what process_die() and exit() call in this process, once the processes under test are gone. */
void process_tidy(void (*tidy)(void));
/* Names a descriptor of the supervisor's that no process under test may keep. */
void process_own(int fd);
/* Calls f(arg) in this process and in a copy of it at the same time; 0 when both are done, -1 with errno. */
int process_beside(void (*f)(void *), void *arg);
/* How many processes were made so far, those that processes under test made included. */
unsigned long process_count(void);

#endif
