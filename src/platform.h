/* What *here* is, and the seam to it: a live platform performs requests, a fake one answers from a list. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include "outcome.h"

enum { HERE_NAMES = 5 };

/* The processes that a case needs: 0 is the first; parent[i] forks i, or i is unrelated to the others (-1). One whose bit is set
 * in threads is a thread of its parent. */
struct plan {
	int n;
	int parent[PROCESS_MAX];
	unsigned threads;
	int slot;               /* which of the scratch directories it works in */
};

struct platform {
	void (*begin)(void *state, const struct plan *);
	/* Fills in the outcome of one request in one process of the plan. For fork and process, arg[0] is the new one. */
	void (*perform)(void *state, int process, const struct request *, struct outcome *);
	void (*end)(void *state);
	void *state;
};

struct here {
	char system[64], release[64], machine[64], libc[64], fs[64];
	const char *dir;
	long page;
	/* The names by which claims know this platform, the most special first: file system, libc, machine, system. */
	const char *names[HERE_NAMES];
	int nnames;
};

/* Describes this platform, with the file system that dir is on. */
void here_describe(struct here *, const char *dir);
/* The same for a platform that is only named, as tests do: its system, and a page size. */
void here_pretend(struct here *, const char *system, long page);

#endif
