#include "extensions.h"
#include <sys/types.h>
#include <sys/param.h>
#include <sys/statvfs.h>
#if defined __linux__
#include <sys/vfs.h>
#elif defined __FreeBSD__ || defined __OpenBSD__ || defined __APPLE__ || defined __DragonFly__
#include <sys/mount.h>
#endif
#if defined __GLIBC__
#include <gnu/libc-version.h>
#endif
#include <sys/utsname.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "platform.h"
#include "util.h"

/* The machine that this program was compiled for: a 32-bit program may run on a 64-bit kernel, which uname() names. */
static const char *
machine_name(void)
{
#if defined __x86_64__ && defined __ILP32__
	return "x32";
#elif defined __x86_64__
	return "x86_64";
#elif defined __i386__
	return "i386";
#elif defined __aarch64__
	return "arm64";
#elif defined __arm__
	return "arm";
#elif defined __riscv && __riscv_xlen == 64
	return "riscv64";
#elif defined __powerpc64__
	return "ppc64";
#elif defined __powerpc__
	return "ppc";
#elif defined __s390x__
	return "s390x";
#elif defined __s390__
	return "s390";
#elif defined __mips64
	return "mips64";
#elif defined __mips__
	return "mips";
#elif defined __loongarch64
	return "loongarch64";
#elif defined __sparc__ && defined __arch64__
	return "sparc64";
#else
	return NULL;
#endif
}

static const char *
libc_name(char *full, size_t size)
{
#if defined __UCLIBC__
	snprintf(full, size, "uClibc");
	return "uclibc";
#elif defined __BIONIC__
	snprintf(full, size, "Bionic");
	return "bionic";
#elif defined __dietlibc__
	snprintf(full, size, "dietlibc");
	return "dietlibc";
#elif defined __GLIBC__
	snprintf(full, size, "glibc %s", gnu_get_libc_version());
	return "glibc";
#elif defined __linux__ && defined __DEFINED_pid_t
	/* musl says nothing of itself; this is how its <bits/alltypes.h> marks a type as defined. */
	snprintf(full, size, "musl");
	return "musl";
#else
	(void)size;
	full[0] = '\0';
	return NULL;
#endif
}

static const char *
system_name(const char *sysname)
{
	static const struct { const char *sysname, *name; } systems[] = {
		{ "Linux", "linux" }, { "FreeBSD", "freebsd" }, { "NetBSD", "netbsd" }, { "OpenBSD", "openbsd" },
		{ "DragonFly", "dragonfly" }, { "Darwin", "macos" }, { "SunOS", "solaris" }, { "AIX", "aix" }, { "HP-UX", "hpux" },
		{ "GNU", "hurd" }, { "Haiku", "haiku" }, { "QNX", "qnx" },
	};
	size_t i;

	for (i = 0; i < LEN(systems); ++i)
		if (strcmp(sysname, systems[i].sysname) == 0)
			return systems[i].name;
	return strncmp(sysname, "CYGWIN", 6) == 0 || strncmp(sysname, "MSYS", 4) == 0 ? "cygwin" : NULL;
}

/* A system that says it is another one; NULL where it is what it says. */
static const char *
guise(const struct utsname *u)
{
	/* gVisor answers uname() with these words in every release. */
	if (strcmp(u->release, "4.4.0") == 0 && strcmp(u->version, "#1 SMP Sun Jan 10 15:06:54 PST 2016") == 0)
		return "gvisor";
	/* The first Windows Subsystem for Linux; the second is Linux, and writes it in lower case. */
	if (strcmp(u->sysname, "Linux") == 0 && strstr(u->release, "-Microsoft"))
		return "wsl1";
	if (strcmp(u->sysname, "SunOS") == 0 && strncmp(u->version, "illumos", 7) == 0)
		return "illumos";
	return NULL;
}

#if defined __linux__
/* statfs() of Linux gives a number a family; the table of mounts gives the name itself. */
static int
fs_of_mounts(const char *dir, char *fs, size_t size)
{
	char *path = realpath(dir, NULL), line[1024], mount[512], type[64];
	size_t n, best = 0;
	FILE *f = path ? fopen("/proc/self/mounts", "r") : NULL;

	while (f && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%*s %511s %63s", mount, type) != 2)
			continue;
		n = strlen(mount);
		if (strcmp(mount, "/") == 0)
			n = 0;
		if (strncmp(path, mount, n) == 0 && (n == 0 || path[n] == '/' || path[n] == '\0') && n + 1 >= best) {
			best = n + 1;
			snprintf(fs, size, "%s", type);
		}
	}
	if (f)
		fclose(f);
	free(path);
	return best ? 0 : -1;
}

static void
fs_name(const char *dir, char *fs, size_t size)
{
	static const struct { unsigned long magic; const char *name; } types[] = {
		{ 0xef53, "ext4" }, { 0x01021994, "tmpfs" }, { 0x858458f6, "ramfs" }, { 0x58465342, "xfs" }, { 0x9123683e, "btrfs" },
		{ 0x794c7630, "overlay" }, { 0x01021997, "9p" }, { 0x65735546, "fuse" }, { 0x6969, "nfs" }, { 0x4d44, "vfat" },
		{ 0xf2f52010, "f2fs" }, { 0x958458f6, "hugetlbfs" }, { 0x73717368, "squashfs" },
	};
	struct statfs s;
	size_t i;

	if (fs_of_mounts(dir, fs, size) == 0 || statfs(dir, &s) < 0)
		return;
	for (i = 0; i < LEN(types); ++i)
		if (types[i].magic == ((unsigned long)s.f_type & 0xffffffff))
			snprintf(fs, size, "%s", types[i].name);
}
#elif defined __FreeBSD__ || defined __OpenBSD__ || defined __APPLE__ || defined __DragonFly__
static void
fs_name(const char *dir, char *fs, size_t size)
{
	struct statfs s;

	if (statfs(dir, &s) == 0)
		snprintf(fs, size, "%s", s.f_fstypename);
}
#elif defined __NetBSD__
static void
fs_name(const char *dir, char *fs, size_t size)
{
	struct statvfs s;

	if (statvfs(dir, &s) == 0)
		snprintf(fs, size, "%s", s.f_fstypename);
}
#elif defined __sun || defined _AIX || defined __hpux
static void
fs_name(const char *dir, char *fs, size_t size)
{
	struct statvfs s;

	if (statvfs(dir, &s) == 0)
		snprintf(fs, size, "%s", s.f_basetype);
}
#else
static void
fs_name(const char *dir, char *fs, size_t size)
{
	(void)dir;
	snprintf(fs, size, "%s", "");
}
#endif

/* The word that claims use for a file system: fuse for each of fuse.sshfs, fuseblk; v9fs for 9p, which is no name. */
static const char *
fs_word(const char *fs)
{
	static char word[64];
	size_t i;

	if (strncmp(fs, "fuse", 4) == 0)
		return "fuse";
	if (strcmp(fs, "9p") == 0)
		return "v9fs";
	for (i = 0; i < sizeof word - 1 && fs[i]; ++i)
		word[i] = (char)tolower((unsigned char)fs[i]);
	word[i] = '\0';
	return i ? word : NULL;
}

static void
add_name(struct here *h, const char *name)
{
	if (name)
		h->names[h->nnames++] = name;
}

void
here_describe(struct here *h, const char *dir)
{
	struct utsname u;
	const char *libc;

	memset(h, 0, sizeof *h);
	h->dir = dir;
	h->page = sysconf(_SC_PAGESIZE);
	libc = libc_name(h->libc, sizeof h->libc);
	fs_name(dir, h->fs, sizeof h->fs);
	memset(&u, 0, sizeof u);
	if (uname(&u) < 0)
		snprintf(u.sysname, sizeof u.sysname, "unknown");
	snprintf(h->system, sizeof h->system, "%.63s", u.sysname);
	snprintf(h->release, sizeof h->release, "%.63s", u.release);
	snprintf(h->machine, sizeof h->machine, "%.63s", u.machine);
	add_name(h, fs_word(h->fs));
	add_name(h, libc);
	add_name(h, machine_name());
	add_name(h, guise(&u));
	add_name(h, system_name(u.sysname));
}

void
here_pretend(struct here *h, const char *system, long page)
{
	memset(h, 0, sizeof *h);
	h->dir = ".";
	h->page = page;
	snprintf(h->system, sizeof h->system, "%s", system);
	add_name(h, h->system);
}
