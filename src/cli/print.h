/* SPDX-License-Identifier: MIT */
/* Lines for people on standard output: every text cleaned, columns aligned. */
#pragma once

#include <stdio.h>

#include "base/span.h"

/* Text made harmless; at most cols columns, padded to them when pad is set.
   cols 0: all of it. */
void print_text(FILE *out, struct span text, int cols, bool pad);
/* Local time, "2026-11-22 09:41". */
void print_date(FILE *out, int64_t when);
/* Columns of the terminal on standard output; 0 when it is none. */
int print_columns(void);
