/* The command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

enum mode { MODE_NONE, MODE_PROBE, MODE_ALL, MODE_LIST, MODE_SHOW, MODE_EXPLAIN, MODE_CAUSE /* by mmprobe.c: explain an errno */, MODE_RUN, MODE_TEXT, MODE_REPLAY, MODE_COMPARE, MODE_HELP, MODE_VERSION };

struct options {
	enum mode mode;
	const char *operand;    /* of the mode: a probe, a file, a script, a pattern or NULL */
	char **args;            /* of a probe; the words of argv, in order */
	int nargs;
	const char *dir;
	const char *edition;    /* "posix2001", ...; NULL: the default */
	const char *format;     /* of the report; NULL: none was named */
	const char *output, *save, *expect;     /* files; NULL: none */
	const char *compare;    /* the report to compare with; MODE_COMPARE: with operand */
	int timeout;            /* milliseconds a step */
	int jobs;               /* 0: as many as there are processors, at most 4 */
	int heavy, verbose, quiet;
	int repro;              /* write a C program that shows the case */
	int color;              /* 1 always, 0 never, -1 on a terminal */
};

/* Reads the command line; argv is reordered. What is wrong ends the program with EXIT_USAGE. */
void options_parse(struct options *, int argc, char *argv[]);
/* The text of --help. */
void options_help(FILE *);

#endif
