/* The calls of a script as C has them. */
#include <stdio.h>
#include <string.h>
#include "calls.h"
#include "outcome.h"
#include "report.h"
#include "repro.h"
#include "run.h"

#define NONE HELPERS

/* A % and a digit in the text stands for an argument, %w for the text that is wanted, %n for its length, %c for code. */
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
	{ "umount", "(own_mounts() < 0 ? -1 : umount(%0))", TELLS_FAILURE, HELPER_MOUNTS, "", 1 },
	{ "sendfile", "send_file(%0, %1, %2, %3)", TELLS_FAILURE, HELPER_SENDFILE, "", 0 },
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
	{ "mremap", NULL, TELLS_ADDRESS, NONE, "sys/mman.h", 1 },
	{ "remap_file_pages", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "minherit", NULL, TELLS_FAILURE, NONE, "sys/mman.h", 1 },
	{ "mincore", "in_memory(%0, %1)", TELLS_TEXT, HELPER_MINCORE, "", 1 },
	{ "load", NULL, TELLS_TEXT, HELPER_LOAD, "", 0 },
	{ "store", NULL, TELLS_TEXT, HELPER_STORE, "", 0 },
	{ "loads", "loads(%0, %1, %w)", TELLS_TEXT, HELPER_LOADS, "", 0 },
	{ "stores", "stores(%0, %1, %2)", TELLS_TEXT, HELPER_STORES, "", 0 },
	{ "scan", "scan(%0, %1)", TELLS_TEXT, HELPER_SCAN, "", 0 },
	{ "fill", NULL, TELLS_TEXT, HELPER_FILL, "", 0 },
	{ "failed_swap", NULL, TELLS_TEXT, HELPER_SWAP, "", 0 },
	{ "code", "stores(%0, %c)", TELLS_TEXT, HELPER_STORES, "", 0 },
	{ "pwrite_code", "pwrite(%0, %c, %1)", TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "run", NULL, TELLS_TEXT, HELPER_RUN, "", 0 },
	{ "reads", "reads(%0, %1, %w, %n)", TELLS_TEXT, HELPER_READS, "", 0 },
	{ "preads", "preads(%0, %1, %2, %w, %n)", TELLS_TEXT, HELPER_PREADS, "", 0 },
	{ "byteat", NULL, TELLS_FAILURE, HELPER_BYTEAT, "", 0 },
	{ "size", NULL, TELLS_FAILURE, HELPER_SIZE, "", 0 },
	{ "links", NULL, TELLS_FAILURE, HELPER_LINKS, "", 0 },
	{ "blocks", NULL, TELLS_FAILURE, HELPER_BLOCKS, "", 0 },
	{ "atime", NULL, TELLS_FAILURE, HELPER_ATIME, "", 0 },
	{ "mtime", NULL, TELLS_FAILURE, HELPER_MTIME, "", 0 },
	{ "settimes", NULL, TELLS_FAILURE, HELPER_SETTIMES, "", 0 },
	{ "setlk", NULL, TELLS_FAILURE, HELPER_SETLK, "", 0 },
	{ "cloexec", NULL, TELLS_FAILURE, HELPER_CLOEXEC, "", 0 },
	{ "sysconf", NULL, TELLS_FAILURE, NONE, "unistd.h", 0 },
	{ "getrlimit", "limit_of(%0)", TELLS_FAILURE, HELPER_GETRLIMIT, "", 0 },
	{ "setrlimit", "limit(%0, %1)", TELLS_FAILURE, HELPER_SETRLIMIT, "", 0 },
	/* PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: newer than many headers */
	{ "refuse_exec_gain", "prctl(65, 1, 0, 0, 0)", TELLS_FAILURE, NONE, "sys/prctl.h", 0 },
	{ "mapping", NULL, TELLS_TEXT, HELPER_MAPPING, "", 0 },
	{ "smaps", NULL, TELLS_FAILURE, HELPER_SMAPS, "", 0 },
	{ "has_flag", NULL, TELLS_FAILURE, HELPER_FLAG, "", 0 },
	{ "vfork_mmap", NULL, TELLS_ADDRESS, HELPER_VFORK, "", 1 },
	{ "personality", NULL, TELLS_FAILURE, NONE, "sys/personality.h", 1 },
	{ "knob", NULL, TELLS_FAILURE, HELPER_KNOB, "", 0 },
	{ "pkey_alloc", "syscall(SYS_pkey_alloc, %0, %1)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "pkey_free", "syscall(SYS_pkey_free, %0)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "pkey_mprotect", "syscall(SYS_pkey_mprotect, %0, %1, %2, %3)", TELLS_FAILURE, NONE, "sys/syscall.h unistd.h", 1 },
	{ "shm_attach", "segment(%0, %1, %2)", TELLS_ADDRESS, HELPER_SEGMENT, "sys/mman.h", 0 },
	{ "shmdt", NULL, TELLS_FAILURE, NONE, "sys/shm.h", 0 },
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

void
repro_argument(struct repro *r, struct buffer *b, const struct step *s, int i)
{
	struct expr *e;
	char kind;

	if (i >= s->nargs) {
		buffer_str(b, "0");
		return;
	}
	e = repro_fold(r, s->arg[i]);
	kind = call_kind(s->call, i);
	if (e->kind == EXPR_STRING && (s->call->flags & CALL_NAMES || strcmp(s->call->name, "shm_unlink") == 0)
	    && e->ntext > 1 && e->text[0] == '/' && e->text[1] != '/') {
		/* A name for the whole system must not be anybody's. */
		buffer_str(b, "\"/mmap-repro.");
		buffer_add(b, e->text + 1, e->ntext - 1);
		buffer_str(b, "\"");
	} else if (e->kind == EXPR_STRING) {
		report_text(b, e->text, e->ntext);
	} else if (kind == 'P') {
		repro_name(r, b, e->name);
	} else {
		repro_expr(r, b, e, kind == 'b' ? 'p' : kind);
	}
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
print_code(struct repro *r, struct buffer *b, const struct step *s)
{
	struct value v;
	const char *why;
	char bytes[64];

	if (expr_eval(s->arg[s->nargs - 1], r->result->env, &v, &why) != EVAL_OK)
		v.number = 0;
	buffer_str(b, "\"");
	snprintf(bytes, sizeof bytes, repro_code(), (unsigned)v.number & 255);
	buffer_str(b, bytes);
	buffer_str(b, "\", 6");
}

static void
print_filled(struct repro *r, struct buffer *b, const char *text, const struct step *s)
{
	const struct outcome *o = &r->result->seen[s->index].outcome;
	int wanted = o->how == OUTCOME_RETURNED;

	for (; *text; ++text) {
		if (*text != '%') {
			buffer_add(b, text, 1);
			continue;
		}
		++text;
		if (*text == 'w' && wanted)
			report_text(b, o->text, (size_t)o->ntext);
		else if (*text == 'w')
			buffer_str(b, "NULL");
		else if (*text == 'n')
			buffer_fmt(b, "%d", wanted ? o->ntext : -1);
		else if (*text == 'c')
			print_code(r, b, s);
		else if (*text == '2' && strcmp(s->call->name, "stores") == 0)
			print_stores_count(r, b, s);
		else
			repro_argument(r, b, s, *text - '0');
	}
}

void
repro_call(struct repro *r, struct buffer *b, const struct repro_row *row, const struct step *s)
{
	int i, wide = (strcmp(row->name, "load") == 0 && s->nargs > 1) || (strcmp(row->name, "store") == 0 && s->nargs > 2);

	if (wide)
		repro_need(r, strcmp(row->name, "load") == 0 ? HELPER_LOAD_WIDE : HELPER_STORE_WIDE);
	else if (row->helper != NONE)
		repro_need(r, row->helper);
	repro_header(r, row->headers);
	r->beyond |= row->beyond;
	if (row->text) {
		print_filled(r, b, row->text, s);
		return;
	}
	buffer_fmt(b, "%s%s(", row->name, wide ? "_wide" : "");
	for (i = 0; i < s->nargs; ++i) {
		buffer_str(b, i ? ", " : "");
		repro_argument(r, b, s, i);
	}
	buffer_str(b, ")");
}
