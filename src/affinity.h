/* Which processor this process runs on. A supervisor and its process under test take turns; on two processors each turn costs
 * a wake-up of the other, which is many times the work. Where the system has no such call, nothing happens. */
#ifndef AFFINITY_H
#define AFFINITY_H

/* Notes the processor that this process runs on, and those that it may. */
void affinity_start(void);
/* Keeps this process, and what it forks, on the n-th of those, counted from there. */
void affinity_pin(int n);
/* Lets this process run anywhere again. */
void affinity_free(void);

#endif
