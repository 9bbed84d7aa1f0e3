/* SPDX-License-Identifier: MIT */
/*
 * A thread that does one job at a time for one owner, who goes on meanwhile.
 * Whoever is faster waits for the other: jobs do not queue up.  A zeroed one
 * has no thread yet; it is made with the first job.
 *
 * Threads: one owner, who alone calls what is here; the job runs in the other
 * thread, and until it is done what it works on is not the owner's.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/err.h"

/* e is ERR_OK when it is called. */
typedef void runner_job(void *ctx, struct error *e);

struct runner {
	GThread *thread;	/* owned; NULL: none yet */
	GMutex lock;		/* of what follows */
	GCond changed;
	bool is_busy, is_ending;
	runner_job *job;
	void *ctx;
	struct error error;	/* the first of all jobs; it stays */
};

/* Waits for the job under way. */
void runner_fini(struct runner *r);
/*
 * Waits until the job before is done, and starts this one unless a job has
 * failed: then the error is returned and nothing is started.
 */
enum err runner_start(struct runner *r, runner_job *job, void *ctx,
    struct error *e);
/* Waits until nothing runs; the error of the first job that failed. */
enum err runner_wait(struct runner *r, struct error *e);
bool runner_is_idle(struct runner *r);
