/* SPDX-License-Identifier: MIT */
/*
 * The renderer.  Each open element is a frame that inherits from the one
 * around it, so closing is popping.  Blank lines, spaces, list markers and
 * the bars between cells are wishes: they are written when the next word
 * comes, which is why layout tables, whose cells hold blocks, turn into
 * plain lines while the cells of a data row stay on one.
 */
#include "mail/html_flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/xalloc.h"
#include "mail/html_style.h"
#include "mail/link.h"

enum { INDENT_STEP = 2, INDENT_MAX = 40, LINK_TEXT_MAX = 2048 };

struct frame {
	enum html_kind kind;
	enum doc_role role;	/* of text that is no link */
	uint8_t quote, indent;
	bool is_hidden, is_pre, is_link;
	unsigned long number;	/* of the next item of an <ol>, else 0 */
};

struct html_flow {
	struct doc_writer *w;	/* borrowed */
	struct frame *frames;	/* owned; [0] is the body of all */
	size_t depth, size;
	struct doc_line like;	/* of the open line */
	struct span href;	/* of the open <a>, in the arena */
	uint32_t link;		/* its number, once it has text */
	struct buf link_text;
	char marker[24];	/* of the item that has no text yet */
	bool wants_gap, wants_space, wants_bar;
};

static struct frame *
top(const struct html_flow *f)
{
	return &f->frames[f->depth];
}

struct html_flow *
html_flow_new(struct doc_writer *w)
{
	struct html_flow *f = xcalloc(1, sizeof *f);

	f->w = w;
	f->size = 64;
	f->frames = xcalloc(f->size, sizeof *f->frames);
	f->link_text.max = LINK_TEXT_MAX;
	f->link = DOC_NO_LINK;
	return f;
}

void
html_flow_free(struct html_flow *f)
{
	if (!f)
		return;
	buf_fini(&f->link_text);
	free(f->frames);
	free(f);
}

static void
end_line(struct html_flow *f)
{
	if (f->w->text.n)
		doc_writer_end_line(f->w, f->like);
	f->wants_space = f->wants_bar = false;
}

/* A new block; is_apart asks for an empty line before it. */
static void
break_block(struct html_flow *f, bool is_apart)
{
	end_line(f);
	f->wants_gap = f->wants_gap || is_apart;
}

/* Makes the line ready for a word. */
static void
begin_word(struct html_flow *f)
{
	const struct frame *t = top(f);

	if (f->w->text.n == 0) {
		if (f->wants_gap)
			doc_writer_gap(f->w, t->quote);
		f->wants_gap = false;
		f->like = (struct doc_line){
			.role = t->role == DOC_HEADING ? DOC_HEADING :
			    t->quote ? DOC_QUOTE : DOC_TEXT,
			.quote = t->quote,
			.indent = t->indent,
			.is_fixed = t->is_pre,
		};
		if (f->marker[0] && f->like.indent >= INDENT_STEP)
			f->like.indent -= INDENT_STEP;
		doc_writer_put(f->w, span_of(f->marker), DOC_TEXT, DOC_NO_LINK);
		f->marker[0] = '\0';
	} else if (f->wants_bar) {
		doc_writer_put(f->w, SPAN_LIT(" | "), DOC_TEXT, DOC_NO_LINK);
	} else if (f->wants_space) {
		doc_writer_put(f->w, SPAN_LIT(" "),
		    t->is_link && f->link != DOC_NO_LINK ? DOC_LINK : t->role,
		    f->link);
	}
	f->wants_space = f->wants_bar = false;
}

static void
put_word(struct html_flow *f, struct span word, enum doc_role role)
{
	begin_word(f);
	if (!top(f)->is_link || f->href.n == 0) {
		doc_writer_put_tabs(f->w, word, role, DOC_NO_LINK);
		return;
	}
	if (f->link == DOC_NO_LINK)
		f->link = doc_writer_link(f->w, f->href, false);
	buf_put(&f->link_text, word);
	doc_writer_put_tabs(f->w, word,
	    f->link == DOC_NO_LINK || role == DOC_NOTE ? role : DOC_LINK,
	    f->link);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
put_pre(struct html_flow *f, struct span text)
{
	while (text.n) {
		size_t at = span_chr(text, '\n');
		struct span line = span_take(&text,
		    at == SIZE_MAX ? text.n : at);

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n)
			put_word(f, line, top(f)->role);
		if (at == SIZE_MAX)
			return;
		span_take(&text, 1);
		if (f->w->text.n)
			end_line(f);
		else
			f->wants_gap = true;
	}
}

void
html_flow_text(struct html_flow *f, struct span text)
{
	const struct frame *t = top(f);

	if (t->is_hidden)
		return;
	if (t->is_pre) {
		put_pre(f, text);
		return;
	}
	while (text.n) {
		size_t n = 0;

		while (n < text.n && !is_blank(text.p[n]))
			n++;
		if (n)
			put_word(f, span_take(&text, n), t->role);
		if (text.n == 0)
			return;
		if (f->w->text.n && !f->wants_space) {
			f->wants_space = true;
			if (t->is_link)
				buf_putc(&f->link_text, ' ');
		}
		while (text.n && is_blank(text.p[0]))
			span_take(&text, 1);
	}
}

static void
open_link(struct html_flow *f, html_attributes attributes)
{
	f->href = link_accept(span_of(html_attribute(attributes, "href")),
	    f->w->arena);
	f->link = DOC_NO_LINK;
	buf_reset(&f->link_text);
	top(f)->is_link = true;
}

/* The link's number behind its text; only now is it known what that says. */
static void
close_link(struct html_flow *f)
{
	char number[24];

	if (f->link != DOC_NO_LINK) {
		struct doc_link *link = &f->w->doc->links[f->link];
		bool wants_space = f->wants_space;

		link->is_deceptive = link_is_deceptive(
		    buf_span(&f->link_text), link->url);
		snprintf(number, sizeof number, "[%lu]",
		    (unsigned long)f->link + 1);
		f->wants_space = false;
		begin_word(f);
		doc_writer_put(f->w, span_of(number), DOC_LINK, f->link);
		f->wants_space = wants_space;
	}
	f->link = DOC_NO_LINK;
	f->href = (struct span){ 0 };
}

static void
put_image(struct html_flow *f, html_attributes attributes)
{
	const char *alt = html_attribute(attributes, "alt");
	struct span text = span_trim(span_of(alt));
	struct buf note = { .max = 1024 };

	if (html_is_pixel(attributes) || (alt && text.n == 0))
		return;
	if (text.n == 0) {
		buf_puts(&note, _("[picture]"));
	} else {
		buf_printf(&note, "[%s: ", _("picture"));
		buf_put(&note, text);
		buf_puts(&note, "]");
	}
	if (!note.overflow)
		put_word(f, buf_span(&note), DOC_NOTE);
	buf_fini(&note);
}

static uint8_t
deeper(uint8_t indent, uint8_t by)
{
	return (uint8_t)(indent + by > INDENT_MAX ? INDENT_MAX : indent + by);
}

static void
open_item(struct html_flow *f, struct frame *list)
{
	break_block(f, false);
	if (list->number)
		snprintf(f->marker, sizeof f->marker, "%lu. ",
		    list->number++);
	else
		snprintf(f->marker, sizeof f->marker, "\u2022 ");
	top(f)->indent = deeper(list->indent, INDENT_STEP);
}

static unsigned long
first_number(html_attributes attributes)
{
	uint32_t v;

	return span_u32(span_of(html_attribute(attributes, "start")), &v) &&
	    v > 0 && v < 1000000 ? v : 1;
}

/* What opening the element does; its frame is on top already. */
static void
open_kind(struct html_flow *f, html_attributes attributes)
{
	struct frame *t = top(f);

	switch (t->kind) {
	case HTML_INLINE:
		return;
	case HTML_DROPPED:
		t->is_hidden = true;
		return;
	case HTML_ANCHOR:
		open_link(f, attributes);
		return;
	case HTML_BLOCK:
		break_block(f, false);
		return;
	case HTML_BREAK:
		if (f->w->text.n)
			end_line(f);
		else
			f->wants_gap = true;
		return;
	case HTML_HEAD_CELL:
		t->role = DOC_STRONG;
		f->wants_bar = f->w->text.n != 0;
		return;
	case HTML_CELL:
		f->wants_bar = f->w->text.n != 0;
		return;
	case HTML_CODE:
		t->role = DOC_CODE;
		return;
	case HTML_DEFINITION:
		break_block(f, false);
		t->indent = deeper(t->indent, 2 * INDENT_STEP);
		return;
	case HTML_EMPHASIS:
		t->role = DOC_EMPHASIS;
		return;
	case HTML_STRONG:
		t->role = DOC_STRONG;
		return;
	case HTML_HEADING:
		break_block(f, true);
		t->role = DOC_HEADING;
		return;
	case HTML_IMAGE:
		put_image(f, attributes);
		return;
	case HTML_ITEM:
		open_item(f, t - 1);
		return;
	case HTML_LIST:
		break_block(f, t->indent == 0);
		t->number = 0;
		return;
	case HTML_NUMBERED:
		break_block(f, t->indent == 0);
		t->number = first_number(attributes);
		return;
	case HTML_PARAGRAPH:
		break_block(f, true);
		return;
	case HTML_PRE:
		break_block(f, true);
		t->is_pre = true;
		t->role = DOC_CODE;
		return;
	case HTML_QUOTE:
		break_block(f, true);
		t->quote = (uint8_t)(t->quote + (t->quote < UINT8_MAX));
		return;
	case HTML_RULE:
		break_block(f, false);
		doc_writer_end_line(f->w, (struct doc_line){
		    .role = DOC_RULE, .quote = t->quote });
		return;
	}
}

bool
html_flow_open(struct html_flow *f, const char *name,
    html_attributes attributes)
{
	struct frame inner = *top(f);

	if (f->depth == HTML_DEPTH_MAX)
		return false;
	if (++f->depth == f->size) {
		f->size *= 2;
		f->frames = xreallocarray(f->frames, f->size,
		    sizeof *f->frames);
	}
	inner.kind = html_kind_of(name);
	inner.is_hidden = inner.is_hidden || html_is_hidden(attributes);
	*top(f) = inner;
	if (!inner.is_hidden)
		open_kind(f, attributes);
	return true;
}

void
html_flow_close(struct html_flow *f)
{
	struct frame closed = *top(f);

	if (f->depth == 0)
		return;
	if (closed.kind == HTML_ANCHOR && !closed.is_hidden)
		close_link(f);
	f->depth--;
	if (closed.is_hidden)
		return;
	switch (closed.kind) {
	case HTML_BLOCK:
	case HTML_DEFINITION:
	case HTML_ITEM:
		break_block(f, false);
		f->marker[0] = '\0';
		return;
	case HTML_HEADING:
	case HTML_PARAGRAPH:
	case HTML_PRE:
	case HTML_QUOTE:
		break_block(f, true);
		return;
	case HTML_LIST:
	case HTML_NUMBERED:
		break_block(f, closed.indent == 0);
		return;
	case HTML_INLINE: case HTML_ANCHOR: case HTML_BREAK: case HTML_CELL:
	case HTML_CODE: case HTML_DROPPED: case HTML_EMPHASIS:
	case HTML_HEAD_CELL: case HTML_IMAGE: case HTML_RULE:
	case HTML_STRONG:
		return;
	}
}

void
html_flow_end(struct html_flow *f)
{
	while (f->depth)
		html_flow_close(f);
	end_line(f);
}
