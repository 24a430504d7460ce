/* The report as a file to keep: saved.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "platform.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "saved.h"
#include "symbols.h"

/* A case's lines, until all are there to be sorted. */
static struct block {
	char *name;
	struct buffer text;
} *blocks;
static size_t nblocks;

static void
save_begin(FILE *f, const struct style *style, const struct here *h)
{
	int i;

	(void)style;
	nblocks = 0;
	fprintf(f, "mmprobe-report 1\nsystem %s\nrelease %s\nmachine %s\nlibc %s\nfs %s\npage %ld\nbits %" PRIdMAX "\nroot %" PRIdMAX
		"\nmemlock %" PRIdMAX "\nnames", h->system, h->release, h->machine, h->libc, h->fs, h->page,
		symbol_find("BITS", 4)->value, symbol_find("ROOT", 4)->value, symbol_find("MEMLOCK", 7)->value);
	for (i = 0; i < h->nnames; ++i)
		fprintf(f, " %s", h->names[i]);
	fputs(h->nnames ? "\n" : " \n", f);
}

static void
add_block(const struct result *r)
{
	const struct probe *p = r->trial->probe;
	struct buffer name = { NULL, 0, 0 }, *b;
	const struct step *s;

	if (nblocks % 64 == 0)
		blocks = xrealloc(blocks, (nblocks + 64) * sizeof *blocks);
	b = &blocks[nblocks].text;
	memset(b, 0, sizeof *b);
	buffer_fmt(&name, "%s%s", p->name, p->nparams ? " " : "");
	report_parameters(&name, r);
	blocks[nblocks++].name = name.data;
	buffer_fmt(b, "\ncase %s\nscript %08" PRIx32 "\nverdict %s\n", name.data, saved_hash(p), verdict_word(r->verdict));
	for (s = r->why ? NULL : p->steps; s; s = s->next) {
		buffer_str(b, "  ");
		script_print_step(b, p, s);
		buffer_str(b, "\t");
		record_print(b, r, s);
		buffer_str(b, "\n");
	}
}

static void
save_probe(FILE *f, const struct result *r, int n)
{
	int i;

	(void)f;
	for (i = 0; i < n; ++i)
		add_block(&r[i]);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct block *)a)->name, ((const struct block *)b)->name);
}

static void
save_end(FILE *f, const struct totals *t)
{
	size_t i, written = 0;

	(void)t;
	if (nblocks)
		qsort(blocks, nblocks, sizeof *blocks, by_name);
	for (i = 0; i < nblocks; ++i) {
		/* Two arguments that were written alike make one case. */
		if (i == 0 || strcmp(blocks[i].name, blocks[i - 1].name) != 0) {
			fputs(buffer_text(&blocks[i].text), f);
			++written;
		}
	}
	fprintf(f, "\nend %lu\n", (unsigned long)written);
	for (i = 0; i < nblocks; ++i) {
		buffer_free(&blocks[i].text);
		free(blocks[i].name);
	}
	free(blocks);
	blocks = NULL;
	nblocks = 0;
}

const struct reporter reporter_save = { "save", save_begin, save_probe, save_end };
