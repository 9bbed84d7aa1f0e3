/* SPDX-License-Identifier: MIT */
#include "tests/store/full_store.h"

#include <stdio.h>

#include "base/xalloc.h"
#include "store/body.h"
#include "store/care.h"
#include "tests/store/damage.h"
#include "tests/store/expected.h"

/* More than are evicted in one step. */
enum { LETTERS = 70, LETTER_OCTETS = 1500 };

void
full_store_check(struct store *store)
{
	struct error e = { 0 };
	uint64_t checked;

	cr_assert_eq(store_check(store, &checked, &e), ERR_OK, "%s", e.text);
}

void
full_store_put(const char *dir, struct buf *out)
{
	struct store *store;
	struct error e = { 0 };

	cr_assert_eq(store_open(dir, &store, &e), ERR_OK, "%s", e.text);
	full_store_check(store);
	expected_write(store, out);
	store_close(store);
}

void
full_store_open(struct scratch *s, const char *dir)
{
	*s = (struct scratch){ .store = NULL };
	snprintf(s->dir, sizeof s->dir, "%s/store", dir);
	scratch_open(s);
}

/* Messages with a body each, in two commits. */
static void
add_letters(struct scratch *s, uint32_t folder, uint32_t first, uint32_t n)
{
	static char bytes[LETTER_OCTETS];
	uint64_t bodies[LETTERS], id;
	struct body_batch *batch;
	struct store_txn t;

	cr_assert_eq(store_bodies_begin(s->store, &batch, NULL), ERR_OK);
	for (uint32_t i = 0; i < n; i++) {
		damage_noise(bytes, sizeof bytes);
		cr_assert_eq(store_bodies_add(batch, (struct span){ bytes,
		    sizeof bytes }, &bodies[i], NULL), ERR_OK);
	}
	cr_assert_eq(store_bodies_commit(batch, NULL), ERR_OK);
	t = scratch_write(s);
	for (uint32_t i = 0; i < n; i++) {
		id = scratch_message(&t, folder, first ? first + i : 0, i, 0);
		store_message_set_body(&t, id, bodies[i], BODY_WHOLE,
		    SPAN_LIT("text"));
	}
	scratch_commit(&t);
}

void
full_store_fill(struct scratch *s, uint32_t n)
{
	uint32_t account = scratch_account(s, "kerja");
	uint32_t inbox = scratch_folder(s, account, "INBOX", FOLDER_INBOX,
	    false);
	uint32_t local = scratch_folder(s, account, "Lokal", FOLDER_NONE,
	    true);

	add_letters(s, inbox, 1, n);
	add_letters(s, local, 0, 1);
}

void
full_store_add_rows(struct scratch *s, uint32_t first, uint32_t n)
{
	struct store_txn t = scratch_write(s);

	for (uint32_t i = first; i < first + n; i++)
		scratch_message(&t, 1, i, i, 0);
	scratch_commit(&t);
}

void
full_store_look(const char *dir, struct store *store, struct buf *out)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);

	if (!store) {
		full_store_put(path, out);
		return;
	}
	full_store_check(store);
	expected_write(store, out);
}

void
full_store_make(const char *dir)
{
	struct compact_result result;
	struct scratch s;

	full_store_open(&s, dir);
	full_store_fill(&s, LETTERS);
	cr_assert_eq(store_compact(s.store, NULL, &result, NULL), ERR_OK);
	scratch_close(&s);
}
