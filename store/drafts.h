/* SPDX-License-Identifier: MIT */
/*
 * The unfinished letters: the directory STORE_DRAFTS (store/store.h) beside
 * the files of the store, which nothing else here looks into.  It goes where
 * the store goes.  Plain files only; whatever else is in it stays behind.
 * Private to store/.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* Whether there is one in dir, with anything in it. */
bool drafts_are_in(const char *dir);
/*
 * Copies those of `from` to `to`, another directory of that kind, durably
 * and with their dates; none is no failure.  They stay in `from`, too.
 */
enum err drafts_copy(const char *from, const char *to, struct error *e);
/* What drafts_copy made in dir. */
void drafts_remove(const char *dir);
