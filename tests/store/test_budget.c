/* SPDX-License-Identifier: MIT */
/*
 * What bodies take, who names them, and which of them go: against a twin
 * that is an array, and with a kill at every write.
 */
#include <signal.h>
#include <sys/wait.h>

#include "store/body.h"
#include "store/body_piece.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/budget.h"
#include "store/part.h"
#include "store/txn.h"
#include "store/want.h"
#include "tests/store/faults.h"
#include "tests/store/scratch.h"

enum { HOUR = 3600, LETTERS = 12 };

/* A live account with a folder of LETTERS messages without bodies. */
struct box {
	struct scratch s;
	uint32_t account, folder;
	uint64_t id[LETTERS], body[LETTERS];
};

static void
box_init(struct box *b)
{
	struct store_txn t;

	scratch_init(&b->s);
	b->account = scratch_account(&b->s, "kerja");
	b->folder = scratch_folder(&b->s, b->account, "INBOX", FOLDER_INBOX,
	    false);
	t = scratch_write(&b->s);
	for (uint32_t i = 0; i < LETTERS; i++)
		b->id[i] = scratch_message(&t, b->folder, i + 1, i, 0);
	scratch_commit(&t);
}

static void
box_fini(struct box *b)
{
	if (b->s.store)
		scratch_check(&b->s);
	scratch_fini(&b->s);
}

/* Noise, of which a thousand octets take about as many on disk. */
static struct span
make_bytes(uint32_t seed, size_t n)
{
	static char bytes[1 << 16];
	uint32_t x = seed * 2654435761u + 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		bytes[i] = (char)(x >> 24);
	}
	return (struct span){ bytes, n };
}

static uint64_t
make_body(struct box *b, uint32_t seed, size_t n)
{
	return scratch_body(&b->s, make_bytes(seed, n));
}

static void
set_body(struct box *b, uint64_t id, uint64_t body)
{
	struct store_txn t = scratch_write(&b->s);

	store_message_set_body(&t, id, body, BODY_WHOLE, SPAN_LIT("text"));
	scratch_commit(&t);
}

/* Letter i has a body of its own, read at i hours. */
static void
fill(struct box *b)
{
	for (uint32_t i = 0; i < LETTERS; i++) {
		struct body_read read = { b->account, (int64_t)i * HOUR };
		struct store_txn t;

		b->body[i] = make_body(b, i + 1, 1000);
		set_body(b, b->id[i], b->body[i]);
		t = scratch_write(&b->s);
		body_read_put(&t, b->id[i], read);
		scratch_commit(&t);
	}
}

static uint64_t
usage(struct box *b)
{
	struct store_txn t = scratch_read(&b->s);
	uint64_t octets = store_usage(&t, b->account);

	scratch_commit(&t);
	return octets;
}

static size_t
evict(struct box *b, uint64_t budget, size_t max)
{
	uint64_t before = usage(b);
	struct evicted out;
	struct error e = { 0 };

	cr_assert_eq(store_evict(b->s.store, b->account, budget, max, &out,
	    &e), ERR_OK, "%s", e.text);
	cr_expect_eq(before - usage(b), out.octets);
	scratch_check(&b->s);
	return out.messages;
}

/* "x-?": which of the first letters have a body. */
static void
expect_bodies(struct box *b, const char *want)
{
	for (size_t i = 0; want[i]; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message m = scratch_get(&b->s, b->id[i], &arena);

		if (want[i] == '?')
			continue;
		cr_expect_eq(m.body_state != BODY_NONE, want[i] == 'x',
		    "letter %zu of %s", i, want);
	}
}

static size_t
collect(struct box *b)
{
	size_t dropped;

	cr_assert_eq(body_collect(b->s.store, INT64_MAX, 999, &dropped, NULL),
	    ERR_OK);
	return dropped;
}

Test(budget, counts_a_body_once_in_an_account)
{
	CLEANUP(box_fini) struct box b;
	struct store_txn t;
	uint64_t body, one, two;

	box_init(&b);
	cr_expect_eq(usage(&b), 0);
	body = make_body(&b, 1, 5000);
	set_body(&b, b.id[0], body);
	one = usage(&b);
	cr_expect(one > 4900 && one < 5300, "%llu", (unsigned long long)one);
	set_body(&b, b.id[1], body);
	t = scratch_write(&b.s);
	store_part_put(&t, b.id[2], SPAN_LIT("1"), body);
	store_part_put(&t, b.id[2], SPAN_LIT("2"), body);
	scratch_commit(&t);
	cr_expect_eq(usage(&b), one, "two rows and two parts");
	set_body(&b, b.id[3], make_body(&b, 2, 1000));
	two = usage(&b);
	cr_expect_gt(two, one + 900);
	t = scratch_write(&b.s);
	store_message_remove(&t, b.id[0]);
	store_message_remove(&t, b.id[1]);
	cr_expect_eq(store_usage(&t, b.account), two, "the parts name it");
	store_message_remove(&t, b.id[2]);
	cr_expect_eq(store_usage(&t, b.account), two - one);
	store_message_remove(&t, b.id[3]);
	scratch_commit(&t);
	cr_expect_eq(usage(&b), 0);
}

Test(budget, counts_for_each_account_and_not_for_acts)
{
	CLEANUP(box_fini) struct box b;
	struct span to = SPAN("c@d.example");
	uint32_t account, folder;
	uint64_t body, other;
	struct store_txn t;

	box_init(&b);
	account = scratch_account(&b.s, "rumah");
	folder = scratch_folder(&b.s, account, "INBOX", FOLDER_INBOX, false);
	body = make_body(&b, 1, 5000);
	t = scratch_write(&b.s);
	store_act_send(&t, &(struct act){ .account = account, .body = body,
	    .recipients = &to, .nrecipients = 1, .not_before = DATE_NONE }, 1);
	cr_expect_eq(store_usage(&t, account), 0);
	other = scratch_message(&t, folder, 1, 1, 0);
	store_message_set_body(&t, other, body, BODY_WHOLE, SPAN_LIT(""));
	cr_expect_gt(store_usage(&t, account), 4900);
	store_message_set_body(&t, b.id[0], body, BODY_WHOLE, SPAN_LIT(""));
	cr_expect_eq(store_usage(&t, account), store_usage(&t, b.account));
	store_message_remove(&t, other);
	cr_expect_eq(store_usage(&t, account), 0, "the act names it still");
	cr_expect_gt(store_usage(&t, b.account), 4900);
	scratch_commit(&t);
}

static int64_t
read_at(struct box *b, uint64_t id)
{
	struct store_txn t = scratch_read(&b->s);
	struct body_read read;
	bool has = body_read_get(&t, id, &read);

	scratch_commit(&t);
	return has ? read.when : DATE_NONE;
}

static void
was_read(struct box *b, uint64_t id, int64_t when)
{
	struct store_txn t = scratch_write(&b->s);

	store_body_was_read(&t, id, when);
	scratch_commit(&t);
}

Test(budget, stamps_a_body_when_it_comes_and_by_the_hour_when_read)
{
	CLEANUP(box_fini) struct box b;
	int64_t before = (int64_t)time(NULL), came;

	box_init(&b);
	was_read(&b, b.id[0], before);
	cr_expect_eq(read_at(&b, b.id[0]), DATE_NONE, "there is no body");
	set_body(&b, b.id[0], make_body(&b, 1, 100));
	came = read_at(&b, b.id[0]);
	cr_expect(came >= before && came <= (int64_t)time(NULL));
	was_read(&b, b.id[0], came + HOUR - 1);
	cr_expect_eq(read_at(&b, b.id[0]), came);
	was_read(&b, b.id[0], came + HOUR);
	cr_expect_eq(read_at(&b, b.id[0]), came + HOUR);
	was_read(&b, b.id[0], came - 9 * HOUR);
	cr_expect_eq(read_at(&b, b.id[0]), came - 9 * HOUR,
	    "the clock was wrong");
	set_body(&b, b.id[0], make_body(&b, 2, 100));
	cr_expect_eq(read_at(&b, b.id[0]), came - 9 * HOUR);
}

Test(budget, evicts_what_was_read_longest_ago_until_it_is_kept)
{
	CLEANUP(box_fini) struct box b;

	box_init(&b);
	fill(&b);
	cr_expect_eq(evict(&b, usage(&b), 99), 0);
	was_read(&b, b.id[1], 100 * HOUR);
	cr_expect_eq(evict(&b, usage(&b) - 1, 99), 1);
	expect_bodies(&b, "-xxxxxxxxxxx");
	cr_expect_eq(evict(&b, usage(&b) - 2500, 99), 3);
	expect_bodies(&b, "-x---xxxxxxx");
	cr_expect_eq(evict(&b, 0, 2), 2);
	expect_bodies(&b, "-x-----xxxxx");
	cr_expect_eq(evict(&b, 0, 0), 0);
	cr_expect_eq(collect(&b), 6);
	cr_expect_eq(evict(&b, 0, 99), 6);
	cr_expect_eq(usage(&b), 0);
	cr_expect_eq(collect(&b), 6);
}

Test(budget, leaves_what_is_kept_wanted_local_or_named_by_an_act)
{
	CLEANUP(box_fini) struct box b;
	uint32_t archive;
	struct span to = SPAN("c@d.example");
	struct store_txn t;
	uint64_t local, act;

	box_init(&b);
	fill(&b);
	archive = scratch_folder(&b.s, b.account, "Archive", FOLDER_ARCHIVE,
	    true);
	t = scratch_write(&b.s);
	store_message_keep(&t, b.id[1], true);
	store_message_keep(&t, b.id[9], true);
	store_message_keep(&t, b.id[9], false);
	store_message_keep(&t, 12345, true);
	cr_expect_not(store_message_is_kept(&t, 12345));
	cr_expect(store_message_is_kept(&t, b.id[1]));
	/* A part is here, and the whole is waited for. */
	store_message_set_body(&t, b.id[3], 0, BODY_NONE, SPAN_LIT(""));
	store_part_put(&t, b.id[3], SPAN_LIT("1"), b.body[3]);
	store_want_body(&t, b.id[3]);
	act = store_act_flags(&t, b.id[5], FLAG_SEEN, 0, 1);
	store_act_set(&t, act, ACT_FAILED, SPAN_LIT("no"), DATE_NONE, 2);
	store_act_send(&t, &(struct act){ .account = b.account,
	    .body = b.body[0], .recipients = &to, .nrecipients = 1,
	    .answered = b.id[7], .not_before = DATE_NONE }, 1);
	act = store_act_flags(&t, b.id[8], FLAG_SEEN, 0, 1);
	store_act_set(&t, act, ACT_DONE, SPAN_LIT(""), DATE_NONE, 2);
	local = scratch_message(&t, archive, 0, 1, 0);
	store_message_set_body(&t, local, b.body[2], BODY_WHOLE, SPAN_LIT(""));
	scratch_commit(&t);
	cr_expect_eq(evict(&b, 0, 99), LETTERS - 4);
	expect_bodies(&b, "-x-x-x-x----");
	cr_expect_eq(collect(&b), LETTERS - 4 - 2,
	    "an act names one, a local message another");
	cr_expect_eq(evict(&b, 0, 99), 0);
}

Test(budget, is_for_live_accounts_that_are_configured)
{
	static const struct account cases[] = {
		{ .kind = ACCOUNT_IMAP, .keep = KEEP_OFFLINE },
		{ .kind = ACCOUNT_POP3, .keep = KEEP_LIVE },
		{ .kind = ACCOUNT_LOCAL, .keep = KEEP_LIVE },
	};
	CLEANUP(box_fini) struct box b;
	struct store_txn t;

	box_init(&b);
	fill(&b);
	for (size_t i = 0; i <= ARRAY_LEN(cases); i++) {
		t = scratch_write(&b.s);
		if (i < ARRAY_LEN(cases)) {
			struct account a = cases[i];

			a.name = SPAN_LIT("kerja");
			cr_assert_eq(store_account_put(&t, &a), b.account);
		} else {
			store_account_keep_only(&t, NULL, 0);
		}
		scratch_commit(&t);
		cr_expect_eq(evict(&b, 0, 99), 0, "case %zu", i);
	}
	cr_assert_neq(scratch_account(&b.s, "kerja"), 0);
	cr_expect_eq(evict(&b, 0, 99), LETTERS);
}

Test(budget, leaves_the_last_copies_in_a_folder_that_is_gone)
{
	CLEANUP(box_fini) struct box b;
	struct folder f = { .name = SPAN_LIT("INBOX"), .role = FOLDER_INBOX,
		.is_selectable = true };

	box_init(&b);
	fill(&b);
	f.account = b.account;
	for (size_t i = 0; i < 2; i++) {
		struct store_txn t = scratch_write(&b.s);

		f.is_gone = i == 0;
		cr_assert_eq(store_folder_put(&t, &f), b.folder);
		scratch_commit(&t);
		cr_expect_eq(evict(&b, 0, 99), f.is_gone ? 0 : LETTERS);
	}
}

Test(budget, gives_up_for_now_when_a_reader_keeps_the_file_from_growing)
{
	CLEANUP(box_fini) struct box b;
	struct evicted out;
	struct store_txn t;
	struct env *env;

	box_init(&b);
	fill(&b);
	env = b.s.store->envs[ENV_INDEX];
	env->limits.wait_ms = 1;
	t = scratch_read(&b.s);
	atomic_store(&env->was_full, true);
	cr_expect_eq(store_evict(b.s.store, b.account, 0, 99, &out, NULL),
	    ERR_AGAIN);
	cr_expect_eq(out.messages, 0);
	scratch_commit(&t);
	cr_expect_eq(evict(&b, 0, 99), LETTERS);
}

enum { ROUNDS = 150, ACTS = 8, SECTIONS = 3 };

/* Who names which body (0: none), as plain arrays. */
struct twin {
	uint64_t row[LETTERS], part[LETTERS][SECTIONS], act[ACTS];
	bool is_there[LETTERS];
};

static const char *const sections[SECTIONS] = { "1", "2", "2.MIME" };

static uint32_t
any(uint32_t below)
{
	return (uint32_t)random() % below;
}

static void
change_message(struct box *b, struct twin *w, struct store_txn *t)
{
	size_t i = any(LETTERS), k = any(SECTIONS);
	uint64_t body = b->body[any(LETTERS)];
	uint32_t what = any(10);

	if (!w->is_there[i])
		return;
	if (what < 5 && w->row[i] == 0) {
		store_part_put(t, b->id[i], span_of(sections[k]), body);
		w->part[i][k] = body;
	} else if (what < 7) {
		store_message_set_body(t, b->id[i], body, BODY_WHOLE,
		    SPAN_LIT(""));
		w->row[i] = body;
		memset(w->part[i], 0, sizeof w->part[i]);
	} else if (what < 8) {
		store_parts_remove(t, b->id[i]);
		memset(w->part[i], 0, sizeof w->part[i]);
	} else if (what < 9) {
		store_message_set_body(t, b->id[i], 0, BODY_NONE, SPAN_LIT(""));
		w->row[i] = 0;
		memset(w->part[i], 0, sizeof w->part[i]);
	} else if (any(4) == 0) {
		store_message_remove(t, b->id[i]);
		w->is_there[i] = false;
		w->row[i] = 0;
		memset(w->part[i], 0, sizeof w->part[i]);
	}
}

static void
change_act(struct box *b, struct twin *w, struct store_txn *t)
{
	size_t i = any(ACTS);
	struct span to = SPAN("c@d.example");
	struct act a = { .account = b->account, .body = b->body[any(LETTERS)],
		.recipients = &to, .nrecipients = 1, .not_before = DATE_NONE };

	if (w->act[i])
		return;
	w->act[i] = a.body;
	cr_assert_neq(store_act_send(t, &a, 1), 0);
}

static bool
is_named(const struct twin *w, uint64_t body, bool by_acts)
{
	for (size_t i = 0; i < LETTERS; i++) {
		if (w->row[i] == body)
			return true;
		for (size_t k = 0; k < SECTIONS; k++)
			if (w->part[i][k] == body)
				return true;
	}
	for (size_t i = 0; by_acts && i < ACTS; i++)
		if (w->act[i] == body)
			return true;
	return false;
}

/* Exactly the bodies that are named are there, and counted. */
static void
expect_twin(struct box *b, const struct twin *w)
{
	uint64_t octets = 0;
	struct store_txn t;

	scratch_check(&b->s);
	collect(b);
	txn_begin(b->s.store, ENV_BODIES, false, &t);
	for (size_t i = 0; i < LETTERS; i++) {
		struct body_meta meta;

		cr_assert_eq(body_meta_get(&t, b->body[i], &meta),
		    is_named(w, b->body[i], true), "body %zu", i);
		if (is_named(w, b->body[i], false))
			octets += body_octets(&t, b->body[i]);
	}
	store_end(&t);
	cr_assert_eq(usage(b), octets);
}

/* Those that were collected are written again. */
static void
write_all(struct box *b)
{
	struct body_batch *batch;
	struct error e = { 0 };

	cr_assert_eq(store_bodies_begin(b->s.store, &batch, &e), ERR_OK);
	for (uint32_t i = 0; i < LETTERS; i++)
		cr_assert_eq(store_bodies_add(batch, make_bytes(i,
		    50 + 300 * i), &b->body[i], &e), ERR_OK);
	cr_assert_eq(store_bodies_commit(batch, &e), ERR_OK, "%s", e.text);
}

Test(budget, rows_parts_and_acts_keep_what_they_name_and_nothing_else)
{
	CLEANUP(box_fini) struct box b;
	struct twin w = { 0 };

	srandom(7);
	box_init(&b);
	memset(w.is_there, true, sizeof w.is_there);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct store_txn t;

		write_all(&b);
		t = scratch_write(&b.s);
		for (uint32_t n = any(16); n > 0; n--)
			change_message(&b, &w, &t);
		if (any(8) == 0)
			change_act(&b, &w, &t);
		scratch_commit(&t);
		expect_twin(&b, &w);
	}
}

/* 99: the store does not open; 0: all was done. */
static int
evict_and_collect(struct box *b, int at, enum fault how)
{
	struct store *store;
	struct evicted out;
	size_t dropped;

	faults_set(at, how);
	if (store_open(b->s.dir, &store, NULL) != ERR_OK)
		return 99;
	if (store_evict(store, b->account, 0, 99, &out, NULL) != ERR_OK ||
	    body_collect(store, INT64_MAX, 99, &dropped, NULL) != ERR_OK)
		return 98;
	store_close(store);
	return 0;
}

static int
in_child(struct box *b, int at, enum fault how)
{
	int status = -1;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0)
		_exit(evict_and_collect(b, at, how));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void
init_for_kill(struct box *b)
{
	struct store_txn t;

	box_init(b);
	b->body[0] = make_body(b, 1, 3000);
	b->body[1] = make_body(b, 2, 1 << 16);
	b->body[2] = make_body(b, 3, 100);
	t = scratch_write(&b->s);
	for (uint32_t i = 0; i < 3; i++)
		store_message_set_body(&t, b->id[i], b->body[i], BODY_WHOLE,
		    SPAN_LIT(""));
	store_part_put(&t, b->id[3], SPAN_LIT("1"), b->body[0]);
	store_part_put(&t, b->id[3], SPAN_LIT("2"), b->body[0]);
	store_message_keep(&t, b->id[2], true);
	scratch_commit(&t);
	scratch_close(&b->s);
}

static void
sweep_kills(enum fault how)
{
	bool was_killed = true;
	int at;

	for (at = 1; was_killed; at++) {
		struct box b;
		int status;

		init_for_kill(&b);
		status = in_child(&b, at, how);
		was_killed = WIFSIGNALED(status);
		cr_assert(was_killed || status == 0, "%x", status);
		scratch_open(&b.s);
		scratch_check(&b.s);
		expect_bodies(&b, "??x");
		/* It goes on from there. */
		evict(&b, 0, 99);
		collect(&b);
		expect_bodies(&b, "--x-");
		scratch_check(&b.s);
		cr_assert_eq(collect(&b), 0);
		box_fini(&b);
	}
	cr_assert_gt(at, 6);
}

Test(budget, a_kill_at_any_write_leaves_a_store_that_goes_on)
{
	sweep_kills(FAULT_KILL);
}

Test(budget, a_kill_in_the_middle_of_a_write_does_so_too)
{
	sweep_kills(FAULT_KILL_HALF);
}
