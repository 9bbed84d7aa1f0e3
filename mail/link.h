/* SPDX-License-Identifier: MIT */
/* Addresses of the web in text: finding them, and seeing through disguises. */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum { LINK_OCTETS_MAX = 8192 };

/*
 * Finds the first http, https or mailto URL in text: *before is what stands
 * before it, *url the URL without punctuation that belongs to the sentence;
 * text is advanced behind it.  False when there is none.
 */
bool link_find(struct span *text, struct span *before, struct span *url);
/*
 * An href as a URL to keep: blanks and control bytes out, only http, https
 * and mailto with something behind them; else the empty span.
 */
struct span link_accept(struct span href, struct arena *arena);
/* True when the text shown for url names another host than url goes to. */
bool link_is_deceptive(struct span text, struct span url);
