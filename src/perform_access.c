/* Loads and stores, and what runs in a mapping. */
#include "extensions.h"
#include <sys/types.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "fault.h"
#include "perform.h"

static void
no_such_width(struct outcome *o)
{
	o->how = OUTCOME_FAILED;
	o->err = EDOM;
}

void
do_load(const struct request *r, struct outcome *o)
{
	const void *p = perform_address(r, 0);

	o->how = OUTCOME_RETURNED;
	switch (r->nargs > 1 ? r->arg[1] : 1) {
	case 1: o->ret = *(const volatile uint8_t *)p; break;
	case 2: o->ret = *(const volatile uint16_t *)p; break;
	case 4: o->ret = *(const volatile uint32_t *)p; break;
	case 8: o->ret = (intmax_t)*(const volatile uint64_t *)p; break;
	default: no_such_width(o);
	}
}

void
do_store(const struct request *r, struct outcome *o)
{
	void *p = perform_address(r, 0);

	o->how = OUTCOME_RETURNED;
	switch (r->nargs > 2 ? r->arg[2] : 1) {
	case 1: *(volatile uint8_t *)p = (uint8_t)r->arg[1]; break;
	case 2: *(volatile uint16_t *)p = (uint16_t)r->arg[1]; break;
	case 4: *(volatile uint32_t *)p = (uint32_t)r->arg[1]; break;
	case 8: *(volatile uint64_t *)p = (uint64_t)r->arg[1]; break;
	default: no_such_width(o);
	}
}

void
do_loads(const struct request *r, struct outcome *o)
{
	const volatile char *p = perform_address(r, 0);
	size_t i, n = perform_length(r->arg[1]);

	for (i = 0; i < n; ++i)
		o->text[i] = p[i];
	perform_gives_text(o, (ssize_t)n);
	o->ret = 0;
}

void
do_stores(const struct request *r, struct outcome *o)
{
	volatile char *p = perform_address(r, 0);
	const char *s = perform_text(r, 1);
	size_t i, n = r->nargs > 2 ? perform_length(r->arg[2]) : strlen(s);

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
void
do_scan(const struct request *r, struct outcome *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = ((size_t)r->arg[1] + page - 1) / page, i;
	struct outcome f;
	struct byte b;

	if (n > TEXT_MAX) {
		errno = E2BIG;
		perform_gives(o, -1);
		return;
	}
	for (i = 0; i < n; ++i) {
		b.p = (unsigned char *)perform_address(r, 0) + i * page;
		if (fault_catch(load_byte, &b, &f))
			o->text[i] = fault_is_bus(f.sig) ? 'B' : 'S';
		else if (fault_catch(store_byte, &b, &f))
			o->text[i] = fault_is_bus(f.sig) ? 'R' : 'r';
		else
			o->text[i] = 'w';
	}
	perform_gives_text(o, (ssize_t)n);
	o->ret = 0;
}

/* Machine code for "return n" with n below 256; 0 bytes where this machine's is not known. */
static size_t
return_stub(unsigned n, unsigned char *code)
{
#if defined __x86_64__ || defined __i386__
	const unsigned char stub[] = { 0xb8, (unsigned char)n, 0, 0, 0, 0xc3 };
#elif defined __s390__
	const unsigned char stub[] = { 0xa7, 0x29, 0, (unsigned char)n, 0x07, 0xfe };
#elif defined __aarch64__
	const uint32_t stub[] = { 0x52800000u | n << 5, 0xd65f03c0u };
#elif defined __arm__ && !defined __thumb__
	const uint32_t stub[] = { 0xe3a00000u | n, 0xe12fff1eu };
#elif defined __riscv
	const uint32_t stub[] = { 0x00000513u | n << 20, 0x00008067u };
#elif defined __powerpc64__ && defined _CALL_ELF && _CALL_ELF == 2
	const uint32_t stub[] = { 0x38600000u | n, 0x4e800020u };
#elif defined __loongarch__
	const uint32_t stub[] = { 0x02800004u | n << 10, 0x4c000020u };
#else
	const unsigned char stub[] = { 0 };

	(void)n;
	if (sizeof stub == 1)
		return 0;
#endif
	memcpy(code, stub, sizeof stub);
	return sizeof stub;
}

/* Stores a function that returns n, as this machine's code. */
void
do_code(const struct request *r, struct outcome *o)
{
	volatile unsigned char *p = perform_address(r, 0);
	unsigned char code[16];
	size_t n = return_stub((unsigned)r->arg[1] & 255, code), i;

	o->how = n ? OUTCOME_RETURNED : OUTCOME_ABSENT;
	for (i = 0; i < n; ++i)
		p[i] = code[i];
	perform_flush(perform_address(r, 0), n);
}

/* Writes the same at an offset of a file. */
void
do_pwrite_code(const struct request *r, struct outcome *o)
{
	unsigned char code[16];
	size_t n = return_stub((unsigned)r->arg[2] & 255, code);

	if (n)
		perform_gives(o, pwrite((int)r->arg[0], code, n, (off_t)r->arg[1]));
	else
		o->how = OUTCOME_ABSENT;
}

/* Calls the function at an address. */
void
do_run(const struct request *r, struct outcome *o)
{
	union {
		void *address;
		int (*function)(void);
	} u;
	unsigned char code[16];

	u.address = perform_address(r, 0);
	if (!return_stub(0, code)) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	perform_flush(u.address, 0);
	o->how = OUTCOME_RETURNED;
	o->ret = u.function();
}

/* A compare-and-swap of an int that does not hold what is compared, so nothing is to be stored; what it held. */
void
do_failed_swap(const struct request *r, struct outcome *o)
{
#if defined __GNUC__
	volatile int *p = perform_address(r, 0);

	o->how = OUTCOME_RETURNED;
	o->ret = __sync_val_compare_and_swap(p, (int)r->arg[1], (int)r->arg[1] + 1);
#else
	(void)r;
	o->how = OUTCOME_ABSENT;
#endif
}

/* memset of the process's own libc. */
void
do_fill(const struct request *r, struct outcome *o)
{
	memset(perform_address(r, 0), (int)r->arg[1], (size_t)r->arg[2]);
	o->how = OUTCOME_RETURNED;
}
