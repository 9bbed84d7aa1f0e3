/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine: RFC 3501 and 9051, with the extensions of PROTOCOLS.md 1
 * that it finds announced.  Sans-I/O; see protocol/session.h.
 *
 * Life: imap_new, then IMAP_GREETING ... IMAP_READY come by themselves while
 * the engine greets, secures, logs in, asks for the capabilities again,
 * sends ID and ENABLE.  After IMAP_READY the caller issues commands; each
 * returns a tag number, and exactly one IMAP_DONE with that number follows
 * (or a STEP_ERROR ends everything).  Commands may be pipelined; the engine
 * holds back what must be alone in flight (PROTOCOLS.md 2.2) and sends
 * synchronising literals when the server asks for them.
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
	IMAP_UNTAGGED_MAX = 64 << 20,	/* octets outside literals between two
					   tagged answers while none is due */
};
#define IMAP_LITERAL_MAX ((uint64_t)256 << 20)	/* streamed, octets */

/* What the server announced, as far as surat uses it. */
enum imap_capability {
	IMAP_CAP_REV1 = 1 << 0,
	IMAP_CAP_REV2 = 1 << 1,
	IMAP_CAP_STARTTLS = 1 << 2,
	IMAP_CAP_LOGINDISABLED = 1 << 3,
	IMAP_CAP_SASL_IR = 1 << 4,
	IMAP_CAP_LITERAL_PLUS = 1 << 5,
	IMAP_CAP_LITERAL_MINUS = 1 << 6,
	IMAP_CAP_ID = 1 << 7,
	IMAP_CAP_ENABLE = 1 << 8,
	IMAP_CAP_NAMESPACE = 1 << 9,
	IMAP_CAP_LIST_EXTENDED = 1 << 10,
	IMAP_CAP_LIST_STATUS = 1 << 11,
	IMAP_CAP_SPECIAL_USE = 1 << 12,
	IMAP_CAP_CHILDREN = 1 << 13,
	IMAP_CAP_UIDPLUS = 1 << 14,
	IMAP_CAP_MOVE = 1 << 15,
	IMAP_CAP_UNSELECT = 1 << 16,
	IMAP_CAP_CONDSTORE = 1 << 17,
	IMAP_CAP_QRESYNC = 1 << 18,
	IMAP_CAP_IDLE = 1 << 19,
	IMAP_CAP_ESEARCH = 1 << 20,
	IMAP_CAP_COMPRESS = 1 << 21,
	IMAP_CAP_NOTIFY = 1 << 22,
	IMAP_CAP_OBJECTID = 1 << 23,
	IMAP_CAP_PREVIEW = 1 << 24,
	IMAP_CAP_UTF8_ACCEPT = 1 << 25,
	IMAP_CAP_GMAIL = 1 << 26,
	IMAP_CAP_STATUS_SIZE = 1 << 27,
	IMAP_CAP_XLIST = 1 << 28,
};

enum imap_event_kind {
	IMAP_GREETING,		/* text; nothing before TLS is shown to users */
	IMAP_STARTTLS,		/* do the handshake, then imap_secured() */
	IMAP_READY,		/* logged in; capabilities known */
	IMAP_DONE,		/* a command ended: tag, status, code, text */
	IMAP_LIST,		/* list */
	IMAP_STATUS,		/* status */
	IMAP_NAMESPACE,		/* namespace: the personal one */
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
	IMAP_ALIVE,		/* any other sign of life ("* OK Still here") */
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
	IMAP_CODE_APPENDUID,	/* uidvalidity, uids set */
	IMAP_CODE_COPYUID,
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
					   it must not be taken for whole */
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
};

struct imap_list {
	unsigned attributes;	/* enum imap_attribute */
	char delimiter;		/* 0: flat */
	struct span name;	/* raw bytes: the key, sent back as they are */
};

struct imap_namespace {
	struct span prefix;
	char delimiter;		/* 0: flat */
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
	const struct uidset *uids;
	struct imap_list list;
	struct imap_namespace namespace;
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

unsigned imap_capabilities(const struct imap *imap);
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

/* LIST "" "*" with SUBSCRIBED CHILDREN SPECIAL-USE STATUS as announced. */
uint32_t imap_list_all(struct imap *imap);
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
 * UID FETCH of UID FLAGS INTERNALDATE RFC822.SIZE (MODSEQ) and the header
 * fields of PROTOCOLS.md 2.1, one IMAP_FETCH with .header each.
 */
uint32_t imap_fetch_headers(struct imap *imap, const struct uidset *uids);
/* The same by sequence numbers; only with nothing else in flight. */
uint32_t imap_fetch_headers_by_seqno(struct imap *imap, uint32_t first,
    uint32_t last);
/* UID FETCH (UID FLAGS), with CHANGEDSINCE when modseq != 0. */
uint32_t imap_fetch_flags(struct imap *imap, const struct uidset *uids,
    uint64_t modseq);
/* UID FETCH (UID BODY.PEEK[section]<at.count>); count 0: all of it. */
uint32_t imap_fetch_body(struct imap *imap, const struct uidset *uids,
    struct span section, uint64_t at, uint64_t count);
/* UID SEARCH (RETURN (ALL)) criteria; ASCII, already valid IMAP. */
uint32_t imap_search(struct imap *imap, struct span criteria);
/* UID STORE +FLAGS or -FLAGS; answers come as IMAP_FETCH. */
uint32_t imap_store(struct imap *imap, const struct uidset *uids, bool add,
    uint32_t flags, const struct span *keywords, size_t nkeywords);
/* UID EXPUNGE; only where UIDPLUS is announced (else done with IMAP_BAD). */
uint32_t imap_uid_expunge(struct imap *imap, const struct uidset *uids);

/*
 * APPEND of `size` octets with CRLF line ends; date DATE_NONE: the server's
 * clock.  The engine emits the literal head (waiting for "+" if it must);
 * then it takes the content by imap_append_data while imap_append_wants()
 * is not 0.  Keep the output drained between pieces.
 */
uint32_t imap_append(struct imap *imap, struct span mailbox, uint32_t flags,
    int64_t date, uint64_t size);
/* Octets of the literal that may be given now. */
uint64_t imap_append_wants(const struct imap *imap);
void imap_append_data(struct imap *imap, struct span piece);

/* IMAP_IDLING says that it runs; only where IDLE is announced. */
uint32_t imap_idle(struct imap *imap);
/* Ends IDLE; the IMAP_DONE of the idle command follows. */
void imap_idle_done(struct imap *imap);
uint32_t imap_noop(struct imap *imap);
uint32_t imap_logout(struct imap *imap);
