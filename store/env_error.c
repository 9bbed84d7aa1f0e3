/* SPDX-License-Identifier: MIT */
/* What a code of LMDB's means to the caller, and to a person. */
#include "store/env.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

/* Less room than this on the disk is taken for "full". */
enum { FULL_OCTETS = 1 << 20 };

/* LMDB says EIO for a short write, which is mostly a full disk. */
static bool
is_disk_full(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize < FULL_OCTETS;
}

/* A limit on the size of files acts like a full disk. */
static bool
is_file_limited(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY;
}

enum err
env_error(struct env *env, struct error *e, int code, const char *doing)
{
	switch (code) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return error_sys(e, ERR_FULL, code, "cannot %s %s", doing,
		    env->path);
	case EIO:
		if (is_disk_full(env->path) || is_file_limited())
			return error_sys(e, ERR_FULL, ENOSPC, "cannot %s %s",
			    doing, env->path);
		return error_sys(e, ERR_IO, code, "cannot %s %s", doing,
		    env->path);
	case MDB_MAP_FULL:
		env->was_full = true;
		return error_set(e, ERR_AGAIN, "cannot %s %s: it has to grow "
		    "first; trying again helps", doing, env->path);
	case MDB_TXN_FULL:
		return error_set(e, ERR_LIMIT, "cannot %s %s: too much for one "
		    "transaction", doing, env->path);
	case MDB_READERS_FULL:
		return error_set(e, ERR_BUSY, "cannot %s %s: too many programs "
		    "are reading it", doing, env->path);
	case MDB_PANIC:
		return error_set(e, ERR_IO, "cannot %s %s: an earlier failure "
		    "of the disk; restart surat", doing, env->path);
	case MDB_VERSION_MISMATCH:
		return error_set(e, ERR_VERSION, "cannot %s %s: it was made by "
		    "another version of LMDB", doing, env->path);
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_NOTFOUND:
	case MDB_CURSOR_FULL:	/* a tree without end */
	case MDB_BAD_TXN:	/* after damage that looked like an end */
		return error_set(e, ERR_CORRUPT, "cannot %s %s: it is damaged "
		    "(%s)", doing, env->path, mdb_strerror(code));
	}
	if (code > 0)
		return error_sys(e, ERR_IO, code, "cannot %s %s", doing,
		    env->path);
	return error_set(e, ERR_IO, "cannot %s %s: %s", doing, env->path,
	    mdb_strerror(code));
}
