/* Report files: what --save writes, what --compare and --replay read. Plain text, sorted, the same for every run of a platform. */
#ifndef SAVED_H
#define SAVED_H

#include <stddef.h>
#include <stdint.h>
#include "platform.h"
#include "util.h"

struct probe;
struct seen;

struct saved_step {
	const char *call;               /* as the script has it */
	const char *outcome;            /* in the words of record.h */
};

struct saved_case {
	const char *name;               /* "offset off=1000": a probe and its arguments as they were written */
	const char *verdict;
	uint32_t script;                /* saved_hash() of the probe */
	int has_script;
	struct saved_step *steps;
	int nsteps;
	unsigned lineno;
};

struct saved {
	struct arena arena;
	struct here here;               /* where it was taken */
	int bits, root;
	intmax_t memlock;
	struct saved_case *cases;       /* sorted by name */
	size_t n;
};

/* Reads a report, saved_free() frees it. 0, or -1 with "path:line: what" in the buffer. The text may go afterwards. */
int saved_parse(struct saved *, const char *path, const char *text, size_t len, struct buffer *error);
void saved_free(struct saved *);
/* The case of that name; NULL if there is none. */
const struct saved_case *saved_find(const struct saved *, const char *name);
/* A number for the calls of a probe, another one as soon as one of them changes; what is claimed of them does not count. */
uint32_t saved_hash(const struct probe *);

#endif
