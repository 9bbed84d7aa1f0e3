/* SPDX-License-Identifier: MIT */
/* Quoted-printable's header cousin, shared by reading and its tests. */
#pragma once

#include "mail/header.h"

/* Percent or "=" escapes: appends text with every ESC HEX HEX decoded. */
void words_put_unescaped(struct buf *out, struct span text, char escape);
/* Text for the arena: no NUL, line ends and tabs as spaces, cut to its limit. */
struct span words_tidy(struct span text, struct arena *arena);
