/* SPDX-License-Identifier: MIT */
/* Commands that do something to letters by their ids. */
#pragma once

#include "src/cli/cli.h"

/*
 * Calls `each` for every letter that is named, in one transaction that is one
 * step to take back: all of it or nothing.  `each` returns EX_OK, or the exit
 * code of a sentence that it has printed; nothing is changed then.  A letter
 * that is in no folder is none.
 */
int letters_each(struct cli *cli, char *const *ids, int n,
    int (*each)(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx), const void *ctx);
/* The folder of a path; 0 and a printed sentence when there is none. */
uint32_t letters_folder(struct cli *cli, struct store_txn *t,
    const char *path);
/* Prints that the act on a letter is refused; returns the exit code. */
int letters_refused(const struct cli *cli, uint64_t id, const char *why);
