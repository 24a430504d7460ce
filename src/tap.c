/* The report as TAP, the Test Anything Protocol: version 14, or 13 for harnesses that refuse a newer one. */
#include <string.h>
#include "brief.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

static unsigned long cases;

/* Text within a line; of a description, '#' would begin a directive. */
static void
add_text(struct buffer *b, const char *s, int escape)
{
	size_t n = strlen(s), len;
	uint32_t c;

	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		if (c == '\n' || c == '\t')
			c = ' ';
		if (escape && (c == '#' || c == '\\'))
			buffer_str(b, "\\");
		utf8_add(b, utf8_is_control(c) ? UTF8_REPLACEMENT : c);
	}
}

/* Text as a scalar of YAML, in quotes. */
static void
add_scalar(struct buffer *b, const char *key, const char *s)
{
	size_t n = strlen(s), len;
	uint32_t c;

	buffer_fmt(b, "  %s: \"", key);
	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		if (c == '"' || c == '\\')
			buffer_fmt(b, "\\%c", (int)c);
		else if (c == '\n')
			buffer_str(b, "\\n");
		else if (c < 0x100 && utf8_is_control(c))
			buffer_fmt(b, "\\x%02x", (unsigned)c);
		else
			utf8_add(b, utf8_is_control(c) ? UTF8_REPLACEMENT : c);
	}
	buffer_str(b, "\"\n");
}

static void
add_block(struct buffer *b, const struct result *r)
{
	const struct step *s = brief_step(r);
	const struct opinion *op = brief_opinion(r, s);
	struct buffer text = { NULL, 0, 0 };

	buffer_str(b, "  ---\n");
	add_scalar(b, "verdict", verdict_word(r->verdict));
	add_scalar(b, "message", verdict_means(r->verdict));
	script_print_step(&text, r->trial->probe, s);
	add_scalar(b, "step", buffer_text(&text));
	buffer_clear(&text);
	brief_got(&text, r, s);
	add_scalar(b, "got", buffer_text(&text));
	buffer_clear(&text);
	brief_expected(&text, r, s);
	add_scalar(b, "expected", buffer_text(&text));
	if (op)
		add_scalar(b, "by", op->who);
	if (op && op->claim->note)
		add_scalar(b, "note", op->claim->note);
	buffer_str(b, "  ...\n");
	buffer_free(&text);
}

static void
add_case(struct buffer *b, const struct result *r)
{
	const char *title = r->trial->probe->title;
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(b, "%sok %lu - ", brief_fails(r) ? "not " : "", ++cases);
	brief_name(&text, r);
	if (title)
		buffer_fmt(&text, ": %s", title);
	add_text(b, buffer_text(&text), 1);
	buffer_clear(&text);
	if (r->verdict == VERDICT_UNSUPPORTED) {
		buffer_str(b, " # SKIP ");
		brief_reason(&text, r);
		add_text(b, buffer_text(&text), 0);
	} else if (!brief_fails(r) && r->verdict != VERDICT_OK) {
		buffer_fmt(b, "\n# %s: ", verdict_word(r->verdict));
		brief_sentence(&text, r);
		add_text(b, buffer_text(&text), 0);
	}
	buffer_str(b, "\n");
	if (brief_fails(r))
		add_block(b, r);
	buffer_free(&text);
}

static void
begin(FILE *f, int version, const struct here *h)
{
	struct buffer b = { NULL, 0, 0 }, text = { NULL, 0, 0 };

	cases = 0;
	brief_here(&text, h);
	add_text(&b, buffer_text(&text), 0);
	fprintf(f, "TAP version %d\n# %s\n", version, buffer_text(&b));
	buffer_free(&b);
	buffer_free(&text);
}

static void
tap_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)style;
	begin(f, 14, h);
}

static void
tap13_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)style;
	begin(f, 13, h);
}

static void
tap_probe(FILE *f, const struct result *r, int n)
{
	struct buffer b = { NULL, 0, 0 };
	int i;

	for (i = 0; i < n; ++i)
		add_case(&b, &r[i]);
	fputs(buffer_text(&b), f);
	fflush(f);
	buffer_free(&b);
}

static void
tap_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 };

	brief_totals(&b, t);
	/* The plan stands at the end: a harness misses it where the run was cut short. */
	fprintf(f, "1..%lu%s\n# %s\n", cases, cases ? "" : " # SKIP no case was run", buffer_text(&b));
	buffer_free(&b);
}

const struct reporter reporter_tap = { "tap", tap_begin, tap_probe, tap_end };
const struct reporter reporter_tap13 = { "tap13", tap13_begin, tap_probe, tap_end };
