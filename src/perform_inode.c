/* Calls on what a file is beside its bytes: what may be done to it, who is told of it, whose blocks it has. */
#include "extensions.h"
#include <sys/types.h>
#if defined __linux__
#include <sys/ioctl.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include "attribute.h"
#include "perform.h"

static uint64_t with_attribute;         /* descriptors: a bit each */

int
perform_holds(void)
{
	return with_attribute != 0;
}

void
perform_abandon(void)
{
	int fd;

	for (fd = 0; fd < 64; ++fd)
		if (with_attribute >> fd & 1)
			attribute_set(fd, 0);
}

/* "append", "immutable", or "" for neither. */
void
do_set_attribute(const struct request *r, struct outcome *o)
{
	const char *what = perform_text(r, 1);
	int fd = (int)r->arg[0];
	int attribute = strcmp(what, "append") == 0 ? ATTRIBUTE_APPEND : strcmp(what, "immutable") == 0 ? ATTRIBUTE_IMMUTABLE : 0;

	if (fd >= 0 && fd < 64)
		with_attribute |= (uint64_t)1 << fd;
	perform_gives(o, attribute_set(fd, attribute));
	/* A file system without, or a user that may not. */
	if (o->how == OUTCOME_FAILED && (o->err == ENOTTY || o->err == EOPNOTSUPP || o->err == EINVAL || o->err == EPERM))
		o->how = OUTCOME_ABSENT;
}

#if defined F_SETLEASE
void
do_set_lease(const struct request *r, struct outcome *o)
{
	perform_gives(o, fcntl((int)r->arg[0], F_SETLEASE, (int)r->arg[1]));
	/* A file system without. */
	if (o->how == OUTCOME_FAILED && o->err == EINVAL)
		o->how = OUTCOME_ABSENT;
}
#else
ABSENT_CALL(do_set_lease)
#endif

#if defined __linux__
/* FICLONE of <linux/fs.h>, which not every libc comes with. */
void
do_clone_file(const struct request *r, struct outcome *o)
{
	perform_gives(o, ioctl((int)r->arg[0], (int)_IOW(0x94, 9, int), (int)r->arg[1]));
	/* A file system without. */
	if (o->how == OUTCOME_FAILED && (o->err == EOPNOTSUPP || o->err == ENOTTY))
		o->how = OUTCOME_ABSENT;
}
#else
ABSENT_CALL(do_clone_file)
#endif
