#include <inttypes.h>
#include <string.h>
#include "calls.h"
#include "lex.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

/* Where replayed mappings lie: so far apart that none is near another, and no pointer of 64 bits is negative. */
#define PLACE(n) (((intmax_t)(n) + 1) << 44)

/* Whether the step asked for that address, or for one less than so many bytes away. */
static int
asked_for(const struct result *r, const struct step *s, intmax_t address, intmax_t within)
{
	struct value v;
	const char *why;
	int i;

	for (i = 0; i < s->nargs; ++i)
		if (call_kind(s->call, i) == 'p' && expr_eval(s->arg[i], r->env, &v, &why) == EVAL_OK && !v.text
		    && v.number < address + within && v.number > address - within)
			return 1;
	return 0;
}

/* A multiple of the page size is written as one, so that it is the same where pages are larger. */
static void
print_number(struct buffer *b, intmax_t n)
{
	intmax_t page = symbol_find("PAGE", 4)->value;

	if (n && n % page == 0 && n / page < 1 << 20 && n / page > -(1 << 20))
		buffer_fmt(b, "%" PRIdMAX "*PAGE", n / page);
	else
		buffer_fmt(b, "%" PRIdMAX, n);
}

void
record_set(const struct result *r, const struct step *s, struct value *set)
{
	const struct seen *seen = &r->seen[s->index];
	const struct outcome *o = &seen->outcome;
	const struct want *w;
	const char *why;
	int i;

	for (i = seen->nopinions - 1; i >= 0; --i)
		for (w = seen->opinion[i].met ? seen->opinion[i].claim->wants : NULL; w; w = w->next)
			if (w->kind == WANT_VALUE && judge_want(w, s, r->env, o) && expr_eval(w->value, r->env, set, &why) == EVAL_OK)
				return;
	set->text = o->text;
	set->ntext = o->ntext > 0 ? (size_t)o->ntext : 0;
}

/* A set is written as it is claimed, so that two runs do not differ. */
static void
print_set(struct buffer *b, const struct result *r, const struct step *s)
{
	struct value set;

	record_set(r, s, &set);
	report_text(b, set.text, set.ntext);
}

static void
print_value(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	intmax_t page = symbol_find("PAGE", 4)->value;

	if (s->call->gives == GIVES_SET && o->ntext >= 0) {
		print_set(b, r, s);
	} else if (o->ntext >= 0) {
		report_text(b, o->text, (size_t)o->ntext);
	} else if (s->call->gives == GIVES_TIME && o->ret >= 1000000000) {
		buffer_str(b, "today");
	} else if (report_computed(r, s)) {
		buffer_str(b, "computed");
	} else if (s->call->gives != GIVES_ADDRESS) {
		print_number(b, o->ret);
	} else if (strcmp(s->call->name, "own_memory") == 0) {
		buffer_str(b, "new");
	} else if ((strcmp(s->call->name, "sbrk") == 0 || asked_for(r, s, o->ret, page)) && report_address(b, r, s, o->ret)) {
		;
	} else if (asked_for(r, s, o->ret, 1)) {
		print_number(b, o->ret);
	} else {
		/* Where the system chose, it may lie anywhere, also beside another mapping. */
		buffer_str(b, "new");
		if (o->ret % page)
			buffer_fmt(b, "%+" PRIdMAX, o->ret % page);
	}
}

static void
print_name(struct buffer *b, const char *name, const char *kind, int number)
{
	if (name)
		buffer_str(b, name);
	else
		buffer_fmt(b, "%s %d", kind, number);
}

void
record_print(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct outcome *o = &r->seen[s->index].outcome;

	switch (o->how) {
	case OUTCOME_RETURNED:
		print_value(b, r, s, o);
		break;
	case OUTCOME_FAILED:
		print_name(b, symbol_errno(o->err), "errno", o->err);
		break;
	case OUTCOME_CAUGHT:
		print_name(b, symbol_signal(o->sig), "signal", o->sig);
		buffer_str(b, " ");
		print_name(b, symbol_sicode(o->sig, o->code), "code", o->code);
		buffer_str(b, " ");
		if (!report_address(b, r, s, o->at))
			buffer_str(b, "elsewhere");
		break;
	case OUTCOME_DIED:
		buffer_str(b, o->sig ? "died " : o->ret >= 0 ? "exited " : "died");
		if (o->sig)
			print_name(b, symbol_signal(o->sig), "signal", o->sig);
		else if (o->ret >= 0)
			buffer_fmt(b, "%" PRIdMAX, o->ret);
		break;
	case OUTCOME_HUNG:
		buffer_str(b, "hung");
		break;
	case OUTCOME_UNREACHED:
		buffer_str(b, "unreached");
		break;
	case OUTCOME_ABSENT:
		buffer_str(b, "absent");
		break;
	}
}

/* An expression of the words: numbers, variables of the case, PAGE, MAP_FAILED. */
static int
parse_sum(struct lexer *l, const struct result *r, intmax_t *n)
{
	const struct scope *names = &r->trial->probe->names;
	struct expr *e;
	struct value v;
	const char *why;

	e = expr_parse_sum(l, names, l->arena);
	if (!e || expr_eval(e, r->env, &v, &why) != EVAL_OK || v.text)
		return -1;
	*n = v.number;
	return 0;
}

static int
parse_address(struct lexer *l, const struct result *r, int place, intmax_t *n)
{
	int own = lex_is_name(l, "new"), elsewhere = lex_is_name(l, "elsewhere");

	if (!own && !elsewhere)
		return parse_sum(l, r, n);
	if (lex_next(l) < 0)
		return -1;
	*n = 0;
	if (lex_is(l, '+') && lex_next(l) < 0)
		return -1;
	if (l->kind != TOKEN_END && parse_sum(l, r, n) < 0)
		return -1;
	*n += PLACE(own ? place : PROCESS_MAX * 64);
	return 0;
}

/* A name of that kind, or the word and a number that stand for one without a name here. 1, 0 if it is neither, -1 on an error. */
static int
parse_name(struct lexer *l, enum symbol_kind kind, const char *word, int sig, int *n)
{
	const struct symbol *s = l->kind == TOKEN_NAME ? symbol_find(l->at, l->len) : NULL;

	if (s && s->kind == kind && s->present && (kind != SYMBOL_SICODE || symbol_sicode_of(s, sig))) {
		*n = (int)s->value;
		return lex_next(l) < 0 ? -1 : 1;
	}
	if (!lex_is_name(l, word))
		return 0;
	if (lex_next(l) < 0 || l->kind != TOKEN_NUMBER)
		return -1;
	*n = (int)l->number;
	return lex_next(l) < 0 ? -1 : 1;
}

static int
parse_words(struct lexer *l, const struct result *r, const struct step *s, struct outcome *o)
{
	static const struct { const char *word; enum how how; } plain[] = {
		{ "hung", OUTCOME_HUNG }, { "unreached", OUTCOME_UNREACHED }, { "absent", OUTCOME_ABSENT },
	};
	size_t i;
	int is;

	for (i = 0; i < LEN(plain); ++i) {
		if (lex_is_name(l, plain[i].word)) {
			o->how = plain[i].how;
			return lex_next(l);
		}
	}
	if (lex_is_name(l, "died")) {
		o->how = OUTCOME_DIED;
		o->ret = -1;
		return lex_next(l) < 0 || (l->kind != TOKEN_END && parse_name(l, SYMBOL_SIGNAL, "signal", 0, &o->sig) <= 0) ? -1 : 0;
	}
	if (lex_is_name(l, "exited")) {
		o->how = OUTCOME_DIED;
		return lex_next(l) < 0 ? -1 : parse_sum(l, r, &o->ret);
	}
	if (l->kind == TOKEN_STRING) {
		if (l->nstring > TEXT_MAX)
			return -1;
		o->ntext = (int)l->nstring;
		memcpy(o->text, l->string, l->nstring);
		return lex_next(l);
	}
	is = parse_name(l, SYMBOL_SIGNAL, "signal", 0, &o->sig);
	if (is) {
		o->how = OUTCOME_CAUGHT;
		return is < 0 || parse_name(l, SYMBOL_SICODE, "code", o->sig, &o->code) <= 0 ? -1 : parse_address(l, r, 0, &o->at);
	}
	is = parse_name(l, SYMBOL_ERRNO, "errno", 0, &o->err);
	if (is) {
		o->how = OUTCOME_FAILED;
		return is < 0 ? -1 : 0;
	}
	if (lex_is_name(l, "today")) {
		o->ret = 2000000000;
		return lex_next(l);
	}
	return s->call->gives == GIVES_ADDRESS ? parse_address(l, r, s->index, &o->ret) : parse_sum(l, r, &o->ret);
}

int
record_parse(const char *text, size_t n, const struct result *r, const struct step *s, struct outcome *o)
{
	struct arena arena = { NULL, 0 };
	struct buffer error = { NULL, 0, 0 };
	struct lexer l;
	int bad;

	memset(o, 0, offsetof(struct outcome, text));
	o->ntext = -1;
	lex_start(&l, "", text, n, &arena, &error);
	bad = lex_line(&l) <= 0 || parse_words(&l, r, s, o) < 0 || l.kind != TOKEN_END;
	buffer_free(&error);
	arena_free(&arena);
	return bad ? -1 : 0;
}
