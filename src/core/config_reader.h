/* SPDX-License-Identifier: MIT */
/*
 * A table of keys, each with the function that reads its value into a field;
 * shared by the groups of surat.conf.  Private to config*.c.
 */
#pragma once

#include <stddef.h>

#include "src/core/config.h"
#include "src/core/config_text.h"

/* One reading; the value's functions find what they need in it. */
struct config_reader {
	struct config *config;
	const struct config_text *text;
	const struct config_entry *entry;
	struct span value;		/* of entry, as the key's rule says */
	struct span key_rest;		/* "INBOX" of "keep INBOX" */
	struct error *e;
};

enum {
	CONFIG_PLAIN = 0,
	CONFIG_LITERAL = 1 << 0,	/* a ";" in it begins no comment */
	CONFIG_REST = 1 << 1,		/* more words may follow the key */
};

struct config_rule {
	const char *key;
	enum err (*read)(struct config_reader *r, void *field);
	size_t field;			/* its offset in the struct */
	unsigned how;			/* of the bits above */
};

/* "FILE:LINE: key: what". */
enum err config_refuse(const struct config_reader *r, const char *what);

/* The functions of rules; field is a const char **, or a bool *. */
enum err config_read_string(struct config_reader *r, void *field);
/* A string that is of no use when empty. */
enum err config_read_text(struct config_reader *r, void *field);
/* Made absolute. */
enum err config_read_path(struct config_reader *r, void *field);
enum err config_read_bool(struct config_reader *r, void *field);

/* Reads every entry of the group into *to. */
enum err config_read_group(struct config_reader *r,
    const struct config_group *group, const struct config_rule *rules,
    size_t n, void *to);
