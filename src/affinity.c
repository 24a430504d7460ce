#include "extensions.h"
#include "affinity.h"

#if defined __linux__
#include <sched.h>

static cpu_set_t all;
static int first = -1, pinned;

void
affinity_start(void)
{
	first = sched_getcpu();
	if (sched_getaffinity(0, sizeof all, &all) < 0 || CPU_COUNT(&all) < 1 || first >= CPU_SETSIZE)
		first = -1;
}

void
affinity_pin(int n)
{
	cpu_set_t one;
	int cpu = first;

	if (cpu < 0)
		return;
	n %= CPU_COUNT(&all);
	for (; n > 0 || !CPU_ISSET(cpu, &all); cpu = (cpu + 1) % CPU_SETSIZE)
		n -= CPU_ISSET(cpu, &all) && n > 0;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	pinned = sched_setaffinity(0, sizeof one, &one) == 0;
}

void
affinity_free(void)
{
	if (pinned)
		sched_setaffinity(0, sizeof all, &all);
	pinned = 0;
}
#else
void
affinity_start(void)
{
}

void
affinity_pin(int n)
{
	(void)n;
}

void
affinity_free(void)
{
}
#endif
