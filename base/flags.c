/* SPDX-License-Identifier: MIT */
#include "base/flags.h"

#include "base/bug.h"

static const struct {
	const char *imap, *word;
} names[FLAG_COUNT] = {
	{ "\\Seen", "seen" },
	{ "\\Answered", "answered" },
	{ "\\Flagged", "flagged" },
	{ "\\Deleted", "deleted" },
	{ "\\Draft", "draft" },
	{ "$Forwarded", "forwarded" },
	{ "$Junk", "junk" },
	{ "$NotJunk", "notjunk" },
	{ "$MDNSent", "mdnsent" },
};

static size_t
index_of(uint32_t bit)
{
	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (bit == 1u << i)
			return i;
	bug_on(bit);
	return 0;
}

uint32_t
flag_from_imap(struct span name)
{
	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (span_ieq(name, span_of(names[i].imap)))
			return 1u << i;
	return 0;
}

const char *
flag_imap_name(uint32_t bit)
{
	return names[index_of(bit)].imap;
}

const char *
flag_word(uint32_t bit)
{
	return names[index_of(bit)].word;
}

uint32_t
flag_from_word(struct span word)
{
	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (span_ieq(word, span_of(names[i].word)))
			return 1u << i;
	return 0;
}
