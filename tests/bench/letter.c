/* SPDX-License-Identifier: MIT */
#include "tests/bench/letter.h"

#include <glib.h>
#include <inttypes.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "tests/bench/mailbox.h"

enum {
	LINE = 72, BASE64_LINE = 57,	/* octets before base64 */
	WORDS = 30000, ATTACHMENT_MAX = 120000,
};

static const char *const syllables[] = { "ba", "ka", "ra", "ta", "me", "pe",
	"se", "di", "ri", "li", "ku", "bu", "nga", "an", "kan", "per", "ber",
	"ter", "men", "is", "ing", "tion", "er", "al", "con", "the", "at",
	"en", "or", "st", "lo", "mi" };

/* Looks like chance and is not: splitmix64. */
static uint64_t
draw(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint32_t
below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(draw(state) % n);
}

/* Small numbers far more often than large ones, as sizes and words come. */
static uint32_t
skewed(uint64_t *state, uint32_t n)
{
	uint64_t u = below(state, 1 << 16), v = below(state, 1 << 16);

	return (uint32_t)((u * v >> 16) * (u * v >> 16) * n >> 32);
}

/* The same number is the same word. */
static void
put_word(struct buf *out, uint32_t number)
{
	uint64_t state = number;

	for (uint32_t n = 1 + below(&state, 3) + (number > 300); n > 0; n--)
		buf_puts(out, syllables[below(&state, ARRAY_LEN(syllables))]);
}

static void
put_prose(struct buf *out, uint64_t *state, size_t octets)
{
	size_t end = out->n + octets, line = out->n;

	while (out->n < end) {
		put_word(out, skewed(state, WORDS));
		if (out->n - line < LINE) {
			buf_putc(out, ' ');
			continue;
		}
		buf_puts(out, "\r\n");
		line = out->n;
	}
	buf_puts(out, ".\r\n");
}

/* RFC 2047 where a name is not ASCII. */
static void
put_name(struct buf *out, struct span name)
{
	bool is_ascii = true;

	for (size_t i = 0; i < name.n; i++)
		is_ascii = is_ascii && (unsigned char)name.p[i] < 0x80;
	if (is_ascii) {
		buf_put(out, name);
		return;
	}
	buf_puts(out, "=?UTF-8?Q?");
	for (size_t i = 0; i < name.n; i++)
		if (g_ascii_isalnum(name.p[i]))
			buf_putc(out, name.p[i]);
		else
			buf_printf(out, "=%02X", (unsigned char)name.p[i]);
	buf_puts(out, "?=");
}

static void
put_addresses(struct buf *out, const char *field, const struct addresses *all)
{
	for (size_t i = 0; i < all->n; i++) {
		buf_puts(out, i ? ",\r\n " : field);
		put_name(out, all->list[i].name);
		buf_printf(out, " <%.*s>", SPAN_ARG(all->list[i].addr));
	}
	buf_puts(out, "\r\n");
}

static void
put_base64(struct buf *out, const uint8_t *p, size_t n)
{
	CLEANUP(cleanup_free) char *all = g_base64_encode(p, n);
	struct span rest = span_of(all);

	while (rest.n) {
		buf_put(out, span_take(&rest, BASE64_LINE / 3 * 4));
		buf_puts(out, "\r\n");
	}
}

static void
put_noise(struct buf *out, uint64_t *state, size_t n)
{
	CLEANUP(buf_fini) struct buf noise = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_putc(&noise, (char)draw(state));
	put_base64(out, (const uint8_t *)noise.p, noise.n);
}

/* What servers write on top: not shown, but kept and sent. */
static void
put_trace(struct buf *out, uint64_t *state, int64_t date)
{
	for (uint32_t hops = 1 + below(state, 3); hops > 0; hops--) {
		buf_printf(out, "Received: from mx%u.kantor.example "
		    "(mx%u.kantor.example [192.0.2.%u])\r\n\tby "
		    "mail.kantor.example with ESMTPS id %012" PRIX64 ";\r\n\t",
		    below(state, 40), below(state, 40), below(state, 255),
		    draw(state) >> 16);
		date_put_rfc5322(out, date, 0);
		buf_puts(out, "\r\n");
	}
	buf_puts(out, "DKIM-Signature: v=1; a=rsa-sha256; s=k1;\r\n\tb=");
	put_noise(out, state, BASE64_LINE);
}

static void
put_header(struct buf *out, uint64_t *state, const struct envelope *e)
{
	put_trace(out, state, e->date);
	buf_puts(out, "Date: ");
	date_put_rfc5322(out, e->date, 420);
	put_addresses(out, "\r\nFrom: ", &e->from);
	put_addresses(out, "To: ", &e->to);
	buf_printf(out, "Subject: %.*s\r\nMessage-ID: <%.*s>\r\n",
	    SPAN_ARG(e->subject), SPAN_ARG(e->message_id));
	if (e->in_reply_to.n)
		buf_printf(out, "In-Reply-To: <%.*s>\r\n",
		    SPAN_ARG(e->in_reply_to));
	for (size_t i = 0; i < e->nreferences; i++)
		buf_printf(out, "%s <%.*s>\r\n", i ? "" : "References:",
		    SPAN_ARG(e->references[i]));
	if (below(state, 4) == 0)
		buf_printf(out, "List-Id: <list%u.kantor.example>\r\n"
		    "List-Unsubscribe: <https://kantor.example/l/%016" PRIx64
		    ">\r\n", below(state, 30), draw(state));
	buf_puts(out, "MIME-Version: 1.0\r\n");
}

static void
put_html(struct buf *out, uint64_t *state, size_t octets)
{
	size_t end = out->n + octets;

	buf_puts(out, "<html><head><style>p { margin: 0 }</style></head>"
	    "<body>\r\n");
	while (out->n < end) {
		buf_printf(out, "<table width=\"100%%\"><tr><td style=\"color: "
		    "#%06x; padding: %upx\">\r\n<p>", below(state, 1 << 24),
		    below(state, 20));
		put_prose(out, state, 300);
		buf_printf(out, "<a href=\"https://kantor.example/%016" PRIx64
		    "\">", draw(state));
		put_word(out, skewed(state, WORDS));
		buf_puts(out, "</a></p></td></tr></table>\r\n");
	}
	buf_puts(out, "</body></html>\r\n");
}

static void
put_text(struct buf *out, uint64_t *state, bool has_html)
{
	size_t octets = 400 + skewed(state, 20000);

	if (!has_html) {
		buf_puts(out, "Content-Type: text/plain; charset=utf-8\r\n"
		    "\r\n");
		put_prose(out, state, octets + below(state, 5000));
		return;
	}
	buf_puts(out, "Content-Type: multipart/alternative; "
	    "boundary=\"inner\"\r\n\r\n--inner\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n");
	put_prose(out, state, octets);
	buf_puts(out, "\r\n--inner\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n\r\n");
	put_html(out, state, 5000 + 2 * octets);
	buf_puts(out, "\r\n--inner--\r\n");
}

static void
put_real(struct buf *out, uint64_t *state)
{
	bool has_html = below(state, 10) < 6;

	if (below(state, 8)) {
		put_text(out, state, has_html);
		return;
	}
	buf_puts(out, "Content-Type: multipart/mixed; boundary=\"outer\"\r\n"
	    "\r\n--outer\r\n");
	put_text(out, state, has_html);
	buf_puts(out, "\r\n--outer\r\nContent-Type: application/pdf; "
	    "name=\"a.pdf\"\r\nContent-Disposition: attachment; "
	    "filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	put_noise(out, state, 8000 + skewed(state, ATTACHMENT_MAX));
	buf_puts(out, "\r\n--outer--\r\n");
}

void
letter_make(struct letter *letter, enum letter_kind kind, uint32_t i)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct mailbox box = { 0 };
	struct message_new m;
	uint64_t state = i;

	mailbox_message(&box, i, &arena, &m);
	letter->date = m.arrived;
	letter->is_seen = m.flags & FLAG_SEEN;
	buf_reset(&letter->text);
	put_header(&letter->text, &state, m.envelope);
	switch (kind) {
	case LETTER_SMALL:
		buf_puts(&letter->text, "Content-Type: text/plain; "
		    "charset=utf-8\r\n\r\n");
		put_prose(&letter->text, &state, 100 + below(&state, 600));
		break;
	case LETTER_REAL:
		put_real(&letter->text, &state);
		break;
	}
}

void
letter_fini(struct letter *letter)
{
	buf_fini(&letter->text);
}
