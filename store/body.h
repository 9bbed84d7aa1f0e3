/* SPDX-License-Identifier: MIT */
/*
 * Bodies: whole letters (RFC 5322, CRLF as received), addressed by their
 * SHA-256, compressed by zstd in pieces, shared by every row with the same
 * bytes.  Written and read in pieces: a letter is never held whole here.
 *
 * A body is committed before the row that names it.  Bodies that nobody
 * names (a crash in between) are found and dropped by store_body_collect.
 */
#pragma once

#include "base/source.h"
#include "store/store.h"

struct body_writer;	/* opaque; one thread */

enum err store_body_begin(struct store *store, struct body_writer **out,
    struct error *e);
void store_body_write(struct body_writer *w, struct span piece);
/*
 * Makes it durable; *id names it from now on (the id of an equal body where
 * there is one).  Frees the writer, also on failure.  ERR_AGAIN: the writer
 * stood still for more than an hour and its beginning was collected.
 */
enum err store_body_finish(struct body_writer *w, uint64_t *id,
    struct error *e);
void store_body_abort(struct body_writer *w);

/*
 * Many small bodies in one commit.  The ids may be used in rows after
 * store_bodies_commit, and only then.  The write lock of the bodies is held
 * in between: have the letters at hand, and use nothing else of the store in
 * this thread meanwhile.
 */
struct body_batch;
enum err store_bodies_begin(struct store *store, struct body_batch **out,
    struct error *e);
/* Adds a body that is at hand in memory; *id as above. */
enum err store_bodies_add(struct body_batch *b, struct span bytes,
    uint64_t *id, struct error *e);
enum err store_bodies_commit(struct body_batch *b, struct error *e);
void store_bodies_abort(struct body_batch *b);

/*
 * A source over a body; read in any order, any thread at a time.  Corrupt
 * pieces are ERR_CORRUPT, those of a body that has been collected since are
 * ERR_NOTFOUND.  store_body_close ends it.
 */
struct body_reader;
enum err store_body_open(struct store *store, uint64_t id,
    struct body_reader **out, struct error *e);
struct source store_body_source(struct body_reader *r);
void store_body_close(struct body_reader *r);

/* The whole body, for letters up to max octets (ERR_LIMIT). */
enum err store_body_load(struct store *store, uint64_t id, uint64_t max,
    struct arena *arena, struct span *out, struct error *e);

/*
 * Drops up to max bodies that no row, part or journal entry names.  One that
 * was written (or found again) within the hour is left alone: somebody may
 * be about to name it.  In short transactions of its own: none of this thread
 * may be open.
 */
enum err store_body_collect(struct store *store, size_t max, size_t *dropped,
    struct error *e);
