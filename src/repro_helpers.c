/* What stands above main() in a reproducer. */
#include <string.h>
#include "outcome.h"
#include "repro.h"
#include "run.h"
#include "symbols.h"

#define BIT(helper) ((uint64_t)1 << (helper))

static const char *const headers[] = {
	"errno.h", "fcntl.h", "limits.h", "linux/fs.h", "sched.h", "setjmp.h", "signal.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
	"sys/ioctl.h", "sys/mman.h", "sys/mount.h", "sys/personality.h", "sys/prctl.h", "sys/resource.h", "sys/sendfile.h", "sys/shm.h",
	"sys/socket.h", "sys/stat.h", "sys/syscall.h", "sys/wait.h", "unistd.h",
};

/* Of each helper its text, the headers that it takes, and the helpers. Where there is no text, one is made for the case. */
static const struct {
	enum helper helper;
	const char *headers;
	uint64_t needs;
	const char *text;
} table[] = {
	{ HELPER_SAW, "stdio.h string.h", 0,
	    "\nstatic void saw(const char *call, const char *got, const char *wanted)\n{\n"
	    "\tprintf(\"%s: %s\\n\", call, got);\n\tdiffers |= strcmp(got, wanted) != 0;\n}\n\n" },
	{ HELPER_ERROR, "errno.h string.h", 0, NULL },
	{ HELPER_NUMBER, "stdio.h", 0,
	    "static const char *number(long long n) { static char s[2][24]; static int i; "
	    "sprintf(s[i = !i], \"%lld\", n); return s[i]; }\n" },
	{ HELPER_BYTE, "stdio.h", 0,
	    "static const char *byte(int c) { static char s[16]; "
	    "sprintf(s, c > ' ' && c < 127 ? \"'%c'\" : \"%d\", c); return s; }\n" },
	{ HELPER_FAULT, "setjmp.h signal.h", 0, NULL },
	{ HELPER_LOAD, "", BIT(HELPER_FAULT)|BIT(HELPER_BYTE),
	    "static const char *load(volatile char *p) { CATCH; return byte((unsigned char)*p); }\n" },
	{ HELPER_STORE, "", BIT(HELPER_FAULT),
	    "static const char *store(volatile char *p, int c) { CATCH; *p = c; return \"ok\"; }\n" },
	{ HELPER_LOAD_WIDE, "stdint.h", BIT(HELPER_FAULT)|BIT(HELPER_NUMBER),
	    "static const char *load_wide(volatile void *p, int width)\n{\n\tCATCH;\n"
	    "\treturn number(width == 1 ? *(volatile uint8_t *)p : width == 2 ? *(volatile uint16_t *)p\n"
	    "\t    : width == 4 ? *(volatile uint32_t *)p : (long long)*(volatile uint64_t *)p);\n}\n" },
	{ HELPER_STORE_WIDE, "stdint.h", BIT(HELPER_FAULT),
	    "static const char *store_wide(volatile void *p, long long n, int width)\n{\n\tCATCH;\n"
	    "\tswitch (width) {\n\tcase 1: *(volatile uint8_t *)p = n; break;\n\tcase 2: *(volatile uint16_t *)p = n; break;\n"
	    "\tcase 4: *(volatile uint32_t *)p = n; break;\n\tdefault: *(volatile uint64_t *)p = n;\n\t}\n\treturn \"ok\";\n}\n" },
	{ HELPER_LOADS, "string.h", BIT(HELPER_FAULT),
	    "static const char *loads(char *p, size_t n, const char *text)  /* text, if it stands there */\n{\n"
	    "\tstatic char bytes[256];\n\n\tCATCH;\n\tmemcpy(bytes, p, n);\n"
	    "\treturn text && memcmp(bytes, text, n) == 0 ? text : \"another text\";\n}\n" },
	{ HELPER_STORES, "", BIT(HELPER_FAULT),
	    "static const char *stores(volatile char *p, const char *s, size_t n) { CATCH; while (n--) *p++ = *s++; return \"ok\"; }\n" },
	{ HELPER_FILL, "string.h", BIT(HELPER_FAULT),
	    "static const char *fill(void *p, int c, size_t n) { CATCH; memset(p, c, n); return \"ok\"; }\n" },
	{ HELPER_SCAN, "string.h", BIT(HELPER_LOAD)|BIT(HELPER_STORE),
	    "/* A letter a page: w read and write, r read only, S neither; where it is SIGBUS that says so, R and B. */\n"
	    "static const char *scan(volatile char *p, long n)\n{\n"
	    "\tstatic char map[257];\n\tint i;\n\n"
	    "\tfor (i = 0; i*PAGE < n; ++i)\n"
	    "\t\tif (load(p + i*PAGE) == sig)\n\t\t\tmap[i] = strcmp(sig, \"SIGBUS\") == 0 ? 'B' : 'S';\n"
	    "\t\telse if (store(p + i*PAGE, p[i*PAGE]) == sig)\n\t\t\tmap[i] = strcmp(sig, \"SIGBUS\") == 0 ? 'R' : 'r';\n"
	    "\t\telse\n\t\t\tmap[i] = 'w';\n"
	    "\tmap[i] = '\\0';\n\treturn map;\n}\n" },
	{ HELPER_SWAP, "", BIT(HELPER_FAULT)|BIT(HELPER_NUMBER),
	    "static const char *failed_swap(void *p, int other)\n{\n"
	    "\tCATCH;\n\treturn number(__sync_val_compare_and_swap((int *)p, other, other + 1));\n}\n" },
	{ HELPER_RUN, "stdint.h", BIT(HELPER_FAULT)|BIT(HELPER_NUMBER),
	    "static const char *run(void *p) { CATCH; return number(((int (*)(void))(intptr_t)p)()); }\n" },
	{ HELPER_MINCORE, "sys/mman.h", BIT(HELPER_ERROR),
	    "static const char *in_memory(void *p, size_t n)  /* a digit a page */\n{\n"
	    "\tstatic unsigned char map[257];\n\tsize_t i;\n\n"
	    "\tif (mincore(p, n, map) < 0)\n\t\treturn error(1);\n"
	    "\tfor (i = 0; i*PAGE < n; ++i)\n\t\tmap[i] = '0' + (map[i] & 1);\n"
	    "\tmap[i] = '\\0';\n\treturn (char *)map;\n}\n" },
	{ HELPER_READS, "unistd.h string.h", BIT(HELPER_ERROR),
	    "static const char *reads(int fd, size_t n, const char *text, ssize_t length)  /* text, if it is read */\n{\n"
	    "\tchar bytes[256];\n\tssize_t got = read(fd, bytes, n);\n\n"
	    "\treturn got < 0 ? error(1) : got == length && memcmp(bytes, text, got) == 0 ? text : \"another text\";\n}\n" },
	{ HELPER_PREADS, "unistd.h string.h", BIT(HELPER_ERROR),
	    "static const char *preads(int fd, size_t n, off_t at, const char *text, ssize_t length)  /* text, if it is read */\n{\n"
	    "\tchar bytes[256];\n\tssize_t got = pread(fd, bytes, n, at);\n\n"
	    "\treturn got < 0 ? error(1) : got == length && memcmp(bytes, text, got) == 0 ? text : \"another text\";\n}\n" },
	{ HELPER_BYTEAT, "unistd.h", 0,
	    "static int byteat(int fd, off_t at) { unsigned char c; return pread(fd, &c, 1, at) == 1 ? c : -1; }\n" },
#define OF_STAT(name, member) \
	"static long long " name "(int fd) { struct stat s; return fstat(fd, &s) < 0 ? -1 : (long long)s." member "; }\n"
	{ HELPER_SIZE, "sys/stat.h", 0, OF_STAT("size", "st_size") },
	{ HELPER_LINKS, "sys/stat.h", 0, OF_STAT("links", "st_nlink") },
	{ HELPER_BLOCKS, "sys/stat.h", 0, OF_STAT("blocks", "st_blocks") },
	{ HELPER_ATIME, "sys/stat.h", 0, OF_STAT("atime", "st_atime") },
	{ HELPER_MTIME, "sys/stat.h", 0, OF_STAT("mtime", "st_mtime") },
	{ HELPER_SETTIMES, "sys/stat.h", 0,
	    "static int settimes(int fd, long long n) { struct timespec t[2] = { { n, 0 }, { n, 0 } }; return futimens(fd, t); }\n" },
	{ HELPER_SETLK, "fcntl.h unistd.h", 0,
	    "static int setlk(int fd) { struct flock l = { .l_type = F_WRLCK }; return fcntl(fd, F_SETLK, &l); }\n" },
	{ HELPER_CLOEXEC, "fcntl.h", 0,
	    "static int cloexec(int fd) { int flags = fcntl(fd, F_GETFD); return flags < 0 ? -1 : (flags & FD_CLOEXEC) != 0; }\n" },
	{ HELPER_PAIR, "unistd.h", 0,
	    "static int ends[2];\n\n"
	    "static int pair(int made)  /* of two descriptors the first; the second is one more */\n{\n"
	    "\tif (made == 0 && ends[1] != ends[0] + 1 && dup2(ends[1], ends[0] + 1) >= 0)\n\t\tclose(ends[1]);\n"
	    "\treturn made < 0 ? -1 : ends[0];\n}\n" },
	{ HELPER_SENDFILE, "sys/sendfile.h", 0,
	    "static long long send_file(int to, int from, off_t at, size_t n) { return sendfile(to, from, &at, n); }\n" },
	{ HELPER_SETRLIMIT, "sys/resource.h", 0,
	    "static int limit(int what, long long n) { struct rlimit l; "
	    "getrlimit(what, &l); l.rlim_cur = n; return setrlimit(what, &l); }\n" },
	{ HELPER_GETRLIMIT, "sys/resource.h", 0,
	    "static long long limit_of(int what) { struct rlimit l; return getrlimit(what, &l) < 0 ? -1 : (long long)l.rlim_cur; }\n" },
	{ HELPER_BLOCK, "signal.h", 0,
	    "static int block(int n)\n{\n"
	    "\tsigset_t set;\n\n\tsigemptyset(&set);\n\tsigaddset(&set, n);\n\treturn sigprocmask(SIG_BLOCK, &set, NULL);\n}\n" },
	{ HELPER_DROP_ROOT, "unistd.h", 0,
	    "static int drop_root(void) { return geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0) ? -1 : 0; }\n" },
	{ HELPER_KNOB, "fcntl.h stdlib.h unistd.h", 0,
	    "static long long knob(const char *name)  /* the number in a file of /proc/sys */\n{\n"
	    "\tchar s[64] = \"\";\n\tint dir = open(\"/proc/sys\", O_RDONLY), fd = openat(dir, name, O_RDONLY);\n\n"
	    "\tclose(dir);\n"
	    "\treturn fd < 0 || read(fd, s, sizeof s - 1) < 0 ? -1 : atoll(s);\n}\n" },
	{ HELPER_SEGMENT, "sys/shm.h", 0,
	    "static char *segment(size_t n, void *at, int flags)  /* one that lasts as long as it is attached */\n{\n"
	    "\tint id = shmget(IPC_PRIVATE, n, IPC_CREAT | 0600);\n\tchar *p = shmat(id, at, flags);\n\n"
	    "\tif (id >= 0)\n\t\tshmctl(id, IPC_RMID, NULL);\n\treturn p;\n}\n" },
	{ HELPER_VFORK, "sys/mman.h sys/wait.h unistd.h", 0,
	    "static char *vfork_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)\n{\n"
	    "\tchar *volatile p = MAP_FAILED;\n\tpid_t pid = vfork();\n\n"
	    "\tif (pid == 0) {\n\t\tp = mmap(at, n, prot, flags, fd, off);\n\t\t_exit(0);\n\t}\n"
	    "\twaitpid(pid, NULL, 0);\n\treturn p;\n}\n" },
	{ HELPER_FIND, "errno.h stdint.h stdio.h", 0,
	    "static char line[512];\n"
	    "static FILE *find(const char *path, void *p)  /* open, behind the line of the mapping that holds p */\n{\n"
	    "\tFILE *f = fopen(path, \"r\");\n\tunsigned long from, to;\n\n"
	    "\twhile (f && fgets(line, sizeof line, f))\n"
	    "\t\tif (sscanf(line, \"%lx-%lx\", &from, &to) == 2 && from <= (uintptr_t)p && (uintptr_t)p < to)\n"
	    "\t\t\treturn f;\n"
	    "\tif (f)\n\t\tfclose(f);\n\terrno = ENOMEM;\n\treturn NULL;\n}\n" },
	{ HELPER_MAPPING, "", BIT(HELPER_ERROR)|BIT(HELPER_FIND),
	    "static const char *mapping(void *p)  /* its letters, and how many pages */\n{\n"
	    "\tFILE *f = find(\"/proc/self/maps\", p);\n\tstatic char text[32];\n\tunsigned long from, to;\n\n"
	    "\tif (!f)\n\t\treturn error(1);\n\tfclose(f);\n"
	    "\tsscanf(line, \"%lx-%lx %4s\", &from, &to, text);\n"
	    "\tsprintf(text + 4, \" %lu\", (to - from)/PAGE);\n\treturn text;\n}\n" },
	{ HELPER_SMAPS, "stdlib.h string.h", BIT(HELPER_FIND),
	    "static long long smaps(void *p, const char *name)  /* bytes */\n{\n"
	    "\tFILE *f = find(\"/proc/self/smaps\", p);\n\tsize_t n = strlen(name);\n\n"
	    "\tif (!f)\n\t\treturn -1;\n"
	    "\twhile (fgets(line, sizeof line, f) && (strncmp(line, name, n) != 0 || line[n] != ':'))\n\t\t;\n"
	    "\tfclose(f);\n\treturn 1024*atoll(line + n + 1);\n}\n" },
	{ HELPER_FLAG, "string.h", BIT(HELPER_FIND),
	    "static int has_flag(void *p, const char *flag)\n{\n"
	    "\tFILE *f = find(\"/proc/self/smaps\", p);\n\tchar *s;\n\n"
	    "\tif (!f)\n\t\treturn -1;\n"
	    "\twhile (fgets(line, sizeof line, f) && strncmp(line, \"VmFlags:\", 8) != 0)\n\t\t;\n"
	    "\tfclose(f);\n\ts = strstr(line, flag);\n"
	    "\treturn s && s[-1] == ' ' && s[2] == ' ';\n}\n" },
	{ HELPER_TURNS, "unistd.h", 0,
	    "/* One process runs at a time; a byte gives the turn to the other. */\n"
	    "static int to[2], from[2];\n"
	    "static void pass(int fd) { if (write(fd, \"\", 1) != 1) _exit(2); }\n"
	    "static void await(int fd) { char c; if (read(fd, &c, 1) != 1) _exit(2); }\n" },
	{ HELPER_TURN, "", 0, "static void turn(int give, int take) { pass(give); await(take); }\n" },
	{ HELPER_ENDED, "sys/wait.h", BIT(HELPER_NUMBER), NULL },
	{ HELPER_DIRECTORY, "stdlib.h stdio.h unistd.h", 0, "" },
	{ HELPER_OWN, "", 0, "static int own = 1;\n" },
	{ HELPER_ATTRIBUTE, "linux/fs.h string.h sys/ioctl.h", 0,
	    "static int set_attribute(int fd, const char *what)\n{\n"
	    "\tint flags;\n\n\tif (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)\n\t\treturn -1;\n"
	    "\tflags &= ~(FS_APPEND_FL|FS_IMMUTABLE_FL);\n"
	    "\tflags |= !strcmp(what, \"append\") ? FS_APPEND_FL : !strcmp(what, \"immutable\") ? FS_IMMUTABLE_FL : 0;\n"
	    "\treturn ioctl(fd, FS_IOC_SETFLAGS, &flags);\n}\n" },
	{ HELPER_EXECUTE, "errno.h fcntl.h sys/wait.h unistd.h", 0,
	    "static int execute(char *path)  /* its exit status; the pipe brings the error, or is closed by the program */\n{\n"
	    "\tchar *argv[] = { path, NULL };\n\tint end[2], failed = 0, status = 0;\n\n"
	    "\tif (pipe(end) < 0)\n\t\treturn -1;\n\tfcntl(end[1], F_SETFD, FD_CLOEXEC);\n"
	    "\tif (fork() == 0)\n\t\t_exit(execv(path, argv) < 0 && write(end[1], &errno, sizeof errno) < 0);\n"
	    "\tclose(end[1]);\n\tfailed = read(end[0], &failed, sizeof failed) > 0 ? failed : 0;\n"
	    "\tclose(end[0]);\n\twait(&status);\n\terrno = failed;\n"
	    "\treturn failed ? -1 : WEXITSTATUS(status);\n}\n" },
	{ HELPER_MOUNTS, "sched.h sys/mount.h", 0,
	    "static int own_mounts(void)  /* seen by nobody else; only for root */\n{\n"
	    "\tstatic int own;\n\n"
	    "\tif (!own && unshare(CLONE_NEWNS) == 0 && mount(\"none\", \"/\", NULL, MS_REC|MS_PRIVATE, NULL) == 0)\n"
	    "\t\town = 1;\n\treturn own - 1;\n}\n" },
};

void
repro_header(struct repro *r, const char *names)
{
	size_t i, n;

	for (; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		for (i = 0; i < LEN(headers); ++i)
			if (strlen(headers[i]) == n && memcmp(headers[i], names, n) == 0)
				r->headers |= 1u << i;
	}
}

void
repro_need(struct repro *r, enum helper h)
{
	int i;

	if (r->helpers & BIT(h))
		return;
	r->helpers |= BIT(h);
	repro_header(r, table[h].headers);
	for (i = 0; i < HELPERS; ++i)
		if (table[h].needs & BIT(i))
			repro_need(r, (enum helper)i);
	if (h == HELPER_SCAN || h == HELPER_MINCORE || h == HELPER_MAPPING)
		r->page = 1;
	if (h == HELPER_MINCORE || h == HELPER_SENDFILE)
		r->beyond = 1;
}

const char *
repro_code(void)
{
#if defined __x86_64__ || defined __i386__
	return "\\xb8\\x%02x\\0\\0\\0\\xc3";
#else
	return NULL;
#endif
}

static void
print_error(const struct repro *r, struct buffer *b)
{
	size_t start = b->len;
	int i;

	buffer_str(b, "static const char *error(int failed) { return !failed ? \"ok\"");
	for (i = 0; i < r->nerrors; ++i) {
		if (!symbol_errno(r->errors[i]))
			continue;
		if (b->len - start > 90) {
			buffer_str(b, "\n\t   ");
			start = b->len;
		}
		buffer_fmt(b, " : errno == %s ? \"%s\"", symbol_errno(r->errors[i]), symbol_errno(r->errors[i]));
	}
	buffer_str(b, " : strerror(errno); }\n");
}

static void
print_fault(const struct repro *r, struct buffer *b)
{
	int i;

	buffer_str(b, "static sigjmp_buf back;\nstatic const char *volatile sig;\nstatic void caught(int n) { sig = ");
	for (i = 0; i < r->nsignals; ++i)
		buffer_fmt(b, "n == %s ? \"%s\" : ", symbol_signal(r->signals[i]), symbol_signal(r->signals[i]));
	buffer_str(b, "\"SIGSEGV\"; siglongjmp(back, 1); }\n#define CATCH if (sigsetjmp(back, 1)) return sig\n");
}

static void
print_ended(const struct repro *r, struct buffer *b)
{
	int i;

	buffer_str(b, "static const char *ended(pid_t pid)\n{\n\tint n = 0;\n\n\twaitpid(pid, &n, 0);\n"
	    "\treturn WIFEXITED(n) ? number(WEXITSTATUS(n))");
	for (i = 0; i < r->ndeaths; ++i)
		buffer_fmt(b, " : WTERMSIG(n) == %s ? \"%s\"", symbol_signal(r->deaths[i]), symbol_signal(r->deaths[i]));
	buffer_str(b, " : \"another signal\";\n}\n");
}

void
repro_prelude(struct repro *r, struct buffer *b)
{
	size_t i;

	if (r->page)
		repro_header(r, "unistd.h");
	if (symbol_find("BITS", 4)->value == 32)
		buffer_str(b, "#define _FILE_OFFSET_BITS 64\n");
	buffer_str(b, r->beyond ? "#define _GNU_SOURCE\n" : "#define _XOPEN_SOURCE 700\n");
	for (i = 0; i < LEN(headers); ++i)
		if (r->headers & 1u << i)
			buffer_fmt(b, "#include <%s>\n", headers[i]);
	buffer_str(b, "\n");
	if (r->page)
		buffer_str(b, "#define PAGE sysconf(_SC_PAGESIZE)\n");
	if (r->off_max)
		buffer_str(b, "#define OFF_MAX INT64_MAX\n");
	buffer_str(b, "static int differs;\n");
	for (i = 0; i < LEN(table); ++i) {
		if (!(r->helpers & BIT(i)))
			continue;
		if (i == HELPER_ERROR)
			print_error(r, b);
		else if (i == HELPER_FAULT)
			print_fault(r, b);
		else if (i == HELPER_ENDED)
			print_ended(r, b);
		else
			buffer_str(b, table[i].text);
	}
	buffer_str(b, b->data[b->len - 2] == '\n' ? "" : "\n");
}
