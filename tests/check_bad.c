/*
 * The wrong scripts of scripts/bad/, and the one message that each gives: NAME.probe and NAME.error. An empty message means
 * that the script is right. With files as arguments this program writes their messages anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "help.h"

static char **file;
static int nfiles;

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void
message_of(struct buffer *error, const char *path)
{
	struct buffer text = { NULL, 0, 0 };
	struct script s;
	char *copy;
	int r;

	help_read(&text, path);
	/* Exactly as long as the text, so that a byte read behind it can be noticed. */
	copy = xmalloc(text.len);
	if (text.len)
		memcpy(copy, text.data, text.len);
	r = script_parse(&s, base_name(path), copy, text.len, "script", 0, error);
	ck_assert_int_eq(r, error->len ? -1 : 0);
	script_free(&s);
	free(copy);
	buffer_free(&text);
}

static void
replace_end(struct buffer *b, const char *path, const char *end)
{
	buffer_add(b, path, strlen(path) - strlen(".probe"));
	buffer_str(b, end);
}

START_TEST(message)
{
	struct buffer path = { NULL, 0, 0 }, error = { NULL, 0, 0 }, name = { NULL, 0, 0 }, want = { NULL, 0, 0 };

	buffer_fmt(&path, "%s/bad/%s", SCRIPTS, file[_i]);
	message_of(&error, buffer_text(&path));
	replace_end(&name, buffer_text(&path), ".error");
	help_read(&want, buffer_text(&name));
	ck_assert_msg(strcmp(buffer_text(&error), buffer_text(&want)) == 0, "%s: the message is\n%sand not\n%s", file[_i],
		buffer_text(&error), buffer_text(&want));
	buffer_free(&path);
	buffer_free(&error);
	buffer_free(&name);
	buffer_free(&want);
}
END_TEST

START_TEST(written_anew)
{
	struct buffer error = { NULL, 0, 0 }, name = { NULL, 0, 0 };
	FILE *f;

	message_of(&error, file[_i]);
	replace_end(&name, file[_i], ".error");
	f = fopen(buffer_text(&name), "w");
	ck_assert_ptr_nonnull(f);
	fputs(buffer_text(&error), f);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* Whatever a script holds, the message is one, names its place, and cannot steer a terminal. */
START_TEST(message_is_tame)
{
	struct buffer path = { NULL, 0, 0 }, error = { NULL, 0, 0 };
	unsigned line, column;
	int lines = 0;
	size_t i;

	buffer_fmt(&path, "%s/bad/%s", SCRIPTS, file[_i]);
	message_of(&error, buffer_text(&path));
	if (!error.len)
		return;
	ck_assert_int_eq(strncmp(error.data, file[_i], strlen(file[_i])), 0);
	ck_assert_int_eq(sscanf(error.data + strlen(file[_i]), ":%u:%u: ", &line, &column), 2);
	for (i = 0; i < error.len; ++i) {
		lines += error.data[i] == '\n';
		ck_assert(error.data[i] == '\n' || error.data[i] == '\t' || (error.data[i] >= ' ' && error.data[i] < 127));
	}
	ck_assert_int_eq(lines, 3);
	ck_assert_str_eq(error.data + error.len - 2, "^\n");
	buffer_free(&path);
	buffer_free(&error);
}
END_TEST

/* Cut off anywhere, a script gives one message or none, and nothing is read behind its end. */
START_TEST(cut_off)
{
	static const char text[] = "probe a \"t\"\nparam n = 0x10\neach m = 'a', (1 + 2)\nneed ROOT == 0 \"why\"\ntag heavy\n"
		"kid = fork()\nkid: p = mmap(NULL, n*PAGE, 1, 2, -1, m)\n    posix linux deviates: EINVAL or SIGBUS BUS_ADRERR at p + 1"
		"  if n > 1 && m \"note\\n\\x41\\101\" # end\nload(p) = 3 or ?\n";
	struct buffer error = { NULL, 0, 0 };
	struct script s;
	char *copy;
	size_t n;

	for (n = 0; n < sizeof text; ++n) {
		copy = xmalloc(n);
		memcpy(copy, text, n);
		buffer_clear(&error);
		ck_assert_int_eq(script_parse(&s, "t", copy, n, "t", _i, &error), error.len ? -1 : 0);
		script_free(&s);
		free(copy);
	}
	ck_assert_uint_eq(n, sizeof text);
	buffer_free(&error);
}
END_TEST

START_TEST(there_are_scripts)
{
	ck_assert_int_ge(nfiles, 30);
}
END_TEST

int
main(int argc, char *argv[])
{
	TCase *t = tcase_create("bad");

	if (argc > 1) {
		file = argv + 1;
		nfiles = argc - 1;
		tcase_add_loop_test(t, written_anew, 0, nfiles);
		return help_run(t);
	}
	nfiles = help_files(&file, SCRIPTS "/bad", ".probe");
	tcase_add_test(t, there_are_scripts);
	tcase_add_loop_test(t, message, 0, nfiles);
	tcase_add_loop_test(t, message_is_tame, 0, nfiles);
	tcase_add_loop_test(t, cut_off, 0, 2);
	return help_run(t);
}
