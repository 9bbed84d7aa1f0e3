/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine: RFC 3501 and 9051, with the extensions of PROTOCOLS.md 1
 * that it finds announced.  Sans-I/O; see protocol/session.h.
 *
 * Life: imap_new, then IMAP_GREETING ... IMAP_READY come by themselves while
 * the engine greets, secures, logs in, asks for the capabilities again,
 * compresses, sends ID and ENABLE.  After IMAP_READY the caller issues
 * commands; each returns a tag number, and exactly one IMAP_DONE with that
 * number follows (or a STEP_ERROR ends everything).  Commands may be
 * pipelined; the engine holds back what must be alone in flight
 * (PROTOCOLS.md 2.2) and sends synchronising literals when the server asks
 * for them.
 *
 * Untagged data is an event whenever it comes, whoever asked for it.
 * Unknown data, unknown codes and unknown FETCH items are skipped with
 * literal and parenthesis counting, never fatal.
 *
 * Threads: one engine, one thread.
 */
#pragma once

#include "base/buf.h"
#include "base/flags.h"
#include "base/uid.h"
#include "base/uidset.h"
#include "protocol/imap_part.h"
#include "protocol/session.h"

struct imap;	/* opaque */

/* Limits against a hostile server.  PROTOCOLS.md 8, SECURITY.md 3. */
enum {
	IMAP_LINE_MAX = 1 << 20,	/* octets outside literals */
	IMAP_SET_LINE_MAX = 16 << 20,	/* the same, of SEARCH and VANISHED */
	IMAP_NESTING_MAX = 64,
	IMAP_HEADER_MAX = 1 << 20,	/* literals kept of one response; what
					   is beyond is cut off */
	IMAP_NAME_MAX = 1000,		/* octets of a mailbox name */
	IMAP_RANGES_MAX = 1 << 20,
	IMAP_NAMESPACES_MAX = 8,	/* of each kind */
	IMAP_LABELS_MAX = 100,
	IMAP_SEARCH_TEXT_MAX = 1000,	/* octets of one string looked for */
	IMAP_UNTAGGED_MAX = 64 << 20,	/* octets outside literals between two
					   tagged answers while none is due */
};
#define IMAP_LITERAL_MAX ((uint64_t)256 << 20)	/* streamed, octets */

/*
 * What the server announced, as far as surat uses it: bits of a uint64_t,
 * which an enum of C17 could not hold.
 */
#define IMAP_CAP(bit) ((uint64_t)1 << (bit))
#define IMAP_CAP_REV1			IMAP_CAP(0)
#define IMAP_CAP_REV2			IMAP_CAP(1)
#define IMAP_CAP_STARTTLS		IMAP_CAP(2)
#define IMAP_CAP_LOGINDISABLED		IMAP_CAP(3)
#define IMAP_CAP_SASL_IR		IMAP_CAP(4)
#define IMAP_CAP_LITERAL_PLUS		IMAP_CAP(5)
#define IMAP_CAP_LITERAL_MINUS		IMAP_CAP(6)
#define IMAP_CAP_ID			IMAP_CAP(7)
#define IMAP_CAP_ENABLE			IMAP_CAP(8)
#define IMAP_CAP_NAMESPACE		IMAP_CAP(9)
#define IMAP_CAP_LIST_EXTENDED		IMAP_CAP(10)
#define IMAP_CAP_LIST_STATUS		IMAP_CAP(11)
#define IMAP_CAP_SPECIAL_USE		IMAP_CAP(12)
#define IMAP_CAP_CHILDREN		IMAP_CAP(13)
#define IMAP_CAP_UIDPLUS		IMAP_CAP(14)
#define IMAP_CAP_MOVE			IMAP_CAP(15)
#define IMAP_CAP_UNSELECT		IMAP_CAP(16)
#define IMAP_CAP_CONDSTORE		IMAP_CAP(17)
#define IMAP_CAP_QRESYNC		IMAP_CAP(18)
#define IMAP_CAP_IDLE			IMAP_CAP(19)
#define IMAP_CAP_ESEARCH		IMAP_CAP(20)
#define IMAP_CAP_COMPRESS		IMAP_CAP(21)
#define IMAP_CAP_NOTIFY			IMAP_CAP(22)
#define IMAP_CAP_OBJECTID		IMAP_CAP(23)
#define IMAP_CAP_PREVIEW		IMAP_CAP(24)
#define IMAP_CAP_UTF8_ACCEPT		IMAP_CAP(25)
#define IMAP_CAP_GMAIL			IMAP_CAP(26)	/* X-GM-EXT-1 */
#define IMAP_CAP_STATUS_SIZE		IMAP_CAP(27)
#define IMAP_CAP_XLIST			IMAP_CAP(28)
#define IMAP_CAP_SEARCHRES		IMAP_CAP(29)
#define IMAP_CAP_PARTIAL		IMAP_CAP(30)
#define IMAP_CAP_BINARY			IMAP_CAP(31)
#define IMAP_CAP_QUOTA			IMAP_CAP(32)
#define IMAP_CAP_APPENDLIMIT		IMAP_CAP(33)
#define IMAP_CAP_CREATE_SPECIAL_USE	IMAP_CAP(34)

enum imap_event_kind {
	IMAP_GREETING,		/* text; nothing before TLS is shown to users */
	IMAP_STARTTLS,		/* do the handshake, then imap_secured() */
	IMAP_COMPRESS,		/* deflate from here on, both ways, then
				   imap_compressed(); RFC 4978 */
	IMAP_READY,		/* logged in; capabilities known */
	IMAP_DONE,		/* a command ended: tag, status, code, text */
	IMAP_LIST,		/* list */
	IMAP_STATUS,		/* status */
	IMAP_NAMESPACE,		/* namespaces */
	IMAP_CLOSED,		/* what comes now is of the new mailbox */
	IMAP_SELECTED,		/* selected: before the DONE of a SELECT */
	IMAP_EXISTS,		/* number: messages in the selected mailbox */
	IMAP_EXPUNGE,		/* number: the sequence number that went */
	IMAP_VANISHED,		/* uids, number != 0 when (EARLIER) */
	IMAP_FETCH,		/* fetch: everything of one answer but streams */
	IMAP_BODY,		/* body: a piece of a streamed section */
	IMAP_SEARCH,		/* uids; tag: whose, or 0 */
	IMAP_IDLING,		/* the server accepted IDLE */
	IMAP_ALERT,		/* text that RFC 3501 wants shown to the user */
	IMAP_BYE,		/* text: the server will close */
	IMAP_ALIVE,		/* any other sign of life ("* OK Still here");
				   number: percent done of [INPROGRESS], or 0 */
	IMAP_QUOTA,		/* quota: one root of the mailbox asked for */
	IMAP_OVERFLOW,		/* [NOTIFICATIONOVERFLOW]: NOTIFY is off and
				   changes were missed.  RFC 5465 5.8 */
};

enum imap_status { IMAP_OK, IMAP_NO, IMAP_BAD };

/* Response codes (RFC 5530 and others) that change what surat does. */
enum imap_code {
	IMAP_CODE_NONE,		/* none, or one that surat does not know */
	IMAP_CODE_AUTHENTICATIONFAILED,
	IMAP_CODE_AUTHORIZATIONFAILED,
	IMAP_CODE_EXPIRED,
	IMAP_CODE_PRIVACYREQUIRED,
	IMAP_CODE_CONTACTADMIN,
	IMAP_CODE_UNAVAILABLE,
	IMAP_CODE_INUSE,
	IMAP_CODE_LIMIT,
	IMAP_CODE_OVERQUOTA,
	IMAP_CODE_NOPERM,
	IMAP_CODE_CANNOT,
	IMAP_CODE_NONEXISTENT,
	IMAP_CODE_ALREADYEXISTS,
	IMAP_CODE_EXPUNGEISSUED,
	IMAP_CODE_SERVERBUG,
	IMAP_CODE_CLIENTBUG,
	IMAP_CODE_TRYCREATE,
	IMAP_CODE_READ_ONLY,
	IMAP_CODE_APPENDUID,	/* see struct imap_copied */
	IMAP_CODE_COPYUID,
	IMAP_CODE_MODIFIED,	/* uids: not stored.  RFC 7162 3.1.3 */
	IMAP_CODE_UNKNOWN_CTE,	/* BINARY cannot decode it.  RFC 3516 4.3 */
	IMAP_CODE_BADCHARSET,
	IMAP_CODE_USEATTR,	/* CREATE: not that role.  RFC 6154 3 */
	IMAP_CODE_TOOBIG,	/* APPEND: over the limit.  RFC 7889 4 */
	IMAP_CODE_HASCHILDREN,	/* DELETE.  RFC 9051 7.1 */
};

/* LIST attributes.  RFC 3501 7.2.2, 6154, 5258. */
enum imap_attribute {
	IMAP_ATTR_NOSELECT = 1 << 0,	/* also \NonExistent */
	IMAP_ATTR_NOINFERIORS = 1 << 1,
	IMAP_ATTR_MARKED = 1 << 2,
	IMAP_ATTR_UNMARKED = 1 << 3,
	IMAP_ATTR_HASCHILDREN = 1 << 4,
	IMAP_ATTR_HASNOCHILDREN = 1 << 5,
	IMAP_ATTR_SUBSCRIBED = 1 << 6,
	IMAP_ATTR_ALL = 1 << 7,
	IMAP_ATTR_ARCHIVE = 1 << 8,
	IMAP_ATTR_DRAFTS = 1 << 9,
	IMAP_ATTR_FLAGGED = 1 << 10,
	IMAP_ATTR_JUNK = 1 << 11,
	IMAP_ATTR_SENT = 1 << 12,
	IMAP_ATTR_TRASH = 1 << 13,
	IMAP_ATTR_IMPORTANT = 1 << 14,
};

/* STATUS items and SELECT facts; `has` tells which are set. */
enum imap_mailbox_fact {
	IMAP_HAS_MESSAGES = 1 << 0,
	IMAP_HAS_UNSEEN = 1 << 1,
	IMAP_HAS_UIDNEXT = 1 << 2,
	IMAP_HAS_UIDVALIDITY = 1 << 3,
	IMAP_HAS_HIGHESTMODSEQ = 1 << 4,
	IMAP_HAS_SIZE = 1 << 5,
	IMAP_HAS_NOMODSEQ = 1 << 6,	/* [NOMODSEQ] */
};

struct imap_mailbox_facts {
	unsigned has;		/* enum imap_mailbox_fact */
	uint32_t messages, unseen, uidnext, uidvalidity;
	uint64_t highestmodseq, size;
	bool read_only;		/* [READ-ONLY] */
	uint32_t permanent_flags;	/* enum flag bits */
	bool keywords_allowed;	/* \* among PERMANENTFLAGS */
};

/* FETCH items; `has` tells which the answer held. */
enum imap_fetch_item {
	IMAP_FETCHED_UID = 1 << 0,
	IMAP_FETCHED_FLAGS = 1 << 1,
	IMAP_FETCHED_INTERNALDATE = 1 << 2,
	IMAP_FETCHED_SIZE = 1 << 3,
	IMAP_FETCHED_MODSEQ = 1 << 4,
	IMAP_FETCHED_HEADER = 1 << 5,	/* BODY[HEADER...] in memory */
	IMAP_FETCHED_BODY = 1 << 6,	/* a section came as IMAP_BODY pieces */
	IMAP_FETCHED_BROKEN = 1 << 7,	/* the answer was malformed: a body in
					   it must not be taken for whole, a
					   structure that was asked for and is
					   not there cannot be had */
	IMAP_FETCHED_STRUCTURE = 1 << 8,
	IMAP_FETCHED_EMAIL_ID = 1 << 9,
	IMAP_FETCHED_THREAD_ID = 1 << 10,
	IMAP_FETCHED_PREVIEW = 1 << 11,
	IMAP_FETCHED_GM_MSGID = 1 << 12,
	IMAP_FETCHED_GM_THRID = 1 << 13,
	IMAP_FETCHED_LABELS = 1 << 14,
};

struct imap_fetch {
	struct seqno seqno;
	unsigned has;			/* enum imap_fetch_item */
	struct uid uid;
	uint32_t flags;			/* enum flag bits */
	const struct span *keywords;	/* as the server spells them */
	size_t nkeywords;
	int64_t internaldate;		/* DATE_NONE when unreadable */
	uint64_t size;			/* RFC822.SIZE: an estimate */
	uint64_t modseq;		/* 0: none or nonsense */
	struct span header;		/* raw header block */
	struct span section;		/* of the streamed body: "", "1.2" */
	const struct imap_part *structure;	/* see protocol/imap_part.h */
	struct span email_id, thread_id;	/* RFC 8474 5; empty where the
						   server said NIL */
	struct span preview;		/* UTF-8, raw.  RFC 8970; empty: none
					   yet, or nothing to show */
	uint64_t gm_msgid, gm_thrid;	/* Gmail's ids, never 0 */
	const struct span *labels;	/* Gmail's: "\Inbox", raw names */
	size_t nlabels;
};

/*
 * A piece of BODY[section] as it arrives.  The UID may only be known from
 * the IMAP_FETCH that ends the answer, so the consumer stages the bytes.
 * BODY[HEADER...] sections are not streamed.  The piece points into the
 * bytes that were given to imap_step.
 */
struct imap_body {
	struct seqno seqno;
	struct span section;
	uint64_t total;		/* octets announced for this section */
	uint64_t at;		/* offset of this piece */
	struct span piece;	/* empty for a NIL or empty body */
	bool is_last;
	bool is_binary;		/* BINARY[...]: without transfer encoding */
};

struct imap_list {
	unsigned attributes;	/* enum imap_attribute */
	char delimiter;		/* 0: flat */
	struct span name;	/* raw bytes: the key, sent back as they are */
	bool is_lsub;		/* answers LSUB: it may not exist any more */
};

struct imap_namespace {
	struct span prefix;	/* raw, often with the delimiter at its end */
	char delimiter;		/* 0: flat */
};

/* RFC 2342: the first of each kind; what is beyond IMAP_NAMESPACES_MAX is
   passed over. */
struct imap_namespaces {
	const struct imap_namespace *personal, *others, *shared;
	size_t npersonal, nothers, nshared;
};

/*
 * A run of messages that got new UIDs: from.first became to.first and so on
 * to the last.  `from` ascends; `to` descends where its last is below its
 * first.  Both hold the same number.  For APPEND `from` is 0:0.
 */
struct imap_uid_pair {
	struct uid_range from, to;
};

/*
 * What COPYUID or APPENDUID said (RFC 4315 3): pairs in the order of the
 * server.  Empty where it said nothing or what cannot be: sets that are
 * empty, differ in length, name a message twice or one that was not asked
 * for (PROTOCOLS.md 8, rows 11 and 59).  It may cover a part only of a set
 * that went out as several commands.  The engine knows the UIDVALIDITY of the
 * selected mailbox alone: compare it with what is known of the target.
 */
struct imap_copied {
	uint32_t uidvalidity;	/* of the mailbox that they are in now */
	const struct imap_uid_pair *pairs;
	size_t npairs;
};

/* The new UID of a message; 0: not told. */
uint32_t imap_copied_to(const struct imap_copied *copied, struct uid from);

/* RFC 9208 5.2. */
struct imap_quota {
	struct span root;	/* raw name, often empty */
	bool has_storage, has_messages;
	uint64_t storage_used, storage_max;	/* octets */
	uint64_t messages_used, messages_max;
};

struct imap_event {
	enum imap_event_kind kind;
	/* IMAP_DONE */
	uint32_t tag;
	enum imap_status status;
	enum imap_code code;
	struct span text;	/* server's words, raw: clean before use */
	uint32_t backoff_ms;	/* the pause that a throttling server asks for
				   (then NO and IMAP_CODE_LIMIT), or 0 */
	/* IMAP_STATUS, IMAP_SELECTED: which mailbox, raw name */
	struct span mailbox;
	struct imap_mailbox_facts facts;
	uint32_t number;
	/* IMAP_SEARCH, IMAP_VANISHED; IMAP_DONE of a STORE: see MODIFIED */
	const struct uidset *uids;
	struct imap_copied copied;	/* IMAP_DONE of MOVE, COPY, APPEND */
	struct imap_list list;
	struct imap_namespaces namespaces;
	struct imap_quota quota;
	struct imap_fetch fetch;
	struct imap_body body;
};

struct imap *imap_new(const struct session_settings *settings);
void imap_free(struct imap *imap);

/*
 * Takes bytes from *in (advanced) until there is an event.  Call again with
 * what is left, also when *in is empty: several events may be pending.
 */
enum step imap_step(struct imap *imap, struct span *in,
    struct imap_event *event);
/* Why the last step was STEP_ERROR. */
const struct error *imap_error(const struct imap *imap);

/* Bytes to send, borrowed until the next call on the engine. */
struct span imap_output(const struct imap *imap);
/* The first n bytes of the output were sent. */
void imap_sent(struct imap *imap, size_t n);

/* The handshake after IMAP_STARTTLS is done and the peer is verified. */
void imap_secured(struct imap *imap);
/*
 * The channel deflates and inflates (RFC 4978 3).  From IMAP_COMPRESS on
 * imap_step takes nothing of its input: what the caller still has is the
 * beginning of the compressed stream, to be inflated and given again after
 * this call.  Output from here on is to be deflated.
 */
void imap_compressed(struct imap *imap);

/*
 * IMAP_CAP_... bits: announced, not masked, and since IMAP_READY of QRESYNC
 * and UTF8_ACCEPT only where the server took ENABLE.  LIST_EXTENDED with
 * LIST_STATUS and ESEARCH go when the server turns out not to mean them.
 */
uint64_t imap_capabilities(const struct imap *imap);
/* Octets that APPEND may carry, where the server said; 0: it did not. */
uint64_t imap_append_limit(const struct imap *imap);
/*
 * UTF8=ACCEPT is on (RFC 6855): mailbox names are UTF-8 both ways, not
 * modified UTF-7.  Fixed from IMAP_READY on.
 */
bool imap_is_utf8(const struct imap *imap);
bool imap_is_ready(const struct imap *imap);
/* Commands issued and not yet done. */
unsigned imap_in_flight(const struct imap *imap);

/*
 * Commands.  Names are raw bytes as LIST gave them; the engine quotes them
 * or sends a literal, and refuses (bug_on) nothing: a name with CR, LF or
 * NUL or over IMAP_NAME_MAX ends in an IMAP_DONE with IMAP_BAD without being
 * sent, as does every command before IMAP_READY or behind IMAP_BYE, and one
 * that needs an extension which is not announced.  An empty set is done
 * with IMAP_OK.  A long set goes out as several commands that are done as
 * one, with the worst of their answers.
 */

/*
 * LIST of INBOX and of all that starts with prefix (raw, of the personal
 * namespace; empty: of everything), with SUBSCRIBED CHILDREN SPECIAL-USE
 * STATUS as announced: IMAP_LIST and IMAP_STATUS events.  Without
 * LIST-EXTENDED and SPECIAL-USE it is XLIST where that is announced.
 */
uint32_t imap_list_all(struct imap *imap, struct span prefix);
/*
 * LSUB "" "*": IMAP_LIST events with is_lsub and IMAP_ATTR_SUBSCRIBED.  Done
 * at once with OK where LIST-EXTENDED is announced: imap_list_all says it.
 */
uint32_t imap_lsub(struct imap *imap);
/* NAMESPACE; done at once with OK and no event when not announced. */
uint32_t imap_namespace(struct imap *imap);
uint32_t imap_status(struct imap *imap, struct span mailbox);

struct imap_resync {
	uint32_t uidvalidity;
	uint64_t modseq;	/* 0: plain SELECT (CONDSTORE if announced) */
};
/* resync may be NULL; its QRESYNC is used only where ENABLEd. */
uint32_t imap_select(struct imap *imap, struct span mailbox, bool read_only,
    const struct imap_resync *resync);
uint32_t imap_unselect(struct imap *imap);

/*
 * CREATE; role: one of IMAP_ATTR_ALL ... IMAP_ATTR_IMPORTANT, told to the
 * server where CREATE-SPECIAL-USE is announced, or 0.
 */
uint32_t imap_create(struct imap *imap, struct span name, unsigned role);
/* RENAME: the inferiors go with it.  RFC 9051 6.3.6. */
uint32_t imap_rename(struct imap *imap, struct span from, struct span to);
uint32_t imap_delete(struct imap *imap, struct span name);
/* SUBSCRIBE or UNSUBSCRIBE. */
uint32_t imap_subscribe(struct imap *imap, struct span name, bool on);
/* GETQUOTAROOT: IMAP_QUOTA events; needs QUOTA. */
uint32_t imap_quota(struct imap *imap, struct span mailbox);
/*
 * NOTIFY SET: changes of all personal mailboxes are told unasked,
 * those of the selected one as while it idles, the others' as IMAP_STATUS and
 * IMAP_LIST.  Needs NOTIFY.  While it is on, or IMAP_OVERFLOW has not come,
 * sequence numbers may shift at any time: imap_fetch_headers_by_seqno is
 * done with BAD.  RFC 5465.
 * with_status: the server tells the present state of each first; without,
 * the caller asks for it behind this command.
 */
uint32_t imap_notify(struct imap *imap, bool with_status);

/*
 * UID FETCH of UID FLAGS INTERNALDATE RFC822.SIZE (MODSEQ) (EMAILID THREADID)
 * (X-GM-MSGID X-GM-THRID X-GM-LABELS) (PREVIEW (LAZY)) as announced and the
 * header fields of PROTOCOLS.md 2.1, one IMAP_FETCH with .header each.
 */
uint32_t imap_fetch_headers(struct imap *imap, const struct uidset *uids);
/* The same by sequence numbers; only with nothing else in flight. */
uint32_t imap_fetch_headers_by_seqno(struct imap *imap, uint32_t first,
    uint32_t last);
/*
 * The same of the n newest messages without knowing how many there are;
 * needs PARTIAL.  RFC 9394 3.3.
 */
uint32_t imap_fetch_newest(struct imap *imap, uint32_t n);
/* UID FETCH (UID FLAGS), with CHANGEDSINCE when modseq != 0. */
uint32_t imap_fetch_flags(struct imap *imap, const struct uidset *uids,
    uint64_t modseq);
/*
 * Flags of all messages changed since modseq (not 0).  Where QRESYNC is
 * enabled also what has VANISHED (EARLIER) since.  Needs CONDSTORE, and a
 * mailbox that keeps MODSEQ.  RFC 7162 3.1.4.1, 3.2.6.
 */
uint32_t imap_fetch_changes(struct imap *imap, uint64_t modseq);
/* UID FETCH (UID BODYSTRUCTURE): .structure. */
uint32_t imap_fetch_structure(struct imap *imap, const struct uidset *uids);
/*
 * What tells messages apart under whatever UID: UID FETCH of UID
 * INTERNALDATE RFC822.SIZE, EMAILID or X-GM-MSGID as announced, and the
 * header field Message-ID.
 */
uint32_t imap_fetch_identity(struct imap *imap, const struct uidset *uids);
/*
 * UID FETCH (UID BODY.PEEK[section]<at.count>); count 0: all of it.  Binary:
 * BINARY.PEEK, for the number of a leaf part or the empty section: the
 * server undoes the transfer encoding, and `at` counts decoded octets.
 * Needs BINARY; IMAP_CODE_UNKNOWN_CTE: ask without it.  RFC 3516.
 */
uint32_t imap_fetch_body(struct imap *imap, const struct uidset *uids,
    struct span section, uint64_t at, uint64_t count, bool binary);

/*
 * UID SEARCH (RETURN (ALL)) criteria; ASCII, already valid IMAP.  IMAP_SEARCH
 * says what was found: an empty set, or no such event, where nothing was.
 * An ESEARCH answer that names nothing although there are messages is not
 * believed before one has named some: the engine asks once more without, and
 * uses ESEARCH no longer when that finds what it hid.  PROTOCOLS.md 8, rows
 * 12 and 32.
 */
uint32_t imap_search(struct imap *imap, struct span criteria);

/* All must hold; all strings UTF-8, empty: not asked for. */
struct imap_search_query {
	struct span from, to, subject;
	struct span body;	/* in the text of the letter */
	struct span text;	/* anywhere, headers too */
	int64_t since, before;	/* INTERNALDATE on or after the day of the
				   one, before the day of the other, UTC;
				   DATE_NONE: not asked for */
	bool unseen, flagged;
	struct span gmail_raw;	/* Gmail's own language; needs GMAIL */
};
/*
 * The same for people's words.  CHARSET UTF-8 is said only where some of
 * them are not ASCII: IMAP_CODE_BADCHARSET (or a plain NO) means that the
 * server cannot.  A string over IMAP_SEARCH_TEXT_MAX octets or with a line
 * end is done with BAD.  Servers find too much or too little: filter again.
 */
uint32_t imap_search_text(struct imap *imap,
    const struct imap_search_query *query);

/*
 * UID STORE +FLAGS or -FLAGS; answers come as IMAP_FETCH.  unchanged_since,
 * where not 0, is the modseq up to which they may have changed: those that
 * changed later are left alone and named in the DONE's uids, whatever its
 * code (RFC 7162 3.1.3); it needs CONDSTORE and a mailbox with MODSEQ.
 */
uint32_t imap_store(struct imap *imap, const struct uidset *uids, bool add,
    uint32_t flags, const struct span *keywords, size_t nkeywords,
    uint64_t unchanged_since);
/* UID MOVE; needs MOVE.  EXPUNGE or VANISHED come before the DONE. */
uint32_t imap_move(struct imap *imap, const struct uidset *uids,
    struct span mailbox);
/* UID COPY. */
uint32_t imap_copy(struct imap *imap, const struct uidset *uids,
    struct span mailbox);
/* UID EXPUNGE; only where UIDPLUS is announced (else done with IMAP_BAD). */
uint32_t imap_uid_expunge(struct imap *imap, const struct uidset *uids);
/*
 * EXPUNGE of everything that is \Deleted, whoever marked it; alone in
 * flight.  For servers without UIDPLUS: the caller has seen that a SEARCH
 * DELETED finds what it means and no more.
 */
uint32_t imap_expunge(struct imap *imap);

/*
 * APPEND of `size` octets with CRLF line ends; date DATE_NONE: the server's
 * clock.  The engine emits the literal head (waiting for "+" if it must);
 * then it takes the content by imap_append_data while imap_append_wants()
 * is not 0.  Keep the output drained between pieces.
 */
uint32_t imap_append(struct imap *imap, struct span mailbox, uint32_t flags,
    const struct span *keywords, size_t nkeywords, int64_t date,
    uint64_t size);
/* Octets of the literal that may be given now. */
uint64_t imap_append_wants(const struct imap *imap);
void imap_append_data(struct imap *imap, struct span piece);

/* IMAP_IDLING says that it runs; only where IDLE is announced. */
uint32_t imap_idle(struct imap *imap);
/* Ends IDLE; the IMAP_DONE of the idle command follows. */
void imap_idle_done(struct imap *imap);
uint32_t imap_noop(struct imap *imap);
uint32_t imap_logout(struct imap *imap);
