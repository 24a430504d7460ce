#include <string.h>
#include "help.h"
#include "lex.h"

static struct arena arena;
static struct buffer error;

static void
start(struct lexer *l, const char *text)
{
	buffer_clear(&error);
	lex_start(l, "t", text, strlen(text), &arena, &error);
}

/* The tokens of a text, a letter each: n name, 0 number, c character, s string, ! error, an operator itself, / a line's end. */
static void
tokens(const char *text, int semicolons, const char *want)
{
	static const char two[] = "OAENLGlr";
	struct buffer b = { NULL, 0, 0 };
	struct lexer l;
	char c;
	int r;

	start(&l, text);
	l.semicolons = semicolons;
	while ((r = lex_line(&l)) > 0) {
		for (; l.kind != TOKEN_END; lex_next(&l)) {
			c = l.kind == TOKEN_OPERATOR ? (char)l.op : "/n0csx!"[l.kind];
			if (l.kind == TOKEN_OPERATOR && l.op >= OP_OR)
				c = two[l.op - OP_OR];
			buffer_add(&b, &c, 1);
			if (c == '!')
				break;
		}
		buffer_str(&b, "/");
		if (l.kind == TOKEN_ERROR)
			break;
	}
	if (r < 0)
		buffer_str(&b, "!");
	ck_assert_msg(strcmp(buffer_text(&b), want) == 0, "of '%s' the tokens are '%s', not '%s'; %s", text, buffer_text(&b), want,
		buffer_text(&error));
	buffer_free(&b);
}

START_TEST(kinds)
{
	tokens("", 0, "");
	tokens("\n\n# only a comment\n  \t # another\n", 0, "");
	tokens("a", 0, "n/");
	tokens("a = mmap(NULL, 0x10, 'x')\n", 0, "n=n(n,0,c)/");
	tokens("kid: x = \"s\" # comment (not read)", 0, "n:n=s/");
	tokens("|| && == != <= >= << >>", 0, "OAENLGlr/");
	tokens("|&=<>!", 0, "|&=<>!/");
	tokens("a<<=b", 0, "nl=n/");
	tokens("1+2-3*4/5%6~7^8?", 0, "0+0-0*0/0%0~0^0?/");
	tokens("a_1 _b B2", 0, "nnn/");
	tokens("a\r\nb\r\n", 0, "n/n/");
	tokens("\"a # b\"", 0, "s/");
}
END_TEST

START_TEST(semicolons)
{
	tokens("a; b ;c", 1, "n/n/n/");
	tokens("a \"x;y\"; b", 1, "ns/n/");
	tokens("a ';' b", 1, "ncn/");
	tokens("a \"x\\\";y\"; b", 1, "ns/n/");
	tokens(";;a;;", 1, "n/");
	tokens("a # x; b", 1, "n/n/");
}
END_TEST

START_TEST(semicolons_only_when_asked)
{
	struct lexer l;

	start(&l, "a;b");
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(lex_next(&l), -1);
	ck_assert_str_eq(buffer_text(&error), "t:1:2: no such operator, at ';'\n    a;b\n     ^\n");
}
END_TEST

static intmax_t
number(const char *text)
{
	struct lexer l;

	start(&l, text);
	ck_assert_msg(lex_line(&l) == 1, "%s", buffer_text(&error));
	ck_assert(l.kind == TOKEN_NUMBER || l.kind == TOKEN_CHAR);
	ck_assert_uint_eq(l.len, strlen(text));
	return l.number;
}

START_TEST(numbers)
{
	ck_assert_int_eq(number("0"), 0);
	ck_assert_int_eq(number("10"), 10);
	ck_assert_int_eq(number("0600"), 0600);
	ck_assert_int_eq(number("0x1Ff"), 0x1ff);
	ck_assert_int_eq(number("0XA"), 10);
	ck_assert_int_eq(number("9223372036854775807"), INTMAX_MAX);
	ck_assert_int_eq(number("0x7fffffffffffffff"), INTMAX_MAX);
	ck_assert_int_eq(number("0777777777777777777777"), INTMAX_MAX);
	ck_assert_int_eq(number("'A'"), 'A');
	ck_assert_int_eq(number("'\\n'"), '\n');
	ck_assert_int_eq(number("'\\0'"), 0);
	ck_assert_int_eq(number("'\\377'"), 255);
	ck_assert_int_eq(number("'\\xfF'"), 255);
	ck_assert_int_eq(number("'\\''"), '\'');
	ck_assert_int_eq(number("'\"'"), '"');
	ck_assert_int_eq(number("'\303'"), 0303);
}
END_TEST

START_TEST(bad_numbers)
{
	static const char *const bad[] = { "9223372036854775808", "0x8000000000000000", "01000000000000000000000", "08", "0x", "0xg",
		"1a", "12_", "99999999999999999999999999999999", "''", "'ab'", "'", "'a", "'\\400'", "'\\q'", "'\\x'", "\"a", "\"\\" };
	struct lexer l;
	size_t i;

	for (i = 0; i < LEN(bad); ++i) {
		start(&l, bad[i]);
		ck_assert_msg(lex_line(&l) == -1, "'%s' is taken", bad[i]);
		ck_assert_int_eq(l.kind, TOKEN_ERROR);
		ck_assert_msg(strncmp(buffer_text(&error), "t:1:", 4) == 0, "%s", buffer_text(&error));
	}
}
END_TEST

START_TEST(strings)
{
	struct lexer l;

	start(&l, "\"a\\tb\\0c\\\\\\\"\\x41\\1012\"");
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(l.kind, TOKEN_STRING);
	ck_assert_uint_eq(l.nstring, 10);
	ck_assert_mem_eq(l.string, "a\tb\0c\\\"AA2", 11);
	start(&l, "\"\"");
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_uint_eq(l.nstring, 0);
	ck_assert_str_eq(l.string, "");
}
END_TEST

START_TEST(lines)
{
	struct lexer l;

	start(&l, "\na\n  b\n\tc\n#\nd");
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_uint_eq(l.lineno, 2);
	ck_assert_int_eq(l.indented, 0);
	ck_assert(lex_is_name(&l, "a") && !lex_is_name(&l, "ab") && !lex_is(&l, 'a'));
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_uint_eq(l.lineno, 3);
	ck_assert_int_eq(l.indented, 1);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(l.indented, 1);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_uint_eq(l.lineno, 6);
	ck_assert_int_eq(lex_line(&l), 0);
	ck_assert_int_eq(l.kind, TOKEN_END);
	ck_assert_int_eq(lex_line(&l), 0);
}
END_TEST

START_TEST(errors_show_their_place)
{
	struct lexer l;

	start(&l, "first\n\tab cd");
	lex_line(&l);
	lex_line(&l);
	lex_next(&l);
	ck_assert_int_eq(lex_error(&l, "%s, %d", "wrong", 1), -1);
	ck_assert_str_eq(buffer_text(&error), "t:2:5: wrong, 1, at 'cd'\n    \tab cd\n    \t   ^\n");
	lex_error(&l, "later");
	ck_assert_str_eq(buffer_text(&error), "t:2:5: wrong, 1, at 'cd'\n    \tab cd\n    \t   ^\n");
	ck_assert_int_eq(lex_next(&l), -1);
}
END_TEST

START_TEST(errors_before_the_first_line)
{
	struct lexer l;

	start(&l, "");
	lex_error(&l, "nothing");
	ck_assert_str_eq(buffer_text(&error), "t:1:1: nothing\n    \n    ^\n");
}
END_TEST

/* A caret far to the right still stands below its token, and nothing hostile reaches the terminal. */
START_TEST(errors_of_long_and_hostile_lines)
{
	char text[400];
	const char *caret, *line;
	struct lexer l;

	memset(text, 'x', sizeof text);
	memcpy(text + 300, " @\033[31m\377 ", 9);
	text[sizeof text - 1] = '\0';
	start(&l, text);
	lex_line(&l);
	ck_assert_int_eq(lex_next(&l), -1);
	ck_assert_msg(strncmp(buffer_text(&error), "t:1:302: no such operator, at '@'\n", 34) == 0, "%s", buffer_text(&error));
	line = strchr(buffer_text(&error), '\n') + 1;
	caret = strchr(line, '\n') + 1;
	ck_assert_int_eq(line[strchr(caret, '^') - caret], '@');
	for (line = buffer_text(&error); *line; ++line)
		ck_assert(*line == '\n' || (*line >= ' ' && *line < 127));
}
END_TEST

START_TEST(line_length)
{
	static char text[5000];
	struct lexer l;

	memset(text, 'x', 4096);
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_uint_eq(l.len, 4096);
	memcpy(text + 4096, "\nb", 3);
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(lex_line(&l), 1);
	memcpy(text + 4096, "  \t # and this", 14);
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(lex_next(&l), 0);
	ck_assert_int_eq(l.kind, TOKEN_END);
	memcpy(text + 4096, " +", 3);
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(lex_next(&l), -1);
	ck_assert_msg(strncmp(buffer_text(&error), "t:1:4098: the line holds more than 4096 characters, blanks", 58) == 0, "%s",
		buffer_text(&error));
	buffer_clear(&error);
	memset(text, 'x', 4097);
	text[0] = '"';
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), -1);
	buffer_clear(&error);
	text[0] = 'x';
	text[4097] = '\0';
	start(&l, text);
	ck_assert_int_eq(lex_line(&l), -1);
	ck_assert_msg(strncmp(buffer_text(&error), "t:1:1: the line holds more than 4096 characters, blanks", 55) == 0, "%s", buffer_text(&error));
}
END_TEST

START_TEST(bytes_that_are_no_text)
{
	static const char nul[] = "a\0b";
	struct lexer l;
	int c;
	char text[3] = "";

	for (c = 1; c < 256; ++c) {
		if (c >= ' ' && c < 127)
			continue;
		text[0] = (char)c;
		start(&l, text);
		if (c == '\t' || c == '\n' || c == '\r')
			ck_assert_int_eq(lex_line(&l), 0);
		else
			ck_assert_msg(lex_line(&l) == -1, "byte %d is taken", c);
	}
	buffer_clear(&error);
	lex_start(&l, "t", nul, sizeof nul - 1, &arena, &error);
	ck_assert_int_eq(lex_line(&l), 1);
	ck_assert_int_eq(lex_next(&l), -1);
	ck_assert_str_eq(buffer_text(&error), "t:1:2: a byte that is no text, at '?'\n    a?b\n     ^\n");
	start(&l, "# a comment with \033[2J");
	ck_assert_int_eq(lex_line(&l), -1);
	start(&l, "\"\001\"");
	ck_assert_int_eq(lex_line(&l), -1);
	start(&l, "# Umlaut: \303\274");
	ck_assert_int_eq(lex_line(&l), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("lex");

	tcase_add_test(t, kinds);
	tcase_add_test(t, semicolons);
	tcase_add_test(t, semicolons_only_when_asked);
	tcase_add_test(t, numbers);
	tcase_add_test(t, bad_numbers);
	tcase_add_test(t, strings);
	tcase_add_test(t, lines);
	tcase_add_test(t, errors_show_their_place);
	tcase_add_test(t, errors_before_the_first_line);
	tcase_add_test(t, errors_of_long_and_hostile_lines);
	tcase_add_test(t, line_length);
	tcase_add_test(t, bytes_that_are_no_text);
	return help_run(t);
}
