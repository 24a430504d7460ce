/* Where the report goes: standard output, a file, a report to keep, or the comparison with one. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include <stdio.h>

struct here;
struct options;
struct reporter;
struct result;
struct saved;
struct totals;

/* Has that reporter report, whatever the format. */
void outputs_reporter(const struct reporter *);
/* Begins the reports that the options ask for; several: of more probes than one. Then each probe with its cases, and the end. */
void outputs_begin(const struct options *, const struct here *, int several);
void outputs_probe(const struct result *, int n);
void outputs_end(const struct options *, const struct totals *);
/* Ends the program with EXIT_TROUBLE where something that was written to standard output is lost. */
void outputs_check(void);
/* Opens a file to write, and closes it; what is not written ends the program with EXIT_TROUBLE. */
FILE *outputs_open(const char *path);
void outputs_close(FILE *, const char *path);
/* Tells what this run, or a second report, has otherwise than a report; the exit status. */
int outputs_compare_now(const struct options *);
int outputs_compare_files(const struct options *);
/* Reads a report; what is wrong with it ends the program with EXIT_USAGE. saved_free() frees it. */
void outputs_read_saved(struct saved *, const char *path);

#endif
