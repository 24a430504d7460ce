/* The cases of an `each` probe as a table, a line a case. */
#ifndef TABLE_H
#define TABLE_H

#include "judge.h"

struct buffer;
struct result;

/* Appends it, with or without the cases that are ok; verdict() appends that word in its colour. */
void table_print(struct buffer *, const struct result *, int n, int only_amiss, void (*verdict)(struct buffer *, enum verdict));

#endif
