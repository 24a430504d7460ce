/* What two threads do to a page at the same time, as a reproducer has it. */
#include <string.h>
#include "record.h"
#include "repro.h"
#include "run.h"

/* What contend() knows by name, in the order and with the answers of perform_race.c; at is the page, and file its file. */
static const struct {
	const char *name, *function;
	int beyond;             /* it is not in POSIX */
	const char *headers, *text;
} actions[] = {
	{ "load", "act_load", 0, "",
	    " { char c = *at; return c == 0 || c == 'x' ? \"ok\" : \"wrong\"; }\n" },
	{ "store", "act_store", 0, "",
	    " { *at = 'x'; return \"ok\"; }\n" },
	{ "store and pread", "act_store_and_pread", 0, "unistd.h",
	    "\n{\n"
	    "\tstatic unsigned char last;\n"
	    "\tchar byte;\n"
	    "\n"
	    "\t*at = (char)++last;\n"
	    "\tif (pread(file, &byte, 1, 0) != 1)\n"
	    "\t\treturn \"short\";\n"
	    "\treturn byte == (char)last ? \"ok\" : \"wrong\";\n"
	    "}\n" },
	{ "pread", "act_pread", 0, "unistd.h",
	    "\n{\n"
	    "\tlong n = pread(file, (char *)at, PAGE, 0);\n"
	    "\n"
	    "\treturn n == PAGE ? \"ok\" : n >= 0 ? \"short\" : errno == EFAULT ? \"EFAULT\" : \"other\";\n"
	    "}\n" },
	{ "count", "act_count", 0, "",
	    " { ++*(volatile int *)at; return \"ok\"; }\n" },
	{ "freeze", "act_freeze", 0, "sys/mman.h",
	    "  /* whether the page changes while it may only be read */\n"
	    "{\n"
	    "\tvolatile int *counter = (volatile int *)at;\n"
	    "\tint was, i;\n"
	    "\n"
	    "\tif (mprotect((void *)at, PAGE, PROT_READ) < 0)\n"
	    "\t\treturn \"other\";\n"
	    "\twas = *counter;\n"
	    "\tfor (i = 0; i < 200 && *counter == was; ++i)\n"
	    "\t\t;\n"
	    "\tif (mprotect((void *)at, PAGE, PROT_READ|PROT_WRITE) < 0)\n"
	    "\t\treturn \"other\";\n"
	    "\treturn i == 200 ? \"ok\" : \"wrong\";\n"
	    "}\n" },
	{ "protect", "act_protect", 0, "sys/mman.h",
	    "\n{\n"
	    "\tint failed = mprotect((void *)at, PAGE, PROT_NONE) < 0 || mprotect((void *)at, PAGE, PROT_READ|PROT_WRITE) < 0;\n"
	    "\n"
	    "\treturn failed ? \"other\" : \"ok\";\n"
	    "}\n" },
	{ "replace", "act_replace", 0, "sys/mman.h",
	    "\n{\n"
	    "\tvoid *q = mmap((void *)at, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED, file, 0);\n"
	    "\n"
	    "\treturn q == at ? \"ok\" : \"other\";\n"
	    "}\n" },
	{ "unmap", "act_unmap", 0, "sys/mman.h",
	    "\n{\n"
	    "\tvoid *q;\n"
	    "\n"
	    "\tif (munmap((void *)at, PAGE) < 0)\n"
	    "\t\treturn \"other\";\n"
	    "\tq = mmap((void *)at, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED, file, 0);\n"
	    "\treturn q == at ? \"ok\" : \"other\";\n"
	    "}\n" },
	{ "sync", "act_sync", 0, "sys/mman.h",
	    " { return msync((void *)at, PAGE, MS_SYNC) < 0 ? \"other\" : \"ok\"; }\n" },
	{ "truncate", "act_truncate", 0, "unistd.h",
	    " { return ftruncate(file, 0) < 0 || ftruncate(file, PAGE) < 0 ? \"other\" : \"ok\"; }\n" },
	{ "fork", "act_fork", 0, "sys/wait.h unistd.h",
	    "  /* whether a copy of the process finds the page as it is here */\n"
	    "{\n"
	    "\tint status = -1;\n"
	    "\tpid_t pid = fork();\n"
	    "\n"
	    "\tif (pid == 0)\n"
	    "\t\t_exit(*at != 'x');\n"
	    "\twhile (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)\n"
	    "\t\t;\n"
	    "\treturn pid < 0 ? \"other\" : status == 0 ? \"ok\" : \"wrong\";\n"
	    "}\n" },
	{ "map", "act_map", 1, "sys/mman.h",
	    "  /* whether a new mapping lies elsewhere */\n"
	    "{\n"
	    "\tvoid *q = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
	    "\n"
	    "\tif (q == at)\n"
	    "\t\treturn \"wrong\";\n"
	    "\treturn q == MAP_FAILED || munmap(q, PAGE) < 0 ? \"other\" : \"ok\";\n"
	    "}\n" },
	{ "churn", "act_churn", 1, "stdint.h sys/mman.h",
	    "  /* whether a new page is zero and holds what is stored */\n"
	    "{\n"
	    "\tvolatile char *q = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
	    "\tchar mine = (char)(uintptr_t)&q;\n"
	    "\tint bad = 0, i;\n"
	    "\n"
	    "\tif (q == MAP_FAILED)\n"
	    "\t\treturn \"other\";\n"
	    "\tfor (i = 0; i < PAGE; i += 64)\n"
	    "\t\tbad |= q[i] != 0, q[i] = mine;\n"
	    "\tfor (i = 0; i < PAGE; i += 64)\n"
	    "\t\tbad |= q[i] != mine;\n"
	    "\treturn munmap((void *)q, PAGE) < 0 ? \"other\" : bad ? \"wrong\" : \"ok\";\n"
	    "}\n" },
	{ "punch", "act_punch", 1, "fcntl.h",
	    "\n{\n"
	    "\treturn fallocate(file, FALLOC_FL_PUNCH_HOLE|FALLOC_FL_KEEP_SIZE, 0, PAGE) < 0 ? \"other\" : \"ok\";\n"
	    "}\n" },
};

/* Appends the name of the function that does it. */
static void
print_action(struct repro *r, struct buffer *b, const struct step *s, int arg)
{
	const struct expr *e = repro_fold(r, s->arg[arg]);
	size_t i;

	for (i = 0; i < LEN(actions); ++i) {
		if (e->kind == EXPR_STRING && strcmp(actions[i].name, e->text) == 0) {
			r->actions |= 1u << i;
			r->page |= strstr(actions[i].text, "PAGE") != NULL;
			r->beyond |= actions[i].beyond;
			repro_header(r, actions[i].headers);
			buffer_str(b, actions[i].function);
		}
	}
}

void
repro_contend(struct repro *r, struct buffer *b, const struct step *s)
{
	struct value set;
	int i;

	record_set(r->result, s, &set);
	for (i = 0; i < 5; ++i) {
		if (i < 2)
			print_action(r, b, s, i);
		else if (i < s->nargs)
			repro_argument(r, b, s, i);
		else
			buffer_str(b, "-1");
		buffer_str(b, ", ");
	}
	repro_text(b, set.text, set.ntext);
}

void
repro_actions(const struct repro *r, struct buffer *b)
{
	size_t i;

	for (i = 0; i < LEN(actions); ++i)
		if (r->actions & 1u << i)
			buffer_fmt(b, "\nstatic const char *%s(void)%s", actions[i].function, actions[i].text);
}
