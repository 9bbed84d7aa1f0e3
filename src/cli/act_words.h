/* SPDX-License-Identifier: MIT */
/* Entries of the journal in words, for the command line. */
#pragma once

#include "base/buf.h"
#include "store/journal.h"

/*
 * The title of the folder that a letter goes to, or that the act is about;
 * empty for other acts, and for a folder that is not there.
 */
struct span act_words_folder(struct store_txn *t, const struct act *act,
    struct arena *arena);
/*
 * What the act is about, without its kind: "letter 12 to Archive".  folder is
 * what act_words_folder gave.  Not yet cleaned for a terminal.
 */
void act_words_put(struct buf *b, const struct act *act, struct span folder);
