/* SPDX-License-Identifier: MIT */
/* The loader's thread: order, handing back, giving up. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "ui/loader.h"

struct counting_job {
	struct job job;
	int number;
	int *order;		/* borrowed: where the loader notes its turn */
	atomic_int *turn;
	atomic_int *freed;
};

static void
count_run(struct job *job)
{
	struct counting_job *j = (struct counting_job *)job;

	j->order[atomic_fetch_add(j->turn, 1)] = j->number;
}

static void
count_free(struct job *job)
{
	struct counting_job *j = (struct counting_job *)job;

	atomic_fetch_add(j->freed, 1);
	free(j);
}

static struct job *
await_finished(struct loader *loader)
{
	struct pollfd fd = { .fd = loader_fd(loader), .events = POLLIN };
	struct job *job;

	while (!(job = loader_finished(loader)))
		cr_assert_geq(poll(&fd, 1, 30000), 0);
	return job;
}

/* Runs until it is canceled, as a job with an endless letter would. */
static enum err
endless_read(void *ctx, uint64_t at, char *to, size_t n, size_t *got,
    struct error *e)
{
	(void)ctx;
	(void)at;
	(void)e;
	memset(to, 'x', n);
	*got = n;
	return ERR_OK;
}

static void
endless_run(struct job *job)
{
	struct job_source cancelable = { .job = job, .inner = {
		.read = endless_read, .size = UINT64_MAX } };
	struct source source = loader_source(&cancelable);
	char piece[64];
	size_t got;

	while (source.read(source.ctx, 0, piece, sizeof piece, &got, NULL) ==
	    ERR_OK)
		;
}

static void
plain_free(struct job *job)
{
	free(job);
}

static struct job *
endless_job(void)
{
	struct job *job = xcalloc(1, sizeof *job);

	job->run = endless_run;
	job->is_optional = true;
	job->free = plain_free;
	return job;
}

struct bench {
	int order[16];
	atomic_int turn, freed;
};

static struct job *
job_number(struct bench *b, int number)
{
	struct counting_job *j = xcalloc(1, sizeof *j);

	*j = (struct counting_job){ .number = number, .order = b->order,
		.turn = &b->turn, .freed = &b->freed };
	j->job.run = count_run;
	j->job.free = count_free;
	return &j->job;
}

Test(loader, hands_every_job_back)
{
	struct loader *loader = loader_new(NULL);
	struct bench b = { 0 };

	for (int i = 0; i < 16; i++)
		loader_submit(loader, job_number(&b, i), false);
	for (int i = 0; i < 16; i++) {
		struct job *job = await_finished(loader);

		cr_assert_eq(((struct counting_job *)job)->number, i);
		job->free(job);
	}
	cr_assert_null(loader_finished(loader));
	loader_free(loader);
	cr_assert_eq(atomic_load(&b.freed), 16);
}

Test(loader, does_urgent_work_first_and_drops_what_is_optional)
{
	struct loader *loader = loader_new(NULL);
	struct bench b = { 0 };
	struct job *optional = job_number(&b, 1);

	optional->is_optional = true;
	loader_submit(loader, endless_job(), true);
	loader_submit(loader, optional, false);
	loader_submit(loader, job_number(&b, 2), false);
	loader_submit(loader, job_number(&b, 3), true);
	loader_cancel(loader);
	while (atomic_load(&b.turn) < 2) {
		struct job *job = await_finished(loader);

		job->free(job);
	}
	loader_free(loader);
	cr_assert_eq(atomic_load(&b.turn), 2);
	cr_assert_eq(b.order[0], 3);
	cr_assert_eq(b.order[1], 2);
	cr_assert_eq(atomic_load(&b.freed), 3);
}

Test(loader, ends_by_dropping_what_is_optional_and_doing_the_rest)
{
	struct loader *loader = loader_new(NULL);
	struct bench b = { 0 };

	loader_submit(loader, endless_job(), true);
	loader_submit(loader, job_number(&b, 1), false);
	loader_free(loader);
	cr_assert_eq(atomic_load(&b.turn), 1);
	cr_assert_eq(atomic_load(&b.freed), 1);
}
