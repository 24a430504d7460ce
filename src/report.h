/* What a run tells its reader: the reporters, and the words that they share. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include "judge.h"

struct buffer;
struct here;
struct result;
struct step;

struct style {
	int verbose, quiet, color, unicode;
	int untitled;           /* the heading of a probe was given */
	int all;                /* many probes: in full only what is not ok */
};

struct totals {
	unsigned long probes, cases, by[VERDICTS];
	unsigned long left_out;         /* cases tagged heavy that were not asked for */
	double seconds;
};

/* A report is begun, told the results of each probe (all its cases at once, topic after topic) and ended. */
struct reporter {
	const char *name;
	void (*begin)(FILE *, const struct style *, const struct here *);
	void (*probe)(FILE *, const struct result *, int n);
	void (*end)(FILE *, const struct totals *);
};

extern const struct reporter reporter_text, reporter_save, reporter_tap, reporter_tap13, reporter_json, reporter_jsonl, reporter_junit,
	reporter_github, reporter_markdown;

/* The reporter of that name, for --format; NULL if there is none. Names: one after the other, NULL at the end. */
const struct reporter *reporter_find(const char *name);
const char *reporter_name(int);

/* Appends what came of a step: "= p", "= EINVAL", "SIGBUS BUS_ADRERR at p+2*PAGE", "not reached: p has no value". */
void report_outcome(struct buffer *, const struct result *, int step);
/* Appends the parameters of a case: "off=1000, prot=PROT_READ"; nothing if it has none. */
void report_parameters(struct buffer *, const struct result *);
/* Appends an address, seen at a step, relative to the variable that it lies by: 1; nothing where it lies by none: 0. */
int report_address(struct buffer *, const struct result *, const struct step *, intmax_t);
/* Whether a step computed an address of this run from a variable that holds one: p = value(room + PAGE). */
int report_computed(const struct result *, const struct step *);
/* Appends a text as C would have it, in quotes. */
void report_text(struct buffer *, const char *, size_t);

#endif
