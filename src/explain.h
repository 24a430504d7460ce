/* Explanations: what is claimed of a probe, what came of it and what follows from both; and what gives an errno or a signal. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stddef.h>

struct buffer;
struct claim;
struct probe;
struct reporter;
struct result;
struct step;
struct symbol;

/* Explains each probe that it is told of; what happened is told by the report for people. */
extern const struct reporter reporter_explain;
/* Of the steps that are claimed to give one errno or signal, tells which gave it. */
extern const struct reporter reporter_cause;

/* Which errno or signal that is. */
void cause_of(const struct symbol *);
/* Whether POSIX or this platform is claimed to give it in a probe; this platform is known once the report is begun. */
int cause_claimed(const struct probe *);
/* Appends what portable code must make of what was claimed and seen of a probe, in all its cases. */
void advice_print(struct buffer *, const struct result *, int n);

/* Appends a text in lines of at most 80 columns, the first indented so far, the others further. */
void explain_fold(struct buffer *, size_t indent, const char *);
/* Appends a step, folded. */
void explain_step(struct buffer *, size_t indent, const struct probe *, const struct step *);
/* Appends what a claim allows, in words: "EINVAL or success". */
void explain_wants(struct buffer *, const struct probe *, const struct claim *);
/* The authority as people call it: POSIX, POSIX.1-2001, linux. */
const char *explain_who(const char *who);
/* Whether an authority is POSIX in any edition; whether it is neither that nor folklore. */
int explain_is_posix(const char *who);
int explain_is_platform(const char *who);

enum { EXPLAIN_WHO = 80 };

/* The authorities of that kind that claim something of a step, each once, in order; their number, at most EXPLAIN_WHO. */
int explain_authorities(const struct step *, int (*kind)(const char *), const char *who[EXPLAIN_WHO]);

#endif
