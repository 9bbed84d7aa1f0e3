/* SPDX-License-Identifier: MIT */
/*
 * Header blocks: every field is read as each kind of value, and what is
 * written again must read back.
 */
#include <stdint.h>

#include "base/bug.h"
#include "base/text.h"
#include "mail/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
read_value(struct span value, struct arena *arena)
{
	struct addresses list = header_decode_addresses(value, arena);
	struct span text = header_decode_text(value, arena);
	struct buf out = { 0 };

	bug_on(text.n > ENVELOPE_TEXT_MAX || !text_is_utf8(text));
	bug_on(span_chr(text, '\0') != SIZE_MAX);
	for (size_t i = 0; i < list.n; i++) {
		bug_on(!text_is_utf8(list.list[i].name));
		bug_on(!text_is_utf8(list.list[i].addr));
		bug_on(span_chr(list.list[i].addr, '\n') != SIZE_MAX);
		header_put_address(&out, &list.list[i]);
	}
	bug_on(!text_is_utf8(header_parameter(value, "name", arena)));
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span block = { (const char *)p, n }, rest = block;
	struct header_field field;
	struct arena arena = { 0 };
	struct envelope env;

	header_parse_envelope(block, &arena, &env);
	bug_on(env.nreferences > ENVELOPE_REFERENCES_MAX);
	bug_on(!text_is_utf8(env.message_id) || !text_is_utf8(env.list_id));
	while (header_next(&rest, &field))
		read_value(field.value, &arena);
	read_value(block, &arena);
	arena_fini(&arena);
	return 0;
}
