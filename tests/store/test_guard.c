/* SPDX-License-Identifier: MIT */
/*
 * Files that go bad under a program that has them open.  They are changed
 * in place: their pages are in the map already.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/store/damage.h"

static void (*spoil)(const char *path);		/* set before the fork */

static int
read_while_spoiled(const char *dir)
{
	struct store *store;
	struct store_txn t;
	char path[512];

	snprintf(path, sizeof path, "%s/index.mdb", dir);
	if (store_open(dir, &store, NULL) != ERR_OK)
		return 99;
	spoil(path);
	store_read(store, &t);
	for (uint64_t id = 1; id <= 400; id++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message m;

		store_message_get(&t, id, &arena, &m);
	}
	store_end(&t);
	dprintf(STDERR_FILENO, "%s\n", t.error.text);
	return t.error.kind ? DAMAGE_FOUND : 0;
}

static struct damage_end
end_when(void (*how)(const char *path))
{
	struct damage_end end;
	struct scratch s;

	scratch_init(&s);
	damage_fill(&s);
	scratch_close(&s);
	spoil = how;
	end = damage_end_of(s.dir, read_while_spoiled);
	scratch_fini(&s);
	return end;
}

static void
cut_to_metas(const char *path)
{
	bug_on(truncate(path, 2 * DAMAGE_PAGE) != 0);
}

Test(guard, ends_a_program_with_a_sentence_when_its_file_is_cut)
{
	struct damage_end end = end_when(cut_to_metas);

	cr_assert(WIFEXITED(end.status), "%x", end.status);
	cr_expect_eq(WEXITSTATUS(end.status), DAMAGE_FOUND);
	cr_expect_not_null(strstr(end.text, "index.mdb is damaged; run: "
	    "surat store check\n"), "%s", end.text);
}

static void
fill_with_noise(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;

	bug_on(fd < 0 || fstat(fd, &st) != 0);
	for (off_t at = 2 * DAMAGE_PAGE; at < st.st_size; at += DAMAGE_PAGE) {
		char noise[DAMAGE_PAGE];

		damage_noise(noise, sizeof noise);
		bug_on(pwrite(fd, noise, sizeof noise, at) != DAMAGE_PAGE);
	}
	close(fd);
}

/* Noise can look like a page where nothing is found; that is no failure. */
Test(guard, lets_no_program_end_badly_when_its_file_is_overwritten)
{
	for (unsigned i = 0; i < 40; i++) {
		struct damage_end end;

		srandom(i);
		end = end_when(fill_with_noise);
		cr_assert(WIFEXITED(end.status), "%u: %x: %s", i, end.status,
		    end.text);
		if (WEXITSTATUS(end.status) == 0)
			continue;
		cr_expect_eq(WEXITSTATUS(end.status), DAMAGE_FOUND);
		cr_expect_not_null(strstr(end.text, "is damaged"), "%u: %s",
		    i, end.text);
	}
}

static void
fault_elsewhere(const char *path)
{
	(void)path;
	raise(SIGSEGV);
}

Test(guard, leaves_other_faults_to_whoever_had_them)
{
	struct damage_end end = end_when(fault_elsewhere);

	cr_expect_null(strstr(end.text, "is damaged"), "%s", end.text);
	cr_expect(WIFSIGNALED(end.status) || WEXITSTATUS(end.status) != 0);
}

static void
say_restored(void)
{
	bug_on(write(STDERR_FILENO, "restored ", 9) != 9);
}

static void
cut_and_ask_for_restoring(const char *path)
{
	store_on_damage(say_restored);
	cut_to_metas(path);
}

Test(guard, gives_the_terminal_back_before_the_sentence)
{
	struct damage_end end = end_when(cut_and_ask_for_restoring);

	cr_expect_eq(strncmp(end.text, "restored surat: ", 16), 0, "%s",
	    end.text);
}
