/* SPDX-License-Identifier: MIT */
/*
 * A letter being written, apart from any screen: the draft as it was last
 * read from its file, who sends it, and what may be wrong with it.  The
 * file is the truth; the draft here is its reading.
 */
#pragma once

#include "store/account.h"
#include "ui/compose_file.h"

enum compose_field { FIELD_TO, FIELD_CC, FIELD_BCC, FIELD_SUBJECT };

enum compose_warning {		/* bits */
	WARNING_NO_RECIPIENT = 1 << 0,	/* cannot be sent so */
	WARNING_NO_SENDER = 1 << 1,	/* no account sends: nor so */
	WARNING_NO_SUBJECT = 1 << 2,
	WARNING_NO_ATTACHMENT = 1 << 3,	/* though the text speaks of one */
	WARNING_NO_FILE = 1 << 4,	/* an attachment that is not there */
};
enum { WARNINGS_FATAL = WARNING_NO_RECIPIENT | WARNING_NO_SENDER |
	WARNING_NO_FILE };

struct compose_letter {
	struct compose_file file;
	struct compose_about about;
	struct account *accounts;	/* those that send */
	size_t naccounts;
	size_t sender;			/* in accounts */
	struct draft draft;
	struct error trouble;		/* why the text cannot be read */
	struct arena about_arena;	/* of about and accounts */
	struct arena draft_arena;	/* of draft */
};

/*
 * Knows the accounts of the store; `account` sends, or the first that can.
 * Takes over nothing yet.
 */
enum err compose_letter_init(struct compose_letter *c, struct store *store,
    uint32_t account, struct error *e);
/* Lets go of the file; it stays, unless it was removed before. */
void compose_letter_fini(struct compose_letter *c);

/* The empty letter of the account that sends. */
struct draft compose_letter_blank(const struct compose_letter *c);
/* Puts a first text into a new file in dir. */
enum err compose_letter_begin(struct compose_letter *c, const char *dir,
    const struct draft *draft, struct error *e);
/* Goes on with what was left in dir; compose_file_resume. */
enum err compose_letter_resume(struct compose_letter *c, const char *dir,
    uint64_t answered, int64_t *written, struct error *e);
/*
 * Reads the file again.  A text that makes no letter is kept in trouble,
 * with the draft as it was; the failure to read the file is returned.
 */
enum err compose_letter_read(struct compose_letter *c, struct error *e);

/* Changes of the review screen; each is on disk when it returns ERR_OK. */
enum err compose_letter_set(struct compose_letter *c,
    enum compose_field field, struct span value, struct error *e);
enum err compose_letter_attach(struct compose_letter *c, struct span path,
    struct error *e);
enum err compose_letter_detach(struct compose_letter *c, size_t i,
    struct error *e);
enum err compose_letter_next_sender(struct compose_letter *c,
    struct error *e);
/* The field as one would type it. */
void compose_letter_get(const struct compose_letter *c,
    enum compose_field field, struct buf *out);

/* What stands against sending: enum compose_warning bits. */
unsigned compose_letter_warnings(const struct compose_letter *c);
/* Nothing was written: no text, no subject, no recipient, no attachment. */
bool compose_letter_is_blank(const struct compose_letter *c);
