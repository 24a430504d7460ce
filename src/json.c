/* The report as JSON: one document, or a line a case. tests/report.schema.json describes both. */
#include "brief.h"
#include "calls.h"
#include "json.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

/* Grows with each change that a reader of the former would not survive. */
enum { SCHEMA = 1 };

static unsigned long cases;

/* What an authority says of the step, and whether it is so. */
static void
add_opinion(struct buffer *b, const struct probe *p, const struct opinion *op)
{
	struct buffer text = { NULL, 0, 0 };
	const struct want *w;

	buffer_str(b, "{");
	json_member(b, "by", op->who);
	buffer_fmt(b, ",\"met\":%s,\"deviates\":%s,\"allowed\":[", op->met ? "true" : "false", op->claim->deviates ? "true" : "false");
	for (w = op->claim->wants; w; w = w->next) {
		buffer_clear(&text);
		script_print_want(&text, p, w);
		json_string(b, buffer_text(&text));
		buffer_str(b, w->next ? "," : "");
	}
	buffer_str(b, "],");
	json_member(b, "note", op->claim->note);
	buffer_str(b, "}");
	buffer_free(&text);
}

static void
add_step(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct probe *p = r->trial->probe;
	const struct seen *seen = &r->seen[s->index];
	struct buffer text = { NULL, 0, 0 };
	int i;

	buffer_str(b, "{");
	script_print_step(&text, p, s);
	json_member(b, "text", buffer_text(&text));
	buffer_str(b, ",");
	json_member(b, "process", s->process_name < 0 ? NULL : p->names.name[s->process_name]);
	buffer_str(b, ",");
	json_member(b, "bind", s->bind < 0 ? NULL : p->names.name[s->bind]);
	buffer_str(b, ",");
	json_member(b, "call", s->call->name);
	buffer_str(b, ",\"arguments\":[");
	for (i = 0; i < s->nargs; ++i) {
		buffer_str(b, i ? "," : "");
		buffer_clear(&text);
		expr_print(&text, s->arg[i], &p->names);
		json_string(b, buffer_text(&text));
	}
	buffer_str(b, "],");
	json_outcome(b, r, s);
	buffer_str(b, ",\"expected\":[");
	for (i = 0; i < seen->nopinions; ++i) {
		buffer_str(b, i ? "," : "");
		add_opinion(b, p, &seen->opinion[i]);
	}
	buffer_str(b, "]}");
	buffer_free(&text);
}

static void
add_parameters(struct buffer *b, const struct result *r)
{
	const struct probe *p = r->trial->probe;
	struct buffer text = { NULL, 0, 0 };
	int i;

	buffer_str(b, "\"parameters\":{");
	for (i = 0; i < p->nparams; ++i) {
		buffer_str(b, i ? "," : "");
		buffer_clear(&text);
		expr_print(&text, r->trial->given[i], &p->names);
		json_member(b, p->names.name[i], buffer_text(&text));
	}
	buffer_str(b, "}");
	buffer_free(&text);
}

static void
add_case(struct buffer *b, const struct result *r)
{
	const struct probe *p = r->trial->probe;
	const struct step *s = brief_step(r);
	struct buffer text = { NULL, 0, 0 };

	buffer_str(b, "{");
	json_member(b, "topic", p->topic ? p->topic : "");
	buffer_str(b, ",");
	json_member(b, "probe", p->name);
	buffer_str(b, ",");
	json_member(b, "title", p->title);
	buffer_str(b, ",");
	add_parameters(b, r);
	buffer_str(b, ",");
	json_member(b, "verdict", verdict_word(r->verdict));
	buffer_str(b, ",");
	brief_reason(&text, r);
	json_member(b, "reason", buffer_text(&text));
	buffer_str(b, ",\"decided_by\":");
	if (s)
		buffer_fmt(b, "%d", s->index);
	else
		buffer_str(b, "null");
	buffer_str(b, ",\"steps\":[");
	for (s = r->why ? NULL : p->steps; s; s = s->next) {
		add_step(b, r, s);
		buffer_str(b, s->next ? "," : "");
	}
	buffer_str(b, "]}");
	buffer_free(&text);
}

static void
print_head(FILE *f, const struct here *h)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	cases = 0;
	buffer_fmt(&b, "{\"schema\":%d,\"platform\":{", SCHEMA);
	json_member(&b, "system", h->system);
	buffer_str(&b, ",");
	json_member(&b, "release", h->release);
	buffer_str(&b, ",");
	json_member(&b, "machine", h->machine);
	buffer_str(&b, ",");
	json_member(&b, "libc", h->libc[0] ? h->libc : NULL);
	buffer_str(&b, ",");
	json_member(&b, "file_system", h->fs[0] ? h->fs : NULL);
	buffer_str(&b, ",");
	json_member(&b, "directory", h->dir);
	buffer_fmt(&b, ",\"bits\":%d,\"page\":%ld,\"root\":%s,\"names\":[", (int)symbol_find("BITS", 4)->value, h->page,
		symbol_find("ROOT", 4)->value ? "true" : "false");
	for (i = 0; i < h->nnames; ++i) {
		buffer_str(&b, i ? "," : "");
		json_string(&b, h->names[i]);
	}
	buffer_str(&b, "]}");
	fputs(buffer_text(&b), f);
	buffer_free(&b);
}

static void
print_totals(FILE *f, const struct totals *t)
{
	int v;

	fprintf(f, "\"totals\":{\"probes\":%lu,\"cases\":%lu,\"left_out\":%lu,\"verdicts\":{", t->probes, t->cases, t->left_out);
	for (v = 0; v < VERDICTS; ++v)
		fprintf(f, "%s\"%s\":%lu", v ? "," : "", verdict_word((enum verdict)v), t->by[v]);
	/* The one thing that differs from run to run. */
	fprintf(f, "}},\"seconds\":%.2f}\n", t->seconds);
}

static void
print_cases(FILE *f, const struct result *r, int n, const char *before)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	for (i = 0; i < n; ++i) {
		buffer_str(&b, cases++ ? before : "\n");
		add_case(&b, &r[i]);
	}
	fputs(buffer_text(&b), f);
	buffer_free(&b);
}

static void
json_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)style;
	print_head(f, h);
	fputs(",\n\"cases\":[", f);
}

static void
json_probe(FILE *f, const struct result *r, int n)
{
	print_cases(f, r, n, ",\n");
}

static void
json_end(FILE *f, const struct totals *t)
{
	fputs("\n],\n", f);
	print_totals(f, t);
}

static void
lines_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)style;
	print_head(f, h);
	fputs("}", f);
}

static void
lines_probe(FILE *f, const struct result *r, int n)
{
	print_cases(f, r, n, "\n");
}

static void
lines_end(FILE *f, const struct totals *t)
{
	fputs("\n{", f);
	print_totals(f, t);
}

const struct reporter reporter_json = { "json", json_begin, json_probe, json_end };
const struct reporter reporter_jsonl = { "jsonl", lines_begin, lines_probe, lines_end };
