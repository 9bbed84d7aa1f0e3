/* SPDX-License-Identifier: MIT */
/* What compose_build and compose_adopt share. */
#pragma once

#include "mail/compose.h"

/* Adds to the envelope those who are not in it; copies into the arena. */
void recipients_add(struct built *out, struct addresses people,
    struct arena *arena);
/* A new Message-ID, without < >. */
struct span compose_message_id(const struct address *from,
    struct arena *arena);
