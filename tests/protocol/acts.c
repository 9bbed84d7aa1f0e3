/* SPDX-License-Identifier: MIT */
#include "acts.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"

static struct span
word(struct span *s)
{
	struct span w = { NULL, 0 };

	span_split(s, ' ', &w);
	return w;
}

static uint64_t
number(struct span *s)
{
	uint64_t v = 0;

	span_u64(word(s), &v);
	return v;
}

static struct uidset
set(struct span *s)
{
	struct uidset uids = { 0 };

	uidset_parse(&uids, word(s), 10000);
	return uids;
}

static void
act_store(struct imap *imap, struct span words)
{
	bool add = span_eq(word(&words), SPAN_LIT("+"));
	CLEANUP(uidset_fini) struct uidset uids = set(&words);
	struct span keywords[8], w;
	uint32_t flags = 0;
	size_t n = 0;

	while ((w = word(&words)).n) {
		flags |= flag_from_imap(w);
		if (!flag_from_imap(w))
			keywords[n++] = w;
	}
	imap_store(imap, &uids, add, flags, keywords, n, 0);
}

static void
act_body(struct imap *imap, const struct uidset *uids, struct span words,
    bool binary)
{
	struct span section = word(&words);
	uint64_t at = number(&words);

	if (span_eq(section, SPAN_LIT("-")))
		section.n = 0;
	imap_fetch_body(imap, uids, section, at, number(&words), binary);
}

static bool
act_on_set(struct imap *imap, struct span verb, struct span words)
{
	CLEANUP(uidset_fini) struct uidset uids = set(&words);

	if (span_eq(verb, SPAN_LIT("headers")))
		imap_fetch_headers(imap, &uids);
	else if (span_eq(verb, SPAN_LIT("flags")))
		imap_fetch_flags(imap, &uids, number(&words));
	else if (span_eq(verb, SPAN_LIT("structure")))
		imap_fetch_structure(imap, &uids);
	else if (span_eq(verb, SPAN_LIT("identity")))
		imap_fetch_identity(imap, &uids);
	else if (span_eq(verb, SPAN_LIT("expunge")))
		imap_uid_expunge(imap, &uids);
	else if (span_eq(verb, SPAN_LIT("move")))
		imap_move(imap, &uids, words);
	else if (span_eq(verb, SPAN_LIT("copy")))
		imap_copy(imap, &uids, words);
	else if (span_eq(verb, SPAN_LIT("body")))
		act_body(imap, &uids, words, false);
	else if (span_eq(verb, SPAN_LIT("binary")))
		act_body(imap, &uids, words, true);
	else
		return false;
	return true;
}

static void
act_find(struct imap *imap, struct span words)
{
	struct imap_search_query q = { .since = DATE_NONE,
		.before = DATE_NONE };
	struct span key = word(&words);

	if (span_eq(key, SPAN_LIT("from")))
		q.from = q.to = words;
	else if (span_eq(key, SPAN_LIT("subject")))
		q.subject = words;
	else if (span_eq(key, SPAN_LIT("text")))
		q.text = q.body = words;
	else if (span_eq(key, SPAN_LIT("gmail")))
		q.gmail_raw = words;
	else if (span_eq(key, SPAN_LIT("days")))
		q.since = 1795331645, q.before = q.since + 864000;
	else if (span_eq(key, SPAN_LIT("marks")))
		q.unseen = q.flagged = true;
	imap_search_text(imap, &q);
}

static bool
act_on_folder(struct imap *imap, struct span verb, struct span words)
{
	struct span from;
	unsigned role;
	bool on;

	if (span_eq(verb, SPAN_LIT("list"))) {
		imap_list_all(imap, words);
	} else if (span_eq(verb, SPAN_LIT("create"))) {
		role = (unsigned)number(&words);
		imap_create(imap, words, role);
	} else if (span_eq(verb, SPAN_LIT("rename"))) {
		from = word(&words);
		imap_rename(imap, from, words);
	} else if (span_eq(verb, SPAN_LIT("delete"))) {
		imap_delete(imap, words);
	} else if (span_eq(verb, SPAN_LIT("subscribe"))) {
		on = span_eq(word(&words), SPAN_LIT("+"));
		imap_subscribe(imap, words, on);
	} else if (span_eq(verb, SPAN_LIT("quota"))) {
		imap_quota(imap, words);
	} else {
		return false;
	}
	return true;
}

static void
act_append(struct imap *imap, struct span words, bool has_keyword)
{
	struct span keyword = has_keyword ? word(&words) : words;
	uint64_t size = has_keyword ? 1 : number(&words);

	imap_append(imap, words, has_keyword ? 0 : FLAG_SEEN, &keyword,
	    has_keyword, 1795331645, size);
}

static bool
act_on_mailbox(struct imap *imap, struct span verb, struct span words)
{
	struct imap_resync resync;

	if (span_eq(verb, SPAN_LIT("status"))) {
		imap_status(imap, words);
	} else if (span_eq(verb, SPAN_LIT("select"))) {
		imap_select(imap, words, false, NULL);
	} else if (span_eq(verb, SPAN_LIT("examine"))) {
		imap_select(imap, words, true, NULL);
	} else if (span_eq(verb, SPAN_LIT("resync"))) {
		resync.uidvalidity = (uint32_t)number(&words);
		resync.modseq = number(&words);
		imap_select(imap, words, false, &resync);
	} else if (span_eq(verb, SPAN_LIT("append"))) {
		act_append(imap, words, false);
	} else if (span_eq(verb, SPAN_LIT("append-with"))) {
		act_append(imap, words, true);
	} else {
		return false;
	}
	return true;
}

static uint32_t
notify(struct imap *imap)
{
	return imap_notify(imap, true);
}

static uint32_t
notify_later(struct imap *imap)
{
	return imap_notify(imap, false);
}

static bool
act_alone(struct imap *imap, struct span verb)
{
	static const struct {
		const char *verb;
		uint32_t (*act)(struct imap *);
	} acts[] = { { "lsub", imap_lsub }, { "noop", imap_noop },
		{ "namespace", imap_namespace }, { "idle", imap_idle },
		{ "unselect", imap_unselect }, { "logout", imap_logout },
		{ "notify", notify }, { "notify-later", notify_later },
		{ "expunge-all", imap_expunge } };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (!span_eq(verb, span_of(acts[i].verb)))
			continue;
		acts[i].act(imap);
		return true;
	}
	return false;
}

static void
act_store_unless(struct imap *imap, struct span words)
{
	uint64_t modseq = number(&words);
	CLEANUP(uidset_fini) struct uidset uids = set(&words);

	imap_store(imap, &uids, true, flag_from_imap(words), NULL, 0, modseq);
}

static bool
act_on_messages(struct imap *imap, struct span verb, struct span words)
{
	uint32_t first;

	if (span_eq(verb, SPAN_LIT("search"))) {
		imap_search(imap, words);
	} else if (span_eq(verb, SPAN_LIT("find"))) {
		act_find(imap, words);
	} else if (span_eq(verb, SPAN_LIT("store"))) {
		act_store(imap, words);
	} else if (span_eq(verb, SPAN_LIT("store-unless"))) {
		act_store_unless(imap, words);
	} else if (span_eq(verb, SPAN_LIT("newest"))) {
		imap_fetch_newest(imap, (uint32_t)number(&words));
	} else if (span_eq(verb, SPAN_LIT("changes"))) {
		imap_fetch_changes(imap, number(&words));
	} else if (span_eq(verb, SPAN_LIT("seqno"))) {
		first = (uint32_t)number(&words);
		imap_fetch_headers_by_seqno(imap, first,
		    (uint32_t)number(&words));
	} else {
		return false;
	}
	return true;
}

bool
imap_act(struct imap *imap, struct span words, struct buf *said)
{
	struct span verb = word(&words);

	if (act_alone(imap, verb) || act_on_mailbox(imap, verb, words) ||
	    act_on_folder(imap, verb, words) ||
	    act_on_messages(imap, verb, words))
		return true;
	if (span_eq(verb, SPAN_LIT("secured")))
		imap_secured(imap);
	else if (span_eq(verb, SPAN_LIT("compressed")))
		imap_compressed(imap);
	else if (span_eq(verb, SPAN_LIT("idle-done")))
		imap_idle_done(imap);
	else if (span_eq(verb, SPAN_LIT("capabilities")))
		buf_printf(said, "capabilities 0x%jx, utf-8 %d, append %ju",
		    (uintmax_t)imap_capabilities(imap), imap_is_utf8(imap),
		    (uintmax_t)imap_append_limit(imap));
	else if (span_eq(verb, SPAN_LIT("wants")))
		buf_printf(said, "wants %ju, in flight %u",
		    (uintmax_t)imap_append_wants(imap), imap_in_flight(imap));
	else if (span_eq(verb, SPAN_LIT("data")))
		imap_append_data(imap, words);
	else
		return act_on_set(imap, verb, words);
	return true;
}
