/* Pieces of work side by side: each in one of several copies of this process, their results given back in order. */
#ifndef WORKERS_H
#define WORKERS_H

struct buffer;

/*
 * Calls work(i, worker, result, arg) for each i below n in one of `jobs` processes, worker being its number from 0, and
 * done(i, result, arg) here, in the order of i. Ends the program (status 3) where a worker dies.
 */
void workers_run(int n, int jobs, void (*work)(int, int, struct buffer *, void *), void (*done)(int, const struct buffer *, void *),
	void *arg);
/* Ends the workers that still run; for the end of the program. */
void workers_kill(void);

#endif
