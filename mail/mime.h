/* SPDX-License-Identifier: MIT */
/*
 * The MIME structure of a multipart letter, by GMime, within limits.
 * Embedded letters are leaves here: who wants their parts asks again with
 * their content.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

struct mime_entity {
	unsigned depth;		/* 0: the multipart itself */
	bool is_multipart;
	/* Values of Content-Type, -Disposition, -Transfer-Encoding. */
	struct span type, disposition, encoding;
	struct span missing;	/* of X-Surat-Missing; see letter.h */
	struct span content;	/* as it is in the letter, still encoded */
};

struct mime_limits {
	unsigned depth, parts;
};

typedef void mime_each(void *ctx, const struct mime_entity *entity);

/*
 * Parses bytes, which begin with a Content-Type field of multipart/..., and
 * calls each for every entity in order of appearance.  Values live in the
 * arena, contents are borrowed from bytes.  False when a limit cut it short.
 */
bool mime_parse(struct span bytes, struct mime_limits limits,
    struct arena *arena, mime_each *each, void *ctx);
