/* SPDX-License-Identifier: MIT */
/*
 * What servers and the configuration say: folders that come and go, flags
 * that others changed, a maildrop of POP3, groups; and what is kept.
 */
#include "tests/store/life.h"

#include "store/budget.h"
#include "store/group.h"
#include "store/uidl.h"
#include "store/want.h"
#include "tests/store/scratch.h"

enum { WORK = 1, MAILDROP = 2, FORMER = 3 };		/* accounts */
enum { INBOX = 1, ARCHIVE = 2, DROP = 3 };		/* folders */
enum { EACH = 30, FIRST_ARCHIVED = EACH + 1, NLETTERS = 6 };

static void
step_accounts(struct store_txn *t)
{
	static const uint32_t kept[] = { WORK, MAILDROP };
	struct account a[] = {
		{ .name = SPAN("kerja"), .kind = ACCOUNT_IMAP,
		    .keep = KEEP_LIVE },
		{ .name = SPAN("rumah"), .kind = ACCOUNT_POP3,
		    .keep = KEEP_OFFLINE, .order = 1 },
		{ .name = SPAN("lama"), .kind = ACCOUNT_IMAP,
		    .keep = KEEP_LIVE, .order = 2 },
	};

	for (uint32_t i = 0; i < ARRAY_LEN(a); i++)
		life_must(t, store_account_put(t, &a[i]) == i + 1);
	store_account_keep_only(t, kept, ARRAY_LEN(kept));
}

static void
step_folders(struct store_txn *t)
{
	struct folder f[] = {
		{ .account = WORK, .name = SPAN("INBOX"),
		    .role = FOLDER_INBOX },
		{ .account = WORK, .name = SPAN("Arsip"),
		    .role = FOLDER_ARCHIVE },
		{ .account = MAILDROP, .name = SPAN("INBOX"),
		    .role = FOLDER_INBOX, .is_local = true },
	};

	for (uint32_t i = 0; i < ARRAY_LEN(f); i++) {
		f[i].id = store_folder_put(t, &f[i]);
		life_must(t, f[i].id == i + 1);
		f[i].uidvalidity = 7 + i;
		f[i].uidnext = EACH + 1;
		f[i].complete_from = 1;
		store_folder_put_state(t, &f[i]);
	}
}

static void
step_messages(struct store_txn *t)
{
	for (uint32_t i = 1; i <= EACH; i++)
		scratch_message(t, INBOX, i, i, i % 3 ? 0 : FLAG_SEEN);
	for (uint32_t i = 1; i <= EACH; i++)
		scratch_message(t, ARCHIVE, i, i, FLAG_SEEN);
	for (uint64_t id = 20; id < 40; id += 3)
		store_message_set_body(t, id, 1, BODY_WHOLE, SPAN_LIT("text"));
}

/* What is wanted of a folder that is going to be cleared. */
static void
step_wishes(struct store_txn *t)
{
	for (uint64_t id = FIRST_ARCHIVED; id < FIRST_ARCHIVED + 20; id += 4) {
		store_act_flags(t, id, FLAG_FLAGGED, 0, 1);
		store_want_body(t, id);
		store_message_keep(t, id + 1, true);
	}
	for (uint64_t id = 1; id <= 6; id++)
		store_want_body(t, id);
	store_message_keep(t, 7, true);
	store_message_keep(t, 8, true);
}

static void
step_fewer_wishes(struct store_txn *t)
{
	store_want_done(t, 2);
	store_want_done(t, 5);
	store_want_body(t, 1);
	store_message_keep(t, 7, false);
	store_message_keep(t, 9, true);
}

/* Also under an act that waits, which stays on top. */
static void
step_server_flags(struct store_txn *t)
{
	static const struct span keywords[] = { SPAN("penting"), SPAN("x") };

	store_act_flags(t, 1, FLAG_SEEN, 0, 2);
	for (uint64_t id = 1; id <= 12; id++)
		store_message_server_flags(t, id, FLAG_FLAGGED |
		    (id % 2 ? FLAG_ANSWERED : FLAG_DELETED), keywords,
		    id % 3);
}

static void
step_other_server_flags(struct store_txn *t)
{
	static const struct span keyword = SPAN("selesai");

	for (uint64_t id = 3; id <= 15; id++)
		store_message_server_flags(t, id, id % 2 ? FLAG_SEEN : 0,
		    &keyword, id % 4 == 0);
}

static void
step_groups(struct store_txn *t)
{
	static const struct span folders[] = { SPAN("kerja"),
		SPAN("rumah/INBOX") };
	static const struct span names[] = { SPAN("Kantor"), SPAN("Semua"),
		SPAN("Lama") };

	for (uint32_t i = 0; i < ARRAY_LEN(names); i++)
		store_group_put(t, &(struct group){ names[i], i, folders,
		    1 + i % 2 });
}

static void
step_fewer_groups(struct store_txn *t)
{
	static const struct span folder = SPAN("kerja/Arsip");
	static const struct span names[] = { SPAN("Semua"), SPAN("Baru") };

	store_group_put(t, &(struct group){ names[1], 0, &folder, 1 });
	store_group_keep_only(t, names, ARRAY_LEN(names));
}

static const struct span letters[NLETTERS] = { SPAN("a1"), SPAN("a2"),
	SPAN("b"), SPAN("c"), SPAN("d"), SPAN("zz") };

static void
step_listed(struct store_txn *t)
{
	for (size_t i = 0; i < NLETTERS; i++)
		store_uidl_put(t, MAILDROP, &(struct uidl){
		    .uidl = letters[i], .state = UIDL_NEW,
		    .first_seen = 100 + (int64_t)i, .fetched_at = DATE_NONE });
}

static uint64_t
add_letter(struct store_txn *t, struct span uidl)
{
	struct envelope envelope = { .date = 9, .subject = uidl };

	return store_message_add(t, &(struct message_new){ .folder = DROP,
	    .uidl = uidl, .arrived = 10, .envelope = &envelope, .body = 1,
	    .body_state = BODY_WHOLE });
}

static void
step_fetched(struct store_txn *t)
{
	for (size_t i = 0; i < NLETTERS - 1; i++)
		store_uidl_put(t, MAILDROP, &(struct uidl){
		    .uidl = letters[i], .state = UIDL_FETCHED,
		    .first_seen = 100 + (int64_t)i, .fetched_at = 200,
		    .message = add_letter(t, letters[i]) });
}

/* One was removed here, one is to be removed there, one is gone there. */
static void
step_dele(struct store_txn *t)
{
	struct uidl u;

	life_must(t, store_uidl_get(t, MAILDROP, letters[0], &u));
	store_message_remove(t, u.message);
	life_must(t, store_uidl_get(t, MAILDROP, letters[1], &u));
	u.state = UIDL_DELE_SENT;
	store_uidl_put(t, MAILDROP, &u);
	store_uidl_remove(t, MAILDROP, letters[2]);
}

static void
step_clear(struct store_txn *t)
{
	life_must(t, store_folder_clear(t, ARCHIVE, 12));
}

static void
step_clear_rest(struct store_txn *t)
{
	life_must(t, !store_folder_clear(t, ARCHIVE, 12));
}

static void
step_gone(struct store_txn *t)
{
	static const uint32_t kept[] = { WORK };
	struct folder f = { .account = WORK, .name = SPAN("Arsip"),
		.role = FOLDER_ARCHIVE, .is_gone = true };

	life_must(t, store_folder_put(t, &f) == ARCHIVE);
	store_account_keep_only(t, kept, ARRAY_LEN(kept));
	store_wants_clear(t, WORK);
}

static const struct life_step steps[] = {
	{ .run = step_accounts },
	{ .run = step_folders, .has_letter = true },
	{ .run = step_messages },
	{ .run = step_wishes },
	{ .run = step_fewer_wishes },
	{ .run = step_server_flags },
	{ .run = step_other_server_flags },
	{ .run = step_groups },
	{ .run = step_fewer_groups },
	{ .run = step_listed },
	{ .run = step_fetched },
	{ .run = step_dele },
	{ .run = step_clear },
	{ .run = step_clear },
	{ .run = step_clear_rest },
	{ .run = step_gone },
};

const struct life life_of_folders = { "of folders", steps, ARRAY_LEN(steps) };
