/* SPDX-License-Identifier: MIT */
/*
 * A directory with the files of a store that is made beside its place and
 * takes it in one step: whoever is killed leaves the old one there or the
 * new one.  Until it has its place it holds a file that says so; in its place
 * that file says nothing and goes.  Private to store/.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct stage {
	char *final, *part;	/* owned: its place, and where it is made */
	int lock;		/* of the directory; -1: none */
	int old;		/* the same of what is in its place */
	bool is_published;
};

/*
 * Makes FINAL + suffix, or empties what a killed program left there;
 * ERR_BUSY while another program is at it.  `final` is where a symbolic link
 * leads to.  stage_fini afterwards in any case.
 */
enum err stage_open(struct stage *s, const char *final, const char *suffix,
    struct error *e);
/* "part/name"; the caller frees. */
char *stage_path(const struct stage *s, const char *name);
/*
 * Locks what is in its place now, if anything, until stage_fini: when they
 * have changed places it has the name of one that is being made, and nobody
 * may begin to fill it while it is removed.  ERR_BUSY.
 */
enum err stage_hold_old(struct stage *s, struct error *e);
/*
 * Everything in it is durable: puts it into its place.  When something is
 * there that is not an empty directory they change places: *is_swapped.
 */
enum err stage_publish(struct stage *s, bool *is_swapped, struct error *e);
/* After they changed places: the old one, which is held, is of no more use. */
void stage_remove_old(const struct stage *s);
/* Removes what was made, unless it has its place; for CLEANUP. */
void stage_fini(struct stage *s);

/* A directory at path that was not being made: one that had its place. */
bool stage_was_published(const char *path);
/* Where a link leads to, without a slash at the end; the caller frees. */
char *stage_place(const char *path);
