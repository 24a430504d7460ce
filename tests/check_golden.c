/*
 * The transcripts of scripts/: a script, what a platform answers, and the report to the letter. With files as arguments this
 * program writes their reports anew; what has changed then must be read as a text is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fake.h"
#include "help.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

enum { WORDS_MAX = 16, RESULTS_MAX = 256 };

/* A transcript, taken apart. */
struct golden {
	struct buffer text;
	size_t script;                  /* lengths */
	const char *outcomes, *report;
	size_t noutcomes;
	char *word[WORDS_MAX];          /* of the line "--- outcomes" */
	int nwords;
};

static char **file;
static int nfiles;

static void
split_words(struct golden *g, char *line)
{
	char *w;

	for (w = strtok(line, " "); w && g->nwords < WORDS_MAX; w = strtok(NULL, " "))
		g->word[g->nwords++] = w;
}

static void
read_golden(struct golden *g, const char *path)
{
	char *outcomes, *report, *eol;

	memset(g, 0, sizeof *g);
	help_read(&g->text, path);
	outcomes = strstr(g->text.data, "\n--- outcomes ");
	report = strstr(g->text.data, "\n--- report\n");
	ck_assert_msg(outcomes && report && outcomes < report, "%s: a part is missing", path);
	g->script = (size_t)(outcomes + 1 - g->text.data);
	outcomes += strlen("\n--- outcomes ");
	eol = strchr(outcomes, '\n');
	*eol = '\0';
	split_words(g, outcomes);
	g->outcomes = eol + 1;
	g->noutcomes = report > eol ? (size_t)(report + 1 - g->outcomes) : 0;
	g->report = report + strlen("\n--- report\n");
}

/* The words are a system, a page size, how to judge and to report, and what would stand on the command line. */
static int
configure(struct golden *g, struct here *here, struct bench *bench, struct style *style)
{
	int i;

	memset(style, 0, sizeof *style);
	ck_assert_msg(g->nwords >= 2, "which system, and which page size?");
	here_pretend(here, g->word[0], strtol(g->word[1], NULL, 10));
	strcpy(here->release, "1.0");
	strcpy(here->machine, "vax");
	symbol_set("PAGE", here->page);
	symbol_set("ROOT", 0);
	bench->here = here;
	bench->edition = NULL;
	for (i = 2; i < g->nwords; ++i) {
		if (strncmp(g->word[i], "posix", 5) == 0)
			bench->edition = g->word[i];
		else if (strcmp(g->word[i], "verbose") == 0)
			style->verbose = 1;
		else if (strcmp(g->word[i], "quiet") == 0)
			style->quiet = 1;
		else if (strcmp(g->word[i], "all") == 0)
			style->all = 1;
		else if (strcmp(g->word[i], "color") == 0)
			style->color = 1;
		else if (strcmp(g->word[i], "unicode") == 0)
			style->unicode = 1;
		else
			break;
	}
	return i;
}

static void
run_probe(FILE *f, const struct probe *p, char **args, int nargs, struct platform *on, const struct bench *bench, struct totals *t)
{
	static struct result r[RESULTS_MAX];
	struct buffer error = { NULL, 0, 0 };
	struct arena a = { NULL, 0 };
	struct trial *trial = run_trials(p, args, nargs, &a, &error);
	int n, i;

	ck_assert_msg(trial != NULL, "%s", buffer_text(&error));
	for (n = 0; trial && n < RESULTS_MAX; trial = trial->next, ++n) {
		run_trial(trial, on, 0, bench, &r[n]);
		++t->cases;
		++t->by[r[n].verdict];
	}
	++t->probes;
	reporter_text.probe(f, r, n);
	for (i = 0; i < n; ++i)
		run_free(&r[i]);
	arena_free(&a);
}

/* Runs a transcript's script on a transcript's answers; the report is written to f. */
static void
play(struct golden *g, FILE *f, const char *path)
{
	struct buffer error = { NULL, 0, 0 };
	struct totals totals;
	struct platform on;
	struct script s;
	struct style style;
	struct bench bench;
	struct here here;
	struct fake fake;
	struct probe *p;
	int args = configure(g, &here, &bench, &style);

	ck_assert_msg(script_parse(&s, path, g->text.data, g->script, "script", 0, &error) == 0, "%s", buffer_text(&error));
	ck_assert_msg(fake_parse(&fake, g->outcomes, g->noutcomes, &error) == 0, "%s: %s", path, buffer_text(&error));
	fake_platform(&on, &fake);
	memset(&totals, 0, sizeof totals);
	reporter_text.begin(f, &style, &here);
	for (p = s.probes; p; p = p->next) {
		p->topic = "golden";
		run_probe(f, p, g->word + args, g->nwords - args, &on, &bench, &totals);
	}
	reporter_text.end(f, &totals);
	ck_assert_msg(fake.missing == 0, "%s: %d outcomes are missing", path, fake.missing);
	ck_assert_msg(fake.at == fake.n, "%s: of %d outcomes only %d are asked for", path, fake.n, fake.at);
	ck_assert_int_eq(fake.begun, fake.ended);
	fake_free(&fake);
	script_free(&s);
}

enum { LINES_MAX = 400 };

static int
split_lines(const char *s, const char **line)
{
	int n = 0;

	for (; *s && n < LINES_MAX; s = *s ? s + 1 : s) {
		line[n++] = s;
		s += strcspn(s, "\n");
	}
	line[n] = s;
	return n;
}

static int
same_line(const char *a, const char *b)
{
	size_t n = strcspn(a, "\n");

	return n == strcspn(b, "\n") && memcmp(a, b, n) == 0;
}

static void
diff_line(struct buffer *b, char mark, const char *line)
{
	buffer_fmt(b, "%c%.*s\n", mark, (int)strcspn(line, "\n"), line);
}

/* The longest common subsequence of the lines, shown as diff does. */
static void
diff(struct buffer *b, const char *want, const char *got)
{
	static const char *w[LINES_MAX + 1], *g[LINES_MAX + 1];
	static short length[LINES_MAX + 1][LINES_MAX + 1];
	int nw = split_lines(want, w), ng = split_lines(got, g), i, j;

	for (i = nw - 1; i >= 0; --i)
		for (j = ng - 1; j >= 0; --j)
			length[i][j] = same_line(w[i], g[j]) ? length[i + 1][j + 1] + 1
				: length[i + 1][j] > length[i][j + 1] ? length[i + 1][j] : length[i][j + 1];
	for (i = j = 0; i < nw || j < ng; ) {
		if (i < nw && j < ng && same_line(w[i], g[j])) {
			diff_line(b, ' ', w[i++]);
			++j;
		} else if (i < nw && (j == ng || length[i + 1][j] >= length[i][j + 1])) {
			diff_line(b, '-', w[i++]);
		} else {
			diff_line(b, '+', g[j++]);
		}
	}
}

static void
report_of(struct buffer *b, const char *path, const char *name, struct golden *g)
{
	FILE *f = tmpfile();
	char part[4096];
	size_t n;

	ck_assert_ptr_nonnull(f);
	read_golden(g, path);
	play(g, f, name);
	rewind(f);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buffer_add(b, part, n);
	fclose(f);
}

START_TEST(transcript)
{
	struct buffer b = { NULL, 0, 0 }, got = { NULL, 0, 0 };
	struct golden g;

	buffer_fmt(&b, "%s/%s", SCRIPTS, file[_i]);
	report_of(&got, buffer_text(&b), file[_i], &g);
	if (strcmp(g.report, buffer_text(&got)) != 0) {
		buffer_clear(&b);
		diff(&b, g.report, buffer_text(&got));
		ck_abort_msg("%s: - as it was written down, + as it came:\n%s", file[_i], buffer_text(&b));
	}
	buffer_free(&b);
	buffer_free(&got);
	buffer_free(&g.text);
}
END_TEST

START_TEST(written_anew)
{
	struct buffer whole = { NULL, 0, 0 }, got = { NULL, 0, 0 };
	struct golden g;
	FILE *f;

	help_read(&whole, file[_i]);
	report_of(&got, file[_i], file[_i], &g);
	f = fopen(file[_i], "w");
	ck_assert_ptr_nonnull(f);
	fwrite(whole.data, 1, (size_t)(g.report - g.text.data), f);
	fputs(buffer_text(&got), f);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

START_TEST(there_are_transcripts)
{
	ck_assert_int_ge(nfiles, 12);
}
END_TEST

START_TEST(diffs)
{
	struct buffer b = { NULL, 0, 0 };

	diff(&b, "a\nb\nc\n", "a\nc\nd\n");
	ck_assert_str_eq(buffer_text(&b), " a\n-b\n c\n+d\n");
	buffer_free(&b);
}
END_TEST

int
main(int argc, char *argv[])
{
	TCase *t = tcase_create("golden");

	if (argc > 1) {
		file = argv + 1;
		nfiles = argc - 1;
		tcase_add_loop_test(t, written_anew, 0, nfiles);
		return help_run(t);
	}
	nfiles = help_files(&file, SCRIPTS, ".golden");
	tcase_add_test(t, there_are_transcripts);
	tcase_add_test(t, diffs);
	tcase_add_loop_test(t, transcript, 0, nfiles);
	return help_run(t);
}
