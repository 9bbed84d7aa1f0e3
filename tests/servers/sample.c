/* SPDX-License-Identifier: MIT */
/*
 * Writes the letters of the demo: some hundred believable ones, the same
 * every time but for their dates, which end at NOW.
 *
 *   sample fill DIR NOW     Maildirs DIR/kerja, DIR/kerja/.Proyek, DIR/rumah
 *   sample letter K NOW     the K-th letter that arrives later, on stdout
 *
 * Threads, HTML, attachments, pictures, Indonesian, Japanese, emoji; what
 * is written here is what a real mailbox would hold, encoded as real
 * programs do it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/crc32c.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "tests/servers/sample_text.h"

enum { LINE = 76 };

static void
put_base64(struct buf *out, struct span in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t column = 0;

	while (in.n) {
		struct span three = span_take(&in, 3);
		uint32_t v = 0;

		for (size_t i = 0; i < 3; i++)
			v = v << 8 | (i < three.n ? (uint8_t)three.p[i] : 0);
		for (size_t i = 0; i < 4; i++)
			buf_putc(out, i <= three.n ?
			    digits[v >> (18 - 6 * i) & 63] : '=');
		column += 4;
		if (column >= LINE || in.n == 0) {
			buf_putc(out, '\n');
			column = 0;
		}
	}
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* One encoded word for each stretch of 30 octets, cut between characters. */
static void
put_header_text(struct buf *out, const char *text)
{
	struct span rest = span_of(text);
	const char *gap = "";

	if (is_ascii(rest)) {
		buf_puts(out, text);
		return;
	}
	while (rest.n) {
		size_t n = rest.n < 30 ? rest.n : 30;

		while (n < rest.n && ((unsigned char)rest.p[n] & 0xc0) == 0x80)
			n--;
		buf_printf(out, "%s=?UTF-8?B?", gap);
		put_base64(out, span_take(&rest, n));
		out->n--;	/* the line end */
		buf_puts(out, "?=");
		gap = "\n ";
	}
}

static void
put_mailbox(struct buf *out, const struct person *p)
{
	put_header_text(out, p->name);
	buf_printf(out, " <%s>", p->addr);
}

static void
put_be32(struct buf *out, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_putc(out, (char)(v >> shift));
}

static uint32_t
png_crc(struct span s)
{
	uint32_t c = UINT32_MAX;

	for (size_t i = 0; i < s.n; i++) {
		c ^= (uint8_t)s.p[i];
		for (int k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
	}
	return ~c;
}

static void
put_chunk(struct buf *out, const char *type, struct span body)
{
	CLEANUP(buf_fini) struct buf chunk = { 0 };

	buf_puts(&chunk, type);
	buf_put(&chunk, body);
	put_be32(out, (uint32_t)body.n);
	buf_put(out, buf_span(&chunk));
	put_be32(out, png_crc(buf_span(&chunk)));
}

/* A picture of a volcano at dusk: 64 x 48, 8-bit RGB, stored blocks. */
static void
put_picture(struct buf *out)
{
	enum { W = 64, H = 48, ROW = 1 + 3 * W };
	CLEANUP(buf_fini) struct buf head = { 0 }, raw = { 0 }, z = { 0 };
	uint32_t a = 1, b = 0;

	for (int y = 0; y < H; y++) {
		buf_putc(&raw, 0);
		for (int x = 0; x < W; x++) {
			int slope = x < W / 2 ? x : W - x;
			bool is_hill = y > H - slope;
			int rgb[3] = { is_hill ? 40 : 250 - 3 * y,
				is_hill ? 50 : 120 + y, is_hill ? 70 : 90 + 3 * y };

			for (int k = 0; k < 3; k++)
				buf_putc(&raw, (char)rgb[k]);
		}
	}
	put_be32(&head, W);
	put_be32(&head, H);
	buf_put(&head, (struct span){ "\x08\x02\0\0\0", 5 });
	for (size_t i = 0; i < raw.n; i++) {
		a = (a + (uint8_t)raw.p[i]) % 65521;
		b = (b + a) % 65521;
	}
	buf_put(&z, (struct span){ "\x78\x01\x01", 3 });
	buf_putc(&z, (char)(raw.n & 0xff));
	buf_putc(&z, (char)(raw.n >> 8));
	buf_putc(&z, (char)(~raw.n & 0xff));
	buf_putc(&z, (char)(~raw.n >> 8 & 0xff));
	buf_put(&z, buf_span(&raw));
	put_be32(&z, b << 16 | a);
	buf_put(out, (struct span){ "\x89PNG\r\n\x1a\n", 8 });
	put_chunk(out, "IHDR", buf_span(&head));
	put_chunk(out, "IDAT", buf_span(&z));
	put_chunk(out, "IEND", (struct span){ "", 0 });
}

static void
put_text_part(struct buf *out, const char *type, const char *text)
{
	buf_printf(out, "Content-Type: %s; charset=UTF-8\n", type);
	if (is_ascii(span_of(text))) {
		buf_puts(out, "\n");
		buf_puts(out, text);
	} else {
		buf_puts(out, "Content-Transfer-Encoding: base64\n\n");
		put_base64(out, span_of(text));
	}
	buf_puts(out, "\n");
}

static void
put_attachment(struct buf *out, const struct attachment *a)
{
	CLEANUP(buf_fini) struct buf content = { 0 };

	if (a->is_picture) {
		put_picture(&content);
	} else {
		for (int i = 0; i < 40; i++)
			buf_puts(&content, a->text);
	}
	buf_printf(out, "Content-Type: %s; name=\"", a->type);
	put_header_text(out, a->name);
	buf_puts(out, "\"\nContent-Disposition: attachment; filename=\"");
	put_header_text(out, a->name);
	buf_puts(out, "\"\nContent-Transfer-Encoding: base64\n\n");
	put_base64(out, buf_span(&content));
}

static void
put_alternatives(struct buf *out, const struct sample *s, const char *boundary)
{
	buf_printf(out, "Content-Type: multipart/alternative; "
	    "boundary=\"%s\"\n\n--%s\n", boundary, boundary);
	put_text_part(out, "text/plain", s->text);
	buf_printf(out, "\n--%s\n", boundary);
	put_text_part(out, "text/html", s->html);
	buf_printf(out, "\n--%s--\n", boundary);
}

static void
put_body(struct buf *out, const struct sample *s, unsigned number)
{
	CLEANUP(cleanup_free) char *outer = xasprintf("=_surat_%u", number);
	CLEANUP(cleanup_free) char *inner = xasprintf("=_surat_%u_alt", number);

	if (s->attachment) {
		buf_printf(out, "Content-Type: multipart/mixed; "
		    "boundary=\"%s\"\n\n--%s\n", outer, outer);
		if (s->html)
			put_alternatives(out, s, inner);
		else
			put_text_part(out, "text/plain", s->text);
		buf_printf(out, "\n--%s\n", outer);
		put_attachment(out, s->attachment);
		buf_printf(out, "\n--%s--\n", outer);
	} else if (s->html) {
		put_alternatives(out, s, inner);
	} else {
		put_text_part(out, "text/plain", s->text);
	}
}

static void
put_id(struct buf *out, unsigned number)
{
	buf_printf(out, "<%08x.%u@surat.example>",
	    crc32c(number, SPAN_LIT("id")), number);
}

/* The whole letter.  parent 0: it begins a thread. */
static void
put_letter(struct buf *out, const struct sample *s, unsigned number,
    unsigned parent, unsigned root, int64_t date)
{
	buf_puts(out, "From: ");
	put_mailbox(out, s->from);
	buf_puts(out, "\nTo: ");
	put_mailbox(out, s->to);
	if (s->cc) {
		buf_puts(out, "\nCc: ");
		put_mailbox(out, s->cc);
	}
	buf_puts(out, "\nSubject: ");
	put_header_text(out, s->subject);
	buf_puts(out, "\nDate: ");
	date_put_rfc5322(out, date, s->zone_min);
	buf_puts(out, "\nMessage-ID: ");
	put_id(out, number);
	if (parent) {
		buf_puts(out, "\nIn-Reply-To: ");
		put_id(out, parent);
		buf_puts(out, "\nReferences: ");
		if (root && root != parent) {
			put_id(out, root);
			buf_puts(out, "\n ");
		}
		put_id(out, parent);
	}
	if (s->list)
		buf_printf(out, "\nList-Id: <%s>", s->list);
	buf_puts(out, "\nMIME-Version: 1.0\n");
	put_body(out, s, number);
}

static void
make_dir(const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		perror(path);
		exit(1);
	}
}

static void
make_maildir(const char *dir)
{
	static const char *const parts[] = { "", "/cur", "/new", "/tmp" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s%s", dir,
		    parts[i]);

		make_dir(path);
	}
}

static void
write_letter(const char *dir, struct span letter, unsigned number,
    int64_t date, const char *flags)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/cur/%" PRId64
	    ".%u.sample:2,%s", dir, date, number, flags);
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "w");

	if (!f || fwrite(letter.p, 1, letter.n, f) != letter.n) {
		perror(path);
		exit(1);
	}
}

static const char *
folder_of(const struct sample *s)
{
	switch (s->place) {
	case AT_KERJA:
		return "kerja";
	case AT_PROYEK:
		return "kerja/.Proyek";
	case AT_ALFA:
		return "kerja/.Proyek.Alfa";
	case AT_ARSIP:
		return "kerja/.Arsip";
	case AT_RUMAH:
		return "rumah";
	}
	return "";
}

/* Maildir++ turns "/" of the IMAP name into "." on disk. */
static void
fill(const char *dir, int64_t now)
{
	static const char *const folders[] = { "kerja", "kerja/.Proyek",
		"kerja/.Proyek.Alfa", "kerja/.Arsip", "rumah" };
	unsigned roots[SAMPLE_THREADS_MAX] = { 0 };
	unsigned lasts[SAMPLE_THREADS_MAX] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
		    folders[i]);

		make_maildir(path);
	}
	for (unsigned i = 0; i < sample_count(); i++) {
		CLEANUP(buf_fini) struct buf letter = { 0 };
		CLEANUP(cleanup_free) char *path = NULL;
		struct sample s = sample_get(i);
		int64_t date = now - (int64_t)s.age_min * 60;

		put_letter(&letter, &s, i + 1, lasts[s.thread],
		    roots[s.thread], date);
		if (s.thread) {
			if (!roots[s.thread])
				roots[s.thread] = i + 1;
			lasts[s.thread] = i + 1;
		}
		path = xasprintf("%s/%s", dir, folder_of(&s));
		write_letter(path, buf_span(&letter), i + 1, date, s.flags);
	}
}

static void
print_later(unsigned k, int64_t now)
{
	CLEANUP(buf_fini) struct buf letter = { 0 };
	struct sample s = sample_later(k);

	put_letter(&letter, &s, 100000 + (unsigned)now % 1000000 + k, 0, 0, now);
	fwrite(letter.p, 1, letter.n, stdout);
}

int
main(int argc, char **argv)
{
	uint64_t k = 0, now = 0;

	if (argc == 4 && span_u64(span_of(argv[3]), &now)) {
		if (strcmp(argv[1], "fill") == 0) {
			make_dir(argv[2]);
			fill(argv[2], (int64_t)now);
			return 0;
		}
		if (strcmp(argv[1], "letter") == 0 &&
		    span_u64(span_of(argv[2]), &k)) {
			print_later((unsigned)k, (int64_t)now);
			return fflush(stdout) != 0;
		}
	}
	fputs("usage: sample fill DIR NOW | sample letter K NOW\n", stderr);
	return 64;
}
