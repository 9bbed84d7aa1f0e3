/* SPDX-License-Identifier: MIT */
/*
 * The thread and its two queues.  One mutex guards both; a byte in a pipe
 * says that the queue of finished jobs is not empty.
 */
#include "ui/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "mail/letter.h"
#include "store/body.h"

struct queue {
	struct job *first, **last;
};

struct loader {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t work;
	int pipe[2];
	/* Guarded by the mutex: */
	struct queue waiting, finished;
	struct job *running;
	bool is_ending;
};

static void
queue_init(struct queue *q)
{
	q->first = NULL;
	q->last = &q->first;
}

static void
queue_push(struct queue *q, struct job *job)
{
	job->next = NULL;
	*q->last = job;
	q->last = &job->next;
}

static void
queue_push_front(struct queue *q, struct job *job)
{
	job->next = q->first;
	if (!q->first)
		q->last = &job->next;
	q->first = job;
}

static struct job *
queue_pop(struct queue *q)
{
	struct job *job = q->first;

	if (!job)
		return NULL;
	q->first = job->next;
	if (!q->first)
		q->last = &q->first;
	return job;
}

static void
queue_free(struct queue *q)
{
	struct job *job;

	while ((job = queue_pop(q)))
		job->free(job);
}

/* The next job to run; NULL when there is none left and none will come. */
static struct job *
await_job(struct loader *l)
{
	struct job *job = NULL;

	pthread_mutex_lock(&l->mutex);
	while (!(job = queue_pop(&l->waiting)) && !l->is_ending)
		pthread_cond_wait(&l->work, &l->mutex);
	l->running = job;
	pthread_mutex_unlock(&l->mutex);
	return job;
}

static void
hand_back(struct loader *l, struct job *job)
{
	ssize_t n;

	pthread_mutex_lock(&l->mutex);
	l->running = NULL;
	queue_push(&l->finished, job);
	pthread_mutex_unlock(&l->mutex);
	do
		n = write(l->pipe[1], "", 1);
	while (n < 0 && errno == EINTR);
	/* A full pipe is readable, which is all that is wanted. */
}

static void *
loader_main(void *arg)
{
	struct loader *l = arg;
	struct job *job;

	while ((job = await_job(l))) {
		job->run(job);
		hand_back(l, job);
	}
	return NULL;
}

/* Signals are the ui thread's: the new thread inherits a full mask. */
static int
start_thread(struct loader *l)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&l->thread, NULL, loader_main, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void
loader_destroy(struct loader *l)
{
	queue_free(&l->waiting);
	queue_free(&l->finished);
	pthread_cond_destroy(&l->work);
	pthread_mutex_destroy(&l->mutex);
	close(l->pipe[0]);
	close(l->pipe[1]);
	free(l);
}

struct loader *
loader_new(struct error *e)
{
	struct loader *l = xcalloc(1, sizeof *l);
	int failed;

	if (pipe2(l->pipe, O_CLOEXEC | O_NONBLOCK)) {
		error_sys(e, ERR_IO, errno, _("cannot open a pipe"));
		free(l);
		return NULL;
	}
	pthread_mutex_init(&l->mutex, NULL);
	pthread_cond_init(&l->work, NULL);
	queue_init(&l->waiting);
	queue_init(&l->finished);
	failed = start_thread(l);
	if (failed) {
		error_sys(e, ERR_IO, failed, _("cannot start a thread"));
		loader_destroy(l);
		return NULL;
	}
	return l;
}

void
loader_cancel(struct loader *l)
{
	struct queue waiting;
	struct job *job;

	pthread_mutex_lock(&l->mutex);
	queue_init(&waiting);
	while ((job = queue_pop(&l->waiting))) {
		if (job->is_optional)
			job->free(job);
		else
			queue_push(&waiting, job);
	}
	while ((job = queue_pop(&waiting)))
		queue_push(&l->waiting, job);
	if (l->running && l->running->is_optional)
		atomic_store(&l->running->is_canceled, true);
	pthread_mutex_unlock(&l->mutex);
}

void
loader_free(struct loader *l)
{
	if (!l)
		return;
	loader_cancel(l);
	pthread_mutex_lock(&l->mutex);
	l->is_ending = true;
	pthread_cond_signal(&l->work);
	pthread_mutex_unlock(&l->mutex);
	pthread_join(l->thread, NULL);
	loader_destroy(l);
}

int
loader_fd(const struct loader *l)
{
	return l->pipe[0];
}

void
loader_submit(struct loader *l, struct job *job, bool is_urgent)
{
	pthread_mutex_lock(&l->mutex);
	if (is_urgent)
		queue_push_front(&l->waiting, job);
	else
		queue_push(&l->waiting, job);
	pthread_cond_signal(&l->work);
	pthread_mutex_unlock(&l->mutex);
}

struct job *
loader_finished(struct loader *l)
{
	char drained[64];
	struct job *job;

	/*
	 * Drained before looking: what finishes in between is either found
	 * now or writes a new byte.
	 */
	while (read(l->pipe[0], drained, sizeof drained) > 0)
		;
	pthread_mutex_lock(&l->mutex);
	job = queue_pop(&l->finished);
	pthread_mutex_unlock(&l->mutex);
	return job;
}

static enum err
source_read(void *ctx, uint64_t at, char *to, size_t n, size_t *got,
    struct error *e)
{
	const struct job_source *s = ctx;

	if (atomic_load(&s->job->is_canceled))
		return error_set(e, ERR_CANCELED, _("no longer wanted"));
	return s->inner.read(s->inner.ctx, at, to, n, got, e);
}

struct source
loader_source(struct job_source *s)
{
	return (struct source){ .read = source_read, .ctx = s,
		.size = s->inner.size };
}

enum err
loader_open_letter(const struct job *job, struct store *store, uint64_t body,
    struct letter **out, struct error *e)
{
	struct job_source cancelable = { .job = job };
	struct body_reader *reader;
	struct source source;
	enum err err = store_body_open(store, body, &reader, e);

	if (err)
		return err;
	cancelable.inner = store_body_source(reader);
	source = loader_source(&cancelable);
	err = letter_open(&source, out, e);
	store_body_close(reader);
	return err;
}
