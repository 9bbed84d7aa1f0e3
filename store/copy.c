/* SPDX-License-Identifier: MIT */
#include "store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/dirs.h"

enum { COPY_OCTETS = 1 << 18 };	/* at once */

static int
write_at(int fd, const char *p, size_t n, uint64_t at)
{
	while (n > 0) {
		ssize_t r = pwrite(fd, p, n, (off_t)at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return errno;
		if (r == 0)
			return ENOSPC;
		p += r;
		n -= (size_t)r;
		at += (uint64_t)r;
	}
	return 0;
}

static void
tell(struct copy_progress *progress, size_t n)
{
	const struct store_progress *told = progress->told;

	progress->done += n;
	/* What is being copied may have grown since it was measured. */
	if (progress->total < progress->done)
		progress->total = progress->done;
	if (told)
		told->each(told->ctx, progress->done, progress->total);
}

enum err
copy_stream(int from, const char *to, struct copy_progress *progress,
    struct copied *out, struct error *e)
{
	CLEANUP(cleanup_free) char *piece = xcalloc(1, COPY_OCTETS);
	CLEANUP(cleanup_close) int fd = open(to,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct sha256_ctx hash;
	uint64_t octets = 0;
	ssize_t n;

	if (fd < 0)
		return dirs_error(e, errno, "write", to);
	sha256_init(&hash);
	while ((n = read(from, piece, COPY_OCTETS)) != 0) {
		int sys;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dirs_error(e, errno, "read what goes into", to);
		sys = write_at(fd, piece, (size_t)n, octets);
		if (sys != 0)
			return dirs_error(e, sys, "write", to);
		if (out)
			sha256_update(&hash, (size_t)n,
			    (const uint8_t *)piece);
		octets += (uint64_t)n;
		tell(progress, (size_t)n);
	}
	if (out) {
		out->octets = octets;
		sha256_digest(&hash, sizeof out->sha256, out->sha256);
	}
	return fsync(fd) == 0 ? ERR_OK : dirs_error(e, errno, "write", to);
}
