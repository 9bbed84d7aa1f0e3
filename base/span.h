/* SPDX-License-Identifier: MIT */
/*
 * A view of bytes that somebody else owns.  Not NUL-terminated.  Passed by
 * value; an empty span may have p == NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *p;
	size_t n;
};

/* A span over a string literal, usable in static initialisers. */
#define SPAN(literal) { (literal), sizeof(literal) - 1 }
#define SPAN_LIT(literal) ((struct span)SPAN(literal))

/* For printf's "%.*s"; only for bytes that are known to be harmless. */
#define SPAN_ARG(s) (int)(s).n, (s).n ? (s).p : ""

/* A span over a NUL-terminated string; NULL gives the empty span. */
static inline struct span
span_of(const char *s)
{
	return (struct span){ s, s ? strlen(s) : 0 };
}

/* Cuts the first n bytes (or all, when fewer) off *s and returns them. */
static inline struct span
span_take(struct span *s, size_t n)
{
	struct span head = { s->p, n < s->n ? n : s->n };

	if (head.n) {
		s->p += head.n;
		s->n -= head.n;
	}
	return head;
}

/* What is left after the first n bytes; empty when there are fewer. */
static inline struct span
span_skip(struct span s, size_t n)
{
	span_take(&s, n);
	return s;
}

bool span_eq(struct span a, struct span b);
/* Equality that ignores the case of ASCII letters. */
bool span_ieq(struct span a, struct span b);
bool span_starts(struct span s, struct span prefix);
bool span_istarts(struct span s, struct span prefix);
bool span_ends(struct span s, struct span suffix);
/* Byte order, shorter first on a common prefix: <0, 0, >0. */
int span_cmp(struct span a, struct span b);
/* Index of the byte or of the first occurrence; SIZE_MAX when absent. */
size_t span_chr(struct span s, char c);
size_t span_find(struct span s, struct span needle);
size_t span_ifind(struct span s, struct span needle);
/* Without ASCII space, tab, CR and LF at both ends. */
struct span span_trim(struct span s);
/*
 * Cuts the next field ending at sep (or at the end) off *s, sep dropped.
 * Returns false when *s was empty.
 */
bool span_split(struct span *s, char sep, struct span *field);
/* Whole span as a decimal number; false on any other byte or overflow. */
bool span_u64(struct span s, uint64_t *out);
bool span_u32(struct span s, uint32_t *out);
/* NUL-terminated copy; the caller frees. */
char *span_dup(struct span s);
