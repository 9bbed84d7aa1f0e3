/* SPDX-License-Identifier: MIT */
/*
 * The parsers of whole responses: text in, values out, no engine.  All read
 * liberally (PROTOCOLS.md 1.1 and 8): what is unknown is passed over, what
 * is nonsense leaves its field unset.  Spans in the results point into the
 * response or into the lexer's arena.
 */
#pragma once

#include "protocol/imap.h"
#include "protocol/imap_lex.h"

/* OK, NO, BAD, BYE or PREAUTH with code and text, tagged or not. */
struct imap_reply {
	enum imap_status status;
	enum imap_code code;
	struct span code_name;	/* as sent; empty where there is none */
	struct span code_args;	/* behind the name, up to the bracket */
	struct span text;
	uint32_t backoff_ms;
};

/* lex stands behind the status word. */
void imap_parse_reply(struct imap_lex *lex, enum imap_status status,
    struct imap_reply *reply);
/*
 * Takes the mailbox fact out of a code such as [UIDNEXT 5]; false when it
 * is another code.  A number that is 0 or unreadable stays unknown.
 */
bool imap_parse_fact(const struct imap_reply *reply, struct arena *arena,
    struct imap_mailbox_facts *facts);
/* 0..100 of [INPROGRESS ("A7" 454 1000)]; 0 where it tells no goal. */
uint32_t imap_parse_progress(const struct imap_reply *reply,
    struct arena *arena);

/* What struct imap_copied shows; zeroed: nothing. */
struct imap_pairs {
	uint32_t uidvalidity;
	struct imap_uid_pair *list;	/* owned */
	size_t n, size;
	bool is_mixed;		/* of two mailboxes: nothing, for good */
};

void imap_pairs_fini(struct imap_pairs *pairs);
/* Moves what is in `part` behind what is in `to`; of one mailbox only. */
void imap_pairs_join(struct imap_pairs *to, struct imap_pairs *part);
/*
 * The arguments of [COPYUID] in answer to a command for the UIDs `asked`, and
 * of [APPENDUID].  False, and nothing in *pairs, when they make no sense.
 */
bool imap_parse_copyuid(struct span args, const struct uidset *asked,
    struct imap_pairs *pairs);
bool imap_parse_appenduid(struct span args, struct imap_pairs *pairs);

/*
 * The bits of a list of capabilities, less what the mask hides; the names
 * of AUTH=... are appended to mechanisms, a blank between.
 */
uint64_t imap_parse_capabilities(struct span words,
    const struct session_settings *settings, struct buf *mechanisms);
/* The number of APPENDLIMIT=n among them, or 0. */
uint64_t imap_parse_append_limit(struct span words);

/* False: no mailbox that could be used. */
bool imap_parse_list(struct imap_lex *lex, struct imap_list *list);
bool imap_parse_status(struct imap_lex *lex, struct span *mailbox,
    struct imap_mailbox_facts *facts);
bool imap_parse_namespaces(struct imap_lex *lex, struct imap_namespaces *ns);
bool imap_parse_quota(struct imap_lex *lex, struct imap_quota *quota);
/* INBOX and what is below it in any case becomes "INBOX".  PROTOCOLS.md 8. */
struct span imap_fold_inbox(struct span name, char delimiter,
    struct arena *arena);

/* Body sections of a FETCH that did not come as literals. */
struct imap_section {
	struct imap_section *next;
	struct span name, content;
	bool is_binary;
};

struct imap_fetch_answer {
	struct imap_fetch fetch;
	struct imap_section *sections, **last;
	unsigned nsections;
};

/* In one FETCH: so that little text cannot ask for much memory. */
enum { IMAP_SECTIONS_MAX = 64, IMAP_ITEMS_MAX = 256 };

/* lex stands behind the word FETCH. */
void imap_parse_fetch(struct imap_lex *lex, struct imap_fetch_answer *answer);
/*
 * The value of BODYSTRUCTURE, which is passed whatever it is.  NULL when it
 * is not understood or over the limits of imap_part.h.
 */
const struct imap_part *imap_parse_structure(struct imap_lex *lex);
/* "(\Seen work)": bits and, where keywords is not NULL, the others. */
uint32_t imap_parse_flags(struct imap_lex *lex, const struct span **keywords,
    size_t *nkeywords);

/*
 * Sets of UIDs.  ERR_DATA: not a set; ERR_LIMIT: over IMAP_RANGES_MAX
 * ranges.  Order does not matter, nor do empty elements.
 */
enum err imap_parse_set(struct span s, struct uidset *uids);
enum err imap_parse_search(struct imap_lex *lex, struct uidset *uids);
/*
 * tag: of the command that it answers, may be empty; count: what COUNT said,
 * or how many UIDs there are.
 */
enum err imap_parse_esearch(struct imap_lex *lex, struct span *tag,
    struct uidset *uids, uint64_t *count);
enum err imap_parse_vanished(struct imap_lex *lex, bool *is_earlier,
    struct uidset *uids);
