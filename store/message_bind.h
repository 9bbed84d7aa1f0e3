/* SPDX-License-Identifier: MIT */
/*
 * Rows that the server moved or copied and whose UID it did not say.
 * Private to store/; the questions are in store/message.h.
 */
#pragma once

#include "store/message.h"

/*
 * A message that a folder of the server was found to have: the unbound row
 * that it is, which gets the UID; 0 when it is none of them.
 */
uint64_t message_claim(struct store_txn *t, const struct message_new *m);
