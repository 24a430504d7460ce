/* main() of a reproducer, but for the steps of the case. */
#include <string.h>
#include "repro.h"
#include "run.h"
#include "symbols.h"

/* Removes what the case left, and returns; what is a single thing to remove needs no line of its own. */
void
repro_end(const struct story *t, struct buffer *b)
{
	struct buffer removals = { NULL, 0, 0 };
	const char *first, *end;

	repro_files_remove(&t->files, &removals);
	first = buffer_text(&removals);
	end = strstr(first, ";\n");
	if (end && end[2] == '\0') {
		buffer_str(b, "\treturn ");
		buffer_add(b, first + 1, (size_t)(end - first) - 1);
		buffer_str(b, ", ");
	} else {
		buffer_str(b, first);
		buffer_str(b, "\treturn ");
	}
	buffer_str(b, t->repro.has[HELPER_DIRECTORY] ? "chdir(\"..\") < 0 || rmdir(dir) < 0 || differs;\n" : "differs;\n");
	buffer_free(&removals);
}

/* The variables of one type, in one declaration. */
static void
print_variables(const struct story *t, struct buffer *b, const char *indent, char type, const char *declaration,
	const char *first)
{
	const struct repro *r = &t->repro;
	const char *star = type == 'p' ? "*" : "";
	int i, n = *first != '\0';

	if (n)
		buffer_fmt(b, "%s%s%s", indent, declaration, first);
	for (i = 0; i < r->result->trial->probe->names.n; ++i) {
		if (!r->assigned[i] || r->type[i] != type)
			continue;
		buffer_str(b, n++ ? ", " : indent);
		buffer_fmt(b, "%s%s", n == 1 ? declaration : "", star);
		repro_name(r, b, i);
	}
	buffer_str(b, n ? ";\n" : "");
}

static void
print_all_variables(const struct story *t, struct buffer *b, const char *indent, const char *address, const char *process)
{
	print_variables(t, b, indent, 'p', "char ", address);
	print_variables(t, b, indent, 'i', "int ", "");
	print_variables(t, b, indent, 'n', "long long ", "");
	print_variables(t, b, indent, 'k', "pid_t ", process);
}

void
repro_statics(const struct story *t, struct buffer *b)
{
	size_t start = b->len;

	if (t->repro.has[HELPER_THREAD])
		print_all_variables(t, b, "static ", "", "");
	buffer_str(b, b->len > start ? "\n" : "");
}

static void
print_declarations(const struct story *t, struct buffer *b)
{
	const char *dir = t->repro.has[HELPER_DIRECTORY] ? "dir[] = \"mmap-XXXXXX\"" : "", *child = t->isolated ? "child" : "";
	size_t start = b->len;

	if (t->repro.has[HELPER_THREAD]) {
		print_variables(t, b, "\t", '\0', "char ", dir);
		print_variables(t, b, "\t", '\0', "pid_t ", child);
	} else {
		print_all_variables(t, b, "\t", dir, child);
	}
	if (t->repro.has[HELPER_CATCH] && t->repro.has[HELPER_INFO])
		buffer_str(b, "\tstruct sigaction sa = { .sa_sigaction = caught, .sa_flags = SA_SIGINFO };\n");
	buffer_str(b, b->len > start ? "\n" : "");
}

/* What has to succeed before the case begins. */
static void
print_preparation(const struct repro *r, struct buffer *b)
{
	struct buffer all = { NULL, 0, 0 };
	int i;

	if (r->has[HELPER_DIRECTORY])
		buffer_str(&all, r->has[HELPER_EXEC] ? " || (argc == 1 && (!mkdtemp(dir) || chdir(dir) < 0))"
			: " || !mkdtemp(dir) || chdir(dir) < 0");
	if (r->has[HELPER_CATCH])
		buffer_str(&all, r->has[HELPER_INFO] ? " || sigaction(SIGBUS, &sa, NULL) < 0 || sigaction(SIGSEGV, &sa, NULL) < 0"
			: " || signal(SIGBUS, caught) == SIG_ERR || signal(SIGSEGV, caught) == SIG_ERR");
	if (r->has[HELPER_SHARED])
		buffer_fmt(&all, "\n\t    || (shared = mmap(NULL, %d*sizeof *shared, PROT_READ|PROT_WRITE, "
			"MAP_SHARED|MAP_ANONYMOUS, -1, 0)) == MAP_FAILED", VARIABLES_MAX);
	for (i = 0; i < r->nsignals; ++i)
		if (r->signals[i] != symbol_find("SIGBUS", 6)->value && r->signals[i] != symbol_find("SIGSEGV", 7)->value)
			buffer_fmt(&all, "\n\t    || sigaction(%d, &sa, NULL) < 0", r->signals[i]);
	if (all.len)
		buffer_fmt(b, "\tif (%s)\n\t\treturn perror(\"preparation\"), 2;\n", all.data + strspn(all.data, "\n\t |"));
	buffer_free(&all);
}

void
repro_main(const struct story *t, struct buffer *b)
{
	const struct repro *r = &t->repro;
	struct buffer removal = { NULL, 0, 0 };
	const char *at, *end;

	buffer_fmt(b, "int main(%s)\n{\n", r->has[HELPER_EXEC] ? "int argc, char **argv" : "void");
	print_declarations(t, b);
	print_preparation(r, b);
	/* A buffer would be written by each process, and be taken from the heap. */
	if (r->several || t->isolated || r->has[HELPER_HEAP])
		buffer_str(b, "\tsetbuf(stdout, NULL);\n");
	if (r->has[HELPER_SETRLIMIT])
		buffer_str(b, "\tsignal(SIGXFSZ, SIG_IGN);\n");
	buffer_str(b, buffer_text(&t->state));
	if (t->isolated) {
		buffer_fmt(b, "\tif ((child = fork()) > 0) {\n\t\tSAW(turn(child), %s);\n", t->how[0] ? t->how : "0");
		repro_end(t, &removal);
		for (at = removal.data; *at; at = end + 1) {
			end = strchr(at, '\n');
			buffer_str(b, "\t");
			buffer_add(b, at, (size_t)(end - at) + 1);
		}
		buffer_str(b, "\t}\n");
		buffer_free(&removal);
	}
}
