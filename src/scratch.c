#include <sys/types.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attribute.h"
#include "scratch.h"
#include "util.h"

enum { SPACE = 1 << 20 };       /* bytes that the probes may fill, all those not tagged heavy together */

static struct { char *path; int fd; } *dirs;
static int ndirs;

/*
 * A full disk would be taken for a platform that raises SIGBUS. Where the file system does not say that there is room, as
 * some do not, bytes are written.
 */
static void
check_space(const char *dir, int fd)
{
	static const char zero[4096];
	struct statvfs v;
	int f, err = 0;
	size_t n;

	if (fstatvfs(fd, &v) == 0 && v.f_bavail > 16u * SPACE / (v.f_frsize ? v.f_frsize : 1))
		return;
	f = openat(fd, "space", O_WRONLY|O_CREAT|O_EXCL, 0600);
	if (f < 0)
		fatal(EXIT_TROUBLE, "no file can be made in %s:", dir);
	for (n = 0; n < SPACE && !err; n += sizeof zero)
		if (write(f, zero, sizeof zero) != (ssize_t)sizeof zero)
			err = errno ? errno : ENOSPC;
	close(f);
	unlinkat(fd, "space", 0);
	errno = err;
	if (err)
		fatal(EXIT_TROUBLE, "in %s no file of %d KiB can be written:", dir, SPACE / 1024);
}

void
scratch_make(const char *dir, int n)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	dirs = xrealloc(dirs, (size_t)n * sizeof *dirs);
	for (i = ndirs; i < n; ++i) {
		buffer_clear(&b);
		buffer_fmt(&b, "%s/mmprobe-XXXXXX", dir);
		if (!mkdtemp(b.data))
			fatal(EXIT_TROUBLE, "no directory can be made in %s:", dir);
		dirs[i].path = b.data;
		dirs[i].fd = -1;
		ndirs = i + 1;
		dirs[i].fd = open(b.data, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
		if (dirs[i].fd < 0)
			fatal(EXIT_TROUBLE, "%s cannot be opened:", b.data);
		memset(&b, 0, sizeof b);
		if (i == 0)
			check_space(dir, dirs[i].fd);
	}
}

int
scratch_fd(int i)
{
	return dirs[i].fd;
}

/* An attribute of a file, or of its directory, may be what keeps it there. */
static void
release(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC);

	attribute_set(dir, 0);
	if (fd >= 0) {
		attribute_set(fd, 0);
		close(fd);
	}
}

static int empty(int fd);

static int
remove_entry(int dir, const char *name)
{
	int sub, r = 0;

	if (unlinkat(dir, name, 0) == 0)
		return 0;
	/* POSIX: EPERM for a directory; Linux: EISDIR, and EPERM for what has an attribute. */
	if (errno == EPERM) {
		release(dir, name);
		if (unlinkat(dir, name, 0) == 0)
			return 0;
	}
	sub = openat(dir, name, O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);
	if (sub >= 0) {
		r = empty(sub);
		close(sub);
	}
	return unlinkat(dir, name, AT_REMOVEDIR) | r;
}

/* Empties an open directory, its subdirectories too. The descriptor stays open. */
static int
empty(int fd)
{
	struct dirent *e;
	int copy, r = 0;
	DIR *d;

	copy = openat(fd, ".", O_RDONLY|O_DIRECTORY|O_CLOEXEC);
	d = copy < 0 ? NULL : fdopendir(copy);
	if (!d) {
		if (copy >= 0)
			close(copy);
		return -1;
	}
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			r |= remove_entry(fd, e->d_name);
	closedir(d);
	return r;
}

int
scratch_empty(int i)
{
	return empty(dirs[i].fd);
}

static int
remove_directory(int i)
{
	if (rmdir(dirs[i].path) == 0)
		return 0;
	if (errno != EPERM)
		return -1;
	attribute_set(dirs[i].fd, 0);
	return rmdir(dirs[i].path);
}

void
scratch_remove(void)
{
	int i;

	for (i = 0; i < ndirs; ++i) {
		if (dirs[i].fd >= 0)
			empty(dirs[i].fd);
		if (remove_directory(i) < 0)
			warn("%s is left behind:", dirs[i].path);
		if (dirs[i].fd >= 0)
			close(dirs[i].fd);
		free(dirs[i].path);
	}
	free(dirs);
	dirs = NULL;
	ndirs = 0;
}
