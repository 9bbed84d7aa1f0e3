/* SPDX-License-Identifier: MIT */
/*
 * To the user's clipboard by OSC 52, which also works through ssh.  Only
 * base64 leaves here, so nothing in the text can reach the terminal as
 * itself.  Terminals without it ignore it.
 */
#include <stdio.h>

#include "base/cleanup.h"
#include "mail/base64.h"
#include "ui/term.h"

bool
term_copy(struct span text)
{
	CLEANUP(buf_fini) struct buf out = { 0 };

	if (text.n > TERM_COPY_MAX)
		return false;
	buf_puts(&out, "\033]52;c;");
	base64_encode(&out, text, false);
	buf_puts(&out, "\a");
	fwrite(out.p, 1, out.n, stdout);
	fflush(stdout);
	return true;
}
