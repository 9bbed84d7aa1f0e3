/* SPDX-License-Identifier: MIT */
#include "ui/compose_mailto.h"

#include "base/i18n.h"
#include "base/text.h"
#include "mail/header.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent signs decoded; a bad one stays as it is. */
static struct span
decoded(struct span s, struct arena *arena)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	while (s.n) {
		if (s.p[0] == '%' && s.n > 2 && hex(s.p[1]) >= 0 &&
		    hex(s.p[2]) >= 0) {
			out[n++] = (char)(hex(s.p[1]) << 4 | hex(s.p[2]));
			span_take(&s, 3);
		} else {
			out[n++] = *span_take(&s, 1).p;
		}
	}
	return (struct span){ out, n };
}

/* A field is one line of UTF-8 without control characters. */
static bool
is_field(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return text_is_utf8(s);
}

/* CRLF as RFC 6068 writes them become LF; what is left of controls goes. */
static struct span
body_text(struct span s, struct arena *arena)
{
	char *out = arena_alloc(arena, s.n + 2);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= ' ' || s.p[i] == '\n' ||
		    s.p[i] == '\t')
			out[n++] = s.p[i];
	if (n && out[n - 1] != '\n')
		out[n++] = '\n';
	return text_is_utf8((struct span){ out, n }) ?
	    (struct span){ out, n } : (struct span){ 0 };
}

static void
add_addresses(struct addresses *to, struct span list, struct arena *arena)
{
	struct addresses more = header_decode_addresses(list, arena);
	struct address *all = arena_array(arena, to->n + more.n, sizeof *all);

	for (size_t i = 0; i < to->n + more.n; i++)
		all[i] = i < to->n ? to->list[i] : more.list[i - to->n];
	*to = (struct addresses){ all, to->n + more.n };
}

/* One "name=value" of the link. */
static enum err
take_field(struct span name, struct span value, struct arena *arena,
    struct draft *out, struct error *e)
{
	if (span_ieq(name, SPAN_LIT("body"))) {
		out->text = body_text(value, arena);
		return ERR_OK;
	}
	if (!is_field(value))
		return error_set(e, ERR_DATA,
		    _("the link hides a line end in a field"));
	if (span_ieq(name, SPAN_LIT("to")))
		add_addresses(&out->to, value, arena);
	else if (span_ieq(name, SPAN_LIT("cc")))
		add_addresses(&out->cc, value, arena);
	else if (span_ieq(name, SPAN_LIT("subject")))
		out->subject = value;
	else if (span_ieq(name, SPAN_LIT("in-reply-to")))
		out->in_reply_to = span_trim(value);
	return ERR_OK;
}

enum err
mailto_parse(struct span url, struct arena *arena, struct draft *out,
    struct error *e)
{
	struct span to, field, name;
	enum err err;

	*out = (struct draft){ 0 };
	if (!span_istarts(url, SPAN_LIT("mailto:")) || url.n > MAILTO_MAX)
		return error_set(e, ERR_DATA, _("this is no mailto: link"));
	span_take(&url, sizeof "mailto:" - 1);
	url.n = span_chr(url, '#') < url.n ? span_chr(url, '#') : url.n;
	to = span_take(&url, span_chr(url, '?'));
	err = take_field(SPAN_LIT("to"), decoded(to, arena), arena, out, e);
	span_take(&url, 1);
	while (!err && span_split(&url, '&', &field)) {
		name = span_take(&field, span_chr(field, '='));
		span_take(&field, 1);
		err = take_field(name, decoded(field, arena), arena, out, e);
	}
	/* "<id>" in the link; ids are kept bare. */
	if (span_starts(out->in_reply_to, SPAN_LIT("<")) &&
	    span_ends(out->in_reply_to, SPAN_LIT(">")))
		out->in_reply_to = (struct span){ out->in_reply_to.p + 1,
			out->in_reply_to.n - 2 };
	return err;
}
