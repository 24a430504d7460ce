/* What the performers of calls share, and their names for the table of calls.c. Each fills in the outcome of one request. */
#ifndef PERFORM_H
#define PERFORM_H

#include <sys/types.h>
#include "outcome.h"

/* For a call that this platform lacks. */
#define ABSENT_CALL(name) \
	void \
	name(const struct request *r, struct outcome *o) \
	{ \
		(void)r; \
		o->how = OUTCOME_ABSENT; \
	}

/* -1 failed with errno, anything else is what the call returned. */
void perform_gives(struct outcome *, intmax_t);
/* The same for a number of bytes that stand in outcome.text. */
void perform_gives_text(struct outcome *, ssize_t);
/* Argument i as an address, as a text, and as whichever of the two it is. */
void *perform_address(const struct request *, int i);
const char *perform_text(const struct request *, int i);
const void *perform_bytes(const struct request *, int i);
/* A length, at most that of outcome.text. */
size_t perform_length(intmax_t);
/* Makes n bytes of code that were stored runnable, where the machine needs that said. */
void perform_flush(void *, size_t n);
/* A number for names that the whole system shares, set by the supervisor; the same in all processes of a run. */
void perform_set_run(long);
long perform_run(void);

/* perform_file.c */
void do_open(const struct request *, struct outcome *);
void do_close(const struct request *, struct outcome *);
void do_dup(const struct request *, struct outcome *);
void do_ftruncate(const struct request *, struct outcome *);
void do_read(const struct request *, struct outcome *);
void do_write(const struct request *, struct outcome *);
void do_pread(const struct request *, struct outcome *);
void do_pwrite(const struct request *, struct outcome *);
void do_lseek(const struct request *, struct outcome *);
void do_fsync(const struct request *, struct outcome *);
void do_unlink(const struct request *, struct outcome *);
void do_rename(const struct request *, struct outcome *);
void do_size(const struct request *, struct outcome *);
void do_byteat(const struct request *, struct outcome *);
void do_reads(const struct request *, struct outcome *);
void do_preads(const struct request *, struct outcome *);
void do_dup2(const struct request *, struct outcome *);
void do_truncate(const struct request *, struct outcome *);
void do_chmod(const struct request *, struct outcome *);
void do_mkdir(const struct request *, struct outcome *);
void do_rmdir(const struct request *, struct outcome *);
void do_link(const struct request *, struct outcome *);
void do_symlink(const struct request *, struct outcome *);
void do_mkfifo(const struct request *, struct outcome *);
void do_pipe(const struct request *, struct outcome *);
void do_socketpair(const struct request *, struct outcome *);
void do_socket(const struct request *, struct outcome *);
void do_links(const struct request *, struct outcome *);
void do_blocks(const struct request *, struct outcome *);
void do_atime(const struct request *, struct outcome *);
void do_mtime(const struct request *, struct outcome *);
void do_settimes(const struct request *, struct outcome *);
void do_posix_fallocate(const struct request *, struct outcome *);
void do_fallocate(const struct request *, struct outcome *);
void do_sendfile(const struct request *, struct outcome *);
void do_copy_file_range(const struct request *, struct outcome *);
void do_splice(const struct request *, struct outcome *);
void do_add_seals(const struct request *, struct outcome *);
void do_setlk(const struct request *, struct outcome *);
void do_cloexec(const struct request *, struct outcome *);
void do_sync_file_range(const struct request *, struct outcome *);
void do_special_fd(const struct request *, struct outcome *);

/* perform_inode.c */
void do_set_attribute(const struct request *, struct outcome *);
void do_set_lease(const struct request *, struct outcome *);
void do_clone_file(const struct request *, struct outcome *);

/* perform_mount.c */
void do_mount(const struct request *, struct outcome *);
void do_umount(const struct request *, struct outcome *);
void do_loop(const struct request *, struct outcome *);
void do_loop_resize(const struct request *, struct outcome *);

/* perform_memory.c */
void do_mmap(const struct request *, struct outcome *);
void do_munmap(const struct request *, struct outcome *);
void do_mprotect(const struct request *, struct outcome *);
void do_msync(const struct request *, struct outcome *);
void do_mlock(const struct request *, struct outcome *);
void do_munlock(const struct request *, struct outcome *);
void do_mlockall(const struct request *, struct outcome *);
void do_posix_madvise(const struct request *, struct outcome *);
void do_madvise(const struct request *, struct outcome *);
void do_mremap(const struct request *, struct outcome *);
void do_mincore(const struct request *, struct outcome *);
void do_munlockall(const struct request *, struct outcome *);
void do_mlock2(const struct request *, struct outcome *);
void do_remap_file_pages(const struct request *, struct outcome *);
void do_minherit(const struct request *, struct outcome *);
void do_shm_open(const struct request *, struct outcome *);
void do_shm_unlink(const struct request *, struct outcome *);
void do_memfd_create(const struct request *, struct outcome *);
void do_repair(const struct request *, struct outcome *);
void do_split(const struct request *, struct outcome *);
void do_mincore_into(const struct request *, struct outcome *);
void do_mseal(const struct request *, struct outcome *);
void do_memfd_secret(const struct request *, struct outcome *);
void do_posix_typed_mem_open(const struct request *, struct outcome *);
void do_shm_attach(const struct request *, struct outcome *);
void do_shmdt(const struct request *, struct outcome *);

/* perform_access.c */
void do_load(const struct request *, struct outcome *);
void do_store(const struct request *, struct outcome *);
void do_loads(const struct request *, struct outcome *);
void do_stores(const struct request *, struct outcome *);
void do_scan(const struct request *, struct outcome *);
void do_code(const struct request *, struct outcome *);
void do_pwrite_code(const struct request *, struct outcome *);
void do_run(const struct request *, struct outcome *);
void do_failed_swap(const struct request *, struct outcome *);
void do_fill(const struct request *, struct outcome *);

/* perform_race.c */
void do_race(const struct request *, struct outcome *);
void do_contend(const struct request *, struct outcome *);
void do_store_together(const struct request *, struct outcome *);

/* perform_thread.c */
void do_mutex_init(const struct request *, struct outcome *);
void do_mutex_lock(const struct request *, struct outcome *);
void do_mutex_trylock(const struct request *, struct outcome *);
void do_mutex_unlock(const struct request *, struct outcome *);
void do_sem_init(const struct request *, struct outcome *);
void do_sem_post(const struct request *, struct outcome *);
void do_sem_trywait(const struct request *, struct outcome *);
void do_userfault(const struct request *, struct outcome *);

/* Takes attributes back from the files that got some and are open: nobody is left who would do so to remove them. Whether there
 * may be such files. */
void perform_abandon(void);
int perform_holds(void);
/* Removes a named object that a call with CALL_NAMES made. */
void perform_forget(const char *name);

/* fault.c */
void do_ignore(const struct request *, struct outcome *);
void do_block(const struct request *, struct outcome *);

/* perform_process.c */
void do_exit(const struct request *, struct outcome *);
void do_value(const struct request *, struct outcome *);
void do_setrlimit(const struct request *, struct outcome *);
void do_drop_root(const struct request *, struct outcome *);
void do_getrlimit(const struct request *, struct outcome *);
void do_sysconf(const struct request *, struct outcome *);
void do_sbrk(const struct request *, struct outcome *);
void do_own_memory(const struct request *, struct outcome *);
void do_errno_changed(const struct request *, struct outcome *);
void do_personality(const struct request *, struct outcome *);
void do_read_memory(const struct request *, struct outcome *);
void do_refuse_exec_gain(const struct request *, struct outcome *);
void do_execute(const struct request *, struct outcome *);
void do_vfork_mmap(const struct request *, struct outcome *);

/* perform_inspect.c */
void do_mapping(const struct request *, struct outcome *);
void do_smaps(const struct request *, struct outcome *);
void do_has_flag(const struct request *, struct outcome *);
void do_knob(const struct request *, struct outcome *);

/* perform_linux.c */
void do_pkey_alloc(const struct request *, struct outcome *);
void do_pkey_free(const struct request *, struct outcome *);
void do_pkey_mprotect(const struct request *, struct outcome *);
void do_pkey_set(const struct request *, struct outcome *);
void do_process_madvise(const struct request *, struct outcome *);
void do_mmap2(const struct request *, struct outcome *);
void do_open_small(const struct request *, struct outcome *);

/* perform_signal.c */
void do_last_fault(const struct request *, struct outcome *);
void do_altstack(const struct request *, struct outcome *);

/* The handler of a fault notes what it was told: the third argument of a handler that has SA_SIGINFO. */
void perform_context(const void *);

#endif
