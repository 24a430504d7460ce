/* What differs between two reports: the cases that do, from the worst on, and those that differ alike side by side. */
#ifndef COMPARE_H
#define COMPARE_H

#include <stddef.h>
#include <stdio.h>

struct expected;
struct saved;
struct saved_case;

/* From the worst: what nobody notices, what kills, what is reported as an error, what could not be asked. */
enum kind { KIND_LIES, KIND_SIGNALS, KIND_ERRORS, KIND_ABSENT, KIND_SCRIPT, KIND_GONE, KIND_NEW, KINDS };

/* A case that differs. Of the steps that do, the first, and the one that makes it as bad as it is; -1: no step does. */
struct difference {
	enum kind kind;
	const struct saved_case *was, *now;     /* one is NULL where the other has no such case */
	int first, worst;
	int steps;                              /* how many differ */
	char *alike;                            /* the same text for those that are told together */
	size_t place, leader, together;         /* by name; of the first of those, and how many they are */
};

struct comparison {
	struct difference *list;
	size_t n, by[KINDS];
	unsigned long known, cases;             /* differ as expected; are in one of the two */
};

/* Finds what differs and was not expected to; apart: none are told together. compare_free() frees it; the reports must outlive it. */
void compare_find(struct comparison *, const struct saved *was, const struct saved *now, struct expected *, int apart);
void compare_free(struct comparison *);
const char *compare_name(const struct difference *);
/* Whether that step of both differs, and not because one before it did. */
int compare_step_differs(const struct difference *, int step);

enum detail {
	DETAIL_BRIEF,           /* a line for those that differ alike */
	DETAIL_ALIKE,           /* those that differ alike, once, with the clause */
	DETAIL_ALL              /* each case with each step */
};

/*
 * Tells what differs. The names for the two come from their paths. note() gives the clause that a step of a case is about, or NULL;
 * it need not outlive the next call. How many cases differ that were not expected to.
 */
unsigned long compare_print(FILE *, const struct saved *was, const char *was_name, const struct saved *now, const char *now_name,
	struct expected *, const char *(*note)(const char *name, int step), enum detail);

#endif
