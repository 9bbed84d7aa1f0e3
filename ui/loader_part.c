/* SPDX-License-Identifier: MIT */
#include "ui/loader_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"

/* Pieces on their way to a file; the first failure stays. */
struct sink {
	int fd;
	int sys;
};

static bool
sink_put(void *ctx, struct span piece)
{
	struct sink *sink = ctx;

	while (piece.n) {
		ssize_t n = write(sink->fd, piece.p, piece.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			sink->sys = errno;
			return false;
		}
		span_take(&piece, (size_t)n);
	}
	return true;
}

static enum err
save_to_path(struct letter *letter, size_t part, const char *path,
    struct error *e)
{
	struct sink sink = { .fd = open(path, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0600) };
	enum err err;

	if (sink.fd < 0)
		return error_sys(e, ERR_IO, errno, _("cannot make %s"), path);
	err = letter_part_read(letter, part, sink_put, &sink, e);
	if (close(sink.fd) && !sink.sys)
		sink.sys = errno;
	if (sink.sys)
		err = error_sys(e, sink.sys == ENOSPC ? ERR_FULL : ERR_IO,
		    sink.sys, _("cannot write %s"), path);
	if (err)
		unlink(path);
	return err;
}

static void
save_part(struct save_job *j, struct letter *letter, size_t part)
{
	struct error e = { 0 };
	char *path;
	enum err err;

	if (j->path)
		err = save_to_path(letter, part, j->path, &e);
	else
		err = letter_part_save(letter, part, j->dir, &j->arena, &path,
		    &e);
	if (err && j->error.kind == ERR_OK)
		j->error = e;
	if (err)
		return;
	j->nsaved++;
	j->saved = j->path ? j->path : path;
}

static void
save_run(struct job *job)
{
	struct save_job *j = (struct save_job *)job;
	struct letter *letter;

	if (loader_open_letter(job, j->store, j->body, &letter, &j->error))
		return;
	for (size_t i = 0; i < j->nparts; i++)
		save_part(j, letter, j->parts[i]);
	letter_close(letter);
}

static void
save_free(struct job *job)
{
	struct save_job *j = (struct save_job *)job;

	arena_fini(&j->arena);
	free(j);
}

struct save_job *
save_job_new(struct store *store, uint64_t body, const size_t *parts,
    size_t nparts, const char *dir, const char *path)
{
	struct save_job *j = xcalloc(1, sizeof *j);

	j->job.run = save_run;
	j->job.free = save_free;
	j->store = store;
	j->body = body;
	j->parts = arena_array(&j->arena, nparts, sizeof *j->parts);
	for (size_t i = 0; i < nparts; i++)
		j->parts[i] = parts[i];
	j->nparts = nparts;
	j->dir = dir ? arena_str(&j->arena, span_of(dir)) : NULL;
	j->path = path ? arena_str(&j->arena, span_of(path)) : NULL;
	return j;
}

bool
is_save_job(const struct job *job)
{
	return job->run == save_run;
}
