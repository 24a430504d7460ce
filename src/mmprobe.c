/* mmprobe: what does mmap really do here? */
#include <errno.h>
#include <fnmatch.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "affinity.h"
#include "catalogue.h"
#include "options.h"
#include "platform.h"
#include "process.h"
#include "report.h"
#include "run.h"
#include "scratch.h"
#include "subject.h"
#include "supervisor.h"
#include "symbols.h"
#include "workers.h"

enum { SCRIPT_BYTES = 1 << 20, FEW_CASES = 6 };

static struct options options;

/* What is to be run, in the order in which it is reported. */
static struct work {
	struct trial **trial;
	struct buffer *alone;           /* outcomes of the cases that ran before the others */
	int n;
	struct arena arena;
	struct here here;
	struct bench bench;
	struct platform live;
	struct result *results;         /* of the probe at hand */
	int nresults;
	struct totals totals;
	const struct reporter *reporter;
} work;

static void
end_work(void)
{
	process_end();
	workers_kill();
	scratch_remove();
}

/* Nothing that was written may be lost in silence. */
static void
check_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	supervisor_check();
	if (errno == EPIPE)
		supervisor_broken_pipe();
	fatal(EXIT_TROUBLE, "standard output:");
}

static void
add_trials(const struct probe *p, char *const args[], int nargs)
{
	struct buffer error = { NULL, 0, 0 };
	struct trial *t = run_trials(p, args, nargs, &work.arena, &error);
	int n = 0;

	if (!t) {
		fputs("mmprobe: ", stderr);
		fputs(buffer_text(&error), stderr);
		exit(EXIT_USAGE);
	}
	if (options.mode == MODE_ALL && script_has_tag(p, "heavy") && !options.heavy) {
		for (; t; t = t->next)
			++work.totals.left_out;
		return;
	}
	for (; t; t = t->next, ++n) {
		work.trial = xrealloc(work.trial, (size_t)(work.n + 1) * sizeof *work.trial);
		work.trial[work.n++] = t;
	}
	++work.totals.probes;
}

/* The result of one more case: a probe is reported when it has all its cases. */
static void
add_result(const struct result *r, int i)
{
	int j;

	work.results = xrealloc(work.results, (size_t)(work.nresults + 1) * sizeof *work.results);
	work.results[work.nresults++] = *r;
	++work.totals.cases;
	++work.totals.by[r->verdict];
	if (i + 1 < work.n && work.trial[i + 1]->probe == work.trial[i]->probe)
		return;
	work.reporter->probe(stdout, work.results, work.nresults);
	for (j = 0; j < work.nresults; ++j)
		run_free(&work.results[j]);
	work.nresults = 0;
	if (ferror(stdout))
		check_output();
}

static int
must_be_alone(const struct trial *t)
{
	return script_has_tag(t->probe, "alone");
}

static void
work_on(int i, int worker, struct buffer *outcomes, void *arg)
{
	struct result r;

	(void)arg;
	if (must_be_alone(work.trial[i])) {
		buffer_add(outcomes, "", 1);
		return;
	}
	run_trial(work.trial[i], &work.live, worker, &work.bench, &r);
	run_pack(&r, outcomes);
	run_free(&r);
}

static void
work_done(int i, const struct buffer *outcomes, void *arg)
{
	struct platform recorded;
	struct replay replay;
	struct result r;

	(void)arg;
	run_replay(&recorded, &replay, work.alone[i].data ? &work.alone[i] : outcomes);
	run_trial(work.trial[i], &recorded, 0, &work.bench, &r);
	add_result(&r, i);
	buffer_free(&work.alone[i]);
}

static void
run_side_by_side(int jobs)
{
	struct result r;
	int i;

	work.alone = xcalloc((size_t)work.n, sizeof *work.alone);
	for (i = 0; i < work.n; ++i) {
		if (must_be_alone(work.trial[i])) {
			run_trial(work.trial[i], &work.live, 0, &work.bench, &r);
			run_pack(&r, &work.alone[i]);
			run_free(&r);
		}
	}
	workers_run(work.n, jobs, work_on, work_done, NULL);
	free(work.alone);
}

static int
number_of_jobs(void)
{
	long n = options.jobs;

	if (work.n < FEW_CASES)
		return 1;
#ifdef _SC_NPROCESSORS_ONLN
	if (!n)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	if (!options.jobs && n > 4)
		n = 4;
#endif
	return n < 1 ? 1 : n > work.n ? work.n : (int)n;
}

static int
exit_status(void)
{
	const unsigned long *by = work.totals.by;

	if (by[VERDICT_VIOLATION] || by[VERDICT_SURPRISE])
		return EXIT_AMISS;
	if (by[VERDICT_UNRESOLVED])
		return EXIT_TROUBLE;
	if (by[VERDICT_UNSUPPORTED] < work.totals.cases)
		return EXIT_OK;
	warn(work.totals.cases ? "every case is unsupported here" : "every case was left out");
	return EXIT_TROUBLE;
}

static void
set_style(struct style *s)
{
	const char *no_color = getenv("NO_COLOR");
	int tty = isatty(STDOUT_FILENO);

	memset(s, 0, sizeof *s);
	s->verbose = options.verbose;
	s->quiet = options.quiet;
	s->all = options.mode == MODE_ALL || work.totals.probes > 1;
	s->color = options.color < 0 ? tty && !(no_color && *no_color) : options.color;
	s->unicode = tty && setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
run_all(void)
{
	struct result r;
	struct style style;
	double start = now();
	int i, jobs = number_of_jobs();

	supervisor_tidy(end_work);
	affinity_start();
	scratch_make(options.dir, jobs);
	process_platform(&work.live, options.timeout);
	here_describe(&work.here, options.dir);
	work.bench.here = &work.here;
	work.bench.edition = options.edition;
	set_style(&style);
	work.reporter = &reporter_text;
	work.reporter->begin(stdout, &style, &work.here);
	if (jobs > 1) {
		run_side_by_side(jobs);
	} else {
		affinity_pin(0);
		for (i = 0; i < work.n; ++i) {
			run_trial(work.trial[i], &work.live, 0, &work.bench, &r);
			add_result(&r, i);
		}
	}
	work.totals.seconds = now() - start;
	work.reporter->end(stdout, &work.totals);
	check_output();
	supervisor_check();
	return exit_status();
}

static void NORETURN
suggest(const char *name)
{
	struct buffer near = { NULL, 0, 0 };
	struct script s;
	const struct probe *p;
	int i;

	for (i = 0; i < catalogue_topics(); ++i) {
		catalogue_load(i, &s);
		for (p = s.probes; p; p = p->next)
			if (distance(name, p->name, 2) <= 2 || strstr(p->name, name) || strstr(name, p->name))
				buffer_fmt(&near, "%s%s", near.len ? ", " : "", p->name);
		script_free(&s);
	}
	if (near.len)
		fatal(EXIT_USAGE, "there is no probe '%s'; near it: %s", name, buffer_text(&near));
	fatal(EXIT_USAGE, "there is no probe '%s'; mmprobe --list names them", name);
}

static int
run_probe(void)
{
	struct script s;
	int status;

	if (catalogue_find(options.operand, &s) < 0)
		suggest(options.operand);
	add_trials(s.probes, options.args, options.nargs);
	status = run_all();
	script_free(&s);
	return status;
}

static int
run_catalogue(void)
{
	int n = catalogue_topics(), i, status;
	struct script *s = xcalloc((size_t)n, sizeof *s);
	const struct probe *p;

	for (i = 0; i < n; ++i) {
		catalogue_load(i, &s[i]);
		for (p = s[i].probes; p; p = p->next)
			add_trials(p, NULL, 0);
	}
	status = run_all();
	for (i = 0; i < n; ++i)
		script_free(&s[i]);
	free(s);
	return status;
}

static void
read_script(const char *path, const char *name, struct buffer *b)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char part[4096];
	size_t n;

	if (!f)
		fatal(EXIT_USAGE, "%s cannot be read:", name);
	while ((n = fread(part, 1, sizeof part, f)) > 0) {
		buffer_add(b, part, n);
		if (b->len > SCRIPT_BYTES)
			fatal(EXIT_USAGE, "%s is longer than %d KiB, so it is no script", name, SCRIPT_BYTES / 1024);
	}
	if (ferror(f)) {
		supervisor_check();
		fatal(EXIT_USAGE, "%s cannot be read:", name);
	}
	if (f != stdin)
		fclose(f);
}

static int
run_script(const char *path, const char *text, size_t len, int semicolons)
{
	struct buffer error = { NULL, 0, 0 };
	const char *topic = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct script s;
	struct probe *p;
	int status;

	if (script_parse(&s, path, text, len, "script", semicolons, &error) < 0) {
		fputs(buffer_text(&error), stderr);
		exit(EXIT_USAGE);
	}
	if (options.nargs && s.probes->next)
		fatal(EXIT_USAGE, "%s holds several probes, so arguments belong to none", path);
	for (p = s.probes; p; p = p->next) {
		p->topic = topic;
		add_trials(p, options.args, options.nargs);
	}
	status = run_all();
	script_free(&s);
	return status;
}

static int
run_file(void)
{
	struct buffer b = { NULL, 0, 0 };
	const char *name = strcmp(options.operand, "-") == 0 ? "standard input" : options.operand;
	int status;

	read_script(options.operand, name, &b);
	status = run_script(name, buffer_text(&b), b.len, 0);
	buffer_free(&b);
	return status;
}

static void
list_probe(const struct probe *p)
{
	struct buffer b = { NULL, 0, 0 };
	const struct param *q;

	buffer_fmt(&b, "  %s", p->name);
	for (q = p->params; q; q = q->next) {
		buffer_fmt(&b, " [%s", p->names.name[q->name]);
		if (!q->is_each) {
			buffer_str(&b, "=");
			expr_print(&b, q->value[0], &p->names);
		}
		buffer_str(&b, "]");
	}
	if (b.len > 29) {
		puts(buffer_text(&b));
		buffer_clear(&b);
	}
	buffer_pad(&b, 30);
	printf("%s%s\n", buffer_text(&b), p->title);
	buffer_free(&b);
}

static int
list_probes(void)
{
	const char *glob = options.operand;
	const struct probe *p;
	struct script s;
	int i, found = 0, in;

	for (i = 0; i < catalogue_topics(); ++i) {
		catalogue_load(i, &s);
		in = 0;
		for (p = s.probes; p; p = p->next) {
			if (glob && fnmatch(glob, p->name, 0) != 0 && fnmatch(glob, p->topic, 0) != 0)
				continue;
			if (!in++)
				printf("%s%s\n", found++ ? "\n" : "", p->topic);
			list_probe(p);
		}
		script_free(&s);
	}
	if (!found)
		fatal(EXIT_USAGE, "no probe and no topic matches '%s'", glob);
	return EXIT_OK;
}

static int
show_probe(void)
{
	struct script s;

	if (catalogue_find(options.operand, &s) < 0)
		suggest(options.operand);
	fwrite(s.probes->text, 1, s.probes->ntext, stdout);
	putchar('\n');
	script_free(&s);
	return EXIT_OK;
}

int
main(int argc, char *argv[])
{
	int status = EXIT_OK;

	/* Not an option: how exec() of a script starts this program in its place. */
	if (argc == 6 && strcmp(argv[1], "--under-test") == 0)
		subject_resume(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atol(argv[5]));
	options_parse(&options, argc, argv);
	supervisor_prepare(argv[0]);
	switch (options.mode) {
	case MODE_ALL: status = run_catalogue(); break;
	case MODE_PROBE: status = run_probe(); break;
	case MODE_RUN: status = run_file(); break;
	case MODE_TEXT: status = run_script("-e", options.operand, strlen(options.operand), 1); break;
	case MODE_LIST: status = list_probes(); break;
	case MODE_SHOW: status = show_probe(); break;
	case MODE_HELP: options_help(stdout); break;
	case MODE_VERSION: puts("mmprobe " VERSION); break;
	case MODE_NONE: break;
	}
	check_output();
	arena_free(&work.arena);
	free(work.trial);
	free(work.results);
	return status;
}
