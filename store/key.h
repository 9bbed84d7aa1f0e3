/* SPDX-License-Identifier: MIT */
/*
 * Keys of tables, put together part by part; schema.h says which.  Private
 * to store/.
 */
#pragma once

#include "base/span.h"

enum { KEY_MAX = 80, SHA256_OCTETS = 32 };

struct key {
	size_t n;
	char p[KEY_MAX];
};

/* Dates in keys: the years -15,000 to 19,000.  Others are cut before. */
#define KEY_DATE_MIN (-(INT64_C(1) << 39))
#define KEY_DATE_MAX ((INT64_C(1) << 39) - 1)

void key_u8(struct key *k, uint8_t v);
/* Numbers: 1 octet below 240, up to 9; in the order of the numbers. */
void key_u32(struct key *k, uint32_t v);
void key_u64(struct key *k, uint64_t v);
/* 8 octets: for what is random anyway. */
void key_hash(struct key *k, uint64_t v);
/* 4 and 8 octets, high end first: the numbers in the bodies' tables. */
void key_fixed32(struct key *k, uint32_t v);
void key_fixed64(struct key *k, uint64_t v);
/* 5 octets.  Dates before 1970 sort before the others. */
void key_date(struct key *k, int64_t date);
/* The latest first. */
void key_date_down(struct key *k, int64_t date);
void key_bytes(struct key *k, struct span s);

static inline int64_t
key_date_cut(int64_t date)
{
	if (date < KEY_DATE_MIN)
		return KEY_DATE_MIN;
	return date > KEY_DATE_MAX ? KEY_DATE_MAX : date;
}

static inline struct span
key_span(const struct key *k)
{
	return (struct span){ k->p, k->n };
}

static inline struct key
key_of_u32(uint32_t v)
{
	struct key k = { 0 };

	key_u32(&k, v);
	return k;
}

static inline struct key
key_of_u64(uint64_t v)
{
	struct key k = { 0 };

	key_u64(&k, v);
	return k;
}

/* The other way: cut the next part off *s; 0 when it is too short. */
uint8_t key_take_u8(struct span *s);
uint32_t key_take_u32(struct span *s);
uint64_t key_take_u64(struct span *s);
uint64_t key_take_hash(struct span *s);
uint32_t key_take_fixed32(struct span *s);
uint64_t key_take_fixed64(struct span *s);
int64_t key_take_date(struct span *s);
int64_t key_take_date_down(struct span *s);

void key_sha256(struct span s, char out[SHA256_OCTETS]);
/* The first 64 bits of the SHA-256: where a collision does no harm. */
uint64_t key_hash64(struct span s);
