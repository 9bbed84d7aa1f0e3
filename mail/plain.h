/* SPDX-License-Identifier: MIT */
/* Plain text as a document: quoting, signature, links, format=flowed. */
#pragma once

#include "mail/doc_writer.h"

struct plain_format {
	bool is_flowed;		/* RFC 3676 */
	bool drops_space;	/* its DelSp=yes */
	bool is_fixed;		/* a patch or program text: every line as it is */
};

/* Appends the lines of text (UTF-8, LF or CRLF). */
void plain_render(struct doc_writer *w, struct span text,
    struct plain_format format);
