/* Calls on the process itself. */
#include "extensions.h"
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#if defined __linux__
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#endif
#include "fault.h"
#include "perform.h"

void
do_exit(const struct request *r, struct outcome *o)
{
	(void)o;
	_exit((int)r->arg[0]);
}

void
do_value(const struct request *r, struct outcome *o)
{
	o->how = OUTCOME_RETURNED;
	o->ret = r->arg[0];
}

void
do_setrlimit(const struct request *r, struct outcome *o)
{
	struct rlimit l;

	if (getrlimit((int)r->arg[0], &l) == 0) {
		l.rlim_cur = (rlim_t)r->arg[1];
		perform_gives(o, setrlimit((int)r->arg[0], &l));
	} else {
		perform_gives(o, -1);
	}
}

/* The user and group nobody has on most systems; the number is what matters, not the name. */
void
do_drop_root(const struct request *r, struct outcome *o)
{
	(void)r;
	perform_gives(o, geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0) ? 0 : -1);
	/* In a container that user may not exist, or root may not become another. */
	if (o->how == OUTCOME_FAILED)
		o->how = OUTCOME_ABSENT;
}

void
do_getrlimit(const struct request *r, struct outcome *o)
{
	struct rlimit l;

	perform_gives(o, getrlimit((int)r->arg[0], &l));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (intmax_t)l.rlim_cur;
}

void
do_sysconf(const struct request *r, struct outcome *o)
{
	o->how = OUTCOME_RETURNED;
	o->ret = sysconf((int)r->arg[0]);
}

/* A place on the stack of the process, one in its static data, one in its code: memory that mmap() of this script did not make. */
void
do_own_memory(const struct request *r, struct outcome *o)
{
	static int data = 1;
	union {
		void *address;
		void (*function)(const struct request *, struct outcome *);
	} u;

	o->how = OUTCOME_RETURNED;
	u.function = do_own_memory;
	if (strcmp(perform_text(r, 0), "stack") == 0)
		o->ret = (intmax_t)(uintptr_t)&u;      /* cppcheck-suppress autoVariables ; a place to ask about, not to use */
	else if (strcmp(perform_text(r, 0), "data") == 0)
		o->ret = (intmax_t)(uintptr_t)&data;
	else if (strcmp(perform_text(r, 0), "code") == 0)
		o->ret = (intmax_t)(uintptr_t)u.address;
	else
		o->how = OUTCOME_ABSENT;
}

#if defined __linux__
/* The end of the heap as it was; musl leaves it to malloc() and refuses to move it. */
void
do_sbrk(const struct request *r, struct outcome *o)
{
	perform_gives(o, (intmax_t)(intptr_t)sbrk((intptr_t)r->arg[0]));
}
#else
ABSENT_CALL(do_sbrk)
#endif

/* Whether the last call that succeeded changed errno: 1, else 0. */
void
do_errno_changed(const struct request *r, struct outcome *o)
{
	(void)r;
	o->how = OUTCOME_RETURNED;
	o->ret = fault_errno_changed();
}

#if defined __linux__ || defined __FreeBSD__ || defined __DragonFly__
/* mmap() by a child that vfork() made, which ends then. Where the child was a copy after all, what it did cannot be told. */
void
do_vfork_mmap(const struct request *r, struct outcome *o)
{
	pid_t pid;

	o->how = OUTCOME_ABSENT;
	pid = vfork();
	if (pid == 0) {
		do_mmap(r, o);
		_exit(0);
	}
	if (pid < 0)
		perform_gives(o, -1);
	else
		waitpid(pid, NULL, 0);
}
#else
ABSENT_CALL(do_vfork_mmap)
#endif

#if defined __linux__
/* Headers older than Linux 6.3 do not name it. */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

void
do_refuse_exec_gain(const struct request *r, struct outcome *o)
{
	(void)r;
	perform_gives(o, prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0));
}
#else
ABSENT_CALL(do_refuse_exec_gain)
#endif

/* In a child: the error of execve() goes through the pipe, which a success closes. */
static void
become_program(const char *path, int out)
{
	char *argv[2] = { NULL, NULL }, *none[] = { NULL };
	char name[TEXT_MAX];

	strcpy(name, path);
	argv[0] = name;
	execve(path, argv, none);
	if (write(out, &errno, sizeof errno) < 0)
		_exit(126);
	_exit(127);
}

/* Runs a program in a child of its own: its exit status. */
void
do_execute(const struct request *r, struct outcome *o)
{
	int end[2], err = 0, status = 0;
	pid_t pid;

	if (pipe(end) < 0) {
		perform_gives(o, -1);
		return;
	}
	fcntl(end[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		become_program(perform_text(r, 0), end[1]);
	close(end[1]);
	if (pid < 0 || read(end[0], &err, sizeof err) < 0)
		err = errno;
	close(end[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	o->how = err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = err;
	o->ret = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#if defined __linux__
void
do_personality(const struct request *r, struct outcome *o)
{
	perform_gives(o, personality((unsigned long)r->arg[0]) < 0 ? -1 : 0);
}

/* Reads the process's own memory as another process would, without a fault of its own. */
void
do_read_memory(const struct request *r, struct outcome *o)
{
	struct iovec to, from;

	to.iov_base = o->text;
	from.iov_base = perform_address(r, 0);
	to.iov_len = from.iov_len = perform_length(r->arg[1]);
	perform_gives_text(o, process_vm_readv(getpid(), &to, 1, &from, 1, 0));
}
#else
ABSENT_CALL(do_personality)
ABSENT_CALL(do_read_memory)
#endif
