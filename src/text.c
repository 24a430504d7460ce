/* The report for people. */
#include <string.h>
#include "calls.h"
#include "pagemap.h"
#include "platform.h"
#include "reason.h"
#include "report.h"
#include "run.h"
#include "symbols.h"
#include "table.h"

enum { WIDTH = 80, CALL_WIDTH = 64, INDENT = 10, NOTE = 47 };

/* So many probes are told in full for one reason, and so many cases for one reason are worth a line. */
enum { TOLD = 3, MANY = 5 };

static const char *const colors[VERDICTS] = { "32", "36", "34", "33", "2", "35", "1;33", "1;31" };

static struct {
	struct style style;
	const struct here *here;
	const char *topic;
	unsigned long probes, cases, by[VERDICTS];
	struct buffer detail;           /* what is not ok in the topic at hand */
	struct reasons reasons;
} report;

static void
print_verdict(struct buffer *b, enum verdict v)
{
	if (report.style.color)
		buffer_fmt(b, "\033[%sm%s\033[0m", colors[v], verdict_word(v));
	else
		buffer_str(b, verdict_word(v));
}

static const char *
opinion_word(const struct opinion *op)
{
	if (strncmp(op->who, "posix", 5) == 0)
		return op->met ? "allows" : "demands";
	if (strcmp(op->who, "folklore") == 0)
		return op->met ? "right" : "wrong";
	if (op->claim->deviates)
		return op->met ? "deviates" : "differs";
	return op->met ? "as known" : "differs";
}

static void
print_opinion(struct buffer *b, const struct probe *p, const struct opinion *op)
{
	const char *note = op->claim->note;
	size_t start = b->len;

	buffer_pad(b, start + INDENT);
	buffer_fmt(b, "%-10s %-9s ", op->who, opinion_word(op));
	script_print_wants(b, p, op->claim);
	if (note && b->len - start + 2 + strlen(note) <= WIDTH) {
		buffer_str(b, "  ");
		if (NOTE + strlen(note) <= WIDTH)
			buffer_pad(b, start + NOTE);
		buffer_str(b, note);
	} else if (note) {
		buffer_str(b, "\n");
		start = b->len;
		buffer_pad(b, start + INDENT + 21);
		buffer_str(b, note);
	}
	buffer_str(b, "\n");
}

/* A scan that is told where the file ends is shown as a picture. */
static void
print_picture(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct outcome *o = &r->seen[s->index].outcome;
	struct buffer name = { NULL, 0, 0 };
	struct value v;
	const char *why;
	intmax_t end = -1;

	if (strcmp(s->call->name, "scan") != 0 || s->nargs < 3 || o->how != OUTCOME_RETURNED || o->ntext <= 0)
		return;
	if (expr_eval(s->arg[2], r->env, &v, &why) == EVAL_OK && !v.text)
		end = v.number;
	expr_print(&name, s->arg[0], &r->trial->probe->names);
	pagemap_print(b, buffer_text(&name), o->text, (size_t)o->ntext, end, report.here->page, report.style.unicode);
	buffer_free(&name);
}

static size_t
call_width(const struct probe *p)
{
	struct buffer b = { NULL, 0, 0 };
	const struct step *s;
	size_t most = 0;

	for (s = p->steps; s; s = s->next) {
		buffer_clear(&b);
		script_print_step(&b, p, s);
		if (b.len > most && b.len <= CALL_WIDTH)
			most = b.len;
	}
	buffer_free(&b);
	return most;
}

static void
print_step(struct buffer *b, const struct result *r, const struct step *s, size_t width)
{
	const struct seen *seen = &r->seen[s->index];
	struct buffer outcome = { NULL, 0, 0 };
	size_t start = b->len;
	int i;

	buffer_str(b, "  ");
	script_print_step(b, r->trial->probe, s);
	report_outcome(&outcome, r, s->index);
	if (b->len - start + 2 + outcome.len > WIDTH) {
		buffer_str(b, "\n");
		start = b->len;
	}
	if (outcome.len + width + 4 > WIDTH)
		width = outcome.len + 4 < WIDTH ? WIDTH - outcome.len - 4 : 0;
	buffer_pad(b, start + 2 + width);
	buffer_fmt(b, "  %s\n", buffer_text(&outcome));
	buffer_free(&outcome);
	print_picture(b, r, s);
	for (i = 0; i < seen->nopinions; ++i)
		print_opinion(b, r->trial->probe, &seen->opinion[i]);
}

/* Whether POSIX and this platform both speak of a step that was reached. */
static int
both_speak(const struct result *r)
{
	const struct seen *seen;

	for (seen = r->seen; seen < r->seen + r->trial->probe->nsteps; ++seen)
		if (seen->nopinions >= 2 && strncmp(seen->opinion[0].who, "posix", 5) == 0 && strcmp(seen->opinion[1].who, "folklore") != 0)
			return 1;
	return 0;
}

static const char *
sentence(const struct result *r)
{
	const struct probe *p = r->trial->probe;

	if (r->verdict == VERDICT_OK && both_speak(r))
		return "POSIX allows what was seen, and this platform is known for it";

	if (r->verdict == VERDICT_NOTED && p->nclaims == 0)
		return "no claims: this is what came of it";
	return verdict_means(r->verdict);
}

static void
print_heading(struct buffer *b, const struct probe *p)
{
	size_t start = b->len;

	if (!p->title || report.style.untitled)
		return;
	buffer_fmt(b, "%s   ", p->name);
	if (b->len - start + strlen(p->title) > WIDTH)
		buffer_str(b, "\n    ");
	buffer_fmt(b, "%s\n\n", p->title);
}

static void
print_here(struct buffer *b)
{
	const struct here *h = report.here;

	buffer_fmt(b, "page %ld, %s %s %s%s%s%s%s%s", h->page, h->system, h->release, h->machine, h->libc[0] ? ", " : "", h->libc,
		h->fs[0] ? ", " : "", h->fs, symbol_find("ROOT", 4)->value ? ", as root" : "");
}

static void
print_closing(struct buffer *b, const struct result *r)
{
	print_verdict(b, r->verdict);
	buffer_fmt(b, "   %s\n", r->why && r->verdict == VERDICT_UNSUPPORTED ? r->why : sentence(r));
	if (report.style.all && r->trial->probe->nparams == 0)
		return;
	buffer_str(b, "     ");
	report_parameters(b, r);
	if (!report.style.all) {
		buffer_str(b, r->trial->probe->nparams ? ", " : "");
		print_here(b);
	}
	buffer_str(b, "\n");
}

static void
print_case(struct buffer *b, const struct result *r)
{
	const struct probe *p = r->trial->probe;
	const struct step *s;
	size_t width = call_width(p);

	for (s = r->why ? NULL : p->steps; s; s = s->next)
		print_step(b, r, s, width);
	if (!r->why)
		buffer_str(b, "\n");
	print_closing(b, r);
}

static enum verdict
worst(const struct result *r, int n)
{
	enum verdict v = VERDICT_OK;
	int i;

	for (i = 0; i < n; ++i)
		if (r[i].verdict > v)
			v = r[i].verdict;
	return v;
}

static void
print_probe(struct buffer *b, const struct result *r, int n)
{
	enum verdict v = worst(r, n);
	int i, shown = 0;

	if (report.style.all && v == VERDICT_UNSUPPORTED && n == 1 && !report.style.verbose && r->why) {
		buffer_fmt(b, "  %s: ", r->trial->probe->name);
		print_verdict(b, v);
		buffer_fmt(b, ": %s\n", r->why);
		return;
	}
	if (report.style.all)
		buffer_str(b, "\n");
	print_heading(b, r->trial->probe);
	if (n > 1)
		table_print(b, r, n, report.style.all && !report.style.verbose, print_verdict);
	for (i = 0; i < n; ++i) {
		/* Of a table the first of the worst cases is told; with -v, each. */
		if (n > 1 && !report.style.verbose && (shown || v <= VERDICT_OK || r[i].verdict < v))
			continue;
		if (n > 1)
			buffer_str(b, "\n");
		print_case(b, &r[i]);
		shown = 1;
	}
	if (n > 1 && !shown) {
		buffer_str(b, "\n");
		print_verdict(b, v);
		buffer_fmt(b, "   every claim is met in all %d cases\n", n);
		if (!report.style.all) {
			buffer_str(b, "     ");
			print_here(b);
			buffer_str(b, "\n");
		}
	}
	if (report.style.all)
		buffer_str(b, "\n");
}

/* Whether all that is not ok of a probe is so for a reason that was told often enough; it is counted. */
static const struct reason *
known_reason(const struct result *r, int n)
{
	struct reason *reason = NULL, *last = NULL;
	int i, known = !report.style.verbose;

	for (i = 0; i < n; ++i) {
		if (r[i].verdict == VERDICT_OK)
			continue;
		reason = reason_add(&report.reasons, &r[i]);
		known = known && reason && reason->told >= TOLD && (!last || (last->call == reason->call && last->err == reason->err));
		last = reason;
	}
	if (last)
		++last->told;
	return known ? last : NULL;
}

static void
print_known(struct buffer *b, const struct result *r, int n, const struct reason *reason)
{
	int i, amiss = 0;

	for (i = 0; i < n; ++i)
		amiss += r[i].verdict != VERDICT_OK;
	buffer_fmt(b, "  %s: ", r->trial->probe->name);
	print_verdict(b, worst(r, n));
	buffer_str(b, ": ");
	if (n > 1)
		buffer_fmt(b, "%d of %d cases: ", amiss, n);
	reason_print(b, reason);
	buffer_str(b, ", as above\n");
}

static void
print_counts(struct buffer *b, const unsigned long *by)
{
	const char *between = "";
	int v;

	for (v = 0; v < VERDICTS; ++v) {
		if (!by[v])
			continue;
		buffer_fmt(b, "%s%lu ", between, by[v]);
		print_verdict(b, (enum verdict)v);
		between = ", ";
	}
}

static void
end_topic(FILE *f)
{
	struct buffer b = { NULL, 0, 0 };

	if (!report.topic)
		return;
	buffer_fmt(&b, "%-12s %4lu probe%c %5lu case%c   ", report.topic, report.probes, report.probes == 1 ? ' ' : 's', report.cases,
		report.cases == 1 ? ' ' : 's');
	print_counts(&b, report.by);
	fprintf(f, "%s\n%s", buffer_text(&b), buffer_text(&report.detail));
	fflush(f);
	buffer_free(&b);
	buffer_clear(&report.detail);
	report.topic = NULL;
	report.probes = report.cases = 0;
	memset(report.by, 0, sizeof report.by);
}

static void
text_begin(FILE *f, const struct style *style, const struct here *h)
{
	memset(&report, 0, sizeof report);
	report.style = *style;
	report.here = h;
	if (!style->all || style->quiet)
		return;
	fprintf(f, "%s %s %s, %d bits, page %ld%s%s\n", h->system, h->release, h->machine, (int)symbol_find("BITS", 4)->value, h->page,
		h->libc[0] ? ", " : "", h->libc);
	fprintf(f, "%s%s%s%s%s\n\n", h->dir, h->fs[0] ? " (" : "", h->fs, h->fs[0] ? ")" : "",
		symbol_find("ROOT", 4)->value ? ", as root" : "");
	fflush(f);
}

static void
quiet_probe(FILE *f, const struct result *r, int n)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	for (i = 0; i < n; ++i) {
		if (r[i].verdict < VERDICT_UNRESOLVED)
			continue;
		print_verdict(&b, r[i].verdict);
		buffer_fmt(&b, ": %s", r[i].trial->probe->name);
		if (r[i].trial->probe->nparams) {
			buffer_str(&b, " (");
			report_parameters(&b, &r[i]);
			buffer_str(&b, ")");
		}
		buffer_str(&b, "\n");
	}
	fputs(buffer_text(&b), f);
	buffer_free(&b);
}

static void
text_probe(FILE *f, const struct result *r, int n)
{
	const struct probe *p = r->trial->probe;
	struct buffer b = { NULL, 0, 0 };
	const struct reason *reason;
	int i;

	if (report.style.quiet) {
		quiet_probe(f, r, n);
		return;
	}
	if (!report.style.all) {
		print_probe(&b, r, n);
		fputs(buffer_text(&b), f);
		buffer_free(&b);
		return;
	}
	if (!report.topic || strcmp(report.topic, p->topic) != 0) {
		end_topic(f);
		report.topic = p->topic;
	}
	++report.probes;
	report.cases += (unsigned long)n;
	for (i = 0; i < n; ++i)
		++report.by[r[i].verdict];
	reason = known_reason(r, n);
	if (reason)
		print_known(&report.detail, r, n, reason);
	else if (report.style.verbose || worst(r, n) != VERDICT_OK)
		print_probe(&report.detail, r, n);
}

static void
text_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 };

	end_topic(f);
	buffer_free(&report.detail);
	if (report.style.quiet || !report.style.all) {
		reasons_free(&report.reasons);
		return;
	}
	buffer_fmt(&b, "\n%lu case%s of %lu probe%s: ", t->cases, t->cases == 1 ? "" : "s", t->probes, t->probes == 1 ? "" : "s");
	print_counts(&b, t->by);
	buffer_fmt(&b, "   %.2f s\n", t->seconds);
	if (t->left_out)
		buffer_fmt(&b, "%lu heavy case%s left out; --heavy runs them\n", t->left_out, t->left_out == 1 ? "" : "s");
	reasons_print(&b, &report.reasons, MANY,
		t->by[VERDICT_UNRESOLVED] + t->by[VERDICT_SURPRISE] + t->by[VERDICT_VIOLATION]);
	fputs(buffer_text(&b), f);
	buffer_free(&b);
	reasons_free(&report.reasons);
}

const struct reporter reporter_text = { "text", text_begin, text_probe, text_end };
