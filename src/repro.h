/* A case as a C program that stands alone: what was called, and what is to come of it. */
#ifndef REPRO_H
#define REPRO_H

#include <stdint.h>
#include "util.h"

struct expr;
struct here;
struct result;
struct step;

/* Appends the program; 0, or -1 and in the other buffer why the case cannot be told so. */
int repro_print(struct buffer *, const struct result *, const struct here *, struct buffer *why);

/* What a program may need beside main(), in the order in which it stands in the program. */
enum helper {
	HELPER_SAW, HELPER_ERROR, HELPER_NUMBER, HELPER_BYTE, HELPER_FAULT, HELPER_LOAD, HELPER_STORE, HELPER_LOAD_WIDE,
	HELPER_STORE_WIDE, HELPER_LOADS, HELPER_STORES, HELPER_FILL, HELPER_SCAN, HELPER_SWAP, HELPER_RUN,
	HELPER_MINCORE, HELPER_READS, HELPER_PREADS, HELPER_BYTEAT, HELPER_SIZE, HELPER_LINKS, HELPER_BLOCKS, HELPER_ATIME,
	HELPER_MTIME, HELPER_SETTIMES, HELPER_SETLK, HELPER_CLOEXEC, HELPER_PAIR, HELPER_SENDFILE, HELPER_SETRLIMIT,
	HELPER_GETRLIMIT, HELPER_BLOCK, HELPER_DROP_ROOT, HELPER_KNOB, HELPER_SEGMENT, HELPER_VFORK,
	HELPER_FIND, HELPER_MAPPING, HELPER_SMAPS, HELPER_FLAG, HELPER_TURNS, HELPER_TURN, HELPER_ENDED, HELPER_DIRECTORY, HELPER_OWN,
	HELPER_ATTRIBUTE, HELPER_EXECUTE, HELPER_MOUNTS, HELPERS
};

enum { NAMES_MAX = 16, VARIABLES_MAX = 64 };

/* What is there when a case is over: files of its directory, and memory objects. */
struct repro_files {
	struct { const char *name; enum { FILE_PLAIN, FILE_DIRECTORY, FILE_MOUNT } kind; } file[NAMES_MAX];
	int nfiles;
	const char *objects[NAMES_MAX];
	int nobjects;
};

/* A program in the making. */
struct repro {
	const struct result *result;
	char *type;                     /* by name of the probe: p pointer, i descriptor, n number, k process */
	struct arena arena;
	uint64_t helpers;
	unsigned headers;
	int beyond;                     /* it uses what POSIX does not have */
	int off_max;                    /* it uses OFF_MAX */
	int page;                       /* it uses PAGE */
	int errors[NAMES_MAX], nerrors; /* the errors and signals that were seen */
	int signals[NAMES_MAX], nsignals;       /* but for SIGSEGV */
	int deaths[NAMES_MAX], ndeaths; /* of the second process */
	char used[VARIABLES_MAX];       /* by name: a step makes use of it */
	char declared[2][VARIABLES_MAX];        /* by process and name */
	int inherits;                   /* what is declared in the first process is seen in the second one */
};

/* Adds a number to such a list. */
void repro_note(int list[NAMES_MAX], int *n, int what);
void repro_need(struct repro *, enum helper);
void repro_header(struct repro *, const char *);
/* Everything above main(). */
void repro_prelude(struct repro *, struct buffer *);
/* The bytes of a function that returns n, as this machine has it; NULL where it is not known here. */
const char *repro_code(void);

/* An expression with the values of the parameters in it, and what depends on nothing else worked out; the arena owns it. */
struct expr *repro_fold(struct repro *, const struct expr *);
/* Whether an expression is an address. */
int repro_is_address(const struct repro *, const struct expr *);
/* Appends an expression as C has it, for an argument of that kind: p an address, anything else a number. */
void repro_expr(struct repro *, struct buffer *, const struct expr *, char kind);
/* Appends a name of the script as one that means nothing else in C. */
void repro_name(const struct repro *, struct buffer *, int name);

/* How C tells what came of a call. */
enum telling {
	TELLS_FAILURE,          /* below 0 and errno, else a number */
	TELLS_ADDRESS,           /* MAP_FAILED and errno, else an address */
	TELLS_ERROR,          /* it is the error */
	TELLS_TEXT            /* a helper that says it in words */
};

struct repro_row {
	const char *name, *text;
	enum telling telling;
	enum helper helper;
	const char *headers;
	int beyond;
};

/* Notes what a step makes and removes, and whether there must be a directory for it; appends what removes the rest. */
void repro_files_note(struct repro *, struct repro_files *, const struct step *);
void repro_files_remove(const struct repro_files *, struct buffer *);
/* The row of a call; NULL if it has none. */
const struct repro_row *repro_row(const char *name);
/* Appends a call, and one argument of it. */
void repro_call(struct repro *, struct buffer *, const struct repro_row *, const struct step *);
void repro_argument(struct repro *, struct buffer *, const struct step *, int);

/* Notes the type of the variable that a step binds: an address once is one always; else, of two types, a number. */
void repro_type(struct repro *, const struct step *);
/* Appends the lines of one step; -1 and why where that cannot be. */
int repro_step(struct repro *, struct buffer *, const struct step *, struct buffer *why);

#endif
