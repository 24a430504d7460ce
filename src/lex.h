/* Script text to tokens, line by line, and errors that show their place. */
#ifndef LEX_H
#define LEX_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_CHAR, TOKEN_STRING, TOKEN_OPERATOR, TOKEN_ERROR };

/* Operators of two characters; one character stands for itself. */
enum { OP_OR = 256, OP_AND, OP_EQ, OP_NE, OP_LE, OP_GE, OP_SHL, OP_SHR };

struct lexer {
	const char *path;               /* for errors */
	const char *next, *end;         /* text not yet read */
	int semicolons;                 /* ';' ends a line too */
	struct arena *arena;            /* for strings */
	struct buffer *error;           /* the first error goes there */

	unsigned lineno;                /* from 1; 0 before the first line */
	const char *line, *eol;         /* the line being read */
	int indented;
	size_t taken;                   /* characters of its tokens so far */
	int depth;                      /* of expressions, against deep recursion */

	enum token_kind kind;           /* the token at hand */
	int op;
	const char *at;                 /* its text and length */
	size_t len;
	intmax_t number;                /* of a number or a character */
	const char *string;             /* of a string, escapes resolved */
	size_t nstring;
};

/* Starts on a text. Nothing is read yet. */
void lex_start(struct lexer *, const char *path, const char *text, size_t len, struct arena *, struct buffer *error);
/* Goes to the next line that is not empty and reads its first token: 1; 0 at the end of the text, -1 on an error. */
int lex_line(struct lexer *);
/* Reads the next token of the line; 0, or -1 on an error. */
int lex_next(struct lexer *);
/* Whether the token at hand is that operator, or that name. */
int lex_is(const struct lexer *, int op);
int lex_is_name(const struct lexer *, const char *);
/* Notes "path:line:column: what, at '...'" with the line and a caret; later errors are dropped. Always -1. */
int lex_error(struct lexer *, const char *what, ...);
/* The same, with the caret elsewhere on the line. */
int lex_error_at(struct lexer *, const char *at, size_t len, const char *what, ...);

#endif
