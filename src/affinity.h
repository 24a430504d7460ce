/* Which processor this process runs on. A supervisor and its process under test take turns; on two processors each turn costs
 * a wake-up of the other, which is many times the work. Where the system has no such call, nothing happens. */
#ifndef AFFINITY_H
#define AFFINITY_H

/* Keeps this process, and what it forks, on the n-th processor from the present one. */
void affinity_pin(int n);
/* Lets this process run anywhere again. */
void affinity_free(void);

#endif
