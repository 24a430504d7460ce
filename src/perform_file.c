/* Calls on files and descriptors. */
#include "extensions.h"
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#if defined __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "perform.h"

void
do_open(const struct request *r, struct outcome *o)
{
	perform_gives(o, open(perform_bytes(r, 0), (int)r->arg[1], (mode_t)(r->nargs > 2 ? r->arg[2] : 0)));
}

void
do_close(const struct request *r, struct outcome *o)
{
	perform_gives(o, close((int)r->arg[0]));
}

void
do_dup(const struct request *r, struct outcome *o)
{
	perform_gives(o, dup((int)r->arg[0]));
}

void
do_ftruncate(const struct request *r, struct outcome *o)
{
	perform_gives(o, ftruncate((int)r->arg[0], (off_t)r->arg[1]));
}

void
do_read(const struct request *r, struct outcome *o)
{
	perform_gives(o, read((int)r->arg[0], perform_address(r, 1), (size_t)r->arg[2]));
}

void
do_write(const struct request *r, struct outcome *o)
{
	perform_gives(o, write((int)r->arg[0], perform_bytes(r, 1), (size_t)r->arg[2]));
}

void
do_pread(const struct request *r, struct outcome *o)
{
	perform_gives(o, pread((int)r->arg[0], perform_address(r, 1), (size_t)r->arg[2], (off_t)r->arg[3]));
}

void
do_pwrite(const struct request *r, struct outcome *o)
{
	perform_gives(o, pwrite((int)r->arg[0], perform_bytes(r, 1), (size_t)r->arg[2], (off_t)r->arg[3]));
}

void
do_lseek(const struct request *r, struct outcome *o)
{
	perform_gives(o, lseek((int)r->arg[0], (off_t)r->arg[1], (int)r->arg[2]));
}

void
do_fsync(const struct request *r, struct outcome *o)
{
	perform_gives(o, fsync((int)r->arg[0]));
}

void
do_unlink(const struct request *r, struct outcome *o)
{
	perform_gives(o, unlink(perform_text(r, 0)));
}

void
do_rename(const struct request *r, struct outcome *o)
{
	perform_gives(o, rename(perform_text(r, 0), perform_text(r, 1)));
}

void
do_size(const struct request *r, struct outcome *o)
{
	struct stat st;

	perform_gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = st.st_size;
}

void
do_byteat(const struct request *r, struct outcome *o)
{
	unsigned char c = 0;
	ssize_t n = pread((int)r->arg[0], &c, 1, (off_t)r->arg[1]);

	perform_gives(o, n);
	if (n >= 0)
		o->ret = n ? c : -1;
}

void
do_reads(const struct request *r, struct outcome *o)
{
	perform_gives_text(o, read((int)r->arg[0], o->text, perform_length(r->arg[1])));
}

void
do_preads(const struct request *r, struct outcome *o)
{
	perform_gives_text(o, pread((int)r->arg[0], o->text, perform_length(r->arg[1]), (off_t)r->arg[2]));
}

void
do_dup2(const struct request *r, struct outcome *o)
{
	perform_gives(o, dup2((int)r->arg[0], (int)r->arg[1]));
}

void
do_truncate(const struct request *r, struct outcome *o)
{
	perform_gives(o, truncate(perform_text(r, 0), (off_t)r->arg[1]));
}

void
do_chmod(const struct request *r, struct outcome *o)
{
	perform_gives(o, chmod(perform_text(r, 0), (mode_t)r->arg[1]));
}

void
do_mkdir(const struct request *r, struct outcome *o)
{
	perform_gives(o, mkdir(perform_text(r, 0), (mode_t)r->arg[1]));
}

void
do_rmdir(const struct request *r, struct outcome *o)
{
	perform_gives(o, rmdir(perform_text(r, 0)));
}

void
do_link(const struct request *r, struct outcome *o)
{
	perform_gives(o, link(perform_text(r, 0), perform_text(r, 1)));
}

void
do_symlink(const struct request *r, struct outcome *o)
{
	perform_gives(o, symlink(perform_text(r, 0), perform_text(r, 1)));
}

void
do_mkfifo(const struct request *r, struct outcome *o)
{
	perform_gives(o, mkfifo(perform_text(r, 0), (mode_t)r->arg[1]));
}

/* Two descriptors, the second one more than the first, which is given back. */
static void
gives_pair(struct outcome *o, int r, const int fd[2])
{
	if (r == 0 && fd[1] != fd[0] + 1) {
		r = dup2(fd[1], fd[0] + 1) < 0 ? -1 : 0;
		close(fd[1]);
	}
	perform_gives(o, r < 0 ? -1 : fd[0]);
}

void
do_pipe(const struct request *r, struct outcome *o)
{
	int fd[2];

	(void)r;
	gives_pair(o, pipe(fd), fd);
}

void
do_socketpair(const struct request *r, struct outcome *o)
{
	int fd[2];

	gives_pair(o, socketpair(AF_UNIX, (int)r->arg[0], 0, fd), fd);
}

void
do_socket(const struct request *r, struct outcome *o)
{
	perform_gives(o, socket((int)r->arg[0], (int)r->arg[1], 0));
}

void
do_links(const struct request *r, struct outcome *o)
{
	struct stat st;

	perform_gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (intmax_t)st.st_nlink;
}

void
do_blocks(const struct request *r, struct outcome *o)
{
	struct stat st;

	perform_gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (intmax_t)st.st_blocks;
}

void
do_atime(const struct request *r, struct outcome *o)
{
	struct stat st;

	perform_gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (intmax_t)st.st_atime;
}

void
do_mtime(const struct request *r, struct outcome *o)
{
	struct stat st;

	perform_gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (intmax_t)st.st_mtime;
}

/* Sets both times of a file to that many seconds since the Epoch. */
void
do_settimes(const struct request *r, struct outcome *o)
{
	struct timespec t[2];

	t[0].tv_sec = t[1].tv_sec = (time_t)r->arg[1];
	t[0].tv_nsec = t[1].tv_nsec = 0;
	perform_gives(o, futimens((int)r->arg[0], t));
}

/* Gives the error number back and leaves errno alone (posix_fallocate, RETURN VALUE). */
void
do_posix_fallocate(const struct request *r, struct outcome *o)
{
#if defined _POSIX_ADVISORY_INFO && _POSIX_ADVISORY_INFO > 0
	int err = posix_fallocate((int)r->arg[0], (off_t)r->arg[1], (off_t)r->arg[2]);

	o->how = err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = err;
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}

#if defined FALLOC_FL_KEEP_SIZE
void
do_fallocate(const struct request *r, struct outcome *o)
{
	perform_gives(o, fallocate((int)r->arg[0], (int)r->arg[1], (off_t)r->arg[2], (off_t)r->arg[3]));
}
#else
ABSENT_CALL(do_fallocate)
#endif

#if defined __linux__
void
do_sendfile(const struct request *r, struct outcome *o)
{
	off_t offset = (off_t)r->arg[2];

	perform_gives(o, sendfile((int)r->arg[0], (int)r->arg[1], &offset, (size_t)r->arg[3]));
}
#else
ABSENT_CALL(do_sendfile)
#endif

#if defined SYS_copy_file_range
void
do_copy_file_range(const struct request *r, struct outcome *o)
{
	int64_t from = r->arg[1], to = r->arg[3];

	perform_gives(o, syscall(SYS_copy_file_range, (int)r->arg[0], &from, (int)r->arg[2], &to, (size_t)r->arg[4], 0));
}
#else
ABSENT_CALL(do_copy_file_range)
#endif

#if defined SPLICE_F_MOVE
/* From a place in a file into a pipe. */
void
do_splice(const struct request *r, struct outcome *o)
{
	loff_t from = (loff_t)r->arg[1];

	perform_gives(o, splice((int)r->arg[0], &from, (int)r->arg[2], NULL, (size_t)r->arg[3], 0));
}
#else
ABSENT_CALL(do_splice)
#endif

#if defined F_ADD_SEALS
void
do_add_seals(const struct request *r, struct outcome *o)
{
	perform_gives(o, fcntl((int)r->arg[0], F_ADD_SEALS, (int)r->arg[1]));
}
#else
ABSENT_CALL(do_add_seals)
#endif

/* A write lock on a whole file (fcntl, F_SETLK). */
void
do_setlk(const struct request *r, struct outcome *o)
{
	struct flock l;

	l.l_type = F_WRLCK;
	l.l_whence = SEEK_SET;
	l.l_start = l.l_len = 0;
	perform_gives(o, fcntl((int)r->arg[0], F_SETLK, &l));
}

/* 1 where a descriptor is closed by exec, else 0. */
void
do_cloexec(const struct request *r, struct outcome *o)
{
	perform_gives(o, fcntl((int)r->arg[0], F_GETFD));
	if (o->how == OUTCOME_RETURNED)
		o->ret = (o->ret & FD_CLOEXEC) != 0;
}

#if defined __linux__
void
do_sync_file_range(const struct request *r, struct outcome *o)
{
	perform_gives(o, sync_file_range((int)r->arg[0], (off_t)r->arg[1], (off_t)r->arg[2], (unsigned)r->arg[3]));
}

/* A descriptor that is of no file: epoll, eventfd, timerfd or inotify. */
void
do_special_fd(const struct request *r, struct outcome *o)
{
	const char *kind = perform_text(r, 0);

	if (strcmp(kind, "epoll") == 0)
		perform_gives(o, epoll_create1(0));
	else if (strcmp(kind, "eventfd") == 0)
		perform_gives(o, eventfd(0, 0));
	else if (strcmp(kind, "timerfd") == 0)
		perform_gives(o, timerfd_create(CLOCK_MONOTONIC, 0));
	else if (strcmp(kind, "inotify") == 0)
		perform_gives(o, inotify_init1(0));
#ifdef SYS_pidfd_open
	else if (strcmp(kind, "pidfd") == 0)
		perform_gives(o, syscall(SYS_pidfd_open, getpid(), 0));
#endif
	else
		o->how = OUTCOME_ABSENT;
}
#else
ABSENT_CALL(do_sync_file_range)
ABSENT_CALL(do_special_fd)
#endif
