#include <string.h>
#include "calls.h"
#include "help.h"
#include "outcome.h"
#include "repro.h"

START_TEST(every_row_is_sound)
{
	const struct call *c;
	const char *k;
	int i;

	for (i = 0; (c = call_at(i)); ++i) {
		ck_assert_int_eq(call_index(c), i);
		ck_assert_ptr_eq(call_find(c->name, strlen(c->name)), c);
		ck_assert_int_le(call_least(c), call_most(c));
		ck_assert_int_le(call_most(c), REQUEST_ARGS);
		for (k = c->kinds; *k; ++k)
			ck_assert_msg(strchr("imzolpsbP?", *k) != NULL, "%s: no kind '%c'", c->name, *k);
		ck_assert_msg((strchr(c->params, '[') != NULL) == (strchr(c->kinds, '?') != NULL), "%s(%s)", c->name, c->params);
		/* Only what POSIX does not ask for may be absent. */
		ck_assert_msg(c->perform != NULL || c->flags & CALL_OPTIONAL, "%s", c->name);
	}
	ck_assert_int_gt(i, 20);
	ck_assert_ptr_null(call_at(-1));
	ck_assert_ptr_null(call_at(1000000));
}
END_TEST

/* The names that people read are as many as the arguments. */
START_TEST(parameters_are_named)
{
	const struct call *c;
	const char *p;
	int i, n;

	for (i = 0; (c = call_at(i)); ++i) {
		n = *c->params != '\0';
		for (p = c->params; *p; ++p)
			n += *p == ',';
		ck_assert_msg(n == call_most(c), "%s(%s) takes %d", c->name, c->params, call_most(c));
	}
}
END_TEST

/* --repro has a form in C for every call, or says why there is none. */
START_TEST(every_call_is_told_in_c)
{
	const struct call *c;
	const char *why;
	int i;

	for (i = 0; (c = call_at(i)); ++i)
		ck_assert_msg(repro_told(c->name, &why) || why, "%s(): src/repro_call.c has no row, and no reason", c->name);
	ck_assert(!repro_told("no_such_call", &why));
	ck_assert_ptr_null(why);
	for (i = 0; repro_row_name(i); ++i)
		ck_assert_msg(call_find(repro_row_name(i), strlen(repro_row_name(i))) != NULL, "%s", repro_row_name(i));
	ck_assert_int_gt(i, 20);
}
END_TEST

START_TEST(finding)
{
	ck_assert_ptr_null(call_find("", 0));
	ck_assert_ptr_null(call_find("mma", 3));
	ck_assert_ptr_null(call_find("mmapp", 5));
	ck_assert_str_eq(call_find("mmapp", 4)->name, "mmap");
}
END_TEST

START_TEST(optional_arguments)
{
	const struct call *c = call_find("open", 4);

	ck_assert_int_eq(call_least(c), 2);
	ck_assert_int_eq(call_most(c), 3);
	ck_assert_int_eq(call_kind(c, 0), 'b');
	ck_assert_int_eq(call_kind(c, 1), 'i');
	ck_assert_int_eq(call_kind(c, 2), 'm');
	c = call_find("mmap", 4);
	ck_assert_int_eq(call_least(c), 6);
	ck_assert_int_eq(call_most(c), 6);
	ck_assert_int_eq(call_kind(c, 5), 'o');
	c = call_find("fork", 4);
	ck_assert_int_eq(call_most(c), 0);
}
END_TEST

START_TEST(misfits)
{
	ck_assert_ptr_null(call_misfit('i', 0));
	ck_assert_ptr_null(call_misfit('i', -1));
	ck_assert_ptr_null(call_misfit('i', INT32_MAX));
	ck_assert_str_eq(call_misfit('i', (intmax_t)INT32_MAX + 1), "a number that fits no int");
	ck_assert_str_eq(call_misfit('i', (intmax_t)INT32_MIN - 1), "a number that fits no int");
	ck_assert_ptr_null(call_misfit('m', 0600));
	ck_assert_str_eq(call_misfit('m', -1), "a number that fits no mode_t");
	ck_assert_str_eq(call_misfit('m', (intmax_t)1 << 40), "a number that fits no mode_t");
	ck_assert_ptr_null(call_misfit('o', -1));
	ck_assert_ptr_null(call_misfit('z', -1));
	ck_assert_ptr_null(call_misfit('z', 1));
	ck_assert_ptr_null(call_misfit('p', -1));
	ck_assert_ptr_null(call_misfit('l', INTMAX_MAX));
	ck_assert_ptr_null(call_misfit('l', INTMAX_MIN));
	if (sizeof(size_t) < sizeof(intmax_t)) {
		ck_assert_str_eq(call_misfit('z', (intmax_t)1 << 40), "a number that fits no size_t");
		ck_assert_str_eq(call_misfit('p', (intmax_t)1 << 40), "a number that fits no address");
	} else {
		ck_assert_ptr_null(call_misfit('z', INTMAX_MAX));
		ck_assert_ptr_null(call_misfit('p', INTMAX_MAX));
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("calls");

	tcase_add_test(t, every_row_is_sound);
	tcase_add_test(t, parameters_are_named);
	tcase_add_test(t, every_call_is_told_in_c);
	tcase_add_test(t, finding);
	tcase_add_test(t, optional_arguments);
	tcase_add_test(t, misfits);
	return help_run(t);
}
