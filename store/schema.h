/* SPDX-License-Identifier: MIT */
/*
 * Every table of the two environments.  Private to store/.
 *
 * Keys are made of the parts named here, numbers big-endian, so that byte
 * order is the order of the numbers; a date has its sign bit turned, so
 * that dates before 1970 sort first.  "record" is store/record.h: version,
 * length, CRC32C over table, key and content.  The other values are parts of
 * indexes, which store_check compares with the records.
 *
 * INDEX                key                        value
 * meta                 "schema"                   record: schema, page
 *                                                 size, created by
 *                      "id", counter 8 bit        record: last number given
 * accounts             account 32                 record: struct account
 * account_states       account 32                 record: account_state
 * folders              folder 32                  record: struct folder
 *                                                 without its counts
 * folder_names         account 32, SHA-256(name)  folder 32
 * counts               folder 32                  record: account, is_local,
 *                                                 total, unread, flagged
 * rows                 message 64                 record: row.c
 * by_date              folder, date, message      body state 8 bit
 * unread               folder, date, message      (nothing); those not seen
 *                                                 and not deleted
 * flagged              folder, date, message      (nothing)
 * by_uid               folder, uid 32             message
 * message_ids          hash 64, folder, message   thread 64.  hash: of the
 *                      hash 64, 0, 0              Message-ID; with zeros: one
 *                                                 that was only referred to,
 *                                                 or whose message went
 * body_uses            body 64, user 8, id 64     (nothing).  user: 0 a row,
 *                                                 1 an act
 * body_unused          body                       (nothing); lost its last
 *                                                 user, may be collected
 * uidls                account, uidl 1-70 octets  record: struct uidl
 * acts                 act 64                     record: struct act
 * acts_open            act                        account, state 8 bit; all
 *                                                 but DONE and CANCELED
 * acts_closed          act                        (nothing); the others
 * acts_of              message, act               (nothing); flag acts whose
 *                                                 effect the row shows
 * wants                account, wish 64           message
 * want_of              message                    account, wish
 * changes              last change 64             record: the changes of one
 *                                                 transaction, 64 at most
 *
 * BODIES               key                        value
 * body_meta            as meta                    as meta
 * bodies               body                       record: SHA-256, size,
 *                                                 pieces
 * body_hashes          SHA-256                    body
 * body_pieces          body, piece 32             record: raw size, one zstd
 *                                                 frame
 * body_fresh           body                       when it was last written to
 *                                                 (64 bit): too young to be
 *                                                 collected for want of users
 */
#pragma once

#include <stdint.h>

enum env_kind { ENV_INDEX, ENV_BODIES, ENV_COUNT };

/* The numbers take part in checksums: never change one, add at the end. */
enum table {
	TABLE_META = 0,
	TABLE_ACCOUNTS = 1,
	TABLE_ACCOUNT_STATES = 2,
	TABLE_FOLDERS = 3,
	TABLE_FOLDER_NAMES = 4,
	TABLE_COUNTS = 5,
	TABLE_ROWS = 6,
	TABLE_BY_DATE = 7,
	TABLE_UNREAD = 8,
	TABLE_FLAGGED = 9,
	TABLE_BY_UID = 10,
	TABLE_MESSAGE_IDS = 11,
	TABLE_BODY_USES = 12,
	TABLE_BODY_UNUSED = 13,
	TABLE_UIDLS = 14,
	TABLE_ACTS = 15,
	TABLE_ACTS_OPEN = 16,
	TABLE_ACTS_CLOSED = 17,
	TABLE_ACTS_OF = 18,
	TABLE_WANTS = 19,
	TABLE_WANT_OF = 20,
	TABLE_CHANGES = 21,
	TABLE_BODY_META = 22,
	TABLE_BODIES = 23,
	TABLE_BODY_HASHES = 24,
	TABLE_BODY_PIECES = 25,
	TABLE_BODY_FRESH = 26,
	TABLE_COUNT,
};

struct table_info {
	const char *name;
	enum env_kind env;
};

extern const struct table_info tables[TABLE_COUNT];

/* The table that holds the schema and the counters of an environment. */
static inline enum table
schema_meta_of(enum env_kind env)
{
	return env == ENV_INDEX ? TABLE_META : TABLE_BODY_META;
}

/* Sequences; numbers are never given twice.  Stored: add at the end. */
enum counter {
	COUNTER_ACCOUNT = 1,
	COUNTER_FOLDER = 2,
	COUNTER_MESSAGE = 3,
	COUNTER_ACT = 4,
	COUNTER_WISH = 5,
	COUNTER_CHANGE = 6,
	COUNTER_BODY = 7,
	COUNTER_COUNT,
};

enum body_user { BODY_USER_ROW = 0, BODY_USER_ACT = 1 };

/* The layout of a record; see the function that writes it. */
enum { RECORD_V1 = 1 };

/* Limits on what is kept of a letter; longer text is cut. */
enum {
	NAME_MAX_OCTETS = 1000,		/* of a folder; more is refused */
	UIDL_MAX_OCTETS = 70,		/* RFC 1939 7; more is refused */
	ROW_TEXT_MAX = 1024,		/* a name, the recipients, a subject */
	ROW_ID_MAX = 998,		/* a Message-ID */
	ACT_RECIPIENTS_MAX = 10000,
	ACTS_CLOSED_MAX = 1000,		/* kept for display */
};
