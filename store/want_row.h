/* SPDX-License-Identifier: MIT */
/* What others in store/ need to know of wants; store/want.h is for all. */
#pragma once

#include "store/want.h"

/* Somebody waits for something of the message, whatever it is. */
bool want_is_any(struct store_txn *t, uint64_t message);
