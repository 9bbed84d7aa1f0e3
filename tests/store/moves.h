/* SPDX-License-Identifier: MIT */
/*
 * An account with three folders of a server, for tests of what moves between
 * them, and short words for what is done and asked.  Every call is a commit
 * of its own, after which the store must be whole.
 */
#pragma once

#include "tests/store/scratch.h"

enum { MOVES_NOW = 50 };

struct moves {
	struct scratch s;
	uint32_t account, inbox, archive, trash;
};

void moves_init(struct moves *w);
void moves_fini(struct moves *w);

/* A letter that the server has in the folder. */
uint64_t moves_letter(struct moves *w, uint32_t folder, uint32_t uid,
    uint32_t flags);
/* The server tells of a letter with a Message-ID and a size. */
uint64_t moves_arrives(struct moves *w, uint32_t folder, uint32_t uid,
    const char *message_id, uint64_t size);
void moves_become(struct moves *w, uint64_t act, enum act_state state);
enum err moves_cancel(struct moves *w, uint64_t act);
enum err moves_retry(struct moves *w, uint64_t act);

uint64_t moves_move(struct moves *w, uint64_t message, uint32_t target);
uint64_t moves_copy(struct moves *w, uint64_t message, uint32_t target);
uint64_t moves_purge(struct moves *w, uint64_t message);
uint64_t moves_flags(struct moves *w, uint64_t message, uint32_t add,
    uint32_t remove);
void moves_bind(struct moves *w, uint64_t message, uint32_t folder,
    uint32_t uid);

/* Without spans. */
struct message moves_get(struct moves *w, uint64_t message);
bool moves_has(struct moves *w, uint64_t message);
uint64_t moves_by_uid(struct moves *w, uint32_t folder, uint32_t uid);
uint64_t moves_copy_of(struct moves *w, uint64_t act);
enum act_state moves_state(struct moves *w, uint64_t act);

/* The user sees the message there (0: in no folder), the server has it so. */
void moves_expect(struct moves *w, uint64_t message, uint32_t folder,
    uint32_t server_folder, uint32_t uid);
/* As many are in the folder, in its counts and in its list. */
void moves_expect_total(struct moves *w, uint32_t folder, uint32_t total);
