/* SPDX-License-Identifier: MIT */
#include "store/record.h"

#include "base/bug.h"
#include "base/crc32c.h"

enum { NUMBER_MAX = 10 };	/* octets of 7 bits for 64 bits */

static void
put_le32(char *to, uint32_t v)
{
	for (int i = 0; i < 4; i++, v >>= 8)
		to[i] = (char)(v & 0xff);
}

static uint32_t
get_le32(const char *p)
{
	uint32_t v = 0;

	for (int i = 3; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* The CRC's own four octets are left out. */
static uint32_t
checksum(enum table table, struct span key, struct span value)
{
	char number = (char)table;
	uint32_t crc = crc32c(0, (struct span){ &number, 1 });

	crc = crc32c(crc, key);
	crc = crc32c(crc, (struct span){ value.p, 5 });
	return crc32c(crc, span_skip(value, RECORD_HEAD));
}

void
record_begin(struct buf *b, uint8_t version)
{
	char head[RECORD_HEAD] = { (char)version };

	buf_reset(b);
	buf_put(b, (struct span){ head, sizeof head });
}

void
record_put_u64(struct buf *b, uint64_t v)
{
	char *to = buf_room(b, NUMBER_MAX);
	size_t n = 0;

	if (!to)
		return;
	for (; v >= 0x80; v >>= 7)
		to[n++] = (char)(v | 0x80);
	to[n++] = (char)v;
	buf_grew(b, n);
}

void
record_put_i64(struct buf *b, int64_t v)
{
	uint64_t twice = (uint64_t)v << 1;

	record_put_u64(b, v < 0 ? ~twice : twice);
}

void
record_put_bool(struct buf *b, bool v)
{
	buf_putc(b, v);
}

void
record_put_span(struct buf *b, struct span s)
{
	record_put_u64(b, s.n);
	buf_put(b, s);
}

struct span
record_end(struct buf *b, enum table table, struct span key)
{
	bug_on(b->overflow || b->n < RECORD_HEAD || b->n > RECORD_MAX);
	put_le32(b->p + 1, (uint32_t)b->n);
	put_le32(b->p + 5, checksum(table, key, buf_span(b)));
	return buf_span(b);
}

bool
record_open(struct record *r, enum table table, struct span key,
    struct span value)
{
	*r = (struct record){ .is_bad = true };
	if (value.n < RECORD_HEAD || value.n > RECORD_MAX ||
	    get_le32(value.p + 1) != value.n ||
	    get_le32(value.p + 5) != checksum(table, key, value))
		return false;
	r->version = (uint8_t)value.p[0];
	r->left = span_skip(value, RECORD_HEAD);
	r->is_bad = false;
	return true;
}

uint64_t
record_u64(struct record *r)
{
	uint64_t v = 0;

	for (size_t i = 0; !r->is_bad && i < NUMBER_MAX && i < r->left.n; i++) {
		uint64_t octet = (unsigned char)r->left.p[i];

		if (i == NUMBER_MAX - 1 && octet > 1)
			break;
		v |= (octet & 0x7f) << 7 * i;
		if (octet < 0x80) {
			span_take(&r->left, i + 1);
			return v;
		}
	}
	r->is_bad = true;
	return 0;
}

uint32_t
record_upto(struct record *r, uint32_t max)
{
	uint64_t v = record_u64(r);

	if (v <= max)
		return (uint32_t)v;
	r->is_bad = true;
	return 0;
}

uint32_t
record_u32(struct record *r)
{
	return record_upto(r, UINT32_MAX);
}

int64_t
record_i64(struct record *r)
{
	uint64_t v = record_u64(r);

	return (int64_t)(v & 1 ? ~(v >> 1) : v >> 1);
}

bool
record_bool(struct record *r)
{
	return record_upto(r, 1) != 0;
}

struct span
record_span(struct record *r)
{
	uint64_t n = record_u64(r);

	if (r->is_bad || n > r->left.n) {
		r->is_bad = true;
		return (struct span){ 0 };
	}
	return span_take(&r->left, (size_t)n);
}

bool
record_is_done(const struct record *r)
{
	return !r->is_bad && r->left.n == 0;
}
