/* SPDX-License-Identifier: MIT */
#include "ui/compose_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"

enum { ABOUT_MAX = 1 << 20 };

static const struct span about_suffix = SPAN(".about");

static enum err
write_all(int fd, struct span s, const char *path, struct error *e)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_sys(e, errno == ENOSPC || errno == EDQUOT ?
			    ERR_FULL : ERR_IO, errno, _("cannot write %s"),
			    path);
		span_take(&s, (size_t)n);
	}
	if (fsync(fd))
		return error_sys(e, ERR_IO, errno, _("cannot write %s"), path);
	return ERR_OK;
}

static enum err
read_all(const char *path, size_t max, struct arena *arena,
    struct span *out, struct error *e)
{
	CLEANUP(buf_fini) struct buf text = { .max = max };
	CLEANUP(cleanup_close) int fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = 0;
	char *room;

	if (fd < 0)
		return error_sys(e, ERR_IO, errno, _("cannot read %s"), path);
	while ((room = buf_room(&text, 16384)) &&
	    (n = read(fd, room, 16384)) > 0)
		buf_grew(&text, (size_t)n);
	if (n < 0)
		return error_sys(e, ERR_IO, errno, _("cannot read %s"), path);
	if (!room)
		return error_set(e, ERR_LIMIT, _("%s is too long"), path);
	*out = arena_copy(arena, buf_span(&text));
	return ERR_OK;
}

/* The directory's entry, too, must be on disk. */
static void
sync_parent(const char *path)
{
	char *dir = xstrndup(path, strlen(path));
	char *slash = strrchr(dir, '/');
	int fd;

	if (slash)
		*slash = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

static void
about_put(struct buf *out, const struct compose_about *about)
{
	buf_printf(out, "account %.*s\n", SPAN_ARG(about->account));
	buf_printf(out, "answered %" PRIu64 "\n", about->answered);
	buf_printf(out, "reply %d\n", about->is_reply);
	if (about->in_reply_to.n)
		buf_printf(out, "in-reply-to %.*s\n",
		    SPAN_ARG(about->in_reply_to));
	for (size_t i = 0; i < about->nreferences; i++)
		buf_printf(out, "reference %.*s\n",
		    SPAN_ARG(about->references[i]));
}

static void
about_parse(struct span text, struct arena *arena, struct compose_about *out)
{
	struct span line, key;

	*out = (struct compose_about){ 0 };
	out->references = arena_array(arena, ENVELOPE_REFERENCES_MAX,
	    sizeof *out->references);
	while (span_split(&text, '\n', &line)) {
		if (!span_split(&line, ' ', &key))
			continue;
		if (span_eq(key, SPAN_LIT("account")))
			out->account = line;
		else if (span_eq(key, SPAN_LIT("answered")))
			span_u64(line, &out->answered);
		else if (span_eq(key, SPAN_LIT("reply")))
			out->is_reply = span_eq(line, SPAN_LIT("1"));
		else if (span_eq(key, SPAN_LIT("in-reply-to")))
			out->in_reply_to = line;
		else if (span_eq(key, SPAN_LIT("reference")) &&
		    out->nreferences < ENVELOPE_REFERENCES_MAX)
			out->references[out->nreferences++] = line;
	}
}

/* The path of the text that belongs to an about file. */
static char *
text_path(const char *about)
{
	return xasprintf("%.*s.eml",
	    (int)(strlen(about) - about_suffix.n), about);
}

enum err
compose_file_new(const char *dir, const struct compose_about *about,
    struct compose_file *out, struct error *e)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	enum err err;

	*out = (struct compose_file){ .lock = -1 };
	if (mkdir(dir, 0700) && errno != EEXIST)
		return error_sys(e, ERR_IO, errno, _("cannot make %s"), dir);
	out->about = xasprintf("%s/letter-XXXXXX.about", dir);
	out->lock = mkostemps(out->about, (int)about_suffix.n, O_CLOEXEC);
	if (out->lock < 0) {
		err = error_sys(e, ERR_IO, errno,
		    _("cannot keep a draft in %s"), dir);
		compose_file_close(out);
		return err;
	}
	/* Who looks at drafts meanwhile holds it for a moment only. */
	flock(out->lock, LOCK_EX);
	out->path = text_path(out->about);
	about_put(&text, about);
	err = write_all(out->lock, buf_span(&text), out->about, e);
	if (err)
		compose_file_remove(out);
	return err;
}

enum err
compose_file_write(const struct compose_file *file, struct span text,
    struct error *e)
{
	CLEANUP(cleanup_free) char *fresh = xasprintf("%s.new", file->path);
	CLEANUP(cleanup_close) int fd = open(fresh, O_WRONLY | O_CREAT |
	    O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum err err;

	if (fd < 0)
		return error_sys(e, ERR_IO, errno, _("cannot write %s"),
		    fresh);
	err = write_all(fd, text, fresh, e);
	if (!err && rename(fresh, file->path))
		err = error_sys(e, ERR_IO, errno, _("cannot write %s"),
		    file->path);
	if (err)
		unlink(fresh);
	else
		sync_parent(file->path);
	return err;
}

enum err
compose_file_read(const struct compose_file *file, struct arena *arena,
    struct span *text, struct error *e)
{
	return read_all(file->path, COMPOSE_TEXT_MAX, arena, text, e);
}

void
compose_file_close(struct compose_file *file)
{
	if (file->lock >= 0)
		close(file->lock);
	free(file->path);
	free(file->about);
	*file = (struct compose_file){ .lock = -1 };
}

void
compose_file_remove(struct compose_file *file)
{
	if (file->path)
		unlink(file->path);
	if (file->about)
		unlink(file->about);
	compose_file_close(file);
}

/*
 * Locks an about file that nobody holds and reads it.  One without a text
 * is of a letter that another process is just about to begin.
 */
static bool
take_up(const char *path, struct arena *arena, struct compose_file *out,
    struct compose_about *about, int64_t *written)
{
	struct span text;
	struct stat st;

	*out = (struct compose_file){ .lock = open(path,
	    O_RDWR | O_CLOEXEC | O_NOFOLLOW) };
	if (out->lock < 0 || flock(out->lock, LOCK_EX | LOCK_NB)) {
		compose_file_close(out);
		return false;
	}
	out->about = xstrdup(path);
	out->path = text_path(path);
	if (lstat(out->path, &st) || !S_ISREG(st.st_mode) ||
	    read_all(path, ABOUT_MAX, arena, &text, NULL)) {
		compose_file_close(out);
		return false;
	}
	*written = st.st_mtim.tv_sec;
	about_parse(text, arena, about);
	return true;
}

enum err
compose_file_resume(const char *dir, uint64_t answered, struct arena *arena,
    struct compose_file *out, struct compose_about *about, int64_t *written,
    struct error *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	*out = (struct compose_file){ .lock = -1 };
	while (d && (entry = readdir(d))) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
		    entry->d_name);
		struct compose_file file;
		struct compose_about found;
		int64_t when;

		if (!span_ends(span_of(entry->d_name), about_suffix) ||
		    !take_up(path, arena, &file, &found, &when))
			continue;
		if ((answered && found.answered != answered) ||
		    (out->path && when <= *written)) {
			compose_file_close(&file);
			continue;
		}
		compose_file_close(out);
		*out = file;
		*about = found;
		*written = when;
	}
	if (d)
		closedir(d);
	if (!out->path)
		return error_set(e, ERR_NOTFOUND, _("no draft was left"));
	return ERR_OK;
}
