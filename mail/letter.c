/* SPDX-License-Identifier: MIT */
/*
 * Opening a letter.  Its bytes are taken over once, since every part is a
 * view of them: small letters into memory, larger ones into a file that has
 * no name any more and is mapped, so that memory stays the kernel's to take.
 */
#include "mail/letter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "mail/header.h"
#include "mail/letter_parts.h"

#define IN_MEMORY_MAX ((uint64_t)4 << 20)
#define LETTER_OCTETS_MAX ((uint64_t)1 << 30)

enum { PIECE = 64 * 1024 };

/* An open file without a name, or -1. */
static int
nameless_file(void)
{
	const char *dir = getenv("TMPDIR");
	CLEANUP(cleanup_free) char *path =
	    xasprintf("%s/surat-XXXXXX", dir && *dir ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static enum err
write_all(int fd, struct span s, struct error *e)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_sys(e, ERR_IO, errno,
			    "cannot keep a large letter in a temporary file");
		span_take(&s, (size_t)n);
	}
	return ERR_OK;
}

/* Copies the source to fd; *size is what it really had. */
static enum err
spool(const struct source *source, int fd, uint64_t *size, struct error *e)
{
	CLEANUP(cleanup_free) char *piece = xreallocarray(NULL, PIECE, 1);
	enum err err = ERR_OK;
	size_t got = 1;

	for (*size = 0; !err && got && *size < source->size; *size += got) {
		uint64_t left = source->size - *size;

		err = source->read(source->ctx, *size, piece,
		    left < PIECE ? (size_t)left : PIECE, &got, e);
		if (!err)
			err = write_all(fd, (struct span){ piece, got }, e);
	}
	return err;
}

static enum err
load_mapped(struct letter *l, const struct source *source, struct error *e)
{
	CLEANUP(cleanup_close) int fd = nameless_file();
	uint64_t size;
	enum err err;
	void *p;

	if (fd < 0)
		return error_sys(e, ERR_IO, errno,
		    "cannot make a temporary file for a large letter");
	err = spool(source, fd, &size, e);
	if (err || size == 0)
		return err;
	p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return error_sys(e, ERR_IO, errno, "cannot map a large letter");
	l->bytes = (struct span){ p, (size_t)size };
	l->is_mapped = true;
	return ERR_OK;
}

static enum err
load(struct letter *l, const struct source *source, struct error *e)
{
	size_t got;
	enum err err;
	char *p;

	if (source->size > LETTER_OCTETS_MAX)
		return error_set(e, ERR_LIMIT, "the letter is larger than %d "
		    "MiB; it is not opened", (int)(LETTER_OCTETS_MAX >> 20));
	if (source->size > IN_MEMORY_MAX)
		return load_mapped(l, source, e);
	p = xcalloc(1, (size_t)source->size + 1);
	l->bytes.p = p;
	do {
		err = source->read(source->ctx, l->bytes.n, p + l->bytes.n,
		    (size_t)source->size - l->bytes.n, &got, e);
		l->bytes.n += err ? 0 : got;
	} while (!err && got && l->bytes.n < source->size);
	return err;
}

enum err
letter_open(const struct source *source, struct letter **out, struct error *e)
{
	struct letter *l = xcalloc(1, sizeof *l);
	enum err err = load(l, source, e);
	struct span body;

	*out = NULL;
	if (err) {
		letter_close(l);
		return err;
	}
	header_split(l->bytes, &l->block, &body);
	if (l->block.n > ENVELOPE_HEADER_MAX)
		l->block.n = ENVELOPE_HEADER_MAX;
	header_parse_envelope(l->block, &l->arena, &l->envelope);
	letter_find_parts(l);
	letter_mark_shown(l, LETTER_PLAIN);
	*out = l;
	return ERR_OK;
}

void
letter_close(struct letter *l)
{
	if (!l)
		return;
	if (l->is_mapped)
		munmap((void *)(uintptr_t)l->bytes.p, l->bytes.n);
	else
		free((void *)(uintptr_t)l->bytes.p);
	arena_fini(&l->arena);
	free(l);
}

const struct envelope *
letter_envelope(const struct letter *l)
{
	return &l->envelope;
}

struct span
letter_header(const struct letter *l)
{
	return l->block;
}

size_t
letter_parts(const struct letter *l, const struct letter_part **out)
{
	*out = l->parts;
	return l->n;
}

enum err
letter_part_read(struct letter *l, size_t i,
    bool (*put)(void *ctx, struct span piece), void *ctx, struct error *e)
{
	if (i >= l->n)
		return error_set(e, ERR_NOTFOUND, "the letter has no such part");
	if (!transfer_decode(l->inside[i].transfer, l->inside[i].content, put,
	    ctx))
		return error_set(e, ERR_CANCELED, "reading stopped");
	return ERR_OK;
}
