/* SPDX-License-Identifier: MIT */
/*
 * Text is folded before marks are looked for, so that what folding makes of
 * a letter cannot turn the base into something that has marks again.  Of the
 * marks at the front each octet is looked at a bounded number of times: a
 * step that finds nothing is the last one, or the next begins behind it.
 */
#include "base/subject.h"

#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"

enum { REPLACEMENT = 0xfffd };

/* In lower case. */
static const struct {
	struct span word;
	enum subject_mark mark;
} marks[] = {
	{ SPAN("re"), SUBJECT_REPLY_MARK },
	{ SPAN("aw"), SUBJECT_REPLY_MARK },
	{ SPAN("sv"), SUBJECT_REPLY_MARK },
	{ SPAN("vs"), SUBJECT_REPLY_MARK },
	{ SPAN("antw"), SUBJECT_REPLY_MARK },
	{ SPAN("res"), SUBJECT_REPLY_MARK },
	{ SPAN("rif"), SUBJECT_REPLY_MARK },
	{ SPAN("odp"), SUBJECT_REPLY_MARK },
	{ SPAN("ynt"), SUBJECT_REPLY_MARK },
	{ SPAN("bls"), SUBJECT_REPLY_MARK },
	{ SPAN("balas"), SUBJECT_REPLY_MARK },
	{ SPAN("\xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82"),
	    SUBJECT_REPLY_MARK },			/* otvet */
	{ SPAN("\xe5\x9b\x9e\xe5\xa4\x8d"), SUBJECT_REPLY_MARK }, /* huifu */
	{ SPAN("\xe7\xad\x94\xe5\xa4\x8d"), SUBJECT_REPLY_MARK }, /* dafu */
	{ SPAN("fwd"), SUBJECT_FORWARD_MARK },
	{ SPAN("fw"), SUBJECT_FORWARD_MARK },
	{ SPAN("wg"), SUBJECT_FORWARD_MARK },
	{ SPAN("vb"), SUBJECT_FORWARD_MARK },
	{ SPAN("enc"), SUBJECT_FORWARD_MARK },
	{ SPAN("tr"), SUBJECT_FORWARD_MARK },
	{ SPAN("trs"), SUBJECT_FORWARD_MARK },
	{ SPAN("teruskan"), SUBJECT_FORWARD_MARK },
	{ SPAN("\xe8\xbd\xac\xe5\x8f\x91"), SUBJECT_FORWARD_MARK }, /* zhuanfa */
};

static bool
is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/* Cuts the next character off *s; an invalid byte is U+FFFD. */
static ucs4_t
take_char(struct span *s)
{
	ucs4_t c;
	int n = u8_mbtoucr(&c, (const uint8_t *)s->p, s->n);

	if (n <= 0)
		c = REPLACEMENT;
	span_take(s, n > 0 ? (size_t)n : 1);
	return c;
}

static bool
take_word(struct span *s, struct span word)
{
	struct span rest = *s;

	while (word.n > 0)
		if (rest.n == 0 ||
		    uc_tolower(take_char(&rest)) != take_char(&word))
			return false;
	*s = rest;
	return true;
}

/* Tells most words apart by their first letter. */
static bool
may_be_word(struct span s, struct span word)
{
	char c = s.n ? s.p[0] : '\0';

	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return !is_ascii(c) || c == word.p[0];
}

static void
skip_any(struct span *s, const char *of)
{
	while (s->n > 0 && s->p[0] && strchr(of, s->p[0]))
		span_take(s, 1);
}

/* "[blob]" with the space behind it. */
static bool
take_blob(struct span *s)
{
	size_t n = 1;

	if (s->n == 0 || s->p[0] != '[')
		return false;
	while (n < s->n && s->p[n] != '[' && s->p[n] != ']')
		n++;
	if (n == s->n || s->p[n] == '[')
		return false;
	span_take(s, n + 1);
	skip_any(s, " \t");
	return true;
}

static bool
take_colon(struct span *s)
{
	static const struct span colons[] = {
		SPAN(":"), SPAN("\xef\xbc\x9a"),	/* the full-width one */
	};

	for (size_t i = 0; i < ARRAY_LEN(colons); i++)
		if (span_starts(*s, colons[i])) {
			span_take(s, colons[i].n);
			return true;
		}
	return false;
}

enum subject_mark
subject_take_mark(struct span *s)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		struct span rest = *s;

		if (!may_be_word(rest, marks[i].word) ||
		    !take_word(&rest, marks[i].word))
			continue;
		skip_any(&rest, " \t");
		if (!take_blob(&rest))
			skip_any(&rest, "^0123456789 \t");
		if (take_colon(&rest)) {
			*s = rest;
			return marks[i].mark;
		}
	}
	return SUBJECT_NO_MARK;
}

static bool
is_space(ucs4_t c)
{
	return c <= 0x20 || c == 0x7f ||
	    (c > 0x7f && uc_is_property_white_space(c));
}

/* Such as the direction marks that some programs write before "Re:". */
static bool
is_invisible(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cf);
}

static void
put_char(struct buf *out, ucs4_t c)
{
	uint8_t octets[6];
	int n = u8_uctomb(octets, c, sizeof octets);

	bug_on(n <= 0);
	buf_put(out, (struct span){ (const char *)octets, (size_t)n });
}

/* The same as put_plain for what is ASCII at the front; cuts it off *s. */
static void
put_ascii(struct buf *out, struct span *s, bool *is_after_space)
{
	char *to = buf_room(out, s->n);
	size_t i, n = 0;

	if (!to)
		return;
	for (i = 0; i < s->n && is_ascii(s->p[i]); i++) {
		bool is_white = is_space((unsigned char)s->p[i]);

		if (!is_white || !*is_after_space)
			to[n++] = is_white ? ' ' : s->p[i];
		*is_after_space = is_white;
	}
	buf_grew(out, n);
	span_take(s, i);
}

/* Valid UTF-8, without white space at the front. */
static void
put_plain(struct buf *out, struct span s)
{
	bool is_after_space = true;

	put_ascii(out, &s, &is_after_space);
	while (s.n > 0) {
		ucs4_t c = take_char(&s);

		if (is_space(c)) {
			if (!is_after_space)
				buf_putc(out, ' ');
			is_after_space = true;
		} else if (!is_invisible(c)) {
			put_char(out, c);
			is_after_space = false;
		}
	}
}

static void
strip_trailers(struct span *s)
{
	for (;;) {
		*s = span_trim(*s);
		if (!span_ends(*s, SPAN_LIT("(fwd)")))
			return;
		s->n -= strlen("(fwd)");
	}
}

/*
 * Marks, each with the blobs before it; then the blobs before the text,
 * the last of which is the text when there is no other.  *first is the
 * first mark of all.
 */
static void
strip_leaders(struct span *s, enum subject_mark *first)
{
	for (;;) {
		struct span rest = *s, last = *s, before = *s;
		enum subject_mark mark;

		while (take_blob(&rest)) {
			last = before;
			before = rest;
		}
		mark = subject_take_mark(&rest);
		if (mark == SUBJECT_NO_MARK) {
			*s = rest.n > 0 ? rest : last;
			return;
		}
		*s = span_trim(rest);
		if (*first == SUBJECT_NO_MARK)
			*first = mark;
	}
}

static bool
take_off_frame(struct span *s, enum subject_mark *first)
{
	static const struct span head = SPAN("[fwd:");

	if (s->n <= head.n || !span_starts(*s, head) ||
	    !span_ends(*s, SPAN_LIT("]")))
		return false;
	span_take(s, head.n);
	s->n--;
	if (*first == SUBJECT_NO_MARK)
		*first = SUBJECT_FORWARD_MARK;
	return true;
}

bool
subject_base(struct buf *out, struct span subject)
{
	CLEANUP(buf_fini) struct buf plain = { 0 }, folded = { 0 };
	struct span s = text_cut(subject, SUBJECT_BASE_MAX);
	enum subject_mark first = SUBJECT_NO_MARK;

	put_plain(&plain, s);
	text_fold(&folded, buf_span(&plain));
	s = text_cut(buf_span(&folded), SUBJECT_BASE_MAX);
	do {
		strip_trailers(&s);
		strip_leaders(&s, &first);
	} while (take_off_frame(&s, &first));
	buf_put(out, s);
	return first == SUBJECT_REPLY_MARK;
}
