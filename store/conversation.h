/* SPDX-License-Identifier: MIT */
/*
 * A conversation: every message of a thread, wherever it lies: in all
 * folders of all accounts, the answers in Sent included.
 */
#pragma once

#include "store/message.h"

/*
 * Up to max messages of the thread of `message` into *out (in the arena), in
 * tree order, each with its depth.  Copies of one letter are one entry, which
 * counts them: the one with a whole body, else one in the folder of
 * `message`, else the one with the lowest id.  Copies have the Message-ID,
 * the sender's address, the date and the base subject of the letter; what
 * has only its Message-ID is another letter.  Of a thread of more than
 * 10,000 members the newest ones, by date, newest last, without depth;
 * copies are then one entry only where they stand next to each other.
 * 0 when there is no such message.
 */
size_t store_conversation(struct store_txn *t, uint64_t message, size_t max,
    struct arena *arena, struct message **out);
