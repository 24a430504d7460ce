/* Values of JSON, for the reporter that is made of them. */
#ifndef JSON_H
#define JSON_H

struct buffer;
struct result;
struct step;

/* Appends a text, whatever bytes it holds, in quotes; null for NULL. */
void json_string(struct buffer *, const char *);
/* Appends a key and a text. */
void json_member(struct buffer *, const char *key, const char *);
/* Appends "outcome" and what came of a step. */
void json_outcome(struct buffer *, const struct result *, const struct step *);

#endif
