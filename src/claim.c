/* Claims: the lines below a call. */
#include <string.h>
#include "parse.h"
#include "symbols.h"

static const char *const authorities[] = {
	"posix", "posix2001", "posix2008", "posix2024", "folklore",
	"linux", "freebsd", "netbsd", "openbsd", "dragonfly", "macos", "solaris", "illumos", "aix", "hpux", "hurd", "haiku", "cygwin",
	"qnx", "gvisor", "wsl1", "glibc", "musl", "bionic", "dietlibc", "uclibc",
	"x86_64", "x32", "i386", "arm64", "arm", "riscv64", "ppc64", "ppc", "s390x", "s390", "mips64", "mips", "loongarch64", "sparc64",
	"ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "ramfs", "overlay", "nfs", "nfs4", "v9fs", "fuse", "vfat", "exfat", "f2fs",
	"zfs", "ufs", "apfs", "hugetlbfs", "squashfs", "erofs", "cifs", "virtiofs",
};

/* The entry of that name; NULL if there is none. */
static const char *
authority(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < LEN(authorities); ++i)
		if (strlen(authorities[i]) == len && memcmp(authorities[i], s, len) == 0)
			return authorities[i];
	return NULL;
}

int
authority_known(const char *s, size_t len)
{
	return authority(s, len) != NULL;
}

int
claim_by(const struct claim *c, const char *who)
{
	int i;

	for (i = 0; i < c->nwho; ++i)
		if (strcmp(c->who[i], who) == 0)
			return 1;
	return 0;
}

static int
parse_signal(struct parser *p, struct want *w)
{
	if (lex_next(&p->lex) < 0)
		return -1;
	if (p->lex.kind == TOKEN_NAME && (w->code = symbol_find(p->lex.at, p->lex.len))) {
		if (w->code->kind != SYMBOL_SICODE)
			return lex_error(&p->lex, "behind a signal stands its si_code, 'at', 'or' or 'if'");
		if (w->symbol->present && !symbol_sicode_of(w->code, (int)w->symbol->value))
			return lex_error(&p->lex, "no si_code of %s", w->symbol->name);
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	if (lex_is_name(&p->lex, "at")) {
		if (lex_next(&p->lex) < 0)
			return -1;
		w->at = expr_parse_sum(&p->lex, &p->probe->names, &p->script->arena);
		if (!w->at)
			return -1;
	}
	return 0;
}

static int
parse_want(struct parser *p, struct want *w)
{
	static const struct { const char *word; enum want_kind kind; } plain[] = {
		{ "ok", WANT_OK }, { "fail", WANT_FAIL }, { "hang", WANT_HANG },
	};
	struct lexer *l = &p->lex;
	size_t i;

	if (lex_is(l, '?')) {
		w->kind = WANT_ANY;
		return lex_next(l);
	}
	for (i = 0; i < LEN(plain); ++i) {
		if (lex_is_name(l, plain[i].word)) {
			w->kind = plain[i].kind;
			return lex_next(l);
		}
	}
	if (l->kind == TOKEN_NAME && scope_find(&p->probe->names, l->at, l->len) < 0 && (w->symbol = symbol_find(l->at, l->len))) {
		if (w->symbol->kind == SYMBOL_SIGNAL) {
			w->kind = WANT_SIGNAL;
			return parse_signal(p, w);
		}
		if (w->symbol->kind == SYMBOL_ERRNO) {
			w->kind = WANT_ERRNO;
			return lex_next(l);
		}
		if (w->symbol->kind == SYMBOL_SICODE)
			return lex_error(l, "a si_code stands behind its signal");
		w->symbol = NULL;
	}
	w->kind = WANT_VALUE;
	w->value = expr_parse_sum(l, &p->probe->names, &p->script->arena);
	return w->value ? 0 : -1;
}

static int
parse_wants(struct parser *p, struct want **end)
{
	struct want *w;

	for (;;) {
		w = arena_alloc(&p->script->arena, sizeof *w);
		if (parse_want(p, w) < 0)
			return -1;
		*end = w;
		end = &w->next;
		if (lex_is(&p->lex, '|') || lex_is(&p->lex, OP_OR) || lex_is(&p->lex, ','))
			return lex_error(&p->lex, "alternatives are joined by 'or'");
		if (!lex_is_name(&p->lex, "or"))
			return 0;
		if (lex_next(&p->lex) < 0)
			return -1;
	}
}

static struct claim *
new_claim(struct parser *p, int nwho)
{
	struct claim *c = arena_alloc(&p->script->arena, sizeof *c);

	c->who = arena_alloc(&p->script->arena, (size_t)nwho * sizeof *c->who);
	c->nwho = nwho;
	*p->claim = c;
	p->claim = &c->next;
	++p->probe->nclaims;
	return c;
}

static int
unknown_authority(struct parser *p)
{
	const char *best = parse_nearest(p, authorities, LEN(authorities));

	return best ? lex_error(&p->lex, "no authority has that name (is it %s?)", best)
		: lex_error(&p->lex, "no authority has that name: a claim reads 'posix: EINVAL or ok'");
}

int
parse_claim(struct parser *p)
{
	const char *who[16];
	struct claim *c;
	int n = 0, deviates = 0;

	if (!p->step)
		return lex_error(&p->lex, "an indented line is a claim about the call above it, and there is none");
	while (p->lex.kind == TOKEN_NAME) {
		if (lex_is_name(&p->lex, "deviates")) {
			deviates = 1;
			if (lex_next(&p->lex) < 0)
				return -1;
			break;
		}
		if (n == (int)LEN(who))
			return lex_error(&p->lex, "more than %d authorities", (int)LEN(who));
		who[n] = authority(p->lex.at, p->lex.len);
		if (!who[n++])
			return unknown_authority(p);
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	if (!n)
		return lex_error(&p->lex, "a claim begins with who makes it");
	if (parse_expect(p, ':', "':' is missing") < 0)
		return -1;
	c = new_claim(p, n);
	memcpy(c->who, who, (size_t)n * sizeof *who);
	c->deviates = deviates;
	if (parse_wants(p, &c->wants) < 0)
		return -1;
	if (lex_is_name(&p->lex, "if")) {
		if (lex_next(&p->lex) < 0)
			return -1;
		c->when = expr_parse(&p->lex, &p->probe->names, &p->script->arena);
		if (!c->when)
			return -1;
	}
	if (p->lex.kind == TOKEN_STRING) {
		c->note = parse_string(p);
		if (lex_next(&p->lex) < 0)
			return -1;
	}
	return parse_end(p);
}

int
parse_brief_claim(struct parser *p)
{
	struct claim *c = new_claim(p, 1);

	c->who[0] = "posix";
	c->brief = 1;
	return parse_wants(p, &c->wants);
}
