/* What the parts of the parser share: script.c reads statements and steps, claim.c what stands below a step. */
#ifndef PARSE_H
#define PARSE_H

#include "lex.h"
#include "script.h"

struct parser {
	struct lexer lex;
	struct script *script;
	struct probe *probe, **end;     /* the one being read; where the next goes */
	struct param **param;
	struct need **need;
	struct step *step, **next;
	struct claim **claim;
	const char *name;               /* of a probe without a probe line */
	int *process_of;                /* by name: the process that it names, or -1 */
	int ntagged;
};

/* Whether a word of that length is in a list. */
int parse_listed(const char *const list[], size_t n, const char *, size_t);
/* The entry of a list that is nearest to the token at hand, within two edits; NULL if none is. */
const char *parse_nearest(const struct parser *, const char *const list[], size_t n);
/* A copy of the name, or of the string, at hand; the script owns it. */
char *parse_name(struct parser *);
const char *parse_string(struct parser *);
/* Takes that operator, or says what is missing. 0, or -1. */
int parse_expect(struct parser *, int op, const char *what);
/* Says so where the line does not end here. 0, or -1. */
int parse_end(struct parser *);
/* An indented line; the short form "= wants" behind a call, at its first want. 0, or -1. */
int parse_claim(struct parser *);
int parse_brief_claim(struct parser *);

#endif
