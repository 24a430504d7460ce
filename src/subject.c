#include <sys/types.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "fault.h"
#include "outcome.h"
#include "perform.h"
#include "scratch.h"
#include "subject.h"
#include "supervisor.h"
#include "util.h"

/* A short write to, or read from, a pipe cannot be: both are below PIPE_BUF, but for a peer that died. */
int
subject_put(int fd, const void *data, size_t n)
{
	ssize_t r;

	while ((r = write(fd, data, n)) < 0 && errno == EINTR)
		;
	return r == (ssize_t)n ? 0 : -1;
}

/* Reads one message of at least n bytes, at most size; how many, or -1. The other side waits for an answer, so there is no other. */
ssize_t
subject_get(int fd, void *data, size_t n, size_t size)
{
	ssize_t r;

	while ((r = read(fd, data, size)) < 0 && errno == EINTR)
		;
	return r < (ssize_t)n ? -1 : r;
}

/* Waits for a child of it, which is dead or was killed. */
static void
reap(const struct request *r, struct outcome *o)
{
	int status = -1;

	while (waitpid((pid_t)r->arg[0], &status, 0) < 0 && errno == EINTR)
		;
	o->how = OUTCOME_RETURNED;
	o->ret = status;
}

int
subject_descends(int process, int from)
{
	while (process > 0 && process < PROCESS_MAX && process != from)
		process = live.plan.parent[process];
	return process == from;
}

/* Becomes process me, keeping only what it and those that it may fork need. */
static void
become(int me)
{
	struct slot *s;
	int i;

	for (i = 0; i < live.plan.n; ++i) {
		s = &live.slot[i];
		if (s->in >= 0 && !subject_descends(i, me)) {
			close(s->in);
			close(s->out);
			s->in = s->out = -1;
		}
	}
}

/* Lets go of the ends that a child took, and those of its own children. */
static void
close_family(int child)
{
	int i;

	for (i = 0; i < live.plan.n; ++i) {
		if (live.slot[i].in >= 0 && subject_descends(i, child)) {
			close(live.slot[i].in);
			close(live.slot[i].out);
			live.slot[i].in = live.slot[i].out = -1;
		}
	}
}

static void serve(int me);

static void
fork_under_test(const struct request *r, struct outcome *o)
{
	int child = (int)r->arg[0];
	pid_t pid;

	/* A program that exec() started has no pipes for children. */
	if (child >= live.plan.n) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		become(child);
		serve(child);
	}
	o->err = errno;
	close_family(child);
	o->how = pid < 0 ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->ret = pid;
}

/* In a new thread: serves as that process of the case. */
static void *
serve_as(void *slot)
{
	int me = (int)((struct slot *)slot - live.slot);

	if (fault_thread(me) < 0)
		_exit(0);
	serve(me);
	return NULL;
}

static void
thread_under_test(const struct request *r, struct outcome *o)
{
	int thread = (int)r->arg[0];
	pthread_t t;

	if (thread >= live.plan.n) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	o->err = pthread_create(&t, NULL, serve_as, &live.slot[thread]);
	o->how = o->err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->ret = getpid();
}

/* A new program in this process; it answers the request itself, in process_resume(). */
static void
exec_under_test(int me, const struct request *r, struct outcome *o)
{
	char in[16], out[16], timeout[16], run[32];
	char *argv[] = { "mmprobe", "--under-test", in, out, timeout, run, NULL };

	snprintf(in, sizeof in, "%d", live.slot[me].in);
	snprintf(out, sizeof out, "%d", live.slot[me].out);
	snprintf(timeout, sizeof timeout, "%d", live.timeout);
	snprintf(run, sizeof run, "%ld", perform_run());
	execv(r->data, argv);
	o->how = OUTCOME_FAILED;
	o->err = errno;
}

/* Where the supervisor is gone, SIGPIPE would leave no time to put things in order. */
static int
answer(int me, const struct outcome *o)
{
	int holds = perform_holds();
	void (*was)(int) = holds ? signal(SIGPIPE, SIG_IGN) : SIG_DFL;
	size_t n = offsetof(struct outcome, text) + (size_t)(o->ntext > 0 ? o->ntext : 0);

	if (subject_put(live.slot[me].out, o, n) < 0)
		return -1;
	if (holds)
		signal(SIGPIPE, was);
	return 0;
}

static void
serve(int me)
{
	struct request r;
	struct outcome o;
	const struct call *c;

	memset(&o, 0, sizeof o);
	while (subject_get(live.slot[me].in, &r, offsetof(struct request, data), sizeof r) > 0) {
		/* Should the supervisor be gone when this hangs, nobody else ends it. */
		alarm((unsigned)live.timeout / 1000 + 5);
		c = call_at(r.call);
		o.ntext = -1;
		if (r.call == SUBJECT_REAP)
			reap(&r, &o);
		else if (c && c->flags & CALL_FORKS)
			fork_under_test(&r, &o);
		else if (c && c->flags & CALL_THREADS)
			thread_under_test(&r, &o);
		else if (c && c->flags & CALL_EXECS)
			exec_under_test(me, &r, &o);
		else
			fault_perform(&r, &o);
		alarm(0);
		if (answer(me, &o) < 0)
			break;
	}
	perform_abandon();
	_exit(0);
}

/* In a new process under test, forked by the supervisor. Its descriptors are 0 to 2, and the harness's far above. */
void
subject_start(int me)
{
	static const int defaults[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct slot *s;
	size_t i;
	int fd;

	setpgid(0, 0);
	for (i = 0; i < LEN(defaults); ++i)
		signal(defaults[i], SIG_DFL);
	become(me);
	for (s = live.slot; s < live.slot + live.plan.n; ++s) {
		if (s->in >= 0) {
			s->in = fcntl(s->in, F_DUPFD, live.high);
			s->out = fcntl(s->out, F_DUPFD, live.high);
			if (s->in < 0 || s->out < 0)
				_exit(0);
		}
	}
	if (fchdir(scratch_fd(live.plan.slot)) < 0)
		_exit(0);
	for (fd = 0; fd <= STDERR_FILENO; ++fd)
		dup2(supervisor_null(), fd);
	for (fd = STDERR_FILENO + 1; fd <= live.top; ++fd)
		close(fd);
	serve(me);
}

void
subject_resume(int in, int out, int timeout, long run)
{
	struct outcome o;

	memset(&o, 0, sizeof o);
	o.ntext = -1;
	live.slot[0].in = in;
	live.slot[0].out = out;
	live.timeout = timeout;
	perform_set_run(run);
	if (fault_install() < 0 || subject_put(out, &o, offsetof(struct outcome, text)) < 0)
		_exit(0);
	serve(0);
}
