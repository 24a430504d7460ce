/* What a case leaves behind in its directory and among the names of the system. */
#include <string.h>
#include "calls.h"
#include "repro.h"
#include "run.h"

static int
is_call(const struct step *s, const char *name)
{
	return strcmp(s->call->name, name) == 0;
}

static void
add_file(struct repro_files *t, const char *name, int kind)
{
	int i;

	for (i = 0; i < t->nfiles; ++i)
		if (strcmp(t->file[i].name, name) == 0 && (kind == FILE_MOUNT) == (t->file[i].kind == FILE_MOUNT))
			return;
	if (t->nfiles == NAMES_MAX || name[0] == '/')
		return;
	t->file[t->nfiles].name = name;
	t->file[t->nfiles++].kind = kind;
}

static void
remove_file(struct repro_files *t, const char *name)
{
	int i;

	for (i = 0; i < t->nfiles && strcmp(t->file[i].name, name) != 0; ++i)
		;
	if (i == t->nfiles)
		return;
	--t->nfiles;
	memmove(&t->file[i], &t->file[i + 1], (size_t)(t->nfiles - i) * sizeof t->file[0]);
}

static const char *
text_of(struct repro *r, const struct step *s, int i)
{
	const struct expr *e = i < s->nargs ? repro_fold(r, s->arg[i]) : NULL;

	return e && e->kind == EXPR_STRING ? e->text : NULL;
}

void
repro_files_note(struct repro *r, struct repro_files *t, const struct step *s)
{
	static const char *const with_paths[] = { "open", "truncate", "unlink", "rename", "link", "symlink", "mkfifo", "mkdir", "rmdir",
		"chmod", "open_small", "execute", "umount", "loop" };
	const char *first = text_of(r, s, 0), *second = text_of(r, s, 1);
	int done = r->result->seen[s->index].outcome.how == OUTCOME_RETURNED;
	size_t i;

	if (!first)
		return;
	for (i = 0; i < LEN(with_paths); ++i)
		if (is_call(s, with_paths[i]) && first[0] != '/')
			repro_need(r, HELPER_DIRECTORY);
	if (is_call(s, "mount") && second && second[0] != '/')
		repro_need(r, HELPER_DIRECTORY);
	if (!done)
		return;
	if (is_call(s, "open") || is_call(s, "open_small") || is_call(s, "mkfifo"))
		add_file(t, first, FILE_PLAIN);
	else if (is_call(s, "mkdir"))
		add_file(t, first, FILE_DIRECTORY);
	else if (is_call(s, "mount") && second)
		add_file(t, second, FILE_MOUNT);
	else if (is_call(s, "unlink") || is_call(s, "rmdir"))
		remove_file(t, first);
	else if (is_call(s, "rename"))
		remove_file(t, first);
	if (second && (is_call(s, "rename") || is_call(s, "link") || is_call(s, "symlink") || is_call(s, "loop")))
		add_file(t, second, FILE_PLAIN);
	if (is_call(s, "shm_open") && t->nobjects < NAMES_MAX && first[0] == '/' && first[1]) {
		for (i = 0; i < (size_t)t->nobjects && strcmp(t->objects[i], first) != 0; ++i)
			;
		t->objects[i] = first;
		t->nobjects += i == (size_t)t->nobjects;
	}
}

void
repro_object(struct buffer *b, const char *name, size_t n)
{
	struct buffer own = { NULL, 0, 0 };

	/* A name for the whole system must not be anybody's. */
	buffer_str(&own, "/mmap-repro.");
	buffer_add(&own, name + 1, n - 1);
	repro_text(b, own.data, own.len);
	buffer_free(&own);
}

void
repro_files_remove(const struct repro_files *t, struct buffer *b)
{
	static const char *const remove[] = { "unlink", "rmdir", "umount2" };
	int i;

	for (i = 0; i < t->nobjects; ++i) {
		buffer_str(b, "\tshm_unlink(");
		repro_object(b, t->objects[i], strlen(t->objects[i]));
		buffer_str(b, ");\n");
	}
	for (i = t->nfiles - 1; i >= 0; --i) {
		buffer_fmt(b, "\t%s(", remove[t->file[i].kind]);
		repro_text(b, t->file[i].name, strlen(t->file[i].name));
		buffer_str(b, t->file[i].kind == FILE_MOUNT ? ", MNT_DETACH);\n" : ");\n");
	}
}
