/* A platform made of a list of outcomes, so that any system's answers can be given on any other. Nothing is forked. */
#ifndef FAKE_H
#define FAKE_H

#include <stddef.h>
#include "outcome.h"

struct buffer;
struct platform;

struct fake {
	struct outcome *outcome;
	int n, at;                      /* how many there are, and how many were given */
	int last;                       /* behind that many everything is unreached; -1: no such end */
	int missing;                    /* requests for which nothing was left: they are answered as absent */
	int literal;                    /* the list holds the answers of processes that are gone, too */
	int begun, ended;
	unsigned gone;                  /* a bit a process that died, hung or exited: it answers no more */
};

/*
 * Reads outcomes, in the order of the requests, each ended by a line's end or a ';':
 *
 *	3                       returned
 *	EINVAL                  failed
 *	SIGBUS BUS_ADRERR 8192  caught, with its address; no code: 0
 *	died SIGKILL            the process died of it; "died": nobody knows of what
 *	exited 3                the process exited
 *	hung, absent, gone      no answer, no such call, no such process any more
 *	"wwB"                   a text; \0 \n \" \\ are escapes
 *
 * A number is C's; '#' begins a comment. 0, or -1 with a message in the buffer. fake_free() frees.
 */
int fake_parse(struct fake *, const char *text, size_t len, struct buffer *error);
void fake_add(struct fake *, const struct outcome *);
void fake_free(struct fake *);
/* The platform that answers from the list. It may run several cases, one behind the other. */
void fake_platform(struct platform *, struct fake *);

#endif
