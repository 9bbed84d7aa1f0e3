/* SPDX-License-Identifier: MIT */
/*
 * body_uses has one entry for a message and a body, however many of its
 * parts have these bytes: the entry goes when no part names the body any
 * more, which the few parts of the message tell.
 */
#include "store/part.h"

#include "base/cleanup.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/change_log.h"
#include "store/part_row.h"
#include "store/row.h"
#include "store/txn.h"

static bool
is_section(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9') ||
		    (s.p[i] >= 'A' && s.p[i] <= 'Z')))
			return false;
	return s.n > 0 && s.n <= SECTION_MAX_OCTETS;
}

static struct key
part_key(uint64_t message, struct span section)
{
	struct key key = key_of_u64(message);

	key_bytes(&key, section);
	return key;
}

static bool
read_part(struct store_txn *t, struct record *r, struct part *out)
{
	out->body = record_u64(r);
	out->size = record_u64(r);
	r->is_bad |= out->body == 0;
	return txn_close_record(t, TABLE_PARTS, r);
}

/* An entry that a walk came upon; false when it is not of the message. */
static bool
take_part(struct store_txn *t, uint64_t message, struct span key,
    struct span value, struct part *out)
{
	struct span section = key;
	struct record r;

	if (key_take_u64(&section) != message)
		return false;
	out->section = section;
	return txn_open_record(t, TABLE_PARTS, key, value, &r) &&
	    read_part(t, &r, out);
}

bool
store_part_get(struct store_txn *t, uint64_t message, struct span section,
    struct part *out)
{
	struct record r;
	struct key key;

	*out = (struct part){ .section = section };
	if (!is_section(section))
		return false;
	key = part_key(message, section);
	return txn_get_record(t, TABLE_PARTS, &key, &r) &&
	    read_part(t, &r, out);
}

/* The first part, then those that follow in a walk. */
static bool
first_part(struct store_txn *t, uint64_t message, struct part *out)
{
	struct key at = key_of_u64(message);
	struct span key, value;

	return txn_seek(t, TABLE_PARTS, &at, &key, &value) &&
	    take_part(t, message, key, value, out);
}

static bool
next_part(struct store_txn *t, uint64_t message, struct part *out)
{
	struct span key, value;

	return txn_next(t, TABLE_PARTS, &key, &value) &&
	    take_part(t, message, key, value, out);
}

size_t
store_parts(struct store_txn *t, uint64_t message, struct arena *arena,
    struct part **out)
{
	struct part part;
	size_t n = 0, room = 0;

	for (bool has = first_part(t, message, &part); has;
	    has = next_part(t, message, &part))
		room++;
	*out = arena_array(arena, room, sizeof **out);
	for (bool has = first_part(t, message, &part); has && n < room;
	    has = next_part(t, message, &part)) {
		part.section = arena_copy(arena, part.section);
		(*out)[n++] = part;
	}
	return txn_failed(t) ? 0 : n;
}

static bool
is_named(struct store_txn *t, uint64_t message, uint64_t body)
{
	struct part part;

	for (bool has = first_part(t, message, &part); has;
	    has = next_part(t, message, &part))
		if (part.body == body)
			return true;
	return false;
}

bool
part_is_first(struct store_txn *t, uint64_t message, const struct part *part)
{
	struct part at;

	for (bool has = first_part(t, message, &at); has;
	    has = next_part(t, message, &at))
		if (at.body == part->body)
			return span_eq(at.section, part->section);
	return false;
}

static void
drop_part(struct store_txn *t, uint64_t message, uint32_t account,
    const struct part *part)
{
	struct key key = part_key(message, part->section);

	if (!txn_del(t, TABLE_PARTS, &key))
		txn_corrupt(t, TABLE_PARTS);
	if (!is_named(t, message, part->body))
		body_unuse(t, part->body, account, BODY_USER_PART, message);
}

void
parts_drop(struct store_txn *t, uint64_t message, uint32_t account)
{
	struct part part;

	while (first_part(t, message, &part))
		drop_part(t, message, account, &part);
}

void
part_write(struct store_txn *t, uint64_t message, uint32_t account,
    const struct part *part)
{
	struct key key = part_key(message, part->section);
	struct part was;
	struct buf *b;

	if (store_part_get(t, message, part->section, &was)) {
		if (was.body == part->body)
			return;
		drop_part(t, message, account, &was);
	}
	body_use(t, part->body, account, BODY_USER_PART, message);
	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, part->body);
	record_put_u64(b, part->size);
	txn_put_record(t, TABLE_PARTS, &key);
}

void
store_part_put(struct store_txn *t, uint64_t message, struct span section,
    uint64_t body)
{
	struct part part = { .section = section, .body = body };
	struct row row;
	uint32_t account, folder;

	if (!is_section(section)) {
		txn_fail(t, ERR_LIMIT, "a section has 1 to %d digits, dots and "
		    "upper-case letters", SECTION_MAX_OCTETS);
		return;
	}
	part.size = body_size(t, body);
	if (!row_get(t, message, &row)) {
		txn_fail(t, ERR_NOTFOUND, "there is no message %llu",
		    (unsigned long long)message);
		return;
	}
	if (row.m.body_state == BODY_WHOLE)
		return;
	account = row.m.account;
	folder = row.m.folder;
	if (row.m.body_state == BODY_NONE) {
		row.m.body_state = BODY_PART;
		row_put(t, &row, false);
		row_put_date(t, &row.m);
		body_read_begin(t, message, account);
	}
	part_write(t, message, account, &part);
	if (folder)
		change_log_add(t, CHANGE_BODY, account, folder, message);
}

void
store_parts_remove(struct store_txn *t, uint64_t message)
{
	struct row row;

	if (!row_get(t, message, &row) || row.m.body_state != BODY_PART)
		return;
	/* Through set_body, which keeps the state, the stamp and the log. */
	parts_drop(t, message, row.m.account);
	store_message_set_body(t, message, row.m.body,
	    row.m.body ? BODY_PART : BODY_NONE, (struct span){ 0 });
}

void
parts_copy(struct store_txn *t, uint64_t from, uint64_t to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct part *parts;
	size_t n = store_parts(t, from, &arena, &parts);

	for (size_t i = 0; i < n; i++)
		store_part_put(t, to, parts[i].section, parts[i].body);
}
