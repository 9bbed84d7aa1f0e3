/* SPDX-License-Identifier: MIT */
/*
 * What becomes of acts: letters that leave, are refused, may have left or
 * are taken back, their copies, and flags that go the same ways.
 */
#include "tests/store/life.h"

#include "store/undo.h"
#include "tests/store/scratch.h"

/* The numbers of acts, in the order in which they are made. */
enum {
	FLAGS = 1,		/* on messages 1 to 5 */
	NOTED = 6,		/* to be taken back, on messages 6 to 8 */
	NOTED_AGAIN = 9,
	LETTER = 12,		/* the first of five; it answers message 12 */
	TAKEN_BACK = 17,	/* a letter, and the same one again: */
	SENT_AGAIN = 18,
	COPY = 19,
	OTHER_COPY = 20,
};

enum { NMESSAGES = 20, NFLAGS = 5, NLETTERS = 5, LATER = 5000 };

static void
step_begin(struct store_txn *t)
{
	struct account a = { .name = SPAN("kerja"), .kind = ACCOUNT_IMAP,
		.keep = KEEP_LIVE, .sends = true };
	struct folder f = { .account = 1, .name = SPAN("INBOX"),
		.role = FOLDER_INBOX };

	life_must(t, store_account_put(t, &a) == 1);
	life_must(t, store_folder_put(t, &f) == 1);
	for (uint32_t i = 1; i <= NMESSAGES; i++)
		scratch_message(t, 1, i, i, i % 3 ? 0 : FLAG_SEEN);
}

static void
step_flags(struct store_txn *t)
{
	for (uint64_t i = 0; i < NFLAGS; i++)
		life_must(t, store_act_flags(t, i + 1, FLAG_FLAGGED, 0, 1) ==
		    FLAGS + i);
}

static void
step_undoable(struct store_txn *t)
{
	store_undo_begin(t, 2);
	for (uint64_t i = 0; i < 3; i++)
		life_must(t, store_act_flags(t, i + 6, FLAG_ANSWERED, 0, 2) ==
		    NOTED + i);
}

static void
step_undo(struct store_txn *t)
{
	struct undo_result result;

	life_must(t, store_undo_last(t, 3, &result, NULL) == ERR_OK);
	life_must(t, result.messages > 0 && result.not_undone == 0);
}

static void
step_redo(struct store_txn *t)
{
	struct undo_result result;

	life_must(t, store_redo_last(t, 4, &result, NULL) == ERR_OK);
	life_must(t, result.messages > 0 && result.not_undone == 0);
}

static uint64_t
send_letter(struct store_txn *t, const char *to, uint64_t answered)
{
	struct span recipients[] = { span_of(to), SPAN("ratna@x") };
	struct act letter = { .account = 1, .body = 1, .from = SPAN("budi@x"),
		.recipients = recipients, .nrecipients = 2,
		.subject = SPAN("Rapat"), .message_id = span_of(to),
		.not_before = 4, .answered = answered };

	return store_act_send(t, &letter, 4);
}

static void
step_letters(struct store_txn *t)
{
	static const char *const to[NLETTERS] = { "a@x", "b@x", "c@x", "d@x",
		"e@x" };

	for (size_t i = 0; i < NLETTERS; i++)
		life_must(t, send_letter(t, to[i], i == 0 ? 12 : 0) ==
		    LETTER + i);
}

static void
step_undoable_letter(struct store_txn *t)
{
	store_undo_begin(t, 5);
	life_must(t, send_letter(t, "f@x", 0) == TAKEN_BACK);
}

static void
step_copies(struct store_txn *t)
{
	struct act copy = { .account = 1, .body = 1, .subject = SPAN("Rapat"),
		.message_id = SPAN("a@x") };

	life_must(t, store_act_file(t, &copy, 6) == COPY);
	life_must(t, store_act_file(t, &copy, 6) == OTHER_COPY);
}

static void
become(struct store_txn *t, uint64_t act, enum act_state state,
    const char *answer)
{
	store_act_set(t, act, state, span_of(answer),
	    state == ACT_QUEUED ? LATER : DATE_NONE, 7);
}

static void
step_leave(struct store_txn *t)
{
	for (uint64_t i = 0; i < 4; i++)
		become(t, LETTER + i, ACT_SENT, "");
	become(t, LETTER + 4, ACT_QUEUED, "no route to the server");
	become(t, COPY, ACT_SENT, "");
	for (uint64_t i = 0; i < 3; i++)
		become(t, FLAGS + i, ACT_SENT, "");
}

static void
step_answers(struct store_txn *t)
{
	become(t, LETTER, ACT_DONE, "250 queued");
	become(t, LETTER + 1, ACT_FAILED, "550 no such user");
	become(t, LETTER + 2, ACT_UNKNOWN, "cut");
	become(t, LETTER + 3, ACT_QUEUED, "421 later");
	become(t, COPY, ACT_DONE, "");
	become(t, FLAGS, ACT_DONE, "");
	become(t, FLAGS + 1, ACT_FAILED, "NO read-only");
	become(t, FLAGS + 2, ACT_UNKNOWN, "cut");
}

static void
step_retry(struct store_txn *t)
{
	static const uint64_t acts[] = { LETTER + 1, LETTER + 2, FLAGS + 2 };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		life_must(t, store_act_retry(t, acts[i], 8, NULL) == ERR_OK);
}

static void
step_cancel(struct store_txn *t)
{
	static const uint64_t acts[] = { LETTER + 4, OTHER_COPY, FLAGS + 1,
		FLAGS + 3 };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		life_must(t, store_act_cancel(t, acts[i], 9, NULL) == ERR_OK);
}

static void
step_leave_again(struct store_txn *t)
{
	become(t, LETTER + 1, ACT_SENT, "");
	become(t, LETTER + 2, ACT_SENT, "");
	become(t, SENT_AGAIN, ACT_SENT, "");
}

static void
step_answers_again(struct store_txn *t)
{
	become(t, LETTER + 1, ACT_DONE, "250 queued");
	become(t, LETTER + 2, ACT_FAILED, "554 refused");
	become(t, SENT_AGAIN, ACT_UNKNOWN, "cut");
}

static void
step_put_away(struct store_txn *t)
{
	life_must(t, store_act_cancel(t, LETTER + 2, 10, NULL) == ERR_OK);
}

static const struct life_step steps[] = {
	{ .run = step_begin, .has_letter = true },
	{ .run = step_flags },
	{ .run = step_undoable },
	{ .run = step_undo },
	{ .run = step_redo },
	{ .run = step_letters },
	{ .run = step_undoable_letter },
	{ .run = step_undo },
	{ .run = step_redo },
	{ .run = step_copies },
	{ .run = step_leave },
	{ .run = step_answers },
	{ .run = step_retry },
	{ .run = step_cancel },
	{ .run = step_leave_again },
	{ .run = step_answers_again },
	{ .run = step_put_away },
};

const struct life life_of_acts = { "of acts", steps, ARRAY_LEN(steps) };
