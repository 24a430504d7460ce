#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "help.h"
#include "symbols.h"

static const struct symbol *
find(const char *name)
{
	return symbol_find(name, strlen(name));
}

/* Collects the names of the table, without the facts, which stand first. */
struct names {
	const char *name[1000];
	int n;
};

static void
collect(const char *name, void *arg)
{
	struct names *s = arg;

	ck_assert_int_lt(s->n, 1000);
	s->name[s->n++] = name;
}

START_TEST(every_name_is_found)
{
	static struct names s;
	int i;

	symbol_each(collect, &s);
	ck_assert_int_gt(s.n, 200);
	for (i = 0; i < s.n; ++i) {
		ck_assert_msg(find(s.name[i]) != NULL, "%s is not found", s.name[i]);
		ck_assert_str_eq(find(s.name[i])->name, s.name[i]);
	}
}
END_TEST

START_TEST(table_is_sorted)
{
	static struct names s;
	int i, first = 0;

	symbol_each(collect, &s);
	while (first < s.n && strcmp(s.name[first], "E2BIG") != 0 && strcmp(s.name[first], "BUS_ADRALN") != 0)
		++first;
	ck_assert_int_lt(first, s.n);
	for (i = first + 1; i < s.n; ++i)
		ck_assert_msg(strcmp(s.name[i - 1], s.name[i]) < 0, "%s stands before %s", s.name[i - 1], s.name[i]);
}
END_TEST

START_TEST(only_whole_names)
{
	ck_assert_ptr_null(find(""));
	ck_assert_ptr_null(find("NO_SUCH_NAME"));
	ck_assert_ptr_null(find("MAP_SHARE"));
	ck_assert_ptr_null(find("MAP_SHAREDX"));
	ck_assert_ptr_null(find("zzz"));
	ck_assert_ptr_null(find("A"));
	ck_assert_ptr_null(symbol_find("PAGE", 3));
	ck_assert_ptr_nonnull(symbol_find("MAP_SHARED_VALIDATE", 10));
	ck_assert_str_eq(symbol_find("MAP_SHARED_VALIDATE", 10)->name, "MAP_SHARED");
	ck_assert_ptr_nonnull(symbol_find("PAGES", 4));
}
END_TEST

START_TEST(values_and_kinds)
{
	ck_assert_int_eq(find("O_RDWR")->value, O_RDWR);
	ck_assert_int_eq(find("O_RDWR")->kind, SYMBOL_CONSTANT);
	ck_assert_int_eq(find("EINVAL")->value, EINVAL);
	ck_assert_int_eq(find("EINVAL")->kind, SYMBOL_ERRNO);
	ck_assert_int_eq(find("SIGBUS")->value, SIGBUS);
	ck_assert_int_eq(find("SIGBUS")->kind, SYMBOL_SIGNAL);
	ck_assert_int_eq(find("BUS_ADRERR")->value, BUS_ADRERR);
	ck_assert_int_eq(find("BUS_ADRERR")->kind, SYMBOL_SICODE);
	ck_assert_int_eq(find("PAGE")->value, sysconf(_SC_PAGESIZE));
	ck_assert_int_eq(find("NULL")->value, 0);
	ck_assert_int_eq(find("MAP_FAILED")->value, -1);
	ck_assert_int_eq(find("INT_MAX")->value, INT_MAX);
	ck_assert_int_eq(find("INT_MIN")->value, INT_MIN);
	ck_assert(find("SIZE_MAX")->value == (intmax_t)SIZE_MAX);
	ck_assert(find("OFF_MAX")->value == (off_t)find("OFF_MAX")->value && find("OFF_MAX")->value >= INT_MAX);
	ck_assert_int_eq(find("BITS")->value, 8 * (int)sizeof(void *));
	ck_assert_int_eq(find("ROOT")->value, geteuid() == 0);
	ck_assert_int_gt(find("MEMLOCK")->value, -1);
}
END_TEST

START_TEST(absent_names_are_known)
{
	/* No system has all of these. */
	static const char *const some[] = { "MAP_GUARD", "MAP_GROWSDOWN", "MAP_CONCEAL", "MAP_JIT", "MAP_TRYFIXED" };
	size_t i, absent = 0;

	for (i = 0; i < LEN(some); ++i) {
		ck_assert_ptr_nonnull(find(some[i]));
		absent += !find(some[i])->present;
	}
	ck_assert_uint_gt(absent, 0);
	ck_assert_int_eq(find("PROT_READ")->present, 1);
}
END_TEST

/* What older headers lack, the kernel is asked for by its number. */
START_TEST(numbers_of_the_kernel)
{
#if defined __linux__ && !defined __hppa__
	ck_assert_int_gt(find("MADV_COLLAPSE")->present, 0);
	ck_assert_int_eq(find("MADV_COLLAPSE")->value, 25);
	ck_assert_int_gt(find("MFD_NOEXEC_SEAL")->present, 0);
	ck_assert_int_eq(find("MFD_NOEXEC_SEAL")->value, 8);
	ck_assert_int_eq(find("READ_IMPLIES_EXEC")->value, 0x400000);
#endif
	ck_assert_int_ne(find("PROT_READ")->present, SYMBOL_BY_NUMBER);
}
END_TEST

START_TEST(of_two_names_the_first)
{
	ck_assert_str_eq(symbol_errno(EINVAL), "EINVAL");
	ck_assert_str_eq(symbol_errno(EAGAIN), "EAGAIN");
	ck_assert_str_eq(symbol_errno(ENOTSUP), "ENOTSUP");
	ck_assert_ptr_null(symbol_errno(0));
	ck_assert_ptr_null(symbol_errno(99999));
	ck_assert_ptr_null(symbol_errno(-1));
	ck_assert_str_eq(symbol_signal(SIGSEGV), "SIGSEGV");
	ck_assert_str_eq(symbol_signal(SIGABRT), "SIGABRT");
	ck_assert_ptr_null(symbol_signal(0));
	ck_assert_ptr_null(symbol_signal(9999));
}
END_TEST

START_TEST(codes_belong_to_signals)
{
	ck_assert_str_eq(symbol_sicode(SIGSEGV, SEGV_MAPERR), "SEGV_MAPERR");
	ck_assert_str_eq(symbol_sicode(SIGSEGV, SEGV_ACCERR), "SEGV_ACCERR");
	ck_assert_str_eq(symbol_sicode(SIGBUS, BUS_ADRERR), "BUS_ADRERR");
	ck_assert_str_eq(symbol_sicode(SIGBUS, BUS_ADRALN), "BUS_ADRALN");
	ck_assert_str_eq(symbol_sicode(SIGBUS, SI_USER), "SI_USER");
	ck_assert_str_eq(symbol_sicode(SIGSEGV, SI_USER), "SI_USER");
	ck_assert_ptr_null(symbol_sicode(SIGUSR1, 77));
	ck_assert_int_eq(symbol_sicode_of(find("SEGV_MAPERR"), SIGSEGV), 1);
	ck_assert_int_eq(symbol_sicode_of(find("SEGV_MAPERR"), SIGBUS), 0);
	ck_assert_int_eq(symbol_sicode_of(find("SI_USER"), SIGBUS), 1);
}
END_TEST

START_TEST(facts_can_be_set)
{
	ck_assert_int_eq(symbol_set("PAGE", 16384), 0);
	ck_assert_int_eq(find("PAGE")->value, 16384);
	ck_assert_int_eq(symbol_set("ROOT", 1), 0);
	ck_assert_int_eq(find("ROOT")->value, 1);
	ck_assert_int_eq(symbol_set("EINVAL", 1), -1);
	ck_assert_int_eq(find("EINVAL")->value, EINVAL);
	ck_assert_int_eq(symbol_set("NOTHING", 1), -1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("symbols");

	tcase_add_test(t, every_name_is_found);
	tcase_add_test(t, table_is_sorted);
	tcase_add_test(t, only_whole_names);
	tcase_add_test(t, values_and_kinds);
	tcase_add_test(t, absent_names_are_known);
	tcase_add_test(t, numbers_of_the_kernel);
	tcase_add_test(t, of_two_names_the_first);
	tcase_add_test(t, codes_belong_to_signals);
	tcase_add_test(t, facts_can_be_set);
	return help_run(t);
}
