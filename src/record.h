/* Outcomes as words that mean the same on another machine, and back: "EINVAL", "new", "p+PAGE", "SIGBUS BUS_ADRERR p+6000",
 * "computed" where a script made a number of an address. */
#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>

struct buffer;
struct outcome;
struct result;
struct step;
struct value;

/* What may be seen in some runs only: the set that is claimed of a step, if it was met, else the one that was seen. */
void record_set(const struct result *, const struct step *, struct value *);
/* Appends what came of a step. An address is told relative to a variable; one near none is new. */
void record_print(struct buffer *, const struct result *, const struct step *);
/*
 * Reads that again, with the variables of a case that is being replayed; a new address gets a place of its own. 0, or -1
 * where the words are none of these.
 */
int record_parse(const char *, size_t, const struct result *, const struct step *, struct outcome *);

#endif
