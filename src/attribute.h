/* What a file allows whatever its mode is: some systems let root say that it may only grow, or must stay as it is. */
#ifndef ATTRIBUTE_H
#define ATTRIBUTE_H

enum { ATTRIBUTE_APPEND = 1, ATTRIBUTE_IMMUTABLE = 2 };

/* Gives an open file these of the two, and takes the others of them from it. 0, or -1 with errno: ENOSYS on a system without. */
int attribute_set(int fd, int attributes);

#endif
