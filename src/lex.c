#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "lex.h"
#include "util.h"

enum { LINE_MAX_CHARS = 4096, SHOWN = 72 };

void
lex_start(struct lexer *l, const char *path, const char *text, size_t len, struct arena *a, struct buffer *error)
{
	memset(l, 0, sizeof *l);
	l->path = path;
	l->next = text;
	l->end = text + len;
	l->line = l->eol = l->at = text;
	l->arena = a;
	l->error = error;
}

static void
show_char(struct buffer *b, unsigned char c)
{
	char s = c == '\t' || (c >= ' ' && c < 127) ? (char)c : '?';

	buffer_add(b, &s, 1);
}

static int
error_at(struct lexer *l, const char *at, size_t len, const char *what, va_list ap)
{
	struct buffer *b = l->error;
	const char *from = l->line, *p;
	char text[160];

	l->kind = TOKEN_ERROR;
	if (b->len)
		return -1;
	if (len > 24)
		len = 24;
	vsnprintf(text, sizeof text, what, ap);
	buffer_fmt(b, "%s:%u:%lu: %s", l->path, l->lineno ? l->lineno : 1, (unsigned long)(at - l->line) + 1, text);
	if (len) {
		buffer_str(b, ", at '");
		for (p = at; p < at + len; ++p)
			show_char(b, (unsigned char)*p);
		buffer_str(b, "'");
	}
	buffer_str(b, "\n    ");
	if (at - from > SHOWN - 12)
		from = at - (SHOWN - 12);
	for (p = from; p < l->eol && p < from + SHOWN; ++p)
		show_char(b, (unsigned char)*p);
	buffer_str(b, "\n    ");
	for (p = from; p < at; ++p)
		buffer_str(b, *p == '\t' ? "\t" : " ");
	buffer_str(b, "^\n");
	return -1;
}

int
lex_error_at(struct lexer *l, const char *at, size_t len, const char *what, ...)
{
	va_list ap;

	va_start(ap, what);
	error_at(l, at, len, what, ap);
	va_end(ap);
	return -1;
}

int
lex_error(struct lexer *l, const char *what, ...)
{
	va_list ap;

	va_start(ap, what);
	error_at(l, l->at, l->len, what, ap);
	va_end(ap);
	return -1;
}

int
lex_is(const struct lexer *l, int op)
{
	return l->kind == TOKEN_OPERATOR && l->op == op;
}

int
lex_is_name(const struct lexer *l, const char *name)
{
	return l->kind == TOKEN_NAME && strlen(name) == l->len && memcmp(l->at, name, l->len) == 0;
}

static int
is_name(unsigned char c)
{
	return c < 128 && (isalnum(c) || c == '_');
}

int
lex_line(struct lexer *l)
{
	const char *p;
	char quote;

	while (l->next < l->end) {
		l->line = p = l->next;
		++l->lineno;
		for (quote = 0; p < l->end && *p != '\n'; ++p) {
			if (!l->semicolons)
				continue;
			if (quote) {
				if (*p == '\\' && p + 1 < l->end && p[1] != '\n')
					++p;
				else if (*p == quote)
					quote = 0;
			} else if (*p == '"' || *p == '\'') {
				quote = *p;
			} else if (*p == ';') {
				break;
			}
		}
		if (p > l->end)
			p = l->end;
		l->eol = p;
		l->at = l->line;
		l->len = 0;
		l->taken = 0;
		l->next = p < l->end ? p + 1 : p;
		if (l->eol > l->line && l->eol[-1] == '\r')
			--l->eol;
		l->indented = l->line < l->eol && (*l->line == ' ' || *l->line == '\t');
		if (lex_next(l) < 0)
			return -1;
		if (l->kind != TOKEN_END)
			return 1;
	}
	l->at = l->line = l->eol = l->end;
	l->len = 0;
	l->kind = TOKEN_END;
	return 0;
}

/* Blanks and comments do not count, so that no line is too long for having been printed again. */
static int
too_long(struct lexer *l)
{
	return lex_error_at(l, l->at, 0, "the line holds more than %d characters, blanks and comments aside", LINE_MAX_CHARS);
}

static int
lex_number(struct lexer *l)
{
	const char *p = l->at;
	uintmax_t n = 0, digit, base = 10;

	if (*p == '0') {
		base = 8;
		if (p + 1 < l->eol && (p[1] == 'x' || p[1] == 'X')) {
			base = 16;
			p += 2;
		}
	}
	while (l->at + l->len < l->eol && is_name((unsigned char)l->at[l->len]))
		++l->len;
	if (p == l->at + l->len)
		return lex_error(l, "a number without digits");
	for (; p < l->at + l->len; ++p) {
		if (*p >= '0' && *p <= '9')
			digit = (uintmax_t)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			digit = (uintmax_t)(*p - 'a') + 10;
		else if (*p >= 'A' && *p <= 'F')
			digit = (uintmax_t)(*p - 'A') + 10;
		else
			digit = base;
		if (digit >= base)
			return lex_error(l, "not a number in base %d", (int)base);
		if (n > ((uintmax_t)INTMAX_MAX - digit) / base)
			return lex_error(l, "the number does not fit in %d bits", (int)(8 * sizeof(intmax_t)));
		n = n * base + digit;
	}
	l->kind = TOKEN_NUMBER;
	l->number = (intmax_t)n;
	return 0;
}

/* One character of a literal, escapes resolved; -1 on an error. Moves *p past it. */
static int
lex_char(struct lexer *l, const char **p)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	const char *s;
	int c, i;

	c = (unsigned char)*(*p)++;
	if (c != '\\')
		return c;
	if (*p == l->eol)
		return lex_error_at(l, *p - 1, 1, "an escape without its character");
	if (**p >= '0' && **p <= '7') {
		for (c = i = 0; i < 3 && *p < l->eol && **p >= '0' && **p <= '7'; ++i)
			c = c * 8 + *(*p)++ - '0';
		return c <= 255 ? c : lex_error_at(l, *p - 4, 4, "not a byte");
	}
	if (**p == 'x') {
		for (++*p, c = i = 0; i < 2 && *p < l->eol && isxdigit((unsigned char)**p); ++i, ++*p)
			c = c * 16 + (isdigit((unsigned char)**p) ? **p - '0' : tolower((unsigned char)**p) - 'a' + 10);
		return i ? c : lex_error_at(l, *p - 2, 2, "an escape without its digits");
	}
	s = memchr(from, **p, sizeof from - 1);
	if (!s)
		return lex_error_at(l, *p - 1, 2, "no such escape");
	++*p;
	return (unsigned char)to[s - from];
}

static int
lex_literal(struct lexer *l)
{
	const char *p = l->at + 1;
	char quote = *l->at, s[LINE_MAX_CHARS];
	size_t n = 0;
	int c;

	for (;; s[n++] = (char)c) {
		if (p == l->eol)
			return lex_error_at(l, l->at, 1, "the %s is not closed", quote == '"' ? "string" : "character");
		if (*p == quote)
			break;
		if ((unsigned char)*p < ' ')
			return lex_error_at(l, p, 1, "a control character");
		if (n == sizeof s)
			return too_long(l);
		c = lex_char(l, &p);
		if (c < 0)
			return -1;
	}
	l->len = (size_t)(p + 1 - l->at);
	if (quote == '"') {
		l->kind = TOKEN_STRING;
		l->string = arena_text(l->arena, s, n);
		l->nstring = n;
		return 0;
	}
	if (n != 1)
		return lex_error(l, "a character literal holds one character");
	l->kind = TOKEN_CHAR;
	l->number = (unsigned char)s[0];
	return 0;
}

static int
lex_token(struct lexer *l)
{
	static const struct { char text[3]; int op; } two[] = {
		{ "||", OP_OR }, { "&&", OP_AND }, { "==", OP_EQ }, { "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE },
		{ "<<", OP_SHL }, { ">>", OP_SHR },
	};
	size_t i;

	if (l->kind == TOKEN_ERROR)
		return -1;
	l->at += l->len;
	l->len = 0;
	while (l->at < l->eol && (*l->at == ' ' || *l->at == '\t'))
		++l->at;
	if (l->at == l->eol || *l->at == '#') {
		for (; l->at < l->eol; ++l->at)
			if ((unsigned char)*l->at < ' ' && *l->at != '\t')
				return lex_error_at(l, l->at, 1, "a control character");
		l->kind = TOKEN_END;
		return 0;
	}
	if (*l->at >= '0' && *l->at <= '9')
		return lex_number(l);
	if (*l->at == '"' || *l->at == '\'')
		return lex_literal(l);
	if (is_name((unsigned char)*l->at)) {
		l->kind = TOKEN_NAME;
		while (l->at + l->len < l->eol && is_name((unsigned char)l->at[l->len]))
			++l->len;
		return 0;
	}
	l->len = 1;
	if ((unsigned char)*l->at < ' ' || (unsigned char)*l->at > 126)
		return lex_error(l, "a byte that is no text");
	l->kind = TOKEN_OPERATOR;
	l->op = (unsigned char)*l->at;
	for (i = 0; i < LEN(two); ++i) {
		if (l->eol - l->at >= 2 && memcmp(l->at, two[i].text, 2) == 0) {
			l->len = 2;
			l->op = two[i].op;
		}
	}
	if (l->len == 1 && !strchr("()=,:|^&<>+-*/%~!?", l->op))
		return lex_error(l, "no such operator");
	return 0;
}

int
lex_next(struct lexer *l)
{
	if (lex_token(l) < 0)
		return -1;
	l->taken += l->len;
	return l->taken > LINE_MAX_CHARS ? too_long(l) : 0;
}
