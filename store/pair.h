/* SPDX-License-Identifier: MIT */
/*
 * The index and the bodies are two files of one store, and the numbers that
 * one names mean something in the other alone.  LMDB makes a file that is
 * not there without a word; a letter that comes then gets a number that was
 * given before, and is shown for another.  So a file that was lost is told,
 * and never made anew on the quiet.  Private to store/.
 */
#pragma once

#include "store/env.h"

/* No file of that name, or nothing in it. */
bool pair_is_nothing(const char *path);
/* ERR_CORRUPT for a link that leads to a disk that was taken out. */
enum err pair_check_link(const char *path, struct error *e);

/*
 * Before the file is opened, which makes it when it is not there: ERR_CORRUPT
 * when it was there once, as the other one says.  The index is made first,
 * and is open when the bodies are asked for.
 */
enum err pair_may_open(struct store *store, enum env_kind kind,
    const char *path, const char *bodies, struct error *e);
/*
 * Of two that are open and of this schema: ERR_CORRUPT when the index names
 * a letter that the bodies have never had.
 */
enum err pair_check(struct store *store, struct error *e);
