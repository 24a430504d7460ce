/* The report as annotations of GitHub Actions, for the log of a workflow. */
#include <stdlib.h>
#include <string.h>
#include "brief.h"
#include "reason.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

/* Of the annotations of a step people are shown ten errors and ten warnings. */
enum { SHOWN = 10, MANY = 5 };

/* A case that is amiss. */
struct amiss {
	enum verdict verdict;
	int again;                      /* another one has the same reason */
	size_t place;
	char *annotation, *line;
};

static struct {
	struct buffer platform;
	struct reasons reasons;
	struct amiss *list;
	size_t n;
} notes;

/* Text behind "::". A property, before it, ends also at ':' and ','. */
static void
add_text(struct buffer *b, const char *s, int property)
{
	size_t n = strlen(s), len;
	uint32_t c;

	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
			buffer_fmt(b, "%%%02X", (unsigned)c);
		else
			utf8_add(b, utf8_is_control(c) && c != '\t' ? UTF8_REPLACEMENT : c);
	}
}

static int
is_warning(enum verdict v)
{
	return v == VERDICT_SURPRISE;
}

/* The first line says it all; then the platform, since an annotation is read far from its log; then every step. */
static void
add_annotation(struct buffer *b, const struct result *r)
{
	const char *title = r->trial->probe->title;
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(b, "::%s title=", is_warning(r->verdict) ? "warning" : "error");
	buffer_fmt(&text, "mmprobe: %s: ", verdict_word(r->verdict));
	brief_name(&text, r);
	add_text(b, buffer_text(&text), 1);
	buffer_str(b, "::");
	buffer_clear(&text);
	brief_sentence(&text, r);
	buffer_fmt(&text, "\n%s%s%s\n", title ? title : "", title ? "\n" : "", buffer_text(&notes.platform));
	brief_transcript(&text, r);
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	add_text(b, buffer_text(&text), 0);
	buffer_str(b, "\n");
	buffer_free(&text);
}

/* A case that has no annotation: its verdict, its name, and what that one would say first. */
static void
add_line(struct buffer *b, const struct result *r)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(&text, "%s: ", verdict_word(r->verdict));
	brief_name(&text, r);
	buffer_str(&text, ": ");
	brief_sentence(&text, r);
	add_text(b, buffer_text(&text), 0);
	buffer_str(b, "\n");
	buffer_free(&text);
}

static void
add_amiss(const struct result *r)
{
	struct buffer annotation = { NULL, 0, 0 }, line = { NULL, 0, 0 };
	const struct reason *reason = reason_add(&notes.reasons, r);
	struct amiss *a;

	if (notes.n % 64 == 0)
		notes.list = xrealloc(notes.list, (notes.n + 64) * sizeof *notes.list);
	a = &notes.list[notes.n];
	add_annotation(&annotation, r);
	add_line(&line, r);
	a->verdict = r->verdict;
	a->again = reason && reason->cases > 1;
	a->place = notes.n++;
	a->annotation = annotation.data;
	a->line = line.data;
}

/* Errors before warnings; of each what says something new, then the worst. */
static int
by_weight(const void *a, const void *b)
{
	const struct amiss *x = a, *y = b;

	if (is_warning(x->verdict) != is_warning(y->verdict))
		return is_warning(x->verdict) ? 1 : -1;
	if (x->again != y->again)
		return x->again - y->again;
	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

static void
github_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)f;
	(void)style;
	memset(&notes, 0, sizeof notes);
	brief_here(&notes.platform, h);
}

static void
github_probe(FILE *f, const struct result *r, int n)
{
	int i;

	(void)f;
	for (i = 0; i < n; ++i)
		if (brief_fails(&r[i]))
			add_amiss(&r[i]);
}

/* Those that would not be shown stand in the log, folded. */
static void
print_amiss(FILE *f)
{
	size_t kinds[2] = { 0, 0 }, i, more = 0;
	struct buffer rest = { NULL, 0, 0 };

	if (notes.n)
		qsort(notes.list, notes.n, sizeof *notes.list, by_weight);
	for (i = 0; i < notes.n; ++i) {
		if (kinds[is_warning(notes.list[i].verdict)]++ < SHOWN) {
			fputs(notes.list[i].annotation, f);
		} else {
			buffer_str(&rest, notes.list[i].line);
			++more;
		}
		free(notes.list[i].annotation);
		free(notes.list[i].line);
	}
	if (more)
		fprintf(f, "::group::%lu more that are amiss\n%s::endgroup::\n", (unsigned long)more, buffer_text(&rest));
	free(notes.list);
	buffer_free(&rest);
}

static void
github_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 }, line = { NULL, 0, 0 };

	print_amiss(f);
	reasons_print(&b, &notes.reasons, MANY, (unsigned long)notes.n);
	fputs(buffer_text(&b), f);
	buffer_clear(&b);
	brief_totals(&b, t);
	buffer_fmt(&b, "; %s", buffer_text(&notes.platform));
	add_text(&line, buffer_text(&b), 0);
	fprintf(f, "%s\n", buffer_text(&line));
	buffer_free(&b);
	buffer_free(&line);
	buffer_free(&notes.platform);
	reasons_free(&notes.reasons);
}

const struct reporter reporter_github = { "github", github_begin, github_probe, github_end };
