/* Every name <-> number: constants, errno, signals, si_codes, and facts of this platform such as PAGE. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

enum symbol_kind { SYMBOL_CONSTANT, SYMBOL_ERRNO, SYMBOL_SIGNAL, SYMBOL_SICODE };

struct symbol {
	const char *name;
	enum symbol_kind kind;
	int rank;               /* of two names with one value the lower rank is printed */
	int present;            /* 0: known, but absent on this platform */
	intmax_t value;
};

/* Of a symbol that only the kernel is known to have: C programs here need its number. */
enum { SYMBOL_BY_NUMBER = 2 };

/* The symbol of that name; NULL if there is none. */
const struct symbol *symbol_find(const char *, size_t);
/* The name of a value; NULL if it has none. A si_code belongs to its signal. */
const char *symbol_errno(int);
const char *symbol_signal(int);
const char *symbol_sicode(int sig, int code);
/* Whether a si_code symbol may go with that signal. */
int symbol_sicode_of(const struct symbol *, int sig);
/* Sets a fact (PAGE, ROOT, ...) so that another platform's outcomes can be judged here; 0, or -1 if it is no fact. */
int symbol_set(const char *name, intmax_t);
/* Calls back with each name. */
void symbol_each(void (*)(const char *name, void *), void *);

#endif
