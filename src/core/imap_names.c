/* SPDX-License-Identifier: MIT */
#include "src/core/imap_names.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/imap_name.h"
#include "src/core/imap_private.h"

void
imap_names_decode(const struct imap_session *s, struct span raw,
    struct buf *out)
{
	if (imap_is_utf8(s->imap) && text_is_utf8(raw))
		buf_put(out, raw);
	else
		imap_name_decode(out, raw);
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
	struct span prefix = buf_span(&s->prefix);
	size_t before = out->n;

	for (size_t i = 0; i < title.n; i++)
		buf_putc(&name, title.p[i] == '/' && s->delimiter ?
		    s->delimiter : title.p[i]);
	if (!has_good_parts(buf_span(&name), s->delimiter))
		return false;
	if (imap_is_utf8(s->imap))
		buf_put(out, buf_span(&name));
	else if (!imap_name_encode(out, buf_span(&name)))
		return false;
	if (prefix.n && !span_starts(span_skip(buf_span(out), before), prefix)) {
		CLEANUP(buf_fini) struct buf tail = { 0 };

		buf_put(&tail, span_skip(buf_span(out), before));
		out->n = before;
		buf_put(out, prefix);
		buf_put(out, buf_span(&tail));
	}
	return out->n - before <= IMAP_NAME_MAX;
}
