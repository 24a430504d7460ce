/*
 * bench MMPROBE: what the program costs beside the floor, as ratios in one run.
 *   --all against as many bare fork + _exit + waitpid as it starts processes under test, in the directory that is the default
 *   and in memory: what a disk takes to sync is not the program's
 *   a single case against starting /bin/true
 */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "catalogue.h"
#include "run.h"
#include "util.h"

enum { ROUNDS = 15, SINGLES = 200 };

static void
start(char *const argv[])
{
	int null;
	pid_t pid = fork();

	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static double
time_of(char *const argv[])
{
	double t = seconds_now();

	start(argv);
	return seconds_now() - t;
}

static double
bare_loop(int n)
{
	double t = seconds_now();
	pid_t pid;

	while (n-- > 0) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return seconds_now() - t;
}

/* The processes under test that --all starts. */
static int
processes(void)
{
	struct buffer error = { NULL, 0, 0 };
	struct arena arena = { NULL, 0 };
	const struct probe *p;
	struct script s;
	struct trial *t;
	int i, n = 0;

	for (i = 0; i < catalogue_topics(); ++i) {
		catalogue_load(i, &s);
		for (p = s.probes; p; p = p->next)
			for (t = run_trials(p, NULL, 0, &arena, &error); t && !script_has_tag(p, "heavy"); t = t->next)
				n += p->nprocesses;
		script_free(&s);
	}
	arena_free(&arena);
	return n;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

int
main(int argc, char *argv[])
{
	char *all[] = { argv[1], "--all", "-q", NULL }, *one_job[] = { argv[1], "--all", "-q", "-j1", NULL };
	char *in_memory[] = { argv[1], "--all", "-q", "--dir", "/dev/shm", NULL };
	char *one[] = { argv[1], "offset", "1000", NULL }, *yes[] = { "/bin/true", NULL };
	double t_all = 1e9, t_one_job = 1e9, t_memory = 1e9, t_loop = 1e9, t_one = 1e9, t_true = 1e9;
	int n = processes(), i;

	if (argc != 2)
		return 2;
	for (i = 0; i < ROUNDS; ++i) {
		t_all = least(t_all, time_of(all));
		t_loop = least(t_loop, bare_loop(n));
		t_one_job = least(t_one_job, time_of(one_job));
		if (access("/dev/shm", W_OK) == 0)
			t_memory = least(t_memory, time_of(in_memory));
	}
	for (i = 0; i < SINGLES; ++i) {
		t_one = least(t_one, time_of(one));
		t_true = least(t_true, time_of(yes));
	}
	printf("--all: %.1f ms; %d bare forks: %.1f ms; ratio %.2f (aim: at most 2); with one job %.1f ms, ratio %.2f\n",
		t_all * 1e3, n, t_loop * 1e3, t_all / t_loop, t_one_job * 1e3, t_one_job / t_loop);
	if (t_memory < 1e9)
		printf("--all in memory: %.1f ms; ratio %.2f\n", t_memory * 1e3, t_memory / t_loop);
	printf("offset 1000: %.2f ms; /bin/true: %.2f ms; ratio %.2f (aim: at most 3)\n", t_one * 1e3, t_true * 1e3, t_one / t_true);
	return 0;
}
