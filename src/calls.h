/* The calls that a script may make. A row of the table and a function of a few lines are all that a call takes. */
#ifndef CALLS_H
#define CALLS_H

#include <stddef.h>
#include <stdint.h>

struct outcome;
struct request;

enum gives {
	GIVES_NOTHING,          /* 0 or a failure */
	GIVES_NUMBER,
	GIVES_BYTE,
	GIVES_DESCRIPTOR,
	GIVES_ADDRESS,
	GIVES_TIME,             /* seconds since the Epoch */
	GIVES_PROCESS,
	GIVES_TEXT,             /* outcome.text */
	GIVES_MAP,              /* the same, a letter a page */
	GIVES_SET               /* the same: all that came of many turns, with ", " between */
};

enum {
	CALL_FORKS = 1,         /* makes a process that inherits; performed by process.c */
	CALL_UNRELATED = 2,     /* makes one that inherits nothing; by the supervisor */
	CALL_ENDS = 4,          /* ends the process */
	CALL_OPTIONAL = 8,      /* not in all of POSIX: ENOSYS means that this platform lacks it */
	CALL_NAMES = 16,        /* makes an object whose name outlives the process: removed when the case ends */
	CALL_KILLS = 32,        /* signals a process; by the supervisor, which knows their numbers */
	CALL_EXECS = 64,        /* puts a new program of this kind into the process; by process.c */
	CALL_THREADS = 128      /* makes a thread of the process, which then serves as a process does; by subject.c */
};

struct call {
	const char *name;
	const char *params;     /* names, for people; optional ones in brackets */
	/* A letter an argument: i int, m mode_t, z size_t, o off_t, l number, p address, s path or text, b text or address,
	 * P process; those behind '?' may be left out. */
	const char *kinds;
	enum gives gives;
	unsigned flags;
	void (*perform)(const struct request *, struct outcome *);      /* NULL: absent on this platform */
};

/* The row of that name; NULL if there is none. */
const struct call *call_find(const char *, size_t);
/* Whether it gives a text of any kind. */
int call_gives_text(const struct call *);
/* A row's index and back; the index crosses to the process under test. NULL if there is no such row. */
int call_index(const struct call *);
const struct call *call_at(int);
/* Least and most number of arguments. */
int call_least(const struct call *);
int call_most(const struct call *);
/* The letter of argument i, below call_most(). */
char call_kind(const struct call *, int i);
/* What is wrong with a value for such an argument, as "a number that fits no int"; NULL if it fits. */
const char *call_misfit(char kind, intmax_t);

#endif
