/* Scripts to text: the canonical spelling, and whether two are the same. */
#include <string.h>
#include "calls.h"
#include "script.h"
#include "symbols.h"

enum { COLUMN_IF = 40 };

/* As short as it can be written: what was read may not grow. */
static void
print_string(struct buffer *b, const char *s)
{
	static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\"\"";
	const char *e;

	buffer_str(b, "\"");
	for (; *s; ++s) {
		for (e = escapes; *e && *e != *s; e += 2)
			;
		if (*e)
			buffer_fmt(b, "\\%c", e[1]);
		else if ((unsigned char)*s < ' ')
			buffer_fmt(b, s[1] >= '0' && s[1] <= '7' ? "\\%03o" : "\\%o", (unsigned char)*s);
		else
			buffer_add(b, s, 1);
	}
	buffer_str(b, "\"");
}

void
script_print_step(struct buffer *b, const struct probe *p, const struct step *s)
{
	int i;

	if (s->process_name >= 0)
		buffer_fmt(b, "%s: ", p->names.name[s->process_name]);
	if (s->bind >= 0)
		buffer_fmt(b, "%s = ", p->names.name[s->bind]);
	buffer_fmt(b, "%s(", s->call->name);
	for (i = 0; i < s->nargs; ++i) {
		if (i)
			buffer_str(b, ", ");
		expr_print(b, s->arg[i], &p->names);
	}
	buffer_str(b, ")");
}

void
script_print_want(struct buffer *b, const struct probe *p, const struct want *w)
{
	switch (w->kind) {
	case WANT_OK:
		buffer_str(b, "ok");
		break;
	case WANT_FAIL:
		buffer_str(b, "fail");
		break;
	case WANT_ANY:
		buffer_str(b, "?");
		break;
	case WANT_HANG:
		buffer_str(b, "hang");
		break;
	case WANT_ERRNO:
		buffer_str(b, w->symbol->name);
		break;
	case WANT_SIGNAL:
		buffer_str(b, w->symbol->name);
		if (w->code)
			buffer_fmt(b, " %s", w->code->name);
		if (w->at) {
			buffer_str(b, " at ");
			expr_print_sum(b, w->at, &p->names);
		}
		break;
	case WANT_VALUE:
		expr_print_sum(b, w->value, &p->names);
		break;
	}
}

void
script_print_wants(struct buffer *b, const struct probe *p, const struct claim *c)
{
	const struct want *w;

	for (w = c->wants; w; w = w->next) {
		script_print_want(b, p, w);
		if (w->next)
			buffer_str(b, " or ");
	}
}

static void
print_claim(struct buffer *b, const struct probe *p, const struct claim *c)
{
	size_t start = b->len;
	int i;

	buffer_str(b, "   ");
	for (i = 0; i < c->nwho; ++i)
		buffer_fmt(b, " %s", c->who[i]);
	if (c->deviates)
		buffer_str(b, " deviates");
	buffer_str(b, ": ");
	script_print_wants(b, p, c);
	if (c->when) {
		buffer_pad(b, start + COLUMN_IF);
		buffer_str(b, " if ");
		expr_print(b, c->when, &p->names);
	}
	if (c->note) {
		buffer_str(b, "  ");
		print_string(b, c->note);
	}
	buffer_str(b, "\n");
}

void
script_print(struct buffer *b, const struct probe *p)
{
	const struct param *param;
	const struct need *need;
	const struct step *s;
	const struct claim *c;
	int i;

	if (p->title) {
		buffer_fmt(b, "probe %s ", p->name);
		print_string(b, p->title);
		buffer_str(b, "\n");
	}
	for (i = 0; i < p->ntags; ++i)
		buffer_fmt(b, "tag %s\n", p->tag[i]);
	for (param = p->params; param; param = param->next) {
		buffer_fmt(b, "%s %s =", param->is_each ? "each" : "param", p->names.name[param->name]);
		for (i = 0; i < param->nvalues; ++i) {
			buffer_str(b, i ? ", " : " ");
			expr_print(b, param->value[i], &p->names);
		}
		buffer_str(b, "\n");
	}
	for (need = p->needs; need; need = need->next) {
		buffer_str(b, "need ");
		expr_print(b, need->that, &p->names);
		if (need->why) {
			buffer_str(b, " ");
			print_string(b, need->why);
		}
		buffer_str(b, "\n");
	}
	for (s = p->steps; s; s = s->next) {
		script_print_step(b, p, s);
		if (s->claims && s->claims->brief) {
			buffer_str(b, " = ");
			script_print_wants(b, p, s->claims);
		}
		buffer_str(b, "\n");
		for (c = s->claims; c; c = c->next)
			if (!c->brief)
				print_claim(b, p, c);
	}
}

static int
same_text(const char *a, const char *b)
{
	return !a || !b ? a == b : strcmp(a, b) == 0;
}

static int
same_wants(const struct want *a, const struct want *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->kind != b->kind || a->symbol != b->symbol || a->code != b->code || !expr_same(a->value, b->value)
		    || !expr_same(a->at, b->at))
			return 0;
	return a == NULL && b == NULL;
}

static int
same_claims(const struct claim *a, const struct claim *b)
{
	int i;

	for (; a && b; a = a->next, b = b->next) {
		if (a->nwho != b->nwho || a->deviates != b->deviates || a->brief != b->brief || !same_text(a->note, b->note)
		    || !expr_same(a->when, b->when) || !same_wants(a->wants, b->wants))
			return 0;
		for (i = 0; i < a->nwho; ++i)
			if (strcmp(a->who[i], b->who[i]) != 0)
				return 0;
	}
	return a == NULL && b == NULL;
}

static int
same_steps(const struct step *a, const struct step *b)
{
	int i;

	for (; a && b; a = a->next, b = b->next) {
		if (a->process != b->process || a->process_name != b->process_name || a->bind != b->bind || a->makes != b->makes
		    || a->call != b->call || a->nargs != b->nargs || !same_claims(a->claims, b->claims))
			return 0;
		for (i = 0; i < a->nargs; ++i)
			if (!expr_same(a->arg[i], b->arg[i]))
				return 0;
	}
	return a == NULL && b == NULL;
}

static int
same_params(const struct param *a, const struct param *b)
{
	int i;

	for (; a && b; a = a->next, b = b->next) {
		if (a->name != b->name || a->is_each != b->is_each || a->nvalues != b->nvalues)
			return 0;
		for (i = 0; i < a->nvalues; ++i)
			if (!expr_same(a->value[i], b->value[i]))
				return 0;
	}
	return a == NULL && b == NULL;
}

int
script_same(const struct probe *a, const struct probe *b)
{
	const struct need *m, *n;
	int i;

	if (strcmp(a->name, b->name) != 0 || !same_text(a->title, b->title) || a->ntags != b->ntags || a->names.n != b->names.n)
		return 0;
	for (i = 0; i < a->ntags; ++i)
		if (strcmp(a->tag[i], b->tag[i]) != 0)
			return 0;
	for (i = 0; i < a->names.n; ++i)
		if (strcmp(a->names.name[i], b->names.name[i]) != 0)
			return 0;
	for (m = a->needs, n = b->needs; m && n; m = m->next, n = n->next)
		if (!expr_same(m->that, n->that) || !same_text(m->why, n->why))
			return 0;
	return m == NULL && n == NULL && same_params(a->params, b->params) && same_steps(a->steps, b->steps);
}
