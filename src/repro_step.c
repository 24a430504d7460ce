/* One step of a case as a line of C. */
#include <inttypes.h>
#include <string.h>
#include "calls.h"
#include "record.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

static const struct outcome *
outcome_of(const struct repro *r, const struct step *s)
{
	return &r->result->seen[s->index].outcome;
}

static int
is_bound(const struct repro *r, const struct step *s)
{
	return s->bind >= 0 && r->used[s->bind];
}

/* "\tWORD(call, " */
static void
open_line(struct repro *r, struct buffer *b, enum helper is, const char *word, const struct buffer *call)
{
	repro_need(r, is);
	buffer_fmt(b, "\t%s(%s", word, call->data);
}

/* A byte as the character that it is. */
static void
print_byte(struct repro *r, struct buffer *b, intmax_t n)
{
	if (n > ' ' && n < 127)
		buffer_fmt(b, n == '\'' || n == '\\' ? "'\\%c'" : "'%c'", (int)n);
	else
		repro_number(r, b, n);
}

/* A place that a report tells by a variable, "p+PAGE", as C has it; 0 where it tells it otherwise. */
static int
print_by_variable(struct repro *r, struct buffer *b, const char *place, const struct outcome *outcome)
{
	size_t n = strcspn(place, "+-");
	int name = scope_find(&r->result->trial->probe->names, place, n);

	if (name < 0 || (strncmp(place, "new", 3) == 0 && r->result->env[name].number != outcome->ret))
		return 0;
	if (strstr(place + n, "PAGE"))
		r->page = 1;
	if (r->type[name] != 'p') {
		repro_header(r, "stdint.h");
		buffer_str(b, "(char *)(intptr_t)(");
	}
	repro_name(r, b, name);
	buffer_str(b, place + n);
	buffer_str(b, r->type[name] != 'p' ? ")" : "");
	return 1;
}

/* Where a mapping lies, if the script asked for the place: "p + PAGE". */
static int
print_place(struct repro *r, struct buffer *b, const struct step *s)
{
	int new = strcmp(s->call->name, "shm_attach") == 0 ? 1 : s->nargs > 4 && strcmp(s->call->name, "mremap") == 0 ? 4 : 0;
	const struct expr *asked;
	struct buffer place = { NULL, 0, 0 };
	struct value v;
	const char *why;
	int placed;

	if (new >= s->nargs || s->bind < 0 || expr_eval(s->arg[new], r->result->env, &v, &why) != EVAL_OK)
		return 0;
	asked = repro_fold(r, s->arg[new]);
	if (expr_uses(asked, s->bind))
		return 0;
	if (v.number && v.number == outcome_of(r, s)->ret) {
		repro_expr(r, b, asked, 'p');
		return 1;
	}
	record_print(&place, r->result, s);
	placed = scope_find(&r->result->trial->probe->names, place.data, strcspn(place.data, "+-")) != s->bind
	    && print_by_variable(r, b, place.data, outcome_of(r, s));
	buffer_free(&place);
	return placed;
}

static void
print_mapped(struct repro *r, struct buffer *b, const struct step *s, const struct buffer *call)
{
	struct buffer place = { NULL, 0, 0 };
	int placed = print_place(r, &place, s);

	open_line(r, b, placed ? HELPER_IS_SAW : HELPER_IS_OK, placed ? "SAW" : "OK", call);
	buffer_fmt(b, "%s%s);\n", placed ? ", " : "", buffer_text(&place));
	buffer_free(&place);
}

/* The address of a fault: as the script has it in the call, else by a variable. */
static void
print_fault_address(struct repro *r, struct buffer *b, const struct step *s, const struct outcome *o)
{
	struct buffer place = { NULL, 0, 0 };
	struct value v;
	const char *why;
	/* memset() may begin anywhere, and so may 8 bytes where a register holds 4. */
	int anywhere = strcmp(s->call->name, "fill") == 0 || (symbol_find("BITS", 4)->value == 32 && s->nargs > call_least(s->call));

	if (!anywhere && expr_eval(s->arg[0], r->result->env, &v, &why) == EVAL_OK && v.number == o->at) {
		repro_expr(r, b, s->arg[0], 'p');
	} else if (!anywhere && o->at == 0) {
		buffer_str(b, "NULL");
	} else if (anywhere || !report_address(&place, r->result, s, o->at) || !print_by_variable(r, b, place.data, o)) {
		repro_need(r, HELPER_ANYWHERE);
		buffer_str(b, "ANYWHERE");
	}
	buffer_free(&place);
}

static void
print_fault(struct repro *r, struct buffer *b, const struct step *s, const struct buffer *call)
{
	static const char *const posix[] = { "SEGV_MAPERR", "SEGV_ACCERR", "BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR" };
	const struct outcome *o = outcome_of(r, s);
	const char *sig = symbol_signal(o->sig), *code = symbol_sicode(o->sig, o->code);
	size_t i;
	int n;

	for (n = 0; n < r->nsignals && r->signals[n] != o->sig; ++n)
		;
	if (n == r->nsignals && n < NAMES_MAX)
		r->signals[r->nsignals++] = o->sig;
	open_line(r, b, HELPER_IS_FAULT, "FAULT", call);
	buffer_str(b, ", ");
	if (sig)
		buffer_str(b, sig);
	else
		buffer_fmt(b, "%d", o->sig);
	for (i = 0; code && i < LEN(posix) && strcmp(posix[i], code) != 0; ++i)
		;
	if (code && i < LEN(posix))
		buffer_fmt(b, ", %s, ", code);
	else
		buffer_fmt(b, ", %d, ", o->code);
	print_fault_address(r, b, s, o);
	buffer_str(b, ");\n");
}

static void
print_failure(struct repro *r, struct buffer *b, const struct repro_row *row, const struct outcome *o, const struct buffer *call)
{
	open_line(r, b, HELPER_IS_SAW, "SAW", call);
	buffer_str(b, row->telling == TELLS_ERROR ? ", " : ", -");
	if (symbol_errno(o->err))
		buffer_fmt(b, "%s);\n", symbol_errno(o->err));
	else
		buffer_fmt(b, "%d);\n", o->err);
}

/* Whether a number fits the long as which SAW() compares. */
static int
is_long(intmax_t n)
{
	return symbol_find("BITS", 4)->value == 64 || (n >= INT32_MIN && n <= INT32_MAX);
}

/* A line in which the call is compared with a number, and that this holds. */
static void
print_comparison(struct repro *r, struct buffer *b, const struct step *s, const struct buffer *call, const char *with, intmax_t n)
{
	int bound = is_bound(r, s);

	repro_need(r, HELPER_IS_SAW);
	buffer_fmt(b, "\tSAW(%s%s%s %s ", bound ? "(" : "", call->data, bound ? ")" : "", with);
	repro_number(r, b, n);
	buffer_str(b, ", 1);\n");
}

static void
print_number(struct repro *r, struct buffer *b, const struct step *s, const struct buffer *call)
{
	const struct outcome *o = outcome_of(r, s);

	if (s->call->gives == GIVES_TIME && o->ret >= 1000000000) {
		print_comparison(r, b, s, call, ">=", 1000000000);
		return;
	}
	/* SAW() takes -1 with an error for a failure; sysconf() may say both. */
	if ((o->ntext < 0 && !is_long(o->ret)) || (o->ret == -1 && strcmp(s->call->name, "sysconf") == 0)) {
		print_comparison(r, b, s, call, "==", o->ret);
		return;
	}
	open_line(r, b, HELPER_IS_SAW, "SAW", call);
	buffer_str(b, ", ");
	if (s->call->gives == GIVES_BYTE && s->nargs == call_least(s->call))
		print_byte(r, b, o->ret);
	else if (s->call->gives == GIVES_NOTHING || s->call->gives == GIVES_SET)
		buffer_str(b, "0");
	else
		repro_number(r, b, o->ret);
	buffer_str(b, ");\n");
}

static void
print_returned(struct repro *r, struct buffer *b, const struct repro_row *row, const struct step *s, const struct buffer *call)
{
	const struct outcome *o = outcome_of(r, s);

	if (row->telling == TELLS_ADDRESS) {
		print_mapped(r, b, s, call);
	} else if (s->call->gives == GIVES_DESCRIPTOR) {
		open_line(r, b, HELPER_IS_OK, "OK", call);
		buffer_str(b, ");\n");
	} else if (row->telling == TELLS_TEXT || row->telling == TELLS_CAUGHT_TEXT) {
		open_line(r, b, HELPER_IS_TEXT, "TEXT", call);
		buffer_str(b, ", ");
		repro_text(b, o->text, (size_t)o->ntext);
		buffer_str(b, ");\n");
	} else {
		print_number(r, b, s, call);
	}
}

static void
print_target(struct repro *r, struct buffer *b, const struct step *s)
{
	repro_name(r, b, s->bind);
	buffer_str(b, " = ");
	r->assigned[s->bind] = 1;
}

/* Whether a value depends on what a call gave, which may be another one in each run. */
static int
has_names(const struct expr *e)
{
	return e && (e->kind == EXPR_NAME || has_names(e->a) || has_names(e->b));
}

static void
print_value(struct repro *r, struct buffer *b, const struct step *s)
{
	struct buffer call = { NULL, 0, 0 };
	int pointer = s->bind >= 0 && r->type[s->bind] == 'p', compared;

	if (is_bound(r, s))
		print_target(r, &call, s);
	repro_expr(r, &call, s->arg[0], pointer ? 'p' : 'l');
	compared = !pointer && (s->claims || (!is_bound(r, s) && !has_names(repro_fold(r, s->arg[0]))));
	if (compared && !is_long(outcome_of(r, s)->ret)) {
		print_comparison(r, b, s, &call, "==", outcome_of(r, s)->ret);
	} else if (compared) {
		open_line(r, b, HELPER_IS_SAW, "SAW", &call);
		buffer_str(b, ", ");
		repro_number(r, b, outcome_of(r, s)->ret);
		buffer_str(b, ");\n");
	} else {
		buffer_fmt(b, is_bound(r, s) ? "\t%s;\n" : "\t(void)(%s);\n", call.data);
	}
	buffer_free(&call);
}

/* The program's own stack, data or code. */
static int
print_own_memory(struct repro *r, struct buffer *b, const struct step *s, struct buffer *why)
{
	const struct expr *e = repro_fold(r, s->arg[0]);

	if (!is_bound(r, s))
		return 0;
	if (strcmp(e->text, "stack") == 0) {
		repro_need(r, HELPER_HERE);
		buffer_str(b, "\there = (char *)&(int){ 1 };\n");
	}
	buffer_str(b, "\t");
	print_target(r, b, s);
	if (strcmp(e->text, "stack") == 0) {
		buffer_str(b, "here;\n");
	} else if (strcmp(e->text, "data") == 0) {
		repro_need(r, HELPER_OWN);
		buffer_str(b, "(char *)&own;\n");
	} else if (strcmp(e->text, "code") == 0) {
		repro_header(r, "stdint.h");
		buffer_str(b, "(char *)(intptr_t)main;\n");
	} else {
		buffer_str(why, "memory of the program that is not known");
	}
	return why->len ? -1 : 0;
}

static int
refuse(struct buffer *why, const struct step *s, const char *what)
{
	buffer_fmt(why, "%s() %s", s->call->name, what);
	return -1;
}

/* What of a step no program can tell; 0, or -1 and why. */
static int
check(const struct repro *r, const struct repro_row *row, const struct step *s, struct buffer *why)
{
	const struct outcome *o = outcome_of(r, s);

	if ((strstr(s->call->name, "code") || strcmp(s->call->name, "last_fault") == 0) && !repro_code())
		return refuse(why, s, "has no form for this machine");
	if (o->how == OUTCOME_CAUGHT && row->telling != TELLS_FAULT && row->telling != TELLS_CAUGHT_TEXT)
		return refuse(why, s, "raised a signal in the C library");
	if (o->how == OUTCOME_FAILED && (o->err == symbol_find("E2BIG", 5)->value || row->telling == TELLS_FAULT))
		return refuse(why, s, "failed in mmprobe itself");
	return 0;
}

int
repro_step(struct repro *r, struct buffer *b, const struct step *s, struct buffer *why)
{
	const struct outcome *o = outcome_of(r, s);
	const struct repro_row *row = repro_row(s->call->name);
	struct buffer call = { NULL, 0, 0 };

	if (strcmp(s->call->name, "value") == 0) {
		print_value(r, b, s);
		return 0;
	}
	if (strcmp(s->call->name, "own_memory") == 0)
		return print_own_memory(r, b, s, why);
	if (check(r, row, s, why) < 0)
		return -1;
	if (is_bound(r, s) && o->how == OUTCOME_RETURNED)
		print_target(r, &call, s);
	repro_call(r, &call, row, s);
	if (o->how == OUTCOME_DIED || (s->bind >= 0 && strcmp(s->call->name, "load") == 0 && !s->claims))
		buffer_fmt(b, "\t%s;\n", call.data);
	else if (o->how == OUTCOME_CAUGHT)
		print_fault(r, b, s, &call);
	else if (o->how == OUTCOME_FAILED)
		print_failure(r, b, row, o, &call);
	else
		print_returned(r, b, row, s, &call);
	buffer_free(&call);
	return 0;
}

static char
type_of(const struct repro *r, const struct step *s)
{
	switch (s->call->gives) {
	case GIVES_ADDRESS:
		return 'p';
	case GIVES_DESCRIPTOR:
		return 'i';
	case GIVES_PROCESS:
		return 'k';
	default:
		return strcmp(s->call->name, "value") == 0 && repro_is_address(r, s->arg[0]) ? 'p' : 'n';
	}
}

void
repro_type(struct repro *r, const struct step *s)
{
	char *had = &r->type[s->bind], type = type_of(r, s);

	if (!*had || type == 'p')
		*had = type;
	else if (*had != 'p' && *had != type)
		*had = 'n';
}
