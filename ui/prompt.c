/* SPDX-License-Identifier: MIT */
#include "ui/prompt.h"

#include <stdlib.h>
#include <unistr.h>

#include "base/bug.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/term.h"

static struct span
before(const struct prompt *p)
{
	return (struct span){ p->text.p, p->cursor };
}

static struct span
after(const struct prompt *p)
{
	return span_skip(buf_span(&p->text), p->cursor);
}

/*
 * Replaces the octets from..to by text; the cursor goes behind it.  False
 * when it would be too long, and is left as it is.
 */
static bool
replace(struct prompt *p, size_t from, size_t to, struct span text)
{
	struct buf now = { 0 };

	if (p->text.n - (to - from) + text.n > PROMPT_MAX)
		return false;
	buf_put(&now, (struct span){ p->text.p, from });
	buf_put(&now, text);
	p->cursor = now.n;
	buf_put(&now, span_skip(buf_span(&p->text), to));
	buf_fini(&p->text);
	p->text = now;
	return true;
}

/* What is shown is text like any other now. */
static void
end_completing(struct prompt *p)
{
	arena_fini(&p->found.arena);
	p->found = (struct completion){ .n = 0 };
	free(p->typed);
	p->typed = NULL;
	p->shown = 0;
	p->is_completing = false;
}

static void
begin_completing(struct prompt *p)
{
	struct completion *found = &p->found;

	p->complete(p->complete_ctx, before(p), found);
	p->is_completing = true;
	bug_on(found->n > 0 && found->from > p->cursor);
	if (found->n > 0)
		p->typed = span_dup(span_skip(before(p), found->from));
}

/* Shows what is next in the ring of the candidates and what was typed. */
static void
complete(struct prompt *p, bool is_forward)
{
	size_t ring, to;

	if (!p->complete)
		return;
	if (!p->is_completing)
		begin_completing(p);
	if (p->found.n == 0)
		return;
	ring = p->found.n + 1;
	to = (p->shown + (is_forward ? 1 : ring - 1)) % ring;
	if (replace(p, p->found.from, p->cursor,
	    to ? p->found.candidates[to - 1] : span_of(p->typed)))
		p->shown = to;
}

void
prompt_begin(struct prompt *p, struct span initial)
{
	buf_reset(&p->text);
	p->cursor = 0;
	p->complete = NULL;
	prompt_insert(p, initial);
}

void
prompt_fini(struct prompt *p)
{
	end_completing(p);
	buf_fini(&p->text);
}

void
prompt_insert(struct prompt *p, struct span text)
{
	struct buf line = { 0 };

	end_completing(p);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\n' || c == '\t')
			c = ' ';
		if ((unsigned char)c >= 0x20 && c != 0x7f)
			buf_putc(&line, c);
	}
	replace(p, p->cursor, p->cursor, buf_span(&line));
	buf_fini(&line);
}

/* Where the cluster before the cursor begins. */
static size_t
previous(const struct prompt *p)
{
	struct span rest = before(p);
	size_t start = 0;

	while (rest.n) {
		start = p->cursor - rest.n;
		text_grapheme(&rest, NULL);
	}
	return start;
}

static size_t
next(const struct prompt *p)
{
	struct span rest = after(p);

	return p->cursor + text_grapheme(&rest, NULL).n;
}

static size_t
word_start(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at > 0 && p->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.p[at - 1] != ' ')
		at--;
	return at;
}

static size_t
word_end(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at < p->text.n && p->text.p[at] == ' ')
		at++;
	while (at < p->text.n && p->text.p[at] != ' ')
		at++;
	return at;
}

static void
insert_character(struct prompt *p, uint32_t key)
{
	uint8_t text[6];
	int n;

	if (key < 0x20 || key == 0x7f || key >= K_UP)
		return;
	n = u8_uctomb(text, key, sizeof text);
	if (n > 0)
		replace(p, p->cursor, p->cursor,
		    (struct span){ (char *)text, (size_t)n });
}

#define CTRL(c) ((c) & 0x1f)

/* Keys that take something away; false when it is none of them. */
static bool
edit_key(struct prompt *p, uint32_t key)
{
	static const struct span nothing = { NULL, 0 };

	switch (key) {
	case K_BACKSPACE:
		replace(p, previous(p), p->cursor, nothing);
		return true;
	case K_DELETE:
	case CTRL('D'):
		replace(p, p->cursor, next(p), nothing);
		return true;
	case CTRL('K'):
		replace(p, p->cursor, p->text.n, nothing);
		return true;
	case CTRL('U'):
		replace(p, 0, p->cursor, nothing);
		return true;
	case CTRL('W'):
	case K_ALT | K_BACKSPACE:
		replace(p, word_start(p), p->cursor, nothing);
		return true;
	case K_ALT | 'd':
		replace(p, p->cursor, word_end(p), nothing);
		return true;
	}
	return false;
}

enum prompt_result
prompt_key(struct prompt *p, uint32_t key)
{
	if (key == '\t' || key == K_BACKTAB) {
		complete(p, key == '\t');
		return PROMPT_GOING;
	}
	end_completing(p);
	if (edit_key(p, key))
		return PROMPT_GOING;
	switch (key) {
	case K_ENTER:
		return PROMPT_DONE;
	case 27:
	case CTRL('C'):
	case CTRL('G'):
		return PROMPT_GIVEN_UP;
	case K_LEFT:
	case CTRL('B'):
		p->cursor = previous(p);
		break;
	case K_RIGHT:
	case CTRL('F'):
		p->cursor = next(p);
		break;
	case K_HOME:
	case CTRL('A'):
		p->cursor = 0;
		break;
	case K_END:
	case CTRL('E'):
		p->cursor = p->text.n;
		break;
	case K_ALT | 'b':
		p->cursor = word_start(p);
		break;
	case K_ALT | 'f':
		p->cursor = word_end(p);
		break;
	default:
		insert_character(p, key);
	}
	return PROMPT_GOING;
}

void
prompt_put_note(const struct prompt *p, struct buf *out)
{
	if (!p->complete)
		return;
	if (!p->is_completing)
		buf_puts(out, _("Tab completes"));
	else if (p->found.n == 0)
		buf_puts(out, _("nothing begins so"));
	else if (p->shown == 0)
		buf_puts(out, _("as typed"));
	else if (p->found.has_more)
		/* TRANSLATORS: the second candidate of more than 20 */
		buf_printf(out, _("%zu of %zu, and more"), p->shown,
		    p->found.n);
	else
		/* TRANSLATORS: the second candidate of 7 */
		buf_printf(out, _("%zu of %zu"), p->shown, p->found.n);
}

void
prompt_draw(const struct prompt *p, struct surface *s, int y, int x, int cols)
{
	struct span shown = buf_span(&p->text), head = before(p);

	if (cols < 2)
		return;
	/* The cursor takes a column; the text's start goes out on the left. */
	while (text_width(head) > cols - 1) {
		text_grapheme(&head, NULL);
		shown = span_skip(buf_span(&p->text), p->cursor - head.n);
	}
	surface_put(s, y, x, cols, ROLE_NORMAL, 0, shown);
	s->cursor_y = y;
	s->cursor_x = x + text_width(head);
}
