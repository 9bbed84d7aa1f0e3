/* SPDX-License-Identifier: MIT */
/* Mail that comes, changes, is answered and goes. */
#include "tests/store/life.h"

#include "store/budget.h"
#include "store/part.h"
#include "store/undo.h"
#include "store/want.h"
#include "tests/store/scratch.h"

static void
step_folder(struct store_txn *t)
{
	struct folder f = { .account = 1, .name = SPAN("INBOX") };

	store_folder_put(t, &f);
}

static void
step_messages(struct store_txn *t)
{
	for (uint32_t i = 1; i <= 200; i++)
		scratch_message(t, 1, i, i, i % 3 ? 0 : FLAG_SEEN);
}

static void
step_flags(struct store_txn *t)
{
	for (uint64_t i = 1; i <= 50; i++)
		store_act_flags(t, i, FLAG_FLAGGED, 0, 1);
}

static void
step_done(struct store_txn *t)
{
	for (uint64_t i = 1; i <= 40; i++)
		store_act_set(t, i, i % 2 ? ACT_DONE : ACT_FAILED,
		    (struct span){ 0 }, DATE_NONE, 2);
}

static void
step_body(struct store_txn *t)
{
	/* The first body of all; it was written before. */
	store_message_set_body(t, 7, 1, BODY_WHOLE, SPAN_LIT("text"));
}

static void
step_remove(struct store_txn *t)
{
	for (uint64_t i = 1; i <= 100; i += 2)
		store_message_remove(t, i);
}

/* A letter that joins two threads which were apart until then. */
static void
step_threads(struct store_txn *t)
{
	static struct span ids[] = { SPAN("a@x"), SPAN("b@x"), SPAN("c@x") };

	for (uint32_t i = 0; i < 3; i++) {
		struct envelope e = { .date = i, .subject = SPAN("Rapat"),
			.message_id = ids[i], .references = ids,
			.nreferences = i == 2 ? 2 : 0 };

		store_message_add(t, &(struct message_new){ .folder = 1,
		    .uid = { 1000 + i }, .arrived = i, .envelope = &e });
	}
}

static void
step_part(struct store_txn *t)
{
	store_part_put(t, 10, SPAN_LIT("1.2"), 1);
	store_message_keep(t, 10, true);
	store_want_body(t, 10);
}

static void
step_send(struct store_txn *t)
{
	struct span to = SPAN("ratna@x");
	struct act letter = { .account = 1, .body = 1, .from = SPAN("budi@x"),
		.recipients = &to, .nrecipients = 1, .not_before = DATE_NONE };

	store_act_send(t, &letter, 3);
}

static void
step_undoable(struct store_txn *t)
{
	store_undo_begin(t, 4);
	for (uint64_t i = 102; i <= 120; i += 2)
		store_act_flags(t, i, FLAG_ANSWERED, 0, 4);
}

static void
step_undo(struct store_txn *t)
{
	struct undo_result result;

	if (store_undo_last(t, 5, &result, NULL) != ERR_OK)
		t->error.kind = ERR_USAGE;
}

static const struct life_step steps[] = {
	{ .run = step_folder },
	{ .run = step_messages },
	{ .run = step_flags },
	{ .run = step_done },
	{ .run = step_body, .has_letter = true },
	{ .run = step_remove },
	{ .run = step_threads },
	{ .run = step_part },
	{ .run = step_send },
	{ .run = step_undoable },
	{ .run = step_undo },
};

const struct life life_of_mail = { "of mail", steps, ARRAY_LEN(steps) };
