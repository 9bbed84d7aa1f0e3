/* SPDX-License-Identifier: MIT */
/* How well a name fits what was typed of it: for going to, and for filing. */
#pragma once

#include "base/span.h"

/* More than any fit. */
enum { NAME_FIT_LEVELS = 4 };

/*
 * 0: it is the label or the full name; 1: it begins the label; 2: it is in
 * one of them; 3: its letters come in this order in the full name; -1: not at
 * all.  Case (ASCII) does not matter.
 */
int name_fit(struct span label, struct span full_name, struct span word);
