/* SPDX-License-Identifier: MIT */
/*
 * Folders as they are stored, for those who make a store from another one.
 * Private to store/.
 */
#pragma once

#include "store/folder.h"
#include "store/key.h"

/* Without the counts; spans are borrowed from the map. */
bool folder_load(struct store_txn *t, uint32_t id, struct folder *out);
/* Writes the record alone; spans may be of the map. */
void folder_write(struct store_txn *t, const struct folder *f);
/* The same, heard by those who follow changes. */
void folder_change(struct store_txn *t, const struct folder *f);
/*
 * Writes a new one, with all that follows, under f->name or, when that is
 * empty, one that no server can have.  Gives f->id as well; 0 on failure.
 */
uint32_t folder_make(struct store_txn *t, struct folder *f);

struct key folder_name_key(uint32_t account, struct span name);
/* The folder that has a name; 0: none. */
uint32_t folder_of_name(struct store_txn *t, const struct key *key);
/*
 * Writes the folder, which has that name from now on and no other one; who
 * had it gets one that no server can have, and is gone.  Spans are not of the
 * map.
 */
void folder_name(struct store_txn *t, struct folder *f, struct span name);

/* What follows from a record that is there; the counts are those of none. */
void folder_index(struct store_txn *t, uint32_t id);
/* A local folder "Recovered ID", for rows whose own is lost. */
void folder_restore(struct store_txn *t, uint32_t id, uint32_t account);
