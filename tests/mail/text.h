/* SPDX-License-Identifier: MIT */
/* What the tests of mail/ share: making letters, comparing, counting. */
#pragma once

#include <criterion/criterion.h>

#include "base/buf.h"
#include "mail/letter.h"

#define expect_span(got, want) expect_text((got), span_of(want), __LINE__)

static inline void
expect_text(struct span got, struct span want, int line)
{
	cr_expect(span_eq(got, want), "line %d: got \"%.*s\", want \"%.*s\"",
	    line, SPAN_ARG(got), SPAN_ARG(want));
}

/* s, n times. */
static inline void
repeat(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_puts(out, s);
}

/* A letter open over bytes that outlive it. */
struct opened {
	struct span bytes;
	struct source source;
	struct letter *letter;
	struct arena arena;
	struct doc doc;
};

static inline void
open_span(struct opened *o, struct span bytes, enum letter_prefer prefer)
{
	*o = (struct opened){ .bytes = bytes };
	o->source = source_of_span(&o->bytes);
	cr_assert_eq(letter_open(&o->source, &o->letter, NULL), ERR_OK);
	letter_render(o->letter, prefer, &o->arena, &o->doc);
}

static inline void
open_text(struct opened *o, const char *text)
{
	open_span(o, span_of(text), LETTER_PLAIN);
}

static inline void
close_letter(struct opened *o)
{
	letter_close(o->letter);
	arena_fini(&o->arena);
}

/* The lines of a document, each with '>' for its depth, joined by '\n'. */
static inline struct span
doc_text(const struct doc *doc, struct arena *arena)
{
	struct buf out = { 0 };
	struct span s;

	for (size_t i = 0; i < doc->nlines; i++) {
		repeat(&out, ">", doc->lines[i].quote);
		repeat(&out, " ", doc->lines[i].indent);
		buf_put(&out, doc->lines[i].role == DOC_RULE ?
		    SPAN_LIT("---") : doc->lines[i].text);
		buf_putc(&out, '\n');
	}
	s = arena_copy(arena, buf_span(&out));
	buf_fini(&out);
	return s;
}

static inline bool
shows(struct opened *o, const char *text)
{
	return span_find(doc_text(&o->doc, &o->arena), span_of(text)) !=
	    SIZE_MAX;
}
