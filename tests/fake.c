#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "fake.h"
#include "platform.h"
#include "symbols.h"
#include "util.h"

struct reader {
	const char *at, *end;
	const char *word;               /* the word at hand */
	size_t len;
};

/* The next word before the end of the outcome; 0 if there is none. */
static int
next_word(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		++r->at;
	r->word = r->at;
	if (r->at < r->end && *r->at == '"') {
		for (++r->at; r->at < r->end && *r->at != '"' && *r->at != '\n'; ++r->at)
			if (*r->at == '\\' && r->at + 1 < r->end)
				++r->at;
		if (r->at < r->end)
			++r->at;
	} else {
		while (r->at < r->end && !strchr(" \t;\n#", *r->at))
			++r->at;
	}
	r->len = (size_t)(r->at - r->word);
	return r->len != 0;
}

static int
is_word(const struct reader *r, const char *word)
{
	return strlen(word) == r->len && memcmp(word, r->word, r->len) == 0;
}

static int
number(const struct reader *r, intmax_t *n)
{
	char digits[64], *end;

	if (!r->len || r->len >= sizeof digits)
		return -1;
	memcpy(digits, r->word, r->len);
	digits[r->len] = '\0';
	*n = strtoimax(digits, &end, 0);
	return *end ? -1 : 0;
}

static const struct symbol *
symbol(const struct reader *r, enum symbol_kind kind)
{
	const struct symbol *s = symbol_find(r->word, r->len);

	return s && s->kind == kind && s->present ? s : NULL;
}

static int
parse_text(const struct reader *r, struct outcome *o)
{
	const char *p, *end = r->word + r->len - 1;

	if (r->len < 2 || *end != '"')
		return -1;
	o->ntext = 0;
	for (p = r->word + 1; p < end; ++p) {
		if (o->ntext == TEXT_MAX)
			return -1;
		if (*p == '\\' && p + 1 < end) {
			++p;
			o->text[o->ntext++] = *p == '0' ? '\0' : *p == 'n' ? '\n' : *p;
		} else {
			o->text[o->ntext++] = *p;
		}
	}
	return 0;
}

static int
parse_fault(struct reader *r, struct outcome *o)
{
	const struct symbol *s;
	intmax_t n;

	o->how = OUTCOME_CAUGHT;
	if (!next_word(r))
		return 0;
	s = symbol(r, SYMBOL_SICODE);
	if (s) {
		o->code = (int)s->value;
		if (!next_word(r))
			return 0;
	}
	if (number(r, &n) < 0)
		return -1;
	o->at = n;
	return 0;
}

static int
parse_death(struct reader *r, struct outcome *o)
{
	const struct symbol *s;

	o->how = OUTCOME_DIED;
	o->ret = -1;
	if (!next_word(r))
		return 0;
	s = symbol(r, SYMBOL_SIGNAL);
	if (!s)
		return -1;
	o->sig = (int)s->value;
	return 0;
}

static int
parse_word(struct reader *r, struct outcome *o)
{
	const struct symbol *s;

	if (*r->word == '"')
		return parse_text(r, o);
	if (is_word(r, "died"))
		return parse_death(r, o);
	if (is_word(r, "exited")) {
		o->how = OUTCOME_DIED;
		return next_word(r) ? number(r, &o->ret) : -1;
	}
	if (is_word(r, "hung"))
		o->how = OUTCOME_HUNG;
	else if (is_word(r, "absent"))
		o->how = OUTCOME_ABSENT;
	else if (is_word(r, "gone"))
		o->how = OUTCOME_UNREACHED;
	else if ((s = symbol(r, SYMBOL_ERRNO))) {
		o->how = OUTCOME_FAILED;
		o->err = (int)s->value;
		o->ret = -1;
	} else if ((s = symbol(r, SYMBOL_SIGNAL))) {
		o->sig = (int)s->value;
		return parse_fault(r, o);
	} else {
		return number(r, &o->ret);
	}
	return 0;
}

/* An outcome of one that answers: 1; 0 where the line holds none, -1 where it is wrong. */
static int
parse_outcome(struct reader *r, struct outcome *o)
{
	int found;

	memset(o, 0, sizeof *o);
	o->ntext = -1;
	found = next_word(r);
	if (found && parse_word(r, o) < 0)
		return -1;
	if (found && next_word(r))
		return -1;
	if (r->at < r->end && *r->at == '#')
		while (r->at < r->end && *r->at != '\n')
			++r->at;
	if (r->at < r->end)
		++r->at;
	return found;
}

int
fake_parse(struct fake *f, const char *text, size_t len, struct buffer *error)
{
	struct reader r = { NULL, NULL, NULL, 0 };
	struct outcome o;
	int found;

	memset(f, 0, sizeof *f);
	f->last = -1;
	r.at = text;
	r.end = text + len;
	while (r.at < r.end) {
		found = parse_outcome(&r, &o);
		if (found < 0) {
			buffer_fmt(error, "outcome %d: '%.*s' is none", f->n + 1, (int)r.len, r.word);
			return -1;
		}
		if (found)
			fake_add(f, &o);
	}
	return 0;
}

void
fake_add(struct fake *f, const struct outcome *o)
{
	f->outcome = xrealloc(f->outcome, (size_t)(f->n + 1) * sizeof *o);
	f->outcome[f->n++] = *o;
}

void
fake_free(struct fake *f)
{
	free(f->outcome);
	memset(f, 0, sizeof *f);
}

static void
fake_begin(void *state, const struct plan *plan)
{
	struct fake *f = state;

	(void)plan;
	++f->begun;
	f->gone = 0;
}

static void
fake_perform(void *state, int process, const struct request *r, struct outcome *o)
{
	const struct call *c = call_at(r->call);
	struct fake *f = state;

	memset(o, 0, sizeof *o);
	o->ntext = -1;
	if ((!f->literal && f->gone & 1u << process) || (f->last >= 0 && f->at >= f->last)) {
		o->how = OUTCOME_UNREACHED;
		return;
	}
	if (f->at == f->n) {
		++f->missing;
		o->how = OUTCOME_ABSENT;
		return;
	}
	*o = f->outcome[f->at++];
	if (o->how == OUTCOME_DIED || o->how == OUTCOME_HUNG || (o->how == OUTCOME_RETURNED && c->flags & CALL_ENDS))
		f->gone |= 1u << process;
}

static void
fake_end(void *state)
{
	struct fake *f = state;

	++f->ended;
}

void
fake_platform(struct platform *p, struct fake *f)
{
	p->begin = fake_begin;
	p->perform = fake_perform;
	p->end = fake_end;
	p->state = f;
}
