/* Expressions: C's, from || down to unary - ~ !, on numbers; a string stands alone. */
#ifndef EXPR_H
#define EXPR_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;
struct lexer;
struct symbol;

enum expr_kind { EXPR_NUMBER, EXPR_STRING, EXPR_NAME, EXPR_SYMBOL, EXPR_UNARY, EXPR_BINARY };

struct expr {
	enum expr_kind kind;
	int op;
	struct expr *a, *b;             /* operands */
	intmax_t number;
	int name;                       /* index of a variable or parameter in the probe's names */
	const struct symbol *symbol;
	const char *text;               /* a string's bytes */
	size_t ntext;
	const char *spelling;           /* as written: 0600 stays 0600 */
};

/* The value of a name. Unset: not (yet) bound. */
struct value {
	int set;
	intmax_t number;
	const char *text;               /* not NULL: a string, and no number */
	size_t ntext;
};

/* The names that an expression may use beside symbols. */
struct scope {
	const char **name;
	int n, cap;
};

enum eval { EVAL_OK, EVAL_UNSET, EVAL_ABSENT, EVAL_BAD };

/* The index of a name in the scope; -1 if it is not there. */
int scope_find(const struct scope *, const char *, size_t);
/* Adds a name that is not there yet; its index. The name is not copied; free(scope->name) frees. */
int scope_add(struct scope *, const char *);

/* Parses at the token at hand and stops behind the expression; NULL after an error. The arena owns what comes back. */
struct expr *expr_parse(struct lexer *, const struct scope *, struct arena *);
/* The same for an operand of + and -: stops before a comparison, | or &. */
struct expr *expr_parse_sum(struct lexer *, const struct scope *, struct arena *);
/* Evaluates. On other than EVAL_OK, *why is the name that is unset or absent, or what is wrong. */
enum eval expr_eval(const struct expr *, const struct value *, struct value *, const char **why);
/* Appends the canonical spelling: parsing it gives the same expression. */
void expr_print(struct buffer *, const struct expr *, const struct scope *);
/* The same where only an operand of + and - may stand. */
void expr_print_sum(struct buffer *, const struct expr *, const struct scope *);
/* Whether two expressions are the same. */
int expr_same(const struct expr *, const struct expr *);
/* Whether the expression uses that name of the scope. */
int expr_uses(const struct expr *, int name);

#endif
