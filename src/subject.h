/* The process under test: it receives requests, performs them and answers; it never parses, allocates or prints. */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <sys/types.h>
#include "platform.h"

struct outcome;

/* A request of the supervisor's own: wait for the child arg[0], which is dead, and give its status back. */
enum { SUBJECT_REAP = -1 };

/* One process of a case, as the supervisor sees it. */
struct slot {
	pid_t pid;
	int alive;
	int parent;
	int to, from;           /* the supervisor's ends */
	int in, out;            /* the other ends, open here until the process that needs them is made; -1 after */
};

struct live {
	struct plan plan;
	struct slot slot[PROCESS_MAX];
	int timeout;
	int top;                /* no descriptor of the supervisor is higher, when a process is started */
	int high;               /* from here on the process under test has its own */
};

extern struct live live;

/* Whether a process of the plan is another one, or was forked by it, or by one that was. */
int subject_descends(int process, int from);
/* In a new process: becomes process me of the case, and serves. Does not return. */
void subject_start(int me);
/* In a program that exec() started: answers that request, and goes on serving. Does not return. */
void subject_resume(int in, int out, int timeout, long run);
/* Writes one message: 0, or -1 where nobody reads. Reads one of at least n bytes, at most size: how many, or -1. */
int subject_put(int fd, const void *, size_t n);
ssize_t subject_get(int fd, void *, size_t n, size_t size);

#endif
