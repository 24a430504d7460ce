/* mmprobe: what does mmap really do here? */
#include <sys/stat.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "catalogue.h"
#include "explain.h"
#include "input.h"
#include "options.h"
#include "outputs.h"
#include "script.h"
#include "session.h"
#include "subject.h"
#include "supervisor.h"
#include "symbols.h"

enum { SCRIPT_BYTES = 1 << 20, MANY_CASES = 120 };

static struct options options;

static void NORETURN
suggest(const char *name)
{
	struct buffer near = { NULL, 0, 0 };
	struct script s;
	const struct probe *p;
	int i, n = strlen(name) > 1 ? catalogue_topics() : 0;

	for (i = 0; i < n; ++i) {
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
is_cause(const struct symbol *s)
{
	return s && (s->kind == SYMBOL_ERRNO || s->kind == SYMBOL_SIGNAL);
}

struct nearest {
	const char *name;
	struct buffer found;
	size_t least;
};

static void
near_cause(const char *name, void *arg)
{
	struct nearest *n = arg;
	size_t d = strcasecmp(name, n->name) == 0 ? 0 : distance(name, n->name, 2);

	if (d > n->least || !is_cause(symbol_find(name, strlen(name))))
		return;
	if (d < n->least)
		buffer_clear(&n->found);
	buffer_fmt(&n->found, "%s%s", n->found.len ? ", " : "", name);
	n->least = d;
}

/* A word for --explain that is neither a probe nor a name of the other kinds. */
static void NORETURN
suggest_cause(const char *name)
{
	struct nearest n = { name, { NULL, 0, 0 }, strlen(name) > 4 ? 2 : 1 };

	symbol_each(near_cause, &n);
	if (n.found.len)
		fatal(EXIT_USAGE, "there is no probe, errno or signal '%s'; near it: %s", name, n.found.data);
	if (strcspn(name, "abcdefghijklmnopqrstuvwxyz") == strlen(name))
		fatal(EXIT_USAGE, "there is no errno and no signal '%s'; errno(3) and signal(7) name them", name);
	suggest(name);
}

static int
run_probe(void)
{
	struct script s;
	int status;

	if (catalogue_find(options.operand, &s) < 0)
		suggest(options.operand);
	session_add(&options, s.probes, options.args, options.nargs);
	if (options.repro) {
		status = session_repro(&options);
	} else {
		session_begin(&options, 0);
		session_run(&options);
		status = session_end(&options);
	}
	script_free(&s);
	return status;
}

/* Runs every probe that is claimed to give the errno or signal. */
static int
explain_cause(const struct symbol *symbol)
{
	int n = catalogue_topics(), i, status, found = 0;
	struct script *s = xcalloc((size_t)n, sizeof *s);
	const struct probe *p;

	if (options.nargs)
		fatal(EXIT_USAGE, "%s takes no arguments", symbol->name);
	options.mode = MODE_CAUSE;
	cause_of(symbol);
	outputs_reporter(&reporter_cause);
	session_begin(&options, 1);
	for (i = 0; i < n; ++i) {
		catalogue_load(i, &s[i]);
		for (p = s[i].probes; p; p = p->next) {
			if (cause_claimed(p)) {
				session_add(&options, p, NULL, 0);
				++found;
			}
		}
	}
	if (!found)
		fatal(EXIT_TROUBLE, "no probe is claimed to give %s, by POSIX or of this platform", symbol->name);
	session_run(&options);
	status = session_end(&options);
	for (i = 0; i < n; ++i)
		script_free(&s[i]);
	free(s);
	return status;
}

static int
explain(void)
{
	const struct symbol *symbol = symbol_find(options.operand, strlen(options.operand));
	struct script s;

	if (is_cause(symbol))
		return explain_cause(symbol);
	if (catalogue_find(options.operand, &s) < 0)
		suggest_cause(options.operand);
	script_free(&s);
	outputs_reporter(&reporter_explain);
	return run_probe();
}

static int
run_catalogue(void)
{
	int n = catalogue_topics(), i, first = 0;
	struct script *s = xcalloc((size_t)n, sizeof *s);
	const struct probe *p;

	session_begin(&options, 1);
	for (i = 0; i < n; ++i) {
		catalogue_load(i, &s[i]);
		for (p = s[i].probes; p; p = p->next)
			session_add(&options, p, NULL, 0);
		if (session_pending() < MANY_CASES && i + 1 < n)
			continue;
		session_run(&options);
		while (first <= i)
			script_free(&s[first++]);
	}
	free(s);
	return session_end(&options);
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
		session_add(&options, p, options.args, options.nargs);
	}
	if (options.repro) {
		status = session_repro(&options);
	} else {
		session_begin(&options, s.probes->next != NULL);
		session_run(&options);
		status = session_end(&options);
	}
	script_free(&s);
	return status;
}

static int
run_file(void)
{
	struct buffer b = { NULL, 0, 0 };
	const char *name = input_name(options.operand);
	int status;

	input_read(options.operand, SCRIPT_BYTES, &b);
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

/* Whether a word is the number of a pipe, and of none of the three that a user gives. */
static int
is_pipe(const char *word)
{
	char *end;
	long fd = strtol(word, &end, 10);
	struct stat st;

	return !*end && fd > STDERR_FILENO && fd <= INT_MAX && fstat((int)fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Not an option: how exec() of a script starts this program in its place. By hand it is none, and refused as such. */
static void
resume(int argc, char *argv[])
{
	if (argc == 6 && strcmp(argv[1], "--under-test") == 0 && is_pipe(argv[2]) && is_pipe(argv[3]))
		subject_resume(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atol(argv[5]));
}

int
main(int argc, char *argv[])
{
	int status = EXIT_OK;

	supervisor_signals();
	resume(argc, argv);
	options_parse(&options, argc, argv);
	supervisor_prepare(argv[0]);
	switch (options.mode) {
	case MODE_ALL: status = run_catalogue(); break;
	case MODE_PROBE: status = run_probe(); break;
	case MODE_EXPLAIN: status = explain(); break;
	case MODE_RUN: status = run_file(); break;
	case MODE_TEXT: status = run_script("-e", options.operand, strlen(options.operand), 1); break;
	case MODE_LIST: status = list_probes(); break;
	case MODE_SHOW: status = show_probe(); break;
	case MODE_REPLAY: status = session_replay(&options); break;
	case MODE_COMPARE: status = outputs_compare_files(&options); break;
	case MODE_HELP: options_help(stdout); break;
	case MODE_VERSION: puts("mmprobe " VERSION); break;
	case MODE_CAUSE:
	case MODE_NONE: break;
	}
	outputs_check();
	return status;
}
