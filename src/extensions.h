/*
 * Asks each system's headers for everything that they have. Included first, and only by the files that must name what lies
 * beyond POSIX; each such name still stands under its own #ifdef.
 */
#ifndef EXTENSIONS_H
#define EXTENSIONS_H

#undef _POSIX_C_SOURCE          /* on the BSDs and macOS it hides the rest */
#define _GNU_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define _NETBSD_SOURCE 1
#define _ALL_SOURCE 1
#define __EXTENSIONS__ 1

#endif
