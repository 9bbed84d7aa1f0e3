/* SPDX-License-Identifier: MIT */
/*
 * What the user sees of a row: what the server knows, with the pending acts
 * on top.  A row changes its folder here and nowhere else.
 */
#include "base/buf.h"
#include "base/cleanup.h"
#include "store/change_log.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/thread.h"
#include "store/txn.h"

static void
unpack_keywords(struct span packed, struct shown *out)
{
	out->nkeywords = 0;
	while (packed.n > 0) {
		size_t octets = (uint8_t)*span_take(&packed, 1).p;

		out->keywords[out->nkeywords++] = span_take(&packed, octets);
	}
}

static struct span
pack_keywords(const struct shown *s, struct arena *arena)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	for (size_t i = 0; i < s->nkeywords; i++) {
		buf_putc(&b, (char)s->keywords[i].n);
		buf_put(&b, s->keywords[i]);
	}
	return arena_copy(arena, buf_span(&b));
}

static bool
is_same_keywords(const struct span *a, size_t na, const struct span *b,
    size_t nb)
{
	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (!span_eq(a[i], b[i]))
			return false;
	return true;
}

void
row_server(const struct row *row, struct shown *out)
{
	const struct message *m = &row->m;

	out->flags = m->server_flags;
	out->folder = m->server_folder;
	out->nkeywords = m->nkeywords;
	for (size_t i = 0; i < m->nkeywords; i++)
		out->keywords[i] = m->keywords[i];
	if (row->has_server_keywords)
		unpack_keywords(row->server_keywords, out);
}

void
row_fold(struct store_txn *t, struct row *row, const struct shown *server,
    struct arena *arena)
{
	struct message *m = &row->m;
	struct shown s = *server;

	pending_show(t, m->id, arena, &s, NULL);
	m->server_flags = server->flags;
	m->server_folder = server->folder;
	m->flags = s.flags;
	m->folder = s.folder;
	row->has_server_keywords = !is_same_keywords(s.keywords, s.nkeywords,
	    server->keywords, server->nkeywords);
	row->server_keywords = row->has_server_keywords
	    ? pack_keywords(server, arena) : (struct span){ 0 };
	m->keywords = row->keywords;
	m->nkeywords = s.nkeywords;
	for (size_t i = 0; i < s.nkeywords; i++)
		row->keywords[i] = s.keywords[i];
}

/* From the folder that the row was in to the one that it is in now. */
static void
change_folder(struct store_txn *t, struct row *before, struct row *row)
{
	if (before->m.folder) {
		thread_leave(t, before);
		row_index_remove(t, before);
		change_log_add(t, CHANGE_GONE, row->m.account,
		    before->m.folder, row->m.id);
	}
	if (row->m.folder)
		row->m.thread = thread_join(t, row);
	row_put(t, row, false);
	if (row->m.folder) {
		row_index_add(t, row);
		change_log_add(t, CHANGE_NEW, row->m.account, row->m.folder,
		    row->m.id);
	}
}

bool
row_show(struct store_txn *t, struct row *row, const struct shown *server)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct row before = *row;
	struct shown s;
	bool is_other;

	before.m.keywords = before.keywords;
	if (!server)
		row_server(row, &s);
	row_fold(t, row, server ? server : &s, &arena);
	if (row->m.folder != before.m.folder) {
		/* The spans of the map end with the first write. */
		row_keep(&before, &arena);
		row_keep(row, &arena);
		change_folder(t, &before, row);
		return !txn_failed(t);
	}
	is_other = row->m.flags != before.m.flags ||
	    !is_same_keywords(row->m.keywords, row->m.nkeywords,
	    before.m.keywords, before.m.nkeywords);
	row_put(t, row, false);
	if (row->m.folder == 0)
		return false;
	row_index_flags(t, &before.m, &row->m);
	if (is_other)
		change_log_add(t, CHANGE_FLAGS, row->m.account, row->m.folder,
		    row->m.id);
	return is_other && !txn_failed(t);
}
