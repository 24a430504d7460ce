#include <stdio.h>
#include <string.h>
#include "expr.h"
#include "help.h"
#include "lex.h"
#include "symbols.h"

static struct arena arena;
static struct buffer error;
static const char *names[] = { "a", "b", "text" };
static const struct scope scope = { names, 3, 3 };

static struct expr *
parse_with(const char *text, struct expr *(*f)(struct lexer *, const struct scope *, struct arena *), struct lexer *l)
{
	char *copy = arena_text(&arena, text, strlen(text));

	buffer_clear(&error);
	lex_start(l, "t", copy, strlen(copy), &arena, &error);
	ck_assert_int_eq(lex_line(l), 1);
	return f(l, &scope, &arena);
}

static struct expr *
parse(const char *text)
{
	struct lexer l;
	struct expr *e = parse_with(text, expr_parse, &l);

	ck_assert_msg(e != NULL, "'%s': %s", text, buffer_text(&error));
	ck_assert_msg(l.kind == TOKEN_END, "'%s' is not read to its end", text);
	return e;
}

static void
print(struct buffer *b, const char *text)
{
	buffer_clear(b);
	expr_print(b, parse(text), &scope);
}

START_TEST(values)
{
	static const struct { const char *text; intmax_t value; } table[] = {
		{ "1 + 2 * 3", 7 }, { "(1 + 2) * 3", 9 }, { "10 - 3 - 2", 5 }, { "100 / 10 / 2", 5 }, { "7 % 4 * 2", 6 },
		{ "1 << 2 + 1", 8 }, { "1 | 2 ^ 3 & 1", 1 | (2 ^ (3 & 1)) }, { "1 & 3 == 3", 1 & (3 == 3) }, { "4 & 6 == 6", 0 },
		{ "1 < 2 == 1", 1 }, { "2 == 1 < 3", 0 }, { "0 && 0 || 1", 1 }, { "1 || 0 && 0", 1 }, { "-1 - -1", 0 }, { "!0", 1 },
		{ "!5", 0 }, { "~0", -1 }, { "- -3", 3 }, { "!!7", 1 }, { "-~0", 1 }, { "-2 * 3", -6 }, { "~1 & 3", 2 }, { "3 != 4", 1 },
		{ "5 >= 5", 1 }, { "5 > 5", 0 }, { "4 <= 3", 0 }, { "2 && 3", 1 }, { "4 || 0", 1 }, { "0x10 | 010", 24 }, { "'A' + 1", 66 },
		{ "-7 / 2", -3 }, { "-7 % 2", -1 }, { "7 / -2", -3 }, { "(((((1)))))", 1 },
	};
	size_t i;

	for (i = 0; i < LEN(table); ++i)
		ck_assert_msg(help_value(table[i].text) == table[i].value, "%s is %jd", table[i].text, help_value(table[i].text));
}
END_TEST

START_TEST(wrapping)
{
	ck_assert(help_value("9223372036854775807 + 1") == INTMAX_MIN);
	ck_assert(help_value("-9223372036854775807 - 2") == INTMAX_MAX);
	ck_assert(help_value("9223372036854775807 * 2") == -2);
	ck_assert(help_value("-(-9223372036854775807 - 1)") == INTMAX_MIN);
	ck_assert(help_value("(-9223372036854775807 - 1) / -1") == INTMAX_MIN);
	ck_assert(help_value("(-9223372036854775807 - 1) % -1") == 0);
	ck_assert(help_value("5 / -1") == -5);
	ck_assert(help_value("5 % -1") == 0);
	ck_assert(help_value("1 << 63") == INTMAX_MIN);
	ck_assert(help_value("-1 << 1") == -2);
	ck_assert(help_value("4 >> 1") == 2);
	ck_assert(help_value("1 << 0") == 1);
	ck_assert(help_value("SIZE_MAX") == (intmax_t)SIZE_MAX);
}
END_TEST

static enum eval
eval(const char *text, const struct value *env, struct value *v, const char **why)
{
	*why = NULL;
	return expr_eval(parse(text), env, v, why);
}

START_TEST(what_has_no_value)
{
	static const char *const bad[] = { "1 / 0", "1 % 0", "1 << 64", "1 << -1", "1 >> 64", "1 >> -1", "0 + 1 / (2 - 2)", "text + 1",
		"!text", "1 | text", "text && 1" };
	struct value env[3], v;
	const char *why;
	size_t i;

	memset(env, 0, sizeof env);
	env[2].set = 1;
	env[2].text = "x";
	env[2].ntext = 1;
	for (i = 0; i < LEN(bad); ++i) {
		ck_assert_msg(eval(bad[i], env, &v, &why) == EVAL_BAD, "%s has a value", bad[i]);
		ck_assert_ptr_nonnull(why);
	}
	ck_assert_int_eq(eval("1 + b", env, &v, &why), EVAL_UNSET);
	ck_assert_str_eq(why, "b");
	ck_assert_int_eq(eval("0 && b", env, &v, &why), EVAL_OK);
	ck_assert_int_eq(v.number, 0);
	ck_assert_int_eq(eval("2 || 1 / 0", env, &v, &why), EVAL_OK);
	ck_assert_int_eq(v.number, 1);
	ck_assert_int_eq(eval("1 && b", env, &v, &why), EVAL_UNSET);
	env[1].set = 1;
	env[1].number = -5;
	ck_assert_int_eq(eval("1 + b", env, &v, &why), EVAL_OK);
	ck_assert_int_eq(v.number, -4);
	ck_assert_int_eq(eval("text", env, &v, &why), EVAL_OK);
	ck_assert_str_eq(v.text, "x");
	ck_assert_int_eq(eval("\"ab\\0c\"", env, &v, &why), EVAL_OK);
	ck_assert_uint_eq(v.ntext, 4);
	ck_assert_mem_eq(v.text, "ab\0c", 4);
}
END_TEST

static const char *absent;

static void
find_absent(const char *name, void *arg)
{
	(void)arg;
	if (!symbol_find(name, strlen(name))->present)
		absent = name;
}

START_TEST(absent_names)
{
	struct buffer b = { NULL, 0, 0 };
	struct value v;
	const char *why;

	symbol_each(find_absent, NULL);
	ck_assert_ptr_nonnull(absent);
	buffer_fmt(&b, "1 | %s", absent);
	ck_assert_int_eq(eval(buffer_text(&b), NULL, &v, &why), EVAL_ABSENT);
	ck_assert_str_eq(why, absent);
	buffer_clear(&b);
	buffer_fmt(&b, "0 && %s", absent);
	ck_assert_int_eq(eval(buffer_text(&b), NULL, &v, &why), EVAL_OK);
	buffer_free(&b);
}
END_TEST

START_TEST(printing)
{
	static const struct { const char *text, *canonical; } table[] = {
		{ "1+2*3", "1 + 2*3" }, { "(1+2)*3", "(1 + 2)*3" }, { "((1))", "1" }, { "a|b", "a|b" }, { "0600", "0600" },
		{ "0X1f", "0X1f" }, { "a-(b-1)", "a - (b - 1)" }, { "(a-b)-1", "a - b - 1" }, { "-(a+b)", "-(a + b)" }, { "!(!a)", "!!a" },
		{ "a&&(b||1)", "a && (b || 1)" }, { "(a&&b)||1", "a && b || 1" }, { "'K'", "'K'" }, { "\"a\\n\"", "\"a\\n\"" },
		{ "a*(b/2)", "a*(b/2)" }, { "(a&b)==b", "(a & b) == b" }, { "- -a", "--a" }, { "PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE" },
	};
	struct buffer b = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		print(&b, table[i].text);
		ck_assert_str_eq(buffer_text(&b), table[i].canonical);
		ck_assert_msg(expr_same(parse(table[i].text), parse(buffer_text(&b))), "%s is another than %s", buffer_text(&b), table[i].text);
	}
	buffer_free(&b);
}
END_TEST

/* A random expression, all operators and depths; the seed is the test's number, so a failure can be repeated. */
static unsigned long seed;

static unsigned
dice(unsigned n)
{
	seed = (seed * 1103515245 + 12345) & 0x7fffffff;
	return (unsigned)(seed >> 8) % n;
}

static void
random_expr(struct buffer *b, int depth)
{
	static const char *const leaf[] = { "a", "b", "1", "0x2f", "017", "PAGE", "'c'", "PROT_READ" };
	static const char *const op[] = { "||", "&&", "|", "^", "&", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", "+", "-", "*", "/", "%" };
	static const char *const unary[] = { "-", "~", "!" };
	unsigned kind = depth > 0 ? dice(5) : 0;

	if (kind == 0) {
		buffer_str(b, leaf[dice(LEN(leaf))]);
	} else if (kind == 1) {
		buffer_str(b, unary[dice(LEN(unary))]);
		random_expr(b, depth - 1);
	} else if (kind == 2) {
		buffer_str(b, "(");
		random_expr(b, depth - 1);
		buffer_str(b, ")");
	} else {
		random_expr(b, depth - 1);
		buffer_str(b, op[dice(LEN(op))]);
		random_expr(b, depth - 1);
	}
}

START_TEST(printed_and_parsed_again)
{
	struct buffer text = { NULL, 0, 0 }, first = { NULL, 0, 0 }, second = { NULL, 0, 0 };
	struct value env[3], v, w;
	const char *why;
	int i;

	memset(env, 0, sizeof env);
	env[0].set = env[1].set = 1;
	env[0].number = 3;
	env[1].number = -7;
	for (seed = (unsigned long)_i + 1, i = 0; i < 300; ++i) {
		buffer_clear(&text);
		random_expr(&text, 6);
		print(&first, buffer_text(&text));
		print(&second, buffer_text(&first));
		ck_assert_str_eq(buffer_text(&second), buffer_text(&first));
		ck_assert_msg(expr_same(parse(buffer_text(&text)), parse(buffer_text(&first))), "%s\nis not %s", buffer_text(&text),
			buffer_text(&first));
		ck_assert_int_eq(eval(buffer_text(&text), env, &v, &why), eval(buffer_text(&first), env, &w, &why));
		ck_assert_int_eq(v.number, w.number);
	}
	buffer_free(&text);
	buffer_free(&first);
	buffer_free(&second);
}
END_TEST

START_TEST(sameness)
{
	ck_assert(expr_same(NULL, NULL));
	ck_assert(!expr_same(parse("1"), NULL));
	ck_assert(expr_same(parse("a + 1"), parse("a+1")));
	ck_assert(!expr_same(parse("a + 1"), parse("b + 1")));
	ck_assert(!expr_same(parse("a + 1"), parse("a - 1")));
	ck_assert(!expr_same(parse("a + 1"), parse("1 + a")));
	ck_assert(!expr_same(parse("8"), parse("010")));
	ck_assert(!expr_same(parse("-a"), parse("~a")));
	ck_assert(!expr_same(parse("\"a\""), parse("\"b\"")));
	ck_assert(!expr_same(parse("a*b + 1"), parse("a*(b + 1)")));
}
END_TEST

START_TEST(uses)
{
	ck_assert(expr_uses(parse("1 + -(b*2)"), 1));
	ck_assert(!expr_uses(parse("1 + -(b*2)"), 0));
	ck_assert(expr_uses(parse("a"), 0));
	ck_assert(!expr_uses(parse("PAGE + 1"), 0));
	ck_assert(!expr_uses(NULL, 0));
}
END_TEST

START_TEST(a_sum_stops)
{
	static const struct { const char *text; int stops; } table[] = {
		{ "a + 1 == 2", OP_EQ }, { "a|b", '|' }, { "a & b", '&' }, { "a*2 - 1 < 3", '<' }, { "a << 2", OP_SHL }, { "1 || 2", OP_OR },
	};
	struct lexer l;
	size_t i;

	for (i = 0; i < LEN(table); ++i) {
		ck_assert_ptr_nonnull(parse_with(table[i].text, expr_parse_sum, &l));
		ck_assert(lex_is(&l, table[i].stops));
	}
	ck_assert_ptr_nonnull(parse_with("(a|b) + 1", expr_parse_sum, &l));
	ck_assert_int_eq(l.kind, TOKEN_END);
}
END_TEST

START_TEST(scopes)
{
	struct scope s = { NULL, 0, 0 };
	char name[100][8];
	int i;

	ck_assert_int_eq(scope_find(&s, "x", 1), -1);
	for (i = 0; i < 100; ++i) {
		snprintf(name[i], sizeof name[i], "n%d", i);
		ck_assert_int_eq(scope_add(&s, name[i]), i);
	}
	for (i = 0; i < 100; ++i)
		ck_assert_int_eq(scope_find(&s, name[i], strlen(name[i])), i);
	ck_assert_int_eq(scope_find(&s, "n10", 2), 1);
	ck_assert_int_eq(scope_find(&s, "n100", 4), -1);
}
END_TEST

START_TEST(depth)
{
	struct buffer b = { NULL, 0, 0 };
	struct lexer l;
	int i;

	for (i = 0; i < 63; ++i)
		buffer_str(&b, i % 2 ? "-" : "(");
	buffer_str(&b, "1");
	for (i = 0; i < 32; ++i)
		buffer_str(&b, ")");
	ck_assert_ptr_nonnull(parse_with(buffer_text(&b), expr_parse, &l));
	buffer_clear(&b);
	for (i = 0; i < 2000; ++i)
		buffer_str(&b, "(");
	ck_assert_ptr_null(parse_with(buffer_text(&b), expr_parse, &l));
	ck_assert_msg(strncmp(buffer_text(&error), "t:1:65: the expression is nested deeper than 64, at '('\n", 55) == 0, "%s",
		buffer_text(&error));
	buffer_free(&b);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("expr");

	tcase_add_test(t, values);
	tcase_add_test(t, wrapping);
	tcase_add_test(t, what_has_no_value);
	tcase_add_test(t, absent_names);
	tcase_add_test(t, printing);
	tcase_add_loop_test(t, printed_and_parsed_again, 0, 10);
	tcase_add_test(t, sameness);
	tcase_add_test(t, uses);
	tcase_add_test(t, a_sum_stops);
	tcase_add_test(t, scopes);
	tcase_add_test(t, depth);
	return help_run(t);
}
