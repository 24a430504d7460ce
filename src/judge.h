/* Claims and what was seen -> a verdict. */
#ifndef JUDGE_H
#define JUDGE_H

#include "outcome.h"

struct claim;
struct here;
struct probe;
struct step;
struct value;
struct want;

/* From the best to the worst: of a case, the worst of its steps counts. */
enum verdict {
	VERDICT_OK,             /* all claims met */
	VERDICT_CONFORMS,       /* POSIX is met where this platform was known to deviate */
	VERDICT_NOTED,          /* nobody claims anything about what was seen */
	VERDICT_DEVIATES,       /* POSIX is not met, as is known of this platform */
	VERDICT_UNSUPPORTED,    /* a name, call or privilege is absent here */
	VERDICT_UNRESOLVED,     /* a set-up step failed or hung: the question was never put */
	VERDICT_SURPRISE,       /* POSIX allows it, but it is not what this platform is known for */
	VERDICT_VIOLATION       /* a posix claim was not met */
};

enum { VERDICTS = VERDICT_VIOLATION + 1, OPINIONS = 3 };

/* What one authority says of a step. */
struct opinion {
	const char *who;
	const struct claim *claim;
	int met;
};

/* By whom a step is judged. */
struct bench {
	const char *edition;    /* posix2001, ...: goes before posix; NULL: none was asked for */
	const struct here *here;
};

/* The verdict on one step; fills in the opinions, POSIX first, then the platform, then folklore, and their number. */
enum verdict judge_step(const struct bench *, const struct probe *, const struct step *, const struct value *,
	const struct outcome *, struct opinion [OPINIONS], int *);
/* Whether one alternative of a claim allows the outcome. */
int judge_want(const struct want *, const struct step *, const struct value *, const struct outcome *);
/* What an authority claims of a step in a case: the first of its claims whose condition holds; NULL if none does. */
const struct claim *judge_claim(const struct step *, const char *who, const struct value *);
/* Whether a claim allows anything. */
int judge_says_anything(const struct claim *);
/* A verdict's word, and the sentence that explains it. */
const char *verdict_word(enum verdict);
const char *verdict_means(enum verdict);

#endif
