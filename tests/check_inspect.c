#define _GNU_SOURCE             /* MAP_ANONYMOUS */
/* What the kernel tells of mappings and faults, beside what is known because it was made here. */
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "fault.h"
#include "help.h"
#include "outcome.h"

#if defined __linux__
static size_t page;
static char *room;

/* Three pages, of which the middle one is the mapping that is asked about. */
static void
setup(void)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	room = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(room, MAP_FAILED);
	ck_assert_int_eq(mprotect(room + page, page, PROT_READ|PROT_WRITE), 0);
	ck_assert_int_eq(fault_install(), 0);
}

static struct outcome
ask(const char *call, const char *at, const char *text)
{
	struct request r;
	struct outcome o;

	memset(&r, 0, sizeof r);
	r.call = call_index(call_find(call, strlen(call)));
	r.nargs = call_least(call_at(r.call));
	r.arg[0] = (intmax_t)(uintptr_t)at;
	r.text = 2;
	snprintf(r.data, sizeof r.data, "%s", text);
	fault_perform(&r, &o);
	return o;
}

static void
expect_text(const struct outcome *o, const char *text)
{
	ck_assert_int_eq(o->how, OUTCOME_RETURNED);
	ck_assert_int_eq(o->ntext, (int)strlen(text));
	ck_assert_int_eq(memcmp(o->text, text, strlen(text)), 0);
}

START_TEST(one_mapping_of_three)
{
	struct outcome o = ask("mapping", room + page, "");

	expect_text(&o, "rw-p 1");
	o = ask("mapping", room + 2 * page - 1, "");
	expect_text(&o, "rw-p 1");
	ck_assert_int_eq(munmap(room + page, page), 0);
	o = ask("mapping", room + page, "");
	ck_assert_int_eq(o.how, OUTCOME_FAILED);
	ck_assert_int_eq(o.err, ENOMEM);
}
END_TEST

START_TEST(numbers_and_flags)
{
	struct outcome o = ask("smaps", room + page, "Rss");

	ck_assert_int_eq(o.how, OUTCOME_RETURNED);
	ck_assert_int_eq(o.ret, 0);
	room[page] = 'x';
	o = ask("smaps", room + page, "Rss");
	ck_assert_int_eq(o.ret, (intmax_t)page);
	o = ask("smaps", room + page, "Rs");
	ck_assert_int_eq(o.how, OUTCOME_ABSENT);
	o = ask("has_flag", room + page, "wr");
	ck_assert_int_eq(o.ret, 1);
	o = ask("has_flag", room + page, "r ");
	ck_assert_int_eq(o.ret, 0);
	o = ask("has_flag", room, "wr");
	ck_assert_int_eq(o.ret, 0);
}
END_TEST

/* A file whose name makes a line that is longer than what is kept of one: the next line is still found. */
START_TEST(long_line)
{
	static char path[900];
	struct outcome o;
	void *p;
	int fd, i;

	strcpy(path, "/tmp/check-inspect-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
	for (i = 0; i < 3; ++i) {
		memset(path, 'a' + i, 250);
		path[250] = '\0';
		ck_assert_int_eq(mkdir(path, 0700), 0);
		ck_assert_int_eq(chdir(path), 0);
	}
	fd = open("file", O_RDWR|O_CREAT, 0600);
	ck_assert_int_eq(ftruncate(fd, (off_t)page), 0);
	p = mmap(room, page, PROT_READ, MAP_SHARED|MAP_FIXED, fd, 0);
	ck_assert_ptr_eq(p, room);
	ck_assert_int_eq(unlink("file"), 0);
	while (i-- > 0) {
		memset(path, 'a' + i, 250);
		ck_assert_int_eq(chdir(".."), 0);
		ck_assert_int_eq(rmdir(path), 0);
	}
	ck_assert_ptr_nonnull(getcwd(path, sizeof path));
	ck_assert_int_eq(rmdir(path), 0);
	o = ask("mapping", room, "");
	expect_text(&o, "r--s 1");
	o = ask("mapping", room + page, "");
	expect_text(&o, "rw-p 1");
	o = ask("smaps", room + page, "Size");
	ck_assert_int_eq(o.ret, (intmax_t)page);
}
END_TEST

START_TEST(kinds_of_faults)
{
#if defined __x86_64__ || defined __i386__ || defined __aarch64__
	struct outcome o = ask("last_fault", NULL, "");

	expect_text(&o, "none");
	ck_assert_int_eq(ask("load", room, "").how, OUTCOME_CAUGHT);
	o = ask("last_fault", NULL, "");
	if (o.how == OUTCOME_ABSENT)
		return;         /* an emulator */
	expect_text(&o, "load");
	ck_assert_int_eq(ask("store", room, "").how, OUTCOME_CAUGHT);
	o = ask("last_fault", NULL, "");
	expect_text(&o, "store");
#endif
}
END_TEST
#endif

int
main(void)
{
	TCase *t = tcase_create("inspect");

#if defined __linux__
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, one_mapping_of_three);
	tcase_add_test(t, numbers_and_flags);
	tcase_add_test(t, long_line);
	tcase_add_test(t, kinds_of_faults);
#endif
	return help_run(t);
}
