/* Expressions of a script as C has them. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "calls.h"
#include "expr.h"
#include "lex.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

/* In place of an operator, of a number that is not in the script. */
enum { WORKED_OUT = 1 };

static struct expr *
number(struct repro *r, intmax_t n)
{
	struct expr *e = arena_alloc(&r->arena, sizeof *e);
	char digits[32];

	snprintf(digits, sizeof digits, "%" PRIdMAX, n);
	e->kind = EXPR_NUMBER;
	e->op = WORKED_OUT;
	e->number = n;
	e->spelling = arena_text(&r->arena, digits, strlen(digits));
	return e;
}

static int
worked_out(const struct expr *e)
{
	return e->kind == EXPR_NUMBER && e->op == WORKED_OUT;
}

static int
is_constant(const struct expr *e)
{
	return !e || (e->kind != EXPR_NAME && e->kind != EXPR_STRING && is_constant(e->a) && is_constant(e->b));
}

static int
is_truth(int op)
{
	return op == OP_OR || op == OP_AND || op == OP_EQ || op == OP_NE || op == OP_LE || op == OP_GE || op == '<' || op == '>'
	    || op == '!';
}

/* What is known of the platform, but has no name in C. */
static int
is_fact(const char *name)
{
	static const char *const facts[] = { "BITS", "ROOT", "DEV_ZERO", "SHM", "STACK", "ADDRESS_SPACE", "MEMLOCK", "HUGE_PAGE",
		"HUGE_FREE", "PKEYS" };
	size_t i;

	for (i = 0; i < LEN(facts) && strcmp(facts[i], name) != 0; ++i)
		;
	return i < LEN(facts);
}

/* Whether a constant is worked out by what C leaves undefined: a number that wraps, or a negative one that is shifted. */
static int
is_odd(const struct repro *r, const struct expr *e)
{
	struct value a, b, v;
	const char *why;

	if (expr_eval(e, r->result->env, &v, &why) != EVAL_OK || expr_eval(e->a, r->result->env, &a, &why) != EVAL_OK)
		return 0;
	if (!e->b)
		return e->op == '-' && a.number == INTMAX_MIN;
	if (expr_eval(e->b, r->result->env, &b, &why) != EVAL_OK)
		return 0;
	switch (e->op) {
	case OP_SHL:
		return a.number < 0 || v.number < 0 || v.number >> b.number != a.number;
	case '+':
		return b.number < 0 ? v.number > a.number : v.number < a.number;
	case '-':
		return b.number < 0 ? v.number < a.number : v.number > a.number;
	case '*':
		return b.number && b.number != -1 && v.number / b.number != a.number;
	}
	return 0;
}

static struct expr *
fold_binary(struct repro *r, struct expr *e)
{
	struct value v;
	const char *why;

	if (is_constant(e) && (is_truth(e->op) || is_odd(r, e)
	    || (e->a->kind == EXPR_NUMBER && (!e->b || e->b->kind == EXPR_NUMBER)
	    && (worked_out(e->a) || (e->b && worked_out(e->b)))))
	    && expr_eval(e, r->result->env, &v, &why) == EVAL_OK)
		return number(r, v.number);
	if (e->op == '*' && worked_out(e->a) && e->a->number == 1)
		return e->b;
	if (e->op == '*' && worked_out(e->a) && e->a->number == 0)
		return e->a;
	if (e->op == '*' && worked_out(e->b) && e->b->number == 1)
		return e->a;
	if (e->op == '*' && worked_out(e->b) && e->b->number == 0)
		return e->b;
	if (e->op == '+' && worked_out(e->a) && e->a->number == 0)
		return e->b;
	if (e->op == '+' && worked_out(e->b) && e->b->number == 0)
		return e->a;
	return e;
}

struct expr *
repro_fold(struct repro *r, const struct expr *e)
{
	const struct trial *t = r->result->trial;
	struct expr *copy;

	if (e->kind == EXPR_NAME && e->name < t->probe->nparams)
		return repro_fold(r, t->given[e->name]);
	if (e->kind == EXPR_SYMBOL && is_fact(e->symbol->name))
		return number(r, e->symbol->value);
	copy = arena_alloc(&r->arena, sizeof *copy);
	*copy = *e;
	if (e->a)
		copy->a = repro_fold(r, e->a);
	if (e->b)
		copy->b = repro_fold(r, e->b);
	return e->kind == EXPR_UNARY || e->kind == EXPR_BINARY ? fold_binary(r, copy) : copy;
}

int
repro_is_address(const struct repro *r, const struct expr *e)
{
	if (e->kind == EXPR_NAME)
		return e->name >= r->result->trial->probe->nparams && r->type[e->name] == 'p';
	if (e->kind == EXPR_SYMBOL)
		return strcmp(e->symbol->name, "MAP_FAILED") == 0;
	if (e->kind != EXPR_BINARY)
		return 0;
	if (e->op == '+')
		return repro_is_address(r, e->a) != repro_is_address(r, e->b);
	return e->op == '-' && repro_is_address(r, e->a) && !repro_is_address(r, e->b);
}

/* Names of the program, of its functions, and words of C: a variable of a script must not take one. */
static const char *const taken[] = {
	"auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
	"float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
	"sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "after",
	"advise", "ANYWHERE", "argc", "argv", "atoi", "atoll", "back", "bus", "CATCH", "caught", "chdir", "child",
	"differs", "dir", "ends", "environ", "epoll_create1", "errno", "eventfd", "execl", "FAULT", "fault", "fcntl",
	"getenv", "got", "here", "i386", "in_memory", "inotify_init1", "intptr_t", "ioctl", "left", "letter",
	"limit", "limit_of", "linux", "load2", "load4", "load8", "main", "memcmp", "mend", "mkdtemp", "number",
	"OK", "own", "own_mounts", "pair", "perror", "pid_t", "prctl", "printf", "pthread_mutex_lock",
	"pthread_mutex_trylock", "pthread_mutex_unlock", "raise", "repairs", "sa", "SAW", "saw", "segment", "send_file",
	"setbuf", "sig", "sigaction", "signal", "status", "stderr", "stdin", "stdout", "store2", "store4", "store8",
	"syscall", "TEXT", "text", "timerfd_create", "turn", "uintptr_t", "umount2", "unix", "waitpid", "who",
};

void
repro_name(const struct repro *r, struct buffer *b, int name)
{
	const char *s = r->result->trial->probe->names.name[name];
	size_t i, n = strlen(s);

	buffer_str(b, s);
	for (i = 0; i < LEN(taken) && strcmp(taken[i], s) != 0; ++i)
		;
	/* What ends so already gets one more, so that no two names become the same; what headers have begins so. */
	if (i < LEN(taken) || call_find(s, n) || s[0] == '_' || s[n - 1] == '_' || strncmp(s, "si_", 3) == 0
	    || strncmp(s, "act_", 4) == 0 || strncmp(s, "sa_", 3) == 0 || strncmp(s, "st_", 3) == 0)
		buffer_str(b, "_");
}

void
repro_number(struct repro *r, struct buffer *b, intmax_t n)
{
	intmax_t page = symbol_find("PAGE", 4)->value;

	if (n > 0 && n % page == 0 && n < page << 20 && (n <= INT32_MAX || symbol_find("BITS", 4)->value == 64)) {
		r->page = 1;
		if (n != page)
			buffer_fmt(b, "%" PRIdMAX "*", n / page);
		buffer_str(b, "PAGE");
	} else if (n == INTMAX_MIN) {
		repro_header(r, "stdint.h");
		buffer_str(b, "INTMAX_MIN");
	} else {
		buffer_fmt(b, "%" PRIdMAX "%s", n, n > INT_MAX || n < -INT_MAX ? "LL" : "");
	}
}

void
repro_text(struct buffer *b, const char *s, size_t n)
{
	struct buffer text = { NULL, 0, 0 };
	size_t i;

	report_text(&text, s, n);
	for (i = 0; i < text.len; ++i) {
		/* "??/" is a backslash to C99. */
		buffer_str(b, i && text.data[i] == '?' && text.data[i - 1] == '?' ? "\\" : "");
		buffer_add(b, &text.data[i], 1);
	}
	buffer_free(&text);
}

static const struct { const char *prefix, *header; } headers[] = {
	{ "PROT_", "sys/mman.h" }, { "MAP_", "sys/mman.h" }, { "MS_", "sys/mman.h" }, { "MCL_", "sys/mman.h" },
	{ "MLOCK_", "sys/mman.h" }, { "MADV_", "sys/mman.h" }, { "POSIX_MADV_", "sys/mman.h" }, { "MREMAP_", "sys/mman.h" },
	{ "MFD_", "sys/mman.h" }, { "INHERIT_", "sys/mman.h" }, { "O_", "fcntl.h" }, { "F_", "fcntl.h" }, { "FALLOC_", "fcntl.h" },
	{ "AF_", "sys/socket.h" }, { "SOCK_", "sys/socket.h" }, { "RLIM", "sys/resource.h" }, { "SIZE_MAX", "stdint.h" },
	{ "SHM_", "sys/shm.h" }, { "INT_", "limits.h" }, { "SIG", "signal.h" }, { "E", "errno.h" }, { "OFF_MAX", "stdint.h" },
};

static const char *const posix[] = {
	"PROT_NONE", "PROT_READ", "PROT_WRITE", "PROT_EXEC", "MAP_SHARED", "MAP_PRIVATE", "MAP_FIXED", "MAP_FAILED", "MS_ASYNC",
	"MS_SYNC", "MS_INVALIDATE", "MCL_CURRENT", "MCL_FUTURE", "O_RDONLY", "O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL", "O_TRUNC",
	"O_APPEND", "O_NONBLOCK", "O_SYNC", "O_DSYNC", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "SEEK_SET", "SEEK_CUR", "SEEK_END",
	"AF_UNIX", "AF_INET", "SOCK_STREAM", "SOCK_DGRAM", "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_DATA", "RLIMIT_FSIZE",
	"RLIMIT_NOFILE", "RLIMIT_STACK", "RLIM_INFINITY", "SIZE_MAX", "OFF_MAX", "INT_MAX", "INT_MIN", "PAGE", "NULL",
};

/* Notes what a symbol takes. */
static void
note_symbol(struct repro *r, const struct symbol *s)
{
	size_t i;

	for (i = 0; i < LEN(headers); ++i)
		if (strncmp(s->name, headers[i].prefix, strlen(headers[i].prefix)) == 0)
			repro_header(r, headers[i].header);
	if (strcmp(s->name, "PAGE") == 0)
		r->page = 1;
	if (strcmp(s->name, "OFF_MAX") == 0)
		r->off_max = 1;
	if (s->kind != SYMBOL_CONSTANT || strncmp(s->name, "_SC_", 4) == 0 || strncmp(s->name, "POSIX_", 6) == 0
	    || strncmp(s->name, "_POSIX_", 7) == 0)
		return;
	for (i = 0; i < LEN(posix) && strcmp(posix[i], s->name) != 0; ++i)
		;
	if (i == LEN(posix))
		r->beyond = 1;
}

void
repro_symbol(struct repro *r, const char *name)
{
	note_symbol(r, symbol_find(name, strlen(name)));
}

static void
print_number(struct repro *r, struct buffer *b, const struct expr *e, int wide)
{
	if (e->number == INTMAX_MIN) {
		repro_header(r, "stdint.h");
		buffer_str(b, "INTMAX_MIN");
		return;
	}
	buffer_str(b, e->spelling);
	if ((wide && *e->spelling != '\'') || e->number > INT_MAX || e->number < -INT_MAX)
		buffer_str(b, "LL");
}

/* Whether the value of an expression is more than an int holds, so that it must not be computed as one. */
static int
is_wide(const struct repro *r, const struct expr *e)
{
	struct value v;
	const char *why;

	return expr_eval(e, r->result->env, &v, &why) == EVAL_OK && !v.text && (v.number > INT_MAX || v.number < -INT_MAX);
}

/* Whether it is a name that C has as an int, where the expression with it is none. */
static int
is_narrow(const struct repro *r, const struct expr *e, const struct expr *operand)
{
	intmax_t n = operand->kind == EXPR_SYMBOL ? operand->symbol->value : INTMAX_MAX;

	return n >= INT_MIN && n <= INT_MAX && is_wide(r, e);
}

/* Whether C readers, and compilers that warn, need no parentheses around an operand. */
static int
is_plain(int outer, const struct expr *e, int left)
{
	int op = e->op, sum = op == '+' || op == '-', product = op == '*' || op == '/' || op == '%';

	if (e->kind != EXPR_BINARY || (left && op == outer))
		return 1;
	if (outer == '+' || outer == '-')
		return product || (sum && left);
	if (outer == '*' || outer == '/' || outer == '%')
		return product && left;
	return is_truth(outer) && (sum || product);
}

static const char *
operator_text(int op)
{
	static const struct { int op; const char *text; } texts[] = {
		{ OP_OR, " || " }, { OP_AND, " && " }, { '|', "|" }, { '^', " ^ " }, { '&', " & " }, { OP_EQ, " == " },
		{ OP_NE, " != " }, { '<', " < " }, { '>', " > " }, { OP_LE, " <= " }, { OP_GE, " >= " }, { OP_SHL, " << " },
		{ OP_SHR, " >> " }, { '+', " + " }, { '-', " - " }, { '*', "*" }, { '/', "/" }, { '%', " % " },
	};
	size_t i;

	for (i = 0; i < LEN(texts) - 1 && texts[i].op != op; ++i)
		;
	return texts[i].text;
}

static void print(struct repro *, struct buffer *, const struct expr *, int raw, int wide);

static void
print_operand(struct repro *r, struct buffer *b, const struct expr *e, int outer, int left, int raw, int wide)
{
	int cast = !raw && repro_is_address(r, e);
	int plain = is_plain(outer, e, left) && !(cast && e->kind == EXPR_BINARY);

	if (cast) {
		repro_header(r, "stdint.h");
		/* An address is never negative. */
		buffer_str(b, symbol_find("BITS", 4)->value == 32 ? "(long long)(uintptr_t)" : "(intptr_t)");
	}
	if (e->kind == EXPR_SYMBOL && strcmp(e->symbol->name, "SIZE_MAX") == 0 && outer != '+' && outer != '-')
		buffer_str(b, "(intmax_t)");
	if (!plain)
		buffer_str(b, "(");
	print(r, b, e, raw || cast, wide);
	if (!plain)
		buffer_str(b, ")");
}

/* Raw: addresses stay addresses, else they are made numbers. Wide: a literal must not be an int. */
static void
print(struct repro *r, struct buffer *b, const struct expr *e, int raw, int wide)
{
	char op;

	switch (e->kind) {
	case EXPR_NUMBER:
		print_number(r, b, e, wide);
		break;
	case EXPR_STRING:
		repro_text(b, e->text, e->ntext);
		break;
	case EXPR_NAME:
		repro_name(r, b, e->name);
		break;
	case EXPR_SYMBOL:
		note_symbol(r, e->symbol);
		if (e->symbol->present == SYMBOL_BY_NUMBER)
			buffer_fmt(b, "%" PRIdMAX " /* %s */", e->symbol->value, e->symbol->name);
		else
			buffer_str(b, strcmp(e->symbol->name, "NULL") == 0 && !raw ? "0" : e->symbol->name);
		break;
	case EXPR_UNARY:
		op = (char)e->op;
		buffer_add(b, &op, 1);
		if (is_narrow(r, e, e->a))
			buffer_str(b, "(long long)");
		print_operand(r, b, e->a, '*', 0, 0, 0);
		break;
	case EXPR_BINARY:
		raw = repro_is_address(r, e);
		wide = !raw && is_wide(r, e);
		/* No literal makes it wide. */
		if (wide && (e->op == OP_SHL || e->b->kind == EXPR_SYMBOL) && is_narrow(r, e, e->a))
			buffer_str(b, "(long long)");
		print_operand(r, b, e->a, e->op, 1, raw, wide);
		buffer_str(b, operator_text(e->op));
		print_operand(r, b, e->b, e->op, 0, raw, wide && e->op != OP_SHL && e->op != OP_SHR);
		break;
	}
}

void
repro_expr(struct repro *r, struct buffer *b, const struct expr *e, char kind)
{
	int address = repro_is_address(r, e), null;

	e = repro_fold(r, e);
	address = repro_is_address(r, e);
	null = (e->kind == EXPR_SYMBOL && strcmp(e->symbol->name, "NULL") == 0) || (e->kind == EXPR_NUMBER && !e->number);
	if (kind == 'p' && null) {
		buffer_str(b, "NULL");
	} else if (kind == 'p' && !address) {
		repro_header(r, "stdint.h");
		buffer_str(b, "(char *)(intptr_t)");
		print_operand(r, b, e, '*', 0, 0, 0);
	} else if (kind != 'p' && address) {
		print_operand(r, b, e, '*', 0, 0, 0);
	} else {
		print(r, b, e, kind == 'p', 0);
	}
}
