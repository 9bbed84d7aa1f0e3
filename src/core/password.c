/* SPDX-License-Identifier: MIT */
/*
 * A command ends when its first process does: what that has left running (an
 * agent, say) may keep our pipes open for ever.  After its end the pipes are
 * read as far as they are full, and that is the answer.
 *
 * What the command prints is kept in two fixed buffers of the job: the first
 * line of its output and the last octets of its errors; all else is dropped.
 */
#include "src/core/password.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

enum {
	LIMIT_S = 30,
	PASSWORD_MAX = 1024,	/* octets */
	ERRORS_KEPT = 512,
	PIPE_READS = 64,	/* of 4 KiB: more than a pipe holds */
};

struct password_job {
	const struct config_account *account;	/* borrowed */
	bool for_send;
	password_ready *ready;
	void *ctx;			/* borrowed: the owner's */
	GMainContext *context;		/* owned */
	GSource *at_once;		/* owned; when nothing has to run */
	GSource *timer, *child;		/* owned; when a command runs */
	GSource *output, *errors;	/* owned; NULL at the end of the pipe */
	GPid pid;			/* 0: none, or reaped */
	int out_fd, err_fd;		/* owned; -1: none */
	char line[PASSWORD_MAX + 1];	/* the first line of the output */
	size_t line_n;
	bool line_ended, line_too_long;
	char tail[ERRORS_KEPT];		/* the last that it said */
	size_t tail_n;
	struct error cannot_run;
};

static const char *
command_of(const struct password_job *job)
{
	return job->for_send ? job->account->send_password_command :
	    job->account->password_command;
}

static const char *
password_of(const struct password_job *job)
{
	return job->for_send ? job->account->send_password :
	    job->account->password;
}

static const char *
key_of(const struct password_job *job)
{
	return job->for_send ? "send-password-command" : "password-command";
}

static void
source_drop(GSource **source)
{
	if (*source) {
		g_source_destroy(*source);
		g_source_unref(*source);
	}
	*source = NULL;
}

static void
source_start(struct password_job *job, GSource **slot, GSource *source,
    GSourceFunc call)
{
	g_source_set_callback(source, call, job, NULL);
	g_source_attach(source, job->context);
	*slot = source;
}

static void
fd_drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Ends what runs and forgets what was read. */
static void
job_free(struct password_job *job)
{
	source_drop(&job->at_once);
	source_drop(&job->timer);
	source_drop(&job->child);
	source_drop(&job->output);
	source_drop(&job->errors);
	if (job->pid > 0) {
		kill(-job->pid, SIGKILL);
		/* At once, as it was killed; GLib may have been faster. */
		while (waitpid(job->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	fd_drop(&job->out_fd);
	fd_drop(&job->err_fd);
	g_main_context_unref(job->context);
	explicit_bzero(job, sizeof *job);
	free(job);
}

static void
job_answer(struct password_job *job, enum err err, const char *password,
    const struct error *e)
{
	job->ready(job->ctx, err, err == ERR_OK ? password : NULL, e);
	job_free(job);
}

static void
keep_line(struct password_job *job, struct span in)
{
	size_t end = span_chr(in, '\n');
	struct span head = span_take(&in, end == SIZE_MAX ? in.n : end);

	if (job->line_ended)
		return;
	job->line_ended = end != SIZE_MAX;
	if (head.n > PASSWORD_MAX - job->line_n) {
		job->line_too_long = true;
		head.n = PASSWORD_MAX - job->line_n;
	}
	if (head.n > 0)
		memcpy(job->line + job->line_n, head.p, head.n);
	job->line_n += head.n;
}

static void
keep_tail(struct password_job *job, struct span in)
{
	size_t drop;

	if (in.n > ERRORS_KEPT)
		in = span_skip(in, in.n - ERRORS_KEPT);
	drop = job->tail_n + in.n > ERRORS_KEPT ?
	    job->tail_n + in.n - ERRORS_KEPT : 0;
	memmove(job->tail, job->tail + drop, job->tail_n - drop);
	job->tail_n -= drop;
	memcpy(job->tail + job->tail_n, in.p, in.n);
	job->tail_n += in.n;
}

/* False when nothing more can be read now or ever; *ended: ever. */
static bool
read_pipe(struct password_job *job, int fd,
    void (*keep)(struct password_job *job, struct span in), bool *ended)
{
	char block[4096];
	ssize_t got = read(fd, block, sizeof block);

	*ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
	if (got > 0)
		keep(job, (struct span){ block, (size_t)got });
	explicit_bzero(block, sizeof block);
	return got > 0;
}

static gboolean
output_ready(gint fd, GIOCondition condition, gpointer ctx)
{
	struct password_job *job = ctx;
	bool ended;

	(void)condition;
	read_pipe(job, fd, keep_line, &ended);
	if (ended)
		source_drop(&job->output);
	return ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
errors_ready(gint fd, GIOCondition condition, gpointer ctx)
{
	struct password_job *job = ctx;
	bool ended;

	(void)condition;
	read_pipe(job, fd, keep_tail, &ended);
	if (ended)
		source_drop(&job->errors);
	return ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
read_rest(struct password_job *job)
{
	bool ended;

	for (int i = 0; i < PIPE_READS; i++)
		if (!read_pipe(job, job->out_fd, keep_line, &ended))
			break;
	for (int i = 0; i < PIPE_READS; i++)
		if (!read_pipe(job, job->err_fd, keep_tail, &ended))
			break;
}

/* The last line that is not blank, made harmless. */
static void
last_words(const struct password_job *job, struct buf *out)
{
	struct span rest = { job->tail, job->tail_n }, line, last = { 0 };

	while (span_split(&rest, '\n', &line)) {
		line = span_trim(line);
		if (line.n > 0)
			last = line;
	}
	if (last.n > 0) {
		buf_puts(out, ": ");
		text_clean(out, last);
	}
}

static enum err
failed(const struct password_job *job, const char *how, struct error *e)
{
	CLEANUP(buf_fini) struct buf words = { 0 };

	last_words(job, &words);
	return error_set(e, ERR_AUTH, "%s of account %s %s%s", key_of(job),
	    job->account->name, how, buf_str(&words));
}

static enum err
judge(struct password_job *job, int status, struct error *e)
{
	char how[64];

	if (WIFSIGNALED(status)) {
		g_snprintf(how, sizeof how, "was ended by signal %d",
		    WTERMSIG(status));
		return failed(job, how, e);
	}
	if (WEXITSTATUS(status) != 0) {
		g_snprintf(how, sizeof how, "failed (exit status %d)",
		    WEXITSTATUS(status));
		return failed(job, how, e);
	}
	if (job->line_too_long)
		return failed(job, "printed more than a password", e);
	if (job->line_n > 0 && job->line[job->line_n - 1] == '\r')
		job->line_n--;
	job->line[job->line_n] = '\0';
	if (job->line_n == 0)
		return failed(job, "printed nothing", e);
	if (memchr(job->line, '\0', job->line_n))
		return failed(job, "printed no text", e);
	return ERR_OK;
}

static void
child_ended(GPid pid, gint status, gpointer ctx)
{
	struct password_job *job = ctx;
	struct error e = { 0 };

	(void)pid;
	job->pid = 0;
	read_rest(job);
	job_answer(job, judge(job, status, &e), job->line, &e);
}

static gboolean
time_is_up(gpointer ctx)
{
	struct password_job *job = ctx;
	struct error e;
	char how[64];

	g_snprintf(how, sizeof how, "did not end within %d s", LIMIT_S);
	job_answer(job, failed(job, how, &e), NULL, &e);
	return G_SOURCE_REMOVE;
}

/* In the child, before exec: its own group, so that all of it can be killed. */
static void
child_prepare(gpointer ctx)
{
	(void)ctx;
	setsid();
}

static bool
command_start(struct password_job *job, struct error *e)
{
	char *argv[] = { "/bin/sh", "-c", (char *)command_of(job), NULL };
	GError *why = NULL;

	if (!g_spawn_async_with_pipes(NULL, argv, NULL,
	    G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES, child_prepare,
	    NULL, &job->pid, NULL, &job->out_fd, &job->err_fd, &why)) {
		error_set(e, ERR_AUTH, "%s of account %s cannot run: %s",
		    key_of(job), job->account->name, why->message);
		g_error_free(why);
		job->pid = 0;
		job->out_fd = job->err_fd = -1;
		return false;
	}
	g_unix_set_fd_nonblocking(job->out_fd, TRUE, NULL);
	g_unix_set_fd_nonblocking(job->err_fd, TRUE, NULL);
	source_start(job, &job->output,
	    g_unix_fd_source_new(job->out_fd, G_IO_IN | G_IO_HUP),
	    G_SOURCE_FUNC(output_ready));
	source_start(job, &job->errors,
	    g_unix_fd_source_new(job->err_fd, G_IO_IN | G_IO_HUP),
	    G_SOURCE_FUNC(errors_ready));
	source_start(job, &job->child, g_child_watch_source_new(job->pid),
	    G_SOURCE_FUNC(child_ended));
	source_start(job, &job->timer, g_timeout_source_new_seconds(LIMIT_S),
	    time_is_up);
	return true;
}

/* No command is needed, or it could not be started. */
static gboolean
answer_at_once(gpointer ctx)
{
	struct password_job *job = ctx;
	struct error e = job->cannot_run;
	const char *password = password_of(job);

	if (e.kind == ERR_OK && !password && !job->for_send)
		error_set(&e, ERR_AUTH, "account %s has no password; set "
		    "password-command", job->account->name);
	job_answer(job, e.kind, password ? password : "", &e);
	return G_SOURCE_REMOVE;
}

struct password_job *
password_get(const struct config_account *account, bool for_send,
    password_ready *ready, void *ctx)
{
	struct password_job *job = xcalloc(1, sizeof *job);

	job->account = account;
	job->for_send = for_send;
	job->ready = ready;
	job->ctx = ctx;
	job->context = g_main_context_ref_thread_default();
	job->out_fd = job->err_fd = -1;
	if (command_of(job) && command_start(job, &job->cannot_run))
		return job;
	source_start(job, &job->at_once, g_idle_source_new(), answer_at_once);
	return job;
}

void
password_cancel(struct password_job *job)
{
	if (job)
		job_free(job);
}
