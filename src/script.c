#include <stdlib.h>
#include <string.h>
#include "calls.h"
#include "parse.h"
#include "symbols.h"

static const char *const statements[] = { "probe", "param", "each", "need", "tag" };
static const char *const known_tags[] = { "heavy", "root", "alone" };
static const char *const words[] = { "ok", "fail", "hang", "or", "at", "if", "deviates" };

static int
reserved(const struct lexer *l)
{
	return parse_listed(statements, LEN(statements), l->at, l->len) || parse_listed(words, LEN(words), l->at, l->len);
}

static int
add_name(struct parser *p, const char *name)
{
	int i = scope_add(&p->probe->names, name);

	p->process_of = xrealloc(p->process_of, (size_t)(i + 1) * sizeof *p->process_of);
	p->process_of[i] = -1;
	return i;
}

static void
begin_probe(struct parser *p, const char *name, const char *title)
{
	struct probe *probe = arena_alloc(&p->script->arena, sizeof *probe);

	probe->name = name;
	probe->title = title;
	probe->nprocesses = 1;
	probe->parent[0] = -1;
	probe->text = p->lex.line;
	*p->end = probe;
	p->end = &probe->next;
	p->probe = probe;
	p->param = &probe->params;
	p->need = &probe->needs;
	p->next = &probe->steps;
	p->step = NULL;
	p->claim = NULL;
}

static int
parse_probe(struct parser *p)
{
	const struct probe *q;
	char *name;

	if (p->probe && strcmp(p->probe->name, p->name) == 0 && p->probe == p->script->probes && !p->probe->title)
		return lex_error(&p->lex, "a script whose first statement is no probe line holds one probe");
	if (p->probe && !p->step)
		return lex_error(&p->lex, "the probe %s above has no step", p->probe->name);
	if (lex_next(&p->lex) < 0)
		return -1;
	if (p->lex.kind != TOKEN_NAME)
		return lex_error(&p->lex, "a probe needs a name");
	name = parse_name(p);
	for (q = p->script->probes; q; q = q->next)
		if (strcmp(q->name, name) == 0)
			return lex_error(&p->lex, "a probe of that name stands above");
	if (lex_next(&p->lex) < 0)
		return -1;
	if (p->lex.kind != TOKEN_STRING)
		return lex_error(&p->lex, "a probe needs a title: a question or statement in quotes");
	begin_probe(p, name, parse_string(p));
	return lex_next(&p->lex) < 0 ? -1 : parse_end(p);
}

static int
parse_param(struct parser *p, int is_each)
{
	struct param *param = arena_alloc(&p->script->arena, sizeof *param);
	struct expr *values[256];

	if (p->step)
		return lex_error(&p->lex, "parameters stand before the first step");
	if (lex_next(&p->lex) < 0)
		return -1;
	if (p->lex.kind != TOKEN_NAME)
		return lex_error(&p->lex, "a parameter needs a name");
	if (reserved(&p->lex))
		return lex_error(&p->lex, "a word of the language cannot be a parameter");
	if (scope_find(&p->probe->names, p->lex.at, p->lex.len) >= 0)
		return lex_error(&p->lex, "a parameter of that name stands above");
	if (symbol_find(p->lex.at, p->lex.len))
		return lex_error(&p->lex, "that name is a symbol");
	param->name = add_name(p, parse_name(p));
	param->is_each = is_each;
	if (lex_next(&p->lex) < 0 || parse_expect(p, '=', "'=' is missing") < 0)
		return -1;
	for (;;) {
		if (param->nvalues == (int)LEN(values))
			return lex_error(&p->lex, "more than %d values", (int)LEN(values));
		values[param->nvalues] = expr_parse(&p->lex, &p->probe->names, &p->script->arena);
		if (!values[param->nvalues])
			return -1;
		if (expr_uses(values[param->nvalues], param->name))
			return lex_error(&p->lex, "a parameter cannot be its own value");
		++param->nvalues;
		if (!is_each || !lex_is(&p->lex, ','))
			break;
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	param->value = arena_alloc(&p->script->arena, (size_t)param->nvalues * sizeof *param->value);
	memcpy(param->value, values, (size_t)param->nvalues * sizeof *param->value);
	*p->param = param;
	p->param = &param->next;
	++p->probe->nparams;
	return parse_end(p);
}

static int
parse_need(struct parser *p)
{
	struct need *need = arena_alloc(&p->script->arena, sizeof *need);

	if (p->step)
		return lex_error(&p->lex, "needs stand before the first step");
	if (lex_next(&p->lex) < 0)
		return -1;
	need->that = expr_parse(&p->lex, &p->probe->names, &p->script->arena);
	if (!need->that)
		return -1;
	if (need->that->kind == EXPR_STRING)
		return lex_error(&p->lex, "a need is an expression, and behind it the reason");
	if (p->lex.kind == TOKEN_STRING) {
		need->why = parse_string(p);
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	*p->need = need;
	p->need = &need->next;
	return parse_end(p);
}

static int
parse_tag(struct parser *p)
{
	const char *tags[16];
	int n = p->probe->ntags;

	if (n)
		memcpy(tags, p->probe->tag, (size_t)n * sizeof *tags);
	if (lex_next(&p->lex) < 0)
		return -1;
	if (p->lex.kind != TOKEN_NAME)
		return lex_error(&p->lex, "a tag is a name");
	while (p->lex.kind == TOKEN_NAME) {
		if (!parse_listed(known_tags, LEN(known_tags), p->lex.at, p->lex.len))
			return lex_error(&p->lex, "no such tag: there are heavy, root and alone");
		if (n == (int)LEN(tags))
			return lex_error(&p->lex, "more than %d tags", (int)LEN(tags));
		tags[n++] = parse_name(p);
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	p->probe->tag = arena_alloc(&p->script->arena, (size_t)n * sizeof *tags);
	memcpy(p->probe->tag, tags, (size_t)n * sizeof *tags);
	p->probe->ntags = n;
	return parse_end(p);
}

static int
parse_args(struct parser *p, struct step *s)
{
	const struct call *c = s->call;
	const char *at;
	struct expr *e;
	size_t len;
	char kind;

	if (parse_expect(p, '(', "'(' is missing") < 0)
		return -1;
	while (!lex_is(&p->lex, ')')) {
		if (s->nargs == call_most(c))
			return lex_error(&p->lex, "%s(%s) takes no more arguments", c->name, c->params);
		at = p->lex.at;
		e = expr_parse(&p->lex, &p->probe->names, &p->script->arena);
		if (!e)
			return -1;
		len = (size_t)(p->lex.at - at);
		while (len && at[len - 1] == ' ')
			--len;
		kind = call_kind(c, s->nargs);
		if (e->kind == EXPR_STRING && kind != 's' && kind != 'b')
			return lex_error_at(&p->lex, at, len, "%s(%s) takes no text there", c->name, c->params);
		if (e->kind != EXPR_STRING && e->kind != EXPR_NAME && kind == 's')
			return lex_error_at(&p->lex, at, len, "%s(%s) takes a text there", c->name, c->params);
		if (e->kind == EXPR_STRING && e->ntext >= TEXT_MAX)
			return lex_error_at(&p->lex, at, len, "a text of more than %d bytes", TEXT_MAX - 1);
		s->arg[s->nargs++] = e;
		if (lex_is(&p->lex, ')'))
			break;
		if (parse_expect(p, ',', "',' or ')' is missing") < 0)
			return -1;
		if (lex_is(&p->lex, ')'))
			return lex_error(&p->lex, "an argument is missing");
	}
	if (s->nargs < call_least(c))
		return lex_error(&p->lex, "%s(%s) takes more arguments", c->name, c->params);
	return lex_next(&p->lex);
}

/* A name that a step assigns to: a new variable, or one that stands above. */
static int
bind_name(struct parser *p, const char *at, size_t len)
{
	int i = scope_find(&p->probe->names, at, len);

	if (i >= 0 && i < p->probe->nparams)
		return lex_error_at(&p->lex, at, len, "a parameter cannot be assigned to");
	if (i < 0 && symbol_find(at, len))
		return lex_error_at(&p->lex, at, len, "that name is a symbol");
	return i < 0 ? add_name(p, arena_text(&p->script->arena, at, len)) : i;
}

static int
unknown_call(struct parser *p, const char *at, size_t len)
{
	char *name = arena_text(&p->script->arena, at, len);
	const struct call *c;
	const char *best = NULL;
	size_t d, least = 3;
	int i;

	for (i = 0; (c = call_at(i)); ++i) {
		d = distance(name, c->name, 3);
		if (d < least) {
			least = d;
			best = c->name;
		}
	}
	return best && len > 2 ? lex_error_at(&p->lex, at, len, "no call has that name (is it %s?)", best)
		: lex_error_at(&p->lex, at, len, "no call has that name");
}

/* Behind a ':' or '=': takes the name that has to follow. */
static int
take_name(struct lexer *l, const char **at, size_t *len)
{
	if (lex_next(l) < 0)
		return -1;
	if (l->kind != TOKEN_NAME)
		return lex_error(l, "a call is missing");
	*at = l->at;
	*len = l->len;
	return lex_next(l);
}

/* [ NAME ":" ] [ NAME "=" ] NAME: who performs, what it binds, which call. */
static int
parse_head(struct parser *p, struct step *s, const char **bind, size_t *nbind)
{
	struct lexer *l = &p->lex;
	const char *at = l->at;
	size_t len = l->len;

	if (lex_next(l) < 0)
		return -1;
	if (lex_is(l, ':')) {
		s->process_name = scope_find(&p->probe->names, at, len);
		s->process = s->process_name < 0 ? -1 : p->process_of[s->process_name];
		if (s->process < 0)
			return lex_error_at(l, at, len, "no process has that name: fork(), process() and thread() make them");
		if (take_name(l, &at, &len) < 0)
			return -1;
	}
	if (lex_is(l, '=')) {
		*bind = at;
		*nbind = len;
		if (parse_listed(statements, LEN(statements), at, len) || parse_listed(words, LEN(words), at, len))
			return lex_error_at(l, at, len, "a word of the language cannot be a variable");
		if (take_name(l, &at, &len) < 0)
			return -1;
	}
	if (!lex_is(l, '('))
		return lex_error_at(l, at, len, "neither a statement nor a call");
	s->call = call_find(at, len);
	return s->call ? 0 : unknown_call(p, at, len);
}

static int
make_process(struct parser *p, struct step *s)
{
	struct probe *probe = p->probe;

	if (probe->nprocesses == PROCESS_MAX)
		return lex_error_at(&p->lex, p->lex.line, 0, "more than %d processes", PROCESS_MAX);
	if (s->bind < 0)
		return lex_error_at(&p->lex, p->lex.line, 0, "the process needs a name: kid = %s()", s->call->name);
	s->makes = probe->nprocesses++;
	probe->parent[s->makes] = s->call->flags & CALL_UNRELATED ? -1 : s->process;
	if (s->call->flags & CALL_THREADS)
		probe->threads |= 1u << s->makes;
	return 0;
}

static int
parse_step(struct parser *p)
{
	struct step *s = arena_alloc(&p->script->arena, sizeof *s);
	const char *bind = NULL;
	size_t nbind = 0;

	s->index = p->probe->nsteps;
	s->lineno = p->lex.lineno;
	s->bind = s->makes = s->process_name = -1;
	if (p->lex.kind != TOKEN_NAME)
		return lex_error(&p->lex, "neither a statement nor a call");
	if (parse_head(p, s, &bind, &nbind) < 0 || parse_args(p, s) < 0)
		return -1;
	if (bind) {
		if (call_gives_text(s->call))
			return lex_error_at(&p->lex, bind, nbind, "%s() gives a text, which a variable cannot hold", s->call->name);
		s->bind = bind_name(p, bind, nbind);
		if (s->bind < 0)
			return -1;
		p->process_of[s->bind] = -1;
	}
	if (s->call->flags & (CALL_FORKS|CALL_UNRELATED|CALL_THREADS)) {
		if (make_process(p, s) < 0)
			return -1;
		p->process_of[s->bind] = s->makes;
	}
	*p->next = s;
	p->next = &s->next;
	p->step = s;
	p->claim = &s->claims;
	++p->probe->nsteps;
	if (lex_is(&p->lex, '=')) {
		if (lex_next(&p->lex) < 0)
			return -1;
		if (parse_brief_claim(p) < 0)
			return -1;
	}
	return parse_end(p);
}

static int
parse_line(struct parser *p)
{
	struct lexer *l = &p->lex;

	if (l->indented && !l->semicolons)
		return parse_claim(p);
	if (lex_is_name(l, "probe"))
		return parse_probe(p);
	/* On a command line blanks follow a ';', so there a claim is known by its authority and its colon. */
	if (l->semicolons && p->step && l->kind == TOKEN_NAME && authority_known(l->at, l->len)
	    && scope_find(&p->probe->names, l->at, l->len) < 0)
		return parse_claim(p);
	if (!p->probe)
		begin_probe(p, p->name, NULL);
	if (lex_is_name(l, "param"))
		return parse_param(p, 0);
	if (lex_is_name(l, "each"))
		return parse_param(p, 1);
	if (lex_is_name(l, "need"))
		return parse_need(p);
	if (lex_is_name(l, "tag"))
		return parse_tag(p);
	return parse_step(p);
}

/* A probe's text runs to the next probe's, without the blank lines and comments between them. */
static void
end_texts(struct probe *probe, const char *end)
{
	const char *line, *to, *s;

	for (; probe; probe = probe->next) {
		to = probe->next ? probe->next->text : end;
		for (;;) {
			line = to;
			while (line > probe->text && line[-1] == '\n')
				--line;
			for (s = line; s > probe->text && s[-1] != '\n'; --s)
				;
			if (s == probe->text || *s != '#')
				break;
			to = s;
		}
		probe->ntext = (size_t)(line - probe->text);
	}
}

int
script_parse(struct script *script, const char *path, const char *text, size_t len, const char *name, int semicolons,
	struct buffer *error)
{
	struct parser p;
	int r;

	memset(script, 0, sizeof *script);
	memset(&p, 0, sizeof p);
	p.script = script;
	p.end = &script->probes;
	p.name = name;
	lex_start(&p.lex, path, text, len, &script->arena, error);
	p.lex.semicolons = semicolons;
	while ((r = lex_line(&p.lex)) > 0)
		if (parse_line(&p) < 0)
			break;
	if (r == 0 && p.probe && !p.step) {
		lex_error(&p.lex, "the probe %s has no step", p.probe->name);
		r = -1;
	}
	if (r == 0 && !script->probes) {
		lex_error(&p.lex, "there is nothing in it to run");
		r = -1;
	}
	free(p.process_of);
	end_texts(script->probes, text + len);
	return r == 0 ? 0 : -1;
}

void
script_free(struct script *s)
{
	struct probe *p;

	for (p = s->probes; p; p = p->next)
		free(p->names.name);
	arena_free(&s->arena);
	s->probes = NULL;
}

int
script_has_tag(const struct probe *p, const char *tag)
{
	int i;

	for (i = 0; i < p->ntags; ++i)
		if (strcmp(p->tag[i], tag) == 0)
			return 1;
	return 0;
}

