/* SPDX-License-Identifier: MIT */
/*
 * A letter made readable: lines of UTF-8 with roles, not yet wrapped and
 * not yet cleaned for a terminal.  Who draws it wraps it to the width.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum doc_role {
	DOC_TEXT,
	DOC_QUOTE,	/* line.quote tells how deep */
	DOC_SIGNATURE,
	DOC_HEADING,
	DOC_STRONG,
	DOC_EMPHASIS,
	DOC_CODE,
	DOC_LINK,	/* run.link is its number in doc.links, from 0 */
	DOC_NOTE,	/* surat's own words: "[picture: map.png]" */
	DOC_RULE,	/* a horizontal line; no text */
};

struct doc_run {
	uint32_t start, end;	/* octets in the line's text */
	enum doc_role role;
	uint32_t link;
};

struct doc_line {
	struct span text;	/* one paragraph or one hard line */
	enum doc_role role;
	uint8_t quote;		/* depth of quoting; markers not in the text */
	uint8_t indent;		/* columns before the text, also when wrapped */
	bool is_fixed;		/* do not wrap at words: code, tables, diffs */
	struct doc_run *runs;
	size_t nruns;
};

struct doc_link {
	struct span url;	/* absolute; only http, https, mailto */
	bool is_deceptive;	/* its text names another host */
};

struct doc {
	struct doc_line *lines;
	size_t nlines;
	struct doc_link *links;
	size_t nlinks;
	bool is_truncated;	/* over the limits; the rest is not shown */
};

/* Limits of one rendering. */
enum { DOC_LINES_MAX = 100000, DOC_LINKS_MAX = 10000 };
#define DOC_INPUT_MAX ((size_t)4 << 20)	/* octets of text or HTML looked at */
