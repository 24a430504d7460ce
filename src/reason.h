/* One reason for many cases: a call that fails with the same error wherever it should succeed. */
#ifndef REASON_H
#define REASON_H

#include <stddef.h>

struct buffer;
struct call;
struct result;

struct reason {
	const struct call *call;
	int err;
	int shared;                     /* each time it was to make a shared mapping */
	unsigned long cases;
	unsigned long told;             /* how many probes were told for it: the caller counts */
};

/* All zero: none yet. */
struct reasons {
	struct reason *list;
	size_t n;
};

/* The reason why a case is amiss, counted; NULL where it is not, or has another kind of reason. Good until the next call. */
struct reason *reason_add(struct reasons *, const struct result *);
/* Appends a line for each reason of at least so many cases, those of most cases first; amiss: how many cases are. */
void reasons_print(struct buffer *, struct reasons *, unsigned long least, unsigned long amiss);
/* Appends a reason: "mmap() with MAP_SHARED = ENODEV". */
void reason_print(struct buffer *, const struct reason *);
void reasons_free(struct reasons *);

#endif
