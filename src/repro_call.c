/* The calls of a script as C has them. */
#include <stdio.h>
#include <string.h>
#include "calls.h"
#include "outcome.h"
#include "report.h"
#include "repro.h"
#include "run.h"

#define NONE HELPER_SAW

/* A % and a digit in the text stands for an argument, %l and a digit for a length that text[] has room for, %c for code, %f for
 * what special_fd() opens, %r for all of a contend(). */
static const struct repro_row rows[] = {
	{ "open", NULL, TELLS_FAILURE, NONE, "fcntl.h", 0 },
	{ "close", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "dup", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "dup2", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "ftruncate", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "truncate", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "pipe", "pair(pipe(ends))", TELLS_FAILURE, HELPER_PAIR, "unistd.h", 0 },
	{ "socketpair", "pair(socketpair(AF_UNIX, %0, 0, ends))", TELLS_FAILURE, HELPER_PAIR, "sys/socket.h", 0 },
	{ "socket", "socket(%0, %1, 0)", TELLS_FAILURE, NONE, "sys/socket.h", 0 },
	{ "read", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "write", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "pread", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "pwrite", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "lseek", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "fsync", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "unlink", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "rmdir", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "link", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "symlink", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "rename", NULL, TELLS_FAILURE, NONE, "stdio.h", 0 },
	{ "mkfifo", NULL, TELLS_FAILURE, NONE, "sys/stat.h", 0 },
	{ "mkdir", NULL, TELLS_FAILURE, NONE, "sys/stat.h", 0 },
	{ "chmod", NULL, TELLS_FAILURE, NONE, "sys/stat.h", 0 },
	{ "posix_fallocate", NULL, TELLS_ERROR, NONE, "fcntl.h", 0 },
	{ "fallocate", NULL, TELLS_FAILURE, NONE, "fcntl.h", 1 },
	{ "set_attribute", NULL, TELLS_FAILURE, HELPER_ATTRIBUTE, "", 1 },
	{ "set_lease", "fcntl(%0, F_SETLEASE, %1)", TELLS_FAILURE, NONE, "fcntl.h", 1 },
	{ "clone_file", "ioctl(%0, FICLONE, %1)", TELLS_FAILURE, NONE, "sys/ioctl.h linux/fs.h", 1 },
	{ "execute", NULL, TELLS_FAILURE, HELPER_EXECUTE, "", 0 },
	{ "mount", "(own_mounts() < 0 ? -1 : mount(%0, %1, %2, %3, %4))", TELLS_FAILURE, HELPER_MOUNTS, "", 1 },
	{ "loop", NULL, TELLS_FAILURE, HELPER_LOOP, "", 1 },
	{ "loop_resize", "ioctl(%0, LOOP_SET_CAPACITY)", TELLS_FAILURE, NONE, "linux/loop.h sys/ioctl.h", 1 },
	{ "umount", "(own_mounts() < 0 ? -1 : umount(%0))", TELLS_FAILURE, HELPER_MOUNTS, "", 1 },
	{ "sendfile", "send_file(%0, %1, %2, %3)", TELLS_FAILURE, HELPER_SENDFILE, "", 0 },
	{ "copy_file_range", "copy_file_range(%0, &(loff_t){ %1 }, %2, &(loff_t){ %3 }, %4, 0)", TELLS_FAILURE, NONE,
	    "unistd.h", 1 },
	{ "splice", "splice(%0, &(loff_t){ %1 }, %2, NULL, %3, 0)", TELLS_FAILURE, NONE, "fcntl.h", 1 },
	{ "shm_open", "shm_open(%0, %1, %2)", TELLS_FAILURE, NONE, "sys/mman.h fcntl.h", 0 },
	{ "shm_unlink", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "memfd_create", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "add_seals", "fcntl(%0, F_ADD_SEALS, %1)", TELLS_FAILURE, NONE, "fcntl.h", 1 },
	{ "mmap", NULL, TELLS_ADDRESS, NONE, "sys/mman.h", 0 },
	{ "munmap", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "mprotect", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "msync", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "mlock", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "munlock", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "mlockall", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "munlockall", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "mlock2", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "posix_madvise", NULL, TELLS_ERROR, NONE, "sys/mman.h", 0 },
	{ "madvise", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "mremap", "mremap(%0, %1, %2, %3, %4)", TELLS_ADDRESS, NONE, "sys/mman.h", 1 },
	{ "remap_file_pages", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "minherit", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "mincore", "in_memory(%0, %1)", TELLS_TEXT, HELPER_MINCORE, "", 1 },
	{ "mincore_into", "mincore(%0, %1, (void *)(%2))", TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "mseal", "syscall(SYS_mseal, %0, %1, 0)", TELLS_FAILURE, HELPER_MSEAL, "", 1 },
	{ "memfd_secret", "syscall(SYS_memfd_secret, %0)", TELLS_FAILURE, HELPER_MEMFD_SECRET, "", 1 },
	{ "sbrk", "(char *)sbrk(%0)", TELLS_ADDRESS, HELPER_HEAP, "unistd.h", 1 },
	{ "posix_typed_mem_open", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 0 },
	{ "read_memory", "read_memory(%0, %l1)", TELLS_TEXT, HELPER_READ_MEMORY, "", 1 },
	{ "load", NULL, TELLS_FAULT, HELPER_LOAD, "", 0 },
	{ "store", NULL, TELLS_FAULT, HELPER_STORE, "", 0 },
	{ "loads", "loads(%0, %l1)", TELLS_CAUGHT_TEXT, HELPER_LOADS, "", 0 },
	{ "stores", "stores(%0, %1, %2)", TELLS_FAULT, HELPER_STORES, "", 0 },
	{ "scan", "scan(%0, %1)", TELLS_TEXT, HELPER_SCAN, "", 0 },
	{ "fill", NULL, TELLS_FAULT, HELPER_FILL, "", 0 },
	{ "failed_swap", NULL, TELLS_FAULT, HELPER_SWAP, "", 0 },
	{ "code", "stores(%0, %c)", TELLS_FAULT, HELPER_STORES, "", 0 },
	{ "pwrite_code", "pwrite(%0, %c, %1)", TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "run", NULL, TELLS_FAULT, HELPER_RUN, "", 0 },
	{ "repair", NULL, TELLS_FAILURE, HELPER_REPAIR, "", 0 },
	{ "race", NULL, TELLS_FAILURE, HELPER_RACE, "", 0 },
	{ "contend", "contend(%r)", TELLS_FAILURE, HELPER_CONTEND, "", 0 },
	{ "store_together", NULL, TELLS_FAULT, HELPER_TOGETHER, "", 0 },
	{ "userfault", NULL, TELLS_FAILURE, HELPER_USERFAULT, "", 1 },
	{ "mutex_init", NULL, TELLS_ERROR, HELPER_MUTEX, "", 0 },
	{ "mutex_lock", "pthread_mutex_lock((void *)%0)", TELLS_ERROR, HELPER_PTHREAD, "pthread.h", 0 },
	{ "mutex_trylock", "pthread_mutex_trylock((void *)%0)", TELLS_ERROR, HELPER_PTHREAD, "pthread.h", 0 },
	{ "mutex_unlock", "pthread_mutex_unlock((void *)%0)", TELLS_ERROR, HELPER_PTHREAD, "pthread.h", 0 },
	{ "sem_init", "sem_init((void *)%0, 1, %1)", TELLS_FAILURE, HELPER_PTHREAD, "semaphore.h", 0 },
	{ "sem_post", "sem_post((void *)%0)", TELLS_FAILURE, HELPER_PTHREAD, "semaphore.h", 0 },
	{ "sem_trywait", "sem_trywait((void *)%0)", TELLS_FAILURE, HELPER_PTHREAD, "semaphore.h", 0 },
	{ "split", NULL, TELLS_FAILURE, HELPER_SPLIT, "", 0 },
	{ "reads", "read(%0, text, %l1)", TELLS_TEXT, HELPER_TEXTS, "unistd.h", 0 },
	{ "preads", "pread(%0, text, %l1, %2)", TELLS_TEXT, HELPER_TEXTS, "unistd.h", 0 },
	{ "byteat", NULL, TELLS_FAILURE, HELPER_BYTEAT, "", 0 },
	{ "size", NULL, TELLS_FAILURE, HELPER_SIZE, "", 0 },
	{ "links", NULL, TELLS_FAILURE, HELPER_LINKS, "", 0 },
	{ "blocks", NULL, TELLS_FAILURE, HELPER_BLOCKS, "", 0 },
	{ "atime", NULL, TELLS_FAILURE, HELPER_ATIME, "", 0 },
	{ "mtime", NULL, TELLS_FAILURE, HELPER_MTIME, "", 0 },
	{ "settimes", NULL, TELLS_FAILURE, HELPER_SETTIMES, "", 0 },
	{ "setlk", NULL, TELLS_FAILURE, HELPER_SETLK, "", 0 },
	{ "cloexec", NULL, TELLS_FAILURE, HELPER_CLOEXEC, "", 0 },
	{ "sync_file_range", NULL, TELLS_FAILURE, NONE, "fcntl.h", 1 },
	{ "special_fd", "%f", TELLS_FAILURE, NONE, "", 1 },
	{ "personality", "(personality(%0) < 0 ? -1 : 0)", TELLS_FAILURE, NONE, "sys/personality.h", 1 },
	{ "errno_changed", "left != 0", TELLS_FAILURE, HELPER_ERRNO, "", 0 },
	{ "sysconf", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "getrlimit", "limit_of(%0)", TELLS_FAILURE, HELPER_GETRLIMIT, "", 0 },
	{ "setrlimit", "limit(%0, %1)", TELLS_FAILURE, HELPER_SETRLIMIT, "", 0 },
	/* PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: newer than many headers */
	{ "refuse_exec_gain", "prctl(65, 1, 0, 0, 0)", TELLS_FAILURE, NONE, "sys/prctl.h", 0 },
	{ "mapping", NULL, TELLS_TEXT, HELPER_MAPPING, "", 0 },
	{ "smaps", NULL, TELLS_FAILURE, HELPER_SMAPS, "", 0 },
	{ "has_flag", NULL, TELLS_FAILURE, HELPER_FLAG, "", 0 },
	{ "vfork_mmap", NULL, TELLS_ADDRESS, HELPER_VFORK, "", 1 },
	{ "knob", NULL, TELLS_FAILURE, HELPER_KNOB, "", 0 },
	{ "pkey_alloc", "syscall(SYS_pkey_alloc, %0, %1)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "pkey_free", "syscall(SYS_pkey_free, %0)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "pkey_mprotect", "syscall(SYS_pkey_mprotect, %0, %1, %2, %3)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "pkey_set", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "process_madvise", "advise(%0, %1, %2, %3)", TELLS_FAILURE, HELPER_ADVISE, "", 1 },
	{ "mmap2", "(char *)syscall(SYS_mmap2, %0, %1, %2, %3, %4, (long)(%5))", TELLS_ADDRESS, NONE,
	    "sys/syscall.h unistd.h", 1 },
	{ "open_small", "syscall(SYS_openat, AT_FDCWD, %0, %1, %2)", TELLS_FAILURE, NONE, "fcntl.h sys/syscall.h unistd.h", 1 },
	{ "shm_attach", "segment(%0, %1, %2)", TELLS_ADDRESS, HELPER_SEGMENT, "sys/mman.h", 0 },
	{ "shmdt", NULL, TELLS_FAILURE, NONE, "sys/shm.h", 0 },
	{ "last_fault", NULL, TELLS_TEXT, HELPER_LAST_FAULT, "", 1 },
	{ "altstack", NULL, TELLS_FAILURE, HELPER_ALTSTACK, "", 0 },
	{ "ignore", "(signal(%0, SIG_IGN) == SIG_ERR ? -1 : 0)", TELLS_FAILURE, NONE, "signal.h", 0 },
	{ "block", NULL, TELLS_FAILURE, HELPER_BLOCK, "", 0 },
	{ "kill", NULL, TELLS_FAILURE, NONE, "signal.h", 0 },
	{ "drop_root", NULL, TELLS_FAILURE, HELPER_DROP_ROOT, "", 0 },
};

const struct repro_row *
repro_row(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(rows); ++i)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const char *
repro_row_name(int i)
{
	return (size_t)i < LEN(rows) ? rows[i].name : NULL;
}

/* Calls that need more than a row; add here one that has no form in C, with the reason. */
static const struct { const char *name, *why; } others[] = {
	{ "value", NULL }, { "own_memory", NULL }, { "fork", NULL }, { "process", NULL }, { "exit", NULL }, { "exec", NULL },
	{ "thread", NULL },
};

int
repro_told(const char *name, const char **why)
{
	size_t i;

	*why = NULL;
	for (i = 0; i < LEN(others) && strcmp(others[i].name, name) != 0; ++i)
		;
	if (i == LEN(others))
		return repro_row(name) != NULL;
	*why = others[i].why;
	return !*why;
}

void
repro_argument(struct repro *r, struct buffer *b, const struct step *s, int i)
{
	struct expr *e;
	char kind;

	kind = call_kind(s->call, i);
	if (i >= s->nargs) {
		buffer_str(b, kind == 'p' ? "NULL" : "0");
		return;
	}
	e = repro_fold(r, s->arg[i]);
	if (e->kind == EXPR_STRING && (s->call->flags & CALL_NAMES || strcmp(s->call->name, "shm_unlink") == 0)
	    && e->ntext > 1 && e->text[0] == '/' && e->text[1] != '/') {
		repro_object(b, e->text, e->ntext);
	} else if (e->kind == EXPR_STRING) {
		repro_text(b, e->text, e->ntext);
	} else if (kind == 'P') {
		repro_name(r, b, e->name);
	} else {
		repro_expr(r, b, e, kind == 'b' ? 'p' : kind);
	}
}

/* The value of an argument, where it is a number that fits; else what is given. */
static intmax_t
value_of(const struct repro *r, const struct step *s, int i, intmax_t otherwise)
{
	struct value v;
	const char *why;

	return i < s->nargs && expr_eval(s->arg[i], r->result->env, &v, &why) == EVAL_OK && !v.text ? v.number : otherwise;
}

/* How many bytes stores() puts there. */
static void
print_stores_count(struct repro *r, struct buffer *b, const struct step *s)
{
	struct expr *e = repro_fold(r, s->arg[1]);

	if (s->nargs > 2)
		repro_argument(r, b, s, 2);
	else
		buffer_fmt(b, "%zu", e->kind == EXPR_STRING ? strlen(e->text) : (size_t)0);
}

static void
print_length(struct repro *r, struct buffer *b, const struct step *s, int i)
{
	intmax_t n = value_of(r, s, i, -1);

	if (n < 0 || n > TEXT_MAX)
		buffer_fmt(b, "%d", TEXT_MAX);
	else
		repro_argument(r, b, s, i);
}

static void
print_code(const struct repro *r, struct buffer *b, const struct step *s)
{
	buffer_str(b, "\"");
	buffer_fmt(b, repro_code(), (unsigned)value_of(r, s, s->nargs - 1, 0) & 255);
	buffer_str(b, "\", 6");
}

static void
print_special(struct repro *r, struct buffer *b, const struct step *s)
{
	static const struct { const char *kind, *header, *text; } kinds[] = {
		{ "epoll", "sys/epoll.h", "epoll_create1(0)" }, { "eventfd", "sys/eventfd.h", "eventfd(0, 0)" },
		{ "pidfd", "sys/syscall.h unistd.h", "syscall(SYS_pidfd_open, getpid(), 0)" },
		{ "timerfd", "sys/timerfd.h", "timerfd_create(1, 0)" }, { "inotify", "sys/inotify.h", "inotify_init1(0)" },
	};
	const struct expr *e = repro_fold(r, s->arg[0]);
	size_t i;

	for (i = 0; i < LEN(kinds); ++i) {
		if (e->kind == EXPR_STRING && strcmp(kinds[i].kind, e->text) == 0) {
			repro_header(r, kinds[i].header);
			buffer_str(b, kinds[i].text);
		}
	}
}

static void
print_filled(struct repro *r, struct buffer *b, const char *text, const struct step *s)
{
	for (; *text; ++text) {
		if (*text != '%') {
			buffer_add(b, text, 1);
			continue;
		}
		++text;
		if (*text == 'l')
			print_length(r, b, s, *++text - '0');
		else if (*text == 'c')
			print_code(r, b, s);
		else if (*text == 'r')
			repro_contend(r, b, s);
		else if (*text == 'f')
			print_special(r, b, s);
		else if (*text == '2' && strcmp(s->call->name, "stores") == 0)
			print_stores_count(r, b, s);
		else
			repro_argument(r, b, s, *text - '0');
	}
}

/* load() and store() of more than a byte are functions of their own, without the last argument. */
static int
width_of(const struct repro *r, const struct step *s)
{
	if (strcmp(s->call->name, "load") == 0)
		return (int)value_of(r, s, 1, 1);
	if (strcmp(s->call->name, "store") == 0)
		return (int)value_of(r, s, 2, 1);
	return 0;
}

void
repro_call(struct repro *r, struct buffer *b, const struct repro_row *row, const struct step *s)
{
	int i, width = width_of(r, s), nargs = s->nargs;
	int wide = width == 2 ? 1 : width == 4 ? 2 : width == 8 ? 3 : 0;

	repro_need(r, (enum helper)(row->helper + wide));
	repro_header(r, row->headers);
	r->beyond |= row->beyond;
	if (row->text) {
		print_filled(r, b, row->text, s);
		return;
	}
	buffer_str(b, row->name);
	if (wide)
		buffer_fmt(b, "%d", width);
	if (width)
		nargs = call_least(s->call);
	buffer_str(b, "(");
	for (i = 0; i < nargs; ++i) {
		buffer_str(b, i ? ", " : "");
		repro_argument(r, b, s, i);
	}
	buffer_str(b, ")");
}
