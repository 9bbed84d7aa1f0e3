/* SPDX-License-Identifier: MIT */
/*
 *	surat-backup 1
 *	schema 2
 *	made 2026-11-22T09:41:00Z
 *	index.mdb 40960 9f86d081...
 *	bodies.mdb 81920 60303ae2...
 *	end
 */
#include "store/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "store/dirs.h"

enum { MANIFEST_OCTETS_MAX = 4096 };

const char *const manifest_files[ENV_COUNT] = {
	[ENV_INDEX] = "index.mdb",
	[ENV_BODIES] = "bodies.mdb",
};

static void
put_hex(struct buf *b, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%02x", p[i]);
}

enum err
manifest_write(const char *dir, const struct manifest *m, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
	    MANIFEST_NAME);
	CLEANUP(cleanup_close) int fd = open(path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CLEANUP(buf_fini) struct buf b = { 0 };

	if (fd < 0)
		return dirs_error(e, errno, "write", path);
	buf_printf(&b, "%s 1\nschema %u\nmade ", MANIFEST_NAME, m->schema);
	date_put_rfc3339(&b, m->made);
	buf_putc(&b, '\n');
	for (size_t i = 0; i < ENV_COUNT; i++) {
		buf_printf(&b, "%s %llu ", manifest_files[i],
		    (unsigned long long)m->files[i].octets);
		put_hex(&b, m->files[i].sha256, sizeof m->files[i].sha256);
		buf_putc(&b, '\n');
	}
	buf_puts(&b, "end\n");
	errno = ENOSPC;		/* for a write that ends early */
	if (pwrite(fd, b.p, b.n, 0) != (ssize_t)b.n || fsync(fd) != 0)
		return dirs_error(e, errno, "write", path);
	return ERR_OK;
}

static int
hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_hex(struct span s, uint8_t *out, size_t n)
{
	if (s.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(s.p[2 * i]);
		int low = hex_value(s.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* "NAME REST\n" off *s; false when another line is there. */
static bool
take_line(struct span *s, const char *name, struct span *rest)
{
	struct span word;

	return span_split(s, '\n', rest) && span_split(rest, ' ', &word) &&
	    span_eq(word, span_of(name));
}

static bool
take_file(struct span *s, const char *name, struct copied *file)
{
	struct span rest, octets;

	return take_line(s, name, &rest) && span_split(&rest, ' ', &octets) &&
	    span_u64(octets, &file->octets) &&
	    read_hex(rest, file->sha256, sizeof file->sha256);
}

static enum err
parse(struct span s, const char *path, struct manifest *m, struct error *e)
{
	bool is_good;
	struct span rest;

	if (!take_line(&s, MANIFEST_NAME, &rest))
		return error_set(e, ERR_CORRUPT, "%s is damaged", path);
	if (!span_eq(rest, SPAN_LIT("1")))
		return error_set(e, ERR_VERSION, "%s was written by a newer "
		    "surat; use that one", path);
	is_good = take_line(&s, "schema", &rest) &&
	    span_u32(rest, &m->schema) && take_line(&s, "made", &rest);
	for (size_t i = 0; i < ENV_COUNT && is_good; i++)
		is_good = take_file(&s, manifest_files[i], &m->files[i]);
	if (!is_good || !span_eq(s, SPAN_LIT("end\n")))
		return error_set(e, ERR_CORRUPT, "%s is damaged", path);
	return ERR_OK;
}

static enum err
compare_sizes(const char *dir, const struct manifest *m, struct error *e)
{
	for (size_t i = 0; i < ENV_COUNT; i++) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
		    manifest_files[i]);
		struct stat st;

		if (stat(path, &st) != 0)
			return error_sys(e, ERR_CORRUPT, errno,
			    "the backup is not all there: cannot read %s",
			    path);
		if ((uint64_t)st.st_size != m->files[i].octets)
			return error_set(e, ERR_CORRUPT, "the backup is "
			    "damaged: %s has not the size that it had", path);
	}
	return ERR_OK;
}

enum err
manifest_read(const char *dir, struct manifest *m, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
	    MANIFEST_NAME);
	CLEANUP(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[MANIFEST_OCTETS_MAX];
	enum err err;
	ssize_t n;

	*m = (struct manifest){ 0 };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_set(e, ERR_NOTFOUND, "%s is no backup of a mail "
		    "store", dir);
	if (fd < 0)
		return dirs_error(e, errno, "read", path);
	n = pread(fd, text, sizeof text, 0);
	if (n < 0)
		return dirs_error(e, errno, "read", path);
	err = parse((struct span){ text, (size_t)n }, path, m, e);
	return err == ERR_OK ? compare_sizes(dir, m, e) : err;
}
