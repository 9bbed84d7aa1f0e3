/* SPDX-License-Identifier: MIT */
#include "src/core/imap_names.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/imap_name.h"
#include "src/core/imap_private.h"

void
imap_names_key(const struct imap_session *s, struct span wire,
    struct buf *out)
{
	if (!imap_is_utf8(s->imap) || !text_is_utf8(wire) ||
	    !imap_name_encode(out, wire))
		buf_put(out, wire);
}

/* A key that is no modified UTF-7 was sent as it is, and goes back so. */
void
imap_names_wire(const struct imap_session *s, struct span key,
    struct buf *out)
{
	CLEANUP(buf_fini) struct buf utf8 = { 0 };
	CLEANUP(buf_fini) struct buf again = { 0 };

	if (imap_is_utf8(s->imap)) {
		imap_name_decode(&utf8, key);
		if (imap_name_encode(&again, buf_span(&utf8)) &&
		    span_eq(buf_span(&again), key)) {
			buf_put(out, buf_span(&utf8));
			return;
		}
	}
	buf_put(out, key);
}

/* No part between delimiters is empty. */
static bool
has_good_parts(struct span name, char delimiter)
{
	bool is_empty = true;

	for (size_t i = 0; i < name.n; i++) {
		bool is_end = delimiter && name.p[i] == delimiter;

		if (is_end && is_empty)
			return false;
		is_empty = is_end;
	}
	return !is_empty;
}

bool
imap_names_encode(const struct imap_session *s, struct span title,
    struct buf *out)
{
	CLEANUP(buf_fini) struct buf name = { 0 };
	CLEANUP(buf_fini) struct buf key = { 0 };
	const struct worker_names *names = &s->worker->names;
	struct span prefix = buf_span(&names->prefix);

	for (size_t i = 0; i < title.n; i++)
		buf_putc(&name, title.p[i] == '/' && names->delimiter ?
		    names->delimiter : title.p[i]);
	if (!has_good_parts(buf_span(&name), names->delimiter) ||
	    !imap_name_encode(&key, buf_span(&name)))
		return false;
	if (!span_starts(buf_span(&key), prefix))
		buf_put(out, prefix);
	buf_put(out, buf_span(&key));
	return out->n <= IMAP_NAME_MAX;
}
