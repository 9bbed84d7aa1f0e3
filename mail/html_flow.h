/* SPDX-License-Identifier: MIT */
/*
 * HTML's flow of blocks and words as lines of a document: elements come in
 * as they open and close, text as it comes.  Knows nothing of parsing.
 */
#pragma once

#include "mail/doc_writer.h"

enum { HTML_DEPTH_MAX = 1000 };

/* Attributes as name, value pairs, ended by NULL; values may be NULL. */
typedef const char *const *html_attributes;

struct html_flow;	/* opaque */

struct html_flow *html_flow_new(struct doc_writer *w);
void html_flow_free(struct html_flow *f);

/* False when the nesting is over HTML_DEPTH_MAX: stop. */
bool html_flow_open(struct html_flow *f, const char *name,
    html_attributes attributes);
void html_flow_close(struct html_flow *f);
void html_flow_text(struct html_flow *f, struct span text);
/* Ends the last line. */
void html_flow_end(struct html_flow *f);
