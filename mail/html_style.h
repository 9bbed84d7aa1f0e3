/* SPDX-License-Identifier: MIT */
/* What the elements of HTML mean for a reader of plain text. */
#pragma once

#include "mail/html_flow.h"

enum html_kind {
	HTML_INLINE,	/* everything not named here */
	HTML_ANCHOR, HTML_BLOCK, HTML_BREAK, HTML_CELL, HTML_CODE,
	HTML_DEFINITION, HTML_DROPPED, HTML_EMPHASIS, HTML_HEAD_CELL,
	HTML_HEADING, HTML_IMAGE, HTML_ITEM, HTML_LIST, HTML_NUMBERED,
	HTML_PARAGRAPH, HTML_PRE, HTML_QUOTE, HTML_RULE, HTML_STRONG,
};

enum html_kind html_kind_of(const char *name);
/* The attribute's value, "" when it has none, NULL when it is absent. */
const char *html_attribute(html_attributes attributes, const char *name);
/* Whether the attributes keep the element from being seen. */
bool html_is_hidden(html_attributes attributes);
/* A picture of at most 2 pixels: a spacer or a spy. */
bool html_is_pixel(html_attributes attributes);
