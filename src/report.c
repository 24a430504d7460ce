#include <inttypes.h>
#include <string.h>
#include "calls.h"
#include "report.h"
#include "run.h"
#include "symbols.h"

/* An address farther from a variable than this has nothing to do with it. */
#define NEAR ((uintmax_t)1 << 40)

static intmax_t
page_size(void)
{
	return symbol_find("PAGE", 4)->value;
}

/* The last step before another that gave a variable its value; NULL: none did. */
static const struct step *
binder(const struct result *r, int name, const struct step *before)
{
	const struct step *s, *last = NULL;

	for (s = r->trial->probe->steps; s && s != before; s = s->next)
		if (s->bind == name && r->seen[s->index].outcome.how == OUTCOME_RETURNED)
			last = s;
	return last;
}

static void
print_offset(struct buffer *b, intmax_t off)
{
	intmax_t page = page_size(), pages, rest;
	char sign = off < 0 ? '-' : '+';

	off = off < 0 ? -off : off;
	pages = off / page;
	rest = off % page;
	/* p+2*PAGE-1 says more than p+PAGE+4095, and holds for every page size. */
	if (rest > page - 64) {
		++pages;
		rest -= page;
	}
	if (pages == 1)
		buffer_fmt(b, "%cPAGE", sign);
	else if (pages)
		buffer_fmt(b, "%c%" PRIdMAX "*PAGE", sign, pages);
	if (rest)
		buffer_fmt(b, "%+" PRIdMAX, sign == '-' ? -rest : rest);
}

static int
step_names(const struct step *s, int name)
{
	int i;

	for (i = 0; i < s->nargs; ++i)
		if (expr_uses(s->arg[i], name))
			return 1;
	return 0;
}

/* Whether the variable that a step bound holds an address. */
static int
gives_address(const struct result *r, const struct step *s)
{
	return s->call->gives == GIVES_ADDRESS || report_computed(r, s);
}

int
report_computed(const struct result *r, const struct step *s)
{
	const struct probe *p = r->trial->probe;
	const struct step *from;
	uintmax_t d;
	int i;

	/* No mapping lies as low as the numbers that comparisons and counts give; but some lie as low as those of bytes read. */
	if (strcmp(s->call->name, "value") != 0 || r->seen[s->index].outcome.how != OUTCOME_RETURNED
	    || (uintmax_t)r->seen[s->index].outcome.ret < 65536)
		return 0;
	for (i = p->nparams; i < p->names.n; ++i) {
		from = step_names(s, i) ? binder(r, i, s) : NULL;
		if (!from || !gives_address(r, from))
			continue;
		d = (uintmax_t)r->seen[s->index].outcome.ret - (uintmax_t)r->seen[from->index].outcome.ret;
		if (d < NEAR || -d < NEAR)
			return 1;
	}
	return 0;
}

/* The variable that an address lies by: one that the step names, if there is such, else any; -1: it lies by none. */
static int
nearest(const struct result *r, const struct step *at, intmax_t address, intmax_t *off)
{
	const struct probe *p = r->trial->probe;
	uintmax_t distance, d, least = NEAR;
	const struct step *s;
	int i, named, best = -1, best_named = 0;

	for (i = p->nparams; i < p->names.n; ++i) {
		s = binder(r, i, at);
		if (!s || !gives_address(r, s))
			continue;
		d = (uintmax_t)address - (uintmax_t)r->seen[s->index].outcome.ret;
		/* Below a variable is farther than above it. */
		distance = d <= UINTMAX_MAX / 2 ? d : 2 * -d;
		named = step_names(at, i);
		if (distance >= NEAR || named < best_named || (named == best_named && distance > least))
			continue;
		best = i;
		best_named = named;
		least = distance;
		*off = (intmax_t)d;
	}
	return best;
}

int
report_address(struct buffer *b, const struct result *r, const struct step *at, intmax_t address)
{
	intmax_t off = 0;
	int best = nearest(r, at, address, &off);

	if (best >= 0) {
		buffer_str(b, r->trial->probe->names.name[best]);
		print_offset(b, off);
	} else if (address >= 0 && address < page_size()) {
		buffer_fmt(b, "%" PRIdMAX, address);
	} else if (address == symbol_find("MAP_FAILED", 10)->value) {
		buffer_str(b, "MAP_FAILED");
	} else {
		return 0;
	}
	return 1;
}

void
report_text(struct buffer *b, const char *s, size_t n)
{
	static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\"\"";
	const char *e;
	size_t i;

	buffer_str(b, "\"");
	for (i = 0; i < n; ++i) {
		for (e = escapes; *e && *e != s[i]; e += 2)
			;
		if (*e)
			buffer_fmt(b, "\\%c", e[1]);
		else if ((unsigned char)s[i] >= ' ' && (unsigned char)s[i] < 127)
			buffer_add(b, &s[i], 1);
		else if (i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '7')
			buffer_fmt(b, "\\%03o", (unsigned char)s[i]);
		else
			buffer_fmt(b, "\\%o", (unsigned char)s[i]);
	}
	buffer_str(b, "\"");
}

static void
print_byte(struct buffer *b, intmax_t n)
{
	if (n > ' ' && n < 127 && n != '\'' && n != '\\')
		buffer_fmt(b, "'%c'", (int)n);
	else
		buffer_fmt(b, "%" PRIdMAX, n);
}

static void
print_returned(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	const char *name = s->bind >= 0 ? r->trial->probe->names.name[s->bind] : NULL;

	switch (s->call->gives) {
	case GIVES_TEXT:
	case GIVES_MAP:
	case GIVES_SET:
		report_text(b, o->text, o->ntext > 0 ? (size_t)o->ntext : 0);
		break;
	case GIVES_BYTE:
		print_byte(b, o->ret);
		break;
	case GIVES_ADDRESS:
		if (name)
			buffer_str(b, name);
		else if (!report_address(b, r, s, o->ret))
			buffer_str(b, "an address");
		break;
	case GIVES_DESCRIPTOR:
		buffer_str(b, name ? name : "a descriptor");
		break;
	case GIVES_PROCESS:
		buffer_str(b, name ? name : "a process");
		break;
	case GIVES_TIME:
		/* A time that a script did not set is another one in each run. */
		if (o->ret < 1000000000)
			buffer_fmt(b, "%" PRIdMAX, o->ret);
		else
			buffer_str(b, "a time of today");
		break;
	case GIVES_NOTHING:
	case GIVES_NUMBER:
		if (report_computed(r, s))
			buffer_str(b, "an address");
		else
			buffer_fmt(b, "%" PRIdMAX, o->ret);
		break;
	}
}

static void
print_signal(struct buffer *b, int sig)
{
	const char *name = symbol_signal(sig);

	if (name)
		buffer_str(b, name);
	else
		buffer_fmt(b, "signal %d", sig);
}

/* Of two names with one value, the one that a claim uses. */
static const char *
errno_name(const struct step *s, int err)
{
	const struct claim *c;
	const struct want *w;

	for (c = s->claims; c; c = c->next)
		for (w = c->wants; w; w = w->next)
			if (w->kind == WANT_ERRNO && w->symbol->present && w->symbol->value == err)
				return w->symbol->name;
	return symbol_errno(err);
}

static void
print_fault(struct buffer *b, const struct result *r, const struct step *s, const struct outcome *o)
{
	const char *name = symbol_sicode(o->sig, o->code);

	print_signal(b, o->sig);
	if (name)
		buffer_fmt(b, " %s", name);
	else
		buffer_fmt(b, " code %d", o->code);
	buffer_str(b, " at ");
	if (!report_address(b, r, s, o->at))
		buffer_str(b, "an address outside every mapping");
}

static void
print_unreached(struct buffer *b, const struct result *r, const struct step *s)
{
	const struct seen *seen = &r->seen[s->index];
	const struct probe *p = r->trial->probe;

	if (seen->why)
		buffer_fmt(b, "not reached: %s has no value", seen->why);
	else if (seen->asked)
		buffer_fmt(b, "not reached: %s is gone", s->process_name < 0 ? "the process" : p->names.name[s->process_name]);
	else
		buffer_str(b, "not run");
}

void
report_outcome(struct buffer *b, const struct result *r, int index)
{
	const struct seen *seen = &r->seen[index];
	const struct outcome *o = &seen->outcome;
	const struct step *s = r->trial->probe->steps;
	const char *name;

	while (s->index != index)
		s = s->next;
	switch (o->how) {
	case OUTCOME_RETURNED:
		buffer_str(b, s->call->flags & CALL_ENDS ? "exited " : "= ");
		print_returned(b, r, s, o);
		break;
	case OUTCOME_FAILED:
		name = errno_name(s, o->err);
		if (name)
			buffer_fmt(b, "= %s", name);
		else
			buffer_fmt(b, "= errno %d", o->err);
		break;
	case OUTCOME_CAUGHT:
		print_fault(b, r, s, o);
		break;
	case OUTCOME_DIED:
		if (o->sig) {
			buffer_str(b, "died of ");
			print_signal(b, o->sig);
		} else if (o->ret >= 0) {
			buffer_fmt(b, "exited %" PRIdMAX, o->ret);
		} else {
			buffer_str(b, "died");
		}
		break;
	case OUTCOME_HUNG:
		buffer_str(b, "hung: no answer in time");
		break;
	case OUTCOME_UNREACHED:
		print_unreached(b, r, s);
		break;
	case OUTCOME_ABSENT:
		buffer_fmt(b, "unsupported: %s", seen->why ? seen->why : s->call->name);
		break;
	}
}

void
report_parameters(struct buffer *b, const struct result *r)
{
	static const struct scope none = { NULL, 0, 0 };
	const struct probe *p = r->trial->probe;
	int i;

	for (i = 0; i < p->nparams; ++i) {
		buffer_fmt(b, "%s%s=", i ? ", " : "", p->names.name[i]);
		/* A default may speak of earlier parameters, an argument of none. */
		expr_print(b, r->trial->given[i], p->names.n ? &p->names : &none);
	}
}

static const struct reporter *const reporters[] = {
	&reporter_text, &reporter_tap, &reporter_tap13, &reporter_json, &reporter_jsonl, &reporter_junit, &reporter_github,
	&reporter_markdown,
};

const struct reporter *
reporter_find(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(reporters); ++i)
		if (strcmp(reporters[i]->name, name) == 0)
			return reporters[i];
	return NULL;
}

const char *
reporter_name(int i)
{
	return i >= 0 && (size_t)i < LEN(reporters) ? reporters[i]->name : NULL;
}
