#include <string.h>
#include "brief.h"
#include "calls.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

int
brief_fails(const struct result *r)
{
	return r->verdict >= VERDICT_UNRESOLVED;
}

const struct step *
brief_step(const struct result *r)
{
	const struct step *s;

	if (r->why || r->verdict == VERDICT_OK)
		return NULL;
	for (s = r->trial->probe->steps; s; s = s->next)
		if (r->seen[s->index].verdict == r->verdict)
			return s;
	return NULL;
}

const struct opinion *
brief_opinion(const struct result *r, const struct step *s)
{
	const struct seen *seen = &r->seen[s->index];
	int i;

	for (i = 0; i < seen->nopinions; ++i)
		if (!seen->opinion[i].met && strcmp(seen->opinion[i].who, "folklore") != 0)
			return &seen->opinion[i];
	return NULL;
}

void
brief_name(struct buffer *b, const struct result *r)
{
	buffer_str(b, r->trial->probe->name);
	if (r->trial->probe->nparams)
		buffer_str(b, " ");
	report_parameters(b, r);
}

void
brief_got(struct buffer *b, const struct result *r, const struct step *s)
{
	struct buffer text = { NULL, 0, 0 };

	report_outcome(&text, r, s->index);
	buffer_str(b, buffer_text(&text) + (strncmp(buffer_text(&text), "= ", 2) == 0 ? 2 : 0));
	buffer_free(&text);
}

void
brief_expected(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct opinion *op = brief_opinion(r, s);

	if (op)
		script_print_wants(b, r->trial->probe, op->claim);
	else
		buffer_str(b, r->verdict == VERDICT_UNRESOLVED ? "ok" : "anything");
}

void
brief_reason(struct buffer *b, const struct result *r)
{
	const struct step *s = brief_step(r);

	if (r->why)
		buffer_str(b, r->why);
	else if (r->verdict == VERDICT_UNSUPPORTED && s)
		buffer_str(b, r->seen[s->index].why ? r->seen[s->index].why : s->call->name);
	else
		buffer_str(b, verdict_means(r->verdict));
}

void
brief_sentence(struct buffer *b, const struct result *r)
{
	const struct step *s = brief_step(r);
	const struct opinion *op = s ? brief_opinion(r, s) : NULL;

	if (!s || r->verdict == VERDICT_UNSUPPORTED) {
		brief_reason(b, r);
		return;
	}
	script_print_step(b, r->trial->probe, s);
	buffer_str(b, ": got ");
	brief_got(b, r, s);
	buffer_str(b, ", expected ");
	brief_expected(b, r, s);
	if (op)
		buffer_fmt(b, " (%s%s%s)", op->who, op->claim->note ? ": " : "", op->claim->note ? op->claim->note : "");
}

static void
transcript_step(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct seen *seen = &r->seen[s->index];
	const struct opinion *op;

	script_print_step(b, r->trial->probe, s);
	buffer_str(b, "  ");
	report_outcome(b, r, s->index);
	buffer_str(b, "\n");
	for (op = seen->opinion; op < seen->opinion + seen->nopinions; ++op) {
		buffer_fmt(b, "    %s%s: ", op->who, op->claim->deviates ? " deviates" : "");
		script_print_wants(b, r->trial->probe, op->claim);
		buffer_fmt(b, " (%s)%s%s\n", op->met ? "met" : "not met", op->claim->note ? "  " : "", op->claim->note ? op->claim->note : "");
	}
}

void
brief_transcript(struct buffer *b, const struct result *r)
{
	const struct step *s;

	for (s = r->why ? NULL : r->trial->probe->steps; s; s = s->next)
		transcript_step(b, r, s);
}

void
brief_here(struct buffer *b, const struct here *h)
{
	buffer_fmt(b, "%s %s %s, page %ld%s%s%s%s%s", h->system, h->release, h->machine, h->page, h->libc[0] ? ", " : "", h->libc,
		h->fs[0] ? ", " : "", h->fs, symbol_find("ROOT", 4)->value ? ", as root" : "");
}

void
brief_totals(struct buffer *b, const struct totals *t)
{
	const char *between = ": ";
	int v;

	buffer_fmt(b, "%lu case%s of %lu probe%s", t->cases, t->cases == 1 ? "" : "s", t->probes, t->probes == 1 ? "" : "s");
	for (v = 0; v < VERDICTS; ++v) {
		if (!t->by[v])
			continue;
		buffer_fmt(b, "%s%lu %s", between, t->by[v], verdict_word((enum verdict)v));
		between = ", ";
	}
	if (t->left_out)
		buffer_fmt(b, "; %lu heavy left out", t->left_out);
}
