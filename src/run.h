/* Arguments and `each` lines -> cases; a case, step by step, on a platform. */
#ifndef RUN_H
#define RUN_H

#include "expr.h"
#include "judge.h"
#include "script.h"

struct platform;

/* One case of a probe: its parameters have their values. */
struct trial {
	const struct probe *probe;
	struct expr **given;            /* by parameter: the expression that it has its value from */
	struct trial *next;
};

/* What came of one step. */
struct seen {
	struct outcome outcome;
	enum verdict verdict;
	struct opinion opinion[OPINIONS];
	int nopinions;
	int asked;                      /* the platform was asked; else the request could not be made */
	const char *why;                /* not reached, or absent: because of that name; NULL: the process is gone */
};

/* What came of a case. */
struct result {
	const struct trial *trial;
	struct value *env;              /* by name */
	struct seen *seen;              /* by step */
	enum verdict verdict;
	const char *why;                /* unsupported: the reason; NULL: a step says it */
};

/*
 * Makes the cases of a probe, with arguments from a command line ("1000", "prot=PROT_READ") in their order; the arena owns
 * them. NULL, with a message in the buffer, where the arguments are wrong.
 */
struct trial *run_trials(const struct probe *, char *const args[], int nargs, struct arena *, struct buffer *error);
/* The one case that a report names: what stands behind the name of the probe, " off=1000" or "". Else NULL and a message. */
struct trial *run_named(const struct probe *, const char *arguments, struct arena *, struct buffer *error);
/* The state of a replay. */
struct replay {
	const struct buffer *from;
	size_t at;
};

/* Runs a case; slot: which scratch directory. run_free() frees the result. */
void run_trial(const struct trial *, const struct platform *, int slot, const struct bench *, struct result *);
void run_free(struct result *);
/* Appends the outcomes of a case as bytes, and a platform that gives them back to run_trial() in another process. */
void run_pack(const struct result *, struct buffer *);
void run_replay(struct platform *, struct replay *, const struct buffer *);

#endif
