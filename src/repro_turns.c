/*
 * The processes of a reproducer. One runs at a time: a process stops itself by SIGSTOP when its turn is over, and its parent,
 * which waits for that, goes on. So the turn goes up and down the tree of processes.
 */
#include <string.h>
#include "calls.h"
#include "repro.h"
#include "run.h"

/* A line "@1" stands for the process 1, which is made there. */
enum { MADE_HERE = '@' };

static const char *
name_of(const struct repro *r, const struct turns *t, int process)
{
	return r->result->trial->probe->names.name[t->name[process]];
}

static int
is_thread(const struct repro *r, int process)
{
	return (r->result->trial->probe->threads >> process & 1) != 0;
}

static const struct step *
maker(const struct repro *r, int process)
{
	const struct step *s;

	for (s = r->result->trial->probe->steps; s->makes != process; s = s->next)
		;
	return s;
}

int
repro_home(const struct repro *r, int process)
{
	while (is_thread(r, process))
		process = maker(r, process)->process;
	return process;
}

/* One gives the turn to another one of its process, and waits until it comes back. */
static void
give(const struct repro *r, struct turns *t, int to, int own)
{
	buffer_fmt(&t->lines[own], "\tgive(%d, %d, \"%s%s\");\n", to, own, own ? name_of(r, t, own) : "", own ? ": " : "");
}

void
repro_start(struct repro *r, struct turns *t, const struct step *s)
{
	int maker = s->call->flags & (CALL_FORKS|CALL_THREADS) ? s->process : 0, child = s->makes;

	repro_need(r, s->call->flags & CALL_THREADS ? HELPER_THREAD : HELPER_TURN);
	r->several = 1;
	t->made[child] = t->alive[child] = 1;
	t->parent[child] = maker;
	t->name[child] = s->bind;
	if (s->call->flags & CALL_THREADS) {
		buffer_fmt(&t->lines[maker], "\tif (pthread_create(&(pthread_t){ 0 }, NULL, steps_of_%d, NULL) != 0)\n"
			"\t\t_exit(2);\n", child);
		return;
	}
	r->assigned[s->bind] = 1;
	if (s->call->flags & CALL_FORKS)
		buffer_fmt(&t->lines[maker], "%c%d\n", MADE_HERE, child);
}

/* Whether one process is another one, or below it. */
static int
is_below(const struct turns *t, int process, int top)
{
	for (; process && process != top; process = t->parent[process])
		;
	return process == top;
}

static void
go_on(struct repro *r, struct turns *t, int child)
{
	struct buffer *b = &t->lines[t->parent[child]];

	if (is_thread(r, child)) {
		give(r, t, child, t->parent[child]);
		return;
	}
	buffer_str(b, "\tdiffers |= turn(");
	repro_name(r, b, t->name[child]);
	buffer_str(b, ") != 0;\n");
}

int
repro_turn(struct repro *r, struct turns *t, int to)
{
	int path[PROCESS_MAX], n = 0, p;

	while (!is_below(t, to, t->turn)) {
		if (is_thread(r, t->turn))
			give(r, t, t->parent[t->turn], t->turn);
		else
			buffer_str(&t->lines[t->turn], "\traise(SIGSTOP);\n");
		t->turn = t->parent[t->turn];
	}
	for (p = to; p != t->turn; p = t->parent[p])
		path[n++] = p;
	while (n-- > 0) {
		if (!t->alive[path[n]])
			return -1;
		go_on(r, t, path[n]);
	}
	t->turn = to;
	return 0;
}

void
repro_leave(struct repro *r, struct buffer *b, int name)
{
	repro_need(r, HELPER_SHARED);
	r->beyond = 1;
	buffer_fmt(b, "\tshared[%d] = %s", name, r->type[name] == 'p' ? "(intptr_t)" : "");
	repro_name(r, b, name);
	buffer_str(b, ";\n");
}

void
repro_take(struct repro *r, struct buffer *b, int name)
{
	buffer_str(b, "\t");
	repro_name(r, b, name);
	buffer_fmt(b, " = %sshared[%d];\n", r->type[name] == 'p' ? "(char *)(intptr_t)" : "", name);
}

void
repro_leave_children(struct repro *r, struct turns *t, int process)
{
	int i;

	for (i = 1; i < PROCESS_MAX; ++i) {
		if (!t->alive[i] || t->parent[i] != process || t->parent[process] || is_thread(r, i))
			continue;
		repro_leave(r, &t->lines[process], t->name[i]);
		repro_header(r, "sys/prctl.h");
		t->parent[i] = 0;
		t->left[i] = 1;
	}
}

int
repro_ended(struct repro *r, struct turns *t, int process, const char *how)
{
	struct buffer *b = &t->lines[t->parent[process]], line = { NULL, 0, 0 };
	int i;

	for (i = 1; i < PROCESS_MAX; ++i) {
		if (!t->alive[i] || i == process)
			continue;
		if (is_thread(r, i) && repro_home(r, i) == process)
			t->alive[i] = 0;
		else if (repro_home(r, t->parent[i]) == process)
			return -1;
	}
	if (repro_home(r, t->turn) == process)
		t->turn = process;
	/* What its parent did last was to let it go on. */
	buffer_str(&line, "\tdiffers |= turn(");
	repro_name(r, &line, t->name[process]);
	buffer_str(&line, ") != 0;\n");
	if (t->turn == process && b->len >= line.len && strcmp(b->data + b->len - line.len, line.data) == 0) {
		b->len -= line.len;
		b->data[b->len] = '\0';
		t->turn = t->parent[process];
	}
	repro_need(r, HELPER_IS_SAW);
	for (i = 1; i < PROCESS_MAX && !t->left[i]; ++i)
		;
	if (i < PROCESS_MAX)
		buffer_str(b, "\tprctl(PR_SET_CHILD_SUBREAPER, 1L);\n");
	buffer_str(b, "\tSAW(turn(");
	repro_name(r, b, t->name[process]);
	buffer_fmt(b, "), %s);\n", how);
	for (; i < PROCESS_MAX; ++i) {
		if (t->left[i])
			repro_take(r, b, t->name[i]);
		t->left[i] = 0;
	}
	t->alive[process] = 0;
	buffer_free(&line);
	return 0;
}

static void print_lines(const struct repro *, const struct turns *, struct buffer *, int process, int depth);

static void
tabs(struct buffer *b, int n)
{
	while (n-- > 0)
		buffer_str(b, "\t");
}

static void
print_line(struct buffer *b, int depth, const char *line)
{
	tabs(b, depth);
	buffer_str(b, line);
	buffer_str(b, "\n");
}

static void
print_process(const struct repro *r, const struct turns *t, struct buffer *b, int process, int depth)
{
	struct buffer name = { NULL, 0, 0 }, line = { NULL, 0, 0 };

	repro_name(r, &name, t->name[process]);
	buffer_fmt(&line, "\tif ((%s = fork()) < 0)\n", name.data);
	tabs(b, depth);
	buffer_str(b, line.data);
	print_line(b, depth, depth || is_thread(r, t->parent[process]) ? "\t\t_exit(2);" : "\t\treturn 2;");
	tabs(b, depth);
	buffer_fmt(b, "\tif (%s == 0) {\n", name.data);
	tabs(b, depth);
	buffer_fmt(b, "\t\twho = \"%s: \";\n", name_of(r, t, process));
	print_line(b, depth, "\t\traise(SIGSTOP);");
	print_lines(r, t, b, process, depth + 1);
	print_line(b, depth, "\t}");
	tabs(b, depth);
	buffer_fmt(b, "\twaitpid(%s, NULL, WUNTRACED);\n", name.data);
	buffer_free(&name);
	buffer_free(&line);
}

static void
print_lines(const struct repro *r, const struct turns *t, struct buffer *b, int process, int depth)
{
	const char *at = buffer_text(&t->lines[process]), *end;

	for (; *at; at = end + 1) {
		end = strchr(at, '\n');
		if (*at == MADE_HERE) {
			print_process(r, t, b, at[1] - '0', depth);
		} else {
			tabs(b, *at == '\t' ? depth : 0);       /* a label, or what the preprocessor takes */
			buffer_add(b, at, (size_t)(end - at) + 1);
		}
	}
}

static int
has_child(const struct turns *t, int process)
{
	int i;

	for (i = 1; i < PROCESS_MAX && !(t->alive[i] && t->parent[i] == process); ++i)
		;
	return i < PROCESS_MAX;
}

/* The living children of a process end before it does, each in its turn. */
static void
finish(struct repro *r, struct turns *t, int process)
{
	int i;

	for (i = 1; i < PROCESS_MAX; ++i) {
		if (!t->alive[i] || t->parent[i] != process || (is_thread(r, i) && !has_child(t, i)))
			continue;
		go_on(r, t, i);
		finish(r, t, i);
		if (is_thread(r, i))
			give(r, t, process, i);
		else
			buffer_str(&t->lines[i], "\t_exit(differs);\n");
	}
}

void
repro_finish(struct repro *r, struct turns *t, struct buffer *b)
{
	const struct probe *p = r->result->trial->probe;
	const struct step *s;

	finish(r, t, 0);
	for (s = p->steps; s; s = s->next)
		if (s->makes >= 0 && t->made[s->makes] && s->call->flags & CALL_UNRELATED)
			print_process(r, t, b, s->makes, 0);
	print_lines(r, t, b, 0, 0);
}

void
repro_threads(const struct repro *r, const struct turns *t, struct buffer *b)
{
	int i;

	for (i = PROCESS_MAX - 1; i > 0; --i) {
		if (!t->made[i] || !is_thread(r, i))
			continue;
		buffer_fmt(b, "static void *steps_of_%d(void *none)\n{\n\tawait(%d, \"%s: \");\n", i, i, name_of(r, t, i));
		print_lines(r, t, b, i, 0);
		buffer_str(b, "\treturn none;\n}\n\n");
	}
}
