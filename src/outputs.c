#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "catalogue.h"
#include "compare.h"
#include "expected.h"
#include "input.h"
#include "options.h"
#include "outputs.h"
#include "platform.h"
#include "report.h"
#include "saved.h"
#include "script.h"
#include "supervisor.h"

enum { REPORT_BYTES = 16 << 20 };

static struct {
	struct output {
		const struct reporter *reporter;
		FILE *file;
		const char *path;       /* NULL: standard output, or memory */
	} list[3];
	int n;
	const struct reporter *reporter;        /* NULL: that of the format */
	char *saved_text;               /* what reporter_save wrote, for --save and --compare */
	size_t saved_length;
} outputs;

void
outputs_reporter(const struct reporter *r)
{
	outputs.reporter = r;
}

/* Nothing that was written may be lost in silence. */
void
outputs_check(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	supervisor_check();
	if (errno == EPIPE)
		supervisor_broken_pipe();
	fatal(EXIT_TROUBLE, "standard output:");
}

static void
set_style(const struct options *options, int several, struct style *s)
{
	const char *no_color = getenv("NO_COLOR");
	int tty = !options->output && isatty(STDOUT_FILENO);

	memset(s, 0, sizeof *s);
	s->verbose = options->verbose;
	s->quiet = options->quiet;
	s->all = several;
	s->color = options->color < 0 ? tty && !(no_color && *no_color) : options->color;
	s->unicode = tty && setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void
add_output(const struct reporter *r, FILE *f, const char *path, const struct style *style, const struct here *here)
{
	struct output *o = &outputs.list[outputs.n++];

	o->reporter = r;
	o->file = f;
	o->path = path;
	r->begin(f, style, here);
}

static FILE *
open_as(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		fatal(EXIT_TROUBLE, "%s cannot be written:", path);
	return f;
}

FILE *
outputs_open(const char *path)
{
	return open_as(path, "w");
}

void
outputs_close(FILE *f, const char *path)
{
	int bad = ferror(f);

	if (fclose(f) != 0 || bad)
		fatal(EXIT_TROUBLE, "%s cannot be written:", path);
}

/* A place where a report cannot be kept should not be found at the end of the work; nor is a file made before. */
static void
check_place(const char *path)
{
	struct buffer dir = { NULL, 0, 0 };
	const char *slash = strrchr(path, '/');

	buffer_add(&dir, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
	if (access(path, W_OK) < 0 && (errno != ENOENT || access(buffer_text(&dir), W_OK) < 0))
		fatal(EXIT_TROUBLE, "%s cannot be written:", path);
	buffer_free(&dir);
}

/* Where nobody named a format: annotations are of use in the log of a workflow, and nowhere else. */
static const char *
usual_format(const struct options *options)
{
	const char *actions = getenv("GITHUB_ACTIONS");

	return !options->output && actions && strcmp(actions, "true") == 0 ? "github" : "text";
}

/* With the annotations of all probes, tables for the summary of the job: the workflow has a file for them. */
static void
add_summary(const struct options *options, const struct style *style, const struct here *here)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");

	if (path && *path && !options->output)
		add_output(&reporter_markdown, open_as(path, "a"), path, style, here);
}

/* The report that is asked for, but where the differences take its place; and what was seen, where it is to be kept. */
void
outputs_begin(const struct options *options, const struct here *here, int several)
{
	const struct reporter *r = outputs.reporter;
	struct style style;
	FILE *f;

	if (!r)
		r = reporter_find(options->format ? options->format : usual_format(options));
	if (!r)
		fatal(EXIT_USAGE, "there is no format '%s'", options->format);
	set_style(options, several, &style);
	if (!options->compare)
		add_output(r, options->output ? outputs_open(options->output) : stdout, options->output, &style, here);
	if (!options->compare && r == &reporter_github && several)
		add_summary(options, &style, here);
	if (options->save)
		check_place(options->save);
	if (!options->save && !options->compare)
		return;
	f = open_memstream(&outputs.saved_text, &outputs.saved_length);
	if (!f)
		fatal(EXIT_TROUBLE, "no memory for the report:");
	add_output(&reporter_save, f, NULL, &style, here);
}

void
outputs_probe(const struct result *results, int n)
{
	const struct output *o;

	for (o = outputs.list; o < outputs.list + outputs.n; ++o)
		o->reporter->probe(o->file, results, n);
}

void
outputs_end(const struct options *options, const struct totals *totals)
{
	struct output *o;
	FILE *f;

	for (o = outputs.list; o < outputs.list + outputs.n; ++o) {
		o->reporter->end(o->file, totals);
		if (o->reporter == &reporter_save)
			outputs_close(o->file, "the report in memory");
		else if (o->file != stdout)
			outputs_close(o->file, o->path);
	}
	if (options->save) {
		f = outputs_open(options->save);
		fwrite(outputs.saved_text, 1, outputs.saved_length, f);
		outputs_close(f, options->save);
	}
}

/* The claims about a step of a case, as the embedded probes have them today. */
static const char *
clause(const char *name, int index)
{
	static struct script script;
	static char last[64];
	const struct claim *c;
	const struct step *s;
	char probe[64];

	snprintf(probe, sizeof probe, "%.*s", (int)strcspn(name, " "), name);
	if (strcmp(probe, last) != 0) {
		script_free(&script);
		if (catalogue_find(probe, &script) < 0)
			memset(&script, 0, sizeof script);
		memcpy(last, probe, sizeof last);
	}
	for (s = script.probes ? script.probes->steps : NULL; s && s->index != index; s = s->next)
		;
	for (c = s ? s->claims : NULL; c; c = c->next)
		if (strncmp(c->who[0], "posix", 5) == 0 && c->note)
			return c->note;
	return NULL;
}

void
outputs_read_saved(struct saved *s, const char *path)
{
	struct buffer text = { NULL, 0, 0 }, error = { NULL, 0, 0 };

	input_read(path, REPORT_BYTES, &text);
	if (saved_parse(s, input_name(path), buffer_text(&text), text.len, &error) < 0)
		fatal(EXIT_USAGE, "%s", buffer_text(&error));
	buffer_free(&text);
	buffer_free(&error);
}

/* Of the earlier report only the cases that this run has too, when it was not asked for everything. */
static void
keep_common(struct saved *was, const struct saved *now)
{
	size_t i, n = 0;

	for (i = 0; i < was->n; ++i)
		if (saved_find(now, was->cases[i].name))
			was->cases[n++] = was->cases[i];
	was->n = n;
}

static int
compare(const struct options *options, struct saved *now, const char *now_name)
{
	struct buffer text = { NULL, 0, 0 }, error = { NULL, 0, 0 };
	struct expected expected = { NULL, 0 };
	FILE *f = options->output ? outputs_open(options->output) : stdout;
	int part = options->mode != MODE_ALL && options->mode != MODE_COMPARE;
	struct saved was;
	unsigned long differ;

	outputs_read_saved(&was, options->compare);
	if (part)
		keep_common(&was, now);
	if (options->expect) {
		input_read(options->expect, REPORT_BYTES, &text);
		if (expected_parse(&expected, input_name(options->expect), buffer_text(&text), text.len, &error) < 0)
			fatal(EXIT_USAGE, "%s", buffer_text(&error));
	}
	if (part)
		expected_restrict(&expected, now);
	differ = compare_print(f, &was, options->compare, now, now_name, &expected, clause,
		options->verbose ? DETAIL_ALL : options->quiet ? DETAIL_BRIEF : DETAIL_ALIKE);
	if (f != stdout)
		outputs_close(f, options->output);
	expected_free(&expected);
	saved_free(&was);
	buffer_free(&text);
	return differ ? EXIT_AMISS : EXIT_OK;
}

int
outputs_compare_now(const struct options *options)
{
	struct buffer error = { NULL, 0, 0 };
	struct saved now;
	int status;

	if (saved_parse(&now, "this run", outputs.saved_text, outputs.saved_length, &error) < 0)
		fatal(EXIT_TROUBLE, "%s", buffer_text(&error));
	status = compare(options, &now, "this run");
	saved_free(&now);
	return status;
}

int
outputs_compare_files(const struct options *options)
{
	struct saved now;
	int status;

	outputs_read_saved(&now, options->operand);
	status = compare(options, &now, options->operand);
	saved_free(&now);
	return status;
}
