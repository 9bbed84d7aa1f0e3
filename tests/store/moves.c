/* SPDX-License-Identifier: MIT */
#include "tests/store/moves.h"

void
moves_init(struct moves *w)
{
	scratch_init(&w->s);
	w->account = scratch_account(&w->s, "kerja");
	w->inbox = scratch_folder(&w->s, w->account, "INBOX", FOLDER_INBOX,
	    false);
	w->archive = scratch_folder(&w->s, w->account, "Arsip",
	    FOLDER_ARCHIVE, false);
	w->trash = scratch_folder(&w->s, w->account, "Sampah", FOLDER_TRASH,
	    false);
}

void
moves_fini(struct moves *w)
{
	scratch_fini(&w->s);
}

static void
end(struct moves *w, struct store_txn *t)
{
	scratch_commit(t);
	scratch_check(&w->s);
}

uint64_t
moves_letter(struct moves *w, uint32_t folder, uint32_t uid, uint32_t flags)
{
	struct store_txn t = scratch_write(&w->s);
	uint64_t id = scratch_message(&t, folder, uid, uid, flags);

	end(w, &t);
	return id;
}

uint64_t
moves_arrives(struct moves *w, uint32_t folder, uint32_t uid,
    const char *message_id, uint64_t size)
{
	struct store_txn t = scratch_write(&w->s);
	struct envelope e = { .date = uid, .message_id = span_of(message_id) };
	uint64_t id = store_message_add(&t, &(struct message_new){
	    .folder = folder, .uid = { uid }, .size = size,
	    .arrived = DATE_NONE, .envelope = &e });

	end(w, &t);
	return id;
}

void
moves_become(struct moves *w, uint64_t act, enum act_state state)
{
	struct store_txn t = scratch_write(&w->s);

	cr_assert(store_act_set(&t, act, state, (struct span){ 0 }, DATE_NONE,
	    MOVES_NOW + 1));
	end(w, &t);
}

enum err
moves_cancel(struct moves *w, uint64_t act)
{
	struct store_txn t = scratch_write(&w->s);
	enum err err = store_act_cancel(&t, act, MOVES_NOW + 2, NULL);

	end(w, &t);
	return err;
}

enum err
moves_retry(struct moves *w, uint64_t act)
{
	struct store_txn t = scratch_write(&w->s);
	enum err err = store_act_retry(&t, act, MOVES_NOW + 3, NULL);

	end(w, &t);
	return err;
}

uint64_t
moves_move(struct moves *w, uint64_t message, uint32_t target)
{
	struct store_txn t = scratch_write(&w->s);
	uint64_t act = store_act_move(&t, message, target, MOVES_NOW);

	end(w, &t);
	return act;
}

uint64_t
moves_copy(struct moves *w, uint64_t message, uint32_t target)
{
	struct store_txn t = scratch_write(&w->s);
	uint64_t act = store_act_copy(&t, message, target, MOVES_NOW);

	end(w, &t);
	return act;
}

uint64_t
moves_purge(struct moves *w, uint64_t message)
{
	struct store_txn t = scratch_write(&w->s);
	uint64_t act = store_act_purge(&t, message, MOVES_NOW);

	end(w, &t);
	return act;
}

uint64_t
moves_flags(struct moves *w, uint64_t message, uint32_t add, uint32_t remove)
{
	struct store_txn t = scratch_write(&w->s);
	uint64_t act = store_act_flags(&t, message, add, remove, MOVES_NOW);

	end(w, &t);
	return act;
}

void
moves_bind(struct moves *w, uint64_t message, uint32_t folder, uint32_t uid)
{
	struct store_txn t = scratch_write(&w->s);

	store_message_bind(&t, message, folder, (struct uid){ uid });
	end(w, &t);
}

struct message
moves_get(struct moves *w, uint64_t message)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_get(&w->s, message, &arena);
}

bool
moves_has(struct moves *w, uint64_t message)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_read(&w->s);
	struct message m;
	bool has = store_message_get(&t, message, &arena, &m);

	scratch_commit(&t);
	return has;
}

uint64_t
moves_by_uid(struct moves *w, uint32_t folder, uint32_t uid)
{
	struct store_txn t = scratch_read(&w->s);
	uint64_t id = store_message_by_uid(&t, folder, (struct uid){ uid });

	scratch_commit(&t);
	return id;
}

uint64_t
moves_copy_of(struct moves *w, uint64_t act)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_act(&w->s, act, &arena).copy;
}

enum act_state
moves_state(struct moves *w, uint64_t act)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_act(&w->s, act, &arena).state;
}

void
moves_expect(struct moves *w, uint64_t message, uint32_t folder,
    uint32_t server_folder, uint32_t uid)
{
	struct message m = moves_get(w, message);

	cr_expect_eq(m.folder, folder, "folder %u, not %u", m.folder, folder);
	cr_expect_eq(m.server_folder, server_folder, "server's folder %u, "
	    "not %u", m.server_folder, server_folder);
	cr_expect_eq(m.uid.v, uid, "uid %u, not %u", m.uid.v, uid);
	cr_expect_eq(m.is_unbound, uid == 0);
	if (uid)
		cr_expect_eq(moves_by_uid(w, server_folder, uid), message);
}

void
moves_expect_total(struct moves *w, uint32_t folder, uint32_t total)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_read(&w->s);
	struct view view;
	struct message *list;
	struct folder f;
	size_t n;

	cr_assert(store_folder_get(&t, folder, &arena, &f));
	store_view_folder(folder, &view);
	n = store_view_page(&t, &view, VIEW_TOP, (struct view_position){ 0 },
	    100, &arena, &list);
	cr_expect_eq(f.total, total, "counted %u, not %u", f.total, total);
	cr_expect_eq(n, total, "listed %zu, not %u", n, total);
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(list[i].folder, folder);
	scratch_commit(&t);
}
