#include "utf8.h"
#include "util.h"

size_t
utf8_next(const char *s, size_t n, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	size_t len = u[0] < 0x80 ? 1 : u[0] < 0xc0 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf8 ? 4 : 0;
	uint32_t sum = len <= 1 ? u[0] : u[0] & (0xffU >> (len + 1));
	size_t i;

	*c = UTF8_REPLACEMENT;
	if (!len || len > n)
		return 1;
	for (i = 1; i < len; ++i) {
		if ((u[i] & 0xc0) != 0x80)
			return 1;
		sum = sum << 6 | (u[i] & 0x3f);
	}
	if (sum < least[len] || sum > 0x10ffff || (sum >= 0xd800 && sum < 0xe000) || (sum & 0xfffe) == 0xfffe)
		return 1;
	*c = sum;
	return len;
}

void
utf8_add(struct buffer *b, uint32_t c)
{
	char s[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = n - 1; i > 0; --i, c >>= 6)
		s[i] = (char)(0x80 | (c & 0x3f));
	s[0] = (char)(n == 1 ? c : (0xf00U >> n & 0xff) | c);
	buffer_add(b, s, n);
}

int
utf8_is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}
