/* SPDX-License-Identifier: MIT */
/*
 * One LMDB environment, opened once a process, and who is inside it.  The
 * memory map is a cap that grows on demand; it can only be changed while no
 * transaction of this process is open, so each one is counted in and out
 * here.  Only env*.c, txn.c and those that work on whole files (compact.c,
 * backup.c, check_pages.c, guard.c) know LMDB.  Private to store/.
 *
 * Compaction, of any process, puts another file in the place of the open
 * one (store/file.h).  Each transaction begins by looking whether that has
 * happened and moves on to the new file; those that have begun go on in the
 * old one, which is closed behind the last of them.  A writer looks again
 * when it has LMDB's lock, under which alone a file is replaced: nothing is
 * ever written to an old one.
 *
 * Default durability, nothing else: a commit that returned survives a
 * killed process and lost power.  SECURITY: no MDB_NOSYNC, no MDB_WRITEMAP,
 * no MDB_DUPSORT anywhere.
 *
 * Threads: all; the lock is held for a moment, never over disk work other
 * than changing the map and opening a file that has taken another's place.
 */
#pragma once

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "base/buf.h"
#include "store/change.h"
#include "store/counts.h"
#include "store/late.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/turn.h"

/* How much at a time.  Tests make everything small. */
struct env_limits {
	size_t map_octets;	/* at first */
	size_t room_octets;	/* kept free when a write begins */
	int64_t wait_ms;	/* for readers, when the map must grow */
	size_t records_max;	/* in one commit of a draft; 0: the usual */
};

extern const struct env_limits env_limits_usual;

enum { ENV_SPARE_READERS = 4, CHANGES_HELD = 64, COUNTS_HELD = 8 };

/* The counts of a folder that a writer works on; counts.c. */
struct counts_held {
	uint32_t folder;	/* 0: none */
	bool is_new;		/* differs from what is stored */
	struct counts counts;
};

/* What the bodies of an account take, which a writer works on; usage.c. */
struct usage_held {
	uint32_t account;	/* 0: none */
	bool is_new;
	uint64_t octets;
};

struct contact_notes;	/* contact_note.c */
struct thread_tops;	/* thread_top.c */

/* UIDs of a folder that were added one after the other; uid_ranges.c. */
struct uid_run {
	uint32_t folder;	/* 0: none */
	uint32_t first, last;
};

/* A data file, open. */
struct env_file {
	MDB_env *lmdb;			/* owned */
	MDB_dbi tables[TABLE_COUNT];	/* those of this environment */
	uint64_t number;		/* store/file.h */
	dev_t device;
	ino_t inode;
	uint32_t schema;	/* of what is in it; 0: it is a draft */

	/* Under the lock of the environment. */
	size_t inside;			/* transactions that are open */
	struct txn_handle *spare;	/* owned: reset readers, for reuse */
	size_t nspare;
};

/* The step that acts are noted in; undo.c. */
struct undo_open {
	bool is_noting;
	uint64_t step;		/* 0: nothing was noted yet */
	int64_t now;
};

/* What a transaction has besides LMDB's; store_txn.handle. */
struct txn_handle {
	struct env *env;	/* borrowed: the store's */
	struct env_file *file;	/* borrowed: the environment's */
	MDB_txn *lmdb;		/* owned */
	bool is_write;
	uint64_t resized;	/* env.resized when it began */
	int64_t began_ns;	/* writers: when they got the lock */
	unsigned looks;		/* for others who wait */
	size_t nwrites;		/* entries put and taken off since then */
	MDB_cursor *cursors[TABLE_COUNT];	/* owned; opened on first use */
	bool is_placed[TABLE_COUNT];	/* a reader's cursor was renewed */
	struct txn_handle *next;	/* among the spare ones */
	struct buf scratch;	/* the record being written */

	/* Writers: counters and changes, put at commit. */
	uint64_t counters[COUNTER_COUNT];
	bool is_counter_known[COUNTER_COUNT], is_counter_new[COUNTER_COUNT];
	struct change changes[CHANGES_HELD];
	size_t nchanges;
	/* Writers: what is put at commit, or before it is looked at. */
	struct late late[TABLE_COUNT];
	struct counts_held counts[COUNTS_HELD];
	struct uid_run uids;
	struct usage_held usage;
	struct contact_notes *contacts;	/* owned; NULL: none */
	struct thread_tops *tops;	/* owned; NULL: none */
	struct undo_open undo;
};

struct env {
	enum env_kind kind;
	bool is_draft;
	char *path;			/* owned; a file or a link to it */
	struct env_limits limits;
	pid_t pid;			/* LMDB is not to be used over a fork */
	atomic_bool was_full;		/* grow before the next write */
	atomic_bool is_given_up;	/* by LMDB; see reopen_locked */
	_Atomic int64_t sync_ns;	/* of a commit, with next to nothing */
	_Atomic int64_t commit_ns;	/* ... and for each entry beyond that */
	struct turn turn;		/* of those who want to write */
	_Atomic int64_t expects_ns;	/* until then writes are kept short */

	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t left;		/* a transaction has ended */
	struct env_file *file;		/* owned: the one to begin on; NULL
					   when it could not be reopened */
	size_t nold;			/* others, with transactions open */
	uint64_t resized;		/* how often map or file was changed */
	int64_t swept_ms;		/* when killed readers were looked for */
};

/*
 * Opens or creates; tables and schema are there afterwards.  An older schema
 * is for the caller to see: of its tables only those that it has can be
 * read, and nothing written.  One process at a time: the caller holds a
 * lock.
 */
enum err env_open(const char *path, enum env_kind kind,
    const struct env_limits *limits, struct env **out, struct error *e);
/*
 * The same for an environment that is being made from another one
 * (store/rebuild.h): it has all tables, and no schema before env_seal, so
 * nobody takes it for a store.
 */
enum err env_open_draft(const char *path, enum env_kind kind,
    const struct env_limits *limits, struct env **out, struct error *e);
/* Within the last transaction on a draft.  A code of LMDB's. */
int env_seal(struct txn_handle *h);
void env_close(struct env *env);

/* Waits for the write lock of all processes when is_write. */
enum err env_begin(struct env *env, bool is_write, struct txn_handle **out,
    struct error *e);
/*
 * A write that will have kept others waiting for STORE_WRITE_MS once it is
 * committed, as far as the last commits tell; or, while nobody waits or is
 * expected, one that will have taken STORE_QUIET_MS.
 */
bool env_is_long(struct txn_handle *h);
/* store_expect_writes. */
void env_expect_writes(struct env *env);
/* Commits and frees the handle, also on failure. */
enum err env_commit(struct txn_handle *h, struct error *e);
/* Undoes a write, keeps a reader for reuse. */
void env_end(struct txn_handle *h);

/* Of the file and of its last transaction; grows with both. */
uint64_t env_generation(struct env *env);

/*
 * The file that is at the path now, with its tables, whole and of a schema
 * that is known.  may_make: a missing one is made; one process at a time
 * then.
 */
enum err env_file_open(struct env *env, bool may_make, struct env_file **out,
    struct error *e);
void env_file_close(struct env_file *file);
/* Another file has taken its place (or none can be found). */
bool env_file_has_moved(const struct env *env, const struct env_file *file);
/* A reset reader, for good. */
void env_drop_reader(struct txn_handle *h);
void env_free_handle(struct txn_handle *h);

/*
 * Fills *e with what an LMDB code means to the caller; `doing` ends the
 * phrase "cannot ...".
 */
enum err env_error(struct env *env, struct error *e, int code,
    const char *doing);

struct store {
	char *dir;			/* owned */
	int in_use;			/* owned; store/lock.h */
	struct env *envs[ENV_COUNT];	/* owned */
};

/* store_open with other limits. */
enum err store_open_limited(const char *dir, const struct env_limits *limits,
    struct store **out, struct error *e);
/* store_open_progress for who has the directory locked already, by `held`. */
enum err store_open_held(const char *dir, int held,
    const struct store_progress *progress, struct store **out,
    struct error *e);
