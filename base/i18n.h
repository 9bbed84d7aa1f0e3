/* SPDX-License-Identifier: MIT */
/*
 * Words for people, in English here and translated from po/.  Machine
 * words (JSON, the command line, the log) are never translated.
 */
#pragma once

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)	/* marks a string in a table; translate when shown */
/* One form for n == 1 and one for the rest, by the language's own rule. */
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))
