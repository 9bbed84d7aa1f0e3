/* SPDX-License-Identifier: MIT */
/*
 * The one part of the store with state of the whole process: a signal
 * handler has no argument.  The handler reads what guard_add has published
 * and calls only what POSIX lets a handler call; the handlers that were
 * there before (a sanitizer's, a crash reporter's) are called for every
 * fault that is not on a map.  Where there was none, a fault within a
 * transaction is taken for damage as well, with less certainty.
 */
#include "store/guard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/bug.h"
#include "store/page.h"
#include "store/store.h"

enum { MAPS_MAX = 32, PATH_OCTETS = 1024 };

/* LMDB's largest value, and the page that it begins on. */
#define BEYOND_OCTETS (((uint64_t)1 << 32) + 65536)

struct map {
	MDB_env *lmdb;			/* NULL: free; under the lock */
	char path[PATH_OCTETS];		/* set before begin */
	_Atomic uintptr_t begin, end;	/* 0: none */
};

static struct {
	pthread_mutex_t lock;		/* of adding and removing */
	pthread_once_t once;
	struct map maps[MAPS_MAX];
	struct sigaction before_segv, before_bus, before_abrt;
	_Atomic(void (*)(void)) on_damage;
	atomic_flag is_ending;
} guard = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.once = PTHREAD_ONCE_INIT,
	.is_ending = ATOMIC_FLAG_INIT,
};

static _Thread_local volatile sig_atomic_t transactions;
static _Thread_local const char *volatile last_path;	/* borrowed */

void
guard_enter(const char *path)
{
	last_path = path;
	transactions = transactions + 1;
}

void
guard_leave(void)
{
	transactions = transactions - 1;
}

void
store_on_damage(void (*restore)(void))
{
	guard.on_damage = restore;
}

static void
say(const char *s)
{
	size_t n = strlen(s);

	while (n > 0) {
		ssize_t r = write(STDERR_FILENO, s, n);

		if (r <= 0)
			return;
		s += r;
		n -= (size_t)r;
	}
}

_Noreturn static void
end_program(const char *path, const char *what)
{
	void (*restore)(void) = guard.on_damage;

	/* Another thread is about to end the program. */
	while (atomic_flag_test_and_set(&guard.is_ending))
		pause();
	if (restore)
		restore();
	say("surat: the mail store ");
	say(path);
	say(what);
	say("; run: surat store check\n");
	_exit(EX_DATAERR);
}

static void
on_assertion(MDB_env *lmdb, const char *message)
{
	const char *path = "";

	(void)message;
	mdb_env_get_path(lmdb, &path);
	end_program(path, " is damaged");
}

static const struct map *
map_at(uintptr_t address)
{
	uint64_t beyond = transactions > 0 ? BEYOND_OCTETS : 0;

	for (size_t i = 0; i < MAPS_MAX; i++) {
		uintptr_t begin = guard.maps[i].begin;
		uintptr_t end = guard.maps[i].end;

		if (begin != 0 && address >= begin &&
		    (address < end || address - end < beyond))
			return &guard.maps[i];
	}
	return NULL;
}

static const struct sigaction *
before_of(int sig)
{
	if (sig == SIGABRT)
		return &guard.before_abrt;
	return sig == SIGBUS ? &guard.before_bus : &guard.before_segv;
}

static bool
is_handled(int sig)
{
	const struct sigaction *before = before_of(sig);

	return (before->sa_flags & SA_SIGINFO) ||
	    (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN);
}

static void
pass_on(int sig, siginfo_t *info, void *context)
{
	const struct sigaction *before = before_of(sig);

	if (before->sa_flags & SA_SIGINFO) {
		before->sa_sigaction(sig, info, context);
	} else if (is_handled(sig)) {
		before->sa_handler(sig);
	} else {
		/* A fault happens again on return, a sent signal does not. */
		signal(sig, SIG_DFL);
		if (info->si_code <= 0)
			raise(sig);
	}
}

static void
on_fault(int sig, siginfo_t *info, void *context)
{
	/* What was sent by kill has no address. */
	const struct map *map = info->si_code > 0
	    ? map_at((uintptr_t)info->si_addr) : NULL;

	if (map)
		end_program(map->path, " is damaged");
	/* A sanitizer or a debugger can say more. */
	if (info->si_code > 0 && transactions > 0 && !is_handled(sig))
		end_program(last_path, " is damaged, or surat has an error");
	pass_on(sig, info, context);
}

/* The C library has found its memory overwritten, as by a wrong page. */
static void
on_abort(int sig, siginfo_t *info, void *context)
{
	if (transactions > 0 && !is_handled(sig))
		end_program(last_path, " is damaged, or surat has an error");
	pass_on(sig, info, context);
}

static void
install(void)
{
	struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};

	sigemptyset(&action.sa_mask);
	bug_on(sigaction(SIGSEGV, &action, &guard.before_segv) != 0);
	bug_on(sigaction(SIGBUS, &action, &guard.before_bus) != 0);
	action.sa_sigaction = on_abort;
	bug_on(sigaction(SIGABRT, &action, &guard.before_abrt) != 0);
}

/*
 * LMDB does not tell where its map is, but a value does: it lies on a page
 * that bears its number.  The first value of the table of tables is small.
 */
static uintptr_t
page_of_value(MDB_txn *txn, size_t page_octets)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_dbi main;
	int rc = mdb_dbi_open(txn, NULL, 0, &main);

	if (rc == 0)
		rc = mdb_cursor_open(txn, main, &cursor);
	if (rc != 0)
		return 0;
	rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	mdb_cursor_close(cursor);
	return rc == 0 ? (uintptr_t)value.mv_data & ~(page_octets - 1) : 0;
}

static bool
find_map(MDB_env *lmdb, uintptr_t *begin, uintptr_t *end)
{
	MDB_envinfo info;
	MDB_stat stat;
	MDB_txn *txn;
	uintptr_t page;
	struct page_head head;

	if (mdb_env_info(lmdb, &info) != 0 || mdb_env_stat(lmdb, &stat) != 0 ||
	    mdb_txn_begin(lmdb, NULL, MDB_RDONLY, &txn) != 0)
		return false;
	page = page_of_value(txn, stat.ms_psize);
	if (page)
		memcpy(&head, (const void *)page, sizeof head);
	mdb_txn_abort(txn);
	if (!page || head.flags != PAGE_LEAF ||
	    head.number > info.me_last_pgno)
		return false;
	*begin = page - head.number * stat.ms_psize;
	*end = *begin + info.me_mapsize;
	return true;
}

/* The one of this environment, or a free one; NULL when there is none. */
static struct map *
place_for_locked(const MDB_env *lmdb)
{
	struct map *place = NULL;

	for (size_t i = 0; i < MAPS_MAX; i++) {
		if (guard.maps[i].lmdb == lmdb)
			return &guard.maps[i];
		if (!guard.maps[i].lmdb && !place)
			place = &guard.maps[i];
	}
	return place;
}

void
guard_add(MDB_env *lmdb, const char *path)
{
	uintptr_t begin, end;
	struct map *map;

	pthread_once(&guard.once, install);
	mdb_env_set_assert(lmdb, on_assertion);
	if (!find_map(lmdb, &begin, &end))
		return;
	pthread_mutex_lock(&guard.lock);
	map = place_for_locked(lmdb);
	if (map) {
		map->begin = 0;
		map->lmdb = lmdb;
		strncpy(map->path, path, sizeof map->path - 1);
		map->end = end;
		map->begin = begin;
	}
	pthread_mutex_unlock(&guard.lock);
}

void
guard_remove(MDB_env *lmdb)
{
	struct map *map;

	pthread_mutex_lock(&guard.lock);
	map = place_for_locked(lmdb);
	if (map && map->lmdb) {
		map->begin = 0;
		map->lmdb = NULL;
	}
	pthread_mutex_unlock(&guard.lock);
}
