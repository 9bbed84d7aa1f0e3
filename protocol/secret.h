/* SPDX-License-Identifier: MIT */
/*
 * Bytes that must not be found in memory later: passwords, and the lines
 * that carry them.  What is overwritten here is every copy that we make;
 * copies inside libraries are theirs.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* Overwrites everything that *b ever held and empties it. */
void secret_wipe(struct buf *b);
/* The same, and frees it; also for CLEANUP(secret_fini). */
void secret_fini(struct buf *b);
/* Appends without leaving an old copy behind when the buffer grows. */
void secret_put(struct buf *b, struct span s);
/* Overwrites and frees a NUL-terminated string; NULL is fine. */
void secret_free(char *s);
