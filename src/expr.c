#include <stdlib.h>
#include <string.h>
#include "expr.h"
#include "lex.h"
#include "symbols.h"
#include "util.h"

enum { DEPTH_MAX = 64 };

static const struct { int op, level; const char *text; } binary[] = {
	{ OP_OR, 1, " || " }, { OP_AND, 2, " && " }, { '|', 3, "|" }, { '^', 4, " ^ " }, { '&', 5, " & " },
	{ OP_EQ, 6, " == " }, { OP_NE, 6, " != " }, { '<', 7, " < " }, { '>', 7, " > " }, { OP_LE, 7, " <= " },
	{ OP_GE, 7, " >= " }, { OP_SHL, 8, " << " }, { OP_SHR, 8, " >> " }, { '+', 9, " + " }, { '-', 9, " - " },
	{ '*', 10, "*" }, { '/', 10, "/" }, { '%', 10, " % " },
};

enum { LEVEL_UNARY = 11 };

static size_t
binary_find(int op)
{
	size_t i;

	for (i = 0; i < LEN(binary) && binary[i].op != op; ++i)
		;
	return i;
}

int
scope_find(const struct scope *s, const char *name, size_t n)
{
	int i;

	for (i = 0; i < s->n; ++i)
		if (strlen(s->name[i]) == n && memcmp(s->name[i], name, n) == 0)
			return i;
	return -1;
}

int
scope_add(struct scope *s, const char *name)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 8;
		s->name = xrealloc(s->name, (size_t)s->cap * sizeof *s->name);
	}
	s->name[s->n] = name;
	return s->n++;
}

struct nearest {
	const char *word, *best;
	size_t least;
};

static void
nearest_name(const char *name, void *arg)
{
	struct nearest *near = arg;
	size_t d = distance(near->word, name, 3);

	if (d < near->least) {
		near->least = d;
		near->best = name;
	}
}

static int
unknown_name(struct lexer *l, const struct scope *scope)
{
	struct nearest near = { NULL, NULL, 3 };
	int i;

	near.word = arena_text(l->arena, l->at, l->len);
	for (i = 0; i < scope->n; ++i)
		nearest_name(scope->name[i], &near);
	symbol_each(nearest_name, &near);
	if (near.best && near.least < (l->len + 1) / 2)
		return lex_error(l, "no variable, parameter or symbol has that name (is it %s?)", near.best);
	return lex_error(l, "no variable, parameter or symbol has that name");
}

static struct expr *
new_expr(struct lexer *l, struct arena *a, enum expr_kind kind)
{
	struct expr *e = arena_alloc(a, sizeof *e);

	e->kind = kind;
	if (kind == EXPR_NUMBER || kind == EXPR_STRING)
		e->spelling = arena_text(a, l->at, l->len);
	return e;
}

static struct expr *parse_binary(struct lexer *, const struct scope *, struct arena *, int);

static struct expr *
parse_primary(struct lexer *l, const struct scope *scope, struct arena *a)
{
	struct expr *e = NULL;

	if (lex_is(l, '(')) {
		if (lex_next(l) < 0)
			return NULL;
		e = parse_binary(l, scope, a, 1);
		if (!e)
			return NULL;
		if (!lex_is(l, ')')) {
			lex_error(l, "')' is missing");
			return NULL;
		}
	} else if (l->kind == TOKEN_NUMBER || l->kind == TOKEN_CHAR) {
		e = new_expr(l, a, EXPR_NUMBER);
		e->number = l->number;
	} else if (l->kind == TOKEN_STRING) {
		e = new_expr(l, a, EXPR_STRING);
		e->text = l->string;
		e->ntext = l->nstring;
	} else if (l->kind == TOKEN_NAME) {
		e = new_expr(l, a, EXPR_NAME);
		e->name = scope_find(scope, l->at, l->len);
		if (e->name >= 0)
			e->spelling = scope->name[e->name];
		if (e->name < 0) {
			e->kind = EXPR_SYMBOL;
			e->symbol = symbol_find(l->at, l->len);
			if (!e->symbol) {
				unknown_name(l, scope);
				return NULL;
			}
			e->spelling = e->symbol->name;
		}
	} else {
		lex_error(l, l->kind == TOKEN_END ? "an expression is missing" : "an expression cannot begin so");
		return NULL;
	}
	return lex_next(l) < 0 ? NULL : e;
}

static struct expr *
parse_unary(struct lexer *l, const struct scope *scope, struct arena *a)
{
	struct expr *e;

	if (l->depth >= DEPTH_MAX) {
		lex_error(l, "the expression is nested deeper than %d", DEPTH_MAX);
		return NULL;
	}
	++l->depth;
	if (lex_is(l, '-') || lex_is(l, '~') || lex_is(l, '!')) {
		e = new_expr(NULL, a, EXPR_UNARY);
		e->op = l->op;
		e->a = lex_next(l) < 0 ? NULL : parse_unary(l, scope, a);
		if (e->a && e->a->kind == EXPR_STRING)
			lex_error(l, "a string has no operators");
		if (!e->a || l->kind == TOKEN_ERROR)
			e = NULL;
	} else {
		e = parse_primary(l, scope, a);
	}
	--l->depth;
	return e;
}

static struct expr *
parse_binary(struct lexer *l, const struct scope *scope, struct arena *a, int level)
{
	struct expr *e = parse_unary(l, scope, a), *both;
	size_t i;

	while (e && l->kind == TOKEN_OPERATOR) {
		i = binary_find(l->op);
		if (i == LEN(binary) || binary[i].level < level)
			break;
		both = new_expr(NULL, a, EXPR_BINARY);
		both->op = l->op;
		both->a = e;
		if (e->kind == EXPR_STRING) {
			lex_error(l, "a string has no operators");
			return NULL;
		}
		both->b = lex_next(l) < 0 ? NULL : parse_binary(l, scope, a, binary[i].level + 1);
		if (both->b && both->b->kind == EXPR_STRING)
			lex_error(l, "a string has no operators");
		e = both->b && l->kind != TOKEN_ERROR ? both : NULL;
	}
	return e;
}

struct expr *
expr_parse(struct lexer *l, const struct scope *scope, struct arena *a)
{
	return parse_binary(l, scope, a, 1);
}

struct expr *
expr_parse_sum(struct lexer *l, const struct scope *scope, struct arena *a)
{
	return parse_binary(l, scope, a, binary[binary_find('+')].level);
}

/* Numbers wrap as two's complement, so that SIZE_MAX and negative offsets can be said on any platform. */
static enum eval
binary_eval(int op, intmax_t x, intmax_t y, intmax_t *z, const char **why)
{
	uintmax_t a = (uintmax_t)x, b = (uintmax_t)y;

	switch (op) {
	case OP_OR: *z = x || y; break;
	case OP_AND: *z = x && y; break;
	case '|': *z = (intmax_t)(a | b); break;
	case '^': *z = (intmax_t)(a ^ b); break;
	case '&': *z = (intmax_t)(a & b); break;
	case OP_EQ: *z = x == y; break;
	case OP_NE: *z = x != y; break;
	case '<': *z = x < y; break;
	case '>': *z = x > y; break;
	case OP_LE: *z = x <= y; break;
	case OP_GE: *z = x >= y; break;
	case '+': *z = (intmax_t)(a + b); break;
	case '-': *z = (intmax_t)(a - b); break;
	case '*': *z = (intmax_t)(a * b); break;
	case OP_SHL:
	case OP_SHR:
		if (y < 0 || y >= (intmax_t)(8 * sizeof x)) {
			*why = "a shift by less than zero or more than the width";
			return EVAL_BAD;
		}
		*z = (intmax_t)(op == OP_SHL ? a << y : a >> y);
		break;
	default:
		if (y == 0) {
			*why = "a division by zero";
			return EVAL_BAD;
		}
		if (y == -1)
			*z = op == '/' ? (intmax_t)-a : 0;
		else
			*z = op == '/' ? x / y : x % y;
	}
	return EVAL_OK;
}

enum eval
expr_eval(const struct expr *e, const struct value *env, struct value *v, const char **why)
{
	struct value a, b;
	enum eval r;

	memset(v, 0, sizeof *v);
	v->set = 1;
	switch (e->kind) {
	case EXPR_NUMBER:
		v->number = e->number;
		return EVAL_OK;
	case EXPR_STRING:
		v->text = e->text;
		v->ntext = e->ntext;
		return EVAL_OK;
	case EXPR_SYMBOL:
		v->number = e->symbol->value;
		*why = e->symbol->name;
		return e->symbol->present ? EVAL_OK : EVAL_ABSENT;
	case EXPR_NAME:
		*v = env[e->name];
		*why = e->spelling;
		return v->set ? EVAL_OK : EVAL_UNSET;
	case EXPR_UNARY:
	case EXPR_BINARY:
		break;
	}
	r = expr_eval(e->a, env, &a, why);
	if (r != EVAL_OK)
		return r;
	if (e->kind == EXPR_BINARY) {
		if (!a.text && ((e->op == OP_OR && a.number) || (e->op == OP_AND && !a.number))) {
			v->number = e->op == OP_OR;
			return EVAL_OK;
		}
		r = expr_eval(e->b, env, &b, why);
		if (r != EVAL_OK)
			return r;
	}
	if (a.text || (e->kind == EXPR_BINARY && b.text)) {
		*why = "an operator on a string";
		return EVAL_BAD;
	}
	if (e->kind == EXPR_BINARY)
		return binary_eval(e->op, a.number, b.number, &v->number, why);
	v->number = e->op == '-' ? (intmax_t)-(uintmax_t)a.number : e->op == '~' ? ~a.number : !a.number;
	return EVAL_OK;
}

static void
print_level(struct buffer *b, const struct expr *e, const struct scope *scope, int level)
{
	char op;
	size_t i;

	switch (e->kind) {
	case EXPR_NAME:
		buffer_str(b, scope->name[e->name]);
		break;
	case EXPR_NUMBER:
	case EXPR_STRING:
	case EXPR_SYMBOL:
		buffer_str(b, e->spelling);
		break;
	case EXPR_UNARY:
		op = (char)e->op;
		buffer_add(b, &op, 1);
		print_level(b, e->a, scope, LEVEL_UNARY);
		break;
	case EXPR_BINARY:
		i = binary_find(e->op);
		if (binary[i].level < level)
			buffer_str(b, "(");
		print_level(b, e->a, scope, binary[i].level);
		buffer_str(b, binary[i].text);
		print_level(b, e->b, scope, binary[i].level + 1);
		if (binary[i].level < level)
			buffer_str(b, ")");
		break;
	}
}

void
expr_print(struct buffer *b, const struct expr *e, const struct scope *scope)
{
	print_level(b, e, scope, 1);
}

void
expr_print_sum(struct buffer *b, const struct expr *e, const struct scope *scope)
{
	print_level(b, e, scope, binary[binary_find('+')].level);
}

int
expr_same(const struct expr *a, const struct expr *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->op != b->op || !expr_same(a->a, b->a) || !expr_same(a->b, b->b))
		return 0;
	if (!a->spelling || !b->spelling)
		return a->spelling == b->spelling;
	return strcmp(a->spelling, b->spelling) == 0;
}

int
expr_uses(const struct expr *e, int name)
{
	return e && ((e->kind == EXPR_NAME && e->name == name) || expr_uses(e->a, name) || expr_uses(e->b, name));
}
