/* The directories that the cases work in: made under the directory under test, emptied after each case, gone at the end. */
#ifndef SCRATCH_H
#define SCRATCH_H

/* Makes n directories under dir, for as many processes that run cases; ends the program (status 3) where that is impossible. */
void scratch_make(const char *dir, int n);
/* A descriptor of directory i, which stays open. */
int scratch_fd(int i);
/* Removes whatever a case left in directory i. 0, or -1 with errno where something stays. */
int scratch_empty(int i);
/* Removes the directories; what cannot be removed is said. Harmless when there are none. */
void scratch_remove(void);

#endif
