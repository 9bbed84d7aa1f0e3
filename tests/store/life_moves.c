/* SPDX-License-Identifier: MIT */
/*
 * Letters that are moved, copied, purged and given keywords, and folders that
 * are made, renamed and removed, while the server confirms and refuses.
 */
#include "tests/store/life.h"

#include "store/undo.h"
#include "tests/store/scratch.h"

enum { INBOX = 1, ARCHIVE = 2, PROJECT = 3 };

/* The numbers of acts, in the order in which they are made. */
enum {
	MOVE = 1,		/* of messages 1 to 4 */
	COPY = 5,		/* of 5 and 6: messages 13 and 14 */
	PURGE = 7,		/* of 7 to 9 */
	KEYWORD = 10,		/* of 10 and 11 */
	CREATE = 12,
	INTO_NEW = 13,		/* a move of 12 into what is made */
	RENAME = 14,
	SUBSCRIBE = 15,
	REMOVE = 16,
	NOTED = 17,		/* to be taken back */
};

enum { NMESSAGES = 12 };

static void
step_begin(struct store_txn *t)
{
	struct account a = { .name = SPAN("kerja"), .kind = ACCOUNT_IMAP,
		.keep = KEEP_LIVE };
	struct folder f[] = {
		{ .account = 1, .name = SPAN("INBOX"), .delimiter = '/',
		    .role = FOLDER_INBOX, .is_selectable = true },
		{ .account = 1, .name = SPAN("Arsip"), .title = SPAN("Arsip"),
		    .delimiter = '/', .is_selectable = true },
	};

	life_must(t, store_account_put(t, &a) == 1);
	life_must(t, store_folder_put(t, &f[0]) == INBOX);
	life_must(t, store_folder_put(t, &f[1]) == ARCHIVE);
	for (uint32_t i = 1; i <= NMESSAGES; i++)
		scratch_message(t, INBOX, i, i, i % 3 ? 0 : FLAG_SEEN);
	store_message_set_body(t, 5, 1, BODY_WHOLE, SPAN_LIT("text"));
}

static void
step_move(struct store_txn *t)
{
	for (uint64_t i = 0; i < 4; i++)
		life_must(t, store_act_move(t, i + 1, ARCHIVE, 1) ==
		    MOVE + i);
}

static void
step_copy(struct store_txn *t)
{
	for (uint64_t i = 0; i < 2; i++)
		life_must(t, store_act_copy(t, i + 5, ARCHIVE, 2) ==
		    COPY + i);
}

static void
step_purge(struct store_txn *t)
{
	for (uint64_t i = 0; i < 3; i++)
		life_must(t, store_act_purge(t, i + 7, 3) == PURGE + i);
}

static void
step_keyword(struct store_txn *t)
{
	static const struct span keyword = SPAN("Lama");

	store_message_server_flags(t, 11, 0, &keyword, 1);
	life_must(t, store_act_keyword(t, 10, SPAN_LIT("Proyek"), true, 4) ==
	    KEYWORD);
	life_must(t, store_act_keyword(t, 11, SPAN_LIT("lama"), false, 4) ==
	    KEYWORD + 1);
}

static void
step_folders(struct store_txn *t)
{
	life_must(t, store_act_create(t, 1, SPAN_LIT("Proyek"), 5) == CREATE);
	life_must(t, store_act_move(t, 12, PROJECT, 5) == INTO_NEW);
	life_must(t, store_act_rename(t, ARCHIVE, SPAN_LIT("Lama"), 5) ==
	    RENAME);
	life_must(t, store_act_subscribe(t, ARCHIVE, true, 5) == SUBSCRIBE);
	life_must(t, store_act_remove(t, ARCHIVE, 5) == REMOVE);
}

static void
step_undoable(struct store_txn *t)
{
	store_undo_begin(t, 6);
	life_must(t, store_act_move(t, 10, PROJECT, 6) == NOTED);
	life_must(t, store_act_purge(t, 5, 6) == NOTED + 1);
}

static void
step_undo(struct store_txn *t)
{
	struct undo_result result;

	life_must(t, store_undo_last(t, 7, &result, NULL) == ERR_OK);
	life_must(t, result.messages == 2 && result.not_undone == 0);
}

static void
become(struct store_txn *t, uint64_t act, enum act_state state)
{
	life_must(t, store_act_set(t, act, state, (struct span){ 0 },
	    DATE_NONE, 8));
}

static void
step_leave(struct store_txn *t)
{
	for (uint64_t act = MOVE; act <= RENAME; act++)
		become(t, act, ACT_SENT);
}

static void
step_answers(struct store_txn *t)
{
	become(t, MOVE, ACT_DONE);
	become(t, MOVE + 1, ACT_DONE);
	become(t, MOVE + 2, ACT_FAILED);
	become(t, MOVE + 3, ACT_UNKNOWN);
	become(t, COPY, ACT_DONE);
	become(t, COPY + 1, ACT_FAILED);
	become(t, PURGE, ACT_DONE);
	become(t, PURGE + 1, ACT_FAILED);
	become(t, PURGE + 2, ACT_QUEUED);
	become(t, KEYWORD, ACT_DONE);
	become(t, KEYWORD + 1, ACT_FAILED);
	store_folder_renamed(t, PROJECT, SPAN_LIT("INBOX/Proyek"));
	become(t, CREATE, ACT_DONE);
	become(t, RENAME, ACT_FAILED);
}

static void
step_bind(struct store_txn *t)
{
	struct envelope e = { .date = 9, .message_id =
		SPAN("1.2@host.example") };

	store_message_bind(t, 1, ARCHIVE, (struct uid){ 50 });
	life_must(t, store_message_add(t, &(struct message_new){
	    .folder = ARCHIVE, .uid = { 51 }, .arrived = 9,
	    .envelope = &e }) == 2);
}

static void
step_retry(struct store_txn *t)
{
	static const uint64_t acts[] = { MOVE + 2, MOVE + 3, COPY + 1,
		PURGE + 1, RENAME };

	life_must(t, store_act_cancel(t, REMOVE, 10, NULL) == ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		life_must(t, store_act_retry(t, acts[i], 10, NULL) ==
		    ERR_OK);
}

static void
step_end(struct store_txn *t)
{
	store_folder_renamed(t, ARCHIVE, SPAN_LIT("Lama"));
	become(t, RENAME, ACT_DONE);
	become(t, INTO_NEW, ACT_DONE);
	life_must(t, store_act_cancel(t, PURGE + 2, 11, NULL) == ERR_OK);
}

static const struct life_step steps[] = {
	{ .run = step_begin, .has_letter = true },
	{ .run = step_move },
	{ .run = step_copy },
	{ .run = step_purge },
	{ .run = step_keyword },
	{ .run = step_folders },
	{ .run = step_undoable },
	{ .run = step_undo },
	{ .run = step_leave },
	{ .run = step_answers },
	{ .run = step_bind },
	{ .run = step_retry },
	{ .run = step_end },
};

const struct life life_of_moves = { "of moves", steps, ARRAY_LEN(steps) };
