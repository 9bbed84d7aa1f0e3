/* SPDX-License-Identifier: MIT */
#include "src/core/imap_ingest.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "mail/header.h"
#include "store/message.h"

void
ingest_init(struct imap_ingest *in, struct store *store)
{
	in->store = store;
}

static void
batch_fini(struct imap_batch *b)
{
	arena_fini(&b->arena);
	free(b->rows);
}

static void
batch_reset(struct imap_batch *b)
{
	arena_reset(&b->arena);
	b->n = 0;
	b->has_state = false;
	b->account = 0;
}

/* What the server calls the conversation, as a number. */
static uint64_t
thread_of(const struct imap_fetch *f)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	if (f->gm_thrid)
		return f->gm_thrid;
	if (f->thread_id.n == 0)
		return 0;
	for (size_t i = 0; i < f->thread_id.n; i++)
		hash = (hash ^ (unsigned char)f->thread_id.p[i]) *
		    UINT64_C(1099511628211);
	return hash ? hash : 1;
}

static void
write_row(struct store_txn *t, uint32_t folder, const struct imap_staged *row)
{
	const struct imap_fetch *f = &row->fetch;
	const struct message_new m = {
		.folder = folder,
		.uid = f->uid,
		.flags = f->flags,
		.keywords = f->keywords,
		.nkeywords = f->nkeywords,
		.arrived = f->has & IMAP_FETCHED_INTERNALDATE ?
		    f->internaldate : DATE_NONE,
		.size = f->size,
		.envelope = row->envelope,
		.server_thread = thread_of(f),
		.snippet = f->preview,
	};
	uint64_t id;

	if (row->envelope) {
		store_message_add(t, &m);
		return;
	}
	id = store_message_by_uid(t, folder, f->uid);
	if (id)
		store_message_server_flags(t, id, f->flags, f->keywords,
		    f->nkeywords);
}

/* Rows from `at` on for a few ms; returns the next one. */
static size_t
write_some(struct store *store, const struct imap_batch *b, size_t at,
    struct error *e)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(store, &t);
	while (at < b->n) {
		write_row(&t, b->folder, &b->rows[at++]);
		if (store_write_is_long(&t))
			break;
	}
	if (at == b->n && b->has_state)
		store_folder_put_state(&t, &b->state);
	if (at == b->n && b->account)
		store_account_state_put(&t, b->account, &b->progress);
	store_commit(&t, e);
	return at;
}

static void
write_all(struct store *store, struct imap_batch *b, struct error *e)
{
	size_t at = 0;

	do {
		at = write_some(store, b, at, e);
	} while (at < b->n && e->kind == ERR_OK);
	batch_reset(b);
}

static void
write_given(void *ctx, struct error *e)
{
	struct imap_ingest *in = ctx;

	write_all(in->store, &in->writing, e);
}

void
ingest_fini(struct imap_ingest *in)
{
	runner_fini(&in->runner);
	batch_fini(&in->filling);
	batch_fini(&in->writing);
}

static struct span *
copy_list(struct arena *arena, const struct span *list, size_t n)
{
	struct span *copy = arena_array(arena, n + 1, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = arena_copy(arena, list[i]);
	return copy;
}

void
ingest_add(struct imap_ingest *in, uint32_t folder, const struct imap_fetch *f)
{
	struct imap_batch *b = &in->filling;
	struct imap_staged *row;

	if (b->n == b->size) {
		b->size = b->size ? 2 * b->size : 64;
		b->rows = xreallocarray(b->rows, b->size, sizeof *b->rows);
	}
	b->folder = folder;
	row = &b->rows[b->n++];
	*row = (struct imap_staged){ .fetch = *f };
	row->fetch.keywords = copy_list(&b->arena, f->keywords, f->nkeywords);
	row->fetch.nlabels = 0;
	row->fetch.header = (struct span){ 0 };
	if (f->has & IMAP_FETCHED_HEADER) {
		row->envelope = arena_alloc(&b->arena, sizeof *row->envelope);
		header_parse_envelope(arena_copy(&b->arena, f->header),
		    &b->arena, row->envelope);
	}
	row->fetch.preview = arena_copy(&b->arena, f->preview);
	row->fetch.thread_id = arena_copy(&b->arena, f->thread_id);
}

void
ingest_put_state(struct imap_ingest *in, const struct folder *folder)
{
	in->filling.folder = folder->id;
	in->filling.state = *folder;
	in->filling.has_state = true;
}

void
ingest_put_progress(struct imap_ingest *in, uint32_t account,
    const struct account_state *state)
{
	in->filling.account = account;
	in->filling.progress = *state;
}

bool
ingest_is_full(const struct imap_ingest *in)
{
	return in->filling.n >= INGEST_ROWS_MAX ||
	    in->filling.arena.total >= INGEST_OCTETS_MAX;
}

bool
ingest_is_empty(const struct imap_ingest *in)
{
	return in->filling.n == 0 && !in->filling.has_state;
}

void
ingest_drop(struct imap_ingest *in)
{
	batch_reset(&in->filling);
}

enum err
ingest_give(struct imap_ingest *in, struct error *e)
{
	struct imap_batch empty;

	if (runner_wait(&in->runner, e) != ERR_OK || ingest_is_empty(in))
		return e->kind;
	empty = in->writing;
	in->writing = in->filling;
	in->filling = empty;
	return runner_start(&in->runner, write_given, in, e);
}

bool
ingest_is_idle(struct imap_ingest *in)
{
	return runner_is_idle(&in->runner);
}

/* What is small is written here: handing it over would take longer. */
enum err
ingest_flush(struct imap_ingest *in, struct error *e)
{
	if (runner_wait(&in->runner, e) != ERR_OK || ingest_is_empty(in))
		return e->kind;
	write_all(in->store, &in->filling, e);
	return e->kind;
}
