#include <stdlib.h>
#include <string.h>
#include "options.h"
#include "util.h"

enum option { OPT_ALL, OPT_LIST, OPT_SHOW, OPT_EXPLAIN, OPT_RUN, OPT_TEXT, OPT_DIR, OPT_TIMEOUT, OPT_JOBS, OPT_HEAVY, OPT_POSIX,
	OPT_FORMAT, OPT_OUTPUT, OPT_SAVE, OPT_COMPARE, OPT_EXPECT, OPT_REPLAY, OPT_REPRO, OPT_VERBOSE,
	OPT_QUIET, OPT_COLOR, OPT_HELP, OPT_VERSION };

enum argument { NO_ARG, NEEDS_ARG, MAY_ARG /* only as --name=ARG, or for --list the next word */ };

static const struct spec {
	enum option option;
	char letter;
	const char *name;
	enum argument argument;
	const char *arg, *help;
} table[] = {
	{ OPT_ALL, 0, "all", NO_ARG, "", "run every probe" },
	{ OPT_LIST, 0, "list", MAY_ARG, " [GLOB]", "name the probes, with their parameters" },
	{ OPT_SHOW, 0, "show", NEEDS_ARG, " PROBE", "print the script of a probe" },
	{ OPT_EXPLAIN, 0, "explain", NEEDS_ARG, " WORD", "explain and run a probe, or all that gives an errno or a signal" },
	{ OPT_RUN, 0, "run", NEEDS_ARG, " FILE", "run a script of your own; - is standard input" },
	{ OPT_TEXT, 'e', NULL, NEEDS_ARG, " SCRIPT", "run a script given here; ';' ends a line" },
	{ OPT_DIR, 'd', "dir", NEEDS_ARG, " DIR", "the directory, so the file system, under test (default: $TMPDIR, else /tmp)" },
	{ OPT_TIMEOUT, 't', "timeout", NEEDS_ARG, " SECONDS", "how long a step may take (default: 5)" },
	{ OPT_JOBS, 'j', "jobs", NEEDS_ARG, " N", "cases side by side (default: the processors, at most 4)" },
	{ OPT_HEAVY, 0, "heavy", NO_ARG, "", "also what takes much memory, disk or time" },
	{ OPT_POSIX, 0, "posix", NEEDS_ARG, " YEAR", "judge by that edition: 2001, 2008 or 2024 (default: 2008 and later)" },
	{ OPT_FORMAT, 'f', "format", NEEDS_ARG, " NAME", "text, tap, tap13, json, jsonl, junit, github or markdown" },
	{ OPT_OUTPUT, 'o', "output", NEEDS_ARG, " FILE", "write the report to a file" },
	{ OPT_SAVE, 0, "save", NEEDS_ARG, " FILE", "keep what was seen, for --compare and --replay" },
	{ OPT_COMPARE, 0, "compare", NEEDS_ARG, " FILE [FILE]", "tell what differs from a saved report, or between two" },
	{ OPT_EXPECT, 0, "expect", NEEDS_ARG, " FILE", "differences that are known: 'CASE # REASON' a line" },
	{ OPT_REPLAY, 0, "replay", NEEDS_ARG, " FILE", "judge what a saved report saw by today's claims" },
	{ OPT_REPRO, 0, "repro", NO_ARG, "", "write a C program that shows the case, and nothing else" },
	{ OPT_VERBOSE, 'v', "verbose", NO_ARG, "", "show every step of every case" },
	{ OPT_QUIET, 'q', "quiet", NO_ARG, "", "name only what is amiss" },
	{ OPT_COLOR, 0, "color", MAY_ARG, "[=WHEN]", "always, auto or never (default: auto)" },
	{ OPT_HELP, 'h', "help", NO_ARG, "", "this text" },
	{ OPT_VERSION, 'V', "version", NO_ARG, "", "the version" },
};

void
options_help(FILE *f)
{
	struct buffer b = { NULL, 0, 0 };
	const struct spec *s;

	fputs("mmprobe: what does mmap really do here?\n\n"
	    "  mmprobe --all                    every probe, on this platform\n"
	    "  mmprobe PROBE [ARG...]           one probe: mmprobe offset 1000\n"
	    "  mmprobe --list [GLOB]            which probes there are\n"
	    "  mmprobe --show PROBE             the script of one\n"
	    "  mmprobe --explain PROBE [ARG...] what is claimed of one, what came of it, what follows\n"
	    "  mmprobe --explain EINVAL         what gives an errno or a signal\n"
	    "  mmprobe --run FILE [ARG...]      a script of your own\n"
	    "  mmprobe --compare FILE [FILE]    what is not as a saved report has it\n"
	    "  mmprobe -e 'p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0)'\n\n", f);
	for (s = table; s < table + LEN(table); ++s) {
		buffer_clear(&b);
		if (s->letter)
			buffer_fmt(&b, "  -%c", s->letter);
		else
			buffer_str(&b, "    ");
		if (s->name)
			buffer_fmt(&b, "%s --%s", s->letter ? "," : " ", s->name);
		buffer_str(&b, s->arg);
		buffer_pad(&b, 24);
		buffer_fmt(&b, "  %s\n", s->help);
		fputs(buffer_text(&b), f);
	}
	fputs("\nExit status: 0 nothing amiss, 1 a violation or a surprise, 2 usage or script error,\n"
	    "3 mmprobe could not do its work. The manual pages mmprobe(1) and mmprobe(5) say more.\n", f);
	buffer_free(&b);
}

static void NORETURN
usage(const char *what, const char *which)
{
	fatal(EXIT_USAGE, "%s%s%s; mmprobe --help says more", what, which ? " " : "", which ? which : "");
}

static const struct spec *
find_long(const char *word, size_t n)
{
	struct buffer b = { NULL, 0, 0 };
	const struct spec *s;
	const char *best = NULL;
	size_t d, least = 3;
	char *name;

	for (s = table; s < table + LEN(table); ++s)
		if (s->name && strlen(s->name) == n && memcmp(s->name, word, n) == 0)
			return s;
	buffer_add(&b, word, n);
	name = b.data;
	for (s = table; s < table + LEN(table); ++s) {
		d = s->name ? distance(name, s->name, 3) : 3;
		if (d < least) {
			least = d;
			best = s->name;
		}
	}
	if (best)
		fatal(EXIT_USAGE, "there is no option --%s; is it --%s?", name, best);
	fatal(EXIT_USAGE, "there is no option --%s; mmprobe --help says more", name);
}

static const struct spec *
find_short(char letter)
{
	char word[3] = { '-', letter, '\0' };
	const struct spec *s;

	for (s = table; s < table + LEN(table); ++s)
		if (s->letter == letter)
			return s;
	usage("there is no option", word);
}

static void
set_mode(struct options *o, enum mode mode, const char *operand)
{
	if (o->mode != MODE_NONE)
		usage("only one of --all, --list, --show, --explain, --run, --replay, -e or a probe can be asked for at once", NULL);
	o->mode = mode;
	o->operand = operand;
}

static int
whole_number(const char *name, const char *text, long least, long most)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < least || n > most)
		fatal(EXIT_USAGE, "--%s takes a number from %ld to %ld, not '%s'", name, least, most, text);
	return (int)n;
}

static int
seconds(const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 0.01 && s <= 3600))
		fatal(EXIT_USAGE, "--timeout takes seconds, from 0.01 to 3600, not '%s'", text);
	return (int)(s * 1000);
}

static int
when(const char *text)
{
	if (!text || strcmp(text, "always") == 0)
		return 1;
	if (strcmp(text, "never") == 0)
		return 0;
	if (strcmp(text, "auto") != 0)
		fatal(EXIT_USAGE, "--color takes always, auto or never, not '%s'", text);
	return -1;
}

static const char *
edition(const char *text)
{
	static const char *const known[] = { "posix2001", "posix2008", "posix2024" };
	size_t i;

	for (i = 0; i < LEN(known); ++i)
		if (strcmp(known[i] + 5, text) == 0)
			return known[i];
	fatal(EXIT_USAGE, "--posix takes 2001, 2008 or 2024, not '%s'", text);
}

static void
set_option(struct options *o, enum option option, const char *arg)
{
	switch (option) {
	case OPT_ALL: set_mode(o, MODE_ALL, NULL); break;
	case OPT_LIST: set_mode(o, MODE_LIST, arg); break;
	case OPT_SHOW: set_mode(o, MODE_SHOW, arg); break;
	case OPT_EXPLAIN: set_mode(o, MODE_EXPLAIN, arg); break;
	case OPT_RUN: set_mode(o, MODE_RUN, arg); break;
	case OPT_TEXT: set_mode(o, MODE_TEXT, arg); break;
	case OPT_DIR:
		if (!*arg)
			usage("--dir takes a directory", NULL);
		o->dir = arg;
		break;
	case OPT_TIMEOUT: o->timeout = seconds(arg); break;
	case OPT_JOBS: o->jobs = whole_number("jobs", arg, 1, 64); break;
	case OPT_HEAVY: o->heavy = 1; break;
	case OPT_POSIX: o->edition = edition(arg); break;
	case OPT_FORMAT: o->format = arg; break;
	case OPT_OUTPUT: o->output = arg; break;
	case OPT_SAVE: o->save = arg; break;
	case OPT_COMPARE: o->compare = arg; break;
	case OPT_EXPECT: o->expect = arg; break;
	case OPT_REPLAY: set_mode(o, MODE_REPLAY, arg); break;
	case OPT_REPRO: o->repro = 1; break;
	case OPT_VERBOSE: o->verbose = 1; break;
	case OPT_QUIET: o->quiet = 1; break;
	case OPT_COLOR: o->color = when(arg); break;
	case OPT_HELP: o->mode = MODE_HELP; break;
	case OPT_VERSION: o->mode = MODE_VERSION; break;
	}
}

/* An argument such as -1 or -PAGE: options are lower-case letters, but for -V. */
static int
is_argument(const struct options *o, const char *word)
{
	return word[0] != '-' || !word[1] || ((word[1] < 'a' || word[1] > 'z') && word[1] != '-'
	    && (strcmp(word, "-V") != 0) && o->mode != MODE_NONE);
}

/* Options of one word: "-v", "-vq", "-j4", "-j 4". How many words were taken. */
static int
parse_short(struct options *o, char *const words[])
{
	const char *w = words[0] + 1;
	const struct spec *s;

	for (; *w; ++w) {
		s = find_short(*w);
		if (s->argument == NEEDS_ARG) {
			if (!w[1] && !words[1])
				usage("an argument is missing behind", words[0]);
			set_option(o, s->option, w[1] ? w + 1 : words[1]);
			return w[1] ? 1 : 2;
		}
		set_option(o, s->option, NULL);
	}
	return 1;
}

static int
parse_long(struct options *o, char *const words[])
{
	const char *w = words[0] + 2, *equal = strchr(w, '=');
	const struct spec *s = find_long(w, equal ? (size_t)(equal - w) : strlen(w));
	const char *arg = equal ? equal + 1 : NULL;
	int taken = 1;

	if (equal && s->argument == NO_ARG)
		fatal(EXIT_USAGE, "--%s takes no argument", s->name);
	if (!arg && (s->argument == NEEDS_ARG || (s->option == OPT_LIST && words[1] && words[1][0] != '-'))) {
		arg = words[1];
		taken = 2;
		if (!arg)
			usage("an argument is missing behind", words[0]);
	}
	set_option(o, s->option, arg);
	return taken;
}

static void
add_word(struct options *o, char *word)
{
	if (o->mode == MODE_NONE && o->compare)
		set_mode(o, MODE_COMPARE, word);
	else if (o->mode == MODE_NONE)
		set_mode(o, MODE_PROBE, word);
	else if (o->mode == MODE_PROBE || o->mode == MODE_EXPLAIN || o->mode == MODE_RUN || o->mode == MODE_TEXT)
		o->args[o->nargs++] = word;
	else
		usage("an argument too many:", word);
}

void
options_parse(struct options *o, int argc, char *argv[])
{
	int i, only_words = 0;

	memset(o, 0, sizeof *o);
	o->args = argv;
	o->timeout = 5000;
	o->color = -1;
	o->dir = getenv("TMPDIR");
	if (!o->dir || !*o->dir)
		o->dir = "/tmp";
	/* Words that are arguments move to the front of argv, always to a place that was read already. */
	for (i = 1; i < argc; ) {
		if (only_words || is_argument(o, argv[i]))
			add_word(o, argv[i++]);
		else if (strcmp(argv[i], "--") == 0)
			only_words = i++;
		else if (argv[i][1] == '-')
			i += parse_long(o, argv + i);
		else
			i += parse_short(o, argv + i);
		if (o->mode == MODE_HELP || o->mode == MODE_VERSION)
			return;
	}
	if (o->mode == MODE_NONE && o->compare)
		o->mode = MODE_ALL;
	if (o->expect && !o->compare)
		usage("--expect goes with --compare", NULL);
	if (o->repro && o->mode != MODE_PROBE && o->mode != MODE_RUN && o->mode != MODE_TEXT)
		usage("--repro goes with a probe, --run or -e", NULL);
	if (o->mode == MODE_EXPLAIN && (o->format || o->compare || o->quiet))
		usage("--explain goes with none of --format, --compare and --quiet", NULL);
	if (o->mode == MODE_NONE)
		usage("nothing is asked for: --all, or a probe of --list", NULL);
}
