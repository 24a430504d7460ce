/* The story of a reproducer: main(), and whose turn it is in it. */
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "platform.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

struct story {
	struct repro repro;
	struct buffer own, other;       /* the steps of the first process, and those of the second */
	struct buffer *why;
	int alive;                      /* the second process: 0 not yet or no more */
	int turn;                       /* which process the last step was made by */
	int isolated;                   /* the case runs in a child, and somebody with more rights cleans up */
	const struct step *makes;       /* the step that makes the second process */
	struct repro_files files;
};

static int
refuse(struct story *t, const char *why)
{
	buffer_str(t->why, why);
	return -1;
}

static const struct outcome *
outcome_of(const struct story *t, const struct step *s)
{
	return &t->repro.result->seen[s->index].outcome;
}

static int
is_made(const struct story *t, const struct step *s)
{
	return outcome_of(t, s)->how != OUTCOME_UNREACHED;
}

static int
is_call(const struct step *s, const char *name)
{
	return strcmp(s->call->name, name) == 0;
}

static void
note_names(struct repro *r, const struct expr *e)
{
	if (!e)
		return;
	if (e->kind == EXPR_NAME && e->name < VARIABLES_MAX)
		r->used[e->name] = 1;
	note_names(r, e->a);
	note_names(r, e->b);
}

/* Whether the value that a name has at a step was got by another process, and not inherited. */
static int
is_foreign(const struct story *t, const struct expr *e, const struct step *at)
{
	const struct step *s, *from = NULL;

	if (!e)
		return 0;
	if (e->kind != EXPR_NAME)
		return is_foreign(t, e->a, at) || is_foreign(t, e->b, at);
	for (s = t->repro.result->trial->probe->steps; s != at; s = s->next)
		if (s->bind == e->name && is_made(t, s))
			from = s;
	if (!from || from->makes >= 0 || from->process == at->process)
		return 0;
	return from->process != 0 || t->makes->call->flags & CALL_UNRELATED || from->index > t->makes->index;
}

/* Looks through the case before anything is written. */
static int
prepare(struct story *t)
{
	struct repro *r = &t->repro;
	const struct probe *p = r->result->trial->probe;
	const struct step *s;
	int i;

	if (p->nprocesses > 2)
		return refuse(t, "it has more than two processes");
	if (p->names.n > VARIABLES_MAX)
		return refuse(t, "it has too many variables");
	for (s = p->steps; s; s = s->next) {
		const struct outcome *o = outcome_of(t, s);

		if (!is_made(t, s))
			continue;
		if (o->how == OUTCOME_ABSENT)
			return refuse(t, "something that it needs is absent here");
		if (o->how == OUTCOME_HUNG)
			return refuse(t, "a step hung");
		if (s->makes >= 0) {
			t->makes = s;
			r->inherits = (s->call->flags & CALL_FORKS) != 0;
			if (o->how != OUTCOME_RETURNED)
				return refuse(t, "a process could not be made");
		}
		if (s->process == 0 && (o->how == OUTCOME_DIED || s->call->flags & CALL_ENDS))
			return refuse(t, "its first process ends");
		if (is_call(s, "drop_root"))
			t->isolated = 1;
		for (i = 0; i < s->nargs; ++i) {
			note_names(r, repro_fold(r, s->arg[i]));
			if (p->nprocesses > 1 && t->makes && is_foreign(t, s->arg[i], s))
				return refuse(t, "a process uses a value that another one got");
		}
		if (s->bind >= 0)
			repro_type(r, s);
	}
	return 0;
}

/* Adds lines, which all begin with a tab, to a block that is one deeper. */
static void
indent(struct buffer *b, const struct buffer *lines)
{
	const char *at = buffer_text(lines), *end;

	for (; *at; at = end + 1) {
		end = strchr(at, '\n');
		buffer_str(b, *at == '\n' ? "" : "\t");
		buffer_add(b, at, (size_t)(end - at) + 1);
	}
}

static void
give_turn(struct story *t, int to)
{
	if (t->turn == to)
		return;
	t->turn = to;
	if (to == 1) {
		buffer_str(&t->own, "\tpass(to[1]);\n");
		buffer_str(&t->other, "\tawait(to[0]);\n");
	} else if (t->alive) {
		buffer_str(&t->own, "\tawait(from[0]);\n");
		buffer_str(&t->other, "\tpass(from[1]);\n");
	}
}

static const char *
process_name(const struct story *t)
{
	return t->repro.result->trial->probe->names.name[t->makes->bind];
}

/* The second process ends: the first one sees how. */
static void
see_end(struct story *t, const char *what, const struct outcome *o, int status)
{
	struct repro *r = &t->repro;

	repro_need(r, HELPER_ENDED);
	buffer_fmt(&t->own, "\tsaw(\"%s%s%s\", ended(", process_name(t), what[0] ? ": " : "", what);
	repro_name(r, &t->own, t->makes->bind);
	if (o && o->sig) {
		repro_note(r->deaths, &r->ndeaths, o->sig);
		buffer_fmt(&t->own, "), \"%s\");\n", symbol_signal(o->sig) ? symbol_signal(o->sig) : "another signal");
	} else {
		buffer_fmt(&t->own, "), \"%d\");\n", status);
	}
	t->alive = 0;
	t->turn = 0;
}

static void
add_exit(struct story *t, const struct step *s)
{
	buffer_str(&t->other, "\t_exit(differs ? 99 : ");
	repro_expr(&t->repro, &t->other, s->arg[0], 'i');
	buffer_str(&t->other, ");\n");
	see_end(t, "exit", NULL, (int)outcome_of(t, s)->ret);
}

static int
add_step(struct story *t, const struct step *s)
{
	const struct outcome *o = outcome_of(t, s);
	struct buffer *b = s->process ? &t->other : &t->own;
	struct outcome killed;
	struct value v;
	const char *why;

	repro_files_note(&t->repro, &t->files, s);
	if (s->makes >= 0) {
		buffer_str(&t->own, s->call->flags & CALL_FORKS ? "\n@fork\n" : "");
		t->alive = 1;
		t->repro.inherits = 0;
		return 0;
	}
	give_turn(t, s->process);
	if (s->call->flags & CALL_ENDS && o->how == OUTCOME_RETURNED) {
		add_exit(t, s);
		return 0;
	}
	if (repro_step(&t->repro, b, s, t->why) < 0)
		return -1;
	if (o->how == OUTCOME_DIED) {
		buffer_str(b, "\t_exit(99);\n");
		see_end(t, s->call->name, o, (int)o->ret);
	}
	if (s->call->flags & CALL_KILLS && o->how == OUTCOME_RETURNED) {
		if (expr_eval(s->arg[1], t->repro.result->env, &v, &why) != EVAL_OK || v.number != symbol_find("SIGKILL", 7)->value)
			return refuse(t, "it sends a signal that is not SIGKILL");
		memset(&killed, 0, sizeof killed);
		killed.sig = (int)v.number;
		see_end(t, "", &killed, 0);
	}
	return 0;
}

/* The block of the second process, behind the fork() in the first. */
static void
print_fork(struct story *t, struct buffer *b)
{
	struct buffer name = { NULL, 0, 0 };

	repro_name(&t->repro, &name, t->makes->bind);
	buffer_fmt(b, "\tpid_t %s = fork();\n\tif (%s == 0) {\n\t\tclose(to[1]);\n", name.data, name.data);
	indent(b, &t->other);
	buffer_str(b, "\t}\n\tclose(from[1]);\n");
	buffer_free(&name);
}

static void
print_end(struct story *t, struct buffer *b)
{
	repro_files_remove(&t->files, b);
	if (t->repro.helpers & (uint64_t)1 << HELPER_DIRECTORY)
		buffer_str(b, "\treturn chdir(\"..\") < 0 || rmdir(dir) < 0 || differs;\n");
	else
		buffer_str(b, "\treturn differs;\n");
}

static void
print_main(struct story *t, struct buffer *b)
{
	const struct repro *r = &t->repro;
	int directory = (r->helpers & (uint64_t)1 << HELPER_DIRECTORY) != 0, fault = (r->helpers & (uint64_t)1 << HELPER_FAULT) != 0;
	struct buffer removal = { NULL, 0, 0 };
	size_t start;

	buffer_str(b, "int main(void)\n{\n");
	start = b->len;
	if (directory)
		buffer_str(b, "\tchar dir[] = \"mmap-XXXXXX\";\n");
	if (fault)
		buffer_str(b, "\tstruct sigaction sa = { .sa_handler = caught };\n");
	if (t->alive)
		buffer_str(b, "\tint status;\n");
	buffer_str(b, b->len > start ? "\n" : "");
	if (directory)
		buffer_str(b, "\tif (chdir(getenv(\"TMPDIR\") ? getenv(\"TMPDIR\") : \"/tmp\") < 0 || !mkdtemp(dir) || chdir(dir) < 0)\n"
		    "\t\treturn 2;\n");
	if (t->makes || t->isolated)
		buffer_str(b, "\tsetbuf(stdout, NULL);\n");
	if (r->helpers & (uint64_t)1 << HELPER_SETRLIMIT)
		buffer_str(b, "\tsignal(SIGXFSZ, SIG_IGN);\n");
	if (fault)
		buffer_str(b, "\tsigaction(SIGBUS, &sa, NULL);\n\tsigaction(SIGSEGV, &sa, NULL);\n");
	if (t->isolated) {
		buffer_str(b, "\tpid_t child = fork();\n\tif (child > 0) {\n\t\tsaw(\"the process\", ended(child), \"0\");\n");
		print_end(t, &removal);
		indent(b, &removal);
		buffer_str(b, "\t}\n");
		buffer_free(&removal);
	}
	if (t->makes)
		buffer_str(b, "\tif (pipe(to) < 0 || pipe(from) < 0)\n\t\treturn 2;\n");
	if (t->makes && t->makes->call->flags & CALL_UNRELATED)
		print_fork(t, b);
}

/* Makes one line of two, wherever they stand together. */
static void
join(struct buffer *b, const char *two, const char *one)
{
	struct buffer joined = { NULL, 0, 0 };
	const char *at = buffer_text(b), *next;

	for (; (next = strstr(at, two)); at = next + strlen(two)) {
		buffer_add(&joined, at, (size_t)(next - at));
		buffer_str(&joined, one);
	}
	buffer_str(&joined, at);
	buffer_free(b);
	*b = joined;
}

static void
print_steps(struct story *t, struct buffer *b)
{
	const char *own = buffer_text(&t->own), *fork = strstr(own, "\n@fork\n");

	if (fork) {
		buffer_add(b, own, (size_t)(fork - own));
		print_fork(t, b);
		own = fork + strlen("\n@fork\n");
	}
	buffer_str(b, own);
}

static void
print_title(struct story *t, struct buffer *b, const struct here *h)
{
	const struct probe *p = t->repro.result->trial->probe;

	buffer_fmt(b, "/* mmprobe %s", p->title ? p->name : "script");
	if (p->nparams)
		buffer_str(b, " ");
	report_parameters(b, t->repro.result);
	buffer_fmt(b, "%s%s\n * seen on %s %s %s%s%s%s%s, pages of %ld bytes%s */\n", p->title ? ": " : "", p->title ? p->title : "",
		h->system, h->release, h->machine, h->libc[0] ? ", " : "", h->libc, h->fs[0] ? ", " : "", h->fs, h->page,
		symbol_find("ROOT", 4)->value ? ", as root" : "");
}

static int
tell(struct story *t, struct buffer *b, const struct here *h)
{
	const struct step *s;
	struct buffer text = { NULL, 0, 0 };

	repro_need(&t->repro, HELPER_SAW);
	for (s = t->repro.result->trial->probe->steps; s; s = s->next)
		if (is_made(t, s) && add_step(t, s) < 0)
			return -1;
	give_turn(t, 0);
	if (t->alive) {
		repro_header(&t->repro, "sys/wait.h");
		buffer_str(&t->own, "\tpass(to[1]);\n\twaitpid(");
		repro_name(&t->repro, &t->own, t->makes->bind);
		buffer_str(&t->own, ", &status, 0);\n\tdiffers |= status != 0;\n");
		buffer_str(&t->other, "\tawait(to[0]);\n\t_exit(differs);\n");
	} else if (t->makes && (!t->other.len || !strstr(t->other.data, "_exit"))) {
		buffer_str(&t->other, "\tawait(to[0]);\n\t_exit(differs);\n");
	}
	if (t->makes)
		repro_need(&t->repro, HELPER_TURNS);
	if (t->repro.helpers & (uint64_t)1 << HELPER_SETRLIMIT)
		repro_header(&t->repro, "signal.h");
	repro_note(t->repro.signals, &t->repro.nsignals, (int)symbol_find("SIGBUS", 6)->value);
	if (t->isolated)
		repro_need(&t->repro, HELPER_ENDED);
	join(&t->own, "\tpass(to[1]);\n\tawait(from[0]);\n", "\tturn(to[1], from[0]);\n");
	join(&t->other, "\tpass(from[1]);\n\tawait(to[0]);\n", "\tturn(from[1], to[0]);\n");
	if (strstr(buffer_text(&t->own), "\tturn(") || strstr(buffer_text(&t->other), "\tturn("))
		repro_need(&t->repro, HELPER_TURN);
	print_main(t, &text);
	print_steps(t, &text);
	if (t->isolated)
		buffer_str(&text, "\treturn differs;\n");
	else
		print_end(t, &text);
	buffer_str(&text, "}\n");
	print_title(t, b, h);
	repro_prelude(&t->repro, b);
	buffer_add(b, text.data, text.len);
	buffer_free(&text);
	return 0;
}

int
repro_print(struct buffer *b, const struct result *result, const struct here *h, struct buffer *why)
{
	struct story t;
	int r;

	memset(&t, 0, sizeof t);
	t.why = why;
	t.repro.result = result;
	t.repro.type = xcalloc((size_t)result->trial->probe->names.n + 1, 1);
	if (result->verdict == VERDICT_UNSUPPORTED)
		r = refuse(&t, result->why ? result->why : "it is unsupported here");
	else
		r = prepare(&t) < 0 || tell(&t, b, h) < 0 ? -1 : 0;
	arena_free(&t.repro.arena);
	free(t.repro.type);
	buffer_free(&t.own);
	buffer_free(&t.other);
	return r;
}
