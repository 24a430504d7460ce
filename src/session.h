/* One run of the program: cases are added, run side by side, judged and reported. */
#ifndef SESSION_H
#define SESSION_H

struct options;
struct probe;

/* Adds the cases of a probe; arguments that are wrong end the program with EXIT_USAGE. The probe must outlive the run of it. */
void session_add(const struct options *, const struct probe *, char *const args[], int nargs);
/* How many cases were added and not yet run. */
int session_pending(void);
/* Begins the report; several: more probes than one. */
void session_begin(const struct options *, int several);
/* Runs and reports what was added. May be called again for more: a small program starts processes faster than a large one. */
void session_run(const struct options *);
/* Ends the report; the exit status. */
int session_end(const struct options *);
/* Runs the one case that was added, or of several the first that is not ok, and writes a C program that shows it. The exit status. */
int session_repro(const struct options *);
/* Judges a saved report anew, and reports. The exit status. */
int session_replay(const struct options *);

#endif
