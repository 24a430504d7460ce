/* What differs between two reports, and which of that was expected. */
#ifndef COMPARE_H
#define COMPARE_H

#include <stddef.h>
#include <stdio.h>

struct buffer;
struct saved;

/* Differences that are known: a line each, "CASE # REASON", where CASE may hold the wildcards of fnmatch(). */
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
/*
 * Tells what differs, the worst kind first, and cases that differ alike together, those of most cases first; verbose: each case
 * with each step. The names for the two come from their paths. note() gives the clause that a step of a case is about, or NULL;
 * it need not outlive the next call. How many cases differ that were not expected to.
 */
unsigned long compare_print(FILE *, const struct saved *was, const char *was_name, const struct saved *now, const char *now_name,
	struct expected *, const char *(*note)(const char *name, int step), int verbose);

#endif
