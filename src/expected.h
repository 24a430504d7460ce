/* Differences that are known, each with a reason. */
#ifndef EXPECTED_H
#define EXPECTED_H

#include <stddef.h>

struct buffer;
struct saved;

/* A line each, "CASE # REASON", where CASE may hold the wildcards of fnmatch(). */
struct expected {
	struct expected_line {
		char *name, *reason;
		int met;
	} *lines;
	size_t n;
};

/* Reads such a file: 0, or -1 with "path:line: what" in the buffer. expected_free() frees it. */
int expected_parse(struct expected *, const char *path, const char *text, size_t len, struct buffer *error);
void expected_free(struct expected *);
/* Takes lines that no case of a report meets for met: of cases that were not asked for nothing can be said. */
void expected_restrict(struct expected *, const struct saved *);
/* Whether a line is for the case of that name; such lines are met from now on. */
int expected_meets(struct expected *, const char *name);

#endif
