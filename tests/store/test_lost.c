/* SPDX-License-Identifier: MIT */
/*
 * A data file that is gone: the other one still says that it was there, and
 * no letter is ever shown for another.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "store/body.h"
#include "store/care.h"
#include "store/repair.h"
#include "tests/store/scratch.h"

/* Two accounts: what a server has, and what only this store has. */
struct some {
	struct scratch s;
	uint64_t remote, local, letters[2];
};

static void
put_letter(struct scratch *s, uint64_t message, uint64_t body)
{
	struct store_txn t = scratch_write(s);

	store_message_set_body(&t, message, body, BODY_WHOLE,
	    SPAN_LIT("x"));
	scratch_commit(&t);
}

static void
fill(struct some *some)
{
	struct scratch *s = &some->s;
	uint32_t work, home;
	struct store_txn t;

	scratch_init(s);
	work = scratch_folder(s, scratch_account(s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	home = scratch_folder(s, scratch_account(s, "rumah"), "INBOX",
	    FOLDER_INBOX, true);
	t = scratch_write(s);
	some->remote = scratch_message(&t, work, 1, 10, 0);
	some->local = scratch_message(&t, home, 0, 20, 0);
	scratch_commit(&t);
	some->letters[0] = scratch_body(s, SPAN_LIT("one letter"));
	some->letters[1] = scratch_body(s, SPAN_LIT("and another"));
	put_letter(s, some->remote, some->letters[0]);
	put_letter(s, some->local, some->letters[1]);
	scratch_close(s);
}

static void
fini(struct some *some)
{
	scratch_fini(&some->s);
}

/* The ways in which a file is lost. */
static void
unlink_it(const char *path)
{
	cr_assert_eq(unlink(path), 0);
}

static void
empty_it(const char *path)
{
	cr_assert_eq(truncate(path, 0), 0);
}

static void
link_it_nowhere(const char *path)
{
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(symlink("/nowhere/mail.mdb", path), 0);
}

static void (*const ways[])(const char *path) = { unlink_it, empty_it,
	link_it_nowhere };

static enum err
try_open(struct some *some, struct error *e)
{
	struct store *store = NULL;
	enum err err = store_open(some->s.dir, &store, e);

	store_close(store);
	return err;
}

static off_t
size_of(struct some *some, const char *name)
{
	struct stat st;

	return stat(scratch_path(&some->s, name), &st) == 0 ? st.st_size : -1;
}

Test(lost, files_are_told_and_not_made_anew)
{
	static const char *const names[] = { "index.mdb", "bodies.mdb" };

	for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(ways); i++) {
		CLEANUP(fini) struct some some;
		const char *name = names[i % ARRAY_LEN(names)];
		off_t before;
		struct error e;

		fill(&some);
		ways[i / ARRAY_LEN(names)](scratch_path(&some.s, name));
		before = size_of(&some, name);
		/* Neither now nor when it is tried again. */
		for (int k = 0; k < 2; k++) {
			cr_assert_eq(try_open(&some, &e), ERR_CORRUPT, "%zu",
			    i);
			cr_expect(strstr(e.text, name) != NULL, "%s", e.text);
		}
		cr_expect_eq(size_of(&some, name), before, "%zu", i);
	}
}

Test(lost, files_of_a_store_that_has_no_letters_yet_are_made)
{
	for (size_t i = 0; i < 2; i++) {
		CLEANUP(scratch_fini) struct scratch s;
		uint32_t account;

		scratch_init(&s);
		account = scratch_account(&s, "kerja");
		scratch_folder(&s, account, "INBOX", FOLDER_INBOX, false);
		scratch_close(&s);
		/* As who was killed between the two leaves it. */
		ways[i](scratch_path(&s, "bodies.mdb"));
		scratch_open(&s);
		cr_expect_gt(scratch_body(&s, SPAN_LIT("x")), 0);
		scratch_check(&s);
	}
}

static void
forget(void *ctx, const struct store_finding *f)
{
	size_t *n = ctx;

	(void)f;
	++*n;
}

static enum err
repair(struct some *some, size_t *nfindings, struct error *e)
{
	struct store_findings found = { forget, nfindings };
	struct repair_result result = { 0 };
	enum err err;

	*nfindings = 0;
	err = store_repair(some->s.dir, NULL, &found, &result, e);
	free(result.kept);
	return err;
}

static void
expect_no_letters(struct some *some)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t ids[] = { some->remote, some->local };

	scratch_open(&some->s);
	scratch_check(&some->s);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct message m = scratch_get(&some->s, ids[i], &arena);

		cr_expect_eq(m.body, 0);
		cr_expect_eq(m.body_state, BODY_NONE);
	}
}

Test(lost, letters_are_told_by_repair_which_goes_on_without)
{
	for (size_t i = 0; i < 2; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(fini) struct some some;
		struct error e = { 0 };
		size_t nfindings;
		uint64_t body;

		fill(&some);
		ways[i](scratch_path(&some.s, "bodies.mdb"));
		cr_assert_eq(repair(&some, &nfindings, &e), ERR_OK, "%s",
		    e.text);
		cr_expect_geq(nfindings, 2);
		expect_no_letters(&some);
		/* The number may be given anew, but nobody else has it. */
		body = scratch_body(&some.s, SPAN_LIT("a new letter"));
		put_letter(&some.s, some.remote, body);
		cr_expect_eq(scratch_get(&some.s, some.local, &arena).body, 0);
		scratch_check(&some.s);
	}
}

Test(lost, letters_are_not_taken_for_those_of_new_bodies)
{
	CLEANUP(fini) struct some some;
	CLEANUP(cleanup_free) char *from = NULL;
	struct scratch other;
	struct error e = { 0 };
	size_t nfindings;

	/* Bodies of a store in which no letter has ever been. */
	scratch_init(&other);
	scratch_close(&other);
	fill(&some);
	from = xstrdup(scratch_path(&other, "bodies.mdb"));
	cr_assert_eq(rename(from,
	    scratch_path(&some.s, "bodies.mdb")), 0);
	unlink(scratch_path(&some.s, "bodies.mdb-lock"));
	scratch_fini(&other);
	cr_assert_eq(try_open(&some, &e), ERR_CORRUPT);
	cr_expect(strstr(e.text, "not of this index") != NULL, "%s", e.text);
	cr_assert_eq(repair(&some, &nfindings, &e), ERR_OK, "%s", e.text);
	expect_no_letters(&some);
}

Test(lost, index_is_not_repaired_into_an_empty_one)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		CLEANUP(fini) struct some some;
		struct error e = { 0 };
		size_t nfindings;

		fill(&some);
		ways[i](scratch_path(&some.s, "index.mdb"));
		cr_assert_eq(repair(&some, &nfindings, &e), ERR_CORRUPT,
		    "%zu", i);
		cr_expect(strstr(e.text, "index.mdb") != NULL, "%s", e.text);
	}
}
