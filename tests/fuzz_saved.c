/* For libFuzzer: any text is a report or an error with a message, and what a report saw can be judged, printed and read again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "catalogue.h"
#include "judge.h"
#include "platform.h"
#include "playback.h"
#include "record.h"
#include "run.h"
#include "saved.h"

struct replayed {
	const struct saved_case *from;
	const struct result *result;
};

static struct script *topics;

static void
begin(void *state, const struct plan *plan)
{
	(void)state;
	(void)plan;
}

static void
perform(void *state, int process, const struct request *request, struct outcome *o)
{
	const struct replayed *r = state;
	const struct step *s = r->result->trial->probe->steps;
	const char *words;

	(void)process;
	while (s->index != request->step)
		s = s->next;
	memset(o, 0, sizeof *o);
	o->ntext = -1;
	if (s->index < r->from->nsteps) {
		words = r->from->steps[s->index].outcome;
		if (record_parse(words, strlen(words), r->result, s, o) == 0)
			return;
		/* The program ends here; the next steps can be read all the same. */
		memset(o, 0, sizeof *o);
		o->ntext = -1;
	}
	o->how = OUTCOME_UNREACHED;
}

static void
end(void *state)
{
	(void)state;
}

/* Words that were printed can be read, and mean the words that they are. */
static void
check_words(const struct result *r)
{
	struct buffer once = { NULL, 0, 0 };
	const struct step *s;
	struct outcome o;

	for (s = r->trial->probe->steps; s; s = s->next) {
		buffer_clear(&once);
		record_print(&once, r, s);
		if (strcmp(once.data, "computed") == 0 || record_parse(once.data, once.len, r, s, &o) == 0)
			continue;
		fprintf(stderr, "words that cannot be read again: %s\n", once.data);
		abort();
	}
	buffer_free(&once);
}

static void
judge(const struct saved *saved, const struct saved_case *c)
{
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	const struct probe *p = NULL;
	struct replayed replayed;
	struct platform platform;
	struct bench bench;
	struct result r;
	struct trial *t;
	size_t n = strcspn(c->name, " ");
	int i;

	for (i = 0; i < catalogue_topics() && !p; ++i)
		for (p = topics[i].probes; p; p = p->next)
			if (strlen(p->name) == n && memcmp(p->name, c->name, n) == 0)
				break;
	if (!p)
		return;
	platform.begin = begin;
	platform.perform = perform;
	platform.end = end;
	platform.state = &replayed;
	replayed.from = c;
	replayed.result = &r;
	bench.edition = NULL;
	bench.here = &saved->here;
	t = run_named(p, c->name + n, &arena, &error);
	if (!t && !error.len)
		abort();
	if (t) {
		run_trial(t, &platform, 0, &bench, &r);
		check_words(&r);
		run_free(&r);
	}
	buffer_free(&error);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer error = { NULL, 0, 0 };
	struct saved saved;
	size_t i;

	if (!topics) {
		topics = xcalloc((size_t)catalogue_topics(), sizeof *topics);
		for (i = 0; i < (size_t)catalogue_topics(); ++i)
			catalogue_load((int)i, &topics[i]);
	}
	if (saved_parse(&saved, "fuzz", (const char *)data, size, &error) < 0) {
		if (!error.len)
			abort();
	} else {
		if (error.len)
			abort();
		playback_facts(&saved);
		for (i = 0; i < saved.n; ++i) {
			if (saved_find(&saved, saved.cases[i].name) != &saved.cases[i])
				abort();
			judge(&saved, &saved.cases[i]);
		}
	}
	saved_free(&saved);
	buffer_free(&error);
	return 0;
}
