/* SPDX-License-Identifier: MIT */
#include "store/pending.h"

#include "store/act_record.h"
#include "store/txn.h"

size_t
pending_find_keyword(const struct shown *s, struct span keyword)
{
	size_t i = 0;

	while (i < s->nkeywords && !span_ieq(s->keywords[i], keyword))
		i++;
	return i;
}

/* The first spelling of a keyword stays. */
static void
apply_keyword(const struct act *a, struct shown *s)
{
	size_t at = pending_find_keyword(s, a->keyword);

	if (a->add) {
		if (at == s->nkeywords && at < KEYWORDS_MAX)
			s->keywords[s->nkeywords++] = a->keyword;
		return;
	}
	if (at == s->nkeywords)
		return;
	s->nkeywords--;
	for (; at < s->nkeywords; at++)
		s->keywords[at] = s->keywords[at + 1];
}

void
pending_apply(const struct act *a, struct shown *s)
{
	switch (a->kind) {
	case ACT_FLAGS:
		s->flags = (s->flags | a->add) & ~a->remove;
		return;
	case ACT_MOVE:
		/* What is to be purged does not come back by a move. */
		s->folder = s->folder ? a->target : 0;
		return;
	case ACT_PURGE:
		s->folder = 0;
		return;
	case ACT_KEYWORD:
		apply_keyword(a, s);
		return;
	case ACT_COPY:
	case ACT_SEND:
	case ACT_FILE:
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		return;
	}
}

bool
pending_next(struct store_txn *t, uint64_t message, uint64_t after,
    struct arena *arena, struct act *out)
{
	struct key from = key_of_u64(message);
	struct span key, value;

	*out = (struct act){ 0 };
	key_u64(&from, after + 1);
	if (!txn_seek(t, TABLE_ACTS_OF, &from, &key, &value) ||
	    key_take_u64(&key) != message)
		return false;
	if (act_load(t, key_take_u64(&key), arena, out) &&
	    act_is_of_message(out->kind) && out->id > after)
		return true;
	*out = (struct act){ 0 };
	txn_corrupt(t, TABLE_ACTS_OF);
	return false;
}

void
pending_show(struct store_txn *t, uint64_t message, struct arena *arena,
    struct shown *s, struct pending_last *last)
{
	struct act a = { 0 };

	if (last)
		*last = (struct pending_last){ .below = *s };
	while (pending_next(t, message, a.id, arena, &a)) {
		if (last)
			*last = (struct pending_last){ a, *s };
		pending_apply(&a, s);
	}
}
