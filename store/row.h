/* SPDX-License-Identifier: MIT */
/*
 * Rows: the record of a message and the indexes that follow from it.
 * Private to store/.
 */
#pragma once

#include "store/key.h"
#include "store/message.h"
#include "store/record.h"
#include "store/view.h"

/*
 * A row as it is stored: the spans of m, and m.keywords, are borrowed from
 * the map (valid until the next write) or from whoever makes a new row.
 */
struct row {
	struct message m;
	struct span keywords[KEYWORDS_MAX];
};

/* False when there is none; m.keywords then points into the row. */
bool row_get(struct store_txn *t, uint64_t id, struct row *row);
/* Reads the content of a record that is open; the id is not in it. */
bool row_read(struct record *r, struct row *row);
/* Writes the record alone; is_new for one with the highest id of all. */
void row_put(struct store_txn *t, const struct row *row, bool is_new);
/* Everything into the arena. */
void row_copy(const struct row *row, struct arena *arena, struct message *out);

/*
 * Makes the indexes that depend on flags, and the counts, follow from
 * `before` to `after` (NULL: no row).
 */
void row_index(struct store_txn *t, const struct message *before,
    const struct message *after);

/*
 * Writes the row with these server flags and what the user's pending acts
 * make of them; true when the user sees a difference.  The spans of *row
 * are not valid afterwards.
 */
bool row_set_server_flags(struct store_txn *t, struct row *row,
    uint32_t server_flags);

static inline bool
row_is_unread(uint32_t flags)
{
	return !(flags & (FLAG_SEEN | FLAG_DELETED));
}

/* At most max octets, whole characters of UTF-8. */
struct span row_cut(struct span s, size_t max);

/* folder, date, message: the key of by_date, unread and flagged. */
struct key row_date_key(uint32_t folder, struct view_position at);
struct view_position row_position_of(struct span key);
struct key row_uid_key(uint32_t folder, struct uid uid);
struct key row_message_id_key(struct span message_id, uint32_t folder,
    uint64_t id);
/* Writes the body state where walks find it without the row. */
void row_put_date(struct store_txn *t, const struct message *m);
