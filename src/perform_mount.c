/* Calls that make a file system or a disk for the case alone: what they make goes with the process, however it ends. */
#include "extensions.h"
#include <sys/types.h>
#include <sys/stat.h>
#if defined __linux__
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sched.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "perform.h"

#if defined __linux__
static int
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY|O_CLOEXEC), r;

	r = fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
	if (fd >= 0)
		close(fd);
	return r;
}

/* Who may not mount may do so among users of its own: where that is allowed, and it stays who it is. */
static int
own_users(void)
{
	char users[64], groups[64];

	snprintf(users, sizeof users, "%lu %lu 1", (unsigned long)geteuid(), (unsigned long)geteuid());
	snprintf(groups, sizeof groups, "%lu %lu 1", (unsigned long)getegid(), (unsigned long)getegid());
	if (unshare(CLONE_NEWUSER|CLONE_NEWNS) < 0)
		return -1;
	return put("/proc/self/setgroups", "deny") | put("/proc/self/uid_map", users) | put("/proc/self/gid_map", groups);
}

/*
 * From the first call on, the mounts that the process sees are its own and those of its children: nobody else sees what it
 * mounts. A thread has its own, too, so that which they are is asked each time.
 */
static int
own_mounts(void)
{
	static const char mounts[] = "/proc/thread-self/ns/mnt";
	static ino_t own;
	struct stat st;

	if (stat(mounts, &st) < 0)
		return -1;
	if (own && own == st.st_ino)
		return 0;
	if (unshare(CLONE_NEWNS) < 0 && own_users() < 0)
		return -1;
	if (mount("none", "/", NULL, MS_REC|MS_PRIVATE, NULL) < 0 || stat(mounts, &st) < 0)
		return -1;
	own = st.st_ino;
	return 0;
}

/* Without the right to mount, or a file system of that type, there is nothing to ask. */
static int
may_not(int err)
{
	return err == EPERM || err == EACCES || err == ENODEV;
}

void
do_mount(const struct request *r, struct outcome *o)
{
	if (own_mounts() < 0) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	perform_gives(o, mount(perform_text(r, 0), perform_text(r, 1), perform_text(r, 2), (unsigned long)r->arg[3], perform_text(r, 4)));
	if (o->how == OUTCOME_FAILED && may_not(o->err))
		o->how = OUTCOME_ABSENT;
}

void
do_umount(const struct request *r, struct outcome *o)
{
	if (own_mounts() < 0)
		o->how = OUTCOME_ABSENT;
	else
		perform_gives(o, umount2(perform_text(r, 0), 0));
}

/* Those of <linux/loop.h>, which not every libc comes with. */
enum { LOOP_FIND_FREE = 0x4c82, LOOP_SET_ALL = 0x4c0a, LOOP_SIZE_CHANGED = 0x4c07, GOES_WITH_LAST_CLOSE = 4, ATTEMPTS = 20 };

struct loop {
	uint32_t fd, block_size;
	uint64_t device, inode, real_device, offset, size_limit;
	uint32_t number, encryption, key_size, flags;
	char names[160];
	uint64_t unused[10];
};

/* A disk without a file yet, which another process may take first; -1: there is none. */
static int
free_disk(char *path, size_t size)
{
	int control = open("/dev/loop-control", O_RDWR|O_CLOEXEC), n;

	if (control < 0)
		return -1;
	n = ioctl(control, LOOP_FIND_FREE);
	close(control);
	snprintf(path, size, "/dev/loop%d", n);
	return n < 0 ? -1 : open(path, O_RDWR);
}

/* A disk that is a file. It goes when the last descriptor, mapping or mount of it does. */
static int
disk_of(int file, char *path, size_t size)
{
	struct loop l;
	int fd, i;

	memset(&l, 0, sizeof l);
	l.fd = (uint32_t)file;
	l.flags = GOES_WITH_LAST_CLOSE;
	for (i = 0; i < ATTEMPTS; ++i) {
		fd = free_disk(path, size);
		if (fd < 0 || ioctl(fd, LOOP_SET_ALL, &l) == 0)
			return fd;
		close(fd);
		if (errno != EBUSY)
			break;
	}
	return -1;
}

/* A descriptor of a disk that holds what the file of that name holds; path becomes a symbolic link to it. */
void
do_loop(const struct request *r, struct outcome *o)
{
	int file = open(perform_text(r, 0), O_RDWR|O_CLOEXEC), fd;
	char path[32];

	if (file < 0) {
		perform_gives(o, -1);
		return;
	}
	fd = disk_of(file, path, sizeof path);
	close(file);
	if (fd < 0)
		o->how = OUTCOME_ABSENT;
	else
		perform_gives(o, symlink(path, perform_text(r, 1)) < 0 ? -1 : fd);
}

/* The disk takes the size that its file has now. */
void
do_loop_resize(const struct request *r, struct outcome *o)
{
	perform_gives(o, ioctl((int)r->arg[0], LOOP_SIZE_CHANGED));
}
#else
ABSENT_CALL(do_mount)
ABSENT_CALL(do_umount)
ABSENT_CALL(do_loop)
ABSENT_CALL(do_loop_resize)
#endif
