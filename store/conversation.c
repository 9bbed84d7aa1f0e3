/* SPDX-License-Identifier: MIT */
#include "store/conversation.h"

#include "base/cleanup.h"
#include "base/subject.h"
#include "store/row.h"
#include "store/thread_tree.h"
#include "store/txn.h"

/* Whether a copy of a letter stands for it rather than another. */
static bool
is_better(const struct message *m, const struct message *other,
    uint32_t folder)
{
	bool is_whole = m->body_state == BODY_WHOLE;
	bool is_near = m->folder == folder;

	if (is_whole != (other->body_state == BODY_WHOLE))
		return is_whole;
	if (is_near != (other->folder == folder))
		return is_near;
	return m->id < other->id;
}

/* What stands for a letter while copies of it may follow. */
struct letter {
	struct message m;	/* of the map; its keywords are not there */
	struct span base;	/* of the subject */
	uint16_t depth;
	uint32_t copies;
};

struct letters {
	struct store_txn *t;
	struct arena scratch;
	uint32_t folder;	/* whose copies are preferred */
	struct letter *all;
	size_t n, max;
	size_t run;		/* the first one of the Message-ID read last */
};

static void
letters_fini(struct letters *l)
{
	arena_fini(&l->scratch);
}

/*
 * The letter of a Message-ID that m is a copy of.  Anyone who knows an id can
 * send something else with it, so the id alone does not make a copy.  A list
 * writes its name into the subject, but not into the base of it.
 */
static struct letter *
find_letter(struct letters *l, const struct message *m, struct span base)
{
	for (size_t i = l->run; i < l->n; i++) {
		struct letter *one = &l->all[i];

		if (one->m.date == m->date &&
		    span_ieq(one->m.from_addr, m->from_addr) &&
		    span_eq(one->base, base))
			return one;
	}
	return NULL;
}

static void
add_message(struct letters *l, const struct message *m, uint16_t depth)
{
	CLEANUP(buf_fini) struct buf base = { 0 };
	struct letter *one;

	subject_base(&base, m->subject);
	one = find_letter(l, m, buf_span(&base));
	if (one) {
		one->copies++;
		if (is_better(m, &one->m, l->folder))
			one->m = *m;
	} else if (l->n < l->max) {
		l->all[l->n++] = (struct letter){ *m,
			arena_copy(&l->scratch, buf_span(&base)), depth, 1 };
	}
}

/* Messages of one Message-ID stand next to each other. */
static void
add_messages(struct letters *l, const struct thread_node *nodes, size_t n)
{
	struct span id = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct row row;

		if (!row_get(l->t, nodes[i].message, &row)) {
			txn_corrupt(l->t, TABLE_THREAD_MEMBERS);
			return;
		}
		if (row.m.message_id.n == 0 || !span_eq(row.m.message_id, id)) {
			if (l->n == l->max)
				return;
			l->run = l->n;
			id = row.m.message_id;
		}
		add_message(l, &row.m, nodes[i].depth);
	}
}

static bool
give_letter(struct store_txn *t, const struct letter *one, uint64_t thread,
    struct arena *arena, struct message *out)
{
	struct row row;

	if (!row_get(t, one->m.id, &row)) {
		txn_corrupt(t, TABLE_THREAD_MEMBERS);
		return false;
	}
	row_copy(&row, arena, out);
	out->depth = one->depth;
	out->copies = one->copies;
	out->thread = thread;
	return true;
}

size_t
store_conversation(struct store_txn *t, uint64_t message, size_t max,
    struct arena *arena, struct message **out)
{
	CLEANUP(letters_fini) struct letters l = { .t = t };
	struct thread_node *nodes;
	uint64_t thread;
	struct row row;
	size_t n;

	*out = NULL;
	if (!row_get(t, message, &row))
		return 0;
	l.folder = row.m.folder;
	thread = thread_find(t, row.m.thread);
	n = thread_tree(t, thread, NULL, 0, THREAD_TREE_MAX, &l.scratch,
	    &nodes);
	l.max = max < n ? max : n;
	l.all = arena_array(&l.scratch, l.max, sizeof *l.all);
	add_messages(&l, nodes, n);
	if (txn_failed(t))
		return 0;
	*out = arena_array(arena, l.n, sizeof **out);
	for (size_t i = 0; i < l.n; i++)
		if (!give_letter(t, &l.all[i], thread, arena, &(*out)[i]))
			return 0;
	return l.n;
}
