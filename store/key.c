/* SPDX-License-Identifier: MIT */
#include "store/key.h"

#include <nettle/sha2.h>

#include "base/bug.h"

enum { DATE_OCTETS = 5 };

static void
put_be(struct key *k, uint64_t v, size_t octets)
{
	bug_on(k->n + octets > KEY_MAX);
	for (size_t i = octets; i-- > 0; v >>= 8)
		k->p[k->n + i] = (char)(v & 0xff);
	k->n += octets;
}

static uint64_t
take_be(struct span *s, size_t octets)
{
	struct span part = span_take(s, octets);
	uint64_t v = 0;

	if (part.n < octets)
		return 0;
	for (size_t i = 0; i < octets; i++)
		v = v << 8 | (unsigned char)part.p[i];
	return v;
}

/*
 * A number below SHORT is its own octet; another one has an octet that says
 * how many follow (SHORT: one), then those, high end first.  More octets are
 * a larger number, so the order of octets is the order of numbers.
 */
enum { SHORT = 0xf0 };

void
key_u8(struct key *k, uint8_t v)
{
	put_be(k, v, 1);
}

void
key_u32(struct key *k, uint32_t v)
{
	key_u64(k, v);
}

void
key_u64(struct key *k, uint64_t v)
{
	size_t octets = 1;

	if (v < SHORT) {
		put_be(k, v, 1);
		return;
	}
	while (octets < 8 && v >> 8 * octets)
		octets++;
	put_be(k, SHORT + octets - 1, 1);
	put_be(k, v, octets);
}

void
key_hash(struct key *k, uint64_t v)
{
	put_be(k, v, 8);
}

void
key_fixed32(struct key *k, uint32_t v)
{
	put_be(k, v, 4);
}

void
key_fixed64(struct key *k, uint64_t v)
{
	put_be(k, v, 8);
}

void
key_date(struct key *k, int64_t date)
{
	bug_on(date < KEY_DATE_MIN || date > KEY_DATE_MAX);
	put_be(k, (uint64_t)(date - KEY_DATE_MIN), DATE_OCTETS);
}

void
key_date_down(struct key *k, int64_t date)
{
	bug_on(date < KEY_DATE_MIN || date > KEY_DATE_MAX);
	put_be(k, (uint64_t)(KEY_DATE_MAX - date), DATE_OCTETS);
}

void
key_bytes(struct key *k, struct span s)
{
	bug_on(s.n > KEY_MAX - k->n);
	if (s.n)
		memcpy(k->p + k->n, s.p, s.n);
	k->n += s.n;
}

uint8_t
key_take_u8(struct span *s)
{
	return (uint8_t)take_be(s, 1);
}

uint32_t
key_take_u32(struct span *s)
{
	uint64_t v = key_take_u64(s);

	return v <= UINT32_MAX ? (uint32_t)v : 0;
}

uint64_t
key_take_u64(struct span *s)
{
	uint64_t first = take_be(s, 1);

	if (first < SHORT)
		return first;
	return first < SHORT + 8 ? take_be(s, first - SHORT + 1) : 0;
}

uint64_t
key_take_hash(struct span *s)
{
	return take_be(s, 8);
}

uint32_t
key_take_fixed32(struct span *s)
{
	return (uint32_t)take_be(s, 4);
}

uint64_t
key_take_fixed64(struct span *s)
{
	return take_be(s, 8);
}

int64_t
key_take_date(struct span *s)
{
	return (int64_t)take_be(s, DATE_OCTETS) + KEY_DATE_MIN;
}

int64_t
key_take_date_down(struct span *s)
{
	return KEY_DATE_MAX - (int64_t)take_be(s, DATE_OCTETS);
}

void
key_sha256(struct span s, char out[SHA256_OCTETS])
{
	struct sha256_ctx ctx;
	uint8_t digest[SHA256_OCTETS];

	sha256_init(&ctx);
	sha256_update(&ctx, s.n, (const uint8_t *)s.p);
	sha256_digest(&ctx, sizeof digest, digest);
	memcpy(out, digest, sizeof digest);
}

uint64_t
key_hash64(struct span s)
{
	char digest[SHA256_OCTETS];
	struct span all = { digest, sizeof digest };

	key_sha256(s, digest);
	return key_take_hash(&all);
}
