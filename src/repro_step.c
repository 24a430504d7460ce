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
	if (strncmp(b->data + start, "new", 3) == 0 || b->data[start] == '0'
	    || (n == own.len && memcmp(b->data + start, own.data, n) == 0)
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
print_check(struct repro *r, struct buffer *b, const struct repro_row *row, const struct step *s, const struct buffer *got)
{
	const struct outcome *o = &r->result->seen[s->index].outcome;
	int byte = s->call->gives == GIVES_BYTE;

	if (row->telling == TELLS_ADDRESS) {
		print_mapped(r, b, s, o, got);
		return;
	}
	if (row->telling == TELLS_TEXT) {
		buffer_str(b, got->data);
	} else if (row->telling == TELLS_ERROR) {
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
	repro_argument(r, b, s, 0);
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
	const struct repro_row *row = repro_row(s->call->name);
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
	if (o->how == OUTCOME_CAUGHT && row->telling != TELLS_TEXT)
		return refuse(why, s, "raised a signal in the C library");
	if (o->how == OUTCOME_FAILED && (o->err == symbol_find("E2BIG", 5)->value || strcmp(row->name, "load") == 0
	    || strcmp(row->name, "store") == 0))
		return refuse(why, s, "failed in mmprobe itself");
	if (bound && row->telling == TELLS_TEXT && print_bound_load(r, b, s))
		return 0;
	repro_call(r, &got, row, s);
	if (bound && row->telling != TELLS_TEXT) {
		print_target(r, b, s);
		buffer_fmt(b, "%s;\n", got.data);
		buffer_clear(&got);
		repro_name(r, &got, s->bind);
	}
	whole = row->telling == TELLS_TEXT || (row->helper != HELPERS && !row->text);
	buffer_str(b, "\tsaw(");
	print_label(r, b, s, whole);
	buffer_str(b, ", ");
	print_check(r, b, row, s, &got);
	buffer_str(b, ");\n");
	buffer_free(&got);
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
