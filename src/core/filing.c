/* SPDX-License-Identifier: MIT */
/* Copies of sent letters; see filing.h. */
#include "src/core/filing.h"

void
filing_queue(struct store_txn *t, const struct act *sent, int64_t now)
{
	const struct act copy = {
		.account = sent->account,
		.body = sent->body,
		.subject = sent->subject,
		.message_id = sent->message_id,
	};

	store_act_file(t, &copy, now);
}

bool
filing_put_search(struct buf *out, struct span message_id)
{
	if (message_id.n == 0 || message_id.n > 900)
		return false;
	for (size_t i = 0; i < message_id.n; i++) {
		char c = message_id.p[i];

		if (c <= ' ' || c > '~' || c == '"' || c == '\\')
			return false;
	}
	/* A search finds parts of words: 1@x is in 11@x, <1@x> is not. */
	buf_puts(out, "HEADER MESSAGE-ID \"<");
	buf_put(out, message_id);
	buf_puts(out, ">\"");
	return true;
}
