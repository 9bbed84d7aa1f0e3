/* SPDX-License-Identifier: MIT */
/*
 * The folders of the store that a session can select, and which of them is
 * home: made anew whenever the list of folders changed, with what was known
 * of them kept.
 */
#include "src/core/imap_listing.h"

#include "base/cleanup.h"
#include "src/core/config_keep.h"
#include "src/core/imap_names.h"

struct imap_box *
imap_box_of(struct imap_session *s, uint32_t folder)
{
	for (size_t i = 0; i < s->nboxes; i++)
		if (s->boxes[i].id == folder)
			return &s->boxes[i];
	return NULL;
}

/* First contact: there is an INBOX, whatever LIST will say. */
static bool
folders_make_inbox(struct imap_session *s)
{
	CLEANUP(store_end) struct store_txn t;
	const struct folder inbox = {
		.account = s->worker->account,
		.name = SPAN_LIT("INBOX"),
		.title = SPAN_LIT("INBOX"),
		.role = FOLDER_INBOX,
		.is_selectable = true,
		.is_subscribed = true,
	};

	store_write(s->store, &t);
	store_folder_put(&t, &inbox);
	return imap_session_commit(s, &t);
}

static bool
box_is_older(const struct imap_box *box, int64_t seconds)
{
	return box->stepped_ms == 0 ||
	    timer_now_ms() - box->stepped_ms > seconds * 1000;
}

static struct imap_box
box_of_folder(struct imap_session *s, const struct folder *f,
    struct arena *arena)
{
	const struct imap_box *old = imap_box_of(s, f->id);
	struct imap_listed *listed = s->listing ?
	    listing_find(s->listing, f->name) : NULL;
	CLEANUP(buf_fini) struct buf wire = { 0 };
	struct imap_box box = {
		.id = f->id,
		.role = f->role,
		.is_stale = true,
		.lacks_headers = f->complete_from != 1,
		.keep = *config_keep_of(s->worker->config, f->title),
	};

	imap_names_wire(s, f->name, &wire);
	box.name = arena_copy(arena, buf_span(&wire));
	box.lacks_bodies = box.keep.is_offline;
	if (old) {
		box.lacks_headers = old->lacks_headers;
		box.lacks_bodies = old->lacks_bodies;
		box.has_unread_bodies = old->has_unread_bodies;
		box.bodies_below = old->bodies_below;
		box.is_stale = old->is_stale;
		box.stepped_ms = old->stepped_ms;
		box.was_sought = old->was_sought;
		box.must_look = old->must_look;
		box.older_flags = old->older_flags;
		box.older_ms = old->older_ms;
	}
	if (listed) {
		box.is_stale = box.must_look || listed_is_stale(listed, f) ||
		    (!listed_tells_flags(listed, f) &&
		    box_is_older(&box, IMAP_FLAGS_S));
		if (listed->facts.has & IMAP_HAS_UNSEEN)
			box.unseen = listed->facts.unseen;
	}
	/*
	 * The selected one tells by itself, but not every server tells of
	 * flags: asked again with every poll.
	 */
	if (s->sel.box && s->sel.box->id == f->id)
		box.is_stale = old->is_stale ||
		    box_is_older(&box, IMAP_POLL_S / 2);
	return box;
}

/* The watched one: the first push folder that exists, else INBOX. */
static struct imap_box *
folders_home(struct imap_session *s, const struct folder *folders, size_t n)
{
	const struct config_account *config = s->worker->config;
	struct imap_box *inbox = &s->boxes[0];

	for (size_t i = 0; i < config->npush; i++)
		for (size_t k = 0; k < n; k++) {
			struct imap_box *box = imap_box_of(s, folders[k].id);

			if (box && span_ieq(folders[k].title,
			    span_of(config->push[i])))
				return box;
		}
	for (size_t i = 0; i < s->nboxes; i++)
		if (s->boxes[i].role == FOLDER_INBOX)
			inbox = &s->boxes[i];
	return inbox;
}

/*
 * The user removed it and the server does not know yet: what was to be done
 * to its letters before that is still to be done.
 */
static bool
waits_for_removal(struct imap_session *s, struct store_txn *t, uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };

	while (store_act_next(t, s->worker->account, a.id, &arena, &a))
		if (a.kind == ACT_REMOVE && a.folder == folder)
			return true;
	return false;
}

static bool
is_box(struct imap_session *s, struct store_txn *t, const struct folder *f)
{
	return f->is_selectable && !f->is_local && !f->is_pending &&
	    (s->only == 0 || s->only == f->id) &&
	    (!f->is_gone || waits_for_removal(s, t, f->id));
}

static void
folders_build(struct imap_session *s, struct store_txn *t,
    const struct folder *folders, size_t n)
{
	struct arena arena = { 0 };
	struct imap_box *boxes = arena_array(&arena, n, sizeof *boxes);
	uint32_t selected = s->sel.box ? s->sel.box->id : 0;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (is_box(s, t, &folders[i]))
			boxes[count++] = box_of_folder(s, &folders[i], &arena);
	arena_fini(&s->boxes_arena);
	s->boxes_arena = arena;
	s->boxes = boxes;
	s->nboxes = count;
	s->sel.box = selected ? imap_box_of(s, selected) : NULL;
	if (!s->sel.box) {
		imap_visit_leave(s);	/* not to be taken for the next one's */
		intake_drop(&s->intake);
		intake_clear(&s->intake);
	}
	s->home = count ? folders_home(s, folders, n) : NULL;
	imap_watch_mark(s);
}

void
imap_folders_load(struct imap_session *s)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct folder *folders;
	struct folder inbox;
	size_t n;

	store_read(s->store, &t);
	if (!store_folder_find(&t, s->worker->account, SPAN_LIT("INBOX"),
	    &arena, &inbox) || !inbox.is_selectable || inbox.is_gone) {
		store_end(&t);
		if (!folders_make_inbox(s))
			return;
		store_read(s->store, &t);
	}
	n = store_folders(&t, s->worker->account, &arena, &folders);
	folders_build(s, &t, folders, n);
	if (!s->home) {
		struct error e = t.error;

		if (e.kind == ERR_OK)
			error_set(&e, ERR_CORRUPT, "the folders of %s cannot "
			    "be read", s->worker->config->name);
		imap_session_fail(s, &e);
	}
}
