/* Whole files to read: scripts, reports. */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>

struct buffer;

/* Appends a file, "-" being standard input; one that cannot be read or is longer than most ends the program with EXIT_USAGE. */
void input_read(const char *path, size_t most, struct buffer *);
/* What messages call it. */
const char *input_name(const char *path);

#endif
