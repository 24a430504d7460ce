/* The report as Markdown with GitHub's tables, to be put into an issue or the summary of a job. */
#include <ctype.h>
#include <string.h>
#include "brief.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

static struct {
	struct buffer platform, rows, details;
} page;

/* An underscore within a word is none of the markup, and names are full of them. */
static int
is_markup(const char *s, size_t n, const char *start)
{
	if (*s == '_')
		return s == start || n < 2 || !isalnum((unsigned char)s[-1]) || !isalnum((unsigned char)s[1]);
	return strchr("\\`*[]~|&<>$", *s) != NULL;
}

/* Text that is only text: a character reference can be neither markup, nor a tag, nor the end of a cell. */
static void
add_text(struct buffer *b, const char *s, int in_pre)
{
	const char *start = s;
	size_t n = strlen(s), len;
	uint32_t c;

	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		if (in_pre ? c && c < 128 && strchr("&<>", (int)c) != NULL : c && c < 128 && is_markup(s, n, start))
			buffer_fmt(b, "&#%u;", (unsigned)c);
		else if (c == '\n' || c == '\t')
			buffer_str(b, in_pre && c == '\n' ? "\n" : " ");
		else
			utf8_add(b, utf8_is_control(c) ? UTF8_REPLACEMENT : c);
	}
}

static void
add_code(struct buffer *b, struct buffer *text)
{
	buffer_str(b, " <code>");
	add_text(b, buffer_text(text), 0);
	buffer_str(b, "</code> |");
	buffer_clear(text);
}

/* A verdict, a case, a call, what came of it, what was expected and by whom. */
static void
add_row(struct buffer *b, const struct result *r)
{
	const struct step *s = brief_step(r);
	const struct opinion *op = s ? brief_opinion(r, s) : NULL;
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(b, "| %s |", verdict_word(r->verdict));
	brief_name(&text, r);
	add_code(b, &text);
	if (s && r->verdict != VERDICT_UNSUPPORTED) {
		script_print_step(&text, r->trial->probe, s);
		add_code(b, &text);
		brief_got(&text, r, s);
		add_code(b, &text);
		brief_expected(&text, r, s);
		add_code(b, &text);
		if (op)
			buffer_fmt(&text, "%s%s%s", op->who, op->claim->note ? ": " : "", op->claim->note ? op->claim->note : "");
	} else {
		buffer_str(b, " | | |");
		brief_reason(&text, r);
	}
	buffer_str(b, " ");
	add_text(b, buffer_text(&text), 0);
	buffer_str(b, " |\n");
	buffer_free(&text);
}

static void
add_detail(struct buffer *b, const struct result *r)
{
	const char *title = r->trial->probe->title;
	struct buffer text = { NULL, 0, 0 };

	if (r->why)
		return;
	buffer_fmt(b, "<details><summary>%s: <code>", verdict_word(r->verdict));
	brief_name(&text, r);
	add_text(b, buffer_text(&text), 0);
	buffer_str(b, "</code> ");
	add_text(b, title ? title : "", 0);
	buffer_clear(&text);
	brief_transcript(&text, r);
	buffer_str(b, "</summary>\n\n<pre>\n");
	add_text(b, buffer_text(&text), 1);
	buffer_str(b, "</pre>\n</details>\n\n");
	buffer_free(&text);
}

static void
markdown_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)f;
	(void)style;
	memset(&page, 0, sizeof page);
	brief_here(&page.platform, h);
}

static void
markdown_probe(FILE *f, const struct result *r, int n)
{
	int i;

	(void)f;
	for (i = 0; i < n; ++i) {
		if (r[i].verdict == VERDICT_OK)
			continue;
		add_row(&page.rows, &r[i]);
		add_detail(&page.details, &r[i]);
	}
}

static void
markdown_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 }, text = { NULL, 0, 0 };
	int v;

	add_text(&b, buffer_text(&page.platform), 0);
	brief_totals(&text, t);
	buffer_fmt(&b, "\n\n%s\n\n| verdict | cases | meaning |\n| --- | ---: | --- |\n", buffer_text(&text));
	for (v = VERDICTS - 1; v >= 0; --v)
		if (t->by[v])
			buffer_fmt(&b, "| %s | %lu | %s |\n", verdict_word((enum verdict)v), t->by[v], verdict_means((enum verdict)v));
	if (page.rows.len)
		buffer_fmt(&b, "\n| verdict | case | call | got | expected | by |\n| --- | --- | --- | --- | --- | --- |\n%s\n%s",
			buffer_text(&page.rows), buffer_text(&page.details));
	fprintf(f, "### mmprobe: %s", buffer_text(&b));
	buffer_free(&b);
	buffer_free(&text);
	buffer_free(&page.platform);
	buffer_free(&page.rows);
	buffer_free(&page.details);
}

const struct reporter reporter_markdown = { "markdown", markdown_begin, markdown_probe, markdown_end };
