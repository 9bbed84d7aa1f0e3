/* SPDX-License-Identifier: MIT */
/*
 * One command as it goes over the wire, built whole before any of it is
 * sent.  Strings of others enter only through the functions here, which
 * quote them or make literals of them and refuse CR, LF and NUL everywhere:
 * whatever a mailbox is called, it cannot become a second command.
 * RFC 9051 4.3, RFC 7888.
 */
#pragma once

#include "protocol/imap_parse.h"

enum imap_verb {
	IMAP_VERB_CAPABILITY,
	IMAP_VERB_STARTTLS,
	IMAP_VERB_AUTHENTICATE,
	IMAP_VERB_LOGIN,
	IMAP_VERB_COMPRESS,
	IMAP_VERB_ID,
	IMAP_VERB_ENABLE,
	IMAP_VERB_LIST,
	IMAP_VERB_LSUB,
	IMAP_VERB_NAMESPACE,
	IMAP_VERB_FOLDER,	/* CREATE, RENAME, DELETE, SUBSCRIBE */
	IMAP_VERB_QUOTA,
	IMAP_VERB_NOTIFY,
	IMAP_VERB_STATUS,
	IMAP_VERB_SELECT,
	IMAP_VERB_UNSELECT,
	IMAP_VERB_CLOSE,
	IMAP_VERB_FETCH,	/* of flags, alone or among others */
	IMAP_VERB_FETCH_SEQNO,
	IMAP_VERB_FETCH_BODY,	/* of what never changes */
	IMAP_VERB_SEARCH,
	IMAP_VERB_STORE,
	IMAP_VERB_COPY,
	IMAP_VERB_MOVE,
	IMAP_VERB_EXPUNGE,
	IMAP_VERB_EXPUNGE_ALL,
	IMAP_VERB_APPEND,
	IMAP_VERB_IDLE,
	IMAP_VERB_NOOP,
	IMAP_VERB_LOGOUT,
};

enum {
	IMAP_COMMAND_LINE = 8000,	/* octets that every server takes */
	IMAP_LITERAL_SHORT = 4096,	/* RFC 7888: LITERAL- */
	IMAP_WAITS_MAX = 8,
};

struct imap_command {
	struct imap_command *next;	/* owned by its queue */
	enum imap_verb verb;
	uint32_t id;		/* the caller's tag; 0: the dialogue's own */
	uint32_t number;	/* of the tag on the wire */

	struct buf text;	/* owned; all but the data of APPEND */
	size_t waits[IMAP_WAITS_MAX];	/* where "+" must come first */
	unsigned nwaits, granted;
	size_t written;		/* octets of text given to the output */
	uint64_t data_left;	/* of APPEND's literal */
	bool has_data;
	bool has_secret;
	bool is_alone;		/* in flight with no other */
	bool is_unsayable;	/* a string that no server could take */
	bool is_started, is_sent;
	bool is_answered;	/* before all of it was sent */
	bool is_again;		/* said once more in another way: before all
				   that waits */

	struct buf mailbox;	/* owned: of SELECT; APPEND; LIST's prefix */
	bool is_read_only;	/* SELECT */
	struct uidset asked;	/* owned: of MOVE and COPY */

	bool is_extended;	/* LIST ... RETURN (...) */

	/* SEARCH */
	size_t head;		/* octets before the criteria */
	bool is_esearch;
	bool has_found;		/* an answer that was believed */

	/* the answer, of the worst part where a command has several */
	enum imap_status status;
	enum imap_code code;
	uint32_t backoff_ms;
	struct imap_mailbox_facts facts;
	struct imap_pairs pairs;	/* owned; of parts answered before, too */
	bool has_copied;	/* this part told its own */
	struct uidset modified;	/* owned; the same */
	struct buf words;	/* owned */
};

struct imap_command *imap_command_new(enum imap_verb verb);
/* Overwrites secrets.  NULL is fine. */
void imap_command_free(struct imap_command *c);

/* Text that the engine itself wrote. */
void imap_command_puts(struct imap_command *c, const char *s);
/*
 * A string of others: quoted, or a literal as the capabilities allow; where
 * may_be_atom, bare when it consists of letters, digits, "." "_" "-".  With
 * UTF8_ACCEPT among the capabilities UTF-8 is quoted, too.
 */
void imap_command_string(struct imap_command *c, struct span s,
    uint64_t capabilities, bool may_be_atom);
/* The same for a mailbox; also refuses an empty or a too long name. */
void imap_command_mailbox(struct imap_command *c, struct span name,
    uint64_t capabilities);
/* Other text that must stay within its line: printable ASCII alone. */
void imap_command_text(struct imap_command *c, struct span s);
/* What another command was told to say, its literals too. */
void imap_command_append(struct imap_command *c,
    const struct imap_command *other);
/* A keyword: the characters of an atom alone. */
void imap_command_atom(struct imap_command *c, struct span s);
/* "(\Seen work)" */
void imap_command_flags(struct imap_command *c, uint32_t flags,
    const struct span *keywords, size_t nkeywords);
/* The head of APPEND's literal; ends the line. */
void imap_command_data(struct imap_command *c, uint64_t size,
    uint64_t capabilities);
/*
 * Ranges from *at on while the line, with `rest` octets still to come, stays
 * in IMAP_COMMAND_LINE, but one at least; *at is moved behind the last.
 */
void imap_command_set(struct imap_command *c, const struct uidset *uids,
    size_t *at, size_t rest);
/* Keeps the answer when it is worse than what is already there. */
void imap_command_answer(struct imap_command *c,
    const struct imap_reply *reply);
/* Adds to what STORE left alone, in this part or one before. */
void imap_command_modified(struct imap_command *c, const struct uidset *uids);
/* Gives what was answered to one part of a command to another. */
void imap_command_join(struct imap_command *to, struct imap_command *part);
