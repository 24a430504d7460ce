#define _XOPEN_SOURCE 700           /* realpath: XSI before 2008 */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "affinity.h"
#include "calls.h"
#include "fault.h"
#include "outcome.h"
#include "perform.h"
#include "platform.h"
#include "process.h"
#include "scratch.h"
#include "subject.h"
#include "supervisor.h"
#include "util.h"

enum { HIGH = 200, NAMES = 8 };

struct live live;

static char names[NAMES][TEXT_MAX];     /* of objects to remove when the case ends */
static int nnames;

static void
open_pipes(struct slot *s)
{
	int request[2], answer[2], i, fd[4];

	if (pipe(request) < 0 || pipe(answer) < 0)
		fatal(EXIT_TROUBLE, "no pipe can be made:");
	fd[0] = s->in = request[0];
	fd[1] = s->to = request[1];
	fd[2] = s->from = answer[0];
	fd[3] = s->out = answer[1];
	for (i = 0; i < 4; ++i)
		if (fd[i] > live.top)
			live.top = fd[i];
}

static void
close_ends(struct slot *s)
{
	if (s->in >= 0) {
		close(s->in);
		close(s->out);
	}
	s->in = s->out = -1;
}

/* Starts a process that the supervisor forks itself, with the pipes of all that it may fork; -1 with errno where it cannot be. */
static int
spawn(int me)
{
	struct slot *s = &live.slot[me];
	int i, err;

	for (i = 0; i < live.plan.n; ++i)
		if (subject_descends(i, me))
			open_pipes(&live.slot[i]);
	if (live.top >= live.high)
		fatal(EXIT_TROUBLE, "too many descriptors are open already");
	s->pid = fork();
	err = errno;
	if (s->pid == 0)
		subject_start(me);
	for (i = 0; i < live.plan.n; ++i)
		close_ends(&live.slot[i]);
	errno = err;
	if (s->pid < 0)
		return -1;
	setpgid(s->pid, s->pid);
	s->alive = 1;
	return 0;
}

static void
live_begin(void *state, const struct plan *plan)
{
	struct rlimit r;
	int i;

	(void)state;
	supervisor_check();
	live.plan = *plan;
	perform_set_run((long)getpid());
	live.top = supervisor_top();
	if (scratch_fd(plan->slot) > live.top)
		live.top = scratch_fd(plan->slot);
	if (!live.high)
		live.high = getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < 2 * HIGH ? (int)r.rlim_cur / 2 : HIGH;
	for (i = 0; i < plan->n; ++i) {
		memset(&live.slot[i], 0, sizeof live.slot[i]);
		live.slot[i].parent = plan->parent[i];
		live.slot[i].to = live.slot[i].from = live.slot[i].in = live.slot[i].out = -1;
	}
	if (spawn(0) < 0)
		fatal(EXIT_TROUBLE, "no process can be started:");
}

/* Waits until the process answers or is gone. 0 when the time is over. */
static int
wait_answer(int fd, int timeout)
{
	struct pollfd p[2];
	double end = 0;
	long left = timeout;
	int n;

	p[0].fd = fd;
	p[1].fd = supervisor_wake();
	p[0].events = p[1].events = POLLIN;
	for (;;) {
		n = poll(p, 2, (int)left);
		if (n > 0 && p[1].revents)
			supervisor_woken();
		if (n > 0 && p[0].revents)
			return 1;
		supervisor_check();
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			fatal(EXIT_TROUBLE, "waiting for a process failed:");
		if (end == 0)
			end = seconds_now() + timeout / 1e3;
		left = (long)((end - seconds_now()) * 1e3);
		if (left < 0)
			left = 0;
	}
}

/* Sends a request and gets the answer. 1, 0 when the time is over, -1 when the process is gone. */
static int
ask(struct slot *s, const struct request *r, struct outcome *o)
{
	if (subject_put(s->to, r, offsetof(struct request, data) + (size_t)r->ntext) < 0) {
		if (errno != EPIPE)
			fatal(EXIT_TROUBLE, "a process cannot be asked:");
		return -1;
	}
	if (!wait_answer(s->from, live.timeout))
		return 0;
	return subject_get(s->from, o, offsetof(struct outcome, text), sizeof *o) < 0 ? -1 : 1;
}

/* Waits until a process that was killed has let go of its pipe, so that waitpid() does not wait for one that cannot die. */
static int
let_go(const struct slot *s)
{
	char late[64];
	ssize_t n;

	while (wait_answer(s->from, live.timeout)) {
		n = read(s->from, late, sizeof late);
		if (n == 0 || (n < 0 && errno != EINTR))
			return 0;
	}
	warn("process %ld does not end", (long)s->pid);
	return -1;
}

/* The process that this one is a thread of, or itself. */
static const struct slot *
process_of(const struct slot *s)
{
	while (live.plan.threads & 1u << (s - live.slot))
		s = &live.slot[s->parent];
	return s;
}

/* Nothing more is asked of the threads of that process, but of one. */
static void
drop_threads(const struct slot *of, const struct slot *but)
{
	struct slot *s;

	for (s = live.slot; s < live.slot + live.plan.n; ++s) {
		if (s->alive && s != but && process_of(s) == process_of(of)) {
			s->alive = 0;
			close(s->to);
			close(s->from);
			s->to = s->from = -1;
		}
	}
}

/* Ends one process of the case with all its threads, if it lives, and waits for it; gone: it ended by itself. Its status, or -1. */
static int
finish(struct slot *s, int gone)
{
	int parent = process_of(s)->parent, status = -1;
	struct request r;
	struct outcome o;

	if (!s->alive)
		return -1;
	drop_threads(s, s);
	s->alive = 0;
	/* Each is a group of its own, so that a copy that a call made of it goes with it. */
	if (!gone) {
		kill(s->pid, SIGKILL);
		kill(-s->pid, SIGKILL);
	}
	if (gone || let_go(s) == 0) {
		if (parent < 0) {
			while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
				;
		} else {
			memset(&r, 0, offsetof(struct request, data));
			r.call = SUBJECT_REAP;
			r.arg[0] = s->pid;
			if (live.slot[parent].alive && ask(&live.slot[parent], &r, &o) == 1)
				status = (int)o.ret;
		}
	}
	close(s->to);
	close(s->from);
	s->to = s->from = -1;
	return status;
}

void
process_end(void)
{
	struct slot *s;
	int i;

	for (i = live.plan.n - 1; i >= 0; --i) {
		s = &live.slot[i];
		if (s->alive)
			finish(s, 0);
		if (s->to >= 0) {
			close(s->to);
			close(s->from);
		}
		close_ends(s);
	}
	live.plan.n = 0;
	while (nnames > 0)
		perform_forget(names[--nnames]);
}

static void
live_end(void *state)
{
	(void)state;
	process_end();
	if (scratch_empty(live.plan.slot) < 0)
		fatal(EXIT_TROUBLE, "what a case left in its directory cannot be removed:");
}

/* The process is gone by itself: how, as far as it can be known. */
static void
death(struct slot *s, const struct call *c, struct outcome *o)
{
	int status;

	status = finish(s, 1);
	o->ntext = -1;
	o->how = OUTCOME_DIED;
	o->ret = -1;
	if (status == -1)
		return;
	if (WIFSIGNALED(status)) {
		o->sig = WTERMSIG(status);
	} else {
		o->ret = WEXITSTATUS(status);
		if (c->flags & CALL_ENDS)
			o->how = OUTCOME_RETURNED;
	}
}

/* Sends a signal to a process of the case. It waits for a request, so it answers one, or dies of the signal first. */
static void
signal_process(const struct request *r, struct outcome *o)
{
	struct slot *s = &live.slot[r->arg[0]];
	struct outcome answer;
	struct request nothing;
	int sig = (int)r->arg[1];

	o->how = s->alive && kill(s->pid, sig) == 0 ? OUTCOME_RETURNED : OUTCOME_FAILED;
	o->err = s->alive ? errno : ESRCH;
	if (o->how == OUTCOME_FAILED || sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU)
		return;
	memset(&nothing, 0, sizeof nothing);
	nothing.call = call_index(call_find("value", 5));
	nothing.nargs = 1;
	if (ask(s, &nothing, &answer) < 0)
		finish(s, 1);
}

/* Where this program is, for exec(): the processes under test work in another directory. 0, or -1. */
static int
own_path(char *path)
{
	char *real = realpath("/proc/self/exe", NULL);

	if (!real && supervisor_name() && strchr(supervisor_name(), '/'))
		real = realpath(supervisor_name(), NULL);
	snprintf(path, TEXT_MAX, "%s", real ? real : "");
	free(real);
	return path[0] ? 0 : -1;
}

/* What of a request the supervisor alone can do. 1: all of it is done. */
static int
prepare_request(const struct call *c, struct request *r, struct outcome *o)
{
	if (c->flags & CALL_KILLS) {
		signal_process(r, o);
		return 1;
	}
	if (c->flags & CALL_NAMES && nnames < NAMES)
		memcpy(names[nnames++], r->data, TEXT_MAX);
	if (c->flags & CALL_EXECS) {
		r->ntext = TEXT_MAX;
		if (own_path(r->data) < 0) {
			o->how = OUTCOME_ABSENT;
			return 1;
		}
	}
	return 0;
}

static void
live_perform(void *state, int process, const struct request *request, struct outcome *o)
{
	const struct call *c = call_at(request->call);
	struct slot *s = &live.slot[process], *new = NULL;
	struct request own = *request, *r = &own;
	int answer;

	(void)state;
	supervisor_check();
	memset(o, 0, offsetof(struct outcome, text));
	o->ntext = -1;
	if (c->flags & (CALL_FORKS|CALL_UNRELATED|CALL_THREADS))
		new = &live.slot[r->arg[0]];
	if (c->flags & CALL_UNRELATED) {
		o->how = spawn((int)r->arg[0]) < 0 ? OUTCOME_FAILED : OUTCOME_RETURNED;
		o->err = errno;
		o->ret = r->arg[0];
		return;
	}
	if (!s->alive) {
		o->how = OUTCOME_UNREACHED;
		return;
	}
	if (prepare_request(c, r, o))
		return;
	answer = ask(s, r, o);
	if (answer < 0) {
		memset(o, 0, offsetof(struct outcome, text));
		death(s, c, o);
	} else if (answer == 0) {
		finish(s, 0);
		o->how = OUTCOME_HUNG;
	} else if (new && o->how == OUTCOME_RETURNED) {
		new->pid = (pid_t)o->ret;
		new->alive = 1;
		o->ret = r->arg[0];
	} else if (c->flags & CALL_EXECS && o->how == OUTCOME_RETURNED) {
		drop_threads(s, s);
	}
}

void
process_platform(struct platform *p, int timeout)
{
	live.timeout = timeout;
	/* Every process under test inherits the handlers. */
	if (fault_install() < 0)
		fatal(EXIT_TROUBLE, "no signal handler can be installed:");
	p->begin = live_begin;
	p->perform = live_perform;
	p->end = live_end;
	p->state = NULL;
}

int
process_beside(void (*f)(void *), void *arg)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	affinity_free();
	if (pid == 0)
		alarm((unsigned)live.timeout / 1000 + 5);
	f(arg);
	if (pid == 0)
		_exit(0);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}
