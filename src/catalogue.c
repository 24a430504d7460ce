#include <string.h>
#include "catalogue.h"
#include "script.h"

struct topic {
	const char *name;
	const char *text;
	size_t len;
};

#include "probes.table"

int
catalogue_topics(void)
{
	return (int)LEN(topics);
}

const char *
catalogue_topic(int i)
{
	return topics[i].name;
}

static void
load(const struct topic *t, const char *text, size_t len, struct script *s)
{
	struct buffer error = { NULL, 0, 0 };
	struct probe *p;

	if (script_parse(s, t->name, text, len, t->name, 0, &error) < 0)
		fatal(EXIT_TROUBLE, "an embedded probe is broken:\n%s", buffer_text(&error));
	for (p = s->probes; p; p = p->next)
		p->topic = t->name;
}

void
catalogue_load(int i, struct script *s)
{
	load(&topics[i], topics[i].text, topics[i].len, s);
}

static const char word[] = "probe ";

enum { WORD = sizeof word - 1 };

/* Where the next probe line at or behind a place begins; the end if there is none. */
static const char *
next_probe(const char *s, const char *end)
{
	while (s < end && (end - s < WORD || memcmp(s, word, WORD) != 0)) {
		s = memchr(s, '\n', (size_t)(end - s));
		s = s ? s + 1 : end;
	}
	return s;
}

int
catalogue_find(const char *name, struct script *script)
{
	const char *at, *end, *next;
	size_t n = strlen(name), i, len;

	for (i = 0; i < LEN(topics); ++i) {
		end = topics[i].text + topics[i].len;
		for (at = next_probe(topics[i].text, end); at < end; at = next) {
			next = next_probe(at + 1, end);
			len = (size_t)(next - at);
			if (len > WORD + n && memcmp(at + WORD, name, n) == 0 && at[WORD + n] == ' ') {
				load(&topics[i], at, len, script);
				return 0;
			}
		}
	}
	return -1;
}
