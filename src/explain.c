#include <stdlib.h>
#include <string.h>
#include "explain.h"
#include "report.h"
#include "run.h"

enum { WIDTH = 80, FURTHER = 4 };

/* How much of a text fits into a line: up to a blank, or a word that is longer than a line. */
static size_t
line_length(const char *text, size_t room)
{
	size_t n = room;

	if (strlen(text) <= room)
		return strlen(text);
	while (n && text[n] != ' ')
		--n;
	return n ? n : strcspn(text, " ");
}

void
explain_fold(struct buffer *b, size_t indent, const char *text)
{
	size_t at = indent, n;

	do {
		n = line_length(text, WIDTH - at);
		buffer_fmt(b, "%*s%.*s\n", (int)at, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
		at = indent + FURTHER;
	} while (*text);
}

/* Colors and pictures have more bytes than columns: such lines are left as they are. */
static int
is_plain(const char *line)
{
	for (; *line >= ' ' && *line <= '~'; ++line)
		;
	return !*line;
}

/* Appends lines, those that are longer than a line may be in several. */
static void
print_lines(struct buffer *b, char *line, size_t indent)
{
	char *end;
	size_t blanks;

	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		blanks = strspn(line, " ");
		if (*line && is_plain(line))
			explain_fold(b, indent + blanks, line + blanks);
		else
			buffer_fmt(b, "%*s%s\n", *line ? (int)indent : 0, "", line);
	}
}

void
explain_step(struct buffer *b, size_t indent, const struct probe *p, const struct step *s)
{
	struct buffer text = { NULL, 0, 0 };

	script_print_step(&text, p, s);
	explain_fold(b, indent, buffer_text(&text));
	buffer_free(&text);
}

void
explain_wants(struct buffer *b, const struct probe *p, const struct claim *c)
{
	const struct want *w;

	for (w = c->wants; w; w = w->next) {
		switch (w->kind) {
		case WANT_OK: buffer_str(b, "success"); break;
		case WANT_FAIL: buffer_str(b, "failure"); break;
		case WANT_ANY: buffer_str(b, "anything"); break;
		case WANT_HANG: buffer_str(b, "no return"); break;
		default: script_print_want(b, p, w); break;
		}
		buffer_str(b, w->next ? " or " : "");
	}
}

int
explain_is_posix(const char *who)
{
	return strncmp(who, "posix", 5) == 0;
}

static int
is_folklore(const char *who)
{
	return strcmp(who, "folklore") == 0;
}

int
explain_is_platform(const char *who)
{
	return !explain_is_posix(who) && !is_folklore(who);
}

const char *
explain_who(const char *who)
{
	if (!explain_is_posix(who))
		return who;
	if (strcmp(who, "posix2001") == 0)
		return "POSIX.1-2001";
	if (strcmp(who, "posix2008") == 0)
		return "POSIX.1-2008";
	return strcmp(who, "posix2024") == 0 ? "POSIX.1-2024" : "POSIX";
}

static int
is_among(const char *name, const char *const who[], int n)
{
	int i;

	for (i = 0; i < n && strcmp(who[i], name) != 0; ++i)
		;
	return i < n;
}

int
explain_authorities(const struct step *s, int (*kind)(const char *), const char *who[EXPLAIN_WHO])
{
	const struct claim *c;
	int i, n = 0;

	for (c = s->claims; c; c = c->next)
		for (i = 0; i < c->nwho; ++i)
			if (n < EXPLAIN_WHO && kind(c->who[i]) && !is_among(c->who[i], who, n))
				who[n++] = c->who[i];
	return n;
}

static int
same_claims(const struct step *s, const char *a, const char *b)
{
	const struct claim *c;

	for (c = s->claims; c; c = c->next)
		if (claim_by(c, a) != claim_by(c, b))
			return 0;
	return 1;
}

/* One claim of an authority: of several the first whose condition holds counts. */
static void
claim_text(struct buffer *b, const struct probe *p, const struct claim *c, int first)
{
	if (c->when) {
		buffer_str(b, first ? "if " : "else if ");
		expr_print(b, c->when, &p->names);
		buffer_str(b, ": ");
	} else if (!first) {
		buffer_str(b, "else: ");
	}
	explain_wants(b, p, c);
	if (c->deviates)
		buffer_str(b, ", which deviates from POSIX");
	if (c->note)
		buffer_fmt(b, " (%s)", c->note);
}

/* All claims of an authority about a step, with its name or names before them where there is one to be said. */
static void
print_claims(struct buffer *b, const struct probe *p, const struct step *s, const char *who, const char *label)
{
	struct buffer text = { NULL, 0, 0 };
	const struct claim *c;
	int n = 0, first = 1;

	for (c = s->claims; c; c = c->next)
		n += claim_by(c, who);
	if (*label && n > 1) {
		buffer_fmt(&text, "%s:", label);
		explain_fold(b, 4, buffer_text(&text));
	}
	for (c = s->claims; c; c = c->next) {
		if (!claim_by(c, who))
			continue;
		buffer_clear(&text);
		if (*label && n == 1)
			buffer_fmt(&text, "%s: ", label);
		claim_text(&text, p, c, first);
		explain_fold(b, *label && n > 1 ? 6 : 4, buffer_text(&text));
		first = 0;
	}
	buffer_free(&text);
}

/* What the authorities of a kind say of a step; those that say the same, together. */
static void
print_authorities(struct buffer *b, const struct probe *p, const struct step *s, int (*kind)(const char *))
{
	const char *who[EXPLAIN_WHO];
	struct buffer label = { NULL, 0, 0 };
	int n = explain_authorities(s, kind, who), i, j;

	if (n)
		explain_step(b, 2, p, s);
	for (i = 0; i < n; ++i) {
		for (j = 0; j < i && !same_claims(s, who[i], who[j]); ++j)
			;
		if (j < i)
			continue;
		buffer_clear(&label);
		for (j = i; j < n && !is_folklore(who[i]); ++j)
			if (same_claims(s, who[i], who[j]))
				buffer_fmt(&label, "%s%s", label.len ? ", " : "", explain_who(who[j]));
		if (n == 1 && strcmp(who[i], "posix") == 0)
			buffer_clear(&label);
		print_claims(b, p, s, who[i], label.len ? label.data : "");
	}
	buffer_free(&label);
}

static void
print_section(struct buffer *b, const struct probe *p, const char *title, const char *nothing, int (*kind)(const char *))
{
	const struct step *s;
	size_t start;

	buffer_fmt(b, "\n%s\n\n", title);
	start = b->len;
	for (s = p->steps; s; s = s->next)
		print_authorities(b, p, s, kind);
	if (b->len == start)
		buffer_fmt(b, "  %s\n", nothing);
}

/* The script without its claims, which stand below. */
static void
print_script(struct buffer *b, const struct probe *p)
{
	struct step *steps = xcalloc((size_t)p->nsteps + 1, sizeof *steps);
	struct probe bare = *p;
	struct buffer text = { NULL, 0, 0 };
	const struct step *s;

	for (s = p->steps; s; s = s->next) {
		steps[s->index] = *s;
		steps[s->index].claims = NULL;
		steps[s->index].next = s->next ? &steps[s->next->index] : NULL;
	}
	bare.steps = p->steps ? steps : NULL;
	bare.title = NULL;
	script_print(&text, &bare);
	buffer_str(b, "\nThe script\n\n");
	if (text.len)
		print_lines(b, text.data, 2);
	buffer_free(&text);
	free(steps);
}

static void
print_question(struct buffer *b, const struct probe *p)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(&text, "%s   %s", p->name, p->title ? p->title : "");
	explain_fold(b, 0, buffer_text(&text));
	buffer_free(&text);
}

static void
explain_begin(FILE *f, const struct style *style, const struct here *here)
{
	struct style untitled = *style;

	untitled.untitled = 1;
	reporter_text.begin(f, &untitled, here);
}

static void
print_report(struct buffer *b, const struct result *r, int n)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		fatal(EXIT_TROUBLE, "no memory for the report:");
	reporter_text.probe(f, r, n);
	if (fclose(f) != 0)
		fatal(EXIT_TROUBLE, "no memory for the report:");
	print_lines(b, text, 0);
	free(text);
}

static void
explain_probe(FILE *f, const struct result *r, int n)
{
	const struct probe *p = r->trial->probe;
	struct buffer b = { NULL, 0, 0 };

	print_question(&b, p);
	print_script(&b, p);
	print_section(&b, p, "What POSIX says", "Nothing that is claimed here.", explain_is_posix);
	print_section(&b, p, "What known platforms do", "Nothing is claimed of any.", explain_is_platform);
	print_section(&b, p, "What tutorials say", "Nothing is claimed of them.", is_folklore);
	buffer_str(&b, "\nWhat happened here\n\n");
	print_report(&b, r, n);
	buffer_str(&b, "\nWhat portable code makes of it\n\n");
	advice_print(&b, r, n);
	fputs(buffer_text(&b), f);
	buffer_free(&b);
}

static void
explain_end(FILE *f, const struct totals *t)
{
	reporter_text.end(f, t);
}

const struct reporter reporter_explain = { "explain", explain_begin, explain_probe, explain_end };
