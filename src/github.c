/* The report as annotations of GitHub Actions, for the log of a workflow. */
#include <string.h>
#include "brief.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

static struct buffer platform;

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

/* The first line says it all; then the platform, since an annotation is read far from its log; then every step. */
static void
add_annotation(struct buffer *b, const struct result *r)
{
	const char *title = r->trial->probe->title;
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(b, "::%s title=", r->verdict == VERDICT_SURPRISE ? "warning" : "error");
	buffer_fmt(&text, "mmprobe: %s: ", verdict_word(r->verdict));
	brief_name(&text, r);
	add_text(b, buffer_text(&text), 1);
	buffer_str(b, "::");
	buffer_clear(&text);
	brief_sentence(&text, r);
	buffer_fmt(&text, "\n%s%s%s\n", title ? title : "", title ? "\n" : "", buffer_text(&platform));
	brief_transcript(&text, r);
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	add_text(b, buffer_text(&text), 0);
	buffer_str(b, "\n");
	buffer_free(&text);
}

static void
github_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)f;
	(void)style;
	memset(&platform, 0, sizeof platform);
	brief_here(&platform, h);
}

static void
github_probe(FILE *f, const struct result *r, int n)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	for (i = 0; i < n; ++i)
		if (brief_fails(&r[i]))
			add_annotation(&b, &r[i]);
	fputs(buffer_text(&b), f);
	buffer_free(&b);
}

static void
github_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 }, line = { NULL, 0, 0 };

	brief_totals(&b, t);
	buffer_fmt(&b, "; %s", buffer_text(&platform));
	add_text(&line, buffer_text(&b), 0);
	fprintf(f, "%s\n", buffer_text(&line));
	buffer_free(&b);
	buffer_free(&line);
	buffer_free(&platform);
}

const struct reporter reporter_github = { "github", github_begin, github_probe, github_end };
