/* Reports of --save, of scripts on a fake platform. */
#ifndef KEEP_H
#define KEEP_H

struct here;

/* A platform to pretend: Linux, pages of 4096 bytes, no root. */
void keep_here(struct here *);
/* Runs all the cases of each probe of a script on that list of outcomes: the report, which free() frees. */
char *keep_report(const struct here *, const char *lines, const char *outcomes);

#endif
