/* The report as JUnit's XML: a suite a topic. What readers of it agree on is tests/junit.xsd. */
#include <string.h>
#include "brief.h"
#include "report.h"
#include "run.h"
#include "utf8.h"

struct counts {
	unsigned long tests, failures, errors, skipped;
};

/* Counts stand before what they count, so all is kept until the end. */
static struct {
	struct buffer suite, all;       /* the cases of the suite at hand; the suites behind which it comes */
	struct counts counts, totals;
	const char *topic;
	struct buffer platform;
} junit;

/* Text, in quotes or between tags. Most control characters have no place in XML, not even escaped. */
static void
add_text(struct buffer *b, const char *s)
{
	size_t n = strlen(s), len;
	uint32_t c;

	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '\n' || c == '\t' || c == '\r' || (c >= 0x7f && utf8_is_control(c)))
			buffer_fmt(b, "&#%u;", (unsigned)c);
		else
			utf8_add(b, c < ' ' ? UTF8_REPLACEMENT : c);
	}
}

static void
add_attribute(struct buffer *b, const char *name, const char *s)
{
	buffer_fmt(b, " %s=\"", name);
	add_text(b, s);
	buffer_str(b, "\"");
}

/* Where there is only one line to be seen, it is the message: so it says all. */
static void
add_outcome(struct buffer *b, const char *element, const struct result *r)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(b, "<%s", element);
	brief_sentence(&text, r);
	add_attribute(b, "message", buffer_text(&text));
	buffer_clear(&text);
	if (brief_fails(r)) {
		add_attribute(b, "type", verdict_word(r->verdict));
		brief_transcript(&text, r);
	}
	buffer_str(b, ">");
	add_text(b, buffer_text(&text));
	buffer_fmt(b, "</%s>", element);
	buffer_free(&text);
}

static void
add_remark(struct buffer *b, const struct result *r)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(&text, "%s: %s\n", verdict_word(r->verdict), verdict_means(r->verdict));
	brief_transcript(&text, r);
	buffer_str(b, "<system-out>");
	add_text(b, buffer_text(&text));
	buffer_str(b, "</system-out>");
	buffer_free(&text);
}

static void
add_case(struct buffer *b, const struct result *r)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_str(b, "    <testcase");
	brief_name(&text, r);
	add_attribute(b, "name", buffer_text(&text));
	buffer_clear(&text);
	buffer_fmt(&text, "mmprobe.%s", junit.topic);
	add_attribute(b, "classname", buffer_text(&text));
	buffer_str(b, ">");
	++junit.counts.tests;
	if (r->verdict == VERDICT_UNSUPPORTED) {
		++junit.counts.skipped;
		add_outcome(b, "skipped", r);
	} else if (r->verdict == VERDICT_UNRESOLVED) {
		++junit.counts.errors;
		add_outcome(b, "error", r);
	} else if (brief_fails(r)) {
		++junit.counts.failures;
		add_outcome(b, "failure", r);
	} else if (r->verdict != VERDICT_OK) {
		add_remark(b, r);
	}
	buffer_str(b, "</testcase>\n");
	buffer_free(&text);
}

static void
add_counts(struct buffer *b, const struct counts *c)
{
	buffer_fmt(b, " tests=\"%lu\" failures=\"%lu\" errors=\"%lu\" skipped=\"%lu\"", c->tests, c->failures, c->errors, c->skipped);
}

static void
end_suite(void)
{
	struct buffer *b = &junit.all;

	if (!junit.topic)
		return;
	buffer_str(b, "  <testsuite");
	add_attribute(b, "name", junit.topic);
	add_counts(b, &junit.counts);
	buffer_str(b, ">\n    <properties>\n      <property name=\"platform\"");
	add_attribute(b, "value", buffer_text(&junit.platform));
	buffer_fmt(b, "/>\n    </properties>\n%s  </testsuite>\n", buffer_text(&junit.suite));
	buffer_clear(&junit.suite);
	junit.totals.tests += junit.counts.tests;
	junit.totals.failures += junit.counts.failures;
	junit.totals.errors += junit.counts.errors;
	junit.totals.skipped += junit.counts.skipped;
	memset(&junit.counts, 0, sizeof junit.counts);
}

static void
junit_begin(FILE *f, const struct style *style, const struct here *h)
{
	(void)f;
	(void)style;
	memset(&junit, 0, sizeof junit);
	brief_here(&junit.platform, h);
}

static void
junit_probe(FILE *f, const struct result *r, int n)
{
	const char *topic = r->trial->probe->topic ? r->trial->probe->topic : "";
	int i;

	(void)f;
	if (!junit.topic || strcmp(junit.topic, topic) != 0) {
		end_suite();
		junit.topic = topic;
	}
	for (i = 0; i < n; ++i)
		add_case(&junit.suite, &r[i]);
}

static void
junit_end(FILE *f, const struct totals *t)
{
	struct buffer b = { NULL, 0, 0 };

	end_suite();
	buffer_str(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mmprobe\"");
	add_counts(&b, &junit.totals);
	/* The one thing that differs from run to run. */
	fprintf(f, "%s time=\"%.2f\">\n%s</testsuites>\n", buffer_text(&b), t->seconds, buffer_text(&junit.all));
	buffer_free(&b);
	buffer_free(&junit.suite);
	buffer_free(&junit.all);
	buffer_free(&junit.platform);
}

const struct reporter reporter_junit = { "junit", junit_begin, junit_probe, junit_end };
