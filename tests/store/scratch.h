/* SPDX-License-Identifier: MIT */
/*
 * A store in a directory of its own for one test, and the few lines that
 * every test needs to fill it.  Failures end the test.
 */
#pragma once

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "store/account.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/message.h"
#include "store/view.h"

struct scratch {
	char dir[256];
	struct store *store;
};

/* Closes and removes everything; also for CLEANUP. */
void scratch_fini(struct scratch *s);
/* A file, or a directory with all that is in it; nothing when not there. */
void scratch_remove(const char *path);
/* An empty directory, no store yet. */
void scratch_dir(struct scratch *s);
/* With an open store. */
void scratch_init(struct scratch *s);
void scratch_open(struct scratch *s);
void scratch_close(struct scratch *s);
/* scratch_check, and what is read from here on comes from the files. */
void scratch_reopen(struct scratch *s);
/* "dir/name", valid until the next call. */
const char *scratch_path(const struct scratch *s, const char *name);

/* Begin and commit that must succeed. */
struct store_txn scratch_write(struct scratch *s);
struct store_txn scratch_read(struct scratch *s);
void scratch_commit(struct store_txn *t);

uint32_t scratch_account(struct scratch *s, const char *name);
uint32_t scratch_folder(struct scratch *s, uint32_t account, const char *name,
    enum folder_role role, bool is_local);
/* A small message within t; uid 0: local.  Returns its id. */
uint64_t scratch_message(struct store_txn *t, uint32_t folder, uint32_t uid,
    int64_t date, uint32_t flags);
uint64_t scratch_body(struct scratch *s, struct span bytes);
struct message scratch_get(struct scratch *s, uint64_t id, struct arena *a);
struct act scratch_act(struct scratch *s, uint64_t id, struct arena *a);

/* store_check must be content. */
void scratch_check(struct scratch *s);
