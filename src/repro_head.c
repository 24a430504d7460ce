/* The comment above a reproducer: what was asked, what is claimed of it, what was seen, and where. */
#include <string.h>
#include "platform.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

enum { CLAIMS = 2 };

/* Appends text that a comment can hold: nothing in it ends the comment or begins another, and no trigraph is in it. */
static void
print_safely(struct buffer *b, const char *s)
{
	char last = ' ', c;

	for (; *s; ++s) {
		c = (unsigned char)*s < ' ' || *s == 127 ? ' ' : *s;
		if ((last == '*' && c == '/') || (last == '/' && c == '*') || (last == '?' && c == '?'))
			buffer_str(b, " ");
		buffer_add(b, &c, 1);
		last = c;
	}
}

static int
says(const struct claim *c)
{
	return c && !judge_says_anything(c);
}

/* What POSIX claims of a step, and what was seen: "load(p): SIGBUS. POSIX: SIGBUS (mmap: pages past the end: SIGBUS)". */
static void
print_claim(struct buffer *b, const struct result *r, const struct step *s, const struct claim *c)
{
	const struct probe *p = r->trial->probe;
	struct buffer seen = { NULL, 0, 0 };

	script_print_step(b, p, s);
	report_outcome(&seen, r, s->index);
	buffer_fmt(b, "%s %s", seen.data[0] == '=' ? "" : ":", seen.data);
	buffer_free(&seen);
	buffer_str(b, "; POSIX: ");
	if (says(c))
		script_print_wants(b, p, c);
	else
		buffer_str(b, "nothing is said");
	if (c->note)
		buffer_fmt(b, " (%s)", c->note);
}

static void
print_claims(struct buffer *b, const struct result *r)
{
	const struct step *s;
	const struct claim *c;
	const struct claim *told[CLAIMS];
	int all = r->verdict == VERDICT_OK, n = 0, i;
	struct buffer line = { NULL, 0, 0 };

	for (s = r->trial->probe->steps; s && n < CLAIMS; s = s->next) {
		c = judge_claim(s, "posix", r->env);
		if (!c || r->seen[s->index].outcome.how == OUTCOME_UNREACHED
		    || (all ? !c->note : r->seen[s->index].verdict != r->verdict))
			continue;
		for (i = 0; i < n && !(all && strcmp(told[i]->note, c->note) == 0); ++i)
			;
		if (i < n)
			continue;
		told[n++] = c;
		buffer_clear(&line);
		print_claim(&line, r, s, c);
		buffer_str(b, " * ");
		print_safely(b, line.data);
		buffer_str(b, "\n");
	}
	buffer_free(&line);
}

void
repro_head(struct repro *r, struct buffer *b, const struct here *h)
{
	const struct probe *p = r->result->trial->probe;
	struct buffer line = { NULL, 0, 0 };

	buffer_fmt(&line, "mmprobe %s", p->title ? p->name : "script");
	if (p->nparams)
		buffer_str(&line, " ");
	report_parameters(&line, r->result);
	buffer_fmt(&line, "%s%s", p->title ? ": " : "", p->title ? p->title : "");
	buffer_str(b, "/* ");
	print_safely(b, line.data);
	buffer_str(b, "\n");
	print_claims(b, r->result);
	buffer_clear(&line);
	buffer_fmt(&line, "%s %s %s%s%s%s%s, pages of %ld bytes%s", h->system, h->release, h->machine,
		h->libc[0] ? ", " : "", h->libc, h->fs[0] ? ", " : "", h->fs, h->page, symbol_find("ROOT", 4)->value ? ", as root" : "");
	buffer_str(b, " * Seen on ");
	print_safely(b, line.data);
	buffer_fmt(b, ". To compare: cc%s%s file.c && ./a.out */\n", symbol_find("BITS", 4)->value == 32 ? " -m32" : "",
		r->has[HELPER_PTHREAD] ? " -pthread" : "");
	buffer_free(&line);
}
