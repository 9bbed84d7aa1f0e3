/* SPDX-License-Identifier: MIT */
#include "ui/term_info.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

static enum err
check_entry(const char *name, struct error *e)
{
	int status;

	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return error_set(e, ERR_CONFIG, status == -1 ?
		    "there is no terminfo database here (TERM=%.40s)" :
		    "the terminal \"%.40s\" is unknown here; "
		    "try TERM=xterm-256color", name);
	if (term_info_string("cup"))
		return ERR_OK;
	return error_set(e, ERR_CONFIG, "the terminal \"%.40s\" cannot place "
	    "its cursor; try TERM=xterm-256color", name);
}

enum err
term_info_check(struct error *e)
{
	const char *name = getenv("TERM");
	enum err err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(e, ERR_CONFIG, "the reader needs a terminal "
		    "for input and output; scripts have surat list, show and "
		    "send");
	if (!name || !*name)
		return error_set(e, ERR_CONFIG, "TERM is not set, so the "
		    "terminal is unknown; try TERM=xterm-256color");
	err = check_entry(name, e);
	if (cur_term)
		del_curterm(cur_term);
	return err;
}

const char *
term_info_string(const char *name)
{
	const char *value = tigetstr(name);

	return value == (const char *)-1 ? NULL : value;
}

void
term_info_move(int y, int x)
{
	tputs(tiparm(cursor_address, y, x), 1, putchar);
}

void
term_info_put(const char *capability)
{
	if (capability)
		tputs(capability, 1, putchar);
}
