/* SPDX-License-Identifier: MIT */
#include "store/want.h"

#include "store/row.h"
#include "store/txn.h"
#include "store/want_row.h"

static struct key
wish_key(uint32_t account, uint64_t wish)
{
	struct key key = key_of_u32(account);

	key_u64(&key, wish);
	return key;
}

static struct key
want_key(uint64_t message, struct span section)
{
	struct key key = key_of_u64(message);

	key_bytes(&key, section);
	return key;
}

static bool
is_section(struct span s)
{
	if (span_eq(s, SPAN_LIT("*")))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.' && !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	return s.n <= STORE_WANT_SECTION_MAX;
}

static bool
is_here(const struct message *m, struct span section)
{
	return m->body_state == BODY_WHOLE ||
	    (section.n == 0 && m->body_state == BODY_PART && m->body);
}

void
store_want_body(struct store_txn *t, uint64_t message)
{
	store_want_part(t, message, (struct span){ 0 });
}

void
store_want_part(struct store_txn *t, uint64_t message, struct span section)
{
	struct key of, wish;
	struct row row;

	if (!is_section(section)) {
		txn_fail(t, ERR_LIMIT, "a part is wanted by up to %d digits "
		    "and dots", STORE_WANT_SECTION_MAX);
		return;
	}
	if (!row_get(t, message, &row) || is_here(&row.m, section))
		return;
	/* A repeated wish is the newest. */
	store_want_cancel(t, message, section);
	of = want_key(message, section);
	wish = wish_key(row.m.account, txn_next_number(t, COUNTER_WISH));
	txn_put(t, TABLE_WANTS, &wish, key_span(&of));
	txn_put(t, TABLE_WANT_OF, &of, key_span(&wish));
}

void
store_want_cancel(struct store_txn *t, uint64_t message, struct span section)
{
	struct key of, wish = { 0 };
	struct span value;

	if (!is_section(section))
		return;
	of = want_key(message, section);
	if (!txn_get(t, TABLE_WANT_OF, &of, &value))
		return;
	key_bytes(&wish, span_take(&value, KEY_MAX));
	txn_del(t, TABLE_WANT_OF, &of);
	txn_del(t, TABLE_WANTS, &wish);
}

/* The first wish for the message; its section is in the map. */
static bool
want_first(struct store_txn *t, uint64_t message, struct span *section)
{
	struct key from = key_of_u64(message);
	struct span value;

	return txn_seek(t, TABLE_WANT_OF, &from, section, &value) &&
	    key_take_u64(section) == message;
}

void
store_want_done(struct store_txn *t, uint64_t message)
{
	struct span section;

	while (want_first(t, message, &section)) {
		struct key of = want_key(message, section), wish = { 0 };
		struct span value;

		if (!txn_get(t, TABLE_WANT_OF, &of, &value))
			return;
		key_bytes(&wish, span_take(&value, KEY_MAX));
		if (!txn_del(t, TABLE_WANT_OF, &of))
			return;
		txn_del(t, TABLE_WANTS, &wish);
	}
}

bool
want_is_any(struct store_txn *t, uint64_t message)
{
	struct span section;

	return want_first(t, message, &section);
}

bool
store_is_wanted(struct store_txn *t, uint64_t message, struct span section)
{
	struct key of = want_key(message, span_take(&section,
	    STORE_WANT_SECTION_MAX));

	return txn_has(t, TABLE_WANT_OF, &of);
}

size_t
store_wants(struct store_txn *t, uint32_t account, struct want *out,
    size_t max)
{
	struct key end = wish_key(account, UINT64_MAX);
	struct span key, value;
	size_t n = 0;
	bool found = txn_seek_before(t, TABLE_WANTS, &end, &key, &value);

	for (; found && n < max && key_take_u32(&key) == account;
	    found = txn_prev(t, TABLE_WANTS, &key, &value)) {
		struct want *w = &out[n++];
		struct span section;

		*w = (struct want){ .message = key_take_u64(&value) };
		section = span_take(&value, STORE_WANT_SECTION_MAX);
		if (section.n)
			memcpy(w->section, section.p, section.n);
	}
	return n;
}

void
store_wants_clear(struct store_txn *t, uint32_t account)
{
	struct key from = key_of_u32(account);
	struct span key, value;

	while (txn_seek(t, TABLE_WANTS, &from, &key, &value)) {
		struct key wish = { 0 }, message = { 0 };

		key_bytes(&wish, span_take(&key, KEY_MAX));
		key_bytes(&message, span_take(&value, KEY_MAX));
		key = key_span(&wish);
		if (key_take_u32(&key) != account ||
		    !txn_del(t, TABLE_WANTS, &wish))
			return;
		txn_del(t, TABLE_WANT_OF, &message);
	}
}
