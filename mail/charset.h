/* SPDX-License-Identifier: MIT */
/*
 * The pieces of charset conversion that the rest of mail/ needs beside
 * charset_to_utf8 (mail/header.h).
 */
#pragma once

#include "mail/header.h"

/* Appends one character; U+FFFD for what is none. */
void charset_put_char(struct buf *out, uint32_t c);
/* Appends text as UTF-8, every bad byte as U+FFFD. */
void charset_put_utf8(struct buf *out, struct span text);
/* Text of no stated charset: UTF-8 when it is, else windows-1252. */
void charset_put_guess(struct buf *out, struct span text);
/* The same as a copy in the arena. */
struct span charset_guess(struct span text, struct arena *arena);
