#include <sys/types.h>
#include <sys/wait.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "expr.h"
#include "help.h"
#include "lex.h"
#include "subject.h"

int
help_run(TCase *t)
{
	Suite *s = suite_create("mmprobe");
	SRunner *r;
	int failed;

	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void
help_read(struct buffer *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	char part[4096];
	size_t n;

	ck_assert_msg(f != NULL, "%s cannot be read", path);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buffer_add(b, part, n);
	ck_assert(!ferror(f));
	fclose(f);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
help_files(char ***names, const char *dir, const char *end)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t len, n = 0;

	*names = NULL;
	while (d && (e = readdir(d))) {
		len = strlen(e->d_name);
		if (len <= strlen(end) || strcmp(e->d_name + len - strlen(end), end) != 0)
			continue;
		*names = xrealloc(*names, (n + 1) * sizeof **names);
		(*names)[n++] = strcpy(xmalloc(len + 1), e->d_name);
	}
	if (d)
		closedir(d);
	if (n)
		qsort(*names, n, sizeof **names, by_name);
	return (int)n;
}

void
help_parse(struct script *s, const char *text)
{
	struct buffer error = { NULL, 0, 0 };
	int r = script_parse(s, "test", text, strlen(text), "test", 0, &error);

	ck_assert_msg(r == 0, "this should parse:\n%s%s", text, buffer_text(&error));
	ck_assert_uint_eq(error.len, 0);
}

void
help_parse_error(const char *text, const char *message)
{
	struct buffer error = { NULL, 0, 0 };
	struct script s;
	int r = script_parse(&s, "test", text, strlen(text), "test", 0, &error);

	ck_assert_msg(r == -1, "this should not parse:\n%s", text);
	ck_assert_msg(strncmp(buffer_text(&error), message, strlen(message)) == 0, "of\n%s\nthe error is\n%sand not\n%s", text,
		buffer_text(&error), message);
	script_free(&s);
	buffer_free(&error);
}

int
help_status(void (*f)(void *), void *arg, struct buffer *err)
{
	char part[512];
	ssize_t n;
	pid_t pid;
	int p[2], status;

	fflush(NULL);
	ck_assert_int_eq(pipe(p), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(p[1], STDERR_FILENO);
		close(p[0]);
		close(p[1]);
		f(arg);
		fflush(NULL);
		_exit(0);
	}
	close(p[1]);
	while ((n = read(p[0], part, sizeof part)) > 0)
		if (err)
			buffer_add(err, part, (size_t)n);
	close(p[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

intmax_t
help_value(const char *text)
{
	static const struct scope none = { NULL, 0, 0 };
	struct buffer error = { NULL, 0, 0 };
	struct arena a = { NULL, 0 };
	struct lexer l;
	struct expr *e;
	struct value v;
	const char *why = "";

	lex_start(&l, "test", text, strlen(text), &a, &error);
	ck_assert_int_eq(lex_line(&l), 1);
	e = expr_parse(&l, &none, &a);
	ck_assert_msg(e != NULL, "%s", buffer_text(&error));
	ck_assert_msg(l.kind == TOKEN_END, "'%s' is not read to its end", text);
	ck_assert_msg(expr_eval(e, NULL, &v, &why) == EVAL_OK, "'%s' has no value: %s", text, why);
	ck_assert_ptr_null(v.text);
	arena_free(&a);
	return v.number;
}

int
help_others(const char *dir)
{
	DIR *d = opendir("/proc");
	char path[64], cwd[512];
	struct dirent *e;
	int n = 0, found = 0;
	ssize_t len;

	while (d && (e = readdir(d))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof path, "/proc/%.20s/cwd", e->d_name);
		len = readlink(path, cwd, sizeof cwd - 1);
		if (strtol(e->d_name, NULL, 10) == (long)getpid())
			found = len > 0;
		else if (len > 0 && (size_t)len > strlen(dir) && memcmp(cwd, dir, strlen(dir)) == 0)
			++n;
	}
	if (d)
		closedir(d);
	return found ? n : -1;
}

void
help_resume(int argc, char *argv[])
{
	if (argc == 6 && strcmp(argv[1], "--under-test") == 0)
		subject_resume(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atol(argv[5]));
}
