/* SPDX-License-Identifier: MIT */
/*
 * Quoting.  Only what was shown is quoted (SECURITY.md 2: what is hidden in
 * a letter must not travel back in the answer), and no control character
 * gets from a letter into the editor.
 */
#include "mail/quote.h"

#include <stdio.h>

#include "base/text.h"

enum {
	WRAP_AT = 72,
	WRAP_OVER = 78,		/* lines that fit a terminal stay as they are */
};

/* Without C0, C1 and DEL; a tab stays. */
static void
put_harmless(struct buf *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == 0xc2 && i + 1 < s.n &&
		    (unsigned char)s.p[i + 1] < 0xa0)
			i++;
		else if ((c >= 0x20 && c != 0x7f) || c == '\t')
			buf_putc(out, s.p[i]);
	}
}

/* The text of a line without the numbers that stand for its links. */
static void
put_text(struct buf *out, const struct doc_line *line)
{
	size_t done = 0;

	for (size_t i = 0; i < line->nruns; i++) {
		const struct doc_run *run = &line->runs[i];
		struct span text = { line->text.p + run->start,
			run->end - run->start };
		char number[24];

		snprintf(number, sizeof number, "[%lu]",
		    (unsigned long)run->link + 1);
		if (run->role != DOC_LINK || !span_ends(text, span_of(number)))
			continue;
		put_harmless(out, (struct span){ line->text.p + done,
		    run->end - strlen(number) - done });
		done = run->end;
	}
	put_harmless(out, span_skip(line->text, done));
}

static void
put_prefix(struct buf *out, unsigned depth, unsigned indent)
{
	for (unsigned i = 0; i < depth; i++)
		buf_putc(out, '>');
	if (depth)
		buf_putc(out, ' ');
	for (unsigned i = 0; i < indent; i++)
		buf_putc(out, ' ');
}

/* The next word, with the blanks before it. */
static struct span
take_word(struct span *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] == ' ')
		n++;
	while (n < s->n && s->p[n] != ' ')
		n++;
	return span_take(s, n);
}

static void
put_wrapped(struct buf *out, struct span text, unsigned depth, unsigned indent)
{
	int room = WRAP_AT - (int)depth - (int)indent, column = 0;

	put_prefix(out, depth, indent);
	while (text.n) {
		struct span word = take_word(&text);
		int width = text_width(word);

		if (column && column + width > room) {
			buf_putc(out, '\n');
			put_prefix(out, depth, indent);
			column = 0;
			while (word.n && word.p[0] == ' ')
				span_take(&word, 1);
			width = text_width(word);
		}
		buf_put(out, word);
		column += width;
	}
	buf_putc(out, '\n');
}

static void
put_line(struct buf *out, const struct doc_line *line, unsigned depth)
{
	struct buf text = { 0 };

	put_text(&text, line);
	if (text.n == 0 || (line->role == DOC_RULE)) {
		for (unsigned i = 0; i < depth; i++)
			buf_putc(out, '>');
		buf_puts(out, line->role == DOC_RULE ?
		    (depth ? " ----\n" : "----\n") : "\n");
	} else if (line->is_fixed || text_width(buf_span(&text)) +
	    (int)depth + line->indent <= WRAP_OVER) {
		put_prefix(out, depth, line->indent);
		buf_put(out, buf_span(&text));
		buf_putc(out, '\n');
	} else {
		put_wrapped(out, buf_span(&text), depth, line->indent);
	}
	buf_fini(&text);
}

void
quote_put(struct buf *out, const struct doc *doc, unsigned deeper,
    bool without_signature)
{
	size_t n = doc->nlines;

	/* Neither the signature nor the empty lines before it. */
	while (without_signature && n &&
	    (doc->lines[n - 1].role == DOC_SIGNATURE ||
	    (doc->lines[n - 1].text.n == 0 &&
	    doc->lines[n - 1].role == DOC_TEXT)))
		n--;
	for (size_t i = 0; i < n; i++)
		if (doc->lines[i].role != DOC_NOTE)
			put_line(out, &doc->lines[i],
			    doc->lines[i].quote + deeper);
}
