/* SPDX-License-Identifier: MIT */
/* The part of store_check that reads the bodies.  Private to store/. */
#pragma once

#include "store/store.h"

/* Unpacks every letter and compares it with its hash; fails t. */
void body_check(struct store_txn *t);
