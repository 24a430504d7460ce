#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attribute.h"
#include "help.h"
#include "scratch.h"

static char dir[64];

static void
setup(void)
{
	strcpy(dir, "/tmp/check-scratch-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void
teardown(void)
{
	rmdir(dir);
}

static int
entries(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		++n;
	closedir(d);
	return n - 2;
}

static int
entries_of(int fd)
{
	int n = 0, copy = openat(fd, ".", O_RDONLY|O_DIRECTORY);
	DIR *d = fdopendir(copy);

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		++n;
	closedir(d);
	return n - 2;
}

static void
make_file(int fd, const char *name)
{
	int f = openat(fd, name, O_WRONLY|O_CREAT, 0600);

	ck_assert_int_ge(f, 0);
	ck_assert_int_eq(write(f, "x", 1), 1);
	close(f);
}

START_TEST(made_and_removed)
{
	struct stat st;

	scratch_make(dir, 3);
	ck_assert_int_eq(entries(dir), 3);
	ck_assert_int_ne(scratch_fd(0), scratch_fd(2));
	ck_assert_int_eq(fstat(scratch_fd(1), &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 077, 0);
	ck_assert_int_eq(fcntl(scratch_fd(1), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(entries_of(scratch_fd(0)), 0);
	make_file(scratch_fd(2), "left");
	scratch_remove();
	ck_assert_int_eq(entries(dir), 0);
	scratch_remove();
	scratch_make(dir, 1);
	scratch_make(dir, 2);
	ck_assert_int_eq(entries(dir), 2);
	scratch_remove();
	ck_assert_int_eq(entries(dir), 0);
}
END_TEST

START_TEST(emptied)
{
	int fd, i;

	scratch_make(dir, 2);
	fd = scratch_fd(0);
	ck_assert_int_eq(scratch_empty(0), 0);
	for (i = 0; i < 3; ++i) {
		make_file(fd, "a");
		make_file(fd, "b");
		ck_assert_int_eq(mkdirat(fd, "sub", 0700), 0);
		make_file(fd, "sub/c");
		ck_assert_int_eq(mkdirat(fd, "sub/sub", 0700), 0);
		make_file(fd, "sub/sub/d");
		make_file(scratch_fd(1), "other");
		ck_assert_int_eq(scratch_empty(0), 0);
		ck_assert_int_eq(entries_of(fd), 0);
		ck_assert_int_eq(entries_of(scratch_fd(1)), 1);
	}
	scratch_remove();
}
END_TEST

/* What a link points to is not ours to remove. */
START_TEST(links_are_not_followed)
{
	char target[128], path[160];

	snprintf(target, sizeof target, "%s/target", dir);
	ck_assert_int_eq(mkdir(target, 0700), 0);
	snprintf(path, sizeof path, "%s/precious", target);
	close(open(path, O_WRONLY|O_CREAT, 0600));
	scratch_make(dir, 1);
	ck_assert_int_eq(symlinkat(target, scratch_fd(0), "link"), 0);
	ck_assert_int_eq(scratch_empty(0), 0);
	ck_assert_int_eq(entries_of(scratch_fd(0)), 0);
	ck_assert_int_eq(access(path, F_OK), 0);
	scratch_remove();
	ck_assert_int_eq(access(path, F_OK), 0);
	unlink(path);
	rmdir(target);
}
END_TEST

static int
give(int dir, const char *name, int attribute)
{
	int fd = openat(dir, name, O_RDONLY), r = attribute_set(fd, attribute);

	close(fd);
	return r;
}

/* Attributes that a case gave, where the user and the file system of /tmp let it. */
START_TEST(attributes_do_not_keep)
{
	static const char *const names[] = { "a", "b", "sub/c", "sub", "." };
	size_t i;
	int fd, n;

	scratch_make(dir, 1);
	fd = scratch_fd(0);
	for (n = 0; n < 2; ++n) {
		make_file(fd, "a");
		make_file(fd, "b");
		ck_assert_int_eq(mkdirat(fd, "sub", 0700), 0);
		make_file(fd, "sub/c");
		for (i = 0; i < LEN(names); ++i)
			if (give(fd, names[i], (int)i % 2 == n ? ATTRIBUTE_IMMUTABLE : ATTRIBUTE_APPEND) == 0 && i < 2)
				ck_assert_int_eq(unlinkat(fd, names[i], 0), -1);
		ck_assert_int_eq(scratch_empty(0), 0);
		ck_assert_int_eq(entries_of(fd), 0);
	}
	give(fd, ".", ATTRIBUTE_IMMUTABLE);
	scratch_remove();
	ck_assert_int_eq(entries(dir), 0);
}
END_TEST

static void
make_nowhere(void *arg)
{
	scratch_make(arg, 1);
}

START_TEST(nowhere)
{
	struct buffer err = { NULL, 0, 0 };
	char path[] = "/nowhere/at/all";
	int status = help_status(make_nowhere, path, &err);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
	ck_assert_str_eq(buffer_text(&err), "mmprobe: no directory can be made in /nowhere/at/all: No such file or directory\n");
	buffer_free(&err);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("scratch");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, made_and_removed);
	tcase_add_test(t, emptied);
	tcase_add_test(t, links_are_not_followed);
	tcase_add_test(t, attributes_do_not_keep);
	tcase_add_test(t, nowhere);
	return help_run(t);
}
