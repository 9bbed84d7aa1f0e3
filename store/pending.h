/* SPDX-License-Identifier: MIT */
/*
 * What the user's acts that no server has confirmed make of the flags of a
 * message.  Private to store/.
 */
#pragma once

#include "store/store.h"

/* server_flags with the pending acts of the message on top, oldest first. */
uint32_t pending_flags(struct store_txn *t, uint64_t message,
    uint32_t server_flags);
