#include <errno.h>
#include "perform.h"

void
perform_gives(struct outcome *o, intmax_t ret)
{
	o->how = ret == -1 ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = ret == -1 ? errno : 0;
	o->ret = ret;
}

void *
perform_address(const struct request *r, int i)
{
	return (void *)(uintptr_t)r->arg[i];
}

const char *
perform_text(const struct request *r, int i)
{
	return r->data + r->arg[i];
}

/* A buffer to read from: a text of the script, or an address. */
const void *
perform_bytes(const struct request *r, int i)
{
	return r->text & 1u << i ? perform_text(r, i) : perform_address(r, i);
}

size_t
perform_length(intmax_t n)
{
	return n < 0 || n > TEXT_MAX ? TEXT_MAX : (size_t)n;
}

void
perform_gives_text(struct outcome *o, ssize_t n)
{
	perform_gives(o, n);
	if (n >= 0)
		o->ntext = (int)n;
}

void
perform_flush(void *p, size_t n)
{
#if defined __GNUC__ && !defined __x86_64__ && !defined __i386__
	__builtin___clear_cache((char *)p, (char *)p + n);
#else
	(void)p;
	(void)n;
#endif
}

static long run;

void
perform_set_run(long number)
{
	run = number;
}

long
perform_run(void)
{
	return run;
}
