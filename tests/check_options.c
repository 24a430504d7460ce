#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "help.h"
#include "options.h"

enum { WORDS_MAX = 16 };

static char words[512];
static char *argv[WORDS_MAX + 2];

/* Words as a shell gives them; '_' is a blank within one, "''" an empty one. */
static int
split(const char *line)
{
	int argc = 1;
	char *w, *p;

	ck_assert_uint_lt(strlen(line), sizeof words);
	strcpy(words, line);
	for (w = strtok(words, " "); w; w = strtok(NULL, " ")) {
		ck_assert_int_lt(argc, WORDS_MAX);
		for (p = w; (p = strchr(p, '_')); )
			*p = ' ';
		argv[argc++] = strcmp(w, "''") == 0 ? w + 2 : w;
	}
	argv[argc] = NULL;
	return argc;
}

static struct options
parse(const char *line)
{
	static char name[] = "mmprobe";
	struct options o;
	int argc = split(line);

	argv[0] = name;
	options_parse(&o, argc, argv);
	return o;
}

START_TEST(defaults)
{
	struct options o;

	unsetenv("TMPDIR");
	o = parse("--all");
	ck_assert_int_eq(o.mode, MODE_ALL);
	ck_assert_str_eq(o.dir, "/tmp");
	ck_assert_ptr_null(o.edition);
	ck_assert_int_eq(o.timeout, 5000);
	ck_assert_int_eq(o.jobs, 0);
	ck_assert_int_eq(o.color, -1);
	ck_assert(!o.heavy && !o.verbose && !o.quiet && o.nargs == 0);
	setenv("TMPDIR", "/var/tmp", 1);
	ck_assert_str_eq(parse("--all").dir, "/var/tmp");
	setenv("TMPDIR", "", 1);
	ck_assert_str_eq(parse("--all").dir, "/tmp");
}
END_TEST

START_TEST(modes)
{
	ck_assert_int_eq(parse("offset").mode, MODE_PROBE);
	ck_assert_str_eq(parse("offset").operand, "offset");
	ck_assert_int_eq(parse("--list").mode, MODE_LIST);
	ck_assert_ptr_null(parse("--list").operand);
	ck_assert_str_eq(parse("--list m*").operand, "m*");
	ck_assert_str_eq(parse("--list=m*").operand, "m*");
	ck_assert_ptr_null(parse("--list -v").operand);
	ck_assert_str_eq(parse("--show offset").operand, "offset");
	ck_assert_int_eq(parse("--show=offset").mode, MODE_SHOW);
	ck_assert_int_eq(parse("--explain offset 1000").mode, MODE_EXPLAIN);
	ck_assert_int_eq(parse("--run a.probe").mode, MODE_RUN);
	ck_assert_str_eq(parse("--run -").operand, "-");
	ck_assert_int_eq(parse("-e load(0)").mode, MODE_TEXT);
	ck_assert_str_eq(parse("-eload(0)").operand, "load(0)");
	ck_assert_int_eq(parse("-h").mode, MODE_HELP);
	ck_assert_int_eq(parse("--help --nonsense").mode, MODE_HELP);
	ck_assert_int_eq(parse("-V").mode, MODE_VERSION);
	ck_assert_int_eq(parse("--version").mode, MODE_VERSION);
}
END_TEST

START_TEST(each_option)
{
	ck_assert_str_eq(parse("--all -d /x").dir, "/x");
	ck_assert_str_eq(parse("--all -d/x").dir, "/x");
	ck_assert_str_eq(parse("--all --dir /x").dir, "/x");
	ck_assert_str_eq(parse("--all --dir=/x").dir, "/x");
	ck_assert_int_eq(parse("--all -t 0.5").timeout, 500);
	ck_assert_int_eq(parse("--all --timeout=3600").timeout, 3600000);
	ck_assert_int_eq(parse("--all --timeout 0.01").timeout, 10);
	ck_assert_int_eq(parse("--all -j 3").jobs, 3);
	ck_assert_int_eq(parse("--all -j64").jobs, 64);
	ck_assert_int_eq(parse("--all --jobs=1").jobs, 1);
	ck_assert_int_eq(parse("--all --heavy").heavy, 1);
	ck_assert_str_eq(parse("--all --posix=2001").edition, "posix2001");
	ck_assert_str_eq(parse("--all --posix 2024").edition, "posix2024");
	ck_assert_str_eq(parse("--all --posix 2008").edition, "posix2008");
	ck_assert_int_eq(parse("--all -v").verbose, 1);
	ck_assert_int_eq(parse("--all --verbose").verbose, 1);
	ck_assert_int_eq(parse("--all -q").quiet, 1);
	ck_assert_int_eq(parse("--all --quiet").quiet, 1);
	ck_assert_int_eq(parse("--all --color").color, 1);
	ck_assert_int_eq(parse("--all --color=always").color, 1);
	ck_assert_int_eq(parse("--all --color=never").color, 0);
	ck_assert_int_eq(parse("--all --color=auto").color, -1);
	ck_assert_int_eq(parse("-vj 5 --all").jobs, 5);
	ck_assert_int_eq(parse("-qvj5 --all").verbose, 1);
}
END_TEST

START_TEST(arguments)
{
	struct options o = parse("-v offset 1000 -q prot=PROT_READ -1 -PAGE --jobs 2 '' last");

	ck_assert_str_eq(o.operand, "offset");
	ck_assert_int_eq(o.nargs, 6);
	ck_assert_str_eq(o.args[0], "1000");
	ck_assert_str_eq(o.args[1], "prot=PROT READ");
	ck_assert_str_eq(o.args[2], "-1");
	ck_assert_str_eq(o.args[3], "-PAGE");
	ck_assert_str_eq(o.args[4], "");
	ck_assert_str_eq(o.args[5], "last");
	ck_assert(o.verbose && o.quiet && o.jobs == 2);
	o = parse("offset -- -v --all");
	ck_assert_int_eq(o.nargs, 2);
	ck_assert_str_eq(o.args[0], "-v");
	ck_assert_str_eq(o.args[1], "--all");
	ck_assert_int_eq(o.verbose, 0);
	o = parse("--run file a b");
	ck_assert_str_eq(o.operand, "file");
	ck_assert_int_eq(o.nargs, 2);
	ck_assert_str_eq(o.args[1], "b");
	o = parse("offset -V");
	ck_assert_int_eq(o.mode, MODE_VERSION);
}
END_TEST

static const struct { const char *line, *message; } wrong[] = {
	{ "", "nothing is asked for" },
	{ "-v", "nothing is asked for" },
	{ "--no-such-option", "there is no option --" },
	{ "--al", "there is no option --al; is it --all?" },
	{ "--jbos 3", "there is no option --jbos; is it --jobs?" },
	{ "-x", "there is no option -x" },
	{ "-vx", "there is no option -x" },
	{ "-1", "there is no option -1" },
	{ "--all --list", "only one of" },
	{ "--all offset", "an argument too many: offset" },
	{ "offset --all", "only one of" },
	{ "--show a b", "an argument too many: b" },
	{ "--all=3", "--all takes no argument" },
	{ "--verbose=1 --all", "--verbose takes no argument" },
	{ "--show", "an argument is missing behind --show" },
	{ "--all --dir", "an argument is missing behind --dir" },
	{ "--all -j", "an argument is missing behind -j" },
	{ "-e", "an argument is missing behind -e" },
	{ "--all -j 0", "--jobs takes a number from 1 to 64, not '0'" },
	{ "--all -j 65", "--jobs takes a number from 1 to 64, not '65'" },
	{ "--all -j x", "--jobs takes a number from 1 to 64, not 'x'" },
	{ "--all -j 3x", "--jobs takes" },
	{ "--all -j ''", "--jobs takes" },
	{ "--all -j 99999999999999999999", "--jobs takes" },
	{ "--all -j -1", "--jobs takes" },
	{ "--all -t 0", "--timeout takes seconds, from 0.01 to 3600, not '0'" },
	{ "--all -t 3601", "--timeout takes" },
	{ "--all -t nan", "--timeout takes" },
	{ "--all -t inf", "--timeout takes" },
	{ "--all -t 5s", "--timeout takes" },
	{ "--all -t ''", "--timeout takes" },
	{ "--all --posix 1988", "--posix takes 2001, 2008 or 2024, not '1988'" },
	{ "--all --posix=posix2001", "--posix takes" },
	{ "--all --color=blue", "--color takes always, auto or never, not 'blue'" },
	{ "--all --", NULL },
};

static void
parse_wrong(void *arg)
{
	parse(arg);
}

START_TEST(wrong_lines)
{
	struct buffer err = { NULL, 0, 0 };
	char line[256];
	int status;

	strcpy(line, wrong[_i].line);
	status = help_status(parse_wrong, line, &err);
	ck_assert(WIFEXITED(status));
	if (!wrong[_i].message) {
		ck_assert_int_eq(WEXITSTATUS(status), 0);
		return;
	}
	ck_assert_msg(WEXITSTATUS(status) == 2, "'%s' ends with %d", line, WEXITSTATUS(status));
	ck_assert_msg(strncmp(buffer_text(&err), "mmprobe: ", 9) == 0
	    && strncmp(buffer_text(&err) + 9, wrong[_i].message, strlen(wrong[_i].message)) == 0, "'%s': %s", line, buffer_text(&err));
	ck_assert_int_eq(err.data[err.len - 1], '\n');
	buffer_free(&err);
}
END_TEST

START_TEST(help_names_every_option)
{
	static const char *const names[] = { "--all", "--list", "--show", "--run", "-e", "-d, --dir", "-t, --timeout", "-j, --jobs",
		"--heavy", "--posix", "-v, --verbose", "-q, --quiet", "--color", "-h, --help", "-V, --version", "Exit status" };
	char text[8192] = "";
	FILE *f = tmpfile();
	size_t i;

	ck_assert_ptr_nonnull(f);
	options_help(f);
	rewind(f);
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, f), 0);
	fclose(f);
	for (i = 0; i < LEN(names); ++i)
		ck_assert_msg(strstr(text, names[i]) != NULL, "--help says nothing of %s", names[i]);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("options");

	tcase_add_test(t, defaults);
	tcase_add_test(t, modes);
	tcase_add_test(t, each_option);
	tcase_add_test(t, arguments);
	tcase_add_loop_test(t, wrong_lines, 0, (int)LEN(wrong));
	tcase_add_test(t, help_names_every_option);
	return help_run(t);
}
