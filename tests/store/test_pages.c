/* SPDX-License-Identifier: MIT */
/*
 * Damage to the data files: every page of a filled store is overwritten in
 * many ways, and the file cut at many lengths.  The look at the structure
 * or that at the records must find it; and a program that opens the file,
 * reads a page of a view and checks the store must end with a code and a
 * sentence, never by a signal and never hang.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/pages.h"
#include "tests/store/damage.h"

static void
expect_whole(struct scratch *s)
{
	struct error e = { 0 };

	cr_assert_eq(store_check_pages(s->store, NULL, &e), ERR_OK, "%s",
	    e.text);
}

/* What a program does first, and then everything. */
static int
read_all(const char *dir)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct view view = { .folders = { 1 }, .nfolders = 1 };
	struct message *page;
	struct store *store;
	struct store_txn t;
	struct error e = { 0 };
	uint64_t checked;

	if (store_open(dir, &store, &e) == ERR_OK) {
		store_read(store, &t);
		store_view_page(&t, &view, VIEW_TOP,
		    (struct view_position){ 0 }, 50, &arena, &page);
		store_end(&t);
		e = t.error;
		if (!e.kind)
			store_check(store, &checked, &e);
		store_close(store);
	}
	dprintf(STDERR_FILENO, "%s\n", e.text);
	return e.kind ? DAMAGE_FOUND : 0;
}

/* What a program does that only adds mail. */
static int
write_some(const char *dir)
{
	struct store *store;
	struct error e = { 0 };

	if (store_open(dir, &store, &e) == ERR_OK) {
		for (uint32_t i = 0; i < 20 && !e.kind; i++) {
			struct store_txn t;

			store_write(store, &t);
			for (uint32_t k = 0; k < 20; k++)
				scratch_message(&t, 1, 10000 + 20 * i + k,
				    (i * 37 + k) % 400, FLAG_FLAGGED);
			store_message_remove(&t, 1 + i * 19);
			store_commit(&t, &e);
		}
		store_close(store);
	}
	dprintf(STDERR_FILENO, "%s\n", e.text);
	return e.kind ? DAMAGE_FOUND : 0;
}

/* True when the damage was found; false when nothing of it was seen. */
static bool
is_found(const char *dir, const char *path, const char *what, size_t page)
{
	struct error e = { 0 };
	enum err err = pages_check(path, NULL, &e);
	struct damage_end end = damage_end_of(dir, read_all);

	cr_assert(err == ERR_OK || err == ERR_CORRUPT, "%s: %s", what, e.text);
	cr_assert(WIFEXITED(end.status), "%s, page %zu of %s: status %x, %s",
	    what, page, path, end.status, end.text);
	cr_assert(WEXITSTATUS(end.status) == 0 ||
	    WEXITSTATUS(end.status) == DAMAGE_FOUND,
	    "%s, page %zu of %s: code %d, %s", what, page, path,
	    WEXITSTATUS(end.status), end.text);
	if (WEXITSTATUS(end.status) == DAMAGE_FOUND)
		cr_assert_gt(strlen(end.text), 10, "%s, page %zu of %s",
		    what, page, path);
	cr_assert(err == ERR_OK || WEXITSTATUS(end.status) == DAMAGE_FOUND,
	    "%s, page %zu: only the pages know: %s", what, page, e.text);
	return WEXITSTATUS(end.status) == DAMAGE_FOUND;
}

enum damage { ZEROS, NOISE, OTHER, BIT, DAMAGES };

static const char *const damage_names[DAMAGES] = {
	"zeros", "noise", "another page", "one bit",
};

static void
damage(char *page, const char *other, enum damage how)
{
	switch (how) {
	case ZEROS:
		memset(page, 0, DAMAGE_PAGE);
		return;
	case NOISE:
		damage_noise(page, DAMAGE_PAGE);
		return;
	case OTHER:
		memcpy(page, other, DAMAGE_PAGE);
		return;
	case BIT:
		/* The number, the flags, the bounds, the first offsets. */
		page[random() % 24] ^= (char)(1 << random() % 8);
		return;
	case DAMAGES:
		return;
	}
}

/* The copy has no free list; it has a page at least here. */
static size_t
pages_of_free_list(const char *path)
{
	struct page_file f = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	const struct tree *tree = &f.meta.free_list;

	cr_assert(page_file_look(&f));
	close(f.fd);
	cr_assert_gt(tree->leaves, 0);
	return tree->branches + tree->leaves + tree->overflows;
}

/* How many pages of the file are of use; LMDB copies only those. */
static size_t
pages_in_use(const struct scratch *s, const char *path)
{
	const char *copy = scratch_path(s, "copy");
	MDB_env *env;
	struct stat st;
	int fd = open(copy, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	cr_assert_eq(mdb_env_create(&env), 0);
	mdb_env_set_maxdbs(env, 64);
	cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
	cr_assert_eq(mdb_env_copyfd2(env, fd, MDB_CP_COMPACT), 0);
	mdb_env_close(env);
	cr_assert_eq(fstat(fd, &st), 0);
	close(fd);
	cr_assert_eq(unlink(copy), 0);
	return (size_t)st.st_size / DAMAGE_PAGE + pages_of_free_list(path);
}

/* Each page of the file, one after the other, and put back again. */
static size_t
sweep(const struct scratch *s, const char *path, enum damage how)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	size_t found = 0, pages;
	struct stat st;

	cr_assert_geq(fd, 0);
	cr_assert_eq(fstat(fd, &st), 0);
	pages = (size_t)st.st_size / DAMAGE_PAGE;
	for (size_t i = 0; i < pages; i++) {
		char good[DAMAGE_PAGE], bad[DAMAGE_PAGE], other[DAMAGE_PAGE];
		size_t k = (i + 1 + (size_t)random() % (pages - 1)) % pages;

		cr_assert_eq(pread(fd, good, DAMAGE_PAGE, (off_t)(i * DAMAGE_PAGE)), DAMAGE_PAGE);
		cr_assert_eq(pread(fd, other, DAMAGE_PAGE, (off_t)(k * DAMAGE_PAGE)), DAMAGE_PAGE);
		memcpy(bad, good, DAMAGE_PAGE);
		damage(bad, other, how);
		cr_assert_eq(pwrite(fd, bad, DAMAGE_PAGE, (off_t)(i * DAMAGE_PAGE)), DAMAGE_PAGE);
		found += is_found(s->dir, path, damage_names[how], i);
		cr_assert_eq(pwrite(fd, good, DAMAGE_PAGE, (off_t)(i * DAMAGE_PAGE)), DAMAGE_PAGE);
	}
	close(fd);
	return found;
}

static void
sweep_all(const char *name, enum damage how, bool is_seen_anywhere)
{
	struct scratch s;
	size_t used, found;
	char path[512];

	srandom(7 + (unsigned)how);
	scratch_init(&s);
	damage_fill(&s);
	expect_whole(&s);
	scratch_check(&s);
	scratch_close(&s);
	snprintf(path, sizeof path, "%s/%s", s.dir, name);
	used = pages_in_use(&s, path);
	found = sweep(&s, path, how);
	if (is_seen_anywhere)
		cr_expect_eq(found, used, "%s: %zu of %zu", damage_names[how],
		    found, used);
	cr_expect_geq(found, used / 2);
	scratch_fini(&s);
}

Test(pages, of_the_index_made_zero_are_found)
{
	sweep_all("index.mdb", ZEROS, true);
}

Test(pages, of_the_index_made_noise_are_found)
{
	sweep_all("index.mdb", NOISE, true);
}

Test(pages, of_the_index_replaced_by_another_are_found)
{
	sweep_all("index.mdb", OTHER, true);
}

Test(pages, of_the_index_with_a_wrong_bit_in_the_head_end_no_program_badly)
{
	for (int i = 0; i < 4; i++)
		sweep_all("index.mdb", BIT, false);
}

Test(pages, of_the_bodies_made_zero_are_found)
{
	sweep_all("bodies.mdb", ZEROS, true);
}

Test(pages, of_the_bodies_made_noise_are_found)
{
	sweep_all("bodies.mdb", NOISE, true);
}

Test(pages, of_the_bodies_replaced_by_another_are_found)
{
	sweep_all("bodies.mdb", OTHER, true);
}

Test(pages, of_the_bodies_with_a_wrong_bit_in_the_head_end_no_program_badly)
{
	sweep_all("bodies.mdb", BIT, false);
}

Test(pages, missing_at_the_end_are_found_at_every_length)
{
	static const char *const names[] = { "index.mdb", "bodies.mdb" };
	struct scratch s;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[512];
		struct stat st;

		scratch_init(&s);
		damage_fill(&s);
		scratch_close(&s);
		snprintf(path, sizeof path, "%s/%s", s.dir, names[i]);
		cr_assert_eq(stat(path, &st), 0);
		for (off_t n = st.st_size - 1; n > 0; n -= n % 7000 + 1) {
			cr_assert_eq(truncate(path, n), 0);
			is_found(s.dir, path, "cut", (size_t)n / DAMAGE_PAGE);
		}
		scratch_fini(&s);
	}
}

/* Whatever is put in and taken out, the trees stay whole. */
Test(pages, of_an_undamaged_store_are_whole_whatever_was_done_to_it)
{
	struct scratch s;
	uint32_t folder, uid = 0;

	srandom(3);
	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	for (int i = 0; i < 120; i++) {
		struct store_txn t = scratch_write(&s);
		long n = random() % 120;

		for (long k = 0; k < n; k++) {
			if (random() % 5 < (i / 30 % 2 ? 1 : 4))
				scratch_message(&t, folder, ++uid,
				    random() % 5000, 0);
			else if (uid)
				store_message_remove(&t,
				    1 + (uint64_t)random() % uid);
		}
		scratch_commit(&t);
		if (i % 20 == 0)
			damage_add_bodies(&s, 2);
		if (i % 3 == 0)
			expect_whole(&s);
	}
	scratch_check(&s);
	scratch_fini(&s);
}

static void
damage_page(const char *path, size_t number, enum damage how)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	off_t at = (off_t)(number * DAMAGE_PAGE);
	char page[DAMAGE_PAGE], other[DAMAGE_PAGE];

	cr_assert_eq(pread(fd, page, DAMAGE_PAGE, at), DAMAGE_PAGE);
	cr_assert_eq(pread(fd, other, DAMAGE_PAGE, at + DAMAGE_PAGE),
	    DAMAGE_PAGE);
	damage(page, other, how);
	cr_assert_eq(pwrite(fd, page, DAMAGE_PAGE, at), DAMAGE_PAGE);
	close(fd);
}

static void
write_on_damage(size_t number, enum damage how)
{
	struct damage_end end;
	struct scratch s;

	srandom((unsigned)number);
	scratch_init(&s);
	damage_fill(&s);
	scratch_close(&s);
	damage_page(scratch_path(&s, "index.mdb"), number, how);
	end = damage_end_of(s.dir, write_some);
	cr_expect(WIFEXITED(end.status) && (WEXITSTATUS(end.status) == 0 ||
	    WEXITSTATUS(end.status) == DAMAGE_FOUND), "%s, page %zu: %x, %s",
	    damage_names[how], number, end.status, end.text);
	scratch_fini(&s);
}

/* What LMDB then does in memory a sanitizer would rightly complain of. */
Test(pages, with_damage_end_no_writer_badly)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("LMDB trusts the pages that it copies");
#endif
	for (size_t i = 2; i < 50; i++)
		for (int how = 0; how < DAMAGES; how++)
			write_on_damage(i, (enum damage)how);
}
