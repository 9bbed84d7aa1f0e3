/* SPDX-License-Identifier: MIT */
#include "store/act_record.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/body_use.h"
#include "store/change_log.h"
#include "store/txn.h"

bool
act_is_open(enum act_state state)
{
	switch (state) {
	case ACT_QUEUED:
	case ACT_SENT:
	case ACT_FAILED:
	case ACT_UNKNOWN:
		return true;
	case ACT_DONE:
	case ACT_CANCELED:
		break;
	}
	return false;
}

bool
act_is_pending(enum act_state state)
{
	return act_is_open(state) && state != ACT_FAILED;
}

/* What acts have that are not of the first kinds. */
static void
put_more(struct buf *b, const struct act *a)
{
	record_put_u64(b, a->target);
	record_put_u64(b, a->copy);
	record_put_span(b, a->keyword);
	record_put_span(b, a->title);
	record_put_span(b, a->old_title);
}

static void
put_act(struct store_txn *t, const struct act *a, bool is_new)
{
	struct key key = key_of_u64(a->id);
	struct buf *b = txn_record(t);

	record_put_u64(b, a->account);
	record_put_u64(b, a->kind);
	record_put_u64(b, a->state);
	record_put_u64(b, a->attempts);
	record_put_i64(b, a->created);
	record_put_i64(b, a->changed);
	record_put_i64(b, a->not_before);
	record_put_span(b, a->answer);
	record_put_u64(b, a->message);
	record_put_u64(b, a->folder);
	record_put_u64(b, a->uid.v);
	record_put_u64(b, a->add);
	record_put_u64(b, a->remove);
	record_put_u64(b, a->body);
	record_put_span(b, a->from);
	record_put_u64(b, a->nrecipients);
	for (size_t i = 0; i < a->nrecipients; i++)
		record_put_span(b, a->recipients[i]);
	record_put_span(b, a->subject);
	record_put_span(b, a->message_id);
	record_put_u64(b, a->answered);
	if (a->kind > ACT_FILE)
		put_more(b, a);
	if (is_new)
		txn_append_record(t, TABLE_ACTS, &key);
	else
		txn_put_record(t, TABLE_ACTS, &key);
}

static void
read_recipients(struct record *r, struct arena *arena, struct act *a)
{
	a->nrecipients = record_upto(r, ACT_RECIPIENTS_MAX);
	if (a->nrecipients > r->left.n)
		r->is_bad = true;
	if (r->is_bad || a->nrecipients == 0)
		return;
	a->recipients = arena_array(arena, a->nrecipients,
	    sizeof *a->recipients);
	for (size_t i = 0; i < a->nrecipients; i++)
		a->recipients[i] = record_span(r);
}

static void
read_more(struct record *r, struct act *a)
{
	a->target = record_u32(r);
	a->copy = record_u64(r);
	a->keyword = record_span(r);
	a->title = record_span(r);
	a->old_title = record_span(r);
}

/* It names all that its kind is about. */
static bool
is_complete(const struct act *a)
{
	switch (a->kind) {
	case ACT_MOVE:
		return a->message && a->target;
	case ACT_COPY:
		return a->message && a->target && a->copy;
	case ACT_PURGE:
		return a->message != 0;
	case ACT_KEYWORD:
		return a->message && a->add <= 1 && a->keyword.n > 0 &&
		    a->keyword.n <= KEYWORD_MAX_OCTETS;
	case ACT_CREATE:
		return a->folder && a->title.n > 0;
	case ACT_RENAME:
		return a->folder && a->title.n > 0 && a->old_title.n > 0;
	case ACT_REMOVE:
		return a->folder != 0;
	case ACT_SUBSCRIBE:
		return a->folder && a->add <= 1;
	case ACT_FLAGS:
	case ACT_SEND:
	case ACT_FILE:
		break;
	}
	return true;
}

bool
act_load(struct store_txn *t, uint64_t id, struct arena *arena,
    struct act *a)
{
	struct key key = key_of_u64(id);
	struct record r;

	*a = (struct act){ 0 };
	if (!txn_get_record(t, TABLE_ACTS, &key, &r))
		return false;
	a->id = id;
	a->account = record_u32(&r);
	a->kind = record_upto(&r, ACT_KIND_LAST);
	a->state = record_upto(&r, ACT_CANCELED);
	a->attempts = record_u32(&r);
	a->created = record_i64(&r);
	a->changed = record_i64(&r);
	a->not_before = record_i64(&r);
	a->answer = record_span(&r);
	a->message = record_u64(&r);
	a->folder = record_u32(&r);
	a->uid.v = record_u32(&r);
	a->add = record_u32(&r);
	a->remove = record_u32(&r);
	a->body = record_u64(&r);
	a->from = record_span(&r);
	read_recipients(&r, arena, a);
	a->subject = record_span(&r);
	a->message_id = record_span(&r);
	a->answered = record_u64(&r);
	if (a->kind > ACT_FILE)
		read_more(&r, a);
	r.is_bad |= a->kind == 0 || a->state == 0 || !is_complete(a);
	return txn_close_record(t, TABLE_ACTS, &r);
}

void
act_copy(struct arena *arena, struct act *a)
{
	a->answer = arena_copy(arena, a->answer);
	a->from = arena_copy(arena, a->from);
	for (size_t i = 0; i < a->nrecipients; i++)
		a->recipients[i] = arena_copy(arena, a->recipients[i]);
	a->subject = arena_copy(arena, a->subject);
	a->message_id = arena_copy(arena, a->message_id);
	a->keyword = arena_copy(arena, a->keyword);
	a->title = arena_copy(arena, a->title);
	a->old_title = arena_copy(arena, a->old_title);
}

static void
put_open(struct store_txn *t, const struct act *a)
{
	struct key key = key_of_u64(a->id), value = key_of_u32(a->account);

	key_u8(&value, (uint8_t)a->state);
	txn_put(t, TABLE_ACTS_OPEN, &key, key_span(&value));
}

struct key
act_closed_key(const struct act *a)
{
	struct key key = { 0 };

	key_date(&key, key_date_cut(a->changed));
	key_u64(&key, a->id);
	return key;
}

uint64_t
act_closed_take(struct span key)
{
	key_take_date(&key);
	return key_take_u64(&key);
}

/* When the last one came to its end; before all times for none. */
static int64_t
last_closed(struct store_txn *t)
{
	struct key end = { 0 };
	struct span key, value;

	return txn_seek_before(t, TABLE_ACTS_CLOSED, &end, &key, &value)
	    ? key_take_date(&key) : KEY_DATE_MIN;
}

/* Only the journal has it, and the user may want it back. */
static bool
is_letter_taken_back(const struct act *a, int64_t last)
{
	return a->kind == ACT_SEND && a->state == ACT_CANCELED &&
	    last - a->changed < TAKEN_BACK_SECONDS;
}

/*
 * Acts that are at an end are kept for display, those that came to it last.
 * False when all that are there have to stay.
 */
static bool
drop_oldest(struct store_txn *t)
{
	int64_t last = last_closed(t);
	struct key from = { 0 }, key;
	struct span oldest, value;
	bool found = txn_seek(t, TABLE_ACTS_CLOSED, &from, &oldest, &value);

	for (; found; found = txn_next(t, TABLE_ACTS_CLOSED, &oldest,
	    &value)) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct act a;

		if (!act_load(t, act_closed_take(oldest), &arena, &a)) {
			txn_corrupt(t, TABLE_ACTS_CLOSED);
			return false;
		}
		if (is_letter_taken_back(&a, last))
			continue;
		body_unuse(t, a.body, a.account, BODY_USER_ACT, a.id);
		key = act_closed_key(&a);
		txn_del(t, TABLE_ACTS_CLOSED, &key);
		key = key_of_u64(a.id);
		txn_del(t, TABLE_ACTS, &key);
		return !txn_failed(t);
	}
	return false;
}

static void
put_closed(struct store_txn *t, const struct act *a)
{
	struct key key = act_closed_key(a);
	bool may_drop = true;

	txn_put(t, TABLE_ACTS_CLOSED, &key, (struct span){ "", 0 });
	while (may_drop && txn_count(t, TABLE_ACTS_CLOSED) > ACTS_CLOSED_MAX)
		may_drop = drop_oldest(t);
}

size_t
act_pending_keys(const struct act *a, enum table *table,
    struct key keys[ACT_PENDING_KEYS])
{
	size_t n = 1;

	*table = act_is_of_folder(a->kind) ? TABLE_FOLDER_ACTS
	    : TABLE_ACTS_OF;
	if (!act_is_of_folder(a->kind) && !act_is_of_message(a->kind))
		return 0;
	keys[0] = act_is_of_folder(a->kind) ? key_of_u32(a->account)
	    : key_of_u64(a->message);
	if (a->kind == ACT_COPY)
		keys[n++] = key_of_u64(a->copy);
	for (size_t i = 0; i < n; i++)
		key_u64(&keys[i], a->id);
	return n;
}

static void
set_pending(struct store_txn *t, const struct act *a)
{
	struct key keys[ACT_PENDING_KEYS];
	enum table table;
	size_t n = act_pending_keys(a, &table, keys);

	for (size_t i = 0; i < n; i++)
		if (act_is_pending(a->state))
			txn_put(t, table, &keys[i], (struct span){ "", 0 });
		else
			txn_del(t, table, &keys[i]);
}

void
act_store(struct store_txn *t, const struct act *a, enum act_state was)
{
	struct key key = key_of_u64(a->id);
	bool was_open = was && act_is_open(was);
	struct act closed;

	if (txn_failed(t))
		return;
	bug_on(was && !was_open);	/* nothing leaves an end */
	if (!act_is_open(a->state)) {
		int64_t last = last_closed(t);

		/* A clock that was set back does not make it the first to go. */
		closed = *a;
		closed.changed = a->changed < last ? last : a->changed;
		a = &closed;
	}
	put_act(t, a, !was);
	set_pending(t, a);
	if (act_is_open(a->state)) {
		put_open(t, a);
	} else {
		if (was_open)
			txn_del(t, TABLE_ACTS_OPEN, &key);
		put_closed(t, a);
	}
	change_log_add(t, CHANGE_ACT, a->account, a->folder, a->id);
}

void
act_restore(struct store_txn *t, const struct act *a)
{
	if (txn_failed(t))
		return;
	put_act(t, a, false);
	set_pending(t, a);
	if (act_is_open(a->state))
		put_open(t, a);
	else
		put_closed(t, a);
}
