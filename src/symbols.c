#include "extensions.h"
#include <sys/types.h>
#if defined __linux__
#include <sys/mount.h>
#include <sys/personality.h>
#endif
#include <sys/mman.h>
#include <sys/resource.h>
#if defined __linux__
#include <sys/syscall.h>
#endif
#include <sys/shm.h>
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined __GNUC__ && (defined __x86_64__ || defined __i386__)
#include <cpuid.h>
#endif
#include "symbols.h"
#include "util.h"

#if defined __linux__ && !defined __hppa__
#define LINUX_NUMBERS
#endif

static const struct symbol table[] = {
#include "symbols.table"
};

static intmax_t
fact_page(void)
{
	return sysconf(_SC_PAGESIZE);
}

static intmax_t
fact_bits(void)
{
	return CHAR_BIT * (intmax_t)sizeof(void *);
}

static intmax_t
fact_root(void)
{
	return geteuid() == 0;
}

static intmax_t
fact_null(void)
{
	return 0;
}

static intmax_t
fact_map_failed(void)
{
	return (intmax_t)(uintptr_t)MAP_FAILED;
}

static intmax_t
fact_size_max(void)
{
	return (intmax_t)SIZE_MAX;
}

static intmax_t
fact_int_max(void)
{
	return INT_MAX;
}

static intmax_t
fact_int_min(void)
{
	return INT_MIN;
}

/* The largest off_t: off_t has no limit macro in POSIX; it is signed and has no padding. */
static intmax_t
fact_off_max(void)
{
	return sizeof(off_t) == sizeof(intmax_t) ? INTMAX_MAX : ((intmax_t)1 << (CHAR_BIT * sizeof(off_t) - 1)) - 1;
}

static intmax_t
fact_dev_zero(void)
{
	return access("/dev/zero", R_OK|W_OK) == 0;
}

/* Whether shared memory objects can be made: where they are files, in a directory that may be missing or read-only. */
static intmax_t
fact_shm(void)
{
#if defined __linux__
	return access("/dev/shm", W_OK) == 0;
#else
	return 1;
#endif
}

/* A soft limit; INTMAX_MAX where there is none. */
static intmax_t
limit(int resource)
{
	struct rlimit r;

	return getrlimit(resource, &r) < 0 || r.rlim_cur == RLIM_INFINITY || r.rlim_cur > INTMAX_MAX ? INTMAX_MAX : (intmax_t)r.rlim_cur;
}

static intmax_t
fact_stack(void)
{
	return limit(RLIMIT_STACK);
}

static intmax_t
fact_address_space(void)
{
#ifdef RLIMIT_AS
	return limit(RLIMIT_AS);
#else
	return INTMAX_MAX;
#endif
}

/* Whether the limit does not bind: root is above it, but on Linux only with a capability that containers take away. */
static int
may_lock_all(void)
{
	int may = geteuid() == 0;
#if defined __linux__ && defined RLIMIT_MEMLOCK
	enum { CAP_IPC_LOCK_BIT = 14 };
	FILE *f = fopen("/proc/self/status", "r");
	unsigned long long capabilities;
	char line[256];

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "CapEff: %llx", &capabilities) == 1)
			may = capabilities >> CAP_IPC_LOCK_BIT & 1;
	if (f)
		fclose(f);
#endif
	return may;
}

/* Bytes that this process may lock; INTMAX_MAX where there is no limit or it does not bind. */
static intmax_t
fact_memlock(void)
{
#ifdef RLIMIT_MEMLOCK
	if (!may_lock_all())
		return limit(RLIMIT_MEMLOCK);
#endif
	return INTMAX_MAX;
}

/* A number of /proc/meminfo; 0 where there is none. */
static intmax_t
of_memory(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	size_t n = strlen(name);
	intmax_t found = 0;
	char line[128];

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			found = strtoimax(line + n + 1, NULL, 10);
	if (f)
		fclose(f);
	return found;
}

/* Bytes of the huge pages that MAP_HUGETLB alone means. */
static intmax_t
fact_huge_page(void)
{
	return of_memory("Hugepagesize") * 1024;
}

/* How many of them may be had now: neither used nor promised. */
static intmax_t
fact_huge_free(void)
{
	return of_memory("HugePages_Free") - of_memory("HugePages_Rsvd");
}

/* Whether kernel and processor have protection keys. x86 tells it without a call that could leave something behind. */
static intmax_t
fact_pkeys(void)
{
#if defined __linux__ && defined __GNUC__ && (defined __x86_64__ || defined __i386__)
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && c & bit_OSPKE;
#elif defined SYS_pkey_alloc
	long key = syscall(SYS_pkey_alloc, 0ul, 0ul);

	if (key >= 0)
		syscall(SYS_pkey_free, key);
	return key >= 0;
#else
	return 0;
#endif
}

static struct fact {
	struct symbol symbol;
	intmax_t (*get)(void);
} facts[] = {
	{ { "PAGE", SYMBOL_CONSTANT, 0, 1, 0 }, fact_page },
	{ { "NULL", SYMBOL_CONSTANT, 0, 1, 0 }, fact_null },
	{ { "MAP_FAILED", SYMBOL_CONSTANT, 0, 1, 0 }, fact_map_failed },
	{ { "SIZE_MAX", SYMBOL_CONSTANT, 0, 1, 0 }, fact_size_max },
	{ { "OFF_MAX", SYMBOL_CONSTANT, 0, 1, 0 }, fact_off_max },
	{ { "INT_MAX", SYMBOL_CONSTANT, 0, 1, 0 }, fact_int_max },
	{ { "INT_MIN", SYMBOL_CONSTANT, 0, 1, 0 }, fact_int_min },
	{ { "BITS", SYMBOL_CONSTANT, 0, 1, 0 }, fact_bits },
	{ { "ROOT", SYMBOL_CONSTANT, 0, 1, 0 }, fact_root },
	{ { "DEV_ZERO", SYMBOL_CONSTANT, 0, 1, 0 }, fact_dev_zero },
	{ { "SHM", SYMBOL_CONSTANT, 0, 1, 0 }, fact_shm },
	{ { "STACK", SYMBOL_CONSTANT, 0, 1, 0 }, fact_stack },
	{ { "ADDRESS_SPACE", SYMBOL_CONSTANT, 0, 1, 0 }, fact_address_space },
	{ { "MEMLOCK", SYMBOL_CONSTANT, 0, 1, 0 }, fact_memlock },
	{ { "HUGE_PAGE", SYMBOL_CONSTANT, 0, 1, 0 }, fact_huge_page },
	{ { "HUGE_FREE", SYMBOL_CONSTANT, 0, 1, 0 }, fact_huge_free },
	{ { "PKEYS", SYMBOL_CONSTANT, 0, 1, 0 }, fact_pkeys },
};

static struct fact *
fact_find(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < LEN(facts); ++i)
		if (strlen(facts[i].symbol.name) == n && memcmp(facts[i].symbol.name, name, n) == 0)
			return &facts[i];
	return NULL;
}

const struct symbol *
symbol_find(const char *name, size_t n)
{
	struct fact *f = fact_find(name, n);
	size_t lo = 0, hi = LEN(table), mid;
	int c;

	if (f) {
		if (f->get)
			f->symbol.value = f->get();
		f->get = NULL;
		return &f->symbol;
	}
	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strncmp(name, table[mid].name, n);
		if (c == 0)
			c = table[mid].name[n] ? -1 : 0;
		if (c == 0)
			return &table[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

int
symbol_set(const char *name, intmax_t value)
{
	struct fact *f = fact_find(name, strlen(name));

	if (!f)
		return -1;
	f->symbol.value = value;
	f->get = NULL;
	return 0;
}

int
symbol_sicode_of(const struct symbol *s, int sig)
{
	static const struct { const char *prefix; int sig; } of[] = {
		{ "SEGV_", SIGSEGV }, { "BUS_", SIGBUS }, { "ILL_", SIGILL }, { "FPE_", SIGFPE }, { "TRAP_", SIGTRAP },
		{ "SYS_", SIGSYS },
	};
	size_t i;

	for (i = 0; i < LEN(of); ++i)
		if (strncmp(s->name, of[i].prefix, strlen(of[i].prefix)) == 0)
			return of[i].sig == sig;
	return 1;
}

static const char *
name_of(enum symbol_kind kind, intmax_t value, int sig)
{
	const struct symbol *s, *best = NULL;

	for (s = table; s < table + LEN(table); ++s)
		if (s->kind == kind && s->present && s->value == value && (!best || s->rank < best->rank)
		    && (kind != SYMBOL_SICODE || symbol_sicode_of(s, sig)))
			best = s;
	return best ? best->name : NULL;
}

const char *
symbol_errno(int err)
{
	return name_of(SYMBOL_ERRNO, err, 0);
}

const char *
symbol_signal(int sig)
{
	return name_of(SYMBOL_SIGNAL, sig, 0);
}

const char *
symbol_sicode(int sig, int code)
{
	return name_of(SYMBOL_SICODE, code, sig);
}

void
symbol_each(void (*f)(const char *, void *), void *arg)
{
	size_t i;

	for (i = 0; i < LEN(facts); ++i)
		f(facts[i].symbol.name, arg);
	for (i = 0; i < LEN(table); ++i)
		f(table[i].name, arg);
}
