#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fake.h"
#include "help.h"
#include "keep.h"
#include "platform.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

enum { CASES = 8 };

void
keep_here(struct here *here)
{
	here_pretend(here, "linux", 4096);
	strcpy(here->release, "6.1");
	strcpy(here->machine, "vax");
	strcpy(here->fs, "ext4");
	symbol_set("PAGE", 4096);
	symbol_set("BITS", 64);
	symbol_set("ROOT", 0);
	symbol_set("MEMLOCK", 65536);
}

char *
keep_report(const struct here *here, const char *lines, const char *outcomes)
{
	struct bench bench = { NULL, NULL };
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	struct result r[CASES];
	const struct probe *p;
	struct platform on;
	struct totals totals;
	struct script s;
	struct trial *t;
	struct fake fake;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int n;

	bench.here = here;
	memset(&totals, 0, sizeof totals);
	help_parse(&s, lines);
	ck_assert_msg(fake_parse(&fake, outcomes, strlen(outcomes), &error) == 0, "%s", buffer_text(&error));
	fake_platform(&on, &fake);
	reporter_save.begin(f, NULL, here);
	for (p = s.probes; p; p = p->next) {
		n = 0;
		for (t = run_trials(p, NULL, 0, &arena, &error); t; t = t->next) {
			ck_assert_int_lt(n, CASES);
			run_trial(t, &on, 0, &bench, &r[n++]);
		}
		reporter_save.probe(f, r, n);
		while (n > 0)
			run_free(&r[--n]);
	}
	reporter_save.end(f, &totals);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_msg(fake.missing == 0 && fake.at == fake.n, "%s: %d outcomes are missing, %d are left", lines, fake.missing,
		fake.n - fake.at);
	fake_free(&fake);
	arena_free(&arena);
	script_free(&s);
	return text;
}
