/* SPDX-License-Identifier: MIT */
/* Tables of elements, and the few style rules that hide text. */
#include "mail/html_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

struct element {
	char name[12];
	enum html_kind kind;
};

static const struct element kinds[] = {	/* by name, for bsearch */
	{ "a", HTML_ANCHOR },
	{ "address", HTML_BLOCK },
	{ "applet", HTML_DROPPED },
	{ "article", HTML_BLOCK },
	{ "aside", HTML_BLOCK },
	{ "audio", HTML_DROPPED },
	{ "b", HTML_STRONG },
	{ "blockquote", HTML_QUOTE },
	{ "br", HTML_BREAK },
	{ "canvas", HTML_DROPPED },
	{ "caption", HTML_BLOCK },
	{ "center", HTML_BLOCK },
	{ "cite", HTML_EMPHASIS },
	{ "code", HTML_CODE },
	{ "dd", HTML_DEFINITION },
	{ "dir", HTML_LIST },
	{ "div", HTML_BLOCK },
	{ "dl", HTML_PARAGRAPH },
	{ "dt", HTML_BLOCK },
	{ "em", HTML_EMPHASIS },
	{ "fieldset", HTML_BLOCK },
	{ "figcaption", HTML_BLOCK },
	{ "figure", HTML_BLOCK },
	{ "footer", HTML_BLOCK },
	{ "form", HTML_BLOCK },
	{ "frameset", HTML_DROPPED },
	{ "h1", HTML_HEADING },
	{ "h2", HTML_HEADING },
	{ "h3", HTML_HEADING },
	{ "h4", HTML_HEADING },
	{ "h5", HTML_HEADING },
	{ "h6", HTML_HEADING },
	{ "head", HTML_DROPPED },
	{ "header", HTML_BLOCK },
	{ "hr", HTML_RULE },
	{ "i", HTML_EMPHASIS },
	{ "iframe", HTML_DROPPED },
	{ "img", HTML_IMAGE },
	{ "input", HTML_DROPPED },
	{ "kbd", HTML_CODE },
	{ "legend", HTML_BLOCK },
	{ "li", HTML_ITEM },
	{ "main", HTML_BLOCK },
	{ "menu", HTML_LIST },
	{ "nav", HTML_BLOCK },
	{ "object", HTML_DROPPED },
	{ "ol", HTML_NUMBERED },
	{ "p", HTML_PARAGRAPH },
	{ "pre", HTML_PRE },
	{ "samp", HTML_CODE },
	{ "script", HTML_DROPPED },
	{ "section", HTML_BLOCK },
	{ "select", HTML_DROPPED },
	{ "strong", HTML_STRONG },
	{ "style", HTML_DROPPED },
	{ "svg", HTML_DROPPED },
	{ "table", HTML_PARAGRAPH },
	{ "td", HTML_CELL },
	{ "template", HTML_DROPPED },
	{ "textarea", HTML_DROPPED },
	{ "th", HTML_HEAD_CELL },
	{ "title", HTML_DROPPED },
	{ "tr", HTML_BLOCK },
	{ "tt", HTML_CODE },
	{ "ul", HTML_LIST },
	{ "video", HTML_DROPPED },
};

static int
by_name(const void *key, const void *entry)
{
	const struct element *k = entry;

	return strcmp(key, k->name);
}

enum html_kind
html_kind_of(const char *name)
{
	const struct element *k = bsearch(name, kinds, ARRAY_LEN(kinds),
	    sizeof *kinds, by_name);

	return k ? k->kind : HTML_INLINE;
}

const char *
html_attribute(html_attributes attributes, const char *name)
{
	for (size_t i = 0; attributes && attributes[i]; i += 2)
		if (strcmp(attributes[i], name) == 0)
			return attributes[i + 1] ? attributes[i + 1] : "";
	return NULL;
}

/* A length or number that is nothing: "0", "0px", "0.0", but not "0.8em". */
static bool
is_zero(struct span value)
{
	size_t i = 0;

	while (i < value.n && (value.p[i] == '0' || value.p[i] == '.'))
		i++;
	return i && (i == value.n || value.p[i] < '1' || value.p[i] > '9');
}

static bool
rule_hides(struct span property, struct span value)
{
	size_t bang = span_chr(value, '!');	/* !important */

	if (bang != SIZE_MAX)
		value = span_trim((struct span){ value.p, bang });
	if (span_ieq(property, SPAN_LIT("display")))
		return span_ieq(value, SPAN_LIT("none"));
	if (span_ieq(property, SPAN_LIT("visibility")))
		return span_ieq(value, SPAN_LIT("hidden"));
	if (span_ieq(property, SPAN_LIT("mso-hide")))
		return span_ieq(value, SPAN_LIT("all"));
	if (span_ieq(property, SPAN_LIT("font-size")) ||
	    span_ieq(property, SPAN_LIT("opacity")))
		return is_zero(value);
	return false;
}

bool
html_is_hidden(html_attributes attributes)
{
	struct span style = span_of(html_attribute(attributes, "style")), rule;

	if (html_attribute(attributes, "hidden"))
		return true;
	while (span_split(&style, ';', &rule)) {
		size_t colon = span_chr(rule, ':');

		if (colon != SIZE_MAX &&
		    rule_hides(span_trim((struct span){ rule.p, colon }),
		    span_trim(span_skip(rule, colon + 1))))
			return true;
	}
	return false;
}

static bool
is_tiny(const char *length)
{
	return length && length[0] >= '0' && length[0] <= '2' &&
	    (length[1] < '0' || length[1] > '9') && length[1] != '%';
}

bool
html_is_pixel(html_attributes attributes)
{
	return is_tiny(html_attribute(attributes, "width")) ||
	    is_tiny(html_attribute(attributes, "height"));
}
