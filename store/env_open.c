/* SPDX-License-Identifier: MIT */
/*
 * Opening a data file of an environment: is it whole, is it of this schema,
 * are its tables there, and is it still the one that is in use?  A file that
 * LMDB has open under another name than the link gives it would have another
 * lock file than it has for everybody else, so the link is looked at again
 * when it is open.
 */
#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/contact_note.h"
#include "store/dirs.h"
#include "store/file.h"
#include "store/guard.h"
#include "store/record.h"
#include "store/whole.h"

enum {
	READERS_MAX = 510,	/* over all processes */
	TABLES_MAX = 64,
	MOVES_MAX = 8,		/* files put in its place while it is opened */
	LOCK_OCTETS = 4096 + READERS_MAX * 64,	/* a head and its readers */
	BLOCK_OCTETS = 512,	/* of st_blocks */
};

static MDB_val
val_of(struct span s)
{
	return (MDB_val){ s.n, (void *)(uintptr_t)s.p };
}

/*
 * The one record whose layout never changes, so that an old program can
 * read it: the schema comes first.
 */
static int
put_schema(struct env *env, struct env_file *file, MDB_txn *txn)
{
	enum table table = schema_meta_of(env->kind);
	CLEANUP(buf_fini) struct buf b = { 0 };
	MDB_val key = val_of(SPAN_LIT("schema")), value;
	MDB_stat stat;
	int rc = mdb_stat(txn, file->tables[table], &stat);

	if (rc != 0)
		return rc;
	record_begin(&b, RECORD_V1);
	record_put_u64(&b, schema_of(env->kind));
	record_put_u64(&b, stat.ms_psize);
	record_put_span(&b, SPAN_LIT(PACKAGE_STRING));
	value = val_of(record_end(&b, table, SPAN_LIT("schema")));
	rc = mdb_put(txn, file->tables[table], &key, &value, MDB_NOOVERWRITE);
	return rc == MDB_KEYEXIST ? 0 : rc;
}

int
env_seal(struct txn_handle *h)
{
	return put_schema(h->env, h->file, h->lmdb);
}

/* Takes it into file->schema. */
static enum err
check_schema(struct env *env, struct env_file *file, MDB_txn *txn,
    struct error *e)
{
	enum table table = schema_meta_of(env->kind);
	MDB_val key = val_of(SPAN_LIT("schema")), value;
	struct record r;
	uint32_t schema;
	int rc = mdb_get(txn, file->tables[table], &key, &value);

	if (rc == MDB_NOTFOUND && env->is_draft)
		return ERR_OK;
	if (rc != 0)
		return env_error(env, e, rc, "read");
	if (!record_open(&r, table, SPAN_LIT("schema"),
	    (struct span){ value.mv_data, value.mv_size }))
		return env_error(env, e, MDB_CORRUPTED, "read");
	schema = record_u32(&r);
	if (r.is_bad || schema == 0)
		return env_error(env, e, MDB_CORRUPTED, "read");
	if (schema > schema_of(env->kind))
		return error_set(e, ERR_VERSION, "%s was written by a newer "
		    "surat (schema %u, this one knows %u); use that one",
		    env->path, schema, schema_of(env->kind));
	file->schema = schema;
	return ERR_OK;
}

/*
 * MDB_NOTFOUND when one is not there and flags do not say to make it; of
 * those that an older schema lacks the handle is 0.
 */
static int
open_tables(struct env *env, struct env_file *file, MDB_txn *txn,
    unsigned flags)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		int rc;

		if (tables[i].env != env->kind)
			continue;
		rc = mdb_dbi_open(txn, tables[i].name, flags, &file->tables[i]);
		if (rc == MDB_NOTFOUND && file->schema != 0 &&
		    file->schema < schema_of(env->kind))
			file->tables[i] = 0;
		else if (rc != 0)
			return rc;
	}
	return 0;
}

/* Tables and schema appear in one commit, so there are all or none. */
static enum err
make_tables(struct env *env, struct env_file *file, struct error *e)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(file->lmdb, NULL, 0, &txn);

	if (rc != 0)
		return env_error(env, e, rc, "open");
	rc = open_tables(env, file, txn, MDB_CREATE);
	if (rc == 0 && !env->is_draft)
		rc = put_schema(env, file, txn);
	if (rc != 0)
		mdb_txn_abort(txn);
	else
		rc = mdb_txn_commit(txn);
	if (rc == 0 && !env->is_draft)
		file->schema = schema_of(env->kind);
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "write");
}

static enum err
find_tables(struct env *env, struct env_file *file, bool *is_new,
    struct error *e)
{
	enum table meta = schema_meta_of(env->kind);
	enum err err;
	MDB_txn *txn;
	int rc = mdb_txn_begin(file->lmdb, NULL, MDB_RDONLY, &txn);

	if (rc != 0)
		return env_error(env, e, rc, "open");
	rc = mdb_dbi_open(txn, tables[meta].name, 0, &file->tables[meta]);
	*is_new = rc == MDB_NOTFOUND;
	err = rc == 0 ? check_schema(env, file, txn, e) : ERR_OK;
	if (rc == 0 && err == ERR_OK)
		rc = open_tables(env, file, txn, 0);
	if (rc != 0 || err != ERR_OK) {
		mdb_txn_abort(txn);
		if (err != ERR_OK || *is_new)
			return err;
		return env_error(env, e, rc, "open");
	}
	rc = mdb_txn_commit(txn);	/* keeps the handles of the tables */
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "open");
}

/*
 * LMDB makes its lock file as a hole and writes to it through a map, where a
 * full disk is a SIGBUS.  So the room is taken before, for as long as the
 * file is there.  Closing it would let go of LMDB's locks on it, if this
 * process had any; it does not have the file open yet.
 */
static enum err
reserve_lock(const char *path, struct error *e)
{
	CLEANUP(cleanup_free) char *lock = xasprintf("%s-lock", path);
	CLEANUP(cleanup_close) int fd = open(lock,
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat st;
	off_t octets;
	int sys;

	if (fd < 0 || fstat(fd, &st) != 0)
		return dirs_error(e, errno, "open", lock);
	/* Its size says how many readers there may be: it stays. */
	octets = st.st_size > 0 ? st.st_size : LOCK_OCTETS;
	if (st.st_size > 0 && st.st_blocks * BLOCK_OCTETS >= octets)
		return ERR_OK;
	sys = posix_fallocate(fd, 0, octets);
	/* Where it cannot be done LMDB may still do well. */
	if (sys == 0 || sys == EOPNOTSUPP || sys == EINVAL)
		return ERR_OK;
	return dirs_error(e, sys, "open", lock);
}

static enum err
open_lmdb(struct env *env, struct env_file *file, const char *path,
    size_t map_octets, struct error *e)
{
	int fd, dead, rc = mdb_env_create(&file->lmdb);

	if (rc == 0)
		rc = mdb_env_set_maxdbs(file->lmdb, TABLES_MAX);
	if (rc == 0)
		rc = mdb_env_set_maxreaders(file->lmdb, READERS_MAX);
	if (rc == 0)
		rc = mdb_env_set_mapsize(file->lmdb, map_octets);
	if (rc == 0)
		rc = mdb_env_open(file->lmdb, path,
		    MDB_NOSUBDIR | MDB_NOTLS, 0600);
	if (rc == 0)
		rc = mdb_env_get_fd(file->lmdb, &fd);
	if (rc == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		rc = errno;
	/* Killed readers would keep old pages from being used again. */
	if (rc == 0)
		rc = mdb_reader_check(file->lmdb, &dead);
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "open");
}

void
env_free_handle(struct txn_handle *h)
{
	buf_fini(&h->scratch);
	for (int i = 0; i < TABLE_COUNT; i++)
		late_fini(&h->late[i]);
	contact_notes_free(h->contacts);
	free(h->tops);
	free(h);
}

void
env_drop_reader(struct txn_handle *h)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		if (h->cursors[i])
			mdb_cursor_close(h->cursors[i]);
	mdb_txn_abort(h->lmdb);
	env_free_handle(h);
}

void
env_file_close(struct env_file *file)
{
	if (!file)
		return;
	bug_on(file->inside != 0);
	while (file->spare) {
		struct txn_handle *h = file->spare;

		file->spare = h->next;
		env_drop_reader(h);
	}
	if (file->lmdb) {
		guard_remove(file->lmdb);
		mdb_env_close(file->lmdb);
	}
	free(file);
}

bool
env_file_has_moved(const struct env *env, const struct env_file *file)
{
	struct stat st;

	return stat(env->path, &st) != 0 || st.st_dev != file->device ||
	    st.st_ino != file->inode;
}

/* Its inode cannot be another file's for as long as it is open. */
static enum err
know_file(struct env *env, struct env_file *file, struct error *e)
{
	struct stat st;
	int fd, rc = mdb_env_get_fd(file->lmdb, &fd);

	if (rc == 0 && fstat(fd, &st) != 0)
		rc = errno;
	if (rc != 0)
		return env_error(env, e, rc, "open");
	file->device = st.st_dev;
	file->inode = st.st_ino;
	return ERR_OK;
}

/* Only the first file is ever made here; the others are made whole. */
static enum err
check_whole(const struct file_name *name, bool may_make, size_t *map_octets,
    struct error *e)
{
	enum whole what;
	enum err err = whole_check(name->path, &what, map_octets, e);

	if (err != ERR_OK || what == WHOLE_STORE)
		return err;
	if (!may_make || name->number > 0)
		return error_set(e, ERR_CORRUPT, "%s is gone or empty: restore "
		    "the mail store from a copy", name->path);
	if (what == WHOLE_UNFINISHED && truncate(name->path, 0) != 0)
		return error_sys(e, ERR_IO, errno, "cannot write %s",
		    name->path);
	return ERR_OK;
}

/* Without its tables: nothing is written before it is known for the one. */
static enum err
open_named(struct env *env, const struct file_name *name, bool may_make,
    struct env_file **out, struct error *e)
{
	struct env_file *file;
	size_t map_octets;
	enum err err = check_whole(name, may_make, &map_octets, e);

	if (err != ERR_OK)
		return err;
	if (map_octets < env->limits.map_octets)
		map_octets = env->limits.map_octets;
	file = xcalloc(1, sizeof *file);
	file->number = name->number;
	err = reserve_lock(name->path, e);
	if (err == ERR_OK)
		err = open_lmdb(env, file, name->path, map_octets, e);
	if (err == ERR_OK)
		err = know_file(env, file, e);
	if (err != ERR_OK) {
		env_file_close(file);
		return err;
	}
	*out = file;
	return ERR_OK;
}

/* False when another file has taken the place of the one of that name. */
static bool
is_current(const struct env *env, uint64_t number)
{
	CLEANUP(file_name_fini) struct file_name now = { 0 };

	return file_current(env->path, &now, NULL) == ERR_OK &&
	    now.number == number;
}

/*
 * Compaction gives a new number to each file.  The same number with another
 * file is somebody's doing, and LMDB must not open one lock file twice.
 */
static enum err
refuse_known(const struct env *env, const struct file_name *name,
    struct error *e)
{
	if (!env->file || env->file->number != name->number)
		return ERR_OK;
	return error_set(e, ERR_IO, "%s was taken away or replaced while it "
	    "was open; end surat and start it again", name->path);
}

static enum err
open_current(struct env *env, bool may_make, struct env_file **out,
    struct error *e)
{
	for (int i = 0; i < MOVES_MAX; i++) {
		CLEANUP(file_name_fini) struct file_name name = { 0 };
		struct env_file *file = NULL;
		enum err err = file_current(env->path, &name, e);

		if (err == ERR_OK)
			err = refuse_known(env, &name, e);
		if (err == ERR_OK)
			err = open_named(env, &name, may_make, &file, e);
		if (is_current(env, name.number)) {
			*out = file;
			return err;
		}
		env_file_close(file);
	}
	return error_set(e, ERR_AGAIN, "cannot open %s: it is being replaced "
	    "again and again", env->path);
}

static enum err
open_all_tables(struct env *env, struct env_file *file, bool may_make,
    struct error *e)
{
	bool is_new = false;
	enum err err = find_tables(env, file, &is_new, e);

	if (err != ERR_OK || !is_new)
		return err;
	if (!may_make || file->number > 0)
		return env_error(env, e, MDB_CORRUPTED, "open");
	return make_tables(env, file, e);
}

enum err
env_file_open(struct env *env, bool may_make, struct env_file **out,
    struct error *e)
{
	struct env_file *file = NULL;
	enum err err = open_current(env, may_make, &file, e);

	if (err == ERR_OK)
		err = open_all_tables(env, file, may_make, e);
	/* It may be written to before who replaced it could do this. */
	if (err == ERR_OK && env->file)
		err = file_sync_dir(env->path, e);
	if (err != ERR_OK) {
		env_file_close(file);
		return err;
	}
	guard_add(file->lmdb, env->path);
	*out = file;
	return ERR_OK;
}
