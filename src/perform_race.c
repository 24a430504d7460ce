/* What two processes, or two threads, do to one page at the same time. */
#include "extensions.h"
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include "affinity.h"
#include "fault.h"
#include "perform.h"
#include "process.h"
#include "util.h"

#if !defined MAP_ANONYMOUS && defined MAP_ANON
#define MAP_ANONYMOUS MAP_ANON
#endif

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
void
do_race(const struct request *r, struct outcome *o)
{
	struct counting c;
	int round;

	c.counter = perform_address(r, 0);
	c.n = (long)r->arg[1];
	for (round = 0; round < 100; ++round) {
		*c.counter = 0;
		if (process_beside(count, &c) < 0) {
			perform_gives(o, -1);
			return;
		}
		if (*c.counter != 2 * c.n)
			break;
	}
	memcpy(o->text, round < 100 ? "lost" : "kept", 4);
	perform_gives_text(o, 4);
	o->ret = 0;
}

/* What one turn of an action came to, in the order in which it is told. */
enum saw { SAW_OK, SAW_WRONG, SAW_SHORT, SAW_EFAULT, SAW_SIGSEGV, SAW_SIGBUS, SAW_OTHER };

static const char *const saw_names[] = { "ok", "wrong", "short", "EFAULT", "SIGSEGV", "SIGBUS", "other" };

struct contest {
	volatile char *p;
	size_t page;
	int fd;
	const struct action *right;
	volatile int started, over;
};

static enum saw
act_load(struct contest *c)
{
	char byte = c->p[0];

	return byte == 0 || byte == 'x' ? SAW_OK : SAW_WRONG;
}

static enum saw
act_store(struct contest *c)
{
	c->p[0] = 'x';
	return SAW_OK;
}

/* Stores a byte and reads it from the file. */
static enum saw
act_store_pread(struct contest *c)
{
	static unsigned char last;
	char byte;

	++last;
	c->p[0] = (char)last;
	if (pread(c->fd, &byte, 1, 0) != 1)
		return SAW_SHORT;
	return byte == (char)last ? SAW_OK : SAW_WRONG;
}

/* The file into its own page. */
static enum saw
act_pread(struct contest *c)
{
	ssize_t n = pread(c->fd, (char *)c->p, c->page, 0);

	if (n < 0)
		return errno == EFAULT ? SAW_EFAULT : SAW_OTHER;
	return (size_t)n == c->page ? SAW_OK : SAW_SHORT;
}

static enum saw
act_count(struct contest *c)
{
	++*(volatile int *)c->p;
	return SAW_OK;
}

/* While the page may only be read it stays as it is. */
static enum saw
act_freeze(struct contest *c)
{
	int was, i;

	if (mprotect((void *)c->p, c->page, PROT_READ) < 0)
		return SAW_OTHER;
	was = *(volatile int *)c->p;
	for (i = 0; i < 200 && *(volatile int *)c->p == was; ++i)
		;
	if (mprotect((void *)c->p, c->page, PROT_READ|PROT_WRITE) < 0)
		return SAW_OTHER;
	return i == 200 ? SAW_OK : SAW_WRONG;
}

static enum saw
act_protect(struct contest *c)
{
	if (mprotect((void *)c->p, c->page, PROT_NONE) < 0 || mprotect((void *)c->p, c->page, PROT_READ|PROT_WRITE) < 0)
		return SAW_OTHER;
	return SAW_OK;
}

static enum saw
act_replace(struct contest *c)
{
	void *q = mmap((void *)c->p, c->page, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED, c->fd, 0);

	return q == (void *)c->p ? SAW_OK : SAW_OTHER;
}

static enum saw
act_unmap(struct contest *c)
{
	return munmap((void *)c->p, c->page) < 0 ? SAW_OTHER : act_replace(c);
}

static enum saw
act_sync(struct contest *c)
{
	return msync((void *)c->p, c->page, MS_SYNC) < 0 ? SAW_OTHER : SAW_OK;
}

static enum saw
act_truncate(struct contest *c)
{
	return ftruncate(c->fd, 0) < 0 || ftruncate(c->fd, (off_t)c->page) < 0 ? SAW_OTHER : SAW_OK;
}

/* A copy of the process finds the page as it is here. */
static enum saw
act_fork(struct contest *c)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(c->p[0] == 'x' ? 0 : 1);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid < 0 ? SAW_OTHER : status == 0 ? SAW_OK : SAW_WRONG;
}

#ifdef MAP_ANONYMOUS
/* A new mapping must not be put where the other thread's is, not even while that is being replaced. */
static enum saw
act_map(struct contest *c)
{
	char *q = mmap(NULL, c->page, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

	if (q == (char *)c->p)
		return SAW_WRONG;
	return q == MAP_FAILED || munmap(q, c->page) < 0 ? SAW_OTHER : SAW_OK;
}

/* A page of its own, new, is zero and holds what is stored. */
static enum saw
act_churn(struct contest *c)
{
	char *q = mmap(NULL, c->page, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
	char mine = (char)(uintptr_t)&q;
	size_t i;
	int bad = 0;

	if (q == MAP_FAILED)
		return SAW_OTHER;
	for (i = 0; i < c->page; i += 64) {
		bad |= q[i] != 0;
		((volatile char *)q)[i] = mine;
	}
	for (i = 0; i < c->page; i += 64)
		bad |= ((volatile char *)q)[i] != mine;
	if (munmap(q, c->page) < 0)
		return SAW_OTHER;
	return bad ? SAW_WRONG : SAW_OK;
}
#endif

#ifdef FALLOC_FL_PUNCH_HOLE
static enum saw
act_punch(struct contest *c)
{
	return fallocate(c->fd, FALLOC_FL_PUNCH_HOLE|FALLOC_FL_KEEP_SIZE, 0, (off_t)c->page) < 0 ? SAW_OTHER : SAW_OK;
}
#endif

static const struct action {
	const char *name;
	enum saw (*act)(struct contest *);
} actions[] = {
	{ "load", act_load },
	{ "store", act_store },
	{ "store and pread", act_store_pread },
	{ "pread", act_pread },
	{ "count", act_count },
	{ "freeze", act_freeze },
	{ "protect", act_protect },
	{ "replace", act_replace },
	{ "unmap", act_unmap },
	{ "sync", act_sync },
	{ "truncate", act_truncate },
	{ "fork", act_fork },
#ifdef MAP_ANONYMOUS
	{ "map", act_map },
	{ "churn", act_churn },
#endif
#ifdef FALLOC_FL_PUNCH_HOLE
	{ "punch", act_punch },
#endif
};

static const struct action *
find_action(const char *name)
{
	const struct action *a;

	for (a = actions; a < actions + LEN(actions); ++a)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

struct turn {
	struct contest *contest;
	const struct action *action;
	enum saw saw;
};

static void
take_turn(void *arg)
{
	struct turn *t = arg;

	t->saw = t->action->act(t->contest);
}

static enum saw
turn(struct contest *c, const struct action *action)
{
	struct outcome o;
	struct turn t;

	t.contest = c;
	t.action = action;
	if (fault_catch(take_turn, &t, &o))
		return fault_is_bus(o.sig) ? SAW_SIGBUS : fault_is_segv(o.sig) ? SAW_SIGSEGV : SAW_OTHER;
	return t.saw;
}

static void *
run_right(void *arg)
{
	struct contest *c = arg;
	int i;

	if (fault_thread(PROCESS_MAX) == 0) {
		for (i = 1; !c->over; ++i) {
			turn(c, c->right);
			c->started = 1;
			/* Where they share a processor, not for as long as that lets it. */
			if (i % 32 == 0)
				sched_yield();
		}
	}
	c->started = 1;
	return NULL;
}

static void
tell_saw(unsigned seen, struct outcome *o)
{
	size_t i, n = 0, len;

	for (i = 0; i < LEN(saw_names); ++i) {
		if (!(seen & 1u << i))
			continue;
		if (n) {
			memcpy(o->text + n, ", ", 2);
			n += 2;
		}
		len = strlen(saw_names[i]);
		memcpy(o->text + n, saw_names[i], len);
		n += len;
	}
	perform_gives_text(o, (ssize_t)n);
	o->ret = 0;
}

/* One thread acts so many times while another acts until it is done: all that came of the first one's turns, each once. */
void
do_contend(const struct request *r, struct outcome *o)
{
	const struct action *left = find_action(perform_text(r, 0));
	struct contest c;
	pthread_t right;
	unsigned seen = 0;
	intmax_t i;
	int err;

	memset(&c, 0, sizeof c);
	c.right = find_action(perform_text(r, 1));
	c.p = perform_address(r, 3);
	c.page = (size_t)sysconf(_SC_PAGESIZE);
	c.fd = r->nargs > 4 ? (int)r->arg[4] : -1;
	if (!left || !c.right) {
		o->how = OUTCOME_ABSENT;
		return;
	}
	affinity_free();
	err = pthread_create(&right, NULL, run_right, &c);
	if (err) {
		o->how = OUTCOME_FAILED;
		o->err = err;
		return;
	}
	while (!c.started)
		sched_yield();
	for (i = 0; i < r->arg[2]; ++i) {
		seen |= 1u << turn(&c, left);
		/* One processor changes threads seldom of itself, so that these would meet in few states. */
		if (i % (r->arg[2] / 8 + 1) == 0)
			sched_yield();
	}
	c.over = 1;
	pthread_join(right, NULL);
	tell_saw(seen, o);
}

struct storing {
	volatile char *p;
	size_t page, n;
	volatile int *ready;
	int me, faults;
};

static void
store_each(void *arg)
{
	struct storing *s = arg;
	size_t i;

	for (i = 0; i < s->n; ++i)
		s->p[i * s->page + (size_t)s->me] = 'x';
}

static void *
run_storing(void *arg)
{
	struct storing *s = arg;
	struct outcome o;

	s->ready[s->me] = 1;
	while (!s->ready[!s->me])
		sched_yield();
	s->faults = s->me && fault_thread(PROCESS_MAX) < 0 ? 1 : fault_catch(store_each, s, &o) != 0;
	return NULL;
}

/* Two threads at the same time store a byte each in each of the pages: how many of these stores are not there after. */
void
do_store_together(const struct request *r, struct outcome *o)
{
	volatile int ready[2] = { 0, 0 };
	struct storing s[2];
	pthread_t other;
	size_t i;
	int k, err;

	for (k = 0; k < 2; ++k) {
		s[k].p = perform_address(r, 0);
		s[k].page = (size_t)sysconf(_SC_PAGESIZE);
		s[k].n = (size_t)r->arg[1];
		s[k].ready = ready;
		s[k].me = k;
	}
	affinity_free();
	err = pthread_create(&other, NULL, run_storing, &s[1]);
	if (err) {
		o->how = OUTCOME_FAILED;
		o->err = err;
		return;
	}
	run_storing(&s[0]);
	pthread_join(other, NULL);
	o->how = OUTCOME_RETURNED;
	o->ret = s[0].faults + s[1].faults;
	for (k = 0; k < 2; ++k)
		for (i = 0; i < s[k].n; ++i)
			o->ret += s[k].p[i * s[k].page + (size_t)k] != 'x';
}
