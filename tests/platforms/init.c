/*
 * The first process of a machine that is started to run one program: loads modules, mounts, runs /program with the lines of
 * /arguments as its arguments and a pipe for its output (it is no terminal), says its exit status, and turns the machine
 * off. See kernel.sh.
 */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINES = 64 };

static char *
next_line(FILE *f, char *line, int size)
{
	if (!f || !fgets(line, size, f))
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void
load_modules(void)
{
	char name[256];
	FILE *f = fopen("/modules", "r");
	int fd;

	while (next_line(f, name, sizeof name)) {
		fd = open(name, O_RDONLY);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) < 0)
			perror(name);
		close(fd);
	}
}

static void
mount_at(const char *what, const char *where, const char *type, const char *options)
{
	mkdir(where, 0755);
	if (mount(what, where, type, 0, options) < 0)
		perror(where);
}

/* In place of this process. */
static void
run_program(int output)
{
	static char lines[LINES][256];
	char *argv[LINES + 2] = { "/program" };
	FILE *f = fopen("/arguments", "r");
	int n = 0;

	while (n < LINES && (argv[n + 1] = next_line(f, lines[n], sizeof lines[n])))
		++n;
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execv(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int
main(void)
{
	char options[256], bytes[4096];
	int status = 0, ends[2];
	ssize_t n;
	pid_t pid;
	FILE *f;

	load_modules();
	mount_at("proc", "/proc", "proc", NULL);
	mount_at("dev", "/dev", "devtmpfs", NULL);
	mount_at("tmp", "/tmp", "tmpfs", "mode=1777");
	mount_at("shm", "/dev/shm", "tmpfs", "mode=1777");
	f = fopen("/9p", "r");
	if (next_line(f, options, sizeof options))
		mount_at("host", "/mnt", "9p", options);
	printf("\n@begin\n");
	fflush(stdout);
	if (pipe(ends) < 0)
		perror("pipe");
	pid = fork();
	if (pid == 0)
		run_program(ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
		fwrite(bytes, 1, (size_t)n, stdout);
	while (pid > 0 && waitpid(pid, &status, 0) != pid)
		;
	printf("\n@end %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
