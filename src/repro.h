/* A case as a C program that stands alone: what was called, and what is to come of it. */
#ifndef REPRO_H
#define REPRO_H

#include <stdint.h>
#include "outcome.h"
#include "util.h"

struct expr;
struct here;
struct result;
struct step;

/* Appends the program; 0, or -1 and in the other buffer why the case cannot be told so. */
int repro_print(struct buffer *, const struct result *, const struct here *, struct buffer *why);

/* What a program may need beside main(), in the order in which it stands in the program; HELPER_SAW is always there. */
enum helper {
	HELPER_SAW, HELPER_IS_SAW, HELPER_IS_OK, HELPER_IS_TEXT, HELPER_IS_FAULT, HELPER_ANYWHERE, HELPER_TEXTS, HELPER_INFO, HELPER_CATCH,
	HELPER_LOAD, HELPER_LOAD2, HELPER_LOAD4, HELPER_LOAD8, HELPER_STORE, HELPER_STORE2, HELPER_STORE4, HELPER_STORE8,
	HELPER_LOADS, HELPER_STORES, HELPER_FILL, HELPER_SCAN, HELPER_SWAP, HELPER_RUN, HELPER_REPAIR, HELPER_MINCORE, HELPER_BYTEAT,
	HELPER_SIZE, HELPER_LINKS, HELPER_BLOCKS, HELPER_ATIME, HELPER_MTIME, HELPER_SETTIMES, HELPER_SETLK, HELPER_CLOEXEC,
	HELPER_PAIR, HELPER_SENDFILE, HELPER_SETRLIMIT, HELPER_GETRLIMIT, HELPER_BLOCK, HELPER_DROP_ROOT, HELPER_SPLIT,
	HELPER_READ_MEMORY, HELPER_RACE, HELPER_BESIDE, HELPER_CONTEND, HELPER_TOGETHER, HELPER_USERFAULT,
	HELPER_MSEAL, HELPER_MEMFD_SECRET, HELPER_KNOB, HELPER_SEGMENT, HELPER_VFORK,
	HELPER_FIELD, HELPER_MAPPING, HELPER_SMAPS, HELPER_FLAG, HELPER_ATTRIBUTE, HELPER_EXECUTE, HELPER_MOUNTS, HELPER_LOOP,
	HELPER_ADVISE, HELPER_LAST_FAULT, HELPER_ALTSTACK, HELPER_PTHREAD, HELPER_MUTEX, HELPER_HEAP, HELPER_ERRNO, HELPER_TURN,
	HELPER_THREAD, HELPER_EXEC, HELPER_DIRECTORY, HELPER_OWN, HELPER_HERE, HELPER_SHARED, HELPERS
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
	char has[HELPERS];
	uint64_t headers;
	int beyond;                     /* it uses what POSIX does not have */
	int off_max;                    /* it uses OFF_MAX */
	int page;                       /* it uses PAGE */
	int several;                    /* it has several processes */
	unsigned actions;               /* of contend(), a bit each */
	int signals[NAMES_MAX], nsignals;       /* that are caught, beside SIGSEGV and SIGBUS */
	char used[VARIABLES_MAX];       /* by name: a step makes use of it */
	char assigned[VARIABLES_MAX];   /* by name: a step gives it a value */
};

void repro_need(struct repro *, enum helper);
void repro_header(struct repro *, const char *);
/* Everything above main(). */
void repro_prelude(struct repro *, struct buffer *);
/* The bytes of a function that returns n, as this machine has it; NULL where it is not known here. */
const char *repro_code(void);

/* The comment above the program: what was asked, what is claimed, what was seen, and where. */
void repro_head(struct repro *, struct buffer *, const struct here *);

/* An expression with the values of the parameters in it, and what depends on nothing else worked out; the arena owns it. */
struct expr *repro_fold(struct repro *, const struct expr *);
/* Whether an expression is an address. */
int repro_is_address(const struct repro *, const struct expr *);
/* Appends an expression as C has it, for an argument of that kind: p an address, anything else a number. */
void repro_expr(struct repro *, struct buffer *, const struct expr *, char kind);
/* Appends a name of the script as one that means nothing else in C. */
void repro_name(const struct repro *, struct buffer *, int name);
/* Notes what a name of the system takes. */
void repro_symbol(struct repro *, const char *);
/* Appends a number, as a multiple of PAGE where it is one. */
void repro_number(struct repro *, struct buffer *, intmax_t);
/* Appends a text as C has it, without trigraphs. */
void repro_text(struct buffer *, const char *, size_t);

/* How C tells what came of a call. */
enum telling {
	TELLS_FAILURE,          /* below 0 and errno, else a number */
	TELLS_ADDRESS,          /* MAP_FAILED and errno, else an address */
	TELLS_ERROR,            /* it is the error */
	TELLS_FAULT,            /* a helper that catches signals; else as TELLS_FAILURE */
	TELLS_TEXT,             /* so many bytes of text[] */
	TELLS_CAUGHT_TEXT       /* a helper that catches signals; else as TELLS_TEXT */
};

/* A call in C. Without a text it is the call of that name with the arguments of the script. */
struct repro_row {
	const char *name, *text;
	enum telling telling;
	enum helper helper;     /* HELPER_SAW: none */
	const char *headers;
	int beyond;             /* it is not in POSIX */
};

/* Notes what a step makes and removes, and whether there must be a directory for it; appends what removes the rest. */
void repro_files_note(struct repro *, struct repro_files *, const struct step *);
void repro_files_remove(const struct repro_files *, struct buffer *);
/* Appends the name of a memory object, which begins with a '/', as one of the program's own. */
void repro_object(struct buffer *, const char *, size_t);
/* The row of a call; NULL if it has none. */
const struct repro_row *repro_row(const char *name);
/* The names of the rows, one after the other; NULL behind the last. */
const char *repro_row_name(int);
/* Whether a call can be told, by a row or otherwise; if not, *why it cannot, or NULL if nobody has said. */
int repro_told(const char *name, const char **why);
/* Appends a call, and one argument of it. */
void repro_call(struct repro *, struct buffer *, const struct repro_row *, const struct step *);
void repro_argument(struct repro *, struct buffer *, const struct step *, int);
/* Appends the arguments of a contend(), and the set that is allowed. */
void repro_contend(struct repro *, struct buffer *, const struct step *);
/* Appends the functions that those take. */
void repro_actions(const struct repro *, struct buffer *);

/* Notes the type of the variable that a step binds: an address once is one always; else, of two types, a number. */
void repro_type(struct repro *, const struct step *);
/* Appends the lines of one step; -1 and why where that cannot be. */
int repro_step(struct repro *, struct buffer *, const struct step *, struct buffer *why);

/* The process of which one is a thread; itself where it is none. */
int repro_home(const struct repro *, int process);

/* The processes of a story, and threads, each with its lines; one of them runs at a time. */
struct turns {
	struct buffer lines[PROCESS_MAX];
	char alive[PROCESS_MAX], made[PROCESS_MAX];
	char left[PROCESS_MAX];         /* its parent is about to end, and leaves it to the first process */
	int parent[PROCESS_MAX];        /* who waits for it */
	int name[PROCESS_MAX];
	int turn;
};

/* A process is made, by the step of the one whose turn it is or before all steps. */
void repro_start(struct repro *, struct turns *, const struct step *);
/* From here on the lines are those of that process; -1 where that cannot be. */
int repro_turn(struct repro *, struct turns *, int process);
/* The value of a variable, for the other processes; and as another process has left it there. */
void repro_leave(struct repro *, struct buffer *, int name);
void repro_take(struct repro *, struct buffer *, int name);
/* Before a child of the first process ends by itself: its children become those of the first one. */
void repro_leave_children(struct repro *, struct turns *, int process);
/* A process has ended, in its own turn or its parent's: how, as the parent is to see it. -1 where it leaves children behind. */
int repro_ended(struct repro *, struct turns *, int process, const char *how);
/* All that live end; the lines of the first process hold those of the others. */
void repro_finish(struct repro *, struct turns *, struct buffer *);
/* Appends the functions of the threads; after repro_finish(). */
void repro_threads(const struct repro *, const struct turns *, struct buffer *);

/* A program and its main(). */
struct story {
	struct repro repro;
	struct turns turns;
	struct buffer *why;
	char shared[VARIABLES_MAX];     /* by name: another process uses the value, too */
	int isolated;                   /* the case runs in a child, and somebody cleans up behind it */
	char how[64];                   /* the child's end, where that is part of the case */
	struct repro_files files;
	const char *absent;             /* the case is unsupported: the name that this platform lacks */
	struct buffer state;            /* how a program that exec() starts again gets its variables back, and goes on */
	int nexecs;
};

/* Appends the variables of a program whose threads share them, and nothing for another one. */
void repro_statics(const struct story *, struct buffer *);
/* Appends how main() begins, and how it ends. */
void repro_main(const struct story *, struct buffer *);
void repro_end(const struct story *, struct buffer *);

#endif
