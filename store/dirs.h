/* SPDX-License-Identifier: MIT */
/*
 * Directories that must be there after lost power, and locks in them.
 * Functions that give an int give errno, or 0.  Private to store/.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* What is named in it is durable. */
int dirs_sync(const char *dir);
int dirs_sync_parent(const char *path);
/* With its parents, as the XDG directories may be missing altogether. */
int dirs_make(const char *dir);
/* False as well when it cannot be read. */
bool dirs_is_empty(const char *dir);
/*
 * Makes each the other in one step, so that a name never lacks what it
 * names; ENOSYS or EINVAL where the system or its disk cannot.
 */
int dirs_swap(const char *a, const char *b);

/*
 * flock(operation) on a file that is made where it is missing; ERR_BUSY when
 * it is not to wait and somebody has it.  Let go by closing *fd.
 */
enum err dirs_lock(const char *path, int operation, int *fd, struct error *e);
/* "cannot DOING PATH: why"; a full disk is ERR_FULL. */
enum err dirs_error(struct error *e, int sys, const char *doing,
    const char *path);
