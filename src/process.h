/* The processes under test: made, asked, timed, killed. With subject.c and workers.c the only file that forks. */
#ifndef PROCESS_H
#define PROCESS_H

struct platform;

/* The live platform. Timeout: milliseconds a step. */
void process_platform(struct platform *, int timeout);
/* Kills the processes of the case at hand, if there are any, and waits for them. */
void process_end(void);
/* Calls f(arg) in this process and in a copy of it at the same time; 0 when both are done, -1 with errno. */
int process_beside(void (*f)(void *), void *arg);

#endif
