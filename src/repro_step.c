/* One step of a case as lines of C. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "calls.h"
#include "record.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

/* How C tells what came of a call. */
enum telling {
	FAILS,          /* below 0 and errno, else a number */
	MAPS,           /* MAP_FAILED and errno, else an address */
	ERROR,          /* it is the error */
	TEXT            /* a helper that says it in words */
};

#define NONE HELPERS

/* A % and a digit in the text stands for an argument, %w for the text that is wanted, %n for its length, %c for code. */
static const struct row {
	const char *name, *text;
	enum telling telling;
	enum helper helper;
	const char *headers;
	int beyond;
} rows[] = {
	{ "open", NULL, FAILS, NONE, "fcntl.h", 0 },
	{ "close", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "dup", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "dup2", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "ftruncate", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "truncate", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "pipe", "pair(pipe(ends))", FAILS, HELPER_PAIR, "unistd.h", 0 },
	{ "socketpair", "pair(socketpair(AF_UNIX, %0, 0, ends))", FAILS, HELPER_PAIR, "sys/socket.h", 0 },
	{ "socket", "socket(%0, %1, 0)", FAILS, NONE, "sys/socket.h", 0 },
	{ "read", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "write", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "pread", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "pwrite", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "lseek", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "fsync", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "unlink", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "rmdir", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "link", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "symlink", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "rename", NULL, FAILS, NONE, "stdio.h", 0 },
	{ "mkfifo", NULL, FAILS, NONE, "sys/stat.h", 0 },
	{ "mkdir", NULL, FAILS, NONE, "sys/stat.h", 0 },
	{ "chmod", NULL, FAILS, NONE, "sys/stat.h", 0 },
	{ "posix_fallocate", NULL, ERROR, NONE, "fcntl.h", 0 },
	{ "fallocate", NULL, FAILS, NONE, "fcntl.h", 1 },
	{ "sendfile", "send_file(%0, %1, %2, %3)", FAILS, HELPER_SENDFILE, "", 0 },
	{ "shm_open", "shm_open(%0, %1, %2)", FAILS, NONE, "sys/mman.h fcntl.h", 0 },
	{ "shm_unlink", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "memfd_create", NULL, FAILS, NONE, "sys/mman.h", 1 },
	{ "add_seals", "fcntl(%0, F_ADD_SEALS, %1)", FAILS, NONE, "fcntl.h", 1 },
	{ "mmap", NULL, MAPS, NONE, "sys/mman.h", 0 },
	{ "munmap", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "mprotect", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "msync", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "mlock", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "munlock", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "mlockall", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "munlockall", NULL, FAILS, NONE, "sys/mman.h", 0 },
	{ "mlock2", NULL, FAILS, NONE, "sys/mman.h", 1 },
	{ "posix_madvise", NULL, ERROR, NONE, "sys/mman.h", 0 },
	{ "madvise", NULL, FAILS, NONE, "sys/mman.h", 1 },
	{ "mremap", NULL, MAPS, NONE, "sys/mman.h", 1 },
	{ "remap_file_pages", NULL, FAILS, NONE, "sys/mman.h", 1 },
	{ "minherit", NULL, FAILS, NONE, "sys/mman.h", 1 },
	{ "mincore", "in_memory(%0, %1)", TEXT, HELPER_MINCORE, "", 1 },
	{ "load", NULL, TEXT, HELPER_LOAD, "", 0 },
	{ "store", NULL, TEXT, HELPER_STORE, "", 0 },
	{ "loads", "loads(%0, %1, %w)", TEXT, HELPER_LOADS, "", 0 },
	{ "stores", "stores(%0, %1, %2)", TEXT, HELPER_STORES, "", 0 },
	{ "scan", "scan(%0, %1)", TEXT, HELPER_SCAN, "", 0 },
	{ "fill", NULL, TEXT, HELPER_FILL, "", 0 },
	{ "failed_swap", NULL, TEXT, HELPER_SWAP, "", 0 },
	{ "code", "stores(%0, %c)", TEXT, HELPER_STORES, "", 0 },
	{ "pwrite_code", "pwrite(%0, %c, %1)", FAILS, NONE, "unistd.h", 0 },
	{ "run", NULL, TEXT, HELPER_RUN, "", 0 },
	{ "reads", "reads(%0, %1, %w, %n)", TEXT, HELPER_READS, "", 0 },
	{ "preads", "preads(%0, %1, %2, %w, %n)", TEXT, HELPER_PREADS, "", 0 },
	{ "byteat", NULL, FAILS, HELPER_BYTEAT, "", 0 },
	{ "size", NULL, FAILS, HELPER_SIZE, "", 0 },
	{ "links", NULL, FAILS, HELPER_LINKS, "", 0 },
	{ "blocks", NULL, FAILS, HELPER_BLOCKS, "", 0 },
	{ "atime", NULL, FAILS, HELPER_ATIME, "", 0 },
	{ "mtime", NULL, FAILS, HELPER_MTIME, "", 0 },
	{ "settimes", NULL, FAILS, HELPER_SETTIMES, "", 0 },
	{ "setlk", NULL, FAILS, HELPER_SETLK, "", 0 },
	{ "cloexec", NULL, FAILS, HELPER_CLOEXEC, "", 0 },
	{ "sysconf", NULL, FAILS, NONE, "unistd.h", 0 },
	{ "getrlimit", "limit_of(%0)", FAILS, HELPER_GETRLIMIT, "", 0 },
	{ "setrlimit", "limit(%0, %1)", FAILS, HELPER_SETRLIMIT, "", 0 },
	/* PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: newer than many headers */
	{ "refuse_exec_gain", "prctl(65, 1, 0, 0, 0)", FAILS, NONE, "sys/prctl.h", 0 },
	{ "ignore", "(signal(%0, SIG_IGN) == SIG_ERR ? -1 : 0)", FAILS, NONE, "signal.h", 0 },
	{ "block", NULL, FAILS, HELPER_BLOCK, "", 0 },
	{ "kill", NULL, FAILS, NONE, "signal.h", 0 },
	{ "drop_root", NULL, FAILS, HELPER_DROP_ROOT, "", 0 },
};

static const struct row *
find_row(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(rows); ++i)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void
print_arg(struct repro *r, struct buffer *b, const struct step *s, int i)
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
		print_arg(r, b, s, 2);
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
			print_arg(r, b, s, *text - '0');
	}
}

/* The call, as C has it. */
static void
print_call(struct repro *r, struct buffer *b, const struct row *row, const struct step *s)
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
		print_arg(r, b, s, i);
	}
	buffer_str(b, ")");
}

/* What a line of the output begins with: calls of C by their name, the others as the script has them. */
static void
print_label(struct repro *r, struct buffer *b, const struct step *s, int whole)
{
	const struct probe *p = r->result->trial->probe;
	struct buffer label = { NULL, 0, 0 };
	int i;

	if (s->process_name >= 0)
		buffer_fmt(&label, "%s: ", p->names.name[s->process_name]);
	buffer_str(&label, s->call->name);
	for (i = 0; whole && i < s->nargs; ++i) {
		buffer_str(&label, i ? ", " : "(");
		expr_print(&label, repro_fold(r, s->arg[i]), &p->names);
	}
	if (whole && s->nargs)
		buffer_str(&label, ")");
	report_text(b, label.data, label.len);
	buffer_free(&label);
}

void
repro_note(int list[NAMES_MAX], int *n, int what)
{
	int i;

	for (i = 0; i < *n; ++i)
		if (list[i] == what)
			return;
	if (*n < NAMES_MAX)
		list[(*n)++] = what;
}

/* A number that is wanted, in words. */
static void
print_wanted(struct repro *r, struct buffer *b, const struct step *s, intmax_t n)
{
	intmax_t page = symbol_find("PAGE", 4)->value;

	if (s->call->gives == GIVES_BYTE && s->nargs < 2 + (strcmp(s->call->name, "byteat") == 0) && n > ' ' && n < 127) {
		buffer_fmt(b, n == '"' || n == '\\' ? "\"'\\%c'\"" : "\"'%c'\"", (int)n);
	} else if (n > 0 && n % page == 0 && n < page << 20 && s->call->gives != GIVES_BYTE) {
		r->page = 1;
		repro_need(r, HELPER_NUMBER);
		buffer_str(b, "number(");
		if (n != page)
			buffer_fmt(b, "%" PRIdMAX "*", n / page);
		buffer_str(b, "PAGE)");
	} else {
		buffer_fmt(b, "\"%" PRIdMAX "\"", n);
	}
}

static void
print_outcome(struct repro *r, struct buffer *b, const struct step *s, const struct outcome *o)
{
	if (o->how == OUTCOME_FAILED) {
		repro_note(r->errors, &r->nerrors, o->err);
		buffer_fmt(b, "\"%s\"", symbol_errno(o->err) ? symbol_errno(o->err) : "an error without a name");
	} else if (o->how == OUTCOME_CAUGHT || o->how == OUTCOME_DIED) {
		if (o->how == OUTCOME_CAUGHT && o->sig != symbol_find("SIGSEGV", 7)->value)
			repro_note(r->signals, &r->nsignals, o->sig);
		buffer_fmt(b, "\"%s\"", symbol_signal(o->sig) ? symbol_signal(o->sig) : "another signal");
	} else if (o->ntext >= 0) {
		report_text(b, o->text, (size_t)o->ntext);
	} else if (s->call->gives == GIVES_NOTHING || s->call->gives == GIVES_DESCRIPTOR || s->call->gives == GIVES_ADDRESS) {
		buffer_str(b, "\"ok\"");
	} else {
		print_wanted(r, b, s, o->ret);
	}
}

static int
is_number(const struct step *s, const struct outcome *o)
{
	return o->how == OUTCOME_RETURNED && (s->call->gives == GIVES_NUMBER || s->call->gives == GIVES_BYTE
	    || s->call->gives == GIVES_TIME);
}

/* Where a mapping lies, if the script asked for the place: "p + PAGE". */
static int
print_place(struct repro *r, struct buffer *b, const struct step *s, const struct outcome *o)
{
	struct buffer own = { NULL, 0, 0 };
	size_t start = b->len, n;

	if (o->how != OUTCOME_RETURNED || s->bind < 0)
		return 0;
	record_print(b, r->result, s);
	repro_name(r, &own, s->bind);
	n = strcspn(b->data + start, "+-");
	if (strncmp(b->data + start, "new", 3) == 0 || b->data[start] == '0' || (n == own.len && memcmp(b->data + start, own.data, n) == 0)
	    || call_find(b->data + start, n)) {
		b->len = start;
		b->data[start] = '\0';
	} else if (strstr(b->data + start, "PAGE")) {
		r->page = 1;
	}
	buffer_free(&own);
	return b->len > start;
}

/* Whether a place is told by a variable that is a number to C. */
static int
is_number_place(struct repro *r, const char *place)
{
	int name = scope_find(&r->result->trial->probe->names, place, strcspn(place, "+-"));

	if (name < 0 || r->type[name] != 'n')
		return 0;
	repro_header(r, "stdint.h");
	return 1;
}

static void
print_mapped(struct repro *r, struct buffer *b, const struct step *s, const struct outcome *o, const struct buffer *got)
{
	struct buffer place = { NULL, 0, 0 };

	repro_need(r, HELPER_ERROR);
	if (print_place(r, &place, s, o))
		buffer_fmt(b, "%s%s == %s ? \"%s\" : error(%s == MAP_FAILED), \"%s\"", is_number_place(r, place.data) ? "(intptr_t)" : "",
			got->data, place.data, place.data, got->data, place.data);
	else
		buffer_fmt(b, "error(%s == MAP_FAILED), ", got->data);
	if (!place.len)
		print_outcome(r, b, s, o);
	buffer_free(&place);
}

/* What was got and what is wanted, as the last two arguments of saw(). */
static void
print_check(struct repro *r, struct buffer *b, const struct row *row, const struct step *s, const struct buffer *got)
{
	const struct outcome *o = &r->result->seen[s->index].outcome;
	int byte = s->call->gives == GIVES_BYTE;

	if (row->telling == MAPS) {
		print_mapped(r, b, s, o, got);
		return;
	}
	if (row->telling == TEXT) {
		buffer_str(b, got->data);
	} else if (row->telling == ERROR) {
		repro_need(r, HELPER_ERROR);
		buffer_fmt(b, "error((errno = %s) != 0)", got->data);
	} else if (is_number(s, o) && s->call->gives == GIVES_TIME && o->ret >= 1000000000) {
		repro_need(r, HELPER_NUMBER);
		buffer_fmt(b, "%s >= 1000000000 ? \"today\" : number(%s), \"today\"", got->data, got->data);
		return;
	} else if (is_number(s, o)) {
		repro_need(r, byte ? HELPER_BYTE : HELPER_NUMBER);
		buffer_fmt(b, "%s(%s)", byte ? "byte" : "number", got->data);
	} else {
		repro_need(r, HELPER_ERROR);
		buffer_fmt(b, "error(%s < 0)", got->data);
	}
	buffer_str(b, ", ");
	print_outcome(r, b, s, o);
}

/* "p" of "p = ...", declared where it has its first value. */
static void
print_target(struct repro *r, struct buffer *b, const struct step *s)
{
	char type = r->type[s->bind];

	buffer_str(b, "\t");
	if (!r->declared[s->process][s->bind])
		buffer_str(b, type == 'p' ? "char *" : type == 'i' ? "int " : "long long ");
	r->declared[s->process][s->bind] = 1;
	if (s->process == 0 && r->inherits)
		r->declared[1][s->bind] = 1;
	repro_name(r, b, s->bind);
	buffer_str(b, " = ");
}

static void
print_value(struct repro *r, struct buffer *b, const struct step *s)
{
	const struct outcome *o = &r->result->seen[s->index].outcome;
	int bound = s->bind >= 0 && r->used[s->bind];

	if (bound) {
		print_target(r, b, s);
		repro_expr(r, b, s->arg[0], r->type[s->bind] == 'p' ? 'p' : 'l');
		buffer_str(b, ";\n");
	}
	if (!s->claims || (bound && r->type[s->bind] == 'p'))
		return;
	repro_need(r, HELPER_NUMBER);
	buffer_str(b, "\tsaw(");
	print_label(r, b, s, 1);
	buffer_str(b, ", number(");
	repro_expr(r, b, s->arg[0], 'l');
	buffer_str(b, "), ");
	print_wanted(r, b, s, o->ret);
	buffer_str(b, ");\n");
}

/* The program's own stack, data or code. */
static int
print_own_memory(struct repro *r, struct buffer *b, const struct step *s, struct buffer *why)
{
	const struct expr *e = repro_fold(r, s->arg[0]);

	if (s->bind < 0 || !r->used[s->bind])
		return 0;
	repro_header(r, "stdint.h");
	print_target(r, b, s);
	if (strcmp(e->text, "stack") == 0)
		buffer_str(b, "(char *)&(int){ 1 };\n");
	else if (strcmp(e->text, "data") == 0) {
		repro_need(r, HELPER_OWN);
		buffer_str(b, "(char *)&own;\n");
	}
	else if (strcmp(e->text, "code") == 0)
		buffer_str(b, "(char *)(intptr_t)saw;\n");
	else
		buffer_str(why, "memory of the program that is not known");
	return why->len ? -1 : 0;
}

/* A load that gives a variable its value. */
static int
print_bound_load(struct repro *r, struct buffer *b, const struct step *s)
{
	struct value width;
	const char *why;

	if (strcmp(s->call->name, "load") != 0 || r->result->seen[s->index].outcome.how != OUTCOME_RETURNED)
		return 0;
	if (s->nargs < 2 || expr_eval(s->arg[1], r->result->env, &width, &why) != EVAL_OK)
		width.number = 1;
	repro_header(r, "stdint.h");
	print_target(r, b, s);
	buffer_fmt(b, "*(volatile uint%d_t *)(", (int)width.number * 8);
	print_arg(r, b, s, 0);
	buffer_str(b, ");\n");
	return 1;
}

static int
refuse(struct buffer *why, const struct step *s, const char *what)
{
	buffer_fmt(why, "%s() %s", s->call->name, what);
	return -1;
}

int
repro_step(struct repro *r, struct buffer *b, const struct step *s, struct buffer *why)
{
	const struct outcome *o = &r->result->seen[s->index].outcome;
	const struct row *row = find_row(s->call->name);
	struct buffer got = { NULL, 0, 0 };
	int bound = s->bind >= 0 && r->used[s->bind], whole;

	if (strcmp(s->call->name, "value") == 0) {
		print_value(r, b, s);
		return 0;
	}
	if (strcmp(s->call->name, "own_memory") == 0)
		return print_own_memory(r, b, s, why);
	if (!row || (strstr(s->call->name, "code") && !repro_code()))
		return refuse(why, s, "has no form in plain C");
	if (o->how == OUTCOME_CAUGHT && row->telling != TEXT)
		return refuse(why, s, "raised a signal in the C library");
	if (o->how == OUTCOME_FAILED && (o->err == symbol_find("E2BIG", 5)->value || strcmp(row->name, "load") == 0 || strcmp(row->name, "store") == 0))
		return refuse(why, s, "failed in mmprobe itself");
	if (bound && row->telling == TEXT && print_bound_load(r, b, s))
		return 0;
	print_call(r, &got, row, s);
	if (bound && row->telling != TEXT) {
		print_target(r, b, s);
		buffer_fmt(b, "%s;\n", got.data);
		buffer_clear(&got);
		repro_name(r, &got, s->bind);
	}
	whole = row->telling == TEXT || (row->helper != NONE && !row->text);
	buffer_str(b, "\tsaw(");
	print_label(r, b, s, whole);
	buffer_str(b, ", ");
	print_check(r, b, row, s, &got);
	buffer_str(b, ");\n");
	buffer_free(&got);
	return 0;
}
