/* SPDX-License-Identifier: MIT */
/*
 * Choosing a folder of one account by what is typed of its title: the same
 * for completing and for the answer.  The inbox also goes by its name in the
 * user's language.
 */
#pragma once

#include "store/folder.h"
#include "ui/prompt.h"

enum { FOLDER_PICK_MAX = 20 };

/*
 * Folders that fit, best first, which can hold letters and are not `except`;
 * `first` (0: none) leads those that fit as well as it does.
 */
void folder_pick_complete(struct store_txn *t, uint32_t account,
    uint32_t except, uint32_t first, struct span typed,
    struct completion *out);
/*
 * The folder that is meant.  ERR_NOTFOUND: none fits; ERR_REFUSED: several
 * fit as well.  Spans are the arena's.
 */
enum err folder_pick(struct store_txn *t, uint32_t account, uint32_t except,
    struct span typed, struct arena *arena, struct folder *out);
/* What people call the folder: its title, but for the inbox. */
struct span folder_pick_name(const struct folder *folder);
