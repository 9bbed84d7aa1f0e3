/* SPDX-License-Identifier: MIT */
/* Saving parts of a letter, as a job of the loader. */
#pragma once

#include "mail/letter.h"
#include "store/store.h"
#include "ui/loader.h"

struct save_job {
	struct job job;		/* first */
	struct store *store;	/* borrowed */
	uint64_t body;
	size_t *parts;		/* which; in the arena */
	size_t nparts;
	const char *dir;	/* saved there under their own names, or */
	const char *path;	/* the one part goes to exactly this new file */
	/* The answer: */
	size_t nsaved;
	const char *saved;	/* where the last one went */
	struct error error;	/* the first failure; the rest is tried */
	struct arena arena;
};

/* parts are copied.  Of dir and path one is NULL. */
struct save_job *save_job_new(struct store *store, uint64_t body,
    const size_t *parts, size_t nparts, const char *dir, const char *path);
bool is_save_job(const struct job *job);
