#include "extensions.h"
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "calls.h"
#include "fault.h"
#include "outcome.h"
#include "process.h"
#include "util.h"

static void
gives(struct outcome *o, intmax_t ret)
{
	o->how = ret == -1 ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = ret == -1 ? errno : 0;
	o->ret = ret;
}

static void *
pointer(const struct request *r, int i)
{
	return (void *)(uintptr_t)r->arg[i];
}

static const char *
text(const struct request *r, int i)
{
	return r->data + r->arg[i];
}

/* A buffer to read from: a text of the script, or an address. */
static const void *
bytes(const struct request *r, int i)
{
	return r->text & 1u << i ? text(r, i) : pointer(r, i);
}

static void
do_open(const struct request *r, struct outcome *o)
{
	gives(o, open(text(r, 0), (int)r->arg[1], (mode_t)(r->nargs > 2 ? r->arg[2] : 0)));
}

static void
do_close(const struct request *r, struct outcome *o)
{
	gives(o, close((int)r->arg[0]));
}

static void
do_dup(const struct request *r, struct outcome *o)
{
	gives(o, dup((int)r->arg[0]));
}

static void
do_ftruncate(const struct request *r, struct outcome *o)
{
	gives(o, ftruncate((int)r->arg[0], (off_t)r->arg[1]));
}

static void
do_read(const struct request *r, struct outcome *o)
{
	gives(o, read((int)r->arg[0], pointer(r, 1), (size_t)r->arg[2]));
}

static void
do_write(const struct request *r, struct outcome *o)
{
	gives(o, write((int)r->arg[0], bytes(r, 1), (size_t)r->arg[2]));
}

static void
do_pread(const struct request *r, struct outcome *o)
{
	gives(o, pread((int)r->arg[0], pointer(r, 1), (size_t)r->arg[2], (off_t)r->arg[3]));
}

static void
do_pwrite(const struct request *r, struct outcome *o)
{
	gives(o, pwrite((int)r->arg[0], bytes(r, 1), (size_t)r->arg[2], (off_t)r->arg[3]));
}

static void
do_lseek(const struct request *r, struct outcome *o)
{
	gives(o, lseek((int)r->arg[0], (off_t)r->arg[1], (int)r->arg[2]));
}

static void
do_fsync(const struct request *r, struct outcome *o)
{
	gives(o, fsync((int)r->arg[0]));
}

static void
do_unlink(const struct request *r, struct outcome *o)
{
	gives(o, unlink(text(r, 0)));
}

static void
do_rename(const struct request *r, struct outcome *o)
{
	gives(o, rename(text(r, 0), text(r, 1)));
}

static void
do_size(const struct request *r, struct outcome *o)
{
	struct stat st;

	gives(o, fstat((int)r->arg[0], &st));
	if (o->how == OUTCOME_RETURNED)
		o->ret = st.st_size;
}

static void
do_byteat(const struct request *r, struct outcome *o)
{
	unsigned char c = 0;
	ssize_t n = pread((int)r->arg[0], &c, 1, (off_t)r->arg[1]);

	gives(o, n);
	if (n >= 0)
		o->ret = n ? c : -1;
}

static size_t
text_length(intmax_t n)
{
	return n < 0 || n > TEXT_MAX ? TEXT_MAX : (size_t)n;
}

static void
gives_text(struct outcome *o, ssize_t n)
{
	gives(o, n);
	if (n >= 0)
		o->ntext = (int)n;
}

static void
do_reads(const struct request *r, struct outcome *o)
{
	gives_text(o, read((int)r->arg[0], o->text, text_length(r->arg[1])));
}

static void
do_preads(const struct request *r, struct outcome *o)
{
	gives_text(o, pread((int)r->arg[0], o->text, text_length(r->arg[1]), (off_t)r->arg[2]));
}

static void
do_mmap(const struct request *r, struct outcome *o)
{
	void *p = mmap(pointer(r, 0), (size_t)r->arg[1], (int)r->arg[2], (int)r->arg[3], (int)r->arg[4], (off_t)r->arg[5]);

	/* Only MAP_FAILED is a failure: an address may look negative, and 0 is one where root may map it. */
	o->how = p == MAP_FAILED ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = p == MAP_FAILED ? errno : 0;
	o->ret = (intmax_t)(uintptr_t)p;
}

static void
do_munmap(const struct request *r, struct outcome *o)
{
	gives(o, munmap(pointer(r, 0), (size_t)r->arg[1]));
}

static void
do_mprotect(const struct request *r, struct outcome *o)
{
	gives(o, mprotect(pointer(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}

static void
do_msync(const struct request *r, struct outcome *o)
{
	gives(o, msync(pointer(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}

static void
do_mlock(const struct request *r, struct outcome *o)
{
	gives(o, mlock(pointer(r, 0), (size_t)r->arg[1]));
}

static void
do_munlock(const struct request *r, struct outcome *o)
{
	gives(o, munlock(pointer(r, 0), (size_t)r->arg[1]));
}

#ifdef MCL_CURRENT
static void
do_mlockall(const struct request *r, struct outcome *o)
{
	gives(o, mlockall((int)r->arg[0]));
}
#else
#define do_mlockall NULL
#endif

#ifdef POSIX_MADV_NORMAL
/* Gives the error number back and leaves errno alone (posix_madvise, RETURN VALUE). */
static void
do_posix_madvise(const struct request *r, struct outcome *o)
{
	int err = posix_madvise(pointer(r, 0), (size_t)r->arg[1], (int)r->arg[2]);

	o->how = err ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = err;
}
#else
#define do_posix_madvise NULL
#endif

#ifdef MADV_NORMAL
static void
do_madvise(const struct request *r, struct outcome *o)
{
	gives(o, madvise(pointer(r, 0), (size_t)r->arg[1], (int)r->arg[2]));
}
#else
#define do_madvise NULL
#endif

#ifdef MREMAP_MAYMOVE
static void
do_mremap(const struct request *r, struct outcome *o)
{
	void *p = mremap(pointer(r, 0), (size_t)r->arg[1], (size_t)r->arg[2], (int)r->arg[3], r->nargs > 4 ? pointer(r, 4) : NULL);

	o->how = p == MAP_FAILED ? OUTCOME_FAILED : OUTCOME_RETURNED;
	o->err = p == MAP_FAILED ? errno : 0;
	o->ret = (intmax_t)(uintptr_t)p;
}
#else
#define do_mremap NULL
#endif

#if defined __linux__ || defined __FreeBSD__ || defined __NetBSD__ || defined __DragonFly__ || defined __APPLE__ || defined __sun
static void
do_mincore(const struct request *r, struct outcome *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = ((size_t)r->arg[1] + page - 1) / page, i;

	if (n > TEXT_MAX) {
		errno = E2BIG;
		gives(o, -1);
		return;
	}
	gives(o, mincore(pointer(r, 0), (size_t)r->arg[1], (void *)o->text));
	if (o->how == OUTCOME_RETURNED)
		o->ntext = (int)n;
	for (i = 0; i < n; ++i)
		o->text[i] = o->text[i] & 1 ? '1' : '0';
}
#else
#define do_mincore NULL
#endif

static void
do_exit(const struct request *r, struct outcome *o)
{
	(void)o;
	_exit((int)r->arg[0]);
}

static void
do_value(const struct request *r, struct outcome *o)
{
	o->how = OUTCOME_RETURNED;
	o->ret = r->arg[0];
}

static void
no_such_width(struct outcome *o)
{
	o->how = OUTCOME_FAILED;
	o->err = EDOM;
}

static void
do_load(const struct request *r, struct outcome *o)
{
	const void *p = pointer(r, 0);

	o->how = OUTCOME_RETURNED;
	switch (r->nargs > 1 ? r->arg[1] : 1) {
	case 1: o->ret = *(const volatile uint8_t *)p; break;
	case 2: o->ret = *(const volatile uint16_t *)p; break;
	case 4: o->ret = *(const volatile uint32_t *)p; break;
	case 8: o->ret = (intmax_t)*(const volatile uint64_t *)p; break;
	default: no_such_width(o);
	}
}

static void
do_store(const struct request *r, struct outcome *o)
{
	void *p = pointer(r, 0);

	o->how = OUTCOME_RETURNED;
	switch (r->nargs > 2 ? r->arg[2] : 1) {
	case 1: *(volatile uint8_t *)p = (uint8_t)r->arg[1]; break;
	case 2: *(volatile uint16_t *)p = (uint16_t)r->arg[1]; break;
	case 4: *(volatile uint32_t *)p = (uint32_t)r->arg[1]; break;
	case 8: *(volatile uint64_t *)p = (uint64_t)r->arg[1]; break;
	default: no_such_width(o);
	}
}

static void
do_loads(const struct request *r, struct outcome *o)
{
	const volatile char *p = pointer(r, 0);
	size_t i, n = text_length(r->arg[1]);

	for (i = 0; i < n; ++i)
		o->text[i] = p[i];
	gives_text(o, (ssize_t)n);
	o->ret = 0;
}

static void
do_stores(const struct request *r, struct outcome *o)
{
	volatile char *p = pointer(r, 0);
	const char *s = text(r, 1);
	size_t i, n = r->nargs > 2 ? text_length(r->arg[2]) : strlen(s);

	o->how = OUTCOME_RETURNED;
	for (i = 0; i < n; ++i)
		p[i] = s[i];
}

struct byte {
	volatile unsigned char *p;
	unsigned char c;
};

static void
load_byte(void *arg)
{
	struct byte *b = arg;

	b->c = *b->p;
}

static void
store_byte(void *arg)
{
	struct byte *b = arg;

	*b->p = b->c;
}

/* A letter a page: what a load of its first byte, then a store of the same byte, gives. */
static void
do_scan(const struct request *r, struct outcome *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = ((size_t)r->arg[1] + page - 1) / page, i;
	struct outcome f;
	struct byte b;

	if (n > TEXT_MAX) {
		errno = E2BIG;
		gives(o, -1);
		return;
	}
	for (i = 0; i < n; ++i) {
		b.p = (unsigned char *)pointer(r, 0) + i * page;
		if (fault_catch(load_byte, &b, &f))
			o->text[i] = fault_is_bus(f.sig) ? 'B' : 'S';
		else if (fault_catch(store_byte, &b, &f))
			o->text[i] = fault_is_bus(f.sig) ? 'R' : 'r';
		else
			o->text[i] = 'w';
	}
	gives_text(o, (ssize_t)n);
	o->ret = 0;
}

struct counting {
	volatile int *counter;
	long n;
};

/* Load, and now and then a pause before the store, so that one processor shows what many do. */
static void
count(void *arg)
{
	struct counting *c = arg;
	long i;
	int was;

	for (i = 0; i < c->n; ++i) {
		was = *c->counter;
		if (i % 100 == 0)
			sched_yield();
		*c->counter = was + 1;
	}
}

/* Two processes add 1 to an int n times each, in up to 100 rounds: "lost" as soon as a round lost an update, else "kept". */
static void
do_race(const struct request *r, struct outcome *o)
{
	struct counting c;
	int round;

	c.counter = pointer(r, 0);
	c.n = (long)r->arg[1];
	for (round = 0; round < 100; ++round) {
		*c.counter = 0;
		if (process_beside(count, &c) < 0) {
			gives(o, -1);
			return;
		}
		if (*c.counter != 2 * c.n)
			break;
	}
	memcpy(o->text, round < 100 ? "lost" : "kept", 4);
	gives_text(o, 4);
	o->ret = 0;
}

static void
do_setrlimit(const struct request *r, struct outcome *o)
{
	struct rlimit l;

	if (getrlimit((int)r->arg[0], &l) == 0) {
		l.rlim_cur = (rlim_t)r->arg[1];
		gives(o, setrlimit((int)r->arg[0], &l));
	} else {
		gives(o, -1);
	}
}

/* The user and group nobody has on most systems; the number is what matters, not the name. */
static void
do_drop_root(const struct request *r, struct outcome *o)
{
	(void)r;
	gives(o, geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0) ? 0 : -1);
}

static const struct call table[] = {
	{ "open", "path, flags [, mode]", "si?m", GIVES_DESCRIPTOR, 0, do_open },
	{ "close", "fd", "i", GIVES_NOTHING, 0, do_close },
	{ "dup", "fd", "i", GIVES_DESCRIPTOR, 0, do_dup },
	{ "ftruncate", "fd, length", "io", GIVES_NOTHING, 0, do_ftruncate },
	{ "read", "fd, address, count", "ipz", GIVES_NUMBER, 0, do_read },
	{ "write", "fd, text or address, count", "ibz", GIVES_NUMBER, 0, do_write },
	{ "pread", "fd, address, count, offset", "ipzo", GIVES_NUMBER, 0, do_pread },
	{ "pwrite", "fd, text or address, count, offset", "ibzo", GIVES_NUMBER, 0, do_pwrite },
	{ "reads", "fd, count", "iz", GIVES_TEXT, 0, do_reads },
	{ "preads", "fd, count, offset", "izo", GIVES_TEXT, 0, do_preads },
	{ "byteat", "fd, offset", "io", GIVES_BYTE, 0, do_byteat },
	{ "lseek", "fd, offset, whence", "ioi", GIVES_NUMBER, 0, do_lseek },
	{ "fsync", "fd", "i", GIVES_NOTHING, 0, do_fsync },
	{ "size", "fd", "i", GIVES_NUMBER, 0, do_size },
	{ "unlink", "path", "s", GIVES_NOTHING, 0, do_unlink },
	{ "rename", "old, new", "ss", GIVES_NOTHING, 0, do_rename },
	{ "mmap", "address, length, protection, flags, fd, offset", "pziiio", GIVES_ADDRESS, 0, do_mmap },
	{ "munmap", "address, length", "pz", GIVES_NOTHING, 0, do_munmap },
	{ "mprotect", "address, length, protection", "pzi", GIVES_NOTHING, 0, do_mprotect },
	{ "msync", "address, length, flags", "pzi", GIVES_NOTHING, 0, do_msync },
	{ "mlock", "address, length", "pz", GIVES_NOTHING, 0, do_mlock },
	{ "munlock", "address, length", "pz", GIVES_NOTHING, 0, do_munlock },
	{ "mlockall", "flags", "i", GIVES_NOTHING, CALL_OPTIONAL, do_mlockall },
	{ "posix_madvise", "address, length, advice", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_posix_madvise },
	{ "madvise", "address, length, advice", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_madvise },
	{ "mremap", "old address, old length, new length, flags [, new address]", "pzzi?p", GIVES_ADDRESS, CALL_OPTIONAL, do_mremap },
	{ "mincore", "address, length", "pz", GIVES_MAP, CALL_OPTIONAL, do_mincore },
	{ "load", "address [, width]", "p?i", GIVES_BYTE, 0, do_load },
	{ "store", "address, value [, width]", "pl?i", GIVES_NOTHING, 0, do_store },
	{ "loads", "address, count", "pz", GIVES_TEXT, 0, do_loads },
	{ "stores", "address, text [, count]", "ps?z", GIVES_NOTHING, 0, do_stores },
	{ "scan", "address, length [, end of file]", "pz?o", GIVES_MAP, 0, do_scan },
	{ "race", "address, times", "pl", GIVES_TEXT, 0, do_race },
	{ "value", "number", "l", GIVES_NUMBER, 0, do_value },
	{ "setrlimit", "resource, soft limit", "il", GIVES_NOTHING, 0, do_setrlimit },
	{ "drop_root", "", "", GIVES_NOTHING, 0, do_drop_root },
	{ "fork", "", "", GIVES_PROCESS, CALL_FORKS, do_value },
	{ "process", "", "", GIVES_PROCESS, CALL_UNRELATED, do_value },
	{ "exit", "status", "i", GIVES_NUMBER, CALL_ENDS, do_exit },
};

const struct call *
call_find(const char *name, size_t n)
{
	const struct call *c;

	for (c = table; c < table + LEN(table); ++c)
		if (strlen(c->name) == n && memcmp(c->name, name, n) == 0)
			return c;
	return NULL;
}

int
call_index(const struct call *c)
{
	return (int)(c - table);
}

const struct call *
call_at(int i)
{
	return i >= 0 && (size_t)i < LEN(table) ? &table[i] : NULL;
}

int
call_least(const struct call *c)
{
	return (int)strcspn(c->kinds, "?");
}

int
call_most(const struct call *c)
{
	return (int)strlen(c->kinds) - (strchr(c->kinds, '?') != NULL);
}

char
call_kind(const struct call *c, int i)
{
	return c->kinds[i < call_least(c) ? i : i + 1];
}

const char *
call_misfit(char kind, intmax_t n)
{
	switch (kind) {
	case 'i':
		return (intmax_t)(int)n == n ? NULL : "a number that fits no int";
	case 'm':
		return n >= 0 && (intmax_t)(mode_t)n == n ? NULL : "a number that fits no mode_t";
	case 'o':
		return (intmax_t)(off_t)n == n ? NULL : "a number that fits no off_t";
	case 'z':
		return n < 0 || (intmax_t)(size_t)n == n ? NULL : "a number that fits no size_t";
	case 'p':
		return n < 0 || (intmax_t)(uintptr_t)n == n ? NULL : "a number that fits no address";
	}
	return NULL;
}
