#include <string.h>
#include "help.h"
#include "pagemap.h"

static struct buffer b;

static void
expect(const char *want)
{
	ck_assert_msg(strcmp(buffer_text(&b), want) == 0, "the picture is\n%sand not\n%s", buffer_text(&b), want);
	buffer_clear(&b);
}

/* A row's label and cells, without the blanks at its end. */
static int
has_row(const char *label, const char *cells)
{
	struct buffer row = { NULL, 0, 0 };
	int found;

	buffer_fmt(&row, "      %-7s%s\n", label, cells);
	found = strstr(buffer_text(&b), buffer_text(&row)) != NULL;
	buffer_free(&row);
	return found;
}

START_TEST(ascii)
{
	pagemap_print(&b, "p", "wwBS", 4, 6000, 4096, 0);
	ck_assert(has_row("file", "|########|####----|        |        |"));
	ck_assert(has_row("load", "|ok      |ok      |SIGBUS  |SIGSEGV |"));
	ck_assert(has_row("store", "|ok      |ok      |SIGBUS  |SIGSEGV |"));
	ck_assert(strstr(buffer_text(&b), "end of file at p+6000"));
	ck_assert(strstr(buffer_text(&b), "# file"));
	ck_assert(strstr(buffer_text(&b), "- the rest of its last page"));
	ck_assert_msg(strncmp(buffer_text(&b), "             p        p+1P     p+2P     p+3P", 44) == 0, "%s", buffer_text(&b));
}
END_TEST

START_TEST(unicode)
{
	size_t i;

	pagemap_print(&b, "p", "w", 1, 4096, 8192, 1);
	ck_assert(strstr(buffer_text(&b), "\342\226\210\342\226\210\342\226\210\342\226\210\342\226\221\342\226\221\342\226\221\342\226\221"));
	ck_assert(strstr(buffer_text(&b), "load   \342\224\202ok      \342\224\202\n"));
	buffer_clear(&b);
	pagemap_print(&b, "p", "w", 1, 4096, 8192, 0);
	for (i = 0; i < b.len; ++i)
		ck_assert_int_gt(b.data[i], 0);
}
END_TEST

START_TEST(letters)
{
	pagemap_print(&b, "p", "wrRBS", 5, -1, 4096, 0);
	ck_assert(has_row("load", "|ok      |ok      |ok      |SIGBUS  |SIGSEGV |"));
	ck_assert(has_row("store", "|ok      |SIGSEGV |SIGBUS  |SIGBUS  |SIGSEGV |"));
	ck_assert(!strstr(buffer_text(&b), "file"));
	buffer_clear(&b);
}
END_TEST

START_TEST(ends_of_files)
{
	static const struct { intmax_t end; const char *cells; int rest; } table[] = {
		{ 0, "|        |        |", 0 }, { 1, "|#-------|        |", 1 }, { 4095, "|#######-|        |", 1 },
		{ 4096, "|########|        |", 0 }, { 4097, "|########|#-------|", 1 }, { 8192, "|########|########|", 0 },
		{ 100000, "|########|########|", 1 }, { INTMAX_MAX, "|########|########|", 1 },
	};
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		pagemap_print(&b, "p", "ww", 2, table[i].end, 4096, 0);
		ck_assert_msg(has_row("file", table[i].cells), "a file of %jd bytes is\n%s", table[i].end, buffer_text(&b));
		ck_assert_int_eq(strstr(buffer_text(&b), "rest of its last page") != NULL, table[i].rest);
		buffer_clear(&b);
	}
}
END_TEST

START_TEST(long_mappings)
{
	pagemap_print(&b, "p", "wwwwwwwBBBBBBBS", 15, 0, 65536, 0);
	ck_assert(has_row("load", "|ok      |ok      |ok      |ok      |ok      |ok      |ok      |"));
	ck_assert(has_row("load", "|SIGBUS  |SIGBUS  |SIGBUS  |SIGBUS  |SIGBUS  |SIGBUS  |SIGBUS  |"));
	ck_assert(has_row("load", "|SIGSEGV |"));
	ck_assert(strstr(buffer_text(&b), "p+14P"));
	ck_assert(!strstr(buffer_text(&b), "p+15P"));
	buffer_clear(&b);
}
END_TEST

START_TEST(appends)
{
	buffer_str(&b, "before\n");
	pagemap_print(&b, "p", "w", 1, -1, 4096, 0);
	b.len = 7;
	b.data[7] = '\0';
	expect("before\n");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("pagemap");

	tcase_add_test(t, ascii);
	tcase_add_test(t, unicode);
	tcase_add_test(t, letters);
	tcase_add_test(t, ends_of_files);
	tcase_add_test(t, long_mappings);
	tcase_add_test(t, appends);
	return help_run(t);
}
