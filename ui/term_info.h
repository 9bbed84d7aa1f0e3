/* SPDX-License-Identifier: MIT */
/*
 * What the terminfo database says.  Apart from term.c because <term.h> has
 * a struct of the same name.  Private to term*.c.
 */
#pragma once

#include "base/err.h"

/*
 * ERR_CONFIG, with what to do, where curses would end the program: no
 * terminal, an unknown one, one that cannot place its cursor.
 */
enum err term_info_check(struct error *e);
/* A string capability of the terminal in use; NULL when it has none. */
const char *term_info_string(const char *name);
/* Both write to standard output's buffer. */
void term_info_move(int y, int x);
void term_info_put(const char *capability);
