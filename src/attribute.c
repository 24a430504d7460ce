#include "extensions.h"
#include <sys/types.h>
#include <sys/stat.h>
#if defined __linux__
#include <sys/ioctl.h>
#endif
#include <errno.h>
#include <unistd.h>
#include "attribute.h"

#if defined __linux__
/*
 * Those of <linux/fs.h>, which not every libc comes with. The numbers say long; what is read and written is an int. To some
 * libc a number is an int, to others an unsigned long; the kernel looks at 32 bits.
 */
enum { APPEND_FL = 0x20, IMMUTABLE_FL = 0x10 };
#define GET_FLAGS (int)_IOR('f', 1, long)
#define SET_FLAGS (int)_IOW('f', 2, long)

int
attribute_set(int fd, int attributes)
{
	int flags;

	if (ioctl(fd, GET_FLAGS, &flags) < 0)
		return -1;
	flags &= ~(APPEND_FL | IMMUTABLE_FL);
	flags |= (attributes & ATTRIBUTE_APPEND ? APPEND_FL : 0) | (attributes & ATTRIBUTE_IMMUTABLE ? IMMUTABLE_FL : 0);
	return ioctl(fd, SET_FLAGS, &flags);
}
#elif defined UF_APPEND && defined UF_IMMUTABLE
int
attribute_set(int fd, int attributes)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	st.st_flags &= ~(unsigned)(UF_APPEND | UF_IMMUTABLE);
	st.st_flags |= (attributes & ATTRIBUTE_APPEND ? UF_APPEND : 0) | (attributes & ATTRIBUTE_IMMUTABLE ? UF_IMMUTABLE : 0);
	return fchflags(fd, st.st_flags);
}
#else
int
attribute_set(int fd, int attributes)
{
	(void)fd;
	(void)attributes;
	errno = ENOSYS;
	return -1;
}
#endif
