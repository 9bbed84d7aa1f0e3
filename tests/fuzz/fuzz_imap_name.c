/* SPDX-License-Identifier: MIT */
/*
 * Mailbox names: whatever a server sends is shown as UTF-8, and what is
 * UTF-8 comes back from both ways as it was.
 */
#include <stdint.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/imap_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(buf_fini) struct buf shown = { 0 }, raw = { 0 }, again = { 0 };

	imap_name_decode(&shown, (struct span){ (const char *)p, n });
	bug_on(!text_is_utf8(buf_span(&shown)));
	bug_on(!imap_name_encode(&raw, buf_span(&shown)));
	imap_name_decode(&again, buf_span(&raw));
	bug_on(!span_eq(buf_span(&again), buf_span(&shown)));
	return 0;
}
