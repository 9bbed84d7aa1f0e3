/* SPDX-License-Identifier: MIT */
/*
 * The forms that values of surat.conf have.  Every reader takes the value
 * without comment and fills what it is given, or says false.
 */
#pragma once

#include "src/core/config.h"

/* yes, no, true, false. */
bool config_value_bool(struct span value, bool *out);

/* "30s", "5m", "2h", "14d", and 0; in seconds, at most 10 years. */
bool config_value_duration(struct span value, unsigned *seconds);

/* "500K", "200M", "5G" (of 1024 each), at most a million of the last. */
bool config_value_octets(struct span value, uint64_t *octets);

/*
 * An order of lists by its name: "date", "sender", "subject", "size",
 * "thread".  False: there is no such order, and *nearest (may be NULL) the
 * name that was probably meant, or NULL.
 */
bool config_value_order(struct span value, enum view_order *out,
    const char **nearest);

/*
 * A list by comma, escapes undone, empty items dropped.  upper: in capital
 * letters, as extensions are announced.
 */
bool config_value_list(struct span value, bool upper, struct arena *arena,
    const char *const **out, size_t *n);

/*
 * scheme://[user@]host[:port][/], the user percent-encoded where it has to
 * be.  protocol: CONFIG_SMTP, or CONFIG_IMAP for both that receive.  out->user
 * is NULL when it is not there.  NULL when all is well; else what is wrong,
 * for the person, arena's or static.
 */
const char *config_value_server(struct span value,
    enum config_protocol protocol, struct arena *arena,
    struct config_server *out);

/*
 * The word of the list that was probably meant: the nearest by edits
 * (insert, delete, replace, swap), or NULL when none is near.
 */
const char *config_value_nearest(struct span word, const char *const *words,
    size_t n);
