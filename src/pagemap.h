/* The picture of a mapping that is longer than its file. */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

/* Appends it: a letter a page as scan() gives them, from the variable named; end: where the file ends, or -1. */
void pagemap_print(struct buffer *, const char *name, const char *letters, size_t pages, intmax_t end, intmax_t page, int unicode);

#endif
