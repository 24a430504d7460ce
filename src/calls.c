#include <sys/types.h>
#include <string.h>
#include "calls.h"
#include "perform.h"
#include "util.h"

static const struct call table[] = {
	{ "open", "path or address, flags [, mode]", "bi?m", GIVES_DESCRIPTOR, 0, do_open },
	{ "close", "fd", "i", GIVES_NOTHING, 0, do_close },
	{ "dup", "fd", "i", GIVES_DESCRIPTOR, 0, do_dup },
	{ "ftruncate", "fd, length", "io", GIVES_NOTHING, 0, do_ftruncate },
	{ "dup2", "fd, fd", "ii", GIVES_DESCRIPTOR, 0, do_dup2 },
	{ "pipe", "", "", GIVES_DESCRIPTOR, 0, do_pipe },
	{ "socketpair", "type", "i", GIVES_DESCRIPTOR, 0, do_socketpair },
	{ "socket", "domain, type", "ii", GIVES_DESCRIPTOR, 0, do_socket },
	{ "truncate", "path, length", "so", GIVES_NOTHING, 0, do_truncate },
	{ "read", "fd, address, count", "ipz", GIVES_NUMBER, 0, do_read },
	{ "write", "fd, text or address, count", "ibz", GIVES_NUMBER, 0, do_write },
	{ "pread", "fd, address, count, offset", "ipzo", GIVES_NUMBER, 0, do_pread },
	{ "pwrite", "fd, text or address, count, offset", "ibzo", GIVES_NUMBER, 0, do_pwrite },
	{ "reads", "fd, count", "iz", GIVES_TEXT, 0, do_reads },
	{ "preads", "fd, count, offset", "izo", GIVES_TEXT, 0, do_preads },
	{ "byteat", "fd, offset", "io", GIVES_BYTE, 0, do_byteat },
	{ "lseek", "fd, offset, whence", "ioi", GIVES_NUMBER, 0, do_lseek },
	{ "fsync", "fd", "i", GIVES_NOTHING, 0, do_fsync },
	{ "size", "fd", "i", GIVES_NUMBER, 0, do_size },
	{ "unlink", "path", "s", GIVES_NOTHING, 0, do_unlink },
	{ "rename", "old, new", "ss", GIVES_NOTHING, 0, do_rename },
	{ "link", "old, new", "ss", GIVES_NOTHING, 0, do_link },
	{ "symlink", "target, path", "ss", GIVES_NOTHING, 0, do_symlink },
	{ "mkfifo", "path, mode", "sm", GIVES_NOTHING, 0, do_mkfifo },
	{ "mkdir", "path, mode", "sm", GIVES_NOTHING, 0, do_mkdir },
	{ "rmdir", "path", "s", GIVES_NOTHING, 0, do_rmdir },
	{ "chmod", "path, mode", "sm", GIVES_NOTHING, 0, do_chmod },
	{ "links", "fd", "i", GIVES_NUMBER, 0, do_links },
	{ "blocks", "fd", "i", GIVES_NUMBER, 0, do_blocks },
	{ "atime", "fd", "i", GIVES_TIME, 0, do_atime },
	{ "mtime", "fd", "i", GIVES_TIME, 0, do_mtime },
	{ "settimes", "fd, seconds", "il", GIVES_NOTHING, 0, do_settimes },
	{ "setlk", "fd", "i", GIVES_NOTHING, 0, do_setlk },
	{ "cloexec", "fd", "i", GIVES_NUMBER, 0, do_cloexec },
	{ "posix_fallocate", "fd, offset, length", "ioo", GIVES_NOTHING, CALL_OPTIONAL, do_posix_fallocate },
	{ "fallocate", "fd, mode, offset, length", "iioo", GIVES_NOTHING, CALL_OPTIONAL, do_fallocate },
	{ "set_attribute", "fd, attribute", "is", GIVES_NOTHING, CALL_OPTIONAL, do_set_attribute },
	{ "set_lease", "fd, type", "ii", GIVES_NOTHING, CALL_OPTIONAL, do_set_lease },
	{ "clone_file", "to fd, from fd", "ii", GIVES_NOTHING, CALL_OPTIONAL, do_clone_file },
	{ "execute", "path", "s", GIVES_NUMBER, 0, do_execute },
	{ "mount", "source, path, type, flags, options", "sssis", GIVES_NOTHING, CALL_OPTIONAL, do_mount },
	{ "umount", "path", "s", GIVES_NOTHING, CALL_OPTIONAL, do_umount },
	{ "loop", "file, path", "ss", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_loop },
	{ "loop_resize", "fd", "i", GIVES_NOTHING, CALL_OPTIONAL, do_loop_resize },
	{ "sendfile", "to fd, from fd, offset, count", "iioz", GIVES_NUMBER, CALL_OPTIONAL, do_sendfile },
	{ "copy_file_range", "from fd, offset, to fd, offset, count", "ioioz", GIVES_NUMBER, CALL_OPTIONAL, do_copy_file_range },
	{ "splice", "from fd, offset, to fd, count", "ioiz", GIVES_NUMBER, CALL_OPTIONAL, do_splice },
	{ "shm_open", "name, flags [, mode]", "si?m", GIVES_DESCRIPTOR, CALL_OPTIONAL|CALL_NAMES, do_shm_open },
	{ "shm_unlink", "name", "s", GIVES_NOTHING, CALL_OPTIONAL, do_shm_unlink },
	{ "memfd_create", "name, flags", "si", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_memfd_create },
	{ "add_seals", "fd, seals", "ii", GIVES_NOTHING, CALL_OPTIONAL, do_add_seals },
	{ "mmap", "address, length, protection, flags, fd, offset", "pziiio", GIVES_ADDRESS, 0, do_mmap },
	{ "munmap", "address, length", "pz", GIVES_NOTHING, 0, do_munmap },
	{ "mprotect", "address, length, protection", "pzi", GIVES_NOTHING, 0, do_mprotect },
	{ "msync", "address, length, flags", "pzi", GIVES_NOTHING, 0, do_msync },
	{ "mlock", "address, length", "pz", GIVES_NOTHING, 0, do_mlock },
	{ "munlock", "address, length", "pz", GIVES_NOTHING, 0, do_munlock },
	{ "mlockall", "flags", "i", GIVES_NOTHING, CALL_OPTIONAL, do_mlockall },
	{ "munlockall", "", "", GIVES_NOTHING, CALL_OPTIONAL, do_munlockall },
	{ "mlock2", "address, length, flags", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_mlock2 },
	{ "posix_madvise", "address, length, advice", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_posix_madvise },
	{ "madvise", "address, length, advice", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_madvise },
	{ "mremap", "old address, old length, new length, flags [, new address]", "pzzi?p", GIVES_ADDRESS, CALL_OPTIONAL, do_mremap },
	{ "remap_file_pages", "address, length, protection, page, flags", "pzizi", GIVES_NOTHING, CALL_OPTIONAL, do_remap_file_pages },
	{ "minherit", "address, length, inherit", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_minherit },
	{ "mincore", "address, length", "pz", GIVES_MAP, CALL_OPTIONAL, do_mincore },
	{ "load", "address [, width]", "p?i", GIVES_BYTE, 0, do_load },
	{ "store", "address, value [, width]", "pl?i", GIVES_NOTHING, 0, do_store },
	{ "loads", "address, count", "pz", GIVES_TEXT, 0, do_loads },
	{ "stores", "address, text [, count]", "ps?z", GIVES_NOTHING, 0, do_stores },
	{ "scan", "address, length [, end of file]", "pz?o", GIVES_MAP, 0, do_scan },
	{ "race", "address, times", "pl", GIVES_SET, 0, do_race },
	{ "contend", "left, right, times, address [, fd]", "sslp?i", GIVES_SET, 0, do_contend },
	{ "store_together", "address, pages", "pz", GIVES_NUMBER, 0, do_store_together },
	{ "mutex_init", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_mutex_init },
	{ "mutex_lock", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_mutex_lock },
	{ "mutex_trylock", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_mutex_trylock },
	{ "mutex_unlock", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_mutex_unlock },
	{ "sem_init", "address, value", "pi", GIVES_NOTHING, CALL_OPTIONAL, do_sem_init },
	{ "sem_post", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_sem_post },
	{ "sem_trywait", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_sem_trywait },
	{ "userfault", "address, length, byte", "pzi", GIVES_NOTHING, CALL_OPTIONAL, do_userfault },
	{ "fill", "address, byte, count", "piz", GIVES_NOTHING, 0, do_fill },
	{ "repair", "address, value", "pl", GIVES_NUMBER, 0, do_repair },
	{ "failed_swap", "address, compared", "pl", GIVES_NUMBER, 0, do_failed_swap },
	{ "code", "address, number", "pl", GIVES_NOTHING, 0, do_code },
	{ "pwrite_code", "fd, offset, number", "iol", GIVES_NUMBER, 0, do_pwrite_code },
	{ "run", "address", "p", GIVES_NUMBER, 0, do_run },
	{ "own_memory", "which", "s", GIVES_ADDRESS, 0, do_own_memory },
	{ "sbrk", "bytes", "l", GIVES_ADDRESS, CALL_OPTIONAL, do_sbrk },
	{ "errno_changed", "", "", GIVES_NUMBER, 0, do_errno_changed },
	{ "sysconf", "name", "i", GIVES_NUMBER, 0, do_sysconf },
	{ "getrlimit", "resource", "i", GIVES_NUMBER, 0, do_getrlimit },
	{ "refuse_exec_gain", "", "", GIVES_NOTHING, CALL_OPTIONAL, do_refuse_exec_gain },
	{ "ignore", "signal", "i", GIVES_NOTHING, 0, do_ignore },
	{ "block", "signal", "i", GIVES_NOTHING, 0, do_block },
	{ "kill", "process, signal", "Pi", GIVES_NOTHING, CALL_KILLS, do_value },
	{ "exec", "", "", GIVES_NOTHING, CALL_EXECS, do_value },
	{ "split", "address, pages", "pz", GIVES_NUMBER, 0, do_split },
	{ "mincore_into", "address, length, vector", "pzp", GIVES_NOTHING, CALL_OPTIONAL, do_mincore_into },
	{ "mseal", "address, length", "pz", GIVES_NOTHING, CALL_OPTIONAL, do_mseal },
	{ "memfd_secret", "flags", "i", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_memfd_secret },
	{ "posix_typed_mem_open", "name, flags, typed flags", "sii", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_posix_typed_mem_open },
	{ "sync_file_range", "fd, offset, count, flags", "iooi", GIVES_NOTHING, CALL_OPTIONAL, do_sync_file_range },
	{ "special_fd", "kind", "s", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_special_fd },
	{ "personality", "persona", "l", GIVES_NOTHING, CALL_OPTIONAL, do_personality },
	{ "read_memory", "address, count", "pz", GIVES_TEXT, CALL_OPTIONAL, do_read_memory },
	{ "mapping", "address", "p", GIVES_TEXT, CALL_OPTIONAL, do_mapping },
	{ "smaps", "address, name", "ps", GIVES_NUMBER, CALL_OPTIONAL, do_smaps },
	{ "has_flag", "address, flag", "ps", GIVES_NUMBER, CALL_OPTIONAL, do_has_flag },
	{ "knob", "name", "s", GIVES_NUMBER, CALL_OPTIONAL, do_knob },
	{ "pkey_alloc", "flags, rights", "ii", GIVES_NUMBER, CALL_OPTIONAL, do_pkey_alloc },
	{ "pkey_free", "key", "i", GIVES_NOTHING, CALL_OPTIONAL, do_pkey_free },
	{ "pkey_mprotect", "address, length, protection, key", "pzii", GIVES_NOTHING, CALL_OPTIONAL, do_pkey_mprotect },
	{ "pkey_set", "key, rights", "ii", GIVES_NOTHING, CALL_OPTIONAL, do_pkey_set },
	{ "process_madvise", "who, address, length, advice", "spzi", GIVES_NUMBER, CALL_OPTIONAL, do_process_madvise },
	{ "mmap2", "address, length, protection, flags, fd, offset", "pziiil", GIVES_ADDRESS, CALL_OPTIONAL, do_mmap2 },
	{ "open_small", "path, flags [, mode]", "si?m", GIVES_DESCRIPTOR, CALL_OPTIONAL, do_open_small },
	{ "vfork_mmap", "address, length, protection, flags, fd, offset", "pziiio", GIVES_ADDRESS, CALL_OPTIONAL, do_vfork_mmap },
	{ "shm_attach", "size [, address, flags]", "z?pi", GIVES_ADDRESS, CALL_OPTIONAL, do_shm_attach },
	{ "shmdt", "address", "p", GIVES_NOTHING, CALL_OPTIONAL, do_shmdt },
	{ "last_fault", "", "", GIVES_TEXT, CALL_OPTIONAL, do_last_fault },
	{ "altstack", "address, length", "pz", GIVES_NUMBER, 0, do_altstack },
	{ "value", "number", "l", GIVES_NUMBER, 0, do_value },
	{ "setrlimit", "resource, soft limit", "il", GIVES_NOTHING, 0, do_setrlimit },
	{ "drop_root", "", "", GIVES_NOTHING, 0, do_drop_root },
	{ "fork", "", "", GIVES_PROCESS, CALL_FORKS, do_value },
	{ "process", "", "", GIVES_PROCESS, CALL_UNRELATED, do_value },
	{ "thread", "", "", GIVES_PROCESS, CALL_THREADS, do_value },
	{ "exit", "status", "i", GIVES_NUMBER, CALL_ENDS, do_exit },
};

const struct call *
call_find(const char *name, size_t n)
{
	const struct call *c;

	for (c = table; c < table + LEN(table); ++c)
		if (strlen(c->name) == n && memcmp(c->name, name, n) == 0)
			return c;
	return NULL;
}

int
call_gives_text(const struct call *c)
{
	return c->gives == GIVES_TEXT || c->gives == GIVES_MAP || c->gives == GIVES_SET;
}

int
call_index(const struct call *c)
{
	return (int)(c - table);
}

const struct call *
call_at(int i)
{
	return i >= 0 && (size_t)i < LEN(table) ? &table[i] : NULL;
}

int
call_least(const struct call *c)
{
	return (int)strcspn(c->kinds, "?");
}

int
call_most(const struct call *c)
{
	return (int)strlen(c->kinds) - (strchr(c->kinds, '?') != NULL);
}

char
call_kind(const struct call *c, int i)
{
	return c->kinds[i < call_least(c) ? i : i + 1];
}

const char *
call_misfit(char kind, intmax_t n)
{
	switch (kind) {
	case 'i':
		return (intmax_t)(int)n == n ? NULL : "a number that fits no int";
	case 'm':
		return n >= 0 && (intmax_t)(mode_t)n == n ? NULL : "a number that fits no mode_t";
	case 'o':
		return (intmax_t)(off_t)n == n ? NULL : "a number that fits no off_t";
	case 'z':
		return n < 0 || (intmax_t)(size_t)n == n ? NULL : "a number that fits no size_t";
	case 'p':
		return n < 0 || (intmax_t)(uintptr_t)n == n ? NULL : "a number that fits no address";
	}
	return NULL;
}
