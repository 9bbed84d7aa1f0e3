/* SPDX-License-Identifier: MIT */
/*
 * surat.conf as text: groups and keys with the lines where they stand, and
 * the values as written.  GKeyFile's syntax, read here because GKeyFile
 * forgets the lines, joins two groups of one name and keeps the last of two
 * equal keys, all of which a person wants to be told.
 *
 *   [group]
 *   key = value            ; a comment: a semicolon behind white space
 *   # a comment, as is a line that begins with a semicolon
 *
 * Escapes in values: \s \t \n \r \\ as in GKeyFile, and \; and \, for a
 * semicolon and a comma that are meant.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct config_entry {
	unsigned line;
	struct span key, value;	/* of the text; value trimmed, not unescaped */
};

struct config_group {
	unsigned line;
	struct span name;
	struct config_entry *entries;
	size_t nentries;
};

struct config_text {
	const char *path;	/* borrowed */
	struct buf bytes;	/* what the spans point into */
	bool is_private;	/* ours, and nobody else may read it */
	struct config_group *groups;
	size_t ngroups;
};

/*
 * Reads the file; the groups are arena's.  ERR_NOTFOUND when there is none,
 * ERR_IO when it cannot be read, ERR_CONFIG for what is no key file.
 */
enum err config_text_read(struct config_text *text, const char *path,
    struct arena *arena, struct error *e);
/* Overwrites the bytes, as passwords may be among them. */
void config_text_fini(struct config_text *text);

/* Fills *e with "FILE:LINE: ..." and returns ERR_CONFIG. */
enum err config_text_error(const struct config_text *text, unsigned line,
    struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* value without the comment behind it. */
struct span config_text_uncomment(struct span value);
/* Appends value with its escapes undone.  False when one is none. */
bool config_text_unescape(struct buf *out, struct span value);
