/* SPDX-License-Identifier: MIT */
#include "tests/store/letters.h"

#include <stdio.h>

uint32_t
any_below(uint32_t n)
{
	return (uint32_t)random() % n;
}

void
letters_init(struct letters *w)
{
	static const char *const names[] = { "INBOX", "Sent" };
	uint32_t accounts[2];

	scratch_init(&w->s);
	accounts[0] = scratch_account(&w->s, "kerja");
	accounts[1] = scratch_account(&w->s, "rumah");
	for (int i = 0; i < LETTER_FOLDERS; i++)
		w->folders[i] = scratch_folder(&w->s, accounts[i / 2],
		    names[i % 2], i % 2 ? FOLDER_SENT : FOLDER_INBOX, false);
}

void
letters_fini(struct letters *w)
{
	scratch_fini(&w->s);
}

static struct span
text(struct arena *a, const char *fmt, int number)
{
	char line[64];

	if (number == 0)
		return (struct span){ 0 };
	snprintf(line, sizeof line, fmt, number);
	return span_of(arena_str(a, span_of(line)));
}

/* Only what begins with "Re:" answers. */
static const char *
subject_format(const struct letter *l)
{
	static const char *const forwards[] = {
		"Fwd: hal %d", "hal %d (fwd)", "[Fwd: Re: hal %d]",
		"WG: Re: hal %d",
	};

	if (l->is_reply)
		return l->is_forward ? "Re: Fwd: hal %d" : "Re: hal %d";
	if (l->is_forward)
		return forwards[any_below(ARRAY_LEN(forwards))];
	return "Hal  %d";
}

void
letter_add(struct letters *w, struct store_txn *t, struct letter *l)
{
	CLEANUP(arena_fini) struct arena a = { 0 };
	struct span refs[LETTER_REFS_MAX];
	/* An address is the same in any case. */
	struct address from = { .addr = text(&a, any_below(2)
	    ? "orang-%d@x.example" : "Orang-%d@X.example", l->from) };
	struct address to = { .addr = text(&a, "orang-%d@x.example", l->to) };
	struct envelope e = {
		.date = l->date,
		.message_id = text(&a, "%d@id.example", l->id),
		.subject = text(&a, subject_format(l), l->subject),
		.from = { &from, l->from != 0 },
		.to = { &to, l->to != 0 },
		.references = refs,
		.nreferences = l->nrefs,
	};
	struct message_new m = {
		.folder = w->folders[l->folder],
		.arrived = DATE_NONE,
		.envelope = &e,
		.server_thread = (uint64_t)l->server_thread,
	};

	for (size_t i = 0; i < l->nrefs; i++)
		refs[i] = text(&a, "%d@id.example", l->refs[i]);
	if (l->nrefs == 1 && any_below(2)) {
		e.in_reply_to = refs[0];
		e.nreferences = 0;
	}
	l->stored = store_message_add(t, &m);
	cr_assert_neq(l->stored, 0, "%s", t->error.text);
}

size_t
letter_of(const struct letters *w, uint64_t stored)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->l[i].stored == stored)
			return i;
	cr_assert_fail("no letter is %llu", (unsigned long long)stored);
	return 0;
}

static bool
has_subject(const struct letter *l)
{
	return l->nrefs == 0 && !l->server_thread && l->subject && l->from &&
	    l->to;
}

static bool
answers_subject(const struct letter *reply, const struct letter *l)
{
	bool is_same_pair = (reply->from == l->from && reply->to == l->to) ||
	    (reply->from == l->to && reply->to == l->from);

	return has_subject(reply) && has_subject(l) && reply->is_reply &&
	    reply->subject == l->subject && is_same_pair &&
	    l->date <= reply->date &&
	    l->date >= reply->date - THREAD_SUBJECT_SECONDS;
}

/* Own id, and what joins with others; the server's names are large. */
static size_t
ids_of(const struct letter *l, int out[LETTER_REFS_MAX + 1])
{
	size_t n = 0;

	if (l->id)
		out[n++] = l->id;
	if (l->server_thread) {
		out[n++] = 1000000 * (1 + l->folder / 2) + l->server_thread;
		return n;
	}
	for (size_t i = 0; i < l->nrefs; i++)
		out[n++] = l->refs[i];
	return n;
}

static bool
is_kin(const struct letter *a, const struct letter *b)
{
	int x[LETTER_REFS_MAX + 1], y[LETTER_REFS_MAX + 1];
	size_t nx = ids_of(a, x), ny = ids_of(b, y);

	for (size_t i = 0; i < nx; i++)
		for (size_t j = 0; j < ny; j++)
			if (x[i] == y[j])
				return true;
	return answers_subject(a, b) || answers_subject(b, a);
}

void
twin_partition(const struct letters *w, int labels[LETTERS_MAX])
{
	for (size_t i = 0; i < w->n; i++)
		labels[i] = (int)i;
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < i; j++) {
			int from = labels[i], to = labels[j];

			if (from == to || !is_kin(&w->l[i], &w->l[j]))
				continue;
			for (size_t k = 0; k < w->n; k++)
				if (labels[k] == from)
					labels[k] = to;
		}
}

/* Boxes: an id is its own, a letter without one is LETTER_IDS and on. */
enum { BOXES = LETTER_IDS + LETTERS_MAX, NOWHERE = -1 };

struct twin {
	const struct letters *w;
	const bool *wanted;
	size_t order[LETTERS_MAX];
	size_t n;
	int parent[BOXES];
	struct twin_node *out;
	size_t nout;
};

static uint64_t
hash_of(int id)
{
	CLEANUP(arena_fini) struct arena a = { 0 };

	return thread_id_hash(text(&a, "%d@id.example", id));
}

static bool
is_before(const struct letter *a, const struct letter *b)
{
	if (a->date != b->date)
		return a->date < b->date;
	if (a->id != b->id)
		return hash_of(a->id) < hash_of(b->id);
	for (size_t i = 0; i < a->nrefs && i < b->nrefs; i++)
		if (a->refs[i] != b->refs[i])
			return hash_of(a->refs[i]) < hash_of(b->refs[i]);
	if (a->nrefs != b->nrefs)
		return a->nrefs < b->nrefs;
	if (a->folder != b->folder)
		return a->folder < b->folder;
	return a->stored < b->stored;
}

static const struct letter *
letter_at(const struct twin *t, size_t i)
{
	return &t->w->l[t->order[i]];
}

static int
box_of(const struct twin *t, size_t i)
{
	int id = letter_at(t, i)->id;

	return id ? id : LETTER_IDS + (int)t->order[i];
}

static bool
is_first_of_box(const struct twin *t, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (box_of(t, j) == box_of(t, i))
			return false;
	return true;
}

static void
link_boxes(struct twin *t, int parent, int child)
{
	if (t->parent[child] != NOWHERE)
		return;
	for (int at = parent; at != NOWHERE; at = t->parent[at])
		if (at == child)
			return;
	t->parent[child] = parent;
}

static bool
is_wanted(const struct twin *t, size_t i)
{
	return t->wanted[letter_at(t, i)->folder];
}

static bool
is_shown(const struct twin *t, int box)
{
	for (size_t i = 0; i < t->n; i++)
		if (box_of(t, i) == box && is_wanted(t, i))
			return true;
	return false;
}

static void
show_below(struct twin *t, int above, int depth)
{
	bool is_done[BOXES] = { false };

	for (size_t i = 0; i < t->n; i++) {
		int box = box_of(t, i), at = t->parent[box];

		while (at != NOWHERE && !is_shown(t, at))
			at = t->parent[at];
		if (at != above || is_done[box] || !is_wanted(t, i))
			continue;
		is_done[box] = true;
		for (size_t j = i; j < t->n; j++)
			if (box_of(t, j) == box && is_wanted(t, j))
				t->out[t->nout++] = (struct twin_node){
					t->order[j], depth };
		show_below(t, box, depth + 1);
	}
}

static void
sort_members(struct twin *t, const int labels[LETTERS_MAX], int label)
{
	for (size_t i = 0; i < t->w->n; i++) {
		size_t at = t->n;

		if (labels[i] != label || !t->w->l[i].stored)
			continue;
		for (t->n++; at > 0 && is_before(&t->w->l[i],
		    letter_at(t, at - 1)); at--)
			t->order[at] = t->order[at - 1];
		t->order[at] = i;
	}
}

size_t
twin_tree(const struct letters *w, const int labels[LETTERS_MAX], int label,
    const bool wanted[LETTER_FOLDERS], struct twin_node out[LETTERS_MAX])
{
	struct twin t = { .w = w, .wanted = wanted, .out = out };

	sort_members(&t, labels, label);
	for (int i = 0; i < BOXES; i++)
		t.parent[i] = NOWHERE;
	for (size_t i = 0; i < t.n; i++) {
		const struct letter *l = letter_at(&t, i);

		if (l->nrefs && is_first_of_box(&t, i))
			link_boxes(&t, l->refs[l->nrefs - 1], box_of(&t, i));
	}
	for (size_t i = 0; i < t.n; i++) {
		const struct letter *l = letter_at(&t, i);

		for (size_t j = 1; j < l->nrefs && is_first_of_box(&t, i); j++)
			link_boxes(&t, l->refs[j - 1], l->refs[j]);
	}
	show_below(&t, NOWHERE, 0);
	return t.nout;
}
