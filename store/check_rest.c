/* SPDX-License-Identifier: MIT */
#include "base/cleanup.h"
#include "store/act_record.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/check.h"
#include "store/contact_record.h"
#include "store/counts.h"
#include "store/folder.h"
#include "store/readable.h"
#include "store/uidl.h"

/* What nothing follows from must at least be readable. */
static void
check_readable(struct check *c, enum table table, struct span key)
{
	struct key whole = { 0 };

	key_bytes(&whole, key);
	if (!readable(&c->t, table, &whole))
		check_bad(c, table, key_take_u64(&key), "it cannot be read");
}

static void
check_account(struct check *c, struct span key, struct span value)
{
	(void)value;
	check_readable(c, TABLE_ACCOUNTS, key);
}

static void
check_account_state(struct check *c, struct span key, struct span value)
{
	(void)value;
	check_readable(c, TABLE_ACCOUNT_STATES, key);
}

static void
check_group(struct check *c, struct span key, struct span value)
{
	(void)value;
	check_readable(c, TABLE_GROUPS, key);
}

static void
check_change(struct check *c, struct span key, struct span value)
{
	(void)value;
	check_readable(c, TABLE_CHANGES, key);
}

static void
check_undo(struct check *c, struct span key, struct span value)
{
	(void)value;
	check_readable(c, TABLE_UNDO, key);
}

/* Entries of the folder in a table whose keys begin with it. */
static uint32_t
count_of(struct check *c, enum table table, uint32_t folder)
{
	struct key from = key_of_u32(folder);
	struct span key, value;
	bool found = txn_seek(&c->t, table, &from, &key, &value);
	uint32_t n = 0;

	for (; found && key_take_u32(&key) == folder;
	    found = txn_next(&c->t, table, &key, &value))
		n++;
	return n;
}

static void
check_counts(struct check *c, struct span key, struct span value)
{
	struct counts counts;
	uint32_t folder = key_take_u32(&key);

	(void)value;
	if (!counts_get(&c->t, folder, &counts))
		return;
	if (counts.total != count_of(c, TABLE_BY_DATE, folder) ||
	    counts.unread != count_of(c, TABLE_UNREAD, folder) ||
	    counts.flagged != count_of(c, TABLE_FLAGGED, folder))
		check_bad(c, TABLE_COUNTS, folder, "not as many as there are");
}

static void
check_folder(struct check *c, struct span key, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f, again;
	struct counts counts;
	uint32_t id;

	(void)value;
	check_readable(c, TABLE_FOLDERS, key);
	c->called_for[TABLE_COUNTS]++;
	c->called_for[TABLE_FOLDER_NAMES]++;
	id = key_take_u32(&key);
	if (!counts_get(&c->t, id, &counts)) {
		check_bad(c, TABLE_COUNTS, id, "missing");
		return;
	}
	if (!store_folder_get(&c->t, id, &arena, &f))
		return;
	if (counts.account != f.account || counts.is_local != f.is_local)
		check_bad(c, TABLE_COUNTS, id, "not what the folder says");
	if (!store_folder_find(&c->t, f.account, f.name, &arena, &again) ||
	    again.id != id)
		check_bad(c, TABLE_FOLDER_NAMES, id, "missing, or of another "
		    "folder");
}

static void
check_act(struct check *c, struct span key, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key id, state, closed, pending[ACT_PENDING_KEYS];
	enum table table;
	struct span listed;
	struct act a;
	size_t n;

	(void)value;
	if (!act_load(&c->t, key_take_u64(&key), &arena, &a))
		return;
	id = key_of_u64(a.id);
	closed = act_closed_key(&a);
	state = key_of_u32(a.account);
	key_u8(&state, (uint8_t)a.state);
	listed = key_span(&state);
	if (act_is_open(a.state))
		check_call_for(c, TABLE_ACTS_OPEN, &id, &listed, a.id);
	else
		check_call_for(c, TABLE_ACTS_CLOSED, &closed, NULL, a.id);
	n = act_is_pending(a.state) ? act_pending_keys(&a, &table, pending) : 0;
	for (size_t i = 0; i < n; i++)
		check_call_for(c, table, &pending[i], NULL, a.id);
	check_call_for_body(c, a.body, a.account, BODY_USER_ACT, a.id);
}

static void
check_want(struct check *c, struct span key, struct span value)
{
	struct key want = { 0 }, message;
	uint64_t id;

	key_bytes(&want, span_take(&value, KEY_MAX));
	value = key_span(&want);
	id = key_take_u64(&value);
	message = key_of_u64(id);
	check_call_for(c, TABLE_WANT_OF, &want, &key, id);
	if (!txn_has(&c->t, TABLE_ROWS, &message))
		check_bad(c, TABLE_WANTS, id, "of a message that is not there");
}

static void
check_uidl(struct check *c, struct span key, struct span value)
{
	struct key message;
	struct span uidl = key;
	uint32_t account;
	struct uidl u;

	(void)value;
	check_readable(c, TABLE_UIDLS, key);
	account = key_take_u32(&uidl);
	if (!store_uidl_get(&c->t, account, uidl, &u) || u.message == 0)
		return;
	message = key_of_u64(u.message);
	if (!txn_has(&c->t, TABLE_ROWS, &message))
		check_bad(c, TABLE_UIDLS, u.message, "of a message that is "
		    "not there");
}

static void
check_contact(struct check *c, struct span key, struct span value)
{
	struct contact_words words;
	struct contact_record r;
	struct key hash, number;
	struct span id = key;

	(void)value;
	if (!contact_load(&c->t, key_take_u64(&key), &r))
		return;
	number = key_of_u64(r.c.id);
	id = key_span(&number);
	hash = contact_hash_key(contact_hash(r.c.addr));
	contact_words_of(&words, r.c.name, r.c.addr);
	check_call_for(c, TABLE_CONTACT_OF, &hash, &id, r.c.id);
	for (size_t i = 0; i < words.n; i++) {
		struct key word = contact_word_key(contact_word(&words, i),
		    r.c.id);

		check_call_for(c, TABLE_CONTACT_WORDS, &word, NULL, r.c.id);
	}
}

/* Somebody names it, or somebody will come to collect it. */
static void
check_letter(struct check *c, struct span key, struct span value)
{
	uint64_t id = key_take_fixed64(&key);
	struct key unused = key_of_u64(id), fresh = body_key(id);

	(void)value;
	if (!body_is_used(&c->t, id) &&
	    !txn_has(&c->t, TABLE_BODY_UNUSED, &unused) &&
	    !txn_has(&c->bodies, TABLE_BODY_FRESH, &fresh))
		check_bad(c, TABLE_BODY_UNUSED, id, "a letter that nobody "
		    "names is not among them");
}

/* A number that was given out is not above the counter. */
static void
check_counter(struct check *c, enum table table, enum counter counter)
{
	struct key end = { 0 };
	struct span key, value;
	uint64_t last;

	if (check_is_over(c) ||
	    !txn_seek_before(&c->t, table, &end, &key, &value))
		return;
	last = key_take_u64(&key);
	if (last > txn_last_number(&c->t, counter))
		check_bad(c, table, last, "a number that was never given");
	check_settle(c, TABLE_META, counter);
}

void
check_rest(struct check *c)
{
	check_each(c, TABLE_ACCOUNTS, check_account);
	check_each(c, TABLE_ACCOUNT_STATES, check_account_state);
	check_each(c, TABLE_GROUPS, check_group);
	check_each(c, TABLE_FOLDERS, check_folder);
	check_each(c, TABLE_COUNTS, check_counts);
	check_each(c, TABLE_ACTS, check_act);
	check_each(c, TABLE_WANTS, check_want);
	check_each(c, TABLE_UIDLS, check_uidl);
	check_each(c, TABLE_CHANGES, check_change);
	check_each(c, TABLE_UNDO, check_undo);
	check_each(c, TABLE_CONTACTS, check_contact);
	check_each(c, TABLE_BODIES, check_letter);
	check_counter(c, TABLE_ACCOUNTS, COUNTER_ACCOUNT);
	check_counter(c, TABLE_FOLDERS, COUNTER_FOLDER);
	check_counter(c, TABLE_ROWS, COUNTER_MESSAGE);
	check_counter(c, TABLE_ACTS, COUNTER_ACT);
	check_counter(c, TABLE_CHANGES, COUNTER_CHANGE);
	check_counter(c, TABLE_CONTACTS, COUNTER_CONTACT);
}
