#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "help.h"

START_TEST(buffer_grows)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	ck_assert_str_eq(buffer_text(&b), "");
	for (i = 0; i < 1000; ++i)
		buffer_add(&b, "abc", 3);
	ck_assert_uint_eq(b.len, 3000);
	ck_assert_uint_eq(strlen(buffer_text(&b)), 3000);
	ck_assert_str_eq(buffer_text(&b) + 2997, "abc");
	ck_assert_uint_gt(b.cap, b.len);
	buffer_clear(&b);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_str_eq(buffer_text(&b), "");
	buffer_free(&b);
	ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(buffer_ends_with_nul)
{
	struct buffer b = { NULL, 0, 0 };
	size_t n;

	/* Lengths about the first capacity, where one byte too few would show. */
	for (n = 120; n < 140; ++n) {
		buffer_free(&b);
		buffer_pad(&b, n);
		ck_assert_uint_eq(b.len, n);
		ck_assert_int_eq(b.data[n], '\0');
		ck_assert_uint_gt(b.cap, n);
		buffer_free(&b);
		buffer_fmt(&b, "%*s", (int)n, "x");
		ck_assert_uint_eq(b.len, n);
		ck_assert_uint_gt(b.cap, n);
		ck_assert_int_eq(b.data[n - 1], 'x');
	}
	buffer_free(&b);
}
END_TEST

START_TEST(buffer_formats)
{
	struct buffer b = { NULL, 0, 0 };

	buffer_add(&b, "", 0);
	ck_assert_uint_eq(b.len, 0);
	buffer_str(&b, "a");
	buffer_fmt(&b, "%d%s", -1, "x");
	buffer_fmt(&b, "%s", "");
	ck_assert_str_eq(buffer_text(&b), "a-1x");
	buffer_pad(&b, 6);
	ck_assert_str_eq(buffer_text(&b), "a-1x  ");
	buffer_pad(&b, 2);
	ck_assert_uint_eq(b.len, 6);
	buffer_add(&b, "\0z", 2);
	ck_assert_uint_eq(b.len, 8);
	ck_assert_int_eq(b.data[7], 'z');
	buffer_free(&b);
}
END_TEST

START_TEST(arena_is_zeroed_and_aligned)
{
	struct arena a = { NULL, 0 };
	unsigned char *p, *last = NULL;
	size_t n, i;

	for (n = 0; n < 6000; n = n * 2 + 1) {
		p = arena_alloc(&a, n);
		ck_assert_ptr_nonnull(p);
		ck_assert_ptr_ne(p, last);
		ck_assert_uint_eq((uintptr_t)p % sizeof(intmax_t), 0);
		for (i = 0; i < n; ++i)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
		if (n)
			last = p;
	}
	arena_free(&a);
	ck_assert_ptr_null(a.blocks);
	ck_assert_ptr_nonnull(arena_alloc(&a, 1));
	arena_free(&a);
}
END_TEST

/* What was given out once must not change when more is. */
START_TEST(arena_keeps)
{
	struct arena a = { NULL, 0 };
	char *text[500], want[20];
	int i;

	for (i = 0; i < 500; ++i) {
		snprintf(want, sizeof want, "text %d and more", i);
		text[i] = arena_text(&a, want, strlen(want));
	}
	for (i = 0; i < 500; ++i) {
		snprintf(want, sizeof want, "text %d and more", i);
		ck_assert_str_eq(text[i], want);
	}
	ck_assert_str_eq(arena_text(&a, "abc", 2), "ab");
	ck_assert_str_eq(arena_text(&a, "abc", 0), "");
	arena_free(&a);
}
END_TEST

START_TEST(distances)
{
	char longer[100];

	ck_assert_uint_eq(distance("", "", 3), 0);
	ck_assert_uint_eq(distance("mmap", "mmap", 3), 0);
	ck_assert_uint_eq(distance("mmap", "map", 3), 1);
	ck_assert_uint_eq(distance("map", "mmap", 3), 1);
	ck_assert_uint_eq(distance("mmap", "nmap", 3), 1);
	ck_assert_uint_eq(distance("", "abc", 3), 3);
	ck_assert_uint_eq(distance("abc", "", 3), 3);
	ck_assert_uint_eq(distance("kitten", "sitting", 5), 3);
	ck_assert_uint_eq(distance("abcd", "dcba", 5), 4);
	ck_assert_uint_eq(distance("kitten", "sitting", 2), 3);
	ck_assert_uint_eq(distance("abcdefgh", "", 3), 4);
	memset(longer, 'a', sizeof longer);
	longer[99] = '\0';
	ck_assert_uint_eq(distance(longer, longer, 3), 4);
	ck_assert_uint_eq(distance("a", longer, 3), 4);
	ck_assert_uint_eq(distance(longer, "a", 3), 4);
}
END_TEST

static void
say_farewell(void)
{
	fputs("bye\n", stderr);
}

static void
end_fatally(void *arg)
{
	atexit(say_farewell);
	if (arg)
		fatal(EXIT_TROUBLE, "no %s", "luck");
	fopen("/nowhere/at/all", "r");
	fatal(EXIT_USAGE, "%s:", "nowhere");
}

START_TEST(fatal_says_why)
{
	struct buffer err = { NULL, 0, 0 };
	int status = help_status(end_fatally, &status, &err);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
	ck_assert_str_eq(buffer_text(&err), "mmprobe: no luck\nbye\n");
	buffer_clear(&err);
	status = help_status(end_fatally, NULL, &err);
	ck_assert_int_eq(WEXITSTATUS(status), 2);
	ck_assert_str_eq(buffer_text(&err), "mmprobe: nowhere: No such file or directory\nbye\n");
	buffer_free(&err);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("util");

	tcase_add_test(t, buffer_grows);
	tcase_add_test(t, buffer_ends_with_nul);
	tcase_add_test(t, buffer_formats);
	tcase_add_test(t, arena_is_zeroed_and_aligned);
	tcase_add_test(t, arena_keeps);
	tcase_add_test(t, distances);
	tcase_add_test(t, fatal_says_why);
	return help_run(t);
}
