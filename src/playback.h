/* A saved report as a platform: what was seen on a machine that one does not have is judged again. */
#ifndef PLAYBACK_H
#define PLAYBACK_H

struct platform;
struct result;
struct saved;
struct saved_case;

struct playback {
	const char *path;
	const struct saved_case *from;
	const struct result *result;    /* the case that is being judged, for its variables */
};

/* Makes that platform; the playback is filled in before each case. Words that cannot be read end the program with EXIT_USAGE. */
void playback_platform(struct platform *, struct playback *);
/* Sets the facts (PAGE, ROOT, ...) to those of the report. */
void playback_facts(const struct saved *);

#endif
