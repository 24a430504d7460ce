/* Locks that stand in a mapping, and a thread that fills its pages. */
#include "extensions.h"
#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>
#include "perform.h"
#if defined __linux__ && defined __has_include
#if __has_include(<linux/userfaultfd.h>)
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>
#endif
#endif

static void
gives_error(struct outcome *o, int err)
{
	o->how = err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = err;
}

#if defined _POSIX_THREAD_PROCESS_SHARED && _POSIX_THREAD_PROCESS_SHARED >= 0
/* For the threads of all processes that map it: pthread_mutexattr_setpshared. */
void
do_mutex_init(const struct request *r, struct outcome *o)
{
	pthread_mutexattr_t shared;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	gives_error(o, pthread_mutex_init(perform_address(r, 0), &shared));
	pthread_mutexattr_destroy(&shared);
}
#else
ABSENT_CALL(do_mutex_init)
#endif

void
do_mutex_lock(const struct request *r, struct outcome *o)
{
	gives_error(o, pthread_mutex_lock(perform_address(r, 0)));
}

void
do_mutex_trylock(const struct request *r, struct outcome *o)
{
	gives_error(o, pthread_mutex_trylock(perform_address(r, 0)));
}

void
do_mutex_unlock(const struct request *r, struct outcome *o)
{
	gives_error(o, pthread_mutex_unlock(perform_address(r, 0)));
}

void
do_sem_init(const struct request *r, struct outcome *o)
{
	perform_gives(o, sem_init(perform_address(r, 0), 1, (unsigned)r->arg[1]));
}

void
do_sem_post(const struct request *r, struct outcome *o)
{
	perform_gives(o, sem_post(perform_address(r, 0)));
}

void
do_sem_trywait(const struct request *r, struct outcome *o)
{
	perform_gives(o, sem_trywait(perform_address(r, 0)));
}

#ifdef UFFDIO_COPY
/* Kernels and headers older than Linux 5.11 do not know it: only faults of the program itself, which needs no privilege. */
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

static struct filler {
	int fd;
	size_t page;
	char bytes[64 * 1024];          /* the largest page */
} filler;

/* Puts a page of that byte wherever one is missing. */
static void *
fill_missing(void *arg)
{
	struct filler *f = arg;
	struct uffd_msg m;
	struct uffdio_copy c;

	while (read(f->fd, &m, sizeof m) == (ssize_t)sizeof m) {
		memset(&c, 0, sizeof c);
		c.dst = m.arg.pagefault.address & ~((uint64_t)f->page - 1);
		c.src = (uintptr_t)f->bytes;
		c.len = f->page;
		if (m.event != UFFD_EVENT_PAGEFAULT || ioctl(f->fd, UFFDIO_COPY, &c) < 0)
			break;
	}
	return NULL;
}

/* The pages that are missing in the range, a thread of the process fills when they are first touched: userfaultfd(2). */
void
do_userfault(const struct request *r, struct outcome *o)
{
	struct uffdio_api api;
	struct uffdio_register range;
	pthread_t t;

	memset(&api, 0, sizeof api);
	memset(&range, 0, sizeof range);
	api.api = UFFD_API;
	range.range.start = (uintptr_t)perform_address(r, 0);
	range.range.len = (uint64_t)r->arg[1];
	range.mode = UFFDIO_REGISTER_MODE_MISSING;
	filler.page = (size_t)sysconf(_SC_PAGESIZE);
	if (filler.page > sizeof filler.bytes) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	memset(filler.bytes, (int)r->arg[2], filler.page);
	filler.fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC|UFFD_USER_MODE_ONLY);
	if (filler.fd < 0 && errno == EINVAL)
		filler.fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (filler.fd < 0 && errno == EPERM)
		o->how = OUTCOME_ABSENT;        /* in a sandbox, or by a sysctl */
	else if (filler.fd < 0 || ioctl(filler.fd, UFFDIO_API, &api) < 0 || ioctl(filler.fd, UFFDIO_REGISTER, &range) < 0)
		perform_gives(o, -1);
	else
		gives_error(o, pthread_create(&t, NULL, fill_missing, &filler));
}
#else
ABSENT_CALL(do_userfault)
#endif
