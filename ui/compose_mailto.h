/* SPDX-License-Identifier: MIT */
/*
 * mailto: links (RFC 6068) as letters to be written.  A link comes from a
 * stranger: it may fill in To, Cc, Subject, Body and In-Reply-To, nothing
 * else ever (no attachment, no Bcc, no From), and sends nothing by itself.
 */
#pragma once

#include "base/arena.h"
#include "mail/compose.h"

struct ui;

enum { MAILTO_MAX = 64 * 1024 };	/* octets of a link looked at */

/* ERR_DATA for what is no mailto: link, or hides a line end in a field. */
enum err mailto_parse(struct span url, struct arena *arena,
    struct draft *out, struct error *e);
/* A letter that begins with this draft (its From is ours).  compose.c */
void compose_begin(struct ui *ui, uint32_t account,
    const struct draft *draft);
/* Editor and review for such a link.  compose.c */
void compose_mailto(struct ui *ui, struct span url, uint32_t account);
