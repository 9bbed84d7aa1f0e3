/* SPDX-License-Identifier: MIT */
/*
 * A data file that is damaged while it is open, or where only the full look
 * would have seen it.  LMDB reads through a map and trusts it: a file cut
 * short is SIGBUS, a wrong offset SIGSEGV, a broken tree a failed assertion.
 * Here these end the program with a sentence and the code for bad data; all
 * other faults go to whoever handled them before.  Private to store/.
 *
 * Threads: all.
 */
#pragma once

#include <lmdb.h>

/*
 * After the tables are there, and again after each change of the map; no
 * transaction of this thread is open.  Keeps a copy of path.
 */
void guard_add(MDB_env *lmdb, const char *path);
/* Before it is closed; harmless when it was never added. */
void guard_remove(MDB_env *lmdb);

/*
 * Around each transaction, on its thread: within, a value that claims to
 * reach beyond the end of a map is known for what it is, and a fault
 * anywhere else ends the program with a sentence unless somebody handles it
 * (a writer copies damaged pages into memory).  path is borrowed until
 * guard_leave.
 */
void guard_enter(const char *path);
void guard_leave(void);
