/* SPDX-License-Identifier: MIT */
/* Parts as they follow their message.  Private to store/. */
#pragma once

#include "store/part.h"

/* Takes all parts off a message of that account; its row is left alone. */
void parts_drop(struct store_txn *t, uint64_t message, uint32_t account);
/* Gives a message of the same account those that another one has. */
void parts_copy(struct store_txn *t, uint64_t from, uint64_t to);
/*
 * Writes one, of a message of that account, with what follows from it and in
 * place of what the section had; the row is left alone.
 */
void part_write(struct store_txn *t, uint64_t message, uint32_t account,
    const struct part *part);
/*
 * No section before this one has the same bytes: the entry in body_uses of
 * all that do is called for by this part.
 */
bool part_is_first(struct store_txn *t, uint64_t message,
    const struct part *part);
