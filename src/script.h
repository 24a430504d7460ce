/* Probes as text: parsed into steps and claims, and printed again. The language is described in mmprobe(5). */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stddef.h>
#include "expr.h"
#include "outcome.h"
#include "util.h"

struct call;
struct symbol;

enum want_kind {
	WANT_OK,                /* did not fail */
	WANT_FAIL,              /* failed, with any errno */
	WANT_ANY,               /* anything */
	WANT_HANG,              /* did not return in time */
	WANT_ERRNO,             /* failed with symbol */
	WANT_SIGNAL,            /* raised or died of symbol; with code and at, where they are given */
	WANT_VALUE              /* returned value */
};

struct want {
	enum want_kind kind;
	const struct symbol *symbol, *code;
	struct expr *value, *at;
	struct want *next;
};

struct claim {
	const char **who;       /* authorities */
	int nwho;
	int deviates;           /* the platform is known not to do what POSIX says */
	int brief;              /* written behind the call, as "= want" */
	struct want *wants;     /* each allowed */
	struct expr *when;      /* NULL: always */
	const char *note;       /* NULL: none */
	struct claim *next;
};

struct step {
	int index;              /* from 0, in the probe */
	unsigned lineno;
	int process, process_name;      /* who performs it: 0 is the first process, whose name is -1 */
	int bind;               /* name that gets the value; -1: none */
	int makes;              /* for fork, process and thread: the process made; else -1 */
	const struct call *call;
	struct expr *arg[REQUEST_ARGS];
	int nargs;
	struct claim *claims;
	struct step *next;
};

/* A param has one value, its default; an each has as many as it has cases. */
struct param {
	int name;
	int is_each;
	struct expr **value;
	int nvalues;
	struct param *next;
};

struct need {
	struct expr *that;      /* not zero: the case can be run */
	const char *why;        /* NULL: none given */
	struct need *next;
};

struct probe {
	const char *name, *title, *topic;
	struct scope names;     /* parameters first, in order, then variables */
	struct param *params;
	int nparams;
	struct need *needs;
	const char **tag;
	int ntags;
	struct step *steps;
	int nsteps, nclaims;
	int nprocesses, parent[PROCESS_MAX];    /* as in struct plan */
	unsigned threads;
	const char *text;       /* its source */
	size_t ntext;
	struct probe *next;
};

struct script {
	struct arena arena;
	struct probe *probes;
};

/*
 * Parses a text into a script, which script_free() frees whatever came of it. 0, or -1 with one message in the buffer:
 * "path:line:column: what, at '...'", the line, a caret. A text without a probe line is one probe, called name. With semicolons
 * a ';' ends a line. The text must outlive the script.
 */
int script_parse(struct script *, const char *path, const char *text, size_t len, const char *name, int semicolons,
	struct buffer *error);
void script_free(struct script *);
/* Appends the canonical text of a probe: parsing it gives the same probe. */
void script_print(struct buffer *, const struct probe *);
/* Appends one step as it is called, one alternative, one claim's alternatives. */
void script_print_step(struct buffer *, const struct probe *, const struct step *);
void script_print_want(struct buffer *, const struct probe *, const struct want *);
void script_print_wants(struct buffer *, const struct probe *, const struct claim *);
/* Whether two probes are the same but for layout and comments. */
int script_same(const struct probe *, const struct probe *);
int script_has_tag(const struct probe *, const char *);
/* Whether a claim is made by that authority. */
int claim_by(const struct claim *, const char *who);
/* Whether the name may be an authority: an edition of POSIX, folklore, a system, a libc, a machine or a file system. */
int authority_known(const char *, size_t);

#endif
