#include <string.h>
#include "parse.h"

int
parse_listed(const char *const list[], size_t n, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < n; ++i)
		if (strlen(list[i]) == len && memcmp(list[i], s, len) == 0)
			return 1;
	return 0;
}

const char *
parse_nearest(const struct parser *p, const char *const list[], size_t n)
{
	const char *best = NULL;
	char word[32] = "";
	size_t i, d, least = 3;

	if (p->lex.len < sizeof word)
		memcpy(word, p->lex.at, p->lex.len);
	for (i = 0; i < n; ++i) {
		d = distance(word, list[i], 3);
		if (d < least && d < (p->lex.len + 1) / 2) {
			least = d;
			best = list[i];
		}
	}
	return best;
}

char *
parse_name(struct parser *p)
{
	return arena_text(&p->script->arena, p->lex.at, p->lex.len);
}

const char *
parse_string(struct parser *p)
{
	return p->lex.string;
}

int
parse_expect(struct parser *p, int op, const char *what)
{
	if (!lex_is(&p->lex, op))
		return lex_error(&p->lex, "%s", what);
	return lex_next(&p->lex);
}

int
parse_end(struct parser *p)
{
	if (p->lex.kind != TOKEN_END)
		return lex_error(&p->lex, "the line should end here");
	return 0;
}
