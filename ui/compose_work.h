/* SPDX-License-Identifier: MIT */
/*
 * The slow steps of writing, as jobs of the loader: quoting the letter that
 * is answered, and building the one that goes out.
 */
#pragma once

#include "mail/compose.h"
#include "store/store.h"
#include "ui/compose_letter.h"
#include "ui/loader.h"
#include "ui/ui.h"

/* Quotes a stored letter: a reply or a forward as a draft. */
struct quote_job {
	struct job job;		/* first */
	struct store *store;	/* borrowed */
	enum compose_kind kind;
	uint64_t body;
	struct reply_identity who;
	struct arena arena;	/* owns who, and then the draft */
	struct draft draft;
	struct error error;
};

/* The identity is copied from the letter's accounts. */
struct quote_job *quote_job_new(struct store *store, enum compose_kind kind,
    uint64_t body, const struct compose_letter *c);
bool is_quote_job(const struct job *job);

/* Builds the letter of a text and puts it into the store as a body. */
struct build_job {
	struct job job;		/* first */
	struct store *store;	/* borrowed */
	struct span text;
	struct draft base;
	int64_t now;
	struct arena arena;	/* owns text, base, draft and built */
	struct draft draft;
	struct built built;
	uint64_t body;		/* its id, durable */
	struct error error;
};

/* Takes the text from the file: what is on disk is what is sent. */
enum err build_job_new(struct store *store, const struct compose_letter *c,
    int64_t now, struct build_job **out, struct error *e);
bool is_build_job(const struct job *job);

/*
 * Writes the built letter into the journal, durably: from now on it is on
 * its way, and its file can go.  *act names the entry.
 */
enum err compose_queue(struct store *store, const struct compose_letter *c,
    const struct build_job *built, int64_t now, uint64_t *act,
    struct error *e);
