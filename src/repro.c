/* The story of a reproducer: main(), and what stands in it. */
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "platform.h"
#include "report.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

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

/* The step that made a process; NULL for the first. */
static const struct step *
maker(const struct story *t, int process)
{
	const struct step *s;

	for (s = t->repro.result->trial->probe->steps; s && s->makes != process; s = s->next)
		;
	return process ? s : NULL;
}

/* Whether what a process had at a step is known to another one that makes a later step. */
static int
is_inherited(const struct story *t, const struct step *from, int process)
{
	const struct step *m;

	int home = repro_home(&t->repro, from->process);

	while ((process = repro_home(&t->repro, process)) != home) {
		m = maker(t, process);
		if (!m || m->call->flags & CALL_UNRELATED
		    || (repro_home(&t->repro, m->process) == home && m->index < from->index))
			return 0;
		process = m->process;
	}
	return 1;
}

/* The step that gave a name the value which it has at a later step; NULL if it is a parameter. */
static const struct step *
binder(const struct story *t, int name, const struct step *at)
{
	const struct step *s, *from = NULL;

	for (s = t->repro.result->trial->probe->steps; s != at; s = s->next)
		if (s->bind == name && is_made(t, s))
			from = s;
	return from;
}

/* Whether the value that a name has at a step was got by another process, and not inherited. */
static int
is_foreign(const struct story *t, int name, const struct step *at)
{
	const struct step *from = binder(t, name, at);

	if (from && from->makes >= 0)
		return repro_home(&t->repro, from->process) != repro_home(&t->repro, at->process);
	return from && !is_inherited(t, from, at->process);
}

/* Notes which values that a step uses were got by another process; -1 where one cannot be handed over. */
static int
note_foreign(struct story *t, const struct expr *e, const struct step *at)
{
	const struct step *from;

	if (!e)
		return 0;
	if (e->kind != EXPR_NAME)
		return note_foreign(t, e->a, at) < 0 || note_foreign(t, e->b, at) < 0 ? -1 : 0;
	if (!is_foreign(t, e->name, at))
		return 0;
	from = binder(t, e->name, at);
	if (from->makes >= 0 || outcome_of(t, from)->how != OUTCOME_RETURNED)
		return -1;
	t->shared[e->name] = 1;
	return 0;
}

/* Before a step: the values that it uses and that other processes got. */
static void
take_foreign(struct story *t, const struct expr *e, const struct step *at)
{
	if (!e)
		return;
	if (e->kind == EXPR_NAME && is_foreign(t, e->name, at))
		repro_take(&t->repro, &t->turns.lines[at->process], e->name);
	take_foreign(t, e->a, at);
	take_foreign(t, e->b, at);
}

/* Looks at a step before anything is written. */
static int
prepare_step(struct story *t, const struct step *s)
{
	struct repro *r = &t->repro;
	const struct outcome *o = outcome_of(t, s);
	const char *why;
	int i;

	if (!repro_told(s->call->name, &why))
		return refuse(t, why ? why : "a call has no form in C");
	if (strcmp(s->call->name, "mount") == 0 && !symbol_find("ROOT", 4)->value)
		return refuse(t, "mounts are written out for root only");
	if (o->how == OUTCOME_HUNG)
		return refuse(t, "a step hung");
	if (s->makes >= 0 && (o->how != OUTCOME_RETURNED || s->bind < 0))
		return refuse(t, "a process could not be made");
	if (strcmp(s->call->name, "drop_root") == 0
	    || (repro_home(r, s->process) == 0 && (o->how == OUTCOME_DIED || s->call->flags & (CALL_ENDS|CALL_EXECS))))
		t->isolated = 1;
	for (i = 0; i < s->nargs; ++i) {
		note_names(r, repro_fold(r, s->arg[i]));
		if (note_foreign(t, s->arg[i], s) < 0)
			return refuse(t, "a process uses a value that another one got");
	}
	if (s->bind >= 0)
		repro_type(r, s);
	return 0;
}

/* Whether the case goes no further than to a step, which this platform cannot make. */
static int
is_absent(const struct story *t, const struct step *s)
{
	return t->absent && (t->repro.result->why || outcome_of(t, s)->how == OUTCOME_ABSENT);
}

static int
prepare(struct story *t)
{
	const struct probe *p = t->repro.result->trial->probe;
	const struct step *s;

	if (p->names.n > VARIABLES_MAX)
		return refuse(t, "it has too many variables");
	for (s = p->steps; s && !is_absent(t, s); s = s->next)
		if (is_made(t, s) && prepare_step(t, s) < 0)
			return -1;
	return 0;
}

/* A process ends: the one that made it sees how. */
static int
see_end(struct story *t, int which, int sig, int status)
{
	int process = repro_home(&t->repro, which), r = 0, i;
	struct buffer how = { NULL, 0, 0 };

	for (i = 1; process == 0 && i < PROCESS_MAX; ++i)
		if (t->turns.alive[i] && repro_home(&t->repro, i) != 0)
			return refuse(t, "a process ends before its child");
	if (sig && symbol_signal(sig))
		buffer_fmt(&how, "-%s", symbol_signal(sig));
	else
		buffer_fmt(&how, "%d", sig ? -sig : status);
	if (process)
		r = repro_ended(&t->repro, &t->turns, process, how.data);
	else
		strcpy(t->how, how.data);
	buffer_free(&how);
	return r < 0 ? refuse(t, "a process ends before its child") : 0;
}

static int
add_exit(struct story *t, const struct step *s)
{
	struct buffer *b = &t->turns.lines[s->process];

	if (s->process && repro_home(&t->repro, s->process) == s->process)
		repro_leave_children(&t->repro, &t->turns, s->process);
	buffer_str(b, "\t_exit(differs ? 99 : ");
	repro_expr(&t->repro, b, s->arg[0], 'i');
	buffer_str(b, ");\n");
	return see_end(t, s->process, 0, (int)outcome_of(t, s)->ret);
}

/* A signal that was sent; only one that kills has an effect that a program can wait for. */
static int
add_kill(struct story *t, const struct step *s)
{
	const struct expr *whom = s->arg[0];
	const struct step *m;
	struct value v;
	const char *why;

	for (m = t->repro.result->trial->probe->steps; m; m = m->next)
		if (m->makes >= 0 && whom->kind == EXPR_NAME && m->bind == whom->name)
			break;
	if (!m || expr_eval(s->arg[1], t->repro.result->env, &v, &why) != EVAL_OK
	    || v.number != symbol_find("SIGKILL", 7)->value)
		return refuse(t, "it sends a signal that is not SIGKILL");
	return see_end(t, m->makes, (int)v.number, 0);
}

/* The variables that a process has at a step and that are needed: as arguments of a program, and got back from those. */
static void
add_state(struct story *t, const struct step *at, struct buffer *arguments)
{
	struct repro *r = &t->repro;
	const struct step *s;
	char has[VARIABLES_MAX] = { 0 };
	int n = 1;

	for (s = r->result->trial->probe->steps; s != at; s = s->next) {
		if (s->bind < 0 || !r->used[s->bind] || !r->assigned[s->bind] || has[s->bind] || s->makes >= 0
		    || outcome_of(t, s)->how != OUTCOME_RETURNED || !is_inherited(t, s, at->process))
			continue;
		has[s->bind] = 1;
		buffer_str(arguments, r->type[s->bind] == 'p' ? ", number((intptr_t)" : ", number(");
		repro_name(r, arguments, s->bind);
		buffer_str(arguments, ")");
		buffer_str(&t->state, "\t\t");
		repro_name(r, &t->state, s->bind);
		buffer_fmt(&t->state, " = %satoll(argv[%d]);\n", r->type[s->bind] == 'p' ? "(char *)(intptr_t)" : "", ++n);
	}
}

/* The program starts itself again, by a name that is the number of this call, and jumps to behind it. */
static int
add_exec(struct story *t, const struct step *s)
{
	struct repro *r = &t->repro;
	struct buffer *b = &t->turns.lines[s->process], arguments = { NULL, 0, 0 };
	int i;

	for (i = 1; i < PROCESS_MAX; ++i)
		if (t->turns.alive[i] && t->turns.parent[i] == s->process)
			return refuse(t, "exec() is called by a process that has a child");
	if (repro_home(r, s->process) != s->process)
		return refuse(t, "exec() is called by a thread");
	if (outcome_of(t, s)->how != OUTCOME_RETURNED)
		return refuse(t, "exec() failed");
	repro_need(r, HELPER_EXEC);
	repro_need(r, HELPER_IS_SAW);
	buffer_fmt(&t->state, "\tif (argc > 1 && atoi(argv[0]) == %d) {\n\t\tdiffers = atoi(argv[1]);\n", ++t->nexecs);
	add_state(t, s, &arguments);
	buffer_fmt(&t->state, "\t\tgoto after%d;\n\t}\n", t->nexecs);
	buffer_fmt(b, "\tSAW(execl(\"/proc/self/exe\", \"%d\", number(differs)%s, (char *)NULL), 0);\nafter%d:\n", t->nexecs,
		buffer_text(&arguments), t->nexecs);
	if (s->process_name >= 0)
		buffer_fmt(b, "\twho = \"%s: \";\n", r->result->trial->probe->names.name[s->process_name]);
	buffer_free(&arguments);
	return 0;
}

static int
add_step(struct story *t, const struct step *s)
{
	const struct outcome *o = outcome_of(t, s);
	struct buffer *b = &t->turns.lines[s->process];
	int i;

	repro_files_note(&t->repro, &t->files, s);
	if (repro_turn(&t->repro, &t->turns, s->process) < 0)
		return refuse(t, "a process outlives the one that made it");
	if (s->makes >= 0) {
		repro_start(&t->repro, &t->turns, s);
		return 0;
	}
	for (i = 0; i < s->nargs; ++i)
		take_foreign(t, s->arg[i], s);
	if (s->call->flags & CALL_EXECS)
		return add_exec(t, s);
	if (s->call->flags & CALL_ENDS && o->how == OUTCOME_RETURNED)
		return add_exit(t, s);
	if (repro_step(&t->repro, b, s, t->why) < 0)
		return -1;
	if (s->bind >= 0 && t->shared[s->bind])
		repro_leave(&t->repro, b, s->bind);
	if (o->how == OUTCOME_DIED) {
		buffer_str(b, "\t_exit(99);\n");
		return see_end(t, s->process, o->sig, (int)o->ret);
	}
	if (s->call->flags & CALL_KILLS && o->how == OUTCOME_RETURNED)
		return add_kill(t, s);
	return 0;
}

/* A name that is missing: the program says so, as long as it is. */
static void
add_absent(struct story *t, const struct step *s, const struct here *h)
{
	struct buffer *b = &t->turns.lines[0], text = { NULL, 0, 0 };
	const struct result *r = t->repro.result;
	const struct probe *p = r->trial->probe;
	const struct claim *c = r->why ? NULL : judge_claim(s, "posix", r->env);
	int i;

	if (!r->why)
		script_print_step(&text, p, s);
	buffer_fmt(&text, "%sunsupported, without %s", text.len ? ": " : "", t->absent);
	for (i = 0; !c && !r->why && i < h->nnames; ++i)
		c = judge_claim(s, h->names[i], r->env);
	if (c) {
		buffer_str(&text, "; expected: ");
		script_print_wants(&text, p, c);
	}
	repro_header(&t->repro, "stdio.h");
	buffer_fmt(b, "#ifdef %s\n\tdiffers = puts(\"%s is known here\") >= 0;\n#else\n\tputs(", t->absent, t->absent);
	repro_text(b, text.data, text.len);
	buffer_str(b, ");\n#endif\n");
	buffer_free(&text);
}

static int
tell(struct story *t, struct buffer *b, const struct here *h)
{
	struct repro *r = &t->repro;
	const struct step *s;
	struct buffer lines = { NULL, 0, 0 }, text = { NULL, 0, 0 };

	repro_need(r, HELPER_SAW);
	for (s = r->result->trial->probe->steps; s && !is_absent(t, s); s = s->next)
		if (is_made(t, s) && add_step(t, s) < 0)
			return -1;
	if (repro_turn(r, &t->turns, 0) < 0)
		return refuse(t, "a process outlives the one that made it");
	if (r->has[HELPER_SHARED] && r->has[HELPER_EXEC])
		return refuse(t, "a process uses a value that another one got, and exec() is called");
	if (t->absent) {
		repro_symbol(r, t->absent);
		add_absent(t, s, h);
	}
	repro_finish(r, &t->turns, &lines);
	if (r->has[HELPER_SETRLIMIT])
		repro_header(r, "signal.h");
	if (t->isolated) {
		repro_need(r, HELPER_TURN);
		repro_need(r, HELPER_IS_SAW);
	}
	repro_main(t, &text);
	repro_head(r, b, h);
	repro_prelude(r, b);
	repro_statics(t, b);
	repro_threads(r, &t->turns, b);
	buffer_str(b, text.data);
	buffer_str(b, buffer_text(&lines));
	if (t->isolated && !t->how[0])
		buffer_str(b, "\treturn differs;\n");
	else if (!t->isolated)
		repro_end(t, b);
	buffer_str(b, r->has[HELPER_USERFAULT] ? "}\n#endif\n" : "}\n");
	buffer_free(&text);
	buffer_free(&lines);
	return 0;
}

/* The name without which a case is unsupported; NULL where it is so for another reason. */
static const char *
missing_name(const struct result *r)
{
	const char *name = r->why;
	const struct symbol *symbol;
	int i;

	for (i = 0; !name && i < r->trial->probe->nsteps; ++i)
		if (r->seen[i].outcome.how == OUTCOME_ABSENT)
			name = r->seen[i].why;
	symbol = name ? symbol_find(name, strlen(name)) : NULL;
	return symbol && !symbol->present && symbol->kind == SYMBOL_CONSTANT ? symbol->name : NULL;
}

static void
say_unsupported(const struct result *r, struct buffer *why)
{
	const struct step *s;

	buffer_fmt(why, "it is unsupported here%s%s", r->why ? ": " : "", r->why ? r->why : "");
	for (s = r->trial->probe->steps; !r->why && s; s = s->next)
		if (r->seen[s->index].outcome.how == OUTCOME_ABSENT)
			break;
	if (!r->why && s)
		buffer_fmt(why, ": %s() is absent", s->call->name);
}

int
repro_print(struct buffer *b, const struct result *result, const struct here *h, struct buffer *why)
{
	struct story t;
	int r, i;

	memset(&t, 0, sizeof t);
	t.why = why;
	t.repro.result = result;
	t.repro.type = xcalloc((size_t)result->trial->probe->names.n + 1, 1);
	t.absent = result->verdict == VERDICT_UNSUPPORTED ? missing_name(result) : NULL;
	if (result->verdict == VERDICT_UNSUPPORTED && !t.absent) {
		say_unsupported(result, why);
		r = -1;
	} else {
		r = prepare(&t) < 0 || tell(&t, b, h) < 0 ? -1 : 0;
	}
	arena_free(&t.repro.arena);
	free(t.repro.type);
	buffer_free(&t.state);
	for (i = 0; i < PROCESS_MAX; ++i)
		buffer_free(&t.turns.lines[i]);
	return r;
}
