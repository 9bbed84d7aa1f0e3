/* SPDX-License-Identifier: MIT */
/*
 * The store against its twin: after random acts on both, every answer of the
 * store must be the twin's.
 */
#include "tests/store/twin.h"

enum { ROUNDS = 40, ACTS = 60, PAGE_MAX = 9, POSITIONS = 25 };

/* A view, its list by the twin, and how the store is asked for it. */
struct asked {
	struct view view;
	uint64_t fails;
	struct twin_line list[TWIN_MESSAGES];
	size_t n;
};

static void
expect_line(const struct asked *a, const struct message *got,
    const struct twin_line *want)
{
	cr_assert_eq(got->id, want->m.id, "order %d filter %u: %llu, not %llu",
	    a->view.order, a->view.filter, (unsigned long long)got->id,
	    (unsigned long long)want->m.id);
	cr_assert_eq(got->flags, want->m.flags);
	cr_assert_eq(got->depth, want->depth);
	cr_assert_eq(got->thread_total, want->total);
	cr_assert_eq(got->thread_unread, want->unread);
}

/* The page must be what the list has from `first` on. */
static void
expect_page(struct store_txn *t, const struct asked *a, enum view_from from,
    const struct view_position *at, size_t max, size_t first, size_t n)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *got;
	size_t got_n = view_page(t, &a->view, from, at, max, a->fails,
	    &arena, &got);

	cr_assert_eq(t->error.kind, ERR_OK, "%s", t->error.text);
	cr_assert_eq(got_n, n, "order %d%s filter %u from %d at %llu: "
	    "%zu, not %zu", a->view.order, a->view.is_folded ? " folded" : "",
	    a->view.filter, from, (unsigned long long)at->id, got_n, n);
	for (size_t i = 0; i < n; i++)
		expect_line(a, &got[i], &a->list[first + i]);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
compare_ends(struct store_txn *t, const struct asked *a)
{
	static const struct view_position none;
	size_t max = 1 + twin_any(PAGE_MAX), n = least(max, a->n);

	expect_page(t, a, VIEW_TOP, &none, max, 0, n);
	expect_page(t, a, VIEW_BOTTOM, &none, max, a->n - n, n);
	/* No position is above the top, and below the bottom. */
	expect_page(t, a, VIEW_AT, &none, max, 0, n);
	expect_page(t, a, VIEW_DOWN, &none, max, 0, n);
	expect_page(t, a, VIEW_UP, &none, max, a->n - n, n);
}

/* From where any message is or was. */
static void
compare_positions(const struct twin *w, struct store_txn *t,
    const struct asked *a)
{
	for (int i = 0; i < POSITIONS && w->n; i++) {
		const struct twin_message *m = &w->m[twin_any((uint32_t)w->n)];
		struct message message = twin_message_of(m);
		struct view_position at = store_view_position(&a->view,
		    &message);
		size_t max = 1 + twin_any(PAGE_MAX), here;
		size_t above = twin_above(w, t, &a->view, m, a->list, a->n,
		    &here);
		size_t below = a->n - above - here, up = least(max, above);

		expect_page(t, a, VIEW_AT, &at, max, above,
		    least(max, here + below));
		expect_page(t, a, VIEW_DOWN, &at, max, above + here,
		    least(max, below));
		expect_page(t, a, VIEW_UP, &at, max, above - up, up);
	}
}

/* Page by page to the other end: every line once, in order. */
static void
compare_walk(struct store_txn *t, const struct asked *a, bool is_down)
{
	struct view_position at = { 0 };
	size_t done = 0, n;

	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message *page;

		n = view_page(t, &a->view, is_down ? VIEW_DOWN : VIEW_UP, &at,
		    1 + twin_any(PAGE_MAX), a->fails, &arena, &page);
		cr_assert_leq(done + n, a->n);
		for (size_t i = 0; i < n; i++)
			expect_line(a, &page[i], &a->list[is_down ? done + i :
			    a->n - done - n + i]);
		done += n;
		if (n)
			at = store_view_position(&a->view,
			    &page[is_down ? n - 1 : 0]);
	} while (n);
	cr_assert_eq(done, a->n);
}

/* What is at a date or older, or in a list upside down at it or newer. */
static void
compare_dates(struct store_txn *t, const struct asked *a)
{
	for (int i = 0; i < 5; i++) {
		int64_t date = (int64_t)twin_any(55) - 12;
		struct view_position at = store_view_position_at(&a->view,
		    date);
		size_t first = 0;

		for (; first < a->n; first++) {
			int64_t its = a->view.order == VIEW_BY_THREAD ?
			    a->list[first].newest.date : a->list[first].m.date;

			if (a->view.is_reversed ? its >= date : its <= date)
				break;
		}
		expect_page(t, a, VIEW_AT, &at, 5, first,
		    least(5, a->n - first));
	}
}

static void
compare_view(const struct twin *w, struct store_txn *t, struct asked *a)
{
	a->n = twin_list(w, t, &a->view, a->list);
	compare_ends(t, a);
	compare_positions(w, t, a);
	compare_walk(t, a, true);
	compare_walk(t, a, false);
	if (a->view.order == VIEW_BY_DATE || a->view.order == VIEW_BY_THREAD)
		compare_dates(t, a);
}

/* Keeps where messages stand by thread, for when some are gone. */
static void
learn_threads(struct twin *w, struct store_txn *t, struct view view)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *all;
	size_t n;

	view.order = VIEW_BY_THREAD;
	n = store_view_page(t, &view, VIEW_TOP, (struct view_position){ 0 },
	    SIZE_MAX, &arena, &all);
	for (size_t i = 0; i < n; i++) {
		struct twin_message *m = &w->m[all[i].id - 1];

		m->thread = all[i].thread;
		m->thread_newest = all[i].thread_newest;
		m->thread_index = all[i].thread_index;
	}
}

static void
compare_views(struct twin *w, struct store_txn *t, struct view view)
{
	static struct asked a;

	for (view.order = VIEW_BY_DATE; view.order <= VIEW_BY_THREAD;
	    view.order++)
		for (view.filter = 0; view.filter < 4; view.filter++) {
			view.is_reversed = twin_once_in(2);
			view.is_folded = twin_once_in(2);
			a.view = view;
			/*
			 * Sorts what passes, or looks for it in the order,
			 * to the end or until it gives up.
			 */
			a.fails = twin_any(3) * (1 + twin_any(60));
			if (twin_once_in(3))
				a.fails = UINT64_MAX;
			compare_view(w, t, &a);
		}
	view.filter = twin_any(4);
	view.is_folded = false;
	learn_threads(w, t, view);
}

static void
compare_counts(const struct twin *w, struct store_txn *t,
    const struct view *v)
{
	struct view_counts got = store_view_counts(t, v), want = { 0 };

	for (size_t i = 0; i < w->n; i++) {
		uint32_t flags = w->m[i].flags;

		if (!twin_is_in(v, &w->m[i]))
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

		if (m->folder != folder || !m->uid)
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
	struct view v = { .nfolders = 1 + twin_any(TWIN_FOLDERS) };
	uint32_t first = twin_any(TWIN_FOLDERS);

	for (size_t i = 0; i < v.nfolders; i++)
		v.folders[i] = w->folders[(first + i) % TWIN_FOLDERS];
	compare_counts(w, &t, &v);
	for (size_t i = 0; i < TWIN_FOLDERS; i++)
		compare_uids(w, &t, w->folders[i]);
	compare_views(w, &t, v);
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
	scratch_check(&w->s);
}

Test(twin, answers_as_an_array_of_messages_would)
{
	static struct twin w;

	srandom(11);
	twin_init(&w);
	for (int round = 0; round < ROUNDS; round++) {
		struct store_txn t = scratch_write(&w.s);

		for (int i = 0; i < ACTS; i++)
			twin_act(&w, &t);
		scratch_commit(&t);
		if (round % 4 == 3)
			compare(&w);
	}
	twin_fini(&w);
}
