/* The report as JSON: one document, or a line a case. tests/report.schema.json describes both. */
#include <inttypes.h>
#include <string.h>
#include "brief.h"
#include "calls.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"
#include "utf8.h"

/* Grows with each change that a reader of the former would not survive. */
enum { SCHEMA = 1 };

static unsigned long cases;

static void
add_character(struct buffer *b, uint32_t c)
{
	if (c == '"' || c == '\\')
		buffer_fmt(b, "\\%c", (int)c);
	else if (utf8_is_control(c))
		buffer_fmt(b, "\\u%04x", (unsigned)c);
	else
		utf8_add(b, c);
}

/* Text; null where there is none. */
static void
add_string(struct buffer *b, const char *s)
{
	size_t n = s ? strlen(s) : 0, len;
	uint32_t c;

	if (!s) {
		buffer_str(b, "null");
		return;
	}
	buffer_str(b, "\"");
	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		add_character(b, c);
	}
	buffer_str(b, "\"");
}

static void
add_member(struct buffer *b, const char *key, const char *s)
{
	buffer_fmt(b, "\"%s\":", key);
	add_string(b, s);
}

/* What a platform had in its memory: a character a byte, U+0000 to U+00FF, so that nothing of it is lost. */
static void
add_bytes(struct buffer *b, const char *s, int n)
{
	int i;

	buffer_str(b, "\"");
	for (i = 0; i < n; ++i)
		add_character(b, (unsigned char)s[i]);
	buffer_str(b, "\"");
}

static void
add_address(struct buffer *b, const struct result *r, const struct step *s, intmax_t address)
{
	struct buffer text = { NULL, 0, 0 };

	add_string(b, report_address(&text, r, s, address) ? buffer_text(&text) : NULL);
	buffer_free(&text);
}

/* A value that a script gave a name is known by it, where a number would be another one in each run. */
static void
add_returned(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	static const char *const types[] = { "number", "number", "byte", "descriptor", "address", "time", "process", "text", "map" };
	const char *name = s->bind >= 0 ? r->trial->probe->names.name[s->bind] : NULL;
	int computed = (s->call->gives == GIVES_NUMBER || s->call->gives == GIVES_NOTHING) && report_computed(r, s);

	buffer_fmt(b, "\"how\":\"returned\",\"type\":\"%s\",\"value\":", computed ? "address" : types[s->call->gives]);
	if (computed) {
		buffer_str(b, "null");
		return;
	}
	switch (s->call->gives) {
	case GIVES_TEXT:
	case GIVES_MAP:
		add_bytes(b, o->text, o->ntext);
		break;
	case GIVES_ADDRESS:
		if (name)
			add_string(b, name);
		else
			add_address(b, r, s, o->ret);
		break;
	case GIVES_DESCRIPTOR:
	case GIVES_PROCESS:
		add_string(b, name);
		break;
	case GIVES_TIME:
		if (o->ret >= 1000000000) {
			buffer_str(b, "null");
			break;
		}
		/* fall through */
	case GIVES_NOTHING:
	case GIVES_NUMBER:
	case GIVES_BYTE:
		buffer_fmt(b, "%" PRIdMAX, o->ret);
		break;
	}
}

static void
add_signal(struct buffer *b, int sig)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(&text, "signal %d", sig);
	add_member(b, "signal", symbol_signal(sig) ? symbol_signal(sig) : buffer_text(&text));
	buffer_free(&text);
}

static void
add_fault(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	struct buffer text = { NULL, 0, 0 };
	const char *code = symbol_sicode(o->sig, o->code);

	buffer_str(b, "\"how\":\"caught\",");
	add_signal(b, o->sig);
	buffer_fmt(&text, "code %d", o->code);
	buffer_str(b, ",");
	add_member(b, "code", code ? code : buffer_text(&text));
	buffer_str(b, ",\"address\":");
	add_address(b, r, s, o->at);
	buffer_free(&text);
}

static void
add_death(struct buffer *b, const struct outcome *o)
{
	if (o->sig) {
		buffer_str(b, "\"how\":\"died\",");
		add_signal(b, o->sig);
	} else if (o->ret >= 0) {
		buffer_fmt(b, "\"how\":\"exited\",\"status\":%" PRIdMAX, o->ret);
	} else {
		buffer_str(b, "\"how\":\"died\",\"signal\":null");
	}
}

static void
add_outcome(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct outcome *o = &r->seen[s->index].outcome;
	struct buffer text = { NULL, 0, 0 };

	brief_got(&text, r, s);
	buffer_str(b, "\"outcome\":{");
	switch (o->how) {
	case OUTCOME_RETURNED:
		if (s->call->flags & CALL_ENDS)
			buffer_fmt(b, "\"how\":\"exited\",\"status\":%" PRIdMAX, o->ret);
		else
			add_returned(b, r, s, o);
		break;
	case OUTCOME_FAILED:
		buffer_str(b, "\"how\":\"failed\",");
		add_member(b, "errno", buffer_text(&text));
		break;
	case OUTCOME_CAUGHT:
		add_fault(b, r, s, o);
		break;
	case OUTCOME_DIED:
		add_death(b, o);
		break;
	case OUTCOME_HUNG:
		buffer_str(b, "\"how\":\"hung\"");
		break;
	case OUTCOME_UNREACHED:
		buffer_str(b, "\"how\":\"unreached\"");
		break;
	case OUTCOME_ABSENT:
		buffer_str(b, "\"how\":\"absent\",");
		add_member(b, "name", r->seen[s->index].why ? r->seen[s->index].why : s->call->name);
		break;
	}
	buffer_str(b, ",");
	add_member(b, "text", buffer_text(&text));
	buffer_str(b, "}");
	buffer_free(&text);
}

/* What an authority says of the step, and whether it is so. */
static void
add_opinion(struct buffer *b, const struct probe *p, const struct opinion *op)
{
	struct buffer text = { NULL, 0, 0 };
	const struct want *w;

	buffer_str(b, "{");
	add_member(b, "by", op->who);
	buffer_fmt(b, ",\"met\":%s,\"deviates\":%s,\"allowed\":[", op->met ? "true" : "false", op->claim->deviates ? "true" : "false");
	for (w = op->claim->wants; w; w = w->next) {
		buffer_clear(&text);
		script_print_want(&text, p, w);
		add_string(b, buffer_text(&text));
		buffer_str(b, w->next ? "," : "");
	}
	buffer_str(b, "],");
	add_member(b, "note", op->claim->note);
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
	add_member(b, "text", buffer_text(&text));
	buffer_str(b, ",");
	add_member(b, "process", s->process_name < 0 ? NULL : p->names.name[s->process_name]);
	buffer_str(b, ",");
	add_member(b, "bind", s->bind < 0 ? NULL : p->names.name[s->bind]);
	buffer_str(b, ",");
	add_member(b, "call", s->call->name);
	buffer_str(b, ",\"arguments\":[");
	for (i = 0; i < s->nargs; ++i) {
		buffer_str(b, i ? "," : "");
		buffer_clear(&text);
		expr_print(&text, s->arg[i], &p->names);
		add_string(b, buffer_text(&text));
	}
	buffer_str(b, "],");
	add_outcome(b, r, s);
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
		add_member(b, p->names.name[i], buffer_text(&text));
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
	add_member(b, "topic", p->topic ? p->topic : "");
	buffer_str(b, ",");
	add_member(b, "probe", p->name);
	buffer_str(b, ",");
	add_member(b, "title", p->title);
	buffer_str(b, ",");
	add_parameters(b, r);
	buffer_str(b, ",");
	add_member(b, "verdict", verdict_word(r->verdict));
	buffer_str(b, ",");
	brief_reason(&text, r);
	add_member(b, "reason", buffer_text(&text));
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
	add_member(&b, "system", h->system);
	buffer_str(&b, ",");
	add_member(&b, "release", h->release);
	buffer_str(&b, ",");
	add_member(&b, "machine", h->machine);
	buffer_str(&b, ",");
	add_member(&b, "libc", h->libc[0] ? h->libc : NULL);
	buffer_str(&b, ",");
	add_member(&b, "file_system", h->fs[0] ? h->fs : NULL);
	buffer_str(&b, ",");
	add_member(&b, "directory", h->dir);
	buffer_fmt(&b, ",\"bits\":%d,\"page\":%ld,\"root\":%s,\"names\":[", (int)symbol_find("BITS", 4)->value, h->page,
		symbol_find("ROOT", 4)->value ? "true" : "false");
	for (i = 0; i < h->nnames; ++i) {
		buffer_str(&b, i ? "," : "");
		add_string(&b, h->names[i]);
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
