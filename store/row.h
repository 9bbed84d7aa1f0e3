/* SPDX-License-Identifier: MIT */
/*
 * Rows: the record of a message and the indexes that follow from it.
 * Private to store/.
 */
#pragma once

#include "store/key.h"
#include "store/message.h"
#include "store/record.h"

/*
 * A row as it is stored: the spans of m, and m.keywords, are borrowed from
 * the map (valid until the next write) or from whoever makes a new row.
 */
struct row {
	struct message m;
	struct span keywords[KEYWORDS_MAX];
	/*
	 * The server's keywords, where they are not what the user sees: each
	 * behind an octet of its length.
	 */
	bool has_server_keywords;
	struct span server_keywords;
	/* What threads are made of, so that they can be made again. */
	struct span references;	/* hashes, 8 octets each, oldest first */
	struct span subject_id;	/* 8 octets: hash as in `subjects`; or none */
	struct span server_thread;	/* 8 octets: hash of it; or none */
	/* thread_id_hash of the Message-ID, where it is known; not stored. */
	uint64_t id_hash;
};

/* False when there is none; m.keywords then points into the row. */
bool row_get(struct store_txn *t, uint64_t id, struct row *row);
/* Reads the content of a record that is open; the id is not in it. */
bool row_read(struct record *r, struct row *row);
/* Writes the record alone; is_new for one with the highest id of all. */
void row_put(struct store_txn *t, const struct row *row, bool is_new);
/*
 * Writes a new one with all that follows from it, which gives its thread
 * where it is in a folder.
 * m.thread is 0, or a thread that it is in whatever its ids say.
 */
void row_add(struct store_txn *t, struct row *row);
/* Everything that is borrowed from the map goes into the arena. */
void row_keep(struct row *row, struct arena *arena);
/* Everything into the arena. */
void row_copy(const struct row *row, struct arena *arena, struct message *out);

/* Puts the row into every index of its folder that follows from it alone. */
void row_index_add(struct store_txn *t, const struct row *row);
/* Takes it out of them. */
void row_index_remove(struct store_txn *t, const struct row *row);
/* Its flags were before->flags and are those of `after` now. */
void row_index_flags(struct store_txn *t, const struct message *before,
    const struct message *after);

/* Where the server has it: by_uid and what goes with that, or unbound. */
void row_place_add(struct store_txn *t, const struct row *row);
void row_place_remove(struct store_txn *t, const struct row *row);
/*
 * The server has it there from now on, unbound for uid 0 unless the folder is
 * local: changes the indexes and *row, which row_show is to write.  Its spans
 * are not of the map.
 */
void row_place_change(struct store_txn *t, struct row *row, uint32_t folder,
    struct uid uid);
/* The key in `unbound`; what can be found there by a Message-ID begins so. */
struct key row_unbound_key(uint32_t folder, uint64_t hash, uint64_t id);

struct shown;	/* store/pending.h */

/* What the server knows of the row, whose spans it shares. */
void row_server(const struct row *row, struct shown *out);
/*
 * Writes into *row, not into the store, what the server knows, and what the
 * user's pending acts make of it.  What the row had is forgotten; `server`
 * has what row_server gives, or newer.  New spans are the arena's.
 */
void row_fold(struct store_txn *t, struct row *row,
    const struct shown *server, struct arena *arena);
/*
 * The same, written, with every index that follows: the row may leave its
 * folder for another, or for none.  server NULL: what it was.  True when the
 * user sees a difference.  The spans of *row are not valid afterwards.
 */
bool row_show(struct store_txn *t, struct row *row,
    const struct shown *server);

/* folder, date, message: the key of by_date, unread, flagged and threads. */
struct key row_date_key(uint32_t folder, int64_t date, uint64_t id);
struct message_spot row_spot_of(struct span key);
struct key row_uid_key(uint32_t folder, struct uid uid);
struct key row_message_id_key(uint64_t hash, uint32_t folder, uint64_t id);

/*
 * What by_sender, by_subject and by_size sort by, put behind the folder:
 * the sender's name or else address, or the base subject, casefolded and
 * cut, then 0; or the size.
 */
void row_key_sender(struct key *key, const struct message *m);
void row_key_subject(struct key *key, const struct message *m);
void row_key_size(struct key *key, const struct message *m);
/* The whole key in a table of those three. */
struct key row_sort_key(enum table table, const struct message *m);
/*
 * Its value: nothing, but in by_subject the last octet of subject_id, where
 * the row has one.  What is not joined by its subject is passed over by it.
 */
struct span row_sort_value(enum table table, const struct row *row);

/*
 * Writes the body state where walks find it without the row; nothing for a
 * row in no folder.
 */
void row_put_date(struct store_txn *t, const struct message *m);
