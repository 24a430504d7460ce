/* What stands above main() in a reproducer. */
#include <string.h>
#include "repro.h"
#include "run.h"
#include "symbols.h"

static const char *const headers[] = {
	"errno.h", "fcntl.h", "limits.h", "linux/fs.h", "linux/loop.h", "pthread.h", "sched.h", "semaphore.h", "setjmp.h", "signal.h",
	"stdint.h", "stdio.h", "stdlib.h", "string.h", "sys/epoll.h", "sys/eventfd.h", "sys/inotify.h", "sys/ioctl.h", "sys/mman.h",
	"sys/mount.h", "sys/personality.h", "sys/prctl.h", "sys/resource.h", "sys/sendfile.h", "sys/shm.h", "sys/socket.h",
	"sys/stat.h", "sys/syscall.h", "sys/timerfd.h", "sys/uio.h", "sys/wait.h", "ucontext.h", "unistd.h",
};

#define WIDE(width, bits) \
	{ HELPER_LOAD ## width, "stdint.h", { HELPER_CATCH }, \
	    "static long long load" #width "(volatile void *p) { CATCH; return *(volatile uint" #bits "_t *)p; }\n" }, \
	{ HELPER_STORE ## width, "stdint.h", { HELPER_CATCH }, \
	    "static int store" #width "(volatile void *p, long long n) " \
	    "{ CATCH; *(volatile uint" #bits "_t *)p = n; return 0; }\n" }
#define OF_STAT(helper, name, member) \
	{ helper, "sys/stat.h", { 0 }, \
	    "static long long " name "(int fd) { struct stat s; return fstat(fd, &s) < 0 ? -1 : (long long)s." member "; }\n" }
/* Of each helper its text, the headers that it takes, and the helpers; without a text one is made for the case. */
static const struct {
	enum helper helper;
	const char *headers;
	enum helper needs[3];
	const char *text;
} table[] = {
	{ HELPER_SAW, "", { 0 }, NULL },
	{ HELPER_IS_SAW, "errno.h stdio.h", { 0 }, "SAW(call, wanted) @saw(#call, (long)(call), #wanted, (long)(wanted)))\n" },
	{ HELPER_IS_OK, "errno.h stdio.h", { 0 }, "OK(call) @saw(#call, (long)(call) == -1 ? -1 : 0, \"ok\", 0))\n" },
	{ HELPER_IS_TEXT, "errno.h stdio.h", { HELPER_TEXTS },
	    "TEXT(call, w) @saw(#call, (call) != (int)sizeof w - 1 || memcmp(text, w, sizeof w), #w, 0))\n" },
	{ HELPER_IS_FAULT, "errno.h stdio.h", { HELPER_INFO },
	    "FAULT(call, sig, code, at) @saw(#call, (call) != -1 || fault.si_signo != sig \\\n"
	    "\t|| fault.si_code != code || fault.si_addr != (at), #sig \" \" #code \" at \" #at, 0))\n" },
	{ HELPER_ANYWHERE, "", { 0 }, "ANYWHERE fault.si_addr\n" },
	{ HELPER_TEXTS, "string.h", { 0 }, "static char text[257];\n" },
	{ HELPER_INFO, "signal.h", { 0 }, "static volatile siginfo_t fault;\n" },
	{ HELPER_CATCH, "errno.h setjmp.h signal.h stdio.h", { 0 }, NULL },
	{ HELPER_LOAD, "", { HELPER_CATCH }, "static int load(volatile char *p) { CATCH; return (unsigned char)*p; }\n" },
	{ HELPER_STORE, "", { HELPER_CATCH }, "static int store(volatile char *p, int c) { CATCH; *p = c; return 0; }\n" },
	WIDE(2, 16), WIDE(4, 32), WIDE(8, 64),
	{ HELPER_LOADS, "", { HELPER_CATCH, HELPER_TEXTS },
	    "static int loads(volatile char *p, int n) { volatile int i = 0; CATCH; for (; i < n; ++i) text[i] = p[i]; return i; }\n" },
	{ HELPER_STORES, "", { HELPER_CATCH },
	    "static int stores(volatile char *p, const char *s, int n) "
	    "{ volatile int i = 0; CATCH; for (; i < n; ++i) p[i] = s[i]; return 0; }\n" },
	{ HELPER_FILL, "string.h", { HELPER_CATCH },
	    "static void *(*volatile set)(void *, int, size_t) = memset;  /* so that no compiler leaves it out */\n"
	    "static int fill(void *p, int c, size_t n) { CATCH; set(p, c, n); return 0; }\n" },
	{ HELPER_SCAN, "", { HELPER_LOAD, HELPER_STORE, HELPER_TEXTS },
	    NULL },
	{ HELPER_SWAP, "", { HELPER_CATCH },
	    "static int failed_swap(void *p, int other) "
	    "{ CATCH; return __sync_val_compare_and_swap((int *)p, other, other + 1); }\n" },
	{ HELPER_RUN, "stdint.h", { HELPER_CATCH },
	    "static int run(void *volatile p) { CATCH; return ((int (*)(void))(intptr_t)p)(); }\n" },
	{ HELPER_REPAIR, "signal.h stdint.h sys/mman.h unistd.h", { 0 },
	    "static volatile int repairs;\n\n"
	    "static void mend(int n, siginfo_t *info, void *context)\n{\n"
	    "\tuintptr_t at = (uintptr_t)info->si_addr;\n\n\t(void)context;\n"
	    "\tif (++repairs > 2 || mprotect((void *)(at - at % PAGE), PAGE, PROT_READ|PROT_WRITE) < 0)\n"
	    "\t\t_exit(n);\n}\n\n"
	    "static int repair(volatile char *p, int c)  /* how often a handler made the page writable, and returned */\n{\n"
	    "\tstruct sigaction mends = { .sa_sigaction = mend, .sa_flags = SA_SIGINFO }, segv, bus;\n\n"
	    "\trepairs = 0;\n\tsigaction(SIGSEGV, &mends, &segv);\n\tsigaction(SIGBUS, &mends, &bus);\n"
	    "\t*p = c;\n\tsigaction(SIGSEGV, &segv, NULL);\n\tsigaction(SIGBUS, &bus, NULL);\n\treturn repairs;\n}\n" },
	{ HELPER_MINCORE, "sys/mman.h", { HELPER_TEXTS },
	    "static int in_memory(void *p, size_t n)  /* a digit a page */\n{\n"
	    "\tint i;\n\n"
	    "\tif (mincore(p, n, (void *)text) < 0)\n\t\treturn -1;\n"
	    "\tfor (i = 0; (size_t)i*PAGE < n; ++i)\n\t\ttext[i] = '0' + (text[i] & 1);\n"
	    "\treturn i;\n}\n" },
	{ HELPER_BYTEAT, "unistd.h", { 0 },
	    "static int byteat(int fd, off_t at) { unsigned char c; return pread(fd, &c, 1, at) == 1 ? c : -1; }\n" },
	OF_STAT(HELPER_SIZE, "size", "st_size"),
	OF_STAT(HELPER_LINKS, "links", "st_nlink"),
	OF_STAT(HELPER_BLOCKS, "blocks", "st_blocks"),
	OF_STAT(HELPER_ATIME, "atime", "st_atime"),
	OF_STAT(HELPER_MTIME, "mtime", "st_mtime"),
	{ HELPER_SETTIMES, "sys/stat.h", { 0 },
	    "static int settimes(int fd, long long n) "
	    "{ struct timespec t[2] = { { n, 0 }, { n, 0 } }; return futimens(fd, t); }\n" },
	{ HELPER_SETLK, "fcntl.h unistd.h", { 0 },
	    "static int setlk(int fd) { struct flock l = { .l_type = F_WRLCK }; return fcntl(fd, F_SETLK, &l); }\n" },
	{ HELPER_CLOEXEC, "fcntl.h", { 0 },
	    "static int cloexec(int fd) "
	    "{ int flags = fcntl(fd, F_GETFD); return flags < 0 ? -1 : (flags & FD_CLOEXEC) != 0; }\n" },
	{ HELPER_PAIR, "unistd.h", { 0 },
	    "static int ends[2];\n"
	    "static int pair(int made)  /* the first of two descriptors; the second is one more */\n{\n"
	    "\tif (made == 0 && ends[1] != ends[0] + 1 && dup2(ends[1], ends[0] + 1) >= 0)\n\t\tclose(ends[1]);\n"
	    "\treturn made < 0 ? -1 : ends[0];\n}\n" },
	{ HELPER_SENDFILE, "sys/sendfile.h", { 0 },
	    "static long long send_file(int to, int from, off_t at, size_t n) { return sendfile(to, from, &at, n); }\n" },
	{ HELPER_SETRLIMIT, "sys/resource.h", { 0 },
	    "static int limit(int what, long long n) { struct rlimit l; "
	    "getrlimit(what, &l); l.rlim_cur = n; return setrlimit(what, &l); }\n" },
	{ HELPER_GETRLIMIT, "sys/resource.h", { 0 },
	    "static long long limit_of(int what) "
	    "{ struct rlimit l; return getrlimit(what, &l) < 0 ? -1 : (long long)l.rlim_cur; }\n" },
	{ HELPER_BLOCK, "signal.h", { 0 },
	    "static int block(int n) { sigset_t set; sigemptyset(&set); sigaddset(&set, n); "
	    "return sigprocmask(SIG_BLOCK, &set, NULL); }\n" },
	{ HELPER_DROP_ROOT, "unistd.h", { 0 },
	    "static int drop_root(void) { return geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0) ? -1 : 0; }\n" },
	{ HELPER_SPLIT, "sys/mman.h", { 0 },
	    "static int split(char *p, int n)  /* makes every other page read-only: how many */\n{\n"
	    "\tint i;\n\n"
	    "\tfor (i = 0; i < n; i += 2)\n\t\tif (mprotect(p + i*PAGE, PAGE, PROT_READ) < 0)\n\t\t\treturn -1;\n"
	    "\treturn i/2;\n}\n" },
	{ HELPER_READ_MEMORY, "sys/uio.h unistd.h", { HELPER_TEXTS },
	    "static int read_memory(void *p, size_t n)  /* as another process would */\n{\n"
	    "\tstruct iovec to = { text, n }, from = { p, n };\n\n"
	    "\treturn process_vm_readv(getpid(), &to, 1, &from, 1, 0);\n}\n" },
	{ HELPER_RACE, "sched.h stdio.h sys/wait.h unistd.h", { 0 },
	    "static int race(void *at, long times)  "
	    "/* two processes add to a counter: says whether a round of 100 lost an addition */\n{\n"
	    "\tvolatile int *counter = at;\n\tlong i, was, round;\n\n"
	    "\tfor (round = 0; round < 100; ++round) {\n"
	    "\t\t*counter = 0;\n\t\tpid_t pid = fork();\n"
	    "\t\tfor (i = 0; i < times; ++i) {\n\t\t\twas = *counter;\n\t\t\tif (i % 100 == 0)\n\t\t\t\tsched_yield();\n"
	    "\t\t\t*counter = was + 1;\n\t\t}\n"
	    "\t\tif (pid == 0)\n\t\t\t_exit(0);\n"
	    "\t\tif (waitpid(pid, NULL, 0) < 0)\n\t\t\treturn -1;\n"
	    "\t\tif (*counter != 2*times)\n\t\t\tbreak;\n"
	    "\t}\n\tprintf(\"race: %s\\n\", round < 100 ? \"lost\" : \"kept\");\n\treturn 0;\n}\n" },
	/* Each of two threads goes back to a place of its own; signal() would lose the handler while the other one is in it. */
	{ HELPER_BESIDE, "pthread.h sched.h", { HELPER_CATCH, HELPER_INFO, HELPER_PTHREAD }, "" },
	{ HELPER_CONTEND, "", { HELPER_BESIDE, HELPER_TEXTS },
	    "static const char *(*against)(void);\n"
	    "static volatile char *at;  /* the page */\n"
	    "static volatile int started, over;\n"
	    "static int file;\n"
	    "\n"
	    "static const char *attempt(const char *(*act)(void))  /* what came of it */\n"
	    "{\n"
	    "\tswitch (sigsetjmp(back, 1)) { case 0: return act(); case SIGBUS: return \"SIGBUS\"; default: return \"SIGSEGV\"; }\n"
	    "}\n"
	    "\n"
	    "static void *act_against(void *unused)\n"
	    "{\n"
	    "\tfor (; !over; started = 1)\n"
	    "\t\tattempt(against);\n"
	    "\treturn unused;\n"
	    "}\n"
	    "\n"
	    "/* One thread acts so often while another acts: how many of its turns came to something that is not in the set. */\n"
	    "static long contend(const char *(*act)(void), const char *(*other)(void), long times, void *p, int fd, const char *set)\n"
	    "{\n"
	    "\tpthread_t second;\n"
	    "\tlong i, others = 0;\n"
	    "\n"
	    "\tfirst = pthread_self(), against = other, at = p, file = fd, started = over = 0;\n"
	    "\terrno = pthread_create(&second, NULL, act_against, NULL);\n"
	    "\tif (errno)\n"
	    "\t\treturn -1;\n"
	    "\twhile (!started)\n"
	    "\t\tsched_yield();\n"
	    "\tfor (i = 0; i < times; ++i) {\n"
	    "\t\tconst char *what = attempt(act);\n"
	    "\t\tif (!strstr(text, what))\n"
	    "\t\t\tstrcat(strcat(text, *text ? \", \" : \"\"), what);\n"
	    "\t\tothers += !strstr(set, what);\n"
	    "\t\tif (i % (times/8 + 1) == 0)\n"
	    "\t\t\tsched_yield();\n"
	    "\t}\n"
	    "\tover = 1;\n"
	    "\tpthread_join(second, NULL);\n"
	    "\treturn fault.si_signo = 0, others;\n"
	    "}\n" },
	{ HELPER_TOGETHER, "", { HELPER_BESIDE },
	    "static volatile char *at;\n"
	    "static volatile int ready[2];\n"
	    "static int faults[2], pages;\n"
	    "\n"
	    "static int store_each(int me) { volatile int i = 0; CATCH; for (; i < pages; ++i) at[i*PAGE + me] = 'x'; return 0; }\n"
	    "\n"
	    "static int count_lost(void)\n"
	    "{\n"
	    "\tvolatile int i, lost = 0;\n"
	    "\n"
	    "\tCATCH;\n"
	    "\tfor (i = 0; i < pages; ++i)\n"
	    "\t\tlost += (at[i*PAGE] != 'x') + (at[i*PAGE + 1] != 'x');\n"
	    "\treturn fault.si_signo = 0, lost - faults[0] - faults[1];\n"
	    "}\n"
	    "\n"
	    "static void *store_beside(void *fault)\n"
	    "{\n"
	    "\tint me = fault == &faults[1];\n"
	    "\n"
	    "\tready[me] = 1;\n"
	    "\twhile (!ready[!me])\n"
	    "\t\tsched_yield();\n"
	    "\tfaults[me] = store_each(me);\n"
	    "\treturn fault;\n"
	    "}\n"
	    "\n"
	    "static int store_together(void *p, int n)  /* two threads store a byte each in n pages: how many are not there after */\n"
	    "{\n"
	    "\tpthread_t second;\n"
	    "\n"
	    "\tfirst = pthread_self(), at = p, pages = n, ready[0] = ready[1] = 0;\n"
	    "\terrno = pthread_create(&second, NULL, store_beside, &faults[1]);\n"
	    "\tif (errno)\n"
	    "\t\treturn -1;\n"
	    "\tstore_beside(&faults[0]);\n"
	    "\tpthread_join(second, NULL);\n"
	    "\treturn count_lost();\n"
	    "}\n" },
	{ HELPER_USERFAULT, "errno.h fcntl.h pthread.h stdint.h stdio.h string.h sys/ioctl.h sys/syscall.h unistd.h", { HELPER_PTHREAD },
	    "static int missing;\n"
	    "static char filled[1 << 16];  /* the largest page */\n"
	    "\n"
	    "static void *fill_missing(void *page)\n"
	    "{\n"
	    "\tstruct uffd_msg m;\n"
	    "\n"
	    "\twhile (read(missing, &m, sizeof m) == (int)sizeof m && m.event == UFFD_EVENT_PAGEFAULT) {\n"
	    "\t\tuint64_t where = m.arg.pagefault.address & -(uint64_t)PAGE;\n"
	    "\t\tstruct uffdio_copy copy = { .dst = where, .src = (uintptr_t)page, .len = PAGE };\n"
	    "\t\tif (ioctl(missing, (int)UFFDIO_COPY, &copy) < 0)\n"
	    "\t\t\tbreak;\n"
	    "\t}\n"
	    "\treturn page;\n"
	    "}\n"
	    "\n"
	    "static int userfault(void *p, size_t n, int c)  /* from here on a thread fills the pages that are missing */\n"
	    "{\n"
	    "\tstruct uffdio_api api = { .api = UFFD_API };\n"
	    "\tstruct uffdio_register range = { .range = { (uintptr_t)p, n }, .mode = UFFDIO_REGISTER_MODE_MISSING };\n"
	    "\tpthread_t thread;\n"
	    "\n"
	    "\tmemset(filled, c, sizeof filled);\n"
	    "\tmissing = syscall(SYS_userfaultfd, O_CLOEXEC|1);  /* UFFD_USER_MODE_ONLY: not before Linux 5.11 */\n"
	    "\tif (missing < 0 && errno == EINVAL)\n"
	    "\t\tmissing = syscall(SYS_userfaultfd, O_CLOEXEC);\n"
	    "\tif (missing < 0 || ioctl(missing, (int)UFFDIO_API, &api) < 0 || ioctl(missing, (int)UFFDIO_REGISTER, &range) < 0)\n"
	    "\t\treturn -1;\n"
	    "\terrno = pthread_create(&thread, NULL, fill_missing, filled);\n"
	    "\treturn errno ? -1 : 0;\n"
	    "}\n" },
	{ HELPER_MSEAL, "sys/syscall.h unistd.h", { 0 }, "#ifndef SYS_mseal\n#define SYS_mseal 462\n#endif\n" },
	{ HELPER_MEMFD_SECRET, "sys/syscall.h unistd.h", { 0 },
	    "#ifndef SYS_memfd_secret\n#define SYS_memfd_secret 447\n#endif\n" },
	{ HELPER_KNOB, "fcntl.h stdlib.h unistd.h", { 0 },
	    "static long long knob(const char *name)  /* the number in a file of /proc/sys */\n{\n"
	    "\tchar s[64] = \"\";\n\tint dir = open(\"/proc/sys\", O_RDONLY), fd = openat(dir, name, O_RDONLY);\n\n"
	    "\tclose(dir);\n"
	    "\treturn fd < 0 || read(fd, s, sizeof s - 1) < 0 || close(fd) < 0 ? -1 : atoll(s);\n}\n" },
	{ HELPER_SEGMENT, "sys/shm.h", { 0 },
	    "static char *segment(size_t n, void *at, int flags)  /* one that lasts as long as it is attached */\n{\n"
	    "\tint id = shmget(IPC_PRIVATE, n, IPC_CREAT | 0600);\n\tchar *p = shmat(id, at, flags);\n\n"
	    "\tif (id >= 0)\n\t\tshmctl(id, IPC_RMID, NULL);\n\treturn p;\n}\n" },
	{ HELPER_VFORK, "sys/mman.h sys/wait.h unistd.h", { 0 },
	    "static char *vfork_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)\n{\n"
	    "\tchar *volatile p = MAP_FAILED;\n\tpid_t pid = vfork();\n\n"
	    "\tif (pid == 0) {\n\t\tp = mmap(at, n, prot, flags, fd, off);\n\t\t_exit(0);\n\t}\n"
	    "\twaitpid(pid, NULL, 0);\n\treturn p;\n}\n" },
	/* Read without stdio, whose memory could be part of the mapping. */
	{ HELPER_FIELD, "errno.h fcntl.h stdint.h stdio.h string.h unistd.h", { 0 },
	    "static char *field(void *p, const char *name)  /* what /proc has behind a name, of the mapping that holds p */\n{\n"
	    "\tstatic char all[1 << 18], *s;\n\tint fd = open(\"/proc/self/smaps\", O_RDONLY), got;\n"
	    "\tunsigned long from, to, holds = 0, n = strlen(name);\n\n"
	    "\tfor (s = all; (got = read(fd, s, all + sizeof all - 1 - s)) > 0; s += got)\n\t\t;\n"
	    "\tclose(fd);\n"
	    "\tfor (*s = '\\0', s = all; *s; s += strcspn(s, \"\\n\") + 1) {\n"
	    "\t\tif (sscanf(s, \"%lx-%lx\", &from, &to) == 2)\n"
	    "\t\t\tholds = from <= (uintptr_t)p && (uintptr_t)p < to;\n"
	    "\t\tif (holds && strncmp(s, name, n) == 0)\n\t\t\treturn s[strcspn(s, \"\\n\")] = '\\0', s + n;\n\t}\n"
	    "\treturn errno = ENOMEM, NULL;\n}\n" },
	{ HELPER_MAPPING, "", { HELPER_FIELD, HELPER_TEXTS },
	    "static int mapping(void *p)  /* its letters, and how many pages */\n{\n"
	    "\tchar *s = field(p, \"\");\n\tunsigned long from, to;\n\n"
	    "\tif (!s)\n\t\treturn -1;\n"
	    "\tsscanf(s, \"%lx-%lx %4s\", &from, &to, text);\n"
	    "\treturn 4 + sprintf(text + 4, \" %lu\", (to - from)/PAGE);\n}\n" },
	{ HELPER_SMAPS, "stdlib.h", { HELPER_FIELD },
	    "static long long smaps(void *p, const char *name) "
	    "{ char *s = field(p, name); return s ? 1024*atoll(s + 1) : -1; }  /* bytes */\n" },
	{ HELPER_FLAG, "", { HELPER_FIELD },
	    "static int has_flag(void *p, const char *flag) "
	    "{ char *s = field(p, \"VmFlags:\"); return s ? strstr(s, flag) != NULL : -1; }\n" },
	{ HELPER_ATTRIBUTE, "linux/fs.h string.h sys/ioctl.h", { 0 },
	    "static int set_attribute(int fd, const char *what)\n{\n"
	    "\tint flags;\n\n\tif (ioctl(fd, (int)FS_IOC_GETFLAGS, &flags) < 0)\n\t\treturn -1;\n"
	    "\tflags &= ~(FS_APPEND_FL|FS_IMMUTABLE_FL);\n"
	    "\tflags |= !strcmp(what, \"append\") ? FS_APPEND_FL : !strcmp(what, \"immutable\") ? FS_IMMUTABLE_FL : 0;\n"
	    "\treturn ioctl(fd, (int)FS_IOC_SETFLAGS, &flags);\n}\n" },
	{ HELPER_EXECUTE, "errno.h fcntl.h sys/wait.h unistd.h", { 0 },
	    "static int execute(char *path)  /* its exit status; the pipe brings the error, or is closed by the program */\n{\n"
	    "\tchar *argv[] = { path, NULL };\n\tint end[2], failed = 0, status = 0;\n\n"
	    "\tif (pipe(end) < 0)\n\t\treturn -1;\n\tfcntl(end[1], F_SETFD, FD_CLOEXEC);\n"
	    "\tif (fork() == 0)\n\t\t_exit(execv(path, argv) < 0 && write(end[1], &errno, sizeof errno) < 0);\n"
	    "\tclose(end[1]);\n\tfailed = read(end[0], &failed, sizeof failed) > 0 ? failed : 0;\n"
	    "\tclose(end[0]);\n\twait(&status);\n\terrno = failed;\n"
	    "\treturn failed ? -1 : WEXITSTATUS(status);\n}\n" },
	{ HELPER_MOUNTS, "sched.h sys/mount.h", { 0 },
	    "static int own_mounts(void)  /* seen by nobody else; only for root */\n{\n"
	    "\tstatic int own;\n\n"
	    "\tif (!own && unshare(CLONE_NEWNS) == 0 && mount(\"none\", \"/\", NULL, MS_REC|MS_PRIVATE, NULL) == 0)\n"
	    "\t\town = 1;\n\treturn own - 1;\n}\n" },
	{ HELPER_LOOP, "fcntl.h linux/loop.h stdio.h sys/ioctl.h unistd.h", { 0 },
	    "static int loop(const char *file, const char *name)  "
	    "/* a disk that goes with its last descriptor; only for root */\n{\n"
	    "\tstruct loop_config all = { .fd = open(file, O_RDWR), .info.lo_flags = LO_FLAGS_AUTOCLEAR };\n"
	    "\tint control = open(\"/dev/loop-control\", O_RDWR), fd, i;\n\tchar disk[32];\n\n"
	    "\tfor (i = 0; i < 20; ++i) {  /* another process may be faster */\n"
	    "\t\tsprintf(disk, \"/dev/loop%d\", ioctl(control, LOOP_CTL_GET_FREE));\n"
	    "\t\tfd = open(disk, O_RDWR);\n"
	    "\t\tif (ioctl(fd, LOOP_CONFIGURE, &all) == 0)\n"
	    "\t\t\treturn close(control), close(all.fd), symlink(disk, name) < 0 ? -1 : fd;\n"
	    "\t\tclose(fd);\n\t}\n\treturn -1;\n}\n" },
	{ HELPER_ADVISE, "errno.h string.h sys/syscall.h sys/uio.h unistd.h", { 0 },
	    "#ifndef SYS_process_madvise\n#define SYS_process_madvise 440\n#endif\n"
	    "#ifndef SYS_pidfd_open\n#define SYS_pidfd_open 434\n#endif\n"
	    "static long advise(const char *who, void *p, size_t n, int advice)\n{\n"
	    "\tint fd = syscall(SYS_pidfd_open, strcmp(who, \"self\") == 0 ? getpid() : getppid(), 0);\n"
	    "\tstruct iovec range = { p, n };\n"
	    "\tlong done = fd < 0 ? -1 : syscall(SYS_process_madvise, fd, &range, 1L, advice, 0);\n\tint err = errno;\n\n\tclose(fd);\n\terrno = err;\n\treturn done;\n}\n" },
	{ HELPER_LAST_FAULT, "string.h ucontext.h", { HELPER_CATCH, HELPER_INFO, HELPER_TEXTS },
	    "/* The error code of x86 has a bit for each. */\n"
	    "static int last_fault(void) "
	    "{ return strlen(strcpy(text, why < 0 ? \"none\" : why & 16 ? \"fetch\" : why & 2 ? \"store\" : \"load\")); }\n" },
	{ HELPER_ALTSTACK, "signal.h stdint.h", { 0 },
	    "static volatile uintptr_t ran_at;\n\n"
	    "static void note_place(int n) { volatile char at = n; ran_at = (uintptr_t)&at; }\n\n"
	    "static int altstack(char *p, size_t n)  /* whether a handler ran there */\n{\n"
	    "\tstack_t there = { .ss_sp = p, .ss_size = n }, before;\n"
	    "\tstruct sigaction notes = { .sa_handler = note_place, .sa_flags = SA_ONSTACK };\n\n"
	    "\tif (sigaltstack(&there, &before) < 0)\n\t\treturn -1;\n"
	    "\tsigaction(SIGUSR1, &notes, NULL);\n\traise(SIGUSR1);\n\tsignal(SIGUSR1, SIG_DFL);\n"
	    "\tsigaltstack(&before, NULL);\n\treturn ran_at - (uintptr_t)p < n;\n}\n" },
	{ HELPER_PTHREAD, "", { 0 }, "" },
	{ HELPER_MUTEX, "pthread.h", { HELPER_PTHREAD },
	    "static int mutex_init(void *mutex)  /* for all processes that map it */\n{\n"
	    "\tpthread_mutexattr_t a;\n\n"
	    "\tpthread_mutexattr_init(&a);\n\tpthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);\n"
	    "\treturn pthread_mutex_init(mutex, &a);\n}\n" },
	{ HELPER_HEAP, "stdio.h", { 0 }, "" },
	{ HELPER_ERRNO, "", { 0 }, "" },
	{ HELPER_TURN, "signal.h sys/wait.h unistd.h", { 0 },
	    "static int turn(pid_t pid)  "
	    "/* until it stops or ends; its exit status, or the signal that ended it, negative */\n{\n"
	    "\tint status = 0;\n\n"
	    "\tkill(pid, SIGCONT);\n\twaitpid(pid, &status, WUNTRACED);\n"
	    "\treturn WIFEXITED(status) ? WEXITSTATUS(status) : WIFSIGNALED(status) ? -WTERMSIG(status) : 0;\n}\n" },
	{ HELPER_THREAD, "pthread.h sched.h unistd.h", { HELPER_PTHREAD },
	    "static volatile int turn_of;  /* which thread's turn it is */\n"
	    "static void await(int own, const char *name) "
	    "{ while (turn_of != own) sched_yield(); __sync_synchronize(); who = name; }\n"
	    "static void give(int to, int own, const char *name) { __sync_synchronize(); turn_of = to; await(own, name); }\n" },
	{ HELPER_EXEC, "stdio.h stdlib.h stdint.h unistd.h", { 0 },
	    "static char *number(long long n) "
	    "{ static char s[999], *at = s; sprintf(at += 24, \"%lld\", n); return at; }\n" },
	{ HELPER_DIRECTORY, "stdlib.h stdio.h unistd.h", { 0 }, "" },
	{ HELPER_OWN, "", { 0 }, "static int own = 1;\n" },
	{ HELPER_SHARED, "stdint.h sys/mman.h", { 0 },
	    "static long long *shared;  /* what one process got and another one uses */\n" },
	{ HELPER_HERE, "", { 0 }, "static char *volatile here;  /* so that no compiler knows where it points */\n" },
};

/* Where the headers lack it, this is all of the program; repro.c ends what the last line begins. */
static const char without_userfault[] =
	"#if defined __linux__ && defined __has_include\n"
	"#if __has_include(<linux/userfaultfd.h>)\n"
	"#include <linux/userfaultfd.h>\n"
	"#endif\n"
	"#endif\n"
	"#ifndef UFFDIO_COPY\n"
	"int main(void) { return puts(\"unsupported, without userfaultfd\") < 0; }\n"
	"#else\n";

static size_t
find(enum helper h)
{
	size_t i;

	for (i = 0; table[i].helper != h; ++i)
		;
	return i;
}

void
repro_header(struct repro *r, const char *names)
{
	size_t i, n;

	for (; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		for (i = 0; i < LEN(headers); ++i)
			if (strlen(headers[i]) == n && memcmp(headers[i], names, n) == 0)
				r->headers |= (uint64_t)1 << i;
	}
}

void
repro_need(struct repro *r, enum helper h)
{
	size_t at = find(h), i;

	if (r->has[h])
		return;
	r->has[h] = 1;
	repro_header(r, table[at].headers);
	for (i = 0; i < LEN(table[at].needs) && table[at].needs[i] != HELPER_SAW; ++i)
		repro_need(r, table[at].needs[i]);
	if (h == HELPER_SCAN || (table[at].text && strstr(table[at].text, "PAGE")))
		r->page = 1;
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

/* A macro, in which what the last call left is forgotten before the next one. */
static void
print_macro(const struct repro *r, struct buffer *b, const char *text)
{
	size_t n = strcspn(text, "@");

	buffer_str(b, "#define ");
	buffer_add(b, text, n);
	if (text[n])
		buffer_fmt(b, "(errno = %s0, %s", r->has[HELPER_INFO] ? "fault.si_signo = " : "", text + n + 1);
}

/* The function that all the macros call. */
static void
print_saw(const struct repro *r, struct buffer *b)
{
	const char *who = r->several ? "%s" : "", *name = r->several ? "who, " : "";
	int texts = r->has[HELPER_TEXTS];

	buffer_str(b, "\nstatic void saw(const char *call, long got, const char *name, long wanted)\n{\n");
	if (r->has[HELPER_ERRNO])
		buffer_str(b, "\tleft = got == -1 ? left : errno;\n");
	buffer_str(b, "\tgot = got == -1 && errno ? -errno : got;\n");
	if (r->has[HELPER_INFO])
		buffer_str(b, "\tif (fault.si_signo) "
			"printf(\"signal %d code %d at %p: \", fault.si_signo, fault.si_code, fault.si_addr);\n");
	buffer_fmt(b, "\tprintf(\"%s%%s: %%s%%s (%%ld%s)\\n\", %scall, got == wanted ? \"\" : \"not \", name, got%s);\n",
		who, texts ? " %s" : "", name, texts ? ", text" : "");
	buffer_fmt(b, "\tdiffers |= got != wanted;\n%s}\n", texts ? "\tmemset(text, 0, sizeof text);\n" : "");
}

/* What a signal does, and the macro that has it caught: the reader sees a fault as the error EFAULT. */
static void
print_catch(const struct repro *r, struct buffer *b)
{
	const char *context = r->has[HELPER_LAST_FAULT] ? "why = ((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR]"
		: "(void)context";

	if (r->has[HELPER_BESIDE])
		buffer_str(b, "static pthread_t first;\nstatic sigjmp_buf backs[2];  /* one a thread */\n"
			"#define back backs[!pthread_equal(pthread_self(), first)]\n");
	else
		buffer_str(b, "static sigjmp_buf back;\n");
	if (r->has[HELPER_LAST_FAULT])
		buffer_str(b, "static volatile long why = -1;\n");
	if (r->has[HELPER_INFO])
		buffer_fmt(b, "static void caught(int n, siginfo_t *info, void *context)%s"
			"{ %s; %sfault = *info; siglongjmp(back, n); }\n",
			r->has[HELPER_LAST_FAULT] ? "\n" : " ", context, r->has[HELPER_SCAN] ? "bus = n == SIGBUS; " : "");
	else if (r->has[HELPER_SCAN])
		buffer_str(b, "static void caught(int n) { bus = n == SIGBUS; signal(n, caught); siglongjmp(back, n); }\n");
	else
		buffer_str(b, "static void caught(int n) { signal(n, caught); siglongjmp(back, n); }\n");
	buffer_str(b, "#define CATCH if (sigsetjmp(back, 1)) return errno = EFAULT, -1\n");
}

static void
print_scan(const struct repro *r, struct buffer *b)
{
	buffer_fmt(b, "/* A letter a page: w it can be written, r read, S neither; R and B where SIGBUS says so, else SIGSEGV. */\n"
		"static int letter(char *p) { return load(p) < 0 ? \"SB\"[bus] : store(p, *p) < 0 ? \"rR\"[bus] : 'w'; }\n"
		"static int scan(char *p, long n) { int i = 0; for (; i*PAGE < n; ++i) text[i] = letter(p + i*PAGE); return %si; }\n",
		r->has[HELPER_INFO] ? "fault.si_signo = 0, " : "");
}

static void
print_includes(struct repro *r, struct buffer *b)
{
	size_t i;

	if (r->page)
		repro_header(r, "unistd.h");
	if (symbol_find("BITS", 4)->value == 32)
		buffer_str(b, "#define _FILE_OFFSET_BITS 64\n");
	buffer_str(b, r->beyond ? "#define _GNU_SOURCE\n" : "#define _XOPEN_SOURCE 700\n");
	for (i = 0; i < LEN(headers); ++i)
		if (r->headers & (uint64_t)1 << i)
			buffer_fmt(b, "#include <%s>\n", headers[i]);
	if (r->has[HELPER_USERFAULT])
		buffer_str(b, without_userfault);
}

/* Whether a helper is a function of several lines, which stands alone, or calls one. */
static int
is_long(enum helper h)
{
	size_t at = find(h);
	const char *text = table[at].text;

	return (text && strstr(text, "\n}\n")) || table[at].needs[0] == HELPER_FIELD;
}

static void
print_helper(const struct repro *r, struct buffer *b, enum helper h)
{
	if (h == HELPER_CATCH)
		print_catch(r, b);
	else if (h == HELPER_SCAN)
		print_scan(r, b);
	else
		buffer_str(b, table[find(h)].text);
}

void
repro_prelude(struct repro *r, struct buffer *b)
{
	int h, i, saws = 0;

	print_includes(r, b);
	if (r->page)
		buffer_str(b, "#define PAGE sysconf(_SC_PAGESIZE)\n");
	if (r->off_max)
		buffer_str(b, "#define OFF_MAX INT64_MAX\n");
	for (h = HELPER_IS_SAW; h <= HELPER_ANYWHERE; ++h) {
		saws |= r->has[h];
		if (r->has[h])
			print_macro(r, b, table[find((enum helper)h)].text);
	}
	buffer_fmt(b, "static %s%s;\n", r->has[HELPER_SCAN] ? "volatile int differs, bus" : "int differs",
		r->has[HELPER_ERRNO] ? ", left" : "");
	if (r->several)
		buffer_str(b, "static const char *who = \"\";\n");
	for (; h <= HELPER_INFO; ++h)
		if (r->has[h])
			buffer_str(b, table[find((enum helper)h)].text);
	/* Those of one line, then the function that all the macros call, then the longer ones. */
	for (i = h; i < HELPERS; ++i)
		if (r->has[i] && !is_long((enum helper)i))
			print_helper(r, b, (enum helper)i);
	if (saws)
		print_saw(r, b);
	for (i = h; i < HELPERS; ++i) {
		if (r->has[i] && is_long((enum helper)i)) {
			buffer_str(b, "\n");
			print_helper(r, b, (enum helper)i);
		}
	}
	repro_actions(r, b);
	buffer_str(b, "\n");
}
