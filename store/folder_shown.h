/* SPDX-License-Identifier: MIT */
/*
 * What the user's acts on folders that no server has confirmed make of what
 * the server says.  Private to store/.
 */
#pragma once

#include "base/buf.h"
#include "store/journal.h"
#include "store/folder.h"

/*
 * The first pending act on a folder of the account above `after`; false:
 * there is none.  Spans are of the map.
 */
bool folder_act_next(struct store_txn *t, uint32_t account, uint64_t after,
    struct act *out);
/* Of one kind and folder. */
bool folder_act_find(struct store_txn *t, const struct folder *f,
    enum act_kind kind, uint64_t after, struct act *out);

/*
 * *f is as the server says (id 0: not stored yet); its title, is_gone and
 * is_subscribed become what the user is to see.
 */
void folder_show(struct store_txn *t, struct folder *f, struct arena *arena);
/*
 * A folder whose name was never heard of: the pending one of its title, which
 * gets the name; 0 when it is none of them.
 */
uint32_t folder_claim(struct store_txn *t, const struct folder *folder);

/*
 * What becomes of a title (or a name) when a folder gets another one: false
 * when it is neither that folder's nor one below it, else the new one is
 * appended.
 */
bool folder_title_moves(struct span title, struct span from, struct span to,
    char delimiter, struct buf *out);
