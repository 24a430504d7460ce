/* Memory, text buffers and the tool's own messages. */
#ifndef UTIL_H
#define UTIL_H

#include <stdarg.h>
#include <stddef.h>

#if defined __GNUC__
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NORETURN __attribute__((noreturn))
#else
#define PRINTF_LIKE(f, a)
#define NORETURN
#endif

#define LEN(a) (sizeof (a) / sizeof *(a))

/* The exit statuses of the program: README, "Exit status". */
enum { EXIT_OK, EXIT_AMISS, EXIT_USAGE, EXIT_TROUBLE };

/* Growing text, always NUL-terminated once something was added. All zero is empty. */
struct buffer {
	char *data;
	size_t len, cap;
};

void buffer_add(struct buffer *, const char *, size_t);
void buffer_str(struct buffer *, const char *);
void buffer_fmt(struct buffer *, const char *, ...) PRINTF_LIKE(2, 3);
void buffer_pad(struct buffer *, size_t column);        /* blanks up to that length */
void buffer_clear(struct buffer *);                     /* empty; keeps the memory */
void buffer_free(struct buffer *);
const char *buffer_text(const struct buffer *);         /* never NULL; the buffer owns it */

/* Memory that is freed all at once. All zero is empty. */
struct arena {
	struct block *blocks;
	size_t left;
};

void *arena_alloc(struct arena *, size_t);                      /* zeroed */
char *arena_text(struct arena *, const char *, size_t);         /* a copy, NUL-terminated */
void arena_free(struct arena *);

void *xmalloc(size_t);                  /* never NULL: without memory the program ends, status 3 */
void *xcalloc(size_t, size_t);
void *xrealloc(void *, size_t);

/* "mmprobe: ..." and a newline on standard error; a format that ends in ':' gets errno's text. */
void warn(const char *, ...) PRINTF_LIKE(1, 2);
void vwarn(const char *, va_list);
/* The same, then exit with EXIT_USAGE or EXIT_TROUBLE; atexit functions run. */
void fatal(int status, const char *, ...) PRINTF_LIKE(2, 3) NORETURN;

/* On a clock that nobody sets; only a difference means something. */
double seconds_now(void);

/* Edits (insert, delete, replace one character) that turn one word into the other; at most max + 1. */
size_t distance(const char *, const char *, size_t max);

#endif
