/* System calls that only Linux has, by their numbers where the libc has no function. */
#include "extensions.h"
#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#if defined __linux__
#include <sys/syscall.h>
#include <sys/uio.h>
#endif
#include "perform.h"

#if defined SYS_pkey_alloc
void
do_pkey_alloc(const struct request *r, struct outcome *o)
{
	perform_gives(o, syscall(SYS_pkey_alloc, (unsigned long)r->arg[0], (unsigned long)r->arg[1]));
}

void
do_pkey_free(const struct request *r, struct outcome *o)
{
	perform_gives(o, syscall(SYS_pkey_free, (int)r->arg[0]));
}

void
do_pkey_mprotect(const struct request *r, struct outcome *o)
{
	unsigned long prot = (unsigned long)r->arg[2];

	perform_gives(o, syscall(SYS_pkey_mprotect, perform_address(r, 0), (size_t)r->arg[1], prot, (int)r->arg[3]));
}
#else
ABSENT_CALL(do_pkey_alloc)
ABSENT_CALL(do_pkey_free)
ABSENT_CALL(do_pkey_mprotect)
#endif

/* The rights of this thread by a key: two bits a key in a register of its own, which not every libc can write. */
void
do_pkey_set(const struct request *r, struct outcome *o)
{
#if defined __GNUC__ && (defined __x86_64__ || defined __i386__)
	unsigned key = (unsigned)r->arg[0], rights, high;

	if (r->arg[0] < 0 || key > 15 || r->arg[1] < 0 || r->arg[1] > 3) {
		errno = EINVAL;
		perform_gives(o, -1);
		return;
	}
	/* rdpkru, wrpkru: newer than some assemblers */
	__asm__ volatile (".byte 0x0f, 0x01, 0xee" : "=a" (rights), "=d" (high) : "c" (0));
	rights = (rights & ~(3u << 2 * key)) | (unsigned)r->arg[1] << 2 * key;
	__asm__ volatile (".byte 0x0f, 0x01, 0xef" : : "a" (rights), "c" (0), "d" (0) : "memory");
	o->how = OUTCOME_RETURNED;
#elif defined __GLIBC__ && defined PKEY_DISABLE_ACCESS
	perform_gives(o, pkey_set((int)r->arg[0], (unsigned)r->arg[1]));
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}

#if defined __linux__ && !defined __alpha__
/* Headers may be older than these; their numbers are the same on every machine but alpha, and on mips behind an offset. */
#if !defined SYS_pidfd_open && !defined __mips__
#define SYS_pidfd_open 434
#endif
#if !defined SYS_process_madvise && !defined __mips__
#define SYS_process_madvise 440
#endif
#endif

#if defined SYS_pidfd_open && defined SYS_process_madvise
/* Advice about the memory of this process as another one gives it, or about that of its parent. */
void
do_process_madvise(const struct request *r, struct outcome *o)
{
	const char *who = perform_text(r, 0);
	pid_t pid = strcmp(who, "self") == 0 ? getpid() : strcmp(who, "parent") == 0 ? getppid() : -1;
	struct iovec range;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0) {
		perform_gives(o, -1);
		return;
	}
	range.iov_base = perform_address(r, 1);
	range.iov_len = (size_t)r->arg[2];
	perform_gives(o, syscall(SYS_process_madvise, fd, &range, 1ul, (int)r->arg[3], 0u));
	close(fd);
}
#else
ABSENT_CALL(do_process_madvise)
#endif

/* mmap() as 32-bit machines have it in the kernel: its offset is a number of 4096 bytes, whatever the size of a page. */
void
do_mmap2(const struct request *r, struct outcome *o)
{
#if defined SYS_mmap2
	long p = syscall(SYS_mmap2, perform_address(r, 0), (size_t)r->arg[1], (unsigned long)r->arg[2], (unsigned long)r->arg[3],
		(long)r->arg[4], (unsigned long)r->arg[5]);

	perform_gives(o, p);
	if (p != -1)
		o->ret = (intmax_t)(unsigned long)p;
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}

/* open() as a program has it that was built without large files. With 64 bits there is no such thing. */
void
do_open_small(const struct request *r, struct outcome *o)
{
#if defined SYS_openat && defined O_LARGEFILE && !defined __LP64__ && !defined __x86_64__
	unsigned mode = r->nargs > 2 ? (unsigned)r->arg[2] : 0;

	perform_gives(o, syscall(SYS_openat, AT_FDCWD, perform_text(r, 0), (int)r->arg[1] & ~O_LARGEFILE, mode));
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}
