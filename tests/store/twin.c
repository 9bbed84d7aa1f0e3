/* SPDX-License-Identifier: MIT */
#include "tests/store/twin.h"

#include <stdio.h>

static const struct twin_text senders[] = {
	{ "Ani", "ani" }, { "ani", "ani" }, { "Budi", "budi" },
	{ "\303\201gnes", "\303\241gnes" },
	{ "", "noreply@x.example" },
	{ "Panitia Perayaan Tujuh Belas A", "panitia perayaan tujuh b" },
	{ "panitia perayaan tujuh belas B", "panitia perayaan tujuh b" },
};

static const struct twin_text subjects[] = {
	{ "Halo", "halo" }, { "Re: halo", "halo" }, { "", "" },
	{ "RE: Fwd: Zebra", "zebra" }, { "Laporan", "laporan" },
	{ "Rapat tentang anggaran tahun depan (1)",
	    "rapat tentang anggaran tahun dep" },
	{ "rapat tentang anggaran tahun depan (2)",
	    "rapat tentang anggaran tahun dep" },
};

uint32_t
twin_any(uint32_t below)
{
	return (uint32_t)random() % below;
}

bool
twin_once_in(uint32_t n)
{
	return twin_any(n) == 0;
}

static uint32_t
any_flags(void)
{
	static const uint32_t some[] = { 0, 0, FLAG_SEEN, FLAG_SEEN,
		FLAG_FLAGGED, FLAG_SEEN | FLAG_FLAGGED, FLAG_DELETED,
		FLAG_DELETED | FLAG_FLAGGED, FLAG_ANSWERED };

	return some[twin_any(ARRAY_LEN(some))];
}

static bool
is_imap(const struct twin *w, uint32_t folder)
{
	return folder == w->folders[0] || folder == w->folders[1];
}

/* Numbers of messages that are there, were, or are still to come. */
static struct span
any_message_id(const struct twin *w, char *text, size_t size)
{
	snprintf(text, size, "%u@t.example", twin_any((uint32_t)w->n + 9));
	return span_of(text);
}

/* Gives the message to the store as a server would. */
static uint64_t
put(const struct twin *w, struct store_txn *t, const struct twin_message *m,
    struct span message_id)
{
	char uidl[32], text[3][32];
	struct span references[3];
	struct address from = { span_of(senders[m->sender].text),
		SPAN("noreply@x.example") };
	struct envelope envelope = {
		.date = m->date,
		.subject = span_of(subjects[m->subject].text),
		.from = { &from, 1 },
		.message_id = message_id,
		.references = references,
		.nreferences = twin_once_in(2) ? twin_any(3) : 0,
	};
	struct message_new new = {
		.folder = m->folder,
		.uid = { m->uid },
		.flags = m->flags,
		.arrived = DATE_NONE,
		.size = m->size,
		.envelope = &envelope,
	};

	for (size_t i = 0; i < envelope.nreferences; i++)
		references[i] = any_message_id(w, text[i], sizeof text[i]);
	snprintf(uidl, sizeof uidl, "uidl-%zu", w->n);
	if (!m->uid)
		new.uidl = span_of(uidl);
	return store_message_add(t, &new);
}

static void
add(struct twin *w, struct store_txn *t)
{
	uint32_t f = twin_any(TWIN_FOLDERS);
	struct twin_message *m = &w->m[w->n];
	char id[32];

	if (w->n == TWIN_MESSAGES)
		return;
	*m = (struct twin_message){
		.folder = w->folders[f],
		.flags = any_flags(),
		.date = (int64_t)twin_any(50) - 10,	/* many share one */
		.size = twin_any(9) * 100,
		.sender = twin_any(ARRAY_LEN(senders)),
		.subject = twin_any(ARRAY_LEN(subjects)),
		.is_there = true,
	};
	if (is_imap(w, m->folder))
		m->uid = ++w->uids[f];
	snprintf(id, sizeof id, "%zu@t.example", w->n);
	m->id = put(w, t, m, twin_once_in(20) ?
	    any_message_id(w, id, sizeof id) : span_of(id));
	cr_assert_eq(m->id, ++w->n, "%s", t->error.text);
}

void
twin_act(struct twin *w, struct store_txn *t)
{
	struct twin_message *m = w->n ? &w->m[twin_any((uint32_t)w->n)] :
	    NULL;
	uint32_t what = twin_any(10), flags = any_flags();

	if (what < 4) {
		add(w, t);
	} else if (!m || !m->is_there) {
		return;
	} else if (what < 7) {
		bool differs = store_message_server_flags(t, m->id, flags,
		    NULL, 0);

		cr_expect_eq(differs, m->flags != flags);
		m->flags = flags;
	} else if (what < 9) {
		m->is_there = false;
		store_message_remove(t, m->id);
	} else if (m->uid) {
		/* A UID that is here already takes the flags over. */
		m->flags = flags;
		cr_expect_eq(put(w, t, m, SPAN_LIT("another@t.example")),
		    m->id);
	}
}

void
twin_init(struct twin *w)
{
	static const char *const names[TWIN_FOLDERS] = { "INBOX", "Arsip",
		"INBOX", "Terkirim" };
	uint32_t accounts[2];

	scratch_init(&w->s);
	accounts[0] = scratch_account(&w->s, "kerja");
	accounts[1] = scratch_account(&w->s, "rumah");
	for (size_t i = 0; i < TWIN_FOLDERS; i++)
		w->folders[i] = scratch_folder(&w->s, accounts[i / 2],
		    names[i], i % 2 ? FOLDER_NONE : FOLDER_INBOX, i >= 2);
}

void
twin_fini(struct twin *w)
{
	scratch_fini(&w->s);
}

static bool
has_folder(const struct view *v, uint32_t folder)
{
	for (size_t i = 0; i < v->nfolders; i++)
		if (v->folders[i] == folder)
			return true;
	return false;
}

static bool
is_unread(const struct twin_message *m)
{
	return !(m->flags & (FLAG_SEEN | FLAG_DELETED));
}

bool
twin_is_in(const struct view *v, const struct twin_message *m)
{
	return m->is_there && has_folder(v, m->folder) &&
	    (!(v->filter & VIEW_UNREAD) || is_unread(m)) &&
	    (!(v->filter & VIEW_FLAGGED) || (m->flags & FLAG_FLAGGED));
}

struct message
twin_message_of(const struct twin_message *m)
{
	return (struct message){
		.id = m->id,
		.date = m->date,
		.size = m->size,
		.from_name = span_of(senders[m->sender].text),
		.from_addr = SPAN("noreply@x.example"),
		.subject = span_of(subjects[m->subject].text),
		.thread = m->thread,
		.thread_newest = m->thread_newest,
		.thread_index = m->thread_index,
	};
}

/* Which comes first in a list: <0, 0, >0. */
static int
up(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_spot(struct message_spot a, struct message_spot b)
{
	return a.date != b.date ? up(b.date, a.date) :
	    up((int64_t)b.id, (int64_t)a.id);
}

static int
by_text(const char *a, const char *b, const struct twin_message *x,
    const struct twin_message *y)
{
	int cmp = strcmp(a, b);

	if (cmp)
		return cmp;
	return x->date != y->date ? up(y->date, x->date) :
	    up((int64_t)x->id, (int64_t)y->id);
}

static int
by_order(enum view_order order, const struct twin_message *x,
    const struct twin_message *y)
{
	struct message_spot a = { x->date, x->id }, b = { y->date, y->id };

	switch (order) {
	case VIEW_BY_SENDER:
		return by_text(senders[x->sender].sort,
		    senders[y->sender].sort, x, y);
	case VIEW_BY_SUBJECT:
		return by_text(subjects[x->subject].sort,
		    subjects[y->subject].sort, x, y);
	case VIEW_BY_SIZE:
		a.date = (int64_t)x->size;
		b.date = (int64_t)y->size;
		return by_spot(a, b);
	case VIEW_BY_DATE:
	case VIEW_BY_THREAD:
		break;
	}
	return by_spot(a, b);
}

/* Insertion: the list up to n is in order already. */
static void
insert(enum view_order order, struct twin_line *list, size_t n,
    const struct twin_message *m)
{
	while (n > 0 && by_order(order, m, &list[n - 1].m) < 0) {
		list[n] = list[n - 1];
		n--;
	}
	list[n] = (struct twin_line){ .m = *m };
}

static uint64_t
thread_now(struct store_txn *t, const struct twin_message *m)
{
	struct row row;

	if (m->is_there && row_get(t, m->id, &row))
		return thread_find(t, row.m.thread);
	return m->thread ? thread_find(t, m->thread) : 0;
}

/* The lines of one thread in tree order, all with where it stands. */
static size_t
thread_lines(const struct twin *w, struct store_txn *t, const struct view *v,
    uint64_t thread, struct twin_line *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message_spot newest = { INT64_MIN, 0 };
	struct thread_node *nodes;
	uint32_t unread = 0;
	size_t total = thread_tree(t, thread, v->folders, v->nfolders,
	    SIZE_MAX, &arena, &nodes), n = 0;

	for (size_t i = 0; i < total; i++) {
		const struct twin_message *m = &w->m[nodes[i].message - 1];
		struct message_spot at = { m->date, m->id };

		cr_assert(m->is_there);
		unread += is_unread(m);
		if (!twin_is_in(v, m))
			continue;
		out[n++] = (struct twin_line){ .m = *m, .index = (uint32_t)i,
			.depth = nodes[i].depth };
		if (by_spot(at, newest) < 0)
			newest = at;
	}
	for (size_t i = 0; i < n; i++)
		out[i].newest = newest;
	if (n) {
		out[0].total = (uint32_t)total;
		out[0].unread = unread;
	}
	return n;
}

/* The one line that is left: the newest unread, or else the newest. */
static void
fold(struct twin_line *lines, size_t n)
{
	struct twin_line best = lines[0];

	for (size_t i = 1; i < n; i++) {
		const struct twin_message *m = &lines[i].m;

		if (is_unread(m) > is_unread(&best.m) ||
		    (is_unread(m) == is_unread(&best.m) &&
		    by_order(VIEW_BY_DATE, m, &best.m) < 0))
			best = lines[i];
	}
	best.total = lines[0].total;
	best.unread = lines[0].unread;
	best.depth = 0;
	lines[0] = best;
}

static size_t
list_threads(const struct twin *w, struct store_txn *t, const struct view *v,
    struct twin_line *out)
{
	static struct twin_line heads[TWIN_MESSAGES], lines[TWIN_MESSAGES];
	size_t nheads = 0, n = 0;

	/* By their newest messages, one a thread. */
	for (size_t i = 0; i < w->n; i++)
		if (twin_is_in(v, &w->m[i]) &&
		    thread_lines(w, t, v, thread_now(t, &w->m[i]), lines) &&
		    lines[0].newest.id == w->m[i].id)
			insert(VIEW_BY_DATE, heads, nheads++, &w->m[i]);
	for (size_t i = 0; i < nheads; i++) {
		size_t found = thread_lines(w, t, v,
		    thread_now(t, &heads[i].m), out + n);

		if (v->is_folded)
			fold(out + n, found);
		n += v->is_folded ? 1 : found;
	}
	return n;
}

static void
turn(struct twin_line *list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct twin_line was = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = was;
	}
}

size_t
twin_list(const struct twin *w, struct store_txn *t, const struct view *v,
    struct twin_line *out)
{
	size_t n = 0;

	if (v->order == VIEW_BY_THREAD)
		n = list_threads(w, t, v, out);
	for (size_t i = 0; i < w->n && v->order != VIEW_BY_THREAD; i++)
		if (twin_is_in(v, &w->m[i]))
			insert(v->order, out, n++, &w->m[i]);
	if (v->is_reversed)
		turn(out, n);
	return n;
}

/* The place of a message in the tree of its thread, passing or not. */
static bool
tree_index(struct store_txn *t, const struct view *v, uint64_t thread,
    uint64_t id, uint32_t *index)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct thread_node *nodes;
	size_t n = thread_tree(t, thread, v->folders, v->nfolders, SIZE_MAX,
	    &arena, &nodes);

	for (size_t i = 0; i < n; i++) {
		*index = (uint32_t)i;
		if (nodes[i].message == id)
			return true;
	}
	return false;
}

/* <0, 0, >0: the line is before, at, behind the message in a thread view. */
static int
by_thread(struct store_txn *t, const struct view *v,
    const struct twin_line *line, const struct twin_message *m,
    uint64_t thread, struct message_spot newest)
{
	uint32_t index;
	int cmp = by_spot(line->newest, newest);

	if (cmp || v->is_folded)
		return cmp;
	if (tree_index(t, v, thread, m->id, &index))
		return up(line->index, index);
	/* It was right before what has its place now. */
	return line->index < m->thread_index ? -1 : 1;
}

size_t
twin_above(const struct twin *w, struct store_txn *t, const struct view *v,
    const struct twin_message *m, const struct twin_line *list, size_t n,
    size_t *here)
{
	static struct twin_line lines[TWIN_MESSAGES];
	struct message_spot newest = m->thread_newest.id ? m->thread_newest :
	    (struct message_spot){ m->date, m->id };
	uint64_t thread = v->order == VIEW_BY_THREAD ? thread_now(t, m) : 0;
	size_t above = 0;

	if (thread && thread_lines(w, t, v, thread, lines))
		newest = lines[0].newest;
	*here = 0;
	for (size_t i = 0; i < n; i++) {
		int cmp = v->order == VIEW_BY_THREAD ?
		    by_thread(t, v, &list[i], m, thread, newest) :
		    by_order(v->order, &list[i].m, m);

		*here += cmp == 0;
		above += v->is_reversed ? cmp > 0 : cmp < 0;
	}
	return above;
}
