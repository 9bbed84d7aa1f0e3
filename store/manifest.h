/* SPDX-License-Identifier: MIT */
/*
 * The file that makes a directory a backup: what it is, when and from which
 * schema, and the size and SHA-256 of each file.  Text, a line a fact, for
 * people and for sha256sum; "end" comes last.  Private to store/.
 */
#pragma once

#include "store/copy.h"
#include "store/schema.h"

#define MANIFEST_NAME "surat-backup"

struct manifest {
	uint32_t schema;
	int64_t made;		/* for people; not read back */
	struct copied files[ENV_COUNT];
};

/* The names of the files in a backup, and in a store that was restored. */
extern const char *const manifest_files[ENV_COUNT];

/* Writes it into dir, durable. */
enum err manifest_write(const char *dir, const struct manifest *m,
    struct error *e);
/*
 * Reads it, and compares the sizes with what is there.  ERR_NOTFOUND when
 * dir is no backup, ERR_CORRUPT when it is not all there, ERR_VERSION when
 * a newer program wrote it.
 */
enum err manifest_read(const char *dir, struct manifest *m, struct error *e);
