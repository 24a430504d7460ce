#include <string.h>
#include "calls.h"
#include "report.h"
#include "run.h"
#include "table.h"

/* What a cell of a table says of a step: the outcome, with "ok" for an address or a descriptor. */
static void
print_cell(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct outcome *o = &r->seen[s->index].outcome;
	size_t start = b->len;

	if (r->why || o->how == OUTCOME_UNREACHED) {
		buffer_str(b, "-");
	} else if (o->how == OUTCOME_RETURNED && s->call->gives != GIVES_NUMBER && s->call->gives != GIVES_BYTE
	    && !call_gives_text(s->call)) {
		buffer_str(b, "ok");
	} else {
		report_outcome(b, r, s->index);
		if (strncmp(b->data + start, "= ", 2) == 0) {
			memmove(b->data + start, b->data + start + 2, b->len - start - 1);
			b->len -= 2;
		}
	}
}

static int
varies(const struct result *r, int n, const struct step *s)
{
	struct buffer a = { NULL, 0, 0 }, b = { NULL, 0, 0 };
	int i, differ = 0;

	print_cell(&a, &r[0], s);
	for (i = 1; i < n && !differ; ++i) {
		buffer_clear(&b);
		print_cell(&b, &r[i], s);
		differ = strcmp(buffer_text(&a), buffer_text(&b)) != 0;
	}
	buffer_free(&a);
	buffer_free(&b);
	return differ;
}

enum { COLUMNS = 12 };

struct column {
	const struct param *param;      /* a parameter, else a step, else the verdict */
	const struct step *step;
	size_t width;
};

static void
column_text(struct buffer *b, const struct column *c, const struct result *r, int head)
{
	const struct probe *p = r->trial->probe;
	size_t start = b->len;

	if (c->param) {
		if (head)
			buffer_str(b, p->names.name[c->param->name]);
		else
			expr_print(b, r->trial->given[c->param->name], &p->names);
	} else if (c->step) {
		if (!head) {
			print_cell(b, r, c->step);
			return;
		}
		script_print_step(b, p, c->step);
		if (b->len - start > 18) {
			b->len = start;
			buffer_fmt(b, "%s()", c->step->call->name);
		}
	} else {
		buffer_str(b, head ? "verdict" : verdict_word(r->verdict));
	}
}

/* The columns of a table: the parameters with several values, the claimed steps whose outcomes differ, the verdict. */
static int
make_columns(struct column *c, const struct result *r, int n)
{
	const struct probe *p = r->trial->probe;
	const struct step *s, *last = NULL;
	const struct param *q;
	struct buffer b = { NULL, 0, 0 };
	int k = 0, i, j, steps;

	for (q = p->params; q && k < 5; q = q->next)
		if (q->is_each && q->nvalues > 1)
			c[k++].param = q;
	steps = k;
	for (s = p->steps; s; s = s->next) {
		if (!s->claims)
			continue;
		last = s;
		if (k < COLUMNS - 2 && varies(r, n, s))
			c[k++].step = s;
	}
	if (k == steps && last)
		c[k++].step = last;
	++k;
	for (i = 0; i < k; ++i) {
		for (j = -1; j < n; ++j) {
			buffer_clear(&b);
			column_text(&b, &c[i], &r[j < 0 ? 0 : j], j < 0);
			if (b.len > c[i].width)
				c[i].width = b.len;
		}
	}
	buffer_free(&b);
	return k;
}

void
table_print(struct buffer *b, const struct result *r, int n, int only_amiss, void (*verdict)(struct buffer *, enum verdict))
{
	struct column columns[COLUMNS];
	size_t start, at;
	int k, i, j;

	memset(columns, 0, sizeof columns);
	k = make_columns(columns, r, n);
	for (j = -1; j < n; ++j) {
		if (j >= 0 && only_amiss && r[j].verdict == VERDICT_OK)
			continue;
		start = b->len;
		for (i = 0, at = 2; i < k; ++i) {
			buffer_pad(b, start + at);
			if (i == k - 1 && j >= 0)
				verdict(b, r[j].verdict);
			else
				column_text(b, &columns[i], &r[j < 0 ? 0 : j], j < 0);
			at += columns[i].width + 2;
		}
		buffer_str(b, "\n");
	}
}
