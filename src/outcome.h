/* All that crosses between the supervisor and a process under test: numbers, and a little text. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdint.h>

enum { PROCESS_MAX = 8, REQUEST_ARGS = 6, TEXT_MAX = 256 };

/* One call to perform. A text argument stands in data; its arg is the offset there, and its bit in text is set. */
struct request {
	int call;                       /* index of a row of calls_table() */
	int step;                       /* whose it is, in the probe */
	int nargs;
	unsigned text;
	int ntext;                      /* bytes of data that are used */
	intmax_t arg[REQUEST_ARGS];
	char data[TEXT_MAX];
};

enum how {
	OUTCOME_RETURNED,       /* ret, and text where the call gives one */
	OUTCOME_FAILED,         /* err */
	OUTCOME_CAUGHT,         /* sig, code, at: a synchronous signal, caught; the process lives */
	OUTCOME_DIED,           /* sig killed the process; where sig is 0, it exited with ret; where ret is -1 nobody knows */
	OUTCOME_HUNG,           /* no answer within the time limit; the process was killed */
	OUTCOME_UNREACHED,      /* not performed: a value or the process is missing */
	OUTCOME_ABSENT          /* this platform lacks the call or a name in it */
};

struct outcome {
	enum how how;
	int err;
	int sig, code;
	int ntext;                      /* length of text; -1: the call gives none */
	intmax_t ret;
	intmax_t at;
	char text[TEXT_MAX];
};

#endif
