#include <sys/types.h>
#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "affinity.h"
#include "process.h"
#include "supervisor.h"
#include "util.h"
#include "workers.h"

#define EVERY 0.02      /* seconds */

/* What a worker writes before each result. */
struct header {
	int i;
	size_t len;
};

static struct worker {
	pid_t pid;
	int fd;                 /* results come from there */
	struct buffer got;      /* of a result that is not yet whole */
} *workers;
static int nworkers;

static int
all(ssize_t (*io)(int, char *, size_t), int fd, void *data, size_t n)
{
	ssize_t r;
	size_t at;

	for (at = 0; at < n; at += (size_t)r) {
		r = io(fd, (char *)data + at, n - at);
		if (r < 0 && errno == EINTR) {
			supervisor_check();
			r = 0;
		} else if (r <= 0) {
			return -1;
		}
	}
	return 0;
}

static ssize_t
put(int fd, char *data, size_t n)
{
	return write(fd, data, n);
}

static ssize_t
get(int fd, char *data, size_t n)
{
	return read(fd, data, n);
}

static int
write_all(int fd, void *data, size_t n)
{
	return all(put, fd, data, n);
}

static int
read_all(int fd, void *data, size_t n)
{
	return all(get, fd, data, n);
}

/*
 * One number goes round in the token pipe: the next piece of work. Who takes it puts the following one back, so each worker
 * takes the next as soon as it is free, and nobody hands them out. Results are sent a few at a time: to wake the reader for
 * each costs as much as a short case.
 */
static void
work_on(int me, int n, const int token[2], int out, void (*work)(int, int, struct buffer *, void *), void *arg)
{
	struct buffer b = { NULL, 0, 0 }, results = { NULL, 0, 0 };
	struct header h;
	double sent = seconds_now();
	int next;

	while (read_all(token[0], &h.i, sizeof h.i) == 0) {
		next = h.i + 1;
		if (write_all(token[1], &next, sizeof next) < 0 || h.i >= n)
			break;
		buffer_clear(&b);
		work(h.i, me, &b, arg);
		h.len = b.len;
		buffer_add(&results, (const char *)&h, sizeof h);
		buffer_add(&results, b.data, b.len);
		if (seconds_now() - sent < EVERY)
			continue;
		if (write_all(out, results.data, results.len) < 0)
			_exit(EXIT_TROUBLE);
		buffer_clear(&results);
		sent = seconds_now();
	}
	write_all(out, results.data, results.len);
	buffer_free(&results);
	buffer_free(&b);
}

static void
start(int me, int n, const int token[2], void (*work)(int, int, struct buffer *, void *), void *arg)
{
	int p[2], i;

	if (pipe(p) < 0)
		fatal(EXIT_TROUBLE, "no pipe can be made:");
	workers[me].pid = fork();
	if (workers[me].pid < 0)
		fatal(EXIT_TROUBLE, "no process can be started:");
	if (workers[me].pid == 0) {
		for (i = 0; i < me; ++i)
			close(workers[i].fd);
		close(p[0]);
		nworkers = 0;
		supervisor_wakes();
		supervisor_tidy(process_end);
		supervisor_own(token[0]);
		supervisor_own(token[1]);
		supervisor_own(p[1]);
		affinity_pin(me);
		work_on(me, n, token, p[1], work, arg);
		_exit(0);
	}
	close(p[1]);
	workers[me].fd = p[0];
	nworkers = me + 1;
}

/* Takes what a worker wrote; -1 when it wrote its last. */
static int
take(struct worker *w, struct buffer *result)
{
	char data[8192];
	struct header h;
	ssize_t r;

	r = read(w->fd, data, sizeof data);
	if (r < 0 && errno == EINTR)
		return 0;
	if (r <= 0)
		return -1;
	buffer_add(&w->got, data, (size_t)r);
	while (w->got.len >= sizeof h) {
		memcpy(&h, w->got.data, sizeof h);
		if (w->got.len < sizeof h + h.len)
			break;
		buffer_clear(&result[h.i]);
		buffer_add(&result[h.i], w->got.data + sizeof h, h.len);
		w->got.len -= sizeof h + h.len;
		memmove(w->got.data, w->got.data + sizeof h + h.len, w->got.len);
	}
	return 0;
}

/* A worker is done, or died: then what it said before, if anything, is why. */
static void
ended(struct worker *w)
{
	int status = 0;

	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	if (WIFSIGNALED(status))
		fatal(EXIT_TROUBLE, "a worker was killed by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		exit(EXIT_TROUBLE);
}

static void
collect(int n, int jobs, struct buffer *result, void (*done)(int, const struct buffer *, void *), void *arg)
{
	struct pollfd *p = xcalloc((size_t)jobs + 1, sizeof *p);
	int i, next = 0;

	for (i = 0; i < jobs; ++i) {
		p[i].fd = workers[i].fd;
		p[i].events = POLLIN;
	}
	p[jobs].fd = supervisor_wake();
	p[jobs].events = POLLIN;
	while (next < n) {
		if (poll(p, (nfds_t)jobs + 1, -1) < 0 && errno != EINTR && errno != EAGAIN)
			fatal(EXIT_TROUBLE, "waiting for the workers failed:");
		if (p[jobs].revents)
			supervisor_woken();
		supervisor_check();
		for (i = 0; i < jobs; ++i) {
			if (p[i].revents && take(&workers[i], result) < 0) {
				ended(&workers[i]);
				p[i].fd = -1;
			}
		}
		for (; next < n && result[next].data; ++next) {
			done(next, &result[next], arg);
			buffer_free(&result[next]);
		}
		for (i = 0; i < jobs && p[i].fd < 0; ++i)
			;
		if (i == jobs && next < n)
			fatal(EXIT_TROUBLE, "a worker ended before its work");
	}
	free(p);
}

void
workers_run(int n, int jobs, void (*work)(int, int, struct buffer *, void *), void (*done)(int, const struct buffer *, void *),
	void *arg)
{
	struct buffer *result = xcalloc((size_t)n, sizeof *result);
	int token[2], i, zero = 0;

	fflush(NULL);
	workers = xcalloc((size_t)jobs, sizeof *workers);
	if (pipe(token) < 0 || write_all(token[1], &zero, sizeof zero) < 0)
		fatal(EXIT_TROUBLE, "no pipe can be made:");
	for (i = 0; i < jobs; ++i)
		start(i, n, token, work, arg);
	close(token[0]);
	close(token[1]);
	collect(n, jobs, result, done, arg);
	workers_kill();
	free(result);
}

void
workers_kill(void)
{
	int i;

	for (i = 0; i < nworkers; ++i)
		if (workers[i].pid)
			kill(workers[i].pid, SIGTERM);
	/* One that waits for room in its pipe must find that nobody reads. */
	for (i = 0; i < nworkers; ++i)
		close(workers[i].fd);
	for (i = 0; i < nworkers; ++i) {
		while (workers[i].pid && waitpid(workers[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
		buffer_free(&workers[i].got);
	}
	free(workers);
	workers = NULL;
	nworkers = 0;
}
