/* SPDX-License-Identifier: MIT */
#include "protocol/imap_command.h"

#include <stdlib.h>
#include <unistr.h>

#include "base/xalloc.h"
#include "protocol/secret.h"

struct imap_command *
imap_command_new(enum imap_verb verb)
{
	struct imap_command *c = xcalloc(1, sizeof *c);

	c->verb = verb;
	return c;
}

void
imap_command_free(struct imap_command *c)
{
	if (!c)
		return;
	secret_fini(&c->text);
	buf_fini(&c->mailbox);
	uidset_fini(&c->asked);
	uidset_fini(&c->modified);
	imap_pairs_fini(&c->pairs);
	buf_fini(&c->words);
	free(c);
}

void
imap_command_puts(struct imap_command *c, const char *s)
{
	buf_puts(&c->text, s);
}

static bool
is_atom_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
}

static bool
is_plain_atom(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_atom_char(s.p[i]))
			return false;
	return s.n != 0 && !span_ieq(s, SPAN_LIT("NIL"));
}

/* RFC 6855 3: UTF-8 may be quoted, if that is what it is. */
static bool
is_quotable(struct span s, bool may_be_utf8)
{
	bool is_ascii = true;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == 0x7f || s.p[i] == '"' || s.p[i] == '\\')
			return false;
		is_ascii &= (unsigned char)s.p[i] < 0x80;
	}
	return is_ascii || (may_be_utf8 &&
	    !u8_check((const uint8_t *)s.p, s.n));
}

static bool
has_line_end(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0')
			return true;
	return false;
}

/* "{n}" or "{n+}" CRLF; a wait where the server must say "+" first. */
static void
literal_head(struct imap_command *c, uint64_t octets, bool is_sync)
{
	buf_printf(&c->text, is_sync ? "{%ju}\r\n" : "{%ju+}\r\n",
	    (uintmax_t)octets);
	if (!is_sync)
		return;
	if (c->nwaits == IMAP_WAITS_MAX) {
		c->is_unsayable = true;
		return;
	}
	c->waits[c->nwaits++] = c->text.n;
}

void
imap_command_string(struct imap_command *c, struct span s,
    uint64_t capabilities, bool may_be_atom)
{
	if (has_line_end(s)) {
		c->is_unsayable = true;
	} else if (may_be_atom && is_plain_atom(s)) {
		buf_put(&c->text, s);
	} else if (is_quotable(s, capabilities & IMAP_CAP_UTF8_ACCEPT)) {
		buf_putc(&c->text, '"');
		buf_put(&c->text, s);
		buf_putc(&c->text, '"');
	} else {
		literal_head(c, s.n, !(capabilities & IMAP_CAP_LITERAL_PLUS) &&
		    (!(capabilities & IMAP_CAP_LITERAL_MINUS) ||
		    s.n > IMAP_LITERAL_SHORT));
		buf_put(&c->text, s);
	}
}

void
imap_command_mailbox(struct imap_command *c, struct span name,
    uint64_t capabilities)
{
	if (name.n == 0 || name.n > IMAP_NAME_MAX)
		c->is_unsayable = true;
	else
		imap_command_string(c, name, capabilities, true);
}

void
imap_command_text(struct imap_command *c, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			c->is_unsayable = true;
	buf_put(&c->text, s);
}

void
imap_command_append(struct imap_command *c, const struct imap_command *other)
{
	for (unsigned i = 0; i < other->nwaits; i++) {
		if (c->nwaits == IMAP_WAITS_MAX)
			c->is_unsayable = true;
		else
			c->waits[c->nwaits++] = c->text.n + other->waits[i];
	}
	buf_put(&c->text, buf_span(&other->text));
}

void
imap_command_atom(struct imap_command *c, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' ||
		    memchr("(){%*\"\\]", s.p[i], 8))
			c->is_unsayable = true;
	if (s.n == 0)
		c->is_unsayable = true;
	buf_put(&c->text, s);
}

void
imap_command_flags(struct imap_command *c, uint32_t flags,
    const struct span *keywords, size_t nkeywords)
{
	const char *blank = "";

	buf_putc(&c->text, '(');
	for (unsigned i = 0; i < FLAG_COUNT; i++) {
		if (!(flags & 1u << i))
			continue;
		buf_puts(&c->text, blank);
		buf_puts(&c->text, flag_imap_name(1u << i));
		blank = " ";
	}
	for (size_t i = 0; i < nkeywords; i++) {
		buf_puts(&c->text, blank);
		imap_command_atom(c, keywords[i]);
		blank = " ";
	}
	buf_putc(&c->text, ')');
}

/*
 * A long letter always waits for "+": to hear in time that the server does
 * not want it is worth the round trip.  RFC 7888 5.
 */
void
imap_command_data(struct imap_command *c, uint64_t size,
    uint64_t capabilities)
{
	bool is_sync = size > IMAP_LITERAL_SHORT || !(capabilities &
	    (IMAP_CAP_LITERAL_PLUS | IMAP_CAP_LITERAL_MINUS));

	literal_head(c, size, is_sync);
	c->is_alone = is_sync;
	c->has_data = true;
	c->data_left = size;
}

void
imap_command_set(struct imap_command *c, const struct uidset *uids,
    size_t *at, size_t rest)
{
	enum { RANGE = sizeof "4294967295:4294967295," };
	size_t first = *at;

	while (*at < uids->n && (*at == first ||
	    c->text.n + RANGE + rest <= IMAP_COMMAND_LINE)) {
		struct uid_range r = uids->ranges[*at];

		buf_printf(&c->text, *at > first ? ",%u" : "%u", r.first);
		if (r.last != r.first)
			buf_printf(&c->text, ":%u", r.last);
		++*at;
	}
}

void
imap_command_answer(struct imap_command *c, const struct imap_reply *reply)
{
	if (reply->status < c->status || (reply->status == c->status &&
	    c->code != IMAP_CODE_NONE))
		return;
	c->status = reply->status;
	c->code = reply->code;
	c->backoff_ms = reply->backoff_ms;
	buf_reset(&c->words);
	buf_put(&c->words, reply->text);
}

void
imap_command_modified(struct imap_command *c, const struct uidset *uids)
{
	for (size_t i = 0; i < uids->n; i++)
		uidset_add(&c->modified, uids->ranges[i].first,
		    uids->ranges[i].last);
}

void
imap_command_join(struct imap_command *to, struct imap_command *part)
{
	struct imap_reply reply = { .status = part->status,
		.code = part->code, .backoff_ms = part->backoff_ms,
		.text = buf_span(&part->words) };

	imap_command_answer(to, &reply);
	imap_pairs_join(&to->pairs, &part->pairs);
	imap_command_modified(to, &part->modified);
}
