/* A case in a few words, for the formats that have no room for more than a line of it. */
#ifndef BRIEF_H
#define BRIEF_H

struct buffer;
struct here;
struct opinion;
struct result;
struct step;
struct totals;

/* Whether the verdict makes a case fail: 1 for unresolved, a surprise, a violation. */
int brief_fails(const struct result *);
/* The step that decided: the first that has the verdict of the case; NULL where none has, as when a need is not met. */
const struct step *brief_step(const struct result *);
/* Who was not obeyed at that step, POSIX before the platform; NULL: nobody. */
const struct opinion *brief_opinion(const struct result *, const struct step *);
/* Appends the name of a case: "offset off=1000". */
void brief_name(struct buffer *, const struct result *);
/* Appends what came of a step, "EINVAL", and what was allowed instead, "EINVAL or ok": "ok" for a step without a claim. */
void brief_got(struct buffer *, const struct result *, const struct step *);
void brief_expected(struct buffer *, const struct result *, const struct step *);
/* Appends what a verdict means; of unsupported, what is absent. */
void brief_reason(struct buffer *, const struct result *);
/* Appends all of that in a line: "mmap(...): got EINVAL, expected ok (posix: mmap: shall)". */
void brief_sentence(struct buffer *, const struct result *);
/* Appends every step, a line each, with what is claimed under it; nothing where the case was not run. */
void brief_transcript(struct buffer *, const struct result *);
/* Appends the platform in a line: "Linux 6.18 x86_64, page 4096, ...". */
void brief_here(struct buffer *, const struct here *);
/* Appends the counts: "3 cases of 2 probes: 2 ok, 1 noted". */
void brief_totals(struct buffer *, const struct totals *);

#endif
