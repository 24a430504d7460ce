/* Text that others wrote, character by character, so that what goes into a document is UTF-8 whatever came. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

enum { UTF8_REPLACEMENT = 0xfffd };

/*
 * The next character of a text of n > 0 bytes, and how many bytes it takes. One byte of what is no character, nor may stand in
 * any document (a broken or overlong sequence, a surrogate, U+FFFE, U+FFFF), is the replacement character.
 */
size_t utf8_next(const char *, size_t n, uint32_t *);
/* Appends a character. */
void utf8_add(struct buffer *, uint32_t);
/* Whether it steers a terminal or a line, and is none of the text: C0, DEL, C1, the line and paragraph separators. */
int utf8_is_control(uint32_t);

#endif
