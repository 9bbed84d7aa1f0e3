/* SPDX-License-Identifier: MIT */
/*
 * Folders as they are stored, for those who make a store from another one.
 * Private to store/.
 */
#pragma once

#include "store/folder.h"

/* Without the counts; spans are borrowed from the map. */
bool folder_load(struct store_txn *t, uint32_t id, struct folder *out);
/* What follows from a record that is there; the counts are those of none. */
void folder_index(struct store_txn *t, uint32_t id);
/* A local folder "Recovered ID", for rows whose own is lost. */
void folder_restore(struct store_txn *t, uint32_t id, uint32_t account);
