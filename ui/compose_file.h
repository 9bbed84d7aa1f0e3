/* SPDX-License-Identifier: MIT */
/*
 * Letters being written, on disk from their first moment: the text as the
 * editor sees it in NAME.eml, and what the text cannot say (which letter it
 * answers) in NAME.about.  Both 0600.  They outlive a crash, and go only
 * when the letter is in the journal or thrown away by the user.
 *
 * NAME.about is locked by the process that writes the letter, so that
 * another one does not offer it as left behind.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "mail/compose.h"

/* Octets of a text that is taken back from the editor. */
#define COMPOSE_TEXT_MAX ((size_t)16 << 20)

struct compose_file {
	char *path;	/* of the text; owned; NULL: closed */
	char *about;	/* owned */
	int lock;	/* of about; -1 */
};

struct compose_about {
	struct span account;		/* its name */
	uint64_t answered;		/* message; 0: none */
	bool is_reply;
	struct span in_reply_to;	/* without < > */
	struct span *references;
	size_t nreferences;
};

/* Makes both files, the directory too. */
enum err compose_file_new(const char *dir, const struct compose_about *about,
    struct compose_file *out, struct error *e);
/* Replaces the text: the old one or the new one is there, never half. */
enum err compose_file_write(const struct compose_file *file,
    struct span text, struct error *e);
enum err compose_file_read(const struct compose_file *file,
    struct arena *arena, struct span *text, struct error *e);
/* Lets go; the files stay for another time. */
void compose_file_close(struct compose_file *file);
/* Lets go and removes both. */
void compose_file_remove(struct compose_file *file);

/*
 * Takes up a letter that nobody is writing: of message `answered`, or any
 * for 0.  The one written last is taken; ERR_NOTFOUND when there is none.
 */
enum err compose_file_resume(const char *dir, uint64_t answered,
    struct arena *arena, struct compose_file *out,
    struct compose_about *about, int64_t *written, struct error *e);
