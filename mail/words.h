/* SPDX-License-Identifier: MIT */
/* Pieces of RFC 2047 decoding that addresses and parameters use, too. */
#pragma once

#include "mail/header.h"

/* Appends text with every escape ('=' or '%') and two digits decoded. */
void words_put_unescaped(struct buf *out, struct span text, char escape);
/* A copy on one line: no NUL, at most ENVELOPE_TEXT_MAX octets. */
struct span words_tidy(struct span text, struct arena *arena);
