/* SPDX-License-Identifier: MIT */
/*
 * libxml2 as a tokenizer: its SAX events drive html_flow, no tree is built.
 * (As a tree builder it stops at 256 open elements, which letters with
 * unclosed <font> reach.)  Before it sees the text, the text is made UTF-8
 * and tame: no NUL, at which it stops, and no tag with thousands of
 * attributes, for which libxml2 2.9.14 takes quadratic time.
 */
#include "mail/html.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/html_flow.h"

enum {
	ATTRIBUTES_MAX = 200,
	DECLARED_WITHIN = 2048,	/* octets in which a <meta> is looked for */
};

struct rendering {
	struct html_flow *flow;
	struct doc_writer *w;
	htmlParserCtxtPtr parser;
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Copies a tag, '<' to '>', up to ATTRIBUTES_MAX blanks between attributes;
 * returns its length in html.
 */
static size_t
put_tag(struct buf *out, struct span html)
{
	size_t i, attributes = 0, kept = 0;
	char quote = 0;

	for (i = 1; i < html.n; i++) {
		char c = html.p[i];

		if (quote) {
			quote = c == quote ? 0 : quote;
		} else if ((c == '"' || c == '\'') && html.p[i - 1] == '=') {
			quote = c;
		} else if (c == '>') {
			break;
		} else if (c == ' ' || c == '\n' || c == '\t' || c == '/' ||
		    c == '"' || c == '\'' || c == '\r' || c == '=') {
			attributes++;
		}
		if (attributes <= 2 * ATTRIBUTES_MAX)
			kept = i;
	}
	buf_put(out, (struct span){ html.p, kept + 1 });
	if (i < html.n)
		buf_putc(out, '>');
	return i < html.n ? i + 1 : i;
}

static void
tame(struct buf *out, struct span html)
{
	while (html.n) {
		size_t n = 0;

		while (n < html.n && html.p[n] && !(html.p[n] == '<' &&
		    n + 1 < html.n && is_letter(html.p[n + 1])))
			n++;
		buf_put(out, span_take(&html, n));
		if (html.n && html.p[0] == '<')
			span_take(&html, put_tag(out, html));
		else
			span_take(&html, 1);
	}
}

/* The charset that a <meta> or an XML declaration near the top names. */
static struct span
declared_charset(struct span html)
{
	struct span head = { html.p,
		html.n < DECLARED_WITHIN ? html.n : DECLARED_WITHIN };
	size_t at = span_ifind(head, SPAN_LIT("charset="));
	struct span name;

	if (at != SIZE_MAX)
		head = span_skip(head, at + 8);
	else if ((at = span_ifind(head, SPAN_LIT("encoding="))) != SIZE_MAX)
		head = span_skip(head, at + 9);
	else
		return (struct span){ 0 };
	while (head.n && (head.p[0] == '"' || head.p[0] == '\''))
		span_take(&head, 1);
	name = (struct span){ head.p, 0 };
	while (name.n < head.n && !strchr("\"'/> ;\t\r\n", head.p[name.n]))
		name.n++;
	return name;
}

static void
to_utf8(struct buf *out, struct span html)
{
	struct span charset = declared_charset(html);
	bool is_utf8 = text_is_utf8(html);

	/* ISO-2022 is ASCII to the eye, but for its escapes. */
	if (charset.n && (!is_utf8 || (span_chr(html, '\033') != SIZE_MAX &&
	    span_istarts(charset, SPAN_LIT("iso-2022")))))
		charset_to_utf8(out, charset, html);
	else
		charset_put_guess(out, html);
}

static void
on_open(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	struct rendering *r = ctx;

	if (html_flow_open(r->flow, (const char *)name,
	    (html_attributes)attributes))
		return;
	r->w->doc->is_truncated = true;
	xmlStopParser(r->parser);
}

static void
on_close(void *ctx, const xmlChar *name)
{
	struct rendering *r = ctx;

	(void)name;	/* libxml2 closes in order, also what authors forget */
	html_flow_close(r->flow);
}

static void
on_text(void *ctx, const xmlChar *text, int n)
{
	struct rendering *r = ctx;

	html_flow_text(r->flow, (struct span){ (const char *)text, (size_t)n });
	if (doc_writer_is_full(r->w))
		xmlStopParser(r->parser);
}

static void
parse(struct rendering *r, struct span html)
{
	htmlSAXHandler handler = {
		.startElement = on_open,
		.endElement = on_close,
		.characters = on_text,
		.ignorableWhitespace = on_text,
	};

	r->parser = htmlNewParserCtxt();
	if (!r->parser)
		abort();
	*r->parser->sax = handler;
	r->parser->userData = r;
	htmlCtxtReadMemory(r->parser, html.p, (int)html.n, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
	    HTML_PARSE_NOWARNING);
	if (r->parser->myDoc)
		xmlFreeDoc(r->parser->myDoc);
	htmlFreeParserCtxt(r->parser);
}

void
html_render_into(struct doc_writer *w, struct span html)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct rendering r = { .w = w };
	struct buf utf8 = { 0 }, tamed = { 0 };

	pthread_once(&once, xmlInitParser);
	if (html.n > DOC_INPUT_MAX) {
		html.n = DOC_INPUT_MAX;
		w->doc->is_truncated = true;
	}
	to_utf8(&utf8, html);
	/* Else text outside of any element would become paragraphs. */
	buf_puts(&tamed, "<body>");
	tame(&tamed, buf_span(&utf8));
	r.flow = html_flow_new(w);
	parse(&r, buf_span(&tamed));
	html_flow_end(r.flow);
	html_flow_free(r.flow);
	buf_fini(&utf8);
	buf_fini(&tamed);
}

void
html_render(struct span html, struct arena *arena, struct doc *out)
{
	struct doc_writer w;

	doc_writer_init(&w, arena, out);
	html_render_into(&w, html);
	doc_writer_fini(&w);
}
