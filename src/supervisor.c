#include <sys/types.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "supervisor.h"
#include "util.h"

/* Descriptors that a case needs at the most: four a process while pipes are made, and a few files. */
enum { DESCRIPTORS = 64 };

static volatile sig_atomic_t stopped;
static int null_fd = -1, own_top, pipe_ignored;
static int wake[2] = { -1, -1 };        /* a byte in it: stopped was set, maybe after it was looked at and before poll() */
static pid_t owner;
static const char *own_name;
static void (*tidy_up)(void);

static void
on_stop(int sig)
{
	int err = errno;

	stopped = sig;
	while (wake[1] >= 0 && write(wake[1], "", 1) < 0 && errno == EINTR)
		;
	errno = err;
}

static void
at_end(void)
{
	if (getpid() != owner)
		return;
	if (tidy_up)
		tidy_up();
	tidy_up = NULL;
}

void
supervisor_tidy(void (*f)(void))
{
	if (!owner)
		atexit(at_end);
	owner = getpid();
	tidy_up = f;
}

void
supervisor_die(int sig)
{
	at_end();
	signal(sig, SIG_DFL);
	raise(sig);
	_exit(EXIT_TROUBLE);
}

void
supervisor_check(void)
{
	int sig = stopped;

	stopped = 0;
	if (sig)
		supervisor_die(sig);
}

void
supervisor_woken(void)
{
	char bytes[16];

	while (read(wake[0], bytes, sizeof bytes) > 0)
		;
	supervisor_check();
}

void
supervisor_wakes(void)
{
	int i, fd[2], old[2];

	memcpy(old, wake, sizeof old);
	if (pipe(fd) < 0)
		fatal(EXIT_TROUBLE, "no pipe can be made:");
	for (i = 0; i < 2; ++i) {
		fcntl(fd[i], F_SETFL, O_NONBLOCK);
		supervisor_own(fd[i]);
	}
	memcpy(wake, fd, sizeof wake);
	for (i = 0; i < 2; ++i)
		if (old[i] >= 0)
			close(old[i]);
}

int
supervisor_wake(void)
{
	return wake[0];
}

void
supervisor_broken_pipe(void)
{
	if (!pipe_ignored)
		supervisor_die(SIGPIPE);
}

/* Raises a soft limit to at least n where the hard one, or root, allows it. 0, or -1 where it stays below. */
static int
need_limit(int resource, rlim_t n)
{
	struct rlimit r;

	if (getrlimit(resource, &r) < 0 || r.rlim_cur == RLIM_INFINITY || r.rlim_cur >= n)
		return 0;
	if (r.rlim_max != RLIM_INFINITY && r.rlim_max < n)
		r.rlim_max = n;
	r.rlim_cur = r.rlim_max;
	return setrlimit(resource, &r);
}

void
supervisor_signals(void)
{
	/* SIGCHLD inherited as ignored would make waitpid() fail; the others the processes under test inherit. */
	static const int defaults[] = { SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU };
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa, was;
	size_t i;

	memset(&sa, 0, sizeof sa);
	sigemptyset(&sa.sa_mask);
	sa.sa_handler = SIG_DFL;
	for (i = 0; i < LEN(defaults); ++i)
		sigaction(defaults[i], &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGXFSZ, &sa, NULL);          /* EFBIG is enough */
	sigaction(SIGPIPE, &sa, &was);          /* a process under test may be gone */
	pipe_ignored = was.sa_handler == SIG_IGN;
	sa.sa_handler = on_stop;
	for (i = 0; i < LEN(stops); ++i) {
		sigaction(stops[i], NULL, &was);
		if (was.sa_handler != SIG_IGN)
			sigaction(stops[i], &sa, NULL);
	}
	sigprocmask(SIG_SETMASK, &sa.sa_mask, NULL);
}

const char *
supervisor_name(void)
{
	return own_name;
}

void
supervisor_prepare(const char *name)
{
	struct rlimit core = { 0, 0 };
	int fd, p[2];

	own_name = name;
	umask(022);                             /* what a case makes must be what it asked for */
	/* First of all: a file opened as descriptor 1 would get the report. */
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		errno = EBADF;
		fatal(EXIT_TROUBLE, "standard output is closed:");
	}
	if (need_limit(RLIMIT_NOFILE, DESCRIPTORS) < 0)
		fatal(EXIT_TROUBLE, "fewer than %d descriptors may be open (ulimit -n):", DESCRIPTORS);
	if (need_limit(RLIMIT_FSIZE, (rlim_t)16 << 20) < 0)
		fatal(EXIT_TROUBLE, "files may not grow to 16 MiB (ulimit -f):");
	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0) {
			/* No /dev: an end of a pipe whose other end is closed serves. */
			if (pipe(p) < 0)
				fatal(EXIT_TROUBLE, "no descriptor for standard input:");
			close(p[1]);
			fd = p[0];
		}
	} while (fd <= STDERR_FILENO);
	null_fd = own_top = fd;
	supervisor_wakes();
	setrlimit(RLIMIT_CORE, &core);
}

void
supervisor_own(int fd)
{
	if (fd > own_top)
		own_top = fd;
}

int
supervisor_null(void)
{
	return null_fd;
}

int
supervisor_top(void)
{
	return own_top;
}
