/* SPDX-License-Identifier: MIT */
#include "store/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/span.h"
#include "base/xalloc.h"
#include "store/dirs.h"

#define SUFFIX ".mdb"

enum {
	DIGITS_MAX = 7,		/* of a number: the store counts in 24 bits */
	NUMBER_MAX = 9999999,
	NAME_OCTETS = 256,
};

void
file_name_fini(struct file_name *name)
{
	free(name->path);
	*name = (struct file_name){ 0 };
}

static struct span
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return span_of(slash ? slash + 1 : path);
}

static char *
dir_of(const char *path)
{
	struct span base = base_of(path);

	return base.p == path ? xstrdup(".") :
	    xasprintf("%.*s", (int)(base.p - path), path);
}

/* "index" of ".../index.mdb" */
static struct span
stem_of(const char *path)
{
	struct span base = base_of(path);

	base.n -= strlen(SUFFIX);
	return base;
}

/*
 * The N of "index.N.mdb" followed by `tail`; 0 when the name is not made
 * like that.
 */
static uint64_t
number_in(const char *path, struct span name, const char *tail)
{
	struct span stem = stem_of(path);
	uint64_t number = 0;
	int digits = 0;

	if (!span_starts(name, stem))
		return 0;
	name = span_skip(name, stem.n);
	if (!span_starts(name, SPAN_LIT(".")))
		return 0;
	name = span_skip(name, 1);
	while (name.n > 0 && *name.p >= '0' && *name.p <= '9') {
		if ((*name.p == '0' && digits == 0) || ++digits > DIGITS_MAX)
			return 0;
		number = number * 10 + (uint64_t)(*span_take(&name, 1).p - '0');
	}
	if (!span_starts(name, SPAN_LIT(SUFFIX)) ||
	    !span_eq(span_skip(name, strlen(SUFFIX)), span_of(tail)))
		return 0;
	return number;
}

static void
name_file(const char *path, uint64_t number, struct file_name *out)
{
	struct span stem = stem_of(path);

	out->number = number;
	out->path = number == 0 ? xstrdup(path) :
	    xasprintf("%.*s.%llu%s", (int)(stem.p + stem.n - path), path,
	    (unsigned long long)number, SUFFIX);
}

enum err
file_current(const char *path, struct file_name *out, struct error *e)
{
	char target[NAME_OCTETS];
	ssize_t n = readlink(path, target, sizeof target);

	if (n < 0 && errno != EINVAL && errno != ENOENT)
		return error_sys(e, ERR_IO, errno, "cannot read %s", path);
	name_file(path, n < 0 ? 0 : number_in(path,
	    (struct span){ target, (size_t)n }, ""), out);
	return ERR_OK;
}

enum err
file_sync_dir(const char *path, struct error *e)
{
	int sys = dirs_sync_parent(path);

	return sys == 0 ? ERR_OK : dirs_error(e, sys, "write", path);
}

/* What is looked for in the directory. */
struct look {
	const char *path;	/* borrowed */
	uint64_t current;
	uint64_t last;		/* the largest number there */
	size_t nstale;
};

static enum err
each_name(struct look *l, void (*at)(struct look *l, int dir,
    const char *name), struct error *e)
{
	const char *path = l->path;
	CLEANUP(cleanup_free) char *dir = dir_of(path);
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d)
		return error_sys(e, ERR_IO, errno, "cannot read %s", dir);
	while ((entry = readdir(d)))
		at(l, dirfd(d), entry->d_name);
	closedir(d);
	return ERR_OK;
}

/* Of a data file or its lock file; 0 for anything else. */
static uint64_t
number_of(const char *path, const char *name)
{
	uint64_t number = number_in(path, span_of(name), "");

	return number ? number : number_in(path, span_of(name), "-lock");
}

static void
look_for_last(struct look *l, int dir, const char *name)
{
	uint64_t number = number_of(l->path, name);

	(void)dir;
	if (number > l->last)
		l->last = number;
}

enum err
file_next(const char *path, struct file_name *out, struct error *e)
{
	CLEANUP(file_name_fini) struct file_name current = { 0 };
	enum err err = file_current(path, &current, e);
	struct look l = { .path = path, .last = current.number };
	struct stat st;

	if (err == ERR_OK && l.last == 0 && lstat(path, &st) == 0 &&
	    S_ISLNK(st.st_mode))
		return error_set(e, ERR_CONFIG, "%s is a link to a file "
		    "elsewhere, which cannot be replaced", path);
	if (err == ERR_OK)
		err = each_name(&l, look_for_last, e);
	if (err == ERR_OK && l.last == NUMBER_MAX)
		return error_set(e, ERR_LIMIT, "%s has been replaced too often; "
		    "make a backup and restore it", path);
	if (err == ERR_OK)
		name_file(path, l.last + 1, out);
	return err;
}

enum err
file_publish(const char *path, const struct file_name *next, struct error *e)
{
	CLEANUP(cleanup_free) char *link = xasprintf("%s-next", path);
	struct span target = base_of(next->path);
	enum err err;

	unlink(link);		/* of one who was killed here */
	if (symlink(target.p, link) != 0)
		return dirs_error(e, errno, "make", link);
	/* The name that the link leads to must not come later than it. */
	err = file_sync_dir(path, e);
	if (err == ERR_OK && rename(link, path) != 0)
		err = dirs_error(e, errno, "replace", path);
	if (err != ERR_OK) {
		unlink(link);
		return err;
	}
	return file_sync_dir(path, e);
}

/* Left behind by file_publish, or by the file that came before the links. */
static bool
is_left_behind(const char *path, const char *name, uint64_t current)
{
	struct span base = base_of(path), s = span_of(name);

	if (!span_starts(s, base))
		return false;
	s = span_skip(s, base.n);
	return span_eq(s, SPAN_LIT("-next")) ||
	    (current > 0 && span_eq(s, SPAN_LIT("-lock")));
}

static bool
is_stale(const char *path, const char *name, uint64_t current)
{
	uint64_t number = number_of(path, name);

	return number ? number != current :
	    is_left_behind(path, name, current);
}

static void
count_stale(struct look *l, int dir, const char *name)
{
	(void)dir;
	l->nstale += is_stale(l->path, name, l->current);
}

static void
remove_stale(struct look *l, int dir, const char *name)
{
	if (is_stale(l->path, name, l->current))
		unlinkat(dir, name, 0);
}

enum err
file_sweep(const char *path, struct error *e)
{
	CLEANUP(file_name_fini) struct file_name current = { 0 };
	enum err err = file_current(path, &current, e);
	struct look l = { .path = path, .current = current.number };

	if (err == ERR_OK)
		err = each_name(&l, count_stale, e);
	if (err != ERR_OK || l.nstale == 0)
		return err;
	/* Who left these may have been killed before the link was durable. */
	err = file_sync_dir(path, e);
	return err == ERR_OK ? each_name(&l, remove_stale, e) : err;
}
