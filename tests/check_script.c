#include <string.h>
#include "calls.h"
#include "catalogue.h"
#include "help.h"
#include "symbols.h"

static const char whole[] =
	"# before\n"
	"probe first \"a title with \\\"quotes\\\"\"\n"
	"param n = 0600\n"
	"each m = O_RDONLY, n + 1, 'c'\n"
	"need PAGE >= n \"why\"\n"
	"need ROOT\n"
	"tag heavy root\n"
	"tag alone\n"
	"fd = open(\"data\", O_RDWR|O_CREAT, n)\n"
	"    posix: ok\n"
	"kid = fork()\n"
	"kid: p = mmap(NULL, m*PAGE, PROT_READ, MAP_SHARED, fd, 0) = EINVAL or ok or fail or hang or ?\n"
	"    linux macos deviates: SIGBUS BUS_ADRERR at p + 1 or SIGSEGV or 3 if m == 1 && n \"a note\"\n"
	"    folklore: SIGSEGV at p\n"
	"peer = process()\n"
	"peer: exit(1)\n"
	"loads(p, 3) = \"a\\0b\"\n"
	"\n"
	"probe second \"another\"\n"
	"value(-1)\n"
	"# behind\n";

static const struct step *
step_at(const struct probe *p, int i)
{
	const struct step *s = p->steps;

	while (i-- > 0)
		s = s->next;
	return s;
}

START_TEST(statements)
{
	struct script s;
	const struct probe *p;

	help_parse(&s, whole);
	p = s.probes;
	ck_assert_str_eq(p->name, "first");
	ck_assert_str_eq(p->title, "a title with \"quotes\"");
	ck_assert_int_eq(p->nparams, 2);
	ck_assert_int_eq(p->names.n, 6);
	ck_assert_str_eq(p->names.name[0], "n");
	ck_assert_str_eq(p->names.name[5], "peer");
	ck_assert_int_eq(p->params->is_each, 0);
	ck_assert_int_eq(p->params->nvalues, 1);
	ck_assert_int_eq(p->params->next->is_each, 1);
	ck_assert_int_eq(p->params->next->nvalues, 3);
	ck_assert_str_eq(p->needs->why, "why");
	ck_assert_ptr_null(p->needs->next->why);
	ck_assert_int_eq(p->ntags, 3);
	ck_assert(script_has_tag(p, "heavy") && script_has_tag(p, "root") && script_has_tag(p, "alone"));
	ck_assert(!script_has_tag(p, "heav") && !script_has_tag(p->next, "heavy"));
	ck_assert_int_eq(p->nsteps, 6);
	ck_assert_int_eq(p->nclaims, 5);
	ck_assert_int_eq(p->nprocesses, 3);
	ck_assert_int_eq(p->parent[0], -1);
	ck_assert_int_eq(p->parent[1], 0);
	ck_assert_int_eq(p->parent[2], -1);
	ck_assert_str_eq(p->next->name, "second");
	ck_assert_ptr_null(p->next->next);
	ck_assert_int_eq(p->next->nclaims, 0);
	script_free(&s);
}
END_TEST

START_TEST(steps)
{
	struct script s;
	const struct probe *p;
	const struct step *t;

	help_parse(&s, whole);
	p = s.probes;
	t = step_at(p, 0);
	ck_assert_int_eq(t->index, 0);
	ck_assert_uint_eq(t->lineno, 9);
	ck_assert_str_eq(t->call->name, "open");
	ck_assert_int_eq(t->nargs, 3);
	ck_assert_str_eq(p->names.name[t->bind], "fd");
	ck_assert_int_eq(t->process, 0);
	ck_assert_int_eq(t->process_name, -1);
	ck_assert_int_eq(t->makes, -1);
	t = step_at(p, 1);
	ck_assert_int_eq(t->makes, 1);
	t = step_at(p, 2);
	ck_assert_int_eq(t->process, 1);
	ck_assert_str_eq(p->names.name[t->process_name], "kid");
	ck_assert_str_eq(p->names.name[t->bind], "p");
	t = step_at(p, 3);
	ck_assert_int_eq(t->makes, 2);
	t = step_at(p, 4);
	ck_assert_int_eq(t->process, 2);
	ck_assert_int_eq(t->bind, -1);
	ck_assert_int_eq(t->index, 4);
	script_free(&s);
}
END_TEST

START_TEST(claims)
{
	struct script s;
	const struct claim *c;
	const struct want *w;
	static const enum want_kind kinds[] = { WANT_ERRNO, WANT_OK, WANT_FAIL, WANT_HANG, WANT_ANY };
	size_t i;

	help_parse(&s, whole);
	c = step_at(s.probes, 0)->claims;
	ck_assert_int_eq(c->brief, 0);
	ck_assert_str_eq(c->who[0], "posix");
	c = step_at(s.probes, 2)->claims;
	ck_assert_int_eq(c->brief, 1);
	ck_assert(claim_by(c, "posix") && !claim_by(c, "linux"));
	for (w = c->wants, i = 0; i < LEN(kinds); ++i, w = w->next)
		ck_assert_int_eq(w->kind, kinds[i]);
	ck_assert_ptr_null(w);
	c = c->next;
	ck_assert_int_eq(c->brief, 0);
	ck_assert_int_eq(c->deviates, 1);
	ck_assert_int_eq(c->nwho, 2);
	ck_assert(claim_by(c, "linux") && claim_by(c, "macos") && !claim_by(c, "posix") && !claim_by(c, "mac"));
	ck_assert_ptr_nonnull(c->when);
	ck_assert_str_eq(c->note, "a note");
	w = c->wants;
	ck_assert_int_eq(w->kind, WANT_SIGNAL);
	ck_assert_str_eq(w->symbol->name, "SIGBUS");
	ck_assert_str_eq(w->code->name, "BUS_ADRERR");
	ck_assert_ptr_nonnull(w->at);
	ck_assert_ptr_null(w->next->code);
	ck_assert_int_eq(w->next->next->kind, WANT_VALUE);
	c = c->next;
	ck_assert_int_eq(c->deviates, 0);
	ck_assert_ptr_null(c->note);
	ck_assert_ptr_null(c->when);
	ck_assert_ptr_null(c->next);
	script_free(&s);
}
END_TEST

/* A probe's text is what --show prints: from its line to its last, without what lies between it and the next. */
START_TEST(texts)
{
	struct script s;
	const struct probe *p;

	help_parse(&s, whole);
	p = s.probes;
	ck_assert_msg(strncmp(p->text, "probe first", 11) == 0, "%.20s", p->text);
	ck_assert_int_eq(p->text[p->ntext - 1], '"');
	ck_assert_mem_eq(p->text + p->ntext - 6, "\"a\\0b\"", 6);
	ck_assert_uint_eq(p->next->ntext, strlen("probe second \"another\"\nvalue(-1)"));
	ck_assert_msg(strncmp(p->next->text, "probe second", 12) == 0, "%.20s", p->next->text);
	script_free(&s);
}
END_TEST

static void
assert_round(const struct probe *p)
{
	struct buffer b = { NULL, 0, 0 }, again = { NULL, 0, 0 }, error = { NULL, 0, 0 };
	struct script s;

	script_print(&b, p);
	ck_assert_msg(script_parse(&s, "printed", buffer_text(&b), b.len, p->name, 0, &error) == 0, "%s, printed:\n%s%s", p->name,
		buffer_text(&b), buffer_text(&error));
	ck_assert_msg(script_same(p, s.probes), "%s is another when it is printed and parsed:\n%s", p->name, buffer_text(&b));
	ck_assert_ptr_null(s.probes->next);
	script_print(&again, s.probes);
	ck_assert_str_eq(buffer_text(&again), buffer_text(&b));
	script_free(&s);
	buffer_free(&b);
	buffer_free(&again);
}

START_TEST(printed_and_parsed_again)
{
	struct script s;

	help_parse(&s, whole);
	assert_round(s.probes);
	assert_round(s.probes->next);
	ck_assert(!script_same(s.probes, s.probes->next));
	script_free(&s);
	help_parse(&s, "value(1)\n");
	assert_round(s.probes);
	script_free(&s);
}
END_TEST

START_TEST(embedded_printed_and_parsed_again)
{
	const struct probe *p;
	struct script s;

	catalogue_load(_i, &s);
	for (p = s.probes; p; p = p->next)
		assert_round(p);
	script_free(&s);
}
END_TEST

START_TEST(embedded_are_found_by_name)
{
	const struct probe *p;
	struct script s, one;

	catalogue_load(_i, &s);
	ck_assert_ptr_nonnull(s.probes);
	for (p = s.probes; p; p = p->next) {
		ck_assert_str_eq(p->topic, catalogue_topic(_i));
		ck_assert_ptr_nonnull(p->steps);
		ck_assert_int_eq(catalogue_find(p->name, &one), 0);
		ck_assert(script_same(p, one.probes));
		ck_assert_str_eq(one.probes->topic, p->topic);
		script_free(&one);
	}
	script_free(&s);
	ck_assert_int_eq(catalogue_find("no_such_probe", &one), -1);
	ck_assert_int_eq(catalogue_find("", &one), -1);
}
END_TEST

/* Two probes of one name, in two topics, could not be told apart on the command line. */
START_TEST(names_of_probes_are_unique)
{
	const struct probe *p, *q;
	struct script s, other;
	int i;

	catalogue_load(_i, &s);
	for (i = _i + 1; i < catalogue_topics(); ++i) {
		catalogue_load(i, &other);
		for (p = s.probes; p; p = p->next)
			for (q = other.probes; q; q = q->next)
				ck_assert_msg(strcmp(p->name, q->name) != 0, "%s stands in %s and %s", p->name, p->topic, q->topic);
		script_free(&other);
	}
	script_free(&s);
}
END_TEST

START_TEST(differences_are_seen)
{
	static const char *const variants[] = {
		"probe a \"t\"\nvalue(1)\n", "probe b \"t\"\nvalue(1)\n", "probe a \"u\"\nvalue(1)\n", "probe a \"t\"\nvalue(2)\n",
		"probe a \"t\"\nsize(1)\n", "probe a \"t\"\nx = value(1)\n", "probe a \"t\"\nvalue(1) = 1\n",
		"probe a \"t\"\nvalue(1)\n    posix: 1\n", "probe a \"t\"\nvalue(1)\n    linux: 1\n",
		"probe a \"t\"\nvalue(1)\n    linux deviates: 1\n", "probe a \"t\"\nvalue(1)\n    linux: 1 \"n\"\n",
		"probe a \"t\"\nvalue(1)\n    linux: 1 if 1\n", "probe a \"t\"\nvalue(1)\n    linux: 1 or 2\n",
		"probe a \"t\"\nvalue(1)\n    linux: ok\n", "probe a \"t\"\nvalue(1)\n    linux: fail\n", "probe a \"t\"\ntag heavy\nvalue(1)\n",
		"probe a \"t\"\nneed 1\nvalue(1)\n", "probe a \"t\"\nneed 1 \"n\"\nvalue(1)\n", "probe a \"t\"\nparam n = 1\nvalue(1)\n",
		"probe a \"t\"\neach n = 1\nvalue(1)\n", "probe a \"t\"\neach n = 1, 2\nvalue(1)\n", "probe a \"t\"\nvalue(1)\nvalue(1)\n",
		"probe a \"t\"\nload(1)\n    linux: SIGBUS\n", "probe a \"t\"\nload(1)\n    linux: SIGBUS BUS_ADRERR\n",
		"probe a \"t\"\nload(1)\n    linux: SIGBUS at 1\n", "probe a \"t\"\nk = fork()\n", "probe a \"t\"\nk = process()\n",
	};
	struct script s, t;
	size_t i, j;

	for (i = 0; i < LEN(variants); ++i) {
		for (j = 0; j < LEN(variants); ++j) {
			help_parse(&s, variants[i]);
			help_parse(&t, variants[j]);
			ck_assert_msg(script_same(s.probes, t.probes) == (i == j), "%s\n%s", variants[i], variants[j]);
			script_free(&s);
			script_free(&t);
		}
	}
}
END_TEST

START_TEST(names)
{
	struct script s;

	/* A variable may be bound again, and may have an authority's or a call's name. */
	help_parse(&s, "linux = value(1)\nlinux = value(linux + 1)\nload = value(3)\nprobe_ = value(4)\n");
	ck_assert_int_eq(s.probes->names.n, 3);
	script_free(&s);
	/* Rebound to something else, a name is no process any more. */
	help_parse_error("kid = fork()\nkid = value(1)\nkid: load(0)\n", "test:3:1: no process has that name");
	help_parse_error("value(x)\nx = value(1)\n", "test:1:7: no variable, parameter or symbol has that name");
	help_parse(&s, "kid = fork()\nkid: kin = fork()\nkin: value(1)\n");
	ck_assert_int_eq(s.probes->parent[2], 1);
	script_free(&s);
	/* Of a name that is a variable and an errno the variable cannot be. */
	help_parse_error("EINVAL = value(1)\n", "test:1:1: that name is a symbol");
}
END_TEST

START_TEST(semicolons)
{
	static const char text[] = "p = value(3) = 3; linux: 3 if 1; value(p); posix: p or ok";
	struct buffer error = { NULL, 0, 0 };
	struct script s;

	ck_assert_msg(script_parse(&s, "-e", text, strlen(text), "script", 1, &error) == 0, "%s", buffer_text(&error));
	ck_assert_int_eq(s.probes->nsteps, 2);
	ck_assert_int_eq(s.probes->nclaims, 3);
	ck_assert_str_eq(s.probes->name, "script");
	ck_assert_ptr_null(s.probes->title);
	script_free(&s);
	ck_assert_int_eq(script_parse(&s, "-e", "value(1); oops", 14, "script", 1, &error), -1);
	ck_assert_str_eq(buffer_text(&error), "-e:2:2: neither a statement nor a call, at 'oops'\n     oops\n     ^\n");
	script_free(&s);
}
END_TEST

START_TEST(limits)
{
	struct buffer b = { NULL, 0, 0 };
	struct script s;
	int i;

	buffer_str(&b, "each n = 0");
	for (i = 1; i < 256; ++i)
		buffer_fmt(&b, ", %d", i);
	buffer_str(&b, "\nvalue(n)\n");
	help_parse(&s, buffer_text(&b));
	ck_assert_int_eq(s.probes->params->nvalues, 256);
	script_free(&s);
	buffer_clear(&b);
	for (i = 1; i < PROCESS_MAX; ++i)
		buffer_fmt(&b, "kid%d = fork()\n", i);
	help_parse(&s, buffer_text(&b));
	ck_assert_int_eq(s.probes->nprocesses, PROCESS_MAX);
	script_free(&s);
	buffer_str(&b, "last = process()\n");
	help_parse_error(buffer_text(&b), "test:8:1: more than 8 processes");
	buffer_clear(&b);
	for (i = 0; i < 3000; ++i)
		buffer_fmt(&b, "v%d = value(%d)\n", i, i);
	help_parse(&s, buffer_text(&b));
	ck_assert_int_eq(s.probes->nsteps, 3000);
	script_free(&s);
	buffer_free(&b);
}
END_TEST

/* A line of the greatest length is longer when it is printed, and can be read all the same. */
START_TEST(long_lines_printed_and_parsed_again)
{
	static const struct { const char *begin, *repeat, *end; } lines[] = {
		{ "value(1", "+1", ")" }, { "each x=1", ",1", "\nvalue(x)" }, { "value(1)=1", " or 1", "" }, { "need 1", "||1", "\nvalue(1)" },
		{ "value(1)\n linux:1 if 1", "|1", "\"why\"" }, { "value(1)\n linux:1\"", "\\1", "\"" }, { "value(1)\n linux:1\"", "\\n", "\"" },
		{ "value(1)\n linux:1\"", "\\0019", "\"" }, { "value(1)\n linux:1\"", "\\\"", "\"" }, { "value(1)\n linux:1\"", "\\x7f", "\"" },
		{ "value(", "-", "1)" },
	};
	struct buffer b = { NULL, 0, 0 }, printed = { NULL, 0, 0 };
	struct script one, two;
	size_t i, start;
	int most;

	memset(&one, 0, sizeof one);
	for (i = 0; i < LEN(lines); ++i) {
		most = lines[i].repeat[0] == '-' ? 100 : 20000;
		do {
			buffer_clear(&b);
			buffer_fmt(&b, "probe a \"a\"\n%s", lines[i].begin);
			for (start = b.len; b.len < start + (size_t)most; )
				buffer_str(&b, lines[i].repeat);
			buffer_fmt(&b, "%s\n", lines[i].end);
			buffer_clear(&printed);
			script_free(&one);
			memset(&one, 0, sizeof one);
		} while (script_parse(&one, "t", b.data, b.len, "t", 0, &printed) < 0 && (most -= most / 100 + 1) > 0);
		ck_assert_msg(most > 0, "%s", buffer_text(&printed));
		ck_assert(most < 20000 && most != 100);
		buffer_clear(&printed);
		script_print(&printed, one.probes);
		help_parse(&two, printed.data);
		ck_assert(script_same(one.probes, two.probes));
		script_free(&one);
		script_free(&two);
		memset(&one, 0, sizeof one);
	}
	buffer_free(&b);
	buffer_free(&printed);
}
END_TEST

START_TEST(authorities)
{
	ck_assert(authority_known("posix", 5));
	ck_assert(authority_known("posix2001", 9));
	ck_assert(authority_known("openbsd", 7));
	ck_assert(authority_known("folklore", 8));
	ck_assert(!authority_known("posix20", 7));
	ck_assert(!authority_known("", 0));
	ck_assert(!authority_known("ok", 2));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("script");
	int topics = catalogue_topics();

	tcase_add_test(t, statements);
	tcase_add_test(t, steps);
	tcase_add_test(t, claims);
	tcase_add_test(t, texts);
	tcase_add_test(t, printed_and_parsed_again);
	tcase_add_loop_test(t, embedded_printed_and_parsed_again, 0, topics);
	tcase_add_loop_test(t, embedded_are_found_by_name, 0, topics);
	tcase_add_loop_test(t, names_of_probes_are_unique, 0, topics);
	tcase_add_test(t, differences_are_seen);
	tcase_add_test(t, names);
	tcase_add_test(t, semicolons);
	tcase_add_test(t, limits);
	tcase_add_test(t, long_lines_printed_and_parsed_again);
	tcase_add_test(t, authorities);
	return help_run(t);
}
