/* Outcomes as JSON: with their types, and the same in every run. */
#include <inttypes.h>
#include <string.h>
#include "brief.h"
#include "calls.h"
#include "json.h"
#include "report.h"
#include "run.h"
#include "symbols.h"
#include "utf8.h"

static void
add_character(struct buffer *b, uint32_t c)
{
	if (c == '"' || c == '\\')
		buffer_fmt(b, "\\%c", (int)c);
	else if (utf8_is_control(c))
		buffer_fmt(b, "\\u%04x", (unsigned)c);
	else
		utf8_add(b, c);
}

void
json_string(struct buffer *b, const char *s)
{
	size_t n = s ? strlen(s) : 0, len;
	uint32_t c;

	if (!s) {
		buffer_str(b, "null");
		return;
	}
	buffer_str(b, "\"");
	for (; n; s += len, n -= len) {
		len = utf8_next(s, n, &c);
		add_character(b, c);
	}
	buffer_str(b, "\"");
}

void
json_member(struct buffer *b, const char *key, const char *s)
{
	buffer_fmt(b, "\"%s\":", key);
	json_string(b, s);
}

/* What a platform had in its memory: a character a byte, U+0000 to U+00FF, so that nothing of it is lost. */
static void
add_bytes(struct buffer *b, const char *s, int n)
{
	int i;

	buffer_str(b, "\"");
	for (i = 0; i < n; ++i)
		add_character(b, (unsigned char)s[i]);
	buffer_str(b, "\"");
}

static void
add_address(struct buffer *b, const struct result *r, const struct step *s, intmax_t address)
{
	struct buffer text = { NULL, 0, 0 };

	json_string(b, report_address(&text, r, s, address) ? buffer_text(&text) : NULL);
	buffer_free(&text);
}

/* A value that a script gave a name is known by it, where a number would be another one in each run. */
static void
add_returned(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	static const char *const types[] = { "number", "number", "byte", "descriptor", "address", "time", "process", "text", "map",
		"set" };
	const char *name = s->bind >= 0 ? r->trial->probe->names.name[s->bind] : NULL;
	int computed = report_computed(r, s);

	buffer_fmt(b, "\"how\":\"returned\",\"type\":\"%s\",\"value\":", computed ? "address" : types[s->call->gives]);
	if (computed) {
		buffer_str(b, "null");
		return;
	}
	switch (s->call->gives) {
	case GIVES_TEXT:
	case GIVES_MAP:
	case GIVES_SET:
		add_bytes(b, o->text, o->ntext);
		break;
	case GIVES_ADDRESS:
		if (name)
			json_string(b, name);
		else
			add_address(b, r, s, o->ret);
		break;
	case GIVES_DESCRIPTOR:
	case GIVES_PROCESS:
		json_string(b, name);
		break;
	case GIVES_TIME:
		if (o->ret >= 1000000000) {
			buffer_str(b, "null");
			break;
		}
		/* fall through */
	case GIVES_NOTHING:
	case GIVES_NUMBER:
	case GIVES_BYTE:
		buffer_fmt(b, "%" PRIdMAX, o->ret);
		break;
	}
}

static void
add_signal(struct buffer *b, int sig)
{
	struct buffer text = { NULL, 0, 0 };

	buffer_fmt(&text, "signal %d", sig);
	json_member(b, "signal", symbol_signal(sig) ? symbol_signal(sig) : buffer_text(&text));
	buffer_free(&text);
}

static void
add_fault(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	struct buffer text = { NULL, 0, 0 };
	const char *code = symbol_sicode(o->sig, o->code);

	buffer_str(b, "\"how\":\"caught\",");
	add_signal(b, o->sig);
	buffer_fmt(&text, "code %d", o->code);
	buffer_str(b, ",");
	json_member(b, "code", code ? code : buffer_text(&text));
	buffer_str(b, ",\"address\":");
	add_address(b, r, s, o->at);
	buffer_free(&text);
}

static void
add_death(struct buffer *b, const struct outcome *o)
{
	if (o->sig) {
		buffer_str(b, "\"how\":\"died\",");
		add_signal(b, o->sig);
	} else if (o->ret >= 0) {
		buffer_fmt(b, "\"how\":\"exited\",\"status\":%" PRIdMAX, o->ret);
	} else {
		buffer_str(b, "\"how\":\"died\",\"signal\":null");
	}
}

void
json_outcome(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct outcome *o = &r->seen[s->index].outcome;
	struct buffer text = { NULL, 0, 0 };

	brief_got(&text, r, s);
	buffer_str(b, "\"outcome\":{");
	switch (o->how) {
	case OUTCOME_RETURNED:
		if (s->call->flags & CALL_ENDS)
			buffer_fmt(b, "\"how\":\"exited\",\"status\":%" PRIdMAX, o->ret);
		else
			add_returned(b, r, s, o);
		break;
	case OUTCOME_FAILED:
		buffer_str(b, "\"how\":\"failed\",");
		json_member(b, "errno", buffer_text(&text));
		break;
	case OUTCOME_CAUGHT:
		add_fault(b, r, s, o);
		break;
	case OUTCOME_DIED:
		add_death(b, o);
		break;
	case OUTCOME_HUNG:
		buffer_str(b, "\"how\":\"hung\"");
		break;
	case OUTCOME_UNREACHED:
		buffer_str(b, "\"how\":\"unreached\"");
		break;
	case OUTCOME_ABSENT:
		buffer_str(b, "\"how\":\"absent\",");
		json_member(b, "name", r->seen[s->index].why ? r->seen[s->index].why : s->call->name);
		break;
	}
	buffer_str(b, ",");
	json_member(b, "text", buffer_text(&text));
	buffer_str(b, "}");
	buffer_free(&text);
}
