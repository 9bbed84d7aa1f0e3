/* SPDX-License-Identifier: MIT */
/*
 * Every table of the two environments.  Private to store/.
 *
 * Keys are made of the parts named here (store/key.h): numbers so that byte
 * order is the order of the numbers, and short ones short; dates in 5
 * octets, "date down" with the latest first; hashes in 8.  The bodies' own
 * tables have numbers of fixed width, as they had from the beginning: a new
 * schema of the index does not rewrite gigabytes of letters.
 *
 * "record" is store/record.h: version, length, CRC32C over table, key and
 * content.  The other values are parts of indexes, which follow from the
 * records: what follows is marked with *, store_check compares it and can
 * make it again.
 *
 * INDEX                key                        value
 * meta                 "schema"                   record: schema, page
 *                                                 size, created by
 *                      "id", counter 8 bit        record: last number given
 *                      "draft"                    record: how far rebuild.c
 *                                                 is; in index.next.mdb only
 * accounts             account                    record: struct account
 * account_states       account                    record: account_state
 * folders              folder                     record: struct folder
 *                                                 without its counts
 * folder_names *       account, SHA-256(name)     folder
 * counts *             folder                     record: account, is_local,
 *                                                 total, unread, flagged
 * groups               name 1-64 octets           record: struct group
 * rows                 message                    record: row.c
 * by_date *            folder, date, message      body state 8 bit
 * unread *             folder, date, message      (nothing); those not seen
 *                                                 and not deleted
 * flagged *            folder, date, message      (nothing)
 * by_sender *          folder, sender 0-18 octets, 0, date down, message
 * by_subject *         folder, subject 0-20 octets, 0, date down, message
 * by_size *            folder, size, message
 *                      (nothing), but in by_subject the last octet of the
 *                      row's subject_id, where it has one; texts are
 *                      casefolded and cut: row.h
 * by_uid *             server's folder, uid       message
 * uid_ranges *         server's folder, first uid
 *                                                 last uid: the UIDs that
 *                                                 are here, joined
 * unbound *            server's folder, hash, message
 *                                                 (nothing); rows whose UID
 *                                                 there is not known.  hash:
 *                                                 of the Message-ID
 * message_ids *        hash, folder, message      thread, or nothing: the
 *                      hash, 0, 0                 message's own number.  hash:
 *                                                 of the Message-ID; with
 *                                                 zeros: one that was only
 *                                                 referred to, or whose
 *                                                 message went
 * thread_links *       thread                     thread that it was joined
 *                                                 to: follow to the end
 * thread_members *     thread, folder, date, message
 *                                                 (nothing); of threads that
 *                                                 have no link
 * threads *            folder, date, message      thread, or nothing: the
 *                                                 message's own number; the
 *                                                 newest message of each
 *                                                 thread in a folder
 * subjects *           subject, date, message     (nothing); messages that
 *                      subject: hash              answer by their subject and
 *                                                 refer to nothing.  hash: of
 *                                                 base subject and
 *                                                 participants; rows have it;
 *                                                 its last bit is set for an
 *                                                 answer
 * body_uses *          body, account, user 8 bit, id
 *                                                 octets that the body takes.
 *                                                 user: enum body_user; a
 *                                                 part's entry is there once
 *                                                 for all parts of a message
 *                                                 with the same bytes
 * body_unused *        body                       (nothing); lost its last
 *                                                 user, may be collected
 * parts                message, section 1-64 octets
 *                                                 record: body, size; of
 *                                                 rows in BODY_PART alone
 * usage *              account                    record: octets of the
 *                                                 bodies that its rows and
 *                                                 parts name, each once; none
 *                                                 for nothing
 * reads                message                    record: account, when its
 *                                                 body was read last, or came;
 *                                                 of rows not in BODY_NONE
 * by_read *            account, when, message     (nothing)
 * kept                 message                    (nothing); its body is
 *                                                 never evicted
 * uidls                account, uidl 1-70 octets  record: struct uidl
 * acts                 act                        record: struct act
 * acts_open *          act                        account, state 8 bit; all
 *                                                 but DONE and CANCELED
 * acts_closed *        date, act                  (nothing); the others, by
 *                                                 when they came to an end
 * acts_of *            message, act               (nothing); acts of messages
 *                                                 whose effect rows show, a
 *                                                 copy under both its rows
 * folder_acts *        account, act               (nothing); the same of
 *                                                 folders
 * undo                 0, step                    record: a step of the user:
 *                                                 state, kind of act, when
 *                      step, kind 8 bit, id, hash record: what it added and
 *                                                 removed; id: of a message,
 *                                                 or of an act; hash: of the
 *                                                 keyword, or none; undo.c
 * wants                account, wish              message, section: of
 *                                                 store/want.h, or nothing
 * want_of *            message, section           account, wish
 * changes              last change                record: the changes of one
 *                                                 transaction, 64 at most
 * contacts             contact                    record: struct contact
 * contact_of *         hash of the address        contact
 * contact_words *      word 1-32 octets, 0, contact
 *                                                 (nothing); casefolded words
 *                                                 of name and address
 *
 * BODIES               key                        value
 * body_meta            as meta                    as meta
 * bodies               body 64 bit                record: SHA-256, size,
 *                                                 pieces
 * body_hashes          SHA-256                    body
 * body_pieces          body, piece 32 bit         record: raw size, one zstd
 *                                                 frame
 * body_fresh           body                       when it was last written to
 *                                                 (64 bit): too young to be
 *                                                 collected for want of users
 */
#pragma once

#include <stdint.h>

#include "store/store.h"

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
	TABLE_GROUPS = 27,
	TABLE_BY_SENDER = 28,
	TABLE_BY_SUBJECT = 29,
	TABLE_BY_SIZE = 30,
	TABLE_UID_RANGES = 31,
	TABLE_THREAD_LINKS = 32,
	TABLE_THREAD_MEMBERS = 33,
	TABLE_THREADS = 34,
	TABLE_SUBJECTS = 35,
	TABLE_PARTS = 36,
	TABLE_USAGE = 37,
	TABLE_READS = 38,
	TABLE_BY_READ = 39,
	TABLE_KEPT = 40,
	TABLE_UNDO = 41,
	TABLE_CONTACTS = 42,
	TABLE_CONTACT_OF = 43,
	TABLE_CONTACT_WORDS = 44,
	TABLE_UNBOUND = 45,
	TABLE_FOLDER_ACTS = 46,
	TABLE_COUNT,
};

struct table_info {
	const char *name;
	enum env_kind env;
};

extern const struct table_info tables[TABLE_COUNT];

/* The schema of each environment; see STORE_SCHEMA. */
static inline uint32_t
schema_of(enum env_kind env)
{
	return env == ENV_INDEX ? STORE_SCHEMA : STORE_BODIES_SCHEMA;
}

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
	COUNTER_UNDO = 8,
	COUNTER_CONTACT = 9,
	COUNTER_COUNT,
};

enum body_user {
	BODY_USER_ROW = 0,	/* id: the message */
	BODY_USER_ACT = 1,	/* id: the act */
	BODY_USER_PART = 2,	/* id: the message that it is a part of */
};

/* The layout of a record; see the function that writes it. */
enum { RECORD_V1 = 1 };

/* Limits on what is kept of a letter; longer text is cut. */
enum {
	NAME_MAX_OCTETS = 1000,		/* of a folder; more is refused */
	UIDL_MAX_OCTETS = 70,		/* RFC 1939 7; more is refused */
	ROW_TEXT_MAX = 1024,		/* a name, the recipients, a subject */
	ROW_ID_MAX = 998,		/* a Message-ID */
	ROW_REFERENCES_MAX = 30,	/* the middle of more is dropped */
	SORT_SENDER_OCTETS = 18,
	SORT_SUBJECT_OCTETS = 20,
	GROUP_NAME_MAX = 64,
	SECTION_MAX_OCTETS = 64,	/* "1.2.3": RFC 9051 6.4.5 */
	CONTACT_WORD_OCTETS = 32,
	ACT_RECIPIENTS_MAX = 10000,
	ACTS_CLOSED_MAX = 1000,		/* kept for display */
	TAKEN_BACK_SECONDS = 30 * 24 * 60 * 60,	/* a letter, at least */
};
