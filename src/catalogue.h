/* The embedded probes: the files of probes/, a topic each. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stddef.h>

struct script;

/* How many topics there are, and the name of one. */
int catalogue_topics(void);
const char *catalogue_topic(int);
/* Parses the probes of one topic; script_free() frees them. */
void catalogue_load(int topic, struct script *);
/* Parses the one probe of that name: 0, or -1 where there is none. */
int catalogue_find(const char *name, struct script *);

#endif
