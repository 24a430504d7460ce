/* Calls on mappings. With symbols.c the only file that knows <sys/mman.h>. */
#include "extensions.h"
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#if defined __linux__
#include <sys/syscall.h>
#endif
#include "fault.h"
#include "perform.h"

void
do_mmap(const struct request *r, struct outcome *o)
{
	void *p = mmap(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2], (int)r->arg[3], (int)r->arg[4], (off_t)r->arg[5]);

	/* Only MAP_FAILED is a failure: an address may look negative, and 0 is one where root may map it. */
	o->how = p == MAP_FAILED ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = p == MAP_FAILED ? errno : 0;
	o->ret = (intmax_t)(uintptr_t)p;
}

void
do_munmap(const struct request *r, struct outcome *o)
{
	perform_gives(o, munmap(perform_address(r, 0), (size_t)r->arg[1]));
}

void
do_mprotect(const struct request *r, struct outcome *o)
{
	perform_gives(o, mprotect(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}

void
do_msync(const struct request *r, struct outcome *o)
{
	perform_gives(o, msync(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}

void
do_mlock(const struct request *r, struct outcome *o)
{
	perform_gives(o, mlock(perform_address(r, 0), (size_t)r->arg[1]));
}

void
do_munlock(const struct request *r, struct outcome *o)
{
	perform_gives(o, munlock(perform_address(r, 0), (size_t)r->arg[1]));
}

#ifdef MCL_CURRENT
void
do_mlockall(const struct request *r, struct outcome *o)
{
	perform_gives(o, mlockall((int)r->arg[0]));
}
#else
ABSENT_CALL(do_mlockall)
#endif

#ifdef POSIX_MADV_NORMAL
/* Gives the error number back and leaves errno alone (posix_madvise, RETURN VALUE). */
void
do_posix_madvise(const struct request *r, struct outcome *o)
{
	int err = posix_madvise(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2]);

	o->how = err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = err;
}
#else
ABSENT_CALL(do_posix_madvise)
#endif

#ifdef MADV_NORMAL
void
do_madvise(const struct request *r, struct outcome *o)
{
	perform_gives(o, madvise(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}
#else
ABSENT_CALL(do_madvise)
#endif

#if defined MREMAP_MAYMOVE || defined MAP_REMAPDUP
void
do_mremap(const struct request *r, struct outcome *o)
{
	void *to = r->nargs > 4 ? perform_address(r, 4) : NULL, *p;

#ifdef MREMAP_MAYMOVE
	p = mremap(perform_address(r, 0), (size_t)r->arg[1], (size_t)r->arg[2], (int)r->arg[3], to);
#else   /* NetBSD */
	p = mremap(perform_address(r, 0), (size_t)r->arg[1], to, (size_t)r->arg[2], (int)r->arg[3]);
#endif
	o->how = p == MAP_FAILED ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = p == MAP_FAILED ? errno : 0;
	o->ret = (intmax_t)(uintptr_t)p;
}
#else
ABSENT_CALL(do_mremap)
#endif

#if defined __linux__ || defined __FreeBSD__ || defined __NetBSD__ || defined __DragonFly__ || defined __APPLE__ || defined __sun
void
do_mincore(const struct request *r, struct outcome *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = ((size_t)r->arg[1] + page - 1) / page, i;

	if (n > TEXT_MAX) {
		errno = E2BIG;
		perform_gives(o, -1);
		return;
	}
	perform_gives(o, mincore(perform_address(r, 0), (size_t)r->arg[1], (void *)o->text));
	if (o->how == OUTCOME_RETURNED)
		o->ntext = (int)n;
	for (i = 0; i < n; ++i)
		o->text[i] = o->text[i] & 1 ? '1' : '0';
}
#else
ABSENT_CALL(do_mincore)
#endif

void
do_munlockall(const struct request *r, struct outcome *o)
{
	(void)r;
	perform_gives(o, munlockall());
}

#if defined MLOCK_ONFAULT && defined __GLIBC__
void
do_mlock2(const struct request *r, struct outcome *o)
{
	perform_gives(o, mlock2(perform_address(r, 0), (size_t)r->arg[1], (unsigned)r->arg[2]));
}
#else
ABSENT_CALL(do_mlock2)
#endif

#if defined __linux__ && defined __GLIBC__
void
do_remap_file_pages(const struct request *r, struct outcome *o)
{
	perform_gives(o, remap_file_pages(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2], (size_t)r->arg[3], (int)r->arg[4]));
}
#else
ABSENT_CALL(do_remap_file_pages)
#endif

#if defined __FreeBSD__ || defined __NetBSD__ || defined __OpenBSD__ || defined __APPLE__
void
do_minherit(const struct request *r, struct outcome *o)
{
	perform_gives(o, minherit(perform_address(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}
#else
ABSENT_CALL(do_minherit)
#endif

#if defined _POSIX_SHARED_MEMORY_OBJECTS && _POSIX_SHARED_MEMORY_OBJECTS > 0
/* A name for the whole system, so that two runs at once do not meet: "/name" becomes "/mmprobe.PID.name". */
static void
object_name(const char *name, char *full, size_t size)
{
	if (name[0] == '/' && name[1] && name[1] != '/')
		snprintf(full, size, "/mmprobe.%ld.%s", perform_run(), name + 1);
	else
		snprintf(full, size, "%s", name);
}

void
do_shm_open(const struct request *r, struct outcome *o)
{
	char name[TEXT_MAX + 32];

	object_name(perform_text(r, 0), name, sizeof name);
	perform_gives(o, shm_open(name, (int)r->arg[1], (mode_t)(r->nargs > 2 ? r->arg[2] : 0)));
}

void
do_shm_unlink(const struct request *r, struct outcome *o)
{
	char name[TEXT_MAX + 32];

	object_name(perform_text(r, 0), name, sizeof name);
	perform_gives(o, shm_unlink(name));
}

void
perform_forget(const char *name)
{
	char full[TEXT_MAX + 32];

	object_name(name, full, sizeof full);
	shm_unlink(full);
}
#else
void
perform_forget(const char *name)
{
	(void)name;
}

ABSENT_CALL(do_shm_open)
ABSENT_CALL(do_shm_unlink)
#endif

#if defined MFD_CLOEXEC
void
do_memfd_create(const struct request *r, struct outcome *o)
{
	perform_gives(o, memfd_create(perform_text(r, 0), (unsigned)r->arg[1]));
}
#else
ABSENT_CALL(do_memfd_create)
#endif

static int
make_writable(void *address)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	return mprotect((void *)((uintptr_t)address / page * page), page, PROT_READ|PROT_WRITE);
}

/* A store whose fault the handler repairs, by mprotect() of the page, and returns from; how often it had to. */
void
do_repair(const struct request *r, struct outcome *o)
{
	volatile unsigned char *p = perform_address(r, 0);

	fault_repair(make_writable);
	*p = (unsigned char)r->arg[1];
	perform_gives(o, fault_repair(NULL));
}

/* Makes every other page of a range read-only, each of them a mapping of its own; how many, or the error of the first that fails. */
void
do_split(const struct request *r, struct outcome *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	char *p = perform_address(r, 0);

	for (i = 0; i < (size_t)r->arg[1]; i += 2) {
		if (mprotect(p + i * page, page, PROT_READ) < 0) {
			perform_gives(o, -1);
			return;
		}
	}
	perform_gives(o, (intmax_t)(i / 2));
}

#if defined __linux__
void
do_mincore_into(const struct request *r, struct outcome *o)
{
	perform_gives(o, mincore(perform_address(r, 0), (size_t)r->arg[1], perform_address(r, 2)));
}

/* Calls that a libc may lack: their numbers are the same on every machine but alpha and mips. */
void
do_mseal(const struct request *r, struct outcome *o)
{
#if defined SYS_mseal
	perform_gives(o, syscall(SYS_mseal, perform_address(r, 0), (size_t)r->arg[1], 0ul));
#elif !defined __alpha__ && !defined __mips__
	perform_gives(o, syscall(462, perform_address(r, 0), (size_t)r->arg[1], 0ul));
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}

void
do_memfd_secret(const struct request *r, struct outcome *o)
{
#if defined SYS_memfd_secret
	perform_gives(o, syscall(SYS_memfd_secret, (unsigned)r->arg[0]));
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}
#else
ABSENT_CALL(do_mincore_into)
ABSENT_CALL(do_mseal)
ABSENT_CALL(do_memfd_secret)
#endif

#if defined _POSIX_TYPED_MEMORY_OBJECTS && _POSIX_TYPED_MEMORY_OBJECTS > 0
void
do_posix_typed_mem_open(const struct request *r, struct outcome *o)
{
	perform_gives(o, posix_typed_mem_open(perform_text(r, 0), (int)r->arg[1], (int)r->arg[2]));
}
#else
ABSENT_CALL(do_posix_typed_mem_open)
#endif

/* A new segment, mapped; nobody else can, for it has no key and is removed already: it lasts as long as its mappings. */
void
do_shm_attach(const struct request *r, struct outcome *o)
{
	int id = shmget(IPC_PRIVATE, (size_t)r->arg[0], IPC_CREAT | 0600);
	void *p;

	if (id < 0) {
		perform_gives(o, -1);
		return;
	}
	p = shmat(id, r->nargs > 1 ? perform_address(r, 1) : NULL, r->nargs > 2 ? (int)r->arg[2] : 0);
	perform_gives(o, (intptr_t)p);
	shmctl(id, IPC_RMID, NULL);
	o->ret = (intmax_t)(uintptr_t)p;
}

void
do_shmdt(const struct request *r, struct outcome *o)
{
	perform_gives(o, shmdt(perform_address(r, 0)));
}
