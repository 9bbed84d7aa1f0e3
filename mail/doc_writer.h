/* SPDX-License-Identifier: MIT */
/*
 * Builds a struct doc line by line; text, runs and links go to the arena
 * when a line is ended.  Over the limits of doc.h it sets is_truncated and
 * takes nothing more.
 */
#pragma once

#include "base/buf.h"
#include "mail/doc.h"

#define DOC_NO_LINK UINT32_MAX

struct doc_writer {
	struct doc *doc;	/* borrowed */
	struct arena *arena;	/* borrowed */
	struct buf text;	/* of the open line */
	struct doc_run *runs;	/* owned; of the open line */
	size_t nruns, runs_size;
	size_t lines_size, links_size;
};

/* Empties *out and writes there. */
void doc_writer_init(struct doc_writer *w, struct arena *arena,
    struct doc *out);
void doc_writer_fini(struct doc_writer *w);

/* Text of the open line; DOC_TEXT makes no run. */
void doc_writer_put(struct doc_writer *w, struct span text,
    enum doc_role role, uint32_t link);
/* The same with tabs as spaces: who draws knows no tab stops. */
void doc_writer_put_tabs(struct doc_writer *w, struct span text,
    enum doc_role role, uint32_t link);
/* The number of a new link, DOC_NO_LINK when there are too many. */
uint32_t doc_writer_link(struct doc_writer *w, struct span url,
    bool is_deceptive);
/*
 * Ends the open line.  role, quote, indent and is_fixed are taken from
 * `like`; the rest of it is not looked at.
 */
void doc_writer_end_line(struct doc_writer *w, struct doc_line like);
/* A line that is an empty one of that quoting, unless the last is one. */
void doc_writer_gap(struct doc_writer *w, uint8_t quote);
/* No further line will be taken. */
static inline bool
doc_writer_is_full(const struct doc_writer *w)
{
	return w->doc->nlines == DOC_LINES_MAX;
}
/* A line of surat's own words. */
void doc_writer_note(struct doc_writer *w, const char *text);
