/* SPDX-License-Identifier: MIT */
/*
 * The store against its slow and obvious twin: an array of messages that is
 * searched from end to end.  Random acts of servers and users on both; then
 * every answer of the store must be the twin's.
 */
#include "tests/store/scratch.h"

enum { FOLDERS = 4, MESSAGES = 400, ROUNDS = 40, ACTS = 60, PAGE = 7 };

struct twin_message {
	uint64_t id;
	uint32_t folder, uid, flags;
	int64_t date;
	bool is_there;
};

struct twin {
	struct scratch s;
	uint32_t folders[FOLDERS];
	uint32_t uids[FOLDERS];
	struct twin_message m[MESSAGES];
	size_t n;
};

static uint32_t
any(uint32_t below)
{
	return (uint32_t)random() % below;
}

static uint32_t
any_flags(void)
{
	static const uint32_t some[] = { 0, 0, FLAG_SEEN, FLAG_SEEN,
		FLAG_FLAGGED, FLAG_SEEN | FLAG_FLAGGED, FLAG_DELETED,
		FLAG_DELETED | FLAG_FLAGGED, FLAG_ANSWERED };

	return some[any(ARRAY_LEN(some))];
}

static struct twin_message *
any_message(struct twin *w)
{
	struct twin_message *m = w->n ? &w->m[any((uint32_t)w->n)] : NULL;

	return m && m->is_there ? m : NULL;
}

static void
add(struct twin *w, struct store_txn *t)
{
	uint32_t f = any(FOLDERS);
	struct twin_message *m = &w->m[w->n];

	if (w->n == MESSAGES)
		return;
	*m = (struct twin_message){
		.folder = w->folders[f],
		.uid = ++w->uids[f],
		.flags = any_flags(),
		.date = (int64_t)any(50) - 10,	/* many share a date */
		.is_there = true,
	};
	m->id = scratch_message(t, m->folder, m->uid, m->date, m->flags);
	cr_assert_eq(m->id, ++w->n, "%s", t->error.text);
}

static void
act(struct twin *w, struct store_txn *t)
{
	struct twin_message *m = any_message(w);
	uint32_t what = any(10), flags = any_flags();

	if (what < 4) {
		add(w, t);
	} else if (!m) {
		return;
	} else if (what < 7) {
		bool differs = store_message_server_flags(t, m->id, flags,
		    NULL, 0);

		cr_expect_eq(differs, m->flags != flags);
		m->flags = flags;
	} else if (what < 9) {
		m->is_there = false;
		store_message_remove(t, m->id);
	} else {
		/* A UID that is here already takes the flags over. */
		m->flags = flags;
		cr_expect_eq(scratch_message(t, m->folder, m->uid, m->date,
		    flags), m->id);
	}
}

static bool
is_in(const struct view *v, const struct twin_message *m)
{
	bool is_unread = !(m->flags & (FLAG_SEEN | FLAG_DELETED));

	if (!m->is_there || ((v->filter & VIEW_UNREAD) && !is_unread) ||
	    ((v->filter & VIEW_FLAGGED) && !(m->flags & FLAG_FLAGGED)))
		return false;
	for (size_t i = 0; i < v->nfolders; i++)
		if (v->folders[i] == m->folder)
			return true;
	return false;
}

static int
newest_first(const void *a, const void *b)
{
	const struct twin_message *x = a, *y = b;

	if (x->date != y->date)
		return x->date > y->date ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

static size_t
twin_view(const struct twin *w, const struct view *v, struct twin_message *out)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (is_in(v, &w->m[i]))
			out[n++] = w->m[i];
	qsort(out, n, sizeof *out, newest_first);
	return n;
}

/* The page must be want[first] ... want[last - 1]. */
static void
expect_page(struct store_txn *t, const struct view *v, enum view_from from,
    struct view_position at, const struct twin_message *want, size_t n)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *got;
	size_t got_n = store_view_page(t, v, from, at, PAGE, &arena, &got);

	cr_assert_eq(t->error.kind, ERR_OK, "%s", t->error.text);
	cr_assert_eq(got_n, n, "from %d filter %u at %lld,%llu: %zu, not %zu",
	    from, v->filter, (long long)at.date, (unsigned long long)at.id,
	    got_n, n);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(got[i].id, want[i].id, "from %d row %zu", from, i);
		cr_assert_eq(got[i].flags, want[i].flags);
	}
}

static size_t
at_most(size_t n)
{
	return n < PAGE ? n : PAGE;
}

static void
compare_view(const struct twin *w, struct store_txn *t, const struct view *v)
{
	static const struct view_position none;
	static struct twin_message want[MESSAGES];
	size_t n = twin_view(w, v, want);

	expect_page(t, v, VIEW_TOP, none, want, at_most(n));
	expect_page(t, v, VIEW_BOTTOM, none, want + n - at_most(n),
	    at_most(n));
	/* From every date and id, there or not. */
	for (size_t i = 0; i < w->n; i++) {
		struct view_position at = {
			.date = w->m[i].date, .id = w->m[i].id };
		size_t above = 0, is_here;

		while (above < n && (want[above].date > at.date ||
		    (want[above].date == at.date && want[above].id > at.id)))
			above++;
		is_here = above < n && want[above].id == at.id;
		expect_page(t, v, VIEW_AT, at, want + above,
		    at_most(n - above));
		expect_page(t, v, VIEW_DOWN, at, want + above + is_here,
		    at_most(n - above - is_here));
		expect_page(t, v, VIEW_UP, at,
		    want + above - at_most(above), at_most(above));
	}
}

static void
compare_counts(const struct twin *w, struct store_txn *t,
    const struct view *v)
{
	struct view_counts got = store_view_counts(t, v), want = { 0 };

	for (size_t i = 0; i < w->n; i++) {
		uint32_t flags = w->m[i].flags;

		if (!is_in(v, &w->m[i]))
			continue;
		want.total++;
		want.unread += !(flags & (FLAG_SEEN | FLAG_DELETED));
		want.flagged += (flags & FLAG_FLAGGED) != 0;
	}
	cr_assert_eq(got.total, want.total);
	cr_assert_eq(got.unread, want.unread);
	cr_assert_eq(got.flagged, want.flagged);
}

static void
compare_uids(const struct twin *w, struct store_txn *t, uint32_t folder)
{
	CLEANUP(uidset_fini) struct uidset got = { 0 };
	uint64_t n = 0;

	store_message_uids(t, folder, &got);
	for (size_t i = 0; i < w->n; i++) {
		const struct twin_message *m = &w->m[i];

		if (m->folder != folder)
			continue;
		n += m->is_there;
		cr_assert_eq(uidset_has(&got, m->uid), m->is_there);
		cr_assert_eq(store_message_by_uid(t, folder,
		    (struct uid){ m->uid }), m->is_there ? m->id : 0);
	}
	cr_assert_eq(uidset_count(&got), n);
}

static void
compare(struct twin *w)
{
	struct store_txn t = scratch_read(&w->s);
	struct view v = { .nfolders = 1 + any(FOLDERS) };

	for (size_t i = 0; i < v.nfolders; i++)
		v.folders[i] = w->folders[i];
	compare_counts(w, &t, &v);
	for (size_t i = 0; i < FOLDERS; i++)
		compare_uids(w, &t, w->folders[i]);
	for (v.filter = 0; v.filter < 4; v.filter++)
		compare_view(w, &t, &v);
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
	scratch_check(&w->s);
}

Test(twin, answers_as_an_array_of_messages_would)
{
	static struct twin w;
	uint32_t account;

	srandom(11);
	scratch_init(&w.s);
	account = scratch_account(&w.s, "kerja");
	for (size_t i = 0; i < FOLDERS; i++) {
		char name[] = { 'A', (char)('a' + i), '\0' };

		w.folders[i] = scratch_folder(&w.s, account, name,
		    FOLDER_NONE, false);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct store_txn t = scratch_write(&w.s);

		for (int i = 0; i < ACTS; i++)
			act(&w, &t);
		scratch_commit(&t);
		if (round % 8 == 7)
			compare(&w);
	}
	scratch_fini(&w.s);
}
