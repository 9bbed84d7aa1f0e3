/* SPDX-License-Identifier: MIT */
/*
 * Slow work for a screen: one thread that opens, renders, saves and builds
 * letters, so that the ui thread never does.  A job owns all that it works
 * on; it comes back to the ui thread finished, and is its again.
 *
 * Every function but a job's run is called by the ui thread.
 */
#pragma once

#include <stdatomic.h>

#include "base/source.h"

struct job {
	/* In the loader's thread; looks at is_canceled where it may be long. */
	void (*run)(struct job *job);
	/* Frees the job, run or not. */
	void (*free)(struct job *job);
	atomic_bool is_canceled;
	bool is_optional;		/* nothing is lost when it is dropped */
	struct job *next;		/* the loader's */
};

struct loader;	/* opaque */

/* NULL when the system gives no thread; *e says so. */
struct loader *loader_new(struct error *e);
/*
 * Cancels what is optional and waits for the rest: what the user asked for
 * (a file to be saved) is done.
 */
void loader_free(struct loader *loader);
/* Readable when a job has finished. */
int loader_fd(const struct loader *loader);
/* Takes the job; urgent ones are done before all others. */
void loader_submit(struct loader *loader, struct job *job, bool is_urgent);
/* The next finished job, now the caller's; NULL when there is none. */
struct job *loader_finished(struct loader *loader);
/*
 * Drops optional jobs that were not begun, and cancels the one that was: it
 * ends soon, as it reads its letter through loader_source, and comes back.
 */
void loader_cancel(struct loader *loader);

/* A source that ends with ERR_CANCELED once its job is canceled. */
struct job_source {
	struct source inner;
	const struct job *job;	/* borrowed */
};
/* s must outlive the source. */
struct source loader_source(struct job_source *s);

/*
 * Opens the letter of a stored body for a job: cancelable while it is read,
 * and the body is not needed any more afterwards.  The caller closes it.
 */
struct letter;
struct store;
enum err loader_open_letter(const struct job *job, struct store *store,
    uint64_t body, struct letter **out, struct error *e);
