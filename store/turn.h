/* SPDX-License-Identifier: MIT */
/*
 * Writers take turns.  LMDB's write lock goes to whoever asks at the right
 * instant, so a process that writes in a loop would keep all others out.
 * Before it asks for that lock, a writer takes the turn; when it has the
 * lock, it gives the turn to the next one.  So one writer at a time waits for
 * LMDB, and whoever has just committed stands behind the others.
 *
 * Only for fairness: nothing is unsafe when a turn cannot be had.  A killed
 * process loses its turn with its descriptor.  Private to store/.
 *
 * Threads and processes: all.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

struct turn {
	pthread_mutex_t lock;	/* among the threads of this process */
	int fd;			/* owned; locked among processes */
};

/* Makes the file when it is not there. */
enum err turn_open(struct turn *turn, const char *path, struct error *e);
void turn_close(struct turn *turn);
/* Waits. */
void turn_take(struct turn *turn);
void turn_give(struct turn *turn);
/* For who has the lock: somebody has the turn, and so waits for the lock. */
bool turn_is_wanted(struct turn *turn);
