/* SPDX-License-Identifier: MIT */
/* Letters on their way to the disk; see intake.h. */
#include "src/core/intake.h"

#include "base/bug.h"
#include "base/envelope.h"
#include "mail/header.h"

void
intake_init(struct intake *in, struct store *store)
{
	*in = (struct intake){ .store = store };
}

void
intake_fini(struct intake *in)
{
	intake_drop(in);
	buf_fini(&in->small);
	arena_fini(&in->arena);
}

void
intake_begin(struct intake *in)
{
	intake_drop(in);
}

uint64_t
intake_size(const struct intake *in)
{
	return in->size;
}

void
intake_drop(struct intake *in)
{
	if (in->writer)
		store_body_abort(in->writer);
	in->writer = NULL;
	buf_reset(&in->small);
	in->size = 0;
}

/* It is large: what was collected goes first, its head stays here. */
static enum err
intake_stream(struct intake *in, struct error *e)
{
	enum err err = store_body_begin(in->store, &in->writer, e);

	if (err != ERR_OK)
		return err;
	store_body_write(in->writer, buf_span(&in->small));
	return ERR_OK;
}

enum err
intake_write(struct intake *in, struct span piece, struct error *e)
{
	in->size += piece.n;
	if (!in->writer && in->small.n + piece.n > INTAKE_SMALL_MAX) {
		enum err err = intake_stream(in, e);

		if (err != ERR_OK)
			return err;
	}
	if (in->writer)
		store_body_write(in->writer, piece);
	if (!in->writer)
		buf_put(&in->small, piece);
	else if (in->small.n < ENVELOPE_HEADER_MAX)
		buf_put(&in->small, span_take(&piece,
		    ENVELOPE_HEADER_MAX - in->small.n));
	return ERR_OK;
}

enum err
intake_end(struct intake *in, uint64_t key, struct error *e)
{
	struct intake_item *item = &in->items[in->n];
	struct span kept = buf_span(&in->small), block, body;

	bug_on(in->n == INTAKE_ITEMS_MAX);
	*item = (struct intake_item){ .key = key, .size = in->size };
	if (in->writer) {
		struct body_writer *w = in->writer;
		enum err err;

		in->writer = NULL;
		err = store_body_finish(w, &item->body, e);
		if (err != ERR_OK)
			return err;
		header_split(kept, &block, &body);
		item->head = arena_copy(&in->arena, block);
	} else {
		item->bytes = arena_copy(&in->arena, kept);
		header_split(item->bytes, &item->head, &body);
	}
	in->n++;
	buf_reset(&in->small);
	in->size = 0;
	return ERR_OK;
}

bool
intake_is_full(const struct intake *in)
{
	return in->n == INTAKE_ITEMS_MAX ||
	    in->arena.total >= INTAKE_OCTETS_MAX;
}

enum err
intake_commit(struct intake *in, struct error *e)
{
	struct body_batch *batch = NULL;
	enum err err = store_bodies_begin(in->store, &batch, e);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < in->n; i++) {
		struct intake_item *item = &in->items[i];

		if (item->body)
			continue;
		err = store_bodies_add(batch, item->bytes, &item->body, e);
		if (err != ERR_OK) {
			store_bodies_abort(batch);
			return err;
		}
	}
	return store_bodies_commit(batch, e);
}

void
intake_pass(struct intake *in, struct intake *to)
{
	struct arena arena = to->arena;

	bug_on(to->n != 0);
	memcpy(to->items, in->items, in->n * sizeof *in->items);
	to->n = in->n;
	to->arena = in->arena;
	in->arena = arena;
	in->n = 0;
}

void
intake_clear(struct intake *in)
{
	in->n = 0;
	arena_reset(&in->arena);
}
