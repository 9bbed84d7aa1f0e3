/* SPDX-License-Identifier: MIT */
/*
 * The journal against its slow and obvious twin: an array of letters and one
 * of acts, in which what the user sees is found by going through all of them,
 * while a user, a server and a bad network do what comes to their minds.
 */
#include "tests/store/scratch.h"

enum {
	FOLDERS = 3, LETTERS = 300, ACTS = 3000, ROUNDS = 400, EACH = 12,
	KEYWORDS = 3, NOW = 9,
};

struct twin_letter {
	uint64_t id;
	size_t group;		/* whose Message-ID it has */
	bool is_there, is_unbound;
	uint32_t server_folder, uid, server_flags, server_keywords;
};

struct twin_act {
	enum act_kind kind;
	enum act_state state;
	size_t letter, copy;	/* 0 is nobody's */
	uint32_t target, add, remove;	/* KEYWORD: the bit is in either */
};

/* What the user sees of a letter. */
struct seen {
	uint32_t folder, flags, keywords;
};

static struct {
	struct scratch s;
	uint32_t folders[FOLDERS], uids[FOLDERS];
	struct twin_letter l[LETTERS];	/* by id */
	struct twin_act a[ACTS];	/* by id */
	size_t nletters, nacts;
} w;

static const char *const words[KEYWORDS] = { "Proyek", "x", "Lama" };

static uint32_t
any(uint32_t below)
{
	return (uint32_t)random() % below;
}

static bool
is_pending(const struct twin_act *a)
{
	return a->state == ACT_QUEUED || a->state == ACT_SENT ||
	    a->state == ACT_UNKNOWN;
}

static void
apply(const struct twin_act *a, struct seen *seen)
{
	if (a->kind == ACT_FLAGS)
		seen->flags = (seen->flags | a->add) & ~a->remove;
	else if (a->kind == ACT_KEYWORD)
		seen->keywords = (seen->keywords | a->add) & ~a->remove;
	else if (a->kind == ACT_MOVE && seen->folder)
		seen->folder = a->target;
	else if (a->kind == ACT_PURGE)
		seen->folder = 0;
}

/* With the pending acts below number `end`. */
static struct seen
seen_until(size_t letter, size_t end)
{
	const struct twin_letter *l = &w.l[letter];
	struct seen seen = { l->server_folder, l->server_flags,
		l->server_keywords };

	for (size_t i = 1; i < end; i++)
		if (w.a[i].letter == letter && is_pending(&w.a[i]))
			apply(&w.a[i], &seen);
	return seen;
}

static struct seen
seen_of(size_t letter)
{
	return seen_until(letter, w.nacts + 1);
}

/* The newest pending act that has to do with it; 0: there is none. */
static size_t
last_of(size_t letter)
{
	size_t i = w.nacts;

	while (i > 0 && !(is_pending(&w.a[i]) && (w.a[i].letter == letter ||
	    w.a[i].copy == letter)))
		i--;
	return i;
}

static size_t
mergeable(size_t letter, enum act_kind kind)
{
	size_t last = last_of(letter);

	return last && w.a[last].kind == kind &&
	    w.a[last].state == ACT_QUEUED ? last : 0;
}

static void
add_act(const struct twin_act *a, uint64_t id)
{
	cr_assert_eq(id, w.nacts + 1);
	cr_assert_lt(w.nacts + 1, ACTS);
	w.a[++w.nacts] = *a;
	w.a[w.nacts].state = ACT_QUEUED;
}

static uint64_t
add_letter(const struct twin_letter *l, uint64_t id)
{
	cr_assert_eq(id, w.nletters + 1);
	w.l[++w.nletters] = *l;
	w.l[w.nletters].id = id;
	w.l[w.nletters].is_there = true;
	return id;
}

static void
do_move(struct store_txn *t, size_t letter)
{
	uint32_t target = w.folders[any(FOLDERS)];
	uint32_t from = seen_of(letter).folder;
	size_t last = mergeable(letter, ACT_MOVE);
	uint64_t id = store_act_move(t, letter, target, NOW);

	if (!w.l[letter].is_there || from == 0 || from == target) {
		cr_assert_eq(id, 0);
	} else if (last) {
		cr_assert_eq(id, last);
		w.a[last].target = target;
		if (seen_until(letter, last).folder == target)
			w.a[last].state = ACT_CANCELED;
	} else {
		add_act(&(struct twin_act){ .kind = ACT_MOVE,
		    .letter = letter, .target = target }, id);
	}
}

static void
do_copy(struct store_txn *t, size_t letter)
{
	uint32_t target = w.folders[any(FOLDERS)];
	struct seen seen = seen_of(letter);
	uint64_t id;

	if (w.nletters + 1 >= LETTERS)
		return;
	id = store_act_copy(t, letter, target, NOW);
	if (!w.l[letter].is_there || seen.folder == 0) {
		cr_assert_eq(id, 0);
		return;
	}
	add_letter(&(struct twin_letter){ .group = w.l[letter].group,
	    .is_unbound = true, .server_folder = target,
	    .server_flags = seen.flags, .server_keywords = seen.keywords },
	    store_message_last_id(t));
	add_act(&(struct twin_act){ .kind = ACT_COPY, .letter = letter,
	    .copy = w.nletters, .target = target }, id);
}

static void
do_purge(struct store_txn *t, size_t letter)
{
	uint32_t from = seen_of(letter).folder;
	uint64_t id = store_act_purge(t, letter, NOW);

	if (!w.l[letter].is_there || from == 0)
		cr_assert_eq(id, 0);
	else
		add_act(&(struct twin_act){ .kind = ACT_PURGE,
		    .letter = letter }, id);
}

static void
do_flags(struct store_txn *t, size_t letter)
{
	struct seen seen = seen_of(letter);
	uint32_t add = any(8) & ~seen.flags, remove = any(8) & seen.flags;
	size_t last = mergeable(letter, ACT_FLAGS);
	uint64_t id = store_act_flags(t, letter, add, remove, NOW);
	uint32_t below;

	if (!w.l[letter].is_there || seen.folder == 0 ||
	    (add == 0 && remove == 0)) {
		cr_assert_eq(id, 0);
	} else if (last) {
		cr_assert_eq(id, last);
		below = seen_until(letter, last).flags;
		add |= w.a[last].add & ~remove;
		remove |= w.a[last].remove & ~add;
		if ((add & ~below) == 0 && (remove & below) == 0)
			w.a[last].state = ACT_CANCELED;
		else
			w.a[last].add = add & ~below;
		if (w.a[last].state == ACT_QUEUED)
			w.a[last].remove = remove & below;
	} else {
		add_act(&(struct twin_act){ .kind = ACT_FLAGS,
		    .letter = letter, .add = add, .remove = remove }, id);
	}
}

static void
do_keyword(struct store_txn *t, size_t letter)
{
	uint32_t which = any(KEYWORDS), bit = 1u << which;
	struct seen seen = seen_of(letter);
	bool add = any(2);
	size_t last = mergeable(letter, ACT_KEYWORD);
	uint64_t id = store_act_keyword(t, letter, span_of(words[which]), add,
	    NOW);

	if (last && ((w.a[last].add | w.a[last].remove) != bit ||
	    !(seen_until(letter, last).keywords & bit) == add))
		last = 0;
	if (!w.l[letter].is_there || seen.folder == 0 ||
	    !(seen.keywords & bit) == !add) {
		cr_assert_eq(id, 0);
	} else if (last) {
		cr_assert_eq(id, last);
		w.a[last].state = ACT_CANCELED;
	} else {
		add_act(&(struct twin_act){ .kind = ACT_KEYWORD,
		    .letter = letter, .add = add ? bit : 0,
		    .remove = add ? 0 : bit }, id);
	}
}

/* The copy is not made: what waits for it goes with it. */
static void
drop_copy(size_t copy)
{
	if (w.l[copy].uid)
		return;
	w.l[copy].is_there = false;
	for (size_t i = 1; i <= w.nacts; i++) {
		struct twin_act *a = &w.a[i];

		if (a->letter != copy || a->state != ACT_QUEUED)
			continue;
		a->state = ACT_CANCELED;
		if (a->kind == ACT_COPY && w.l[a->copy].is_there)
			drop_copy(a->copy);
	}
}

static void
confirm(const struct twin_act *a)
{
	struct twin_letter *l = &w.l[a->letter];
	struct seen server = { l->server_folder, l->server_flags,
		l->server_keywords };

	if (!l->is_there || a->kind == ACT_COPY)
		return;
	apply(a, &server);
	if (a->kind == ACT_PURGE)
		l->is_there = false;
	if (a->kind == ACT_MOVE && l->server_folder != a->target) {
		l->server_folder = a->target;
		l->uid = 0;
		l->is_unbound = true;
	}
	l->server_flags = server.flags;
	l->server_keywords = server.keywords;
}

static void
become(size_t act, enum act_state state)
{
	struct twin_act *a = &w.a[act];

	a->state = state;
	if (state == ACT_DONE)
		confirm(a);
	if ((state == ACT_FAILED || state == ACT_CANCELED) &&
	    a->kind == ACT_COPY && w.l[a->copy].is_there)
		drop_copy(a->copy);
}

static void
do_answer(struct store_txn *t, size_t act)
{
	static const enum act_state states[] = { ACT_SENT, ACT_DONE, ACT_DONE,
		ACT_FAILED, ACT_UNKNOWN, ACT_QUEUED };
	enum act_state state = states[any(ARRAY_LEN(states))];
	bool is_open = is_pending(&w.a[act]);

	if (w.a[act].state == ACT_FAILED)
		return;
	cr_assert_eq(store_act_set(t, act, state, (struct span){ 0 },
	    DATE_NONE, NOW), is_open);
	if (is_open)
		become(act, state);
}

static void
do_cancel(struct store_txn *t, size_t act)
{
	bool may = w.a[act].state == ACT_QUEUED ||
	    w.a[act].state == ACT_FAILED;

	cr_assert_eq(store_act_cancel(t, act, NOW, NULL) == ERR_OK, may);
	if (may)
		become(act, ACT_CANCELED);
}

static void
do_retry(struct store_txn *t, size_t act)
{
	struct twin_act *a = &w.a[act];
	bool may = a->state == ACT_FAILED || a->state == ACT_UNKNOWN;
	bool is_lost = a->kind == ACT_COPY && a->state == ACT_FAILED &&
	    !w.l[a->copy].is_there;
	struct seen seen = seen_of(a->letter);

	if (is_lost && w.nletters + 1 >= LETTERS)
		return;
	if (is_lost && (!w.l[a->letter].is_there || seen.folder == 0))
		may = false;
	cr_assert_eq(store_act_retry(t, act, NOW, NULL) == ERR_OK, may);
	if (may && is_lost)
		a->copy = add_letter(&(struct twin_letter){
		    .group = w.l[a->letter].group, .is_unbound = true,
		    .server_folder = a->target, .server_flags = seen.flags,
		    .server_keywords = seen.keywords },
		    store_message_last_id(t));
	if (may)
		a->state = ACT_QUEUED;
}

/* The unbound letter that a UID of that folder and Message-ID is for. */
static size_t
claimed(size_t group, uint32_t folder)
{
	for (size_t i = 1; i <= w.nletters; i++) {
		const struct twin_letter *l = &w.l[i];
		bool waits = l->is_there && l->is_unbound &&
		    l->group == group && l->server_folder == folder;

		for (size_t k = 1; waits && k <= w.nacts; k++)
			waits = w.a[k].copy != i ||
			    w.a[k].state != ACT_QUEUED;
		if (waits)
			return i;
	}
	return 0;
}

static void
do_arrive(struct store_txn *t, size_t like)
{
	uint32_t f = any(FOLDERS), flags = any(8);
	size_t group = like && any(2) ? w.l[like].group : w.nletters + 1;
	size_t known = claimed(group, w.folders[f]);
	struct envelope e = { .date = any(9) };
	char text[32];
	uint64_t id;

	if (!known && w.nletters + 1 >= LETTERS)
		return;
	snprintf(text, sizeof text, "%zu@x", group);
	e.message_id = span_of(text);
	id = store_message_add(t, &(struct message_new){
	    .folder = w.folders[f], .uid = { ++w.uids[f] }, .flags = flags,
	    .arrived = DATE_NONE, .envelope = &e });
	if (!known)
		known = add_letter(&(struct twin_letter){ .group = group,
		    .server_folder = w.folders[f] }, id);
	cr_assert_eq(id, known);
	w.l[known].uid = w.uids[f];
	w.l[known].is_unbound = false;
	w.l[known].server_flags = flags;
	w.l[known].server_keywords = 0;
}

static void
do_bind(struct store_txn *t, size_t letter)
{
	struct twin_letter *l = &w.l[letter], *other = NULL;
	uint32_t f = any(FOLDERS), uid = ++w.uids[f];

	/* Now and then where another one is already. */
	for (size_t i = 1; i <= w.nletters && any(3) == 0; i++)
		if (w.l[i].is_there && w.l[i].uid && i != letter &&
		    w.l[i].server_folder == w.folders[f])
			other = &w.l[i];
	if (other)
		uid = other->uid;
	store_message_bind(t, letter, w.folders[f], (struct uid){ uid });
	if (!l->is_there)
		return;
	if (other) {
		other->is_there = false;
		l->server_flags = other->server_flags;
		l->server_keywords = other->server_keywords;
	}
	l->server_folder = w.folders[f];
	l->uid = uid;
	l->is_unbound = false;
}

static void
do_server(struct store_txn *t, size_t letter)
{
	struct twin_letter *l = &w.l[letter];
	uint32_t flags = any(8), keywords = any(1 << KEYWORDS);
	struct span list[KEYWORDS];
	size_t n = 0;

	if (any(6) == 0) {
		store_message_remove(t, letter);
		l->is_there = false;
		return;
	}
	for (size_t i = 0; i < KEYWORDS; i++)
		if (keywords & 1u << i)
			list[n++] = span_of(words[i]);
	store_message_server_flags(t, letter, flags, list, n);
	l->server_flags = flags;
	l->server_keywords = keywords;
}

static void
do_something(struct store_txn *t)
{
	static void (*const of_letters[])(struct store_txn *, size_t) = {
		do_move, do_move, do_copy, do_purge, do_flags, do_keyword,
		do_keyword, do_arrive, do_bind, do_server,
	};
	static void (*const of_acts[])(struct store_txn *, size_t) = {
		do_answer, do_answer, do_answer, do_cancel, do_retry,
	};
	size_t recent = w.nacts < 40 ? w.nacts : 40;

	if (w.nletters < 4)
		do_arrive(t, 0);
	else if (any(2) || w.nacts == 0)
		of_letters[any(ARRAY_LEN(of_letters))](t,
		    1 + any((uint32_t)w.nletters));
	else
		of_acts[any(ARRAY_LEN(of_acts))](t,
		    w.nacts - any((uint32_t)recent));
	cr_assert_eq(t->error.kind, ERR_OK, "%s", t->error.text);
}

static uint32_t
keyword_bits(const struct message *m)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < m->nkeywords; i++)
		for (uint32_t k = 0; k < KEYWORDS; k++)
			if (span_eq(m->keywords[i], span_of(words[k])))
				bits |= 1u << k;
	return bits;
}

static void
compare_letter(struct store_txn *t, size_t i)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct twin_letter *l = &w.l[i];
	struct seen seen = seen_of(i);
	struct message m;

	cr_assert_eq(store_message_get(t, i, &arena, &m), l->is_there,
	    "letter %zu", i);
	if (!l->is_there)
		return;
	cr_assert_eq(m.folder, seen.folder, "letter %zu: in %u, not %u", i,
	    m.folder, seen.folder);
	cr_assert_eq(m.flags, seen.flags, "letter %zu", i);
	cr_assert_eq(keyword_bits(&m), seen.keywords, "letter %zu", i);
	cr_assert_eq(m.server_folder, l->server_folder, "letter %zu", i);
	cr_assert_eq(m.uid.v, l->uid, "letter %zu", i);
	cr_assert_eq(m.is_unbound, l->is_unbound, "letter %zu", i);
	cr_assert_eq(m.server_flags, l->server_flags, "letter %zu", i);
}

static void
compare_folder(struct store_txn *t, uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t ids[LETTERS];
	uint32_t total = 0;
	size_t unbound = 0;
	struct folder f;

	for (size_t i = 1; i <= w.nletters; i++) {
		const struct twin_letter *l = &w.l[i];

		total += l->is_there && seen_of(i).folder == folder;
		unbound += l->is_there && l->is_unbound &&
		    l->server_folder == folder && last_of(i) == 0;
	}
	cr_assert(store_folder_get(t, folder, &arena, &f));
	cr_assert_eq(f.total, total);
	cr_assert_eq(store_message_unbound(t, folder, ids, LETTERS), unbound);
}

/* One after the other they are all that is to be done. */
static void
compare_acts(struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };

	for (size_t i = 1; i <= w.nacts; i++) {
		if (!is_pending(&w.a[i]))
			continue;
		cr_assert(store_act_next(t, 0, a.id, &arena, &a));
		cr_assert_eq(a.id, i);
		cr_assert_eq(a.kind, w.a[i].kind);
		cr_assert_eq(a.state, w.a[i].state);
		cr_assert_eq(a.message, w.a[i].letter);
		cr_assert_eq(a.copy, w.a[i].copy);
		cr_assert_eq(a.target, w.a[i].target);
	}
	cr_assert_not(store_act_next(t, 0, a.id, &arena, &a));
}

static void
compare(void)
{
	struct store_txn t = scratch_read(&w.s);

	for (size_t i = 1; i <= w.nletters; i++)
		compare_letter(&t, i);
	for (size_t i = 0; i < FOLDERS; i++)
		compare_folder(&t, w.folders[i]);
	compare_acts(&t);
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
	scratch_check(&w.s);
}

Test(acts_twin, shows_what_going_through_all_acts_would)
{
	static const char *const names[FOLDERS] = { "INBOX", "Arsip",
		"Sampah" };
	uint32_t account;

	srandom(7);
	scratch_init(&w.s);
	account = scratch_account(&w.s, "kerja");
	for (size_t i = 0; i < FOLDERS; i++)
		w.folders[i] = scratch_folder(&w.s, account, names[i],
		    FOLDER_NONE, false);
	for (int round = 0; round < ROUNDS; round++) {
		struct store_txn t = scratch_write(&w.s);

		for (int i = 0; i < EACH; i++)
			do_something(&t);
		scratch_commit(&t);
		compare();
	}
	scratch_fini(&w.s);
}
