#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "util.h"

static void
buffer_grow(struct buffer *b, size_t n)
{
	if (b->cap - b->len > n)
		return;
	while (b->cap - b->len <= n)
		b->cap = b->cap ? b->cap * 2 : 128;
	b->data = xrealloc(b->data, b->cap);
}

void
buffer_add(struct buffer *b, const char *s, size_t n)
{
	buffer_grow(b, n);
	memcpy(b->data + b->len, s, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buffer_str(struct buffer *b, const char *s)
{
	buffer_add(b, s, strlen(s));
}

void
buffer_fmt(struct buffer *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	buffer_grow(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buffer_pad(struct buffer *b, size_t column)
{
	while (b->len < column)
		buffer_add(b, " ", 1);
}

void
buffer_clear(struct buffer *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void
buffer_free(struct buffer *b)
{
	free(b->data);
	memset(b, 0, sizeof *b);
}

const char *
buffer_text(const struct buffer *b)
{
	return b->data ? b->data : "";
}

void *
xmalloc(size_t n)
{
	return xrealloc(NULL, n);
}

void *
xcalloc(size_t n, size_t m)
{
	void *p = calloc(n ? n : 1, m ? m : 1);

	if (!p)
		fatal(EXIT_TROUBLE, "out of memory");
	return p;
}

void *
xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		fatal(EXIT_TROUBLE, "out of memory");
	return p;
}

struct block {
	struct block *next;
	size_t size;
	union { intmax_t i; void *p; } data[];
};

void *
arena_alloc(struct arena *a, size_t n)
{
	enum { UNIT = sizeof a->blocks->data[0], SIZE = 4096 };
	struct block *b;
	size_t size;

	n = (n + UNIT - 1) / UNIT * UNIT;
	if (!a->blocks || n > a->left) {
		size = n > SIZE ? n : SIZE;
		b = xcalloc(1, sizeof *b + size);
		b->next = a->blocks;
		b->size = size;
		a->blocks = b;
		a->left = size;
	}
	a->left -= n;
	return (char *)a->blocks->data + (a->blocks->size - a->left - n);
}

char *
arena_text(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	return p;
}

void
arena_free(struct arena *a)
{
	struct block *b;

	while ((b = a->blocks)) {
		a->blocks = b->next;
		free(b);
	}
	a->left = 0;
}

void
vwarn(const char *fmt, va_list ap)
{
	const char *why = strerror(errno);
	size_t n = strlen(fmt), len;
	char text[8192];

	/* In one piece: two processes may have something to say at once. */
	if (vsnprintf(text, sizeof text, fmt, ap) >= (int)sizeof text)
		memcpy(text + sizeof text - 5, "...:", 5);
	len = strlen(text);
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (n && fmt[n - 1] == ':')
		fprintf(stderr, "mmprobe: %s %s\n", text, why);
	else
		fprintf(stderr, "mmprobe: %s\n", text);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
}

void
fatal(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
	exit(status);
}

double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

size_t
distance(const char *a, const char *b, size_t max)
{
	size_t row[64], n = strlen(b), i, j, up, left;

	if (n >= LEN(row) || strlen(a) >= LEN(row))
		return max + 1;
	for (j = 0; j <= n; ++j)
		row[j] = j;
	for (i = 0; a[i]; ++i) {
		left = row[0]++;
		for (j = 0; j < n; ++j) {
			up = row[j + 1];
			if (a[i] != b[j]) {
				if (up < left)
					left = up;
				if (row[j] < left)
					left = row[j];
				++left;
			}
			row[j + 1] = left;
			left = up;
		}
	}
	return row[n] > max ? max + 1 : row[n];
}
