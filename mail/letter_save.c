/* SPDX-License-Identifier: MIT */
/*
 * Saving parts.  The sender chooses a name, never a place: what could leave
 * the folder, hide, or speak to a terminal is taken out, and a file that
 * exists is never written, nor a link followed.
 */
#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "mail/letter_parts.h"

enum {
	NAME_MAX_OCTETS = 200,
	EXTENSION_MAX = 20,
	TRIES_MAX = 1000,
};

struct writing {
	int fd, sys;
};

/* Cuts to n octets at the end of a character. */
static struct span
cut(struct span s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct span){ s.p, n };
}

/* ".tar.gz" would be kept as ".gz": the last dot counts. */
static struct span
extension(struct span name)
{
	for (size_t i = name.n; i > 1 && name.n - i < EXTENSION_MAX; i--)
		if (name.p[i - 1] == '.')
			return span_skip(name, i - 1);
	return (struct span){ 0 };
}

struct span
letter_safe_name(struct span name, struct arena *arena)
{
	struct buf clean = { 0 }, out = { 0 };
	struct span s, tail;

	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
			name = span_skip(name, i);
			break;
		}
	/* Control, bidirectional and invisible characters become signs. */
	text_clean(&clean, name);
	s = span_trim(buf_span(&clean));
	while (s.n && (s.p[0] == '.' || s.p[0] == ' '))
		span_take(&s, 1);
	while (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' '))
		s.n--;
	if (s.n == 0)
		s = (struct span)SPAN("attachment");
	tail = s.n > NAME_MAX_OCTETS ? extension(s) : (struct span){ 0 };
	buf_put(&out, cut(s, NAME_MAX_OCTETS - tail.n));
	buf_put(&out, tail);
	s = arena_copy(arena, buf_span(&out));
	buf_fini(&clean);
	buf_fini(&out);
	return s;
}

/* "map.png", "map (2).png", ... */
static char *
candidate(struct span name, int number, struct arena *arena)
{
	struct span tail = extension(name);

	if (number == 1)
		return arena_str(arena, name);
	name.n -= tail.n;
	return arena_printf(arena, "%.*s (%d)%.*s", SPAN_ARG(name), number,
	    SPAN_ARG(tail));
}

static bool
write_piece(void *ctx, struct span piece)
{
	struct writing *w = ctx;

	while (piece.n) {
		ssize_t n = write(w->fd, piece.p, piece.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			w->sys = errno;
			return false;
		}
		span_take(&piece, (size_t)n);
	}
	return true;
}

/* A new file of that name or the next free one. */
static int
create(int dir, struct span name, struct arena *arena, char **chosen)
{
	int fd = -1;

	for (int i = 1; fd < 0 && i <= TRIES_MAX; i++) {
		*chosen = candidate(name, i, arena);
		fd = openat(dir, *chosen, O_WRONLY | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

enum err
letter_part_save(struct letter *l, size_t i, const char *dir,
    struct arena *arena, char **path, struct error *e)
{
	CLEANUP(cleanup_close) int folder = open(dir, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	struct writing w = { .fd = -1 };
	struct span name;
	char *chosen;
	enum err err;

	if (i >= l->n)
		return error_set(e, ERR_NOTFOUND, "the letter has no such part");
	if (folder < 0)
		return error_sys(e, ERR_IO, errno, "cannot open the folder %s",
		    dir);
	name = letter_safe_name(l->parts[i].name, arena);
	w.fd = create(folder, name, arena, &chosen);
	if (w.fd < 0)
		return error_sys(e, ERR_IO, errno, "cannot write %s/%s", dir,
		    chosen);
	err = letter_part_read(l, i, write_piece, &w, e);
	if (close(w.fd) < 0 && !err)
		err = error_sys(e, ERR_IO, w.sys = errno, "cannot write %s/%s",
		    dir, chosen);
	if (err) {
		unlinkat(folder, chosen, 0);
		return w.sys ? error_sys(e, w.sys == ENOSPC ? ERR_FULL :
		    ERR_IO, w.sys, "cannot write %s/%s", dir, chosen) : err;
	}
	*path = arena_printf(arena, "%s/%s", dir, chosen);
	return ERR_OK;
}
