/* SPDX-License-Identifier: MIT */
/*
 * When the body of a message was read last, or came: there is a stamp as long
 * as the row has a body or parts, and by_read follows from the stamps.
 * Private to store/; store/budget.h is for everybody else.
 */
#pragma once

#include "store/key.h"
#include "store/store.h"

struct body_read {
	uint32_t account;
	int64_t when;
};

/* False when the message has no body. */
bool body_read_get(struct store_txn *t, uint64_t message,
    struct body_read *out);
/* Stamps it, whatever was there. */
void body_read_put(struct store_txn *t, uint64_t message,
    struct body_read read);
/* A body has come, now; a stamp that is there stays. */
void body_read_begin(struct store_txn *t, uint64_t message, uint32_t account);
/* The body has gone, and the stamp with it, if there was one. */
void body_read_end(struct store_txn *t, uint64_t message);

/* account, when, message: the key of by_read. */
struct key body_read_key(struct body_read read, uint64_t message);
