/* SPDX-License-Identifier: MIT */
/* Acts that change flags and keywords. */
#include "base/cleanup.h"
#include "store/act_follow.h"
#include "store/act_record.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/undo_note.h"

/*
 * A later wish on a message whose last act has not left: one act for both.
 * What the act would not change is taken out of it, and an act that changes
 * nothing is canceled.
 */
static struct act
merge_flags(const struct pending_last *last, uint32_t add, uint32_t remove,
    int64_t now)
{
	struct act a = last->act;
	uint32_t below = last->below.flags;
	uint32_t added = ((a.add & ~remove) | add) & ~below;
	uint32_t removed = ((a.remove & ~add) | remove) & below;

	a.changed = now;
	if (added == 0 && removed == 0) {
		a.state = ACT_CANCELED;
	} else {
		a.add = added;
		a.remove = removed;
	}
	return a;
}

uint64_t
store_act_flags(struct store_txn *t, uint64_t message, uint32_t add,
    uint32_t remove, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	enum act_state was = 0;
	struct pending_last last;
	struct shown server;
	struct row row;
	struct act a;

	if (!row_get(t, message, &row) || row.m.folder == 0)
		return 0;
	add &= ~(row.m.flags | remove);
	remove &= row.m.flags;
	if (add == 0 && remove == 0)
		return 0;
	row_server(&row, &server);
	pending_show(t, message, &arena, &server, &last);
	if (last.act.kind == ACT_FLAGS && last.act.state == ACT_QUEUED) {
		was = ACT_QUEUED;
		a = merge_flags(&last, add, remove, now);
		act_copy(&arena, &a);
	} else {
		a = act_new_of(t, ACT_FLAGS, &row.m, &arena, now);
		a.add = add;
		a.remove = remove;
	}
	act_store(t, &a, was);
	act_follow_message(t, &a);
	undo_note_flags(t, message, add, remove);
	return txn_failed(t) ? 0 : a.id;
}

/* RFC 9051 9: an atom, without the list wildcards and what quotes. */
static bool
is_keyword(struct span keyword)
{
	if (keyword.n == 0 || keyword.n > KEYWORD_MAX_OCTETS ||
	    flag_from_imap(keyword))
		return false;
	for (size_t i = 0; i < keyword.n; i++) {
		unsigned char c = (unsigned char)keyword.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("(){%*\"\\]", c))
			return false;
	}
	return true;
}

/* The last act was the opposite, and without it all is as it is wished. */
static bool
is_taken_back(const struct pending_last *last, struct span keyword, bool add)
{
	bool was_there = pending_find_keyword(&last->below, keyword) <
	    last->below.nkeywords;

	return last->act.kind == ACT_KEYWORD &&
	    last->act.state == ACT_QUEUED && was_there == add &&
	    span_ieq(last->act.keyword, keyword);
}

uint64_t
store_act_keyword(struct store_txn *t, uint64_t message, struct span keyword,
    bool add, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	enum act_state was = 0;
	struct pending_last last;
	struct shown s;
	struct row row;
	struct act a;
	size_t at;

	if (!is_keyword(keyword) || !row_get(t, message, &row) ||
	    row.m.folder == 0)
		return 0;
	row_server(&row, &s);
	pending_show(t, message, &arena, &s, &last);
	at = pending_find_keyword(&s, keyword);
	if ((at < s.nkeywords) == add || (add && at == KEYWORDS_MAX))
		return 0;
	if (is_taken_back(&last, keyword, add)) {
		was = ACT_QUEUED;
		a = last.act;
		a.changed = now;
		a.state = ACT_CANCELED;
	} else {
		a = act_new_of(t, ACT_KEYWORD, &row.m, &arena, now);
		a.add = add;
		a.keyword = add ? keyword : s.keywords[at];
	}
	act_copy(&arena, &a);
	act_store(t, &a, was);
	act_follow_message(t, &a);
	undo_note_keyword(t, message, a.keyword, add);
	return txn_failed(t) ? 0 : a.id;
}
