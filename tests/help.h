/* What the tests share: a suite's end, texts, scripts, programs that end. */
#ifndef HELP_H
#define HELP_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include "script.h"
#include "util.h"

struct lexer;

/* Runs the cases of a suite, each test in a process of its own; what main() returns. */
int help_run(TCase *);
/* Appends a file to the buffer; the test fails where it cannot be read. */
void help_read(struct buffer *, const char *path);
/* The names of the files in a folder that end so, in their order; how many there are. */
int help_files(char ***names, const char *dir, const char *end);
/* Parses a script that must be right; script_free() frees. */
void help_parse(struct script *, const char *text);
/* Parses a script that must be wrong and asserts that the message begins with that text. */
void help_parse_error(const char *text, const char *message);
/* Calls f(arg) in a child: its status as waitpid() gives it, and what it wrote to standard error. */
int help_status(void (*f)(void *), void *arg, struct buffer *err);
/* The value of a constant expression; the test fails where it has none. */
intmax_t help_value(const char *text);
/* How many other processes work in that directory; -1 where that cannot be known. */
int help_others(const char *dir);

/* Goes on as a process under test, where exec() of a script started this program; first of all in main(). */
void help_resume(int argc, char *argv[]);

#endif
