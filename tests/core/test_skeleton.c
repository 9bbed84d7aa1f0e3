/* SPDX-License-Identifier: MIT */
/* Letters put together from parts, and the map of what is missing. */
#include "src/core/skeleton.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "mail/letter.h"

static const unsigned char random_octets[SKELETON_RANDOM_OCTETS] =
    "0123456789abcde";

static const char header[] =
    "From: Ani <ani@x.example>\r\n"
    "Content-Type: multipart/mixed; boundary=theirs\r\n"
    "X-Surat-Missing: 1 5\r\n"
    "MIME-Version: 1.0\r\n"
    "Subject: two\r\n lines\r\n"
    "\r\n";

/* As many parts as a test needs, linked as the engine does it. */
struct tree {
	struct imap_part mixed, alternative, plain, html, picture, letter;
	struct imap_param charset, name, hostile;
};

static struct imap_part
leaf(const char *section, const char *type, const char *subtype,
    uint64_t octets)
{
	return (struct imap_part){ .section = span_of(section),
		.type = span_of(type), .subtype = span_of(subtype),
		.octets = octets };
}

static void
tree_init(struct tree *t)
{
	*t = (struct tree){
		.mixed = leaf("", "MULTIPART", "MIXED", 0),
		.alternative = leaf("1", "multipart", "alternative", 0),
		.plain = leaf("1.1", "text", "plain", 7),
		.html = leaf("1.2", "text", "html", 12),
		.picture = leaf("2", "image", "png", 8),
		.letter = leaf("3", "message", "rfc822", 40),
		.charset = { .name = SPAN("charset"), .value = SPAN("utf-8") },
		.name = { .name = SPAN("filename"),
			.value = SPAN("a \"plan\".png") },
	};
	t->mixed.children = &t->alternative;
	t->alternative.children = &t->plain;
	t->alternative.next = &t->picture;
	t->picture.next = &t->letter;
	t->plain.next = &t->html;
	t->plain.params = &t->charset;
	t->picture.encoding = (struct span)SPAN("base64");
	t->picture.disposition = (struct span)SPAN("attachment");
	t->picture.disposition_params = &t->name;
}

static const char *const contents[] = { "halo \xc3\xa9", "<p>halo</p>\n",
	"AAECAwQ=", "Subject: in\r\nX-Surat-Missing: 9 9\r\n\r\nx" };

/* Assembles with the leaves of the bits in `here`. */
static void
assemble(const struct tree *t, unsigned here, struct skeleton *s,
    struct buf *letter, struct part_map *map)
{
	cr_assert(skeleton_plan(s, &t->mixed, random_octets));
	cr_assert_eq(s->n, 4);
	for (size_t i = 0; i < s->n; i++)
		if (here & 1u << i)
			skeleton_put(s, i, span_of(contents[i]));
	skeleton_assemble(s, SPAN_LIT(header), letter, map);
}

static struct letter *
open_letter(struct span *bytes)
{
	struct source source = source_of_span(bytes);
	struct letter *letter;

	cr_assert_eq(letter_open(&source, &letter, NULL), ERR_OK);
	letter_believe_missing(letter);
	return letter;
}

static bool
put_buf(void *ctx, struct span piece)
{
	buf_put(ctx, piece);
	return true;
}

Test(skeleton, is_a_letter_that_says_what_is_missing)
{
	CLEANUP(skeleton_fini) struct skeleton s;
	CLEANUP(buf_fini) struct buf bytes = { 0 }, text = { 0 };
	const struct letter_part *parts;
	struct part_map map;
	struct letter *letter;
	struct span all;
	struct tree t;

	tree_init(&t);
	assemble(&t, 3, &s, &bytes, &map);
	cr_expect(s.leaves[0].is_text && s.leaves[1].is_text);
	cr_expect(!s.leaves[2].is_text && !s.leaves[3].is_text);
	all = buf_span(&bytes);
	letter = open_letter(&all);
	cr_assert_eq(letter_parts(letter, &parts), 6);
	cr_expect(span_eq(parts[0].type, SPAN_LIT("multipart/mixed")));
	cr_expect(span_eq(letter_envelope(letter)->subject,
	    SPAN_LIT("two lines")));
	cr_expect(span_eq(parts[2].missing, SPAN_LIT("")));
	cr_expect(span_eq(parts[4].missing, SPAN_LIT("2")));
	cr_expect(span_eq(parts[4].name, SPAN_LIT("a \"plan\".png")));
	cr_expect(span_eq(parts[5].missing, SPAN_LIT("3")));
	cr_expect_eq(parts[5].size, 40);
	letter_part_read(letter, 2, put_buf, &text, NULL);
	cr_expect(span_eq(buf_span(&text), span_of(contents[0])));
	letter_close(letter);
	cr_assert_eq(map.n, 2);
	cr_expect(span_starts(span_skip(all, map.gaps[1].at),
	    SPAN_LIT("X-Surat-Missing: 3 40\r\n\r\n\r\n--")));
}

/* Fills the gap as who fetches the part does. */
static void
splice(struct buf *bytes, struct part_map *map, const struct part_gap *gap,
    struct span content)
{
	struct buf out = { 0 };
	struct span rest = buf_span(bytes);

	buf_put(&out, span_take(&rest, gap->at));
	span_take(&rest, gap->length);
	buf_puts(&out, "\r\n");
	buf_put(&out, content);
	buf_put(&out, rest);
	part_map_fill(map, gap, content.n + 2);
	buf_fini(bytes);
	*bytes = out;
}

Test(skeleton, filled_in_any_order_is_the_letter_with_all_parts)
{
	struct tree t;

	tree_init(&t);
	for (unsigned here = 0; here < 16; here++)
		for (int way = 0; way < 2; way++) {
			CLEANUP(skeleton_fini) struct skeleton s, w;
			CLEANUP(buf_fini) struct buf bytes = { 0 };
			CLEANUP(buf_fini) struct buf whole = { 0 };
			struct part_map map, none;

			assemble(&t, here, &s, &bytes, &map);
			assemble(&t, 15, &w, &whole, &none);
			cr_assert_eq(none.n, 0);
			while (map.n) {
				const struct part_gap *gap =
				    &map.gaps[way ? map.n - 1 : 0];
				size_t i = 0;

				while (!span_eq(s.leaves[i].section,
				    gap->section))
					i++;
				splice(&bytes, &map, gap,
				    span_of(contents[i]));
			}
			cr_expect(span_eq(buf_span(&bytes),
			    buf_span(&whole)), "%u, %d", here, way);
		}
}

Test(skeleton, believes_nobody_but_itself)
{
	CLEANUP(skeleton_fini) struct skeleton s;
	CLEANUP(buf_fini) struct buf bytes = { 0 };
	const struct letter_part *parts;
	struct part_map map;
	struct letter *letter;
	struct span all;
	struct tree t;
	size_t n;

	tree_init(&t);
	cr_assert(skeleton_plan(&s, &t.mixed, random_octets));
	skeleton_put(&s, 0, SPAN_LIT("--theirs\r\nX-Surat-Missing: 7 7\r\n\r\n"
	    "\r\n--=_30-0\r\nX-Surat-Missing: 8 8\r\n\r\n"));
	skeleton_put(&s, 3, span_of(contents[3]));
	skeleton_assemble(&s, SPAN_LIT(header), &bytes, &map);
	all = buf_span(&bytes);
	letter = open_letter(&all);
	n = letter_parts(letter, &parts);
	cr_expect_eq(n, 7);	/* with the one in the attached letter */
	for (size_t i = 0; i < n; i++)
		cr_expect(parts[i].missing.n == 0 ||
		    span_eq(parts[i].missing, SPAN_LIT("1.2")) ||
		    span_eq(parts[i].missing, SPAN_LIT("2")), "%zu", i);
	letter_close(letter);
}

Test(skeleton, lets_no_value_end_its_line)
{
	CLEANUP(skeleton_fini) struct skeleton s;
	static const struct span evil =
	    SPAN("x\r\n\r\nX-Evil: 1\r\n--b\0\n\"\\");
	struct imap_param bad_name = { .name = evil, .value = SPAN("1") };
	struct imap_param bad_value = { .next = &bad_name,
		.name = SPAN("name"), .value = evil };
	struct imap_part part = leaf("1", "application", "x", 3);
	struct span rest, line;

	part.params = part.disposition_params = &bad_value;
	part.id = part.description = part.encoding = evil;
	part.disposition = (struct span)SPAN("attachment");
	cr_assert(skeleton_plan(&s, &part, random_octets));
	rest = buf_span(&s.mime);
	cr_expect_eq(span_chr(rest, '\0'), SIZE_MAX);
	while (span_split(&rest, '\n', &line))
		cr_expect(line.n == 0 || span_istarts(line, SPAN_LIT("Content"
		    "-")) || line.p[0] == '\t' || span_eq(line,
		    SPAN_LIT("\r")), "%.*s", SPAN_ARG(line));
}

Test(skeleton, leaves_what_it_must_not_take_apart)
{
	struct imap_part chain[SKELETON_DEPTH_MAX + 3];
	static struct imap_part many[IMAP_PARTS_MAX + 1];
	struct imap_part signed_one = leaf("", "multipart", "SIGNED", 0);
	struct imap_part empty = leaf("", "multipart", "mixed", 0);
	struct imap_part unknown = leaf("1", "image", "png",
	    IMAP_PART_UNKNOWN);
	struct imap_part no_type = leaf("1", "a b", "c", 1);
	struct imap_part no_section = leaf("", "a", "b", 1);
	struct imap_part pkcs7 = leaf("1", "application", "PKCS7-mime", 1);
	struct imap_part wide = leaf("", "multipart", "mixed", 0);
	const struct imap_part *all[] = { &signed_one, &empty, &unknown,
		&no_type, &no_section, &pkcs7, &chain[0], &wide };

	signed_one.children = &unknown;
	for (size_t i = 0; i < ARRAY_LEN(chain); i++) {
		chain[i] = leaf("1", "multipart", "mixed", 0);
		chain[i].children = &chain[i + 1];
	}
	chain[ARRAY_LEN(chain) - 1] = leaf("1", "text", "plain", 1);
	wide.children = many;
	for (size_t i = 0; i <= IMAP_PARTS_MAX; i++) {
		many[i] = leaf("1", "text", "plain", 1);
		many[i].next = i < IMAP_PARTS_MAX ? &many[i + 1] : NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		CLEANUP(skeleton_fini) struct skeleton s;

		cr_expect_not(skeleton_plan(&s, all[i], random_octets),
		    "%zu", i);
	}
}

Test(skeleton, reads_no_more_text_than_is_read_at_once)
{
	CLEANUP(skeleton_fini) struct skeleton s;
	struct tree t;

	tree_init(&t);
	t.plain.octets = SKELETON_TEXT_OCTETS_MAX - 1;
	t.html.octets = 2;
	cr_assert(skeleton_plan(&s, &t.mixed, random_octets));
	cr_expect(s.leaves[0].is_text && !s.leaves[1].is_text);
}

Test(part_map, reads_what_it_wrote_and_nothing_else)
{
	static const char *const bad[] = { "", "surat-map 2\n", "surat-map 1\n"
	    "2 10 5\n", "surat-map 1\n2 10 5 7 9\n", "surat-map 1\nA 1 1 1\n",
	    "surat-map 1\n2 10 5 7\n3 14 1 1\n", "surat-map 1\n2 99 2 1\n",
	    "surat-map 1\n2 101 0 1\n", "surat-map 1\n2 -1 1 1\n",
	    "surat-map 1\n2 1 18446744073709551615 1\n", "surat-map 1\n\n" };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct part_gap gaps[] = { { SPAN("1.2"), 10, 5, 7 },
		{ SPAN("3"), 15, 85, 1 } };
	struct part_map map;

	part_map_write(&(struct part_map){ gaps, 2 }, &text);
	cr_assert(part_map_read(buf_span(&text), 100, &arena, &map));
	cr_assert_eq(map.n, 2);
	cr_expect_eq(part_map_find(&map, SPAN_LIT("3"))->length, 85);
	cr_expect_null(part_map_find(&map, SPAN_LIT("1")));
	cr_expect_not(part_map_read(buf_span(&text), 99, &arena, &map));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_not(part_map_read(span_of(bad[i]), 100, &arena,
		    &map), "%zu", i);
	cr_expect(part_map_read(SPAN_LIT("surat-map 1\n"), 0, &arena, &map));
	cr_expect_eq(map.n, 0);
}
