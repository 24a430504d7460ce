#include <inttypes.h>
#include "pagemap.h"
#include "util.h"

enum { CELL = 8, PER_ROW = 7, INDENT = 6, LABEL = 7 };

struct look { const char *bar, *file, *rest; };

static const struct look ascii = { "|", "#", "-" }, boxes = { "\342\224\202", "\342\226\210", "\342\226\221" };

static void
print_cell(struct buffer *b, const char *what)
{
	size_t start = b->len;

	buffer_str(b, what);
	buffer_pad(b, start + CELL);
}

/* The part of a page that the file fills, then what is left of its last page. */
static void
print_file_cell(struct buffer *b, const struct look *look, intmax_t first, intmax_t end, intmax_t page)
{
	intmax_t in = end - first;
	int filled, i;

	filled = in <= 0 ? 0 : in >= page ? CELL : (int)((in * CELL + page - 1) / page);
	if (filled == CELL && in < page)
		--filled;
	for (i = 0; i < CELL; ++i)
		buffer_str(b, in <= 0 ? " " : i < filled ? look->file : look->rest);
}

static const char *
load_word(char letter)
{
	return letter == 'B' ? "SIGBUS" : letter == 'S' ? "SIGSEGV" : "ok";
}

static const char *
store_word(char letter)
{
	return letter == 'B' || letter == 'R' ? "SIGBUS" : letter == 'S' || letter == 'r' ? "SIGSEGV" : "ok";
}

static void
print_row(struct buffer *b, const char *label)
{
	size_t start = b->len;

	buffer_pad(b, start + INDENT);
	buffer_str(b, label);
	buffer_pad(b, start + INDENT + LABEL);
}

static void
print_rows(struct buffer *b, const char *name, const char *letters, size_t from, size_t to, intmax_t end, intmax_t page,
	const struct look *look)
{
	size_t i, start;

	print_row(b, "");
	for (i = from; i < to; ++i) {
		start = b->len;
		buffer_fmt(b, i ? "%s+%luP" : "%s", name, (unsigned long)i);
		if (i + 1 < to)
			buffer_pad(b, start + CELL + 1);
	}
	buffer_str(b, "\n");
	if (end >= 0) {
		print_row(b, "file");
		for (i = from; i < to; ++i) {
			buffer_str(b, look->bar);
			print_file_cell(b, look, (intmax_t)i * page, end, page);
		}
		buffer_fmt(b, "%s\n", look->bar);
	}
	print_row(b, "load");
	for (i = from; i < to; ++i) {
		buffer_str(b, look->bar);
		print_cell(b, load_word(letters[i]));
	}
	buffer_fmt(b, "%s\n", look->bar);
	print_row(b, "store");
	for (i = from; i < to; ++i) {
		buffer_str(b, look->bar);
		print_cell(b, store_word(letters[i]));
	}
	buffer_fmt(b, "%s\n", look->bar);
}

void
pagemap_print(struct buffer *b, const char *name, const char *letters, size_t pages, intmax_t end, intmax_t page, int unicode)
{
	const struct look *look = unicode ? &boxes : &ascii;
	size_t i;

	for (i = 0; i < pages; i += PER_ROW)
		print_rows(b, name, letters, i, pages - i < PER_ROW ? pages : i + PER_ROW, end, page, look);
	print_row(b, "");
	if (end >= 0) {
		buffer_fmt(b, "%s file", look->file);
		if (end % page)
			buffer_fmt(b, "  %s the rest of its last page", look->rest);
		buffer_fmt(b, "  end of file at %s+%" PRIdMAX, name, end);
	}
	buffer_str(b, "\n");
}
