/* SPDX-License-Identifier: MIT */
/*
 * Can a store live in this directory?  LMDB needs a shared memory map and
 * locks that hold, which network file systems do not give.  Private to
 * store/.
 */
#pragma once

#include "base/err.h"

/* ERR_CONFIG, with the kind of file system, when it cannot. */
enum err place_check(const char *dir, struct error *e);
