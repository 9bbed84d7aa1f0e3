/* SPDX-License-Identifier: MIT */
/* A whole letter: its parts, both renderings, the snippet, an answer. */
#include <stdint.h>

#include "base/bug.h"
#include "base/text.h"
#include "mail/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool
look(void *ctx, struct span piece)
{
	*(uint64_t *)ctx += piece.n;
	return true;
}

static void
read_letter(struct letter *letter, struct arena *arena)
{
	static const struct reply_identity me = { .self = { SPAN("Budi"),
		SPAN("budi@kantor.example") } };
	const struct letter_part *parts;
	size_t n = letter_parts(letter, &parts);
	struct doc doc;
	struct draft draft, again;
	struct buf out = { 0 };
	uint64_t octets = 0;

	bug_on(n == 0 || n > LETTER_PARTS_MAX);
	for (size_t i = 0; i < n; i++) {
		bug_on(parts[i].depth > LETTER_DEPTH_MAX);
		bug_on(span_chr(parts[i].name, '/') != SIZE_MAX);
		bug_on(!text_is_utf8(parts[i].name));
		bug_on(!text_is_utf8(parts[i].type));
		letter_part_read(letter, i, look, &octets, NULL);
	}
	letter_render(letter, LETTER_HTML, arena, &doc);
	for (size_t i = 0; i < doc.nlines; i++)
		bug_on(!text_is_utf8(doc.lines[i].text));
	bug_on(letter_snippet(letter, 50, arena).n > 50);
	draft_reply(letter, true, &me, "%n, %d:", arena, &draft);
	draft_put(&out, &draft);
	/* Addresses of others may be none; then it is an error, no crash. */
	(void)!draft_parse(buf_span(&out), &draft, arena, &again, NULL);
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span bytes = { (const char *)p, n };
	struct source source = source_of_span(&bytes);
	struct arena arena = { 0 };
	struct letter *letter;

	if (letter_open(&source, &letter, NULL) == ERR_OK) {
		read_letter(letter, &arena);
		letter_close(letter);
	}
	arena_fini(&arena);
	return 0;
}
