/* SPDX-License-Identifier: MIT */
/*
 * Programs of the user's choice, started by argv and never by a shell: the
 * editor, the browser.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Splits a command into words as a shell would: blanks divide, '...' and
 * "..." hold together, a backslash takes the next sign as it is.  Nothing
 * else means anything.  *argv ends with NULL and has room for `more` words
 * before it.  ERR_CONFIG for an open quote and for no word at all.
 */
enum err editor_split(const char *command, size_t more, struct arena *arena,
    char ***argv, size_t *argc, struct error *e);

/*
 * What to start for a file: `configured`, else $VISUAL, $EDITOR, vi.  An
 * editor that obeys lines in the text that it is shown (modelines: vim
 * CVE-2019-12735) is told not to.
 */
enum err editor_command(const char *configured, const char *path,
    struct arena *arena, char ***argv, struct error *e);

/*
 * What to start for a link: $BROWSER (the first of a list divided by ":";
 * %s is the link), else xdg-open.  ERR_DATA when the link is none of http,
 * https: nothing else is ever opened.
 */
enum err browser_command(struct span url, struct arena *arena, char ***argv,
    struct error *e);
