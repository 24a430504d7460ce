#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "affinity.h"
#include "catalogue.h"
#include "options.h"
#include "outputs.h"
#include "platform.h"
#include "playback.h"
#include "process.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "saved.h"
#include "scratch.h"
#include "session.h"
#include "supervisor.h"
#include "symbols.h"
#include "util.h"
#include "workers.h"

enum { FEW_CASES = 6 };

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
	double start;
	int several;                    /* more probes than one, so a line a topic */
} work;

static void
end_work(void)
{
	process_end();
	workers_kill();
	scratch_remove();
}

static void
forget_trials(void)
{
	free(work.trial);
	work.trial = NULL;
	work.n = 0;
	arena_free(&work.arena);
}

static void
add_trials(struct trial *t)
{
	for (; t; t = t->next) {
		work.trial = xrealloc(work.trial, (size_t)(work.n + 1) * sizeof *work.trial);
		work.trial[work.n++] = t;
	}
}

void
session_add(const struct options *options, const struct probe *p, char *const args[], int nargs)
{
	struct buffer error = { NULL, 0, 0 };
	struct trial *t = run_trials(p, args, nargs, &work.arena, &error);

	if (!t)
		fatal(EXIT_USAGE, "%s", buffer_text(&error));
	if ((options->mode == MODE_ALL || options->mode == MODE_CAUSE) && script_has_tag(p, "heavy") && !options->heavy) {
		for (; t; t = t->next)
			++work.totals.left_out;
		return;
	}
	add_trials(t);
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
	outputs_probe(work.results, work.nresults);
	for (j = 0; j < work.nresults; ++j)
		run_free(&work.results[j]);
	work.nresults = 0;
	if (ferror(stdout))
		outputs_check();
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
number_of_jobs(const struct options *options)
{
	long n = options->jobs;

	if (work.n < FEW_CASES)
		return 1;
#ifdef _SC_NPROCESSORS_ONLN
	if (!n)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	if (!options->jobs && n > 4)
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
begin_work(const struct options *options)
{
	supervisor_tidy(end_work);
	affinity_start();
	process_platform(&work.live, options->timeout);
	scratch_make(options->dir, 1);
	here_describe(&work.here, options->dir);
	work.bench.here = &work.here;
	work.bench.edition = options->edition;
}

void
session_begin(const struct options *options, int several)
{
	work.start = seconds_now();
	work.several = several;
	begin_work(options);
	outputs_begin(options, &work.here, work.several);
}

void
session_run(const struct options *options)
{
	struct result r;
	int i, jobs = number_of_jobs(options);

	if (jobs > 1) {
		scratch_make(options->dir, jobs);
		run_side_by_side(jobs);
	} else {
		affinity_pin(0);
		for (i = 0; i < work.n; ++i) {
			run_trial(work.trial[i], &work.live, 0, &work.bench, &r);
			add_result(&r, i);
		}
		affinity_free();
	}
	forget_trials();
}

int
session_pending(void)
{
	return work.n;
}

int
session_end(const struct options *options)
{
	int status;

	work.totals.seconds = seconds_now() - work.start;
	outputs_end(options, &work.totals);
	outputs_check();
	supervisor_check();
	status = options->compare ? outputs_compare_now(options) : exit_status();
	free(work.results);
	return status;
}

/* Of several cases only one that is amiss speaks for itself. */
static int
is_ok(enum verdict v)
{
	return v == VERDICT_OK || v == VERDICT_CONFORMS || v == VERDICT_UNSUPPORTED;
}

static void NORETURN
ask_for_arguments(const struct probe *p)
{
	struct buffer b = { NULL, 0, 0 };
	const struct param *q;

	for (q = p->params; q; q = q->next)
		buffer_fmt(&b, "%s%s", q == p->params ? "" : ", ", p->names.name[q->name]);
	fatal(EXIT_USAGE, "%s has %d cases, and all are ok: say which one by its arguments: %s", p->name, work.n, buffer_text(&b));
}

int
session_repro(const struct options *options)
{
	struct buffer text = { NULL, 0, 0 }, why = { NULL, 0, 0 };
	FILE *f;
	struct result r;
	int i;

	if (work.totals.probes > 1)
		fatal(EXIT_USAGE, "--repro shows one case, not those of several probes");
	begin_work(options);
	affinity_pin(0);
	run_trial(work.trial[0], &work.live, 0, &work.bench, &r);
	for (i = 1; i < work.n && is_ok(r.verdict); ++i) {
		run_free(&r);
		run_trial(work.trial[i], &work.live, 0, &work.bench, &r);
	}
	if (work.n > 1 && is_ok(r.verdict))
		ask_for_arguments(r.trial->probe);
	if (repro_print(&text, &r, &work.here, &why) < 0)
		fatal(EXIT_TROUBLE, "%s cannot be told as a program: %s", r.trial->probe->name, buffer_text(&why));
	f = options->output ? outputs_open(options->output) : stdout;
	fwrite(text.data, 1, text.len, f);
	if (f != stdout)
		outputs_close(f, options->output);
	run_free(&r);
	buffer_free(&text);
	buffer_free(&why);
	return EXIT_OK;
}

/* Adds the cases of a probe that a report has, under the names that it has them by. */
static void
add_saved(const struct probe *p, const struct saved *s, const struct saved_case ***from, size_t *left_out)
{
	size_t n = strlen(p->name), i;
	struct buffer error = { NULL, 0, 0 };
	struct trial *t;
	uint32_t hash = saved_hash(p);
	int any = 0;

	for (i = 0; i < s->n; ++i) {
		if (strncmp(s->cases[i].name, p->name, n) != 0 || (s->cases[i].name[n] && s->cases[i].name[n] != ' '))
			continue;
		if (s->cases[i].script != hash) {
			++*left_out;
			continue;
		}
		t = run_named(p, s->cases[i].name + n, &work.arena, &error);
		if (!t)
			fatal(EXIT_USAGE, "%s", buffer_text(&error));
		*from = xrealloc(*from, (size_t)(work.n + 1) * sizeof **from);
		(*from)[work.n] = &s->cases[i];
		add_trials(t);
		any = 1;
	}
	work.totals.probes += (unsigned long)any;
}

int
session_replay(const struct options *options)
{
	const struct saved_case **from = NULL;
	int n = catalogue_topics(), i, status;
	struct script *scripts = xcalloc((size_t)n, sizeof *scripts);
	const struct probe *p;
	struct playback playback;
	struct platform recorded;
	struct saved saved;
	struct result r;
	size_t changed = 0;

	outputs_read_saved(&saved, options->operand);
	playback_facts(&saved);
	for (i = 0; i < n; ++i) {
		catalogue_load(i, &scripts[i]);
		for (p = scripts[i].probes; p; p = p->next)
			add_saved(p, &saved, &from, &changed);
	}
	if (changed)
		warn("%lu cases are not judged: their scripts make other calls now", (unsigned long)changed);
	if (changed + (size_t)work.n < saved.n)
		warn("%lu cases are not judged: there is no such probe", (unsigned long)(saved.n - changed - (size_t)work.n));
	work.here = saved.here;
	work.here.dir = options->operand;
	work.start = seconds_now();
	work.several = 1;
	work.bench.here = &work.here;
	work.bench.edition = options->edition;
	outputs_begin(options, &work.here, work.several);
	playback.path = options->operand;
	playback_platform(&recorded, &playback);
	for (i = 0; i < work.n; ++i) {
		playback.from = from[i];
		playback.result = &r;
		run_trial(work.trial[i], &recorded, 0, &work.bench, &r);
		add_result(&r, i);
	}
	status = session_end(options);
	forget_trials();
	for (i = 0; i < n; ++i)
		script_free(&scripts[i]);
	free(scripts);
	free(from);
	saved_free(&saved);
	return status;
}
