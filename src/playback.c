#include <string.h>
#include "outcome.h"
#include "platform.h"
#include "playback.h"
#include "record.h"
#include "run.h"
#include "saved.h"
#include "symbols.h"

static void
playback_begin(void *state, const struct plan *plan)
{
	(void)state;
	(void)plan;
}

static void
playback_perform(void *state, int process, const struct request *r, struct outcome *o)
{
	const struct playback *b = state;
	const struct step *s = b->result->trial->probe->steps;
	const char *words;

	(void)process;
	while (s->index != r->step)
		s = s->next;
	memset(o, 0, sizeof *o);
	o->ntext = -1;
	o->how = OUTCOME_UNREACHED;
	if (r->step >= b->from->nsteps)
		return;
	words = b->from->steps[r->step].outcome;
	/* value() of an address: here the mappings lie elsewhere, so it is another number. */
	if (strcmp(words, "computed") == 0) {
		o->how = OUTCOME_RETURNED;
		o->ret = r->arg[0];
		return;
	}
	if (record_parse(words, strlen(words), b->result, s, o) < 0)
		fatal(EXIT_USAGE, "%s:%u: what came of step %d of '%s' cannot be read: '%s'", b->path, b->from->lineno, r->step + 1,
			b->from->name, words);
}

static void
playback_end(void *state)
{
	(void)state;
}

void
playback_platform(struct platform *p, struct playback *b)
{
	p->begin = playback_begin;
	p->perform = playback_perform;
	p->end = playback_end;
	p->state = b;
}

void
playback_facts(const struct saved *s)
{
	symbol_set("PAGE", s->here.page);
	symbol_set("BITS", s->bits);
	symbol_set("ROOT", s->root);
	symbol_set("MEMLOCK", s->memlock);
}
