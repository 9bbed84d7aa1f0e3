/* SPDX-License-Identifier: MIT */
/*
 * BODYSTRUCTURE as servers write it, well and badly (PROTOCOLS.md 8), and
 * random trees that must come back as they were.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "events.h"
#include "protocol/imap_parse.h"

static const struct imap_part *
parse(struct span s, struct arena *arena, struct span *rest)
{
	struct imap_lex lex = { .rest = s, .arena = arena };
	const struct imap_part *root = imap_parse_structure(&lex);

	cr_assert(!lex.is_too_deep);
	if (rest)
		*rest = lex.rest;
	return root;
}

static void
expect_tree(const char *said, const char *want)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf got = { 0 };
	const struct imap_part *root = parse(span_of(said), &arena, NULL);

	if (root)
		put_imap_part(&got, root);
	cr_expect_str_eq(buf_str(&got), want, "%s\ngives %s\nnot   %s", said,
	    buf_str(&got), want);
}

struct pair {
	const char *said, *want;
};

static void
expect_trees(const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_tree(pairs[i].said, pairs[i].want);
}

#define TEXT "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 5 1"
#define LETTER "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 90"
#define ENVELOPE "(\"Mon, 7 Feb 1994\" \"hello\" ((NIL NIL \"a\" \"b\")) " \
	"NIL NIL NIL NIL NIL NIL \"<x@y>\")"

Test(imap_structure, reads_what_the_standard_says)
{
	static const struct pair pairs[] = {
		{ TEXT ")", " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}" },
		{ TEXT " \"md5\" (\"inline\" (\"filename\" \"x\")) "
		    "(\"en\" NIL) \"where\" (1 (2)))",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT inline "
		    "filename=x}" },
		{ "(\"IMAGE\" \"PNG\" NIL \"<i>\" \"a b\" \"BASE64\" 7)",
		    " {1 IMAGE/PNG id <i> \"a b\" 7 ? BASE64}" },
		{ "(" TEXT ")" TEXT ") \"MIXED\" (\"B\" \"x\") NIL NIL)",
		    " { multipart/MIXED B=x {1 TEXT/PLAIN CHARSET=utf-8 5 1 "
		    "7BIT} {2 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}" },
		{ "((" TEXT ")" TEXT ") \"ALTERNATIVE\")" TEXT ") \"MIXED\")",
		    " { multipart/MIXED {1 multipart/ALTERNATIVE "
		    "{1.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT} "
		    "{1.2 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}} "
		    "{2 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}" },
	};

	expect_trees(pairs, sizeof pairs / sizeof *pairs);
}

/* RFC 9051 6.4.5.1: the example of part numbers. */
Test(imap_structure, numbers_the_parts_of_letters_in_letters)
{
	static const struct pair pairs[] = {
		{ LETTER " " ENVELOPE " " TEXT ") 4)",
		    " {1 MESSAGE/RFC822 7BIT "
		    "{1.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}" },
		{ "(" TEXT ")" LETTER " " ENVELOPE " (" TEXT ")(" TEXT ")"
		    TEXT ") \"ALTERNATIVE\") \"MIXED\") 9) \"MIXED\")",
		    " { multipart/MIXED {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}"
		    " {2 MESSAGE/RFC822 7BIT { multipart/MIXED "
		    "{2.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT} "
		    "{2.2 multipart/ALTERNATIVE "
		    "{2.2.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT} "
		    "{2.2.2 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}}}}" },
	};

	expect_trees(pairs, sizeof pairs / sizeof *pairs);
}

/* By the row of PROTOCOLS.md 8. */
Test(imap_structure, reads_what_servers_make_of_it)
{
	static const struct pair pairs[] = {
		/* 4 */
		{ TEXT " NIL \"inline\" NIL)",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT inline}" },
		{ TEXT " NIL (NIL NIL) NIL)",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT attachment}" },
		{ TEXT " NIL () NIL)",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT attachment}" },
		/* 5 */
		{ "(NIL NIL NIL NIL NIL \"7BIT\" 0 NIL NIL NIL NIL)",
		    " {1 text/plain 0 ? 7BIT}" },
		/* 6 */
		{ TEXT " NIL \"the report\" NIL NIL)",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}" },
		/* 7 */
		{ "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" -1 -5 NIL)",
		    " {1 TEXT/PLAIN ? ? 7BIT}" },
		/* 8 */
		{ "(\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 0)",
		    " {1 IMAGE/PNG 0 ? BASE64}" },
		/* 20 */
		{ "(" TEXT ") (\"ALTERNATIVE\" (\"BOUNDARY\" \"b\") NIL NIL) "
		    "\"MIXED\")",
		    " { multipart/MIXED {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}"
		    " {2 multipart/ALTERNATIVE BOUNDARY=b ? ?}}" },
		{ "(\"ALTERNATIVE\" NIL NIL)",
		    " {1 multipart/ALTERNATIVE ? ?}" },
		{ "(\"ALTERNATIVE\")", " {1 multipart/ALTERNATIVE ? ?}" },
		{ "(\"TEXT\" NIL NIL NIL NIL \"7BIT\" 3 1)",
		    " {1 TEXT/ 3 1 7BIT}" },
		/* 21 */
		{ LETTER " NIL (\"attachment\" (\"filename\" \"x.eml\")) NIL)",
		    " {1 MESSAGE/RFC822 90 ? 7BIT attachment "
		    "filename=x.eml}" },
		{ LETTER " (\"attachment\" (\"filename\" \"x.eml\")) NIL)",
		    " {1 MESSAGE/RFC822 90 ? 7BIT attachment "
		    "filename=x.eml}" },
		{ LETTER " 3)", " {1 MESSAGE/RFC822 90 3 7BIT}" },
		{ LETTER " " TEXT ") 3)", " {1 MESSAGE/RFC822 7BIT "
		    "{1.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}" },
		{ LETTER " NIL " TEXT ") 3)", " {1 MESSAGE/RFC822 7BIT "
		    "{1.1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}" },
		{ LETTER " " ENVELOPE " () 3)",
		    " {1 MESSAGE/RFC822 7BIT {1.1 text/plain ? ?}}" },
		/* 36 */
		{ "(NIL \"alternative\" (\"boundary\" \"b\") NIL NIL)",
		    " {1 multipart/alternative boundary=b ? ?}" },
		{ "(NIL \"alternative\")",
		    " {1 multipart/alternative ? ?}" },
		/* 50 */
		{ "()", " {1 text/plain ? ?}" },
		{ "(() () \"MIXED\")", " { multipart/MIXED "
		    "{1 text/plain ? ?} {2 text/plain ? ?}}" },
		{ TEXT " NIL NIL (NIL) NIL)",
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}" },
		{ "(\"TEXT\" \"PLAIN\" (\"NAME\" \"a \"b\"c\") NIL NIL NIL 5)",
		    " {1 TEXT/PLAIN NAME=a \"b\"c 5 ?}" },
		/* 61 */
		{ "(\"multipart\" \"related\" (\"boundary\" \"b\") NIL NIL "
		    "\"7BIT\" 400 NIL NIL NIL NIL)",
		    " {1 multipart/related boundary=b 400 ? 7BIT}" },
	};

	expect_trees(pairs, sizeof pairs / sizeof *pairs);
}

/* The last item is another for each; all mean the same. */
Test(imap_structure, lets_the_extension_data_stop_anywhere)
{
	static const char *const ends[] = { ")", " NIL)", " NIL NIL)",
		" NIL NIL NIL)", " NIL NIL NIL NIL)", " NIL NIL NIL NIL 5)",
		" NIL NIL (\"a\" \"b\") \"c\" (1 \"x\" (2 (3))) NIL)" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		CLEANUP(buf_fini) struct buf said = { 0 };

		buf_printf(&said, TEXT "%s", ends[i]);
		expect_tree(buf_str(&said),
		    " {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}");
	}
	expect_tree("(\"TEXT\" \"PLAIN\")", " {1 TEXT/PLAIN ? ?}");
	expect_tree("(\"TEXT\" \"PLAIN\" (\"a\"))", " {1 TEXT/PLAIN a= ? ?}");
	expect_tree("(" TEXT "))",
	    " { multipart/mixed {1 TEXT/PLAIN CHARSET=utf-8 5 1 7BIT}}");
}

Test(imap_structure, passes_what_it_does_not_understand)
{
	static const char *const values[] = { "NIL", "\"x\"", "5", "(x ",
		"((\"TEXT\" \"PLAIN\"", "" };

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct span rest;

		cr_expect_null(parse(span_of(values[i]), &arena, &rest));
		cr_expect_eq(rest.n, 0, "%s", values[i]);
	}
}

/* `open` n times, the same closed, and then an item. */
static bool
is_understood(unsigned n, const char *open, const char *close)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf said = { 0 };
	const struct imap_part *root;
	struct span rest;

	for (unsigned i = 0; i < n; i++)
		buf_puts(&said, open);
	for (unsigned i = 0; i < n; i++)
		buf_puts(&said, close);
	buf_puts(&said, " UID 5");
	root = parse(buf_span(&said), &arena, &rest);
	cr_expect(span_eq(span_trim(rest), SPAN_LIT("UID 5")));
	return root != NULL;
}

Test(imap_structure, gives_up_a_tree_that_is_too_deep)
{
	cr_expect(is_understood(IMAP_PART_DEPTH_MAX, "(", ")"));
	cr_expect_not(is_understood(IMAP_PART_DEPTH_MAX + 1, "(", ")"));
	cr_expect_not(is_understood(300000, "(", ")"));
	cr_expect_not(is_understood(5000,
	    "(\"MESSAGE\" \"RFC822\" NIL NIL NIL NIL 1 NIL ", ")"));
}

Test(imap_structure, gives_up_a_tree_of_too_many_parts)
{
	CLEANUP(buf_fini) struct buf said = { 0 };
	CLEANUP(arena_fini) struct arena arena = { 0 };

	buf_putc(&said, '(');
	for (int i = 0; i < IMAP_PARTS_MAX - 1; i++)
		buf_puts(&said, "()");
	buf_puts(&said, ")");
	cr_expect_not_null(parse(buf_span(&said), &arena, NULL));
	said.p[said.n - 1] = '(';
	buf_puts(&said, "))");
	cr_expect_null(parse(buf_span(&said), &arena, NULL));
}

Test(imap_structure, keeps_the_first_parameters_of_a_list_without_end)
{
	CLEANUP(buf_fini) struct buf said = { 0 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct imap_part *root;
	unsigned n = 0;

	buf_puts(&said, "(\"A\" \"B\" (");
	for (int i = 0; i < 1000; i++)
		buf_puts(&said, "\"n\" \"v\" ");
	buf_puts(&said, ") \"<id>\")");
	root = parse(buf_span(&said), &arena, NULL);
	cr_assert_not_null(root);
	for (const struct imap_param *p = root->params; p; p = p->next)
		n++;
	cr_expect_eq(n, IMAP_PARAMS_MAX);
	cr_expect(span_eq(root->id, SPAN_LIT("<id>")));
	cr_expect(span_eq(imap_param_get(root->params, SPAN_LIT("N")),
	    SPAN_LIT("v")));
}

/* Random trees; xorshift, so that a seed says all. */
struct maker {
	struct arena *arena;
	uint64_t state;
	unsigned left;		/* parts still allowed */
};

static uint32_t
draw(struct maker *m, uint32_t below)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return (uint32_t)(m->state >> 32) % below;
}

/* Strings of what has a meaning in the syntax; never empty. */
static struct span
make_string(struct maker *m)
{
	static const char *const bits[] = { "a", "(", ")", "\"", "\\", " ",
		"{3}", "NIL", "\r\n", "\xc3\xa9", "]", "7" };
	CLEANUP(buf_fini) struct buf b = { 0 };
	uint32_t n = draw(m, 6);

	buf_puts(&b, "x");
	for (uint32_t i = 0; i < n; i++)
		buf_puts(&b, bits[draw(m, sizeof bits / sizeof *bits)]);
	return arena_copy(m->arena, buf_span(&b));
}

static struct span
make_maybe(struct maker *m)
{
	return draw(m, 2) ? make_string(m) : (struct span){ NULL, 0 };
}

static const struct imap_param *
make_params(struct maker *m)
{
	const struct imap_param *list = NULL;

	for (uint32_t n = draw(m, 4); n; n--) {
		struct imap_param *p = arena_alloc(m->arena, sizeof *p);

		*p = (struct imap_param){ list, make_string(m),
			make_maybe(m) };
		list = p;
	}
	return list;
}

enum shape { LEAF, LETTER_PART, MULTIPART };

static struct imap_part *make_part(struct maker *m, unsigned depth);

static void
make_children(struct maker *m, struct imap_part *part, uint32_t n,
    unsigned depth)
{
	const struct imap_part **last = &part->children;

	do {
		struct imap_part *child = make_part(m, depth + 1);

		child->parent = part;
		*last = child;
		last = &child->next;
	} while (--n && m->left);
}

static struct imap_part *
make_part(struct maker *m, unsigned depth)
{
	struct imap_part *part = arena_alloc(m->arena, sizeof *part);
	enum shape shape = depth < 10 && m->left > 1 ? draw(m, 3) : LEAF;

	m->left -= m->left > 0;
	*part = (struct imap_part){ .octets = IMAP_PART_UNKNOWN,
		.lines = IMAP_PART_UNKNOWN, .params = make_params(m) };
	part->type = shape == MULTIPART ? SPAN_LIT("multipart") :
	    shape == LETTER_PART ? SPAN_LIT("message") : SPAN_LIT("text");
	part->subtype = shape == LETTER_PART ? SPAN_LIT("rfc822") :
	    make_string(m);
	if (draw(m, 2)) {
		part->disposition = make_string(m);
		part->disposition_params = make_params(m);
	}
	if (shape == MULTIPART) {
		make_children(m, part, 1 + draw(m, 4), depth);
		return part;
	}
	part->id = make_maybe(m);
	part->description = make_maybe(m);
	part->encoding = make_maybe(m);
	part->octets = draw(m, 1000);
	part->lines = draw(m, 1000);
	if (shape == LETTER_PART)
		make_children(m, part, 1, depth);
	return part;
}

static void
print_string(struct maker *m, struct buf *out, struct span s)
{
	bool is_literal = span_chr(s, '\n') != SIZE_MAX || draw(m, 4) == 0;

	if (s.n == 0) {
		buf_puts(out, "NIL");
	} else if (is_literal) {
		buf_printf(out, "{%zu}\r\n", s.n);
		buf_put(out, s);
	} else {
		buf_putc(out, '"');
		for (size_t i = 0; i < s.n; i++) {
			if (s.p[i] == '"' || s.p[i] == '\\')
				buf_putc(out, '\\');
			buf_putc(out, s.p[i]);
		}
		buf_putc(out, '"');
	}
}

static void
print_params(struct maker *m, struct buf *out, const struct imap_param *p)
{
	const char *blank = "(";

	if (!p) {
		buf_puts(out, "NIL");
		return;
	}
	for (; p; p = p->next) {
		buf_puts(out, blank);
		print_string(m, out, p->name);
		buf_putc(out, ' ');
		print_string(m, out, p->value);
		blank = " ";
	}
	buf_putc(out, ')');
}

static void
print_tail(struct maker *m, struct buf *out, const struct imap_part *part)
{
	if (part->disposition.n) {
		buf_puts(out, " (");
		print_string(m, out, part->disposition);
		buf_putc(out, ' ');
		print_params(m, out, part->disposition_params);
		buf_putc(out, ')');
	} else {
		buf_puts(out, " NIL");
	}
	buf_puts(out, draw(m, 2) ? " NIL NIL)" : ")");
}

static void print_part(struct maker *m, struct buf *out,
    const struct imap_part *part);

static void
print_multipart(struct maker *m, struct buf *out,
    const struct imap_part *part)
{
	buf_putc(out, '(');
	for (const struct imap_part *c = part->children; c; c = c->next)
		print_part(m, out, c);
	buf_putc(out, ' ');
	print_string(m, out, part->subtype);
	buf_putc(out, ' ');
	print_params(m, out, part->params);
	print_tail(m, out, part);
}

static void
print_part(struct maker *m, struct buf *out, const struct imap_part *part)
{
	const struct span fields[] = { part->id, part->description,
		part->encoding };

	if (span_eq(part->type, SPAN_LIT("multipart"))) {
		print_multipart(m, out, part);
		return;
	}
	buf_putc(out, '(');
	print_string(m, out, part->type);
	buf_putc(out, ' ');
	print_string(m, out, part->subtype);
	buf_putc(out, ' ');
	print_params(m, out, part->params);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		buf_putc(out, ' ');
		print_string(m, out, fields[i]);
	}
	buf_printf(out, " %u", (unsigned)part->octets);
	if (part->children) {
		buf_puts(out, " " ENVELOPE " ");
		print_part(m, out, part->children);
	}
	buf_printf(out, " %u NIL", (unsigned)part->lines);
	print_tail(m, out, part);
}

static bool
are_same_params(const struct imap_param *a, const struct imap_param *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (!span_eq(a->name, b->name) || !span_eq(a->value, b->value))
			return false;
	return !a && !b;
}

static bool
are_same_fields(const struct imap_part *a, const struct imap_part *b)
{
	return span_eq(a->type, b->type) && span_eq(a->subtype, b->subtype) &&
	    span_eq(a->id, b->id) && span_eq(a->encoding, b->encoding) &&
	    span_eq(a->description, b->description) &&
	    span_eq(a->disposition, b->disposition) &&
	    are_same_params(a->params, b->params) &&
	    are_same_params(a->disposition_params, b->disposition_params) &&
	    a->octets == b->octets && a->lines == b->lines;
}

/* base: the number that a part here has, "" for the letter itself. */
static bool
are_same(struct arena *arena, const struct imap_part *a,
    const struct imap_part *b, const char *base, bool is_letter)
{
	const struct imap_part *x = a->children, *y = b->children;
	bool is_multipart = span_eq(a->type, SPAN_LIT("multipart"));
	const char *dot = *base ? "." : "";
	unsigned number = 0;
	const char *own = is_letter && !is_multipart ?
	    arena_printf(arena, "%s%s1", base, dot) : base;

	if (!are_same_fields(a, b) || !span_eq(b->section,
	    span_of(is_letter && is_multipart ? "" : own)))
		return false;
	if (!is_multipart)
		return !x == !y && (!x || (y->parent == b && !y->next &&
		    are_same(arena, x, y, own, true)));
	for (; x && y; x = x->next, y = y->next)
		if (y->parent != b || !are_same(arena, x, y, arena_printf(arena,
		    "%s%s%u", base, dot, ++number), false))
			return false;
	return !x && !y;
}

/* Every cut is an allocation of its own, so that a read past it is seen. */
static void
cut_everywhere(struct span said)
{
	for (size_t cut = 0; cut < said.n; cut++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(cleanup_free) char *copy = malloc(cut ? cut : 1);

		memcpy(copy, said.p, cut);
		parse((struct span){ copy, cut }, &arena, NULL);
	}
}

Test(imap_structure, gives_back_every_tree_that_was_written)
{
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(buf_fini) struct buf said = { 0 };
		struct maker m = { &arena, seed * 0x9e3779b97f4a7c15, 30 };
		const struct imap_part *part = make_part(&m, 0), *got;

		print_part(&m, &said, part);
		got = parse(buf_span(&said), &arena, NULL);
		cr_assert(got && are_same(&arena, part, got, "", true),
		    "seed %ju: %s", (uintmax_t)seed, buf_str(&said));
		if (seed % 20 == 0)
			cut_everywhere(buf_span(&said));
	}
}

/* What is in it may be anything, as long as it ends where it should. */
Test(imap_structure, survives_every_byte_that_is_another)
{
	static const char others[] = "()\"\\{} NIL1-\r\n";

	for (uint64_t seed = 1; seed <= 40; seed++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(buf_fini) struct buf said = { 0 };
		struct maker m = { &arena, seed * 0x9e3779b97f4a7c15, 8 };

		print_part(&m, &said, make_part(&m, 0));
		for (size_t i = 0; i < said.n; i++) {
			CLEANUP(arena_fini) struct arena room = { 0 };
			char was = said.p[i];

			said.p[i] = others[draw(&m, sizeof others - 1)];
			parse(buf_span(&said), &room, NULL);
			said.p[i] = was;
		}
	}
}
