/* SPDX-License-Identifier: MIT */
#include "tests/store/damage.h"

#include <sys/wait.h>

#include "store/body.h"
#include "store/body_piece.h"

enum { CHILD_SECONDS = 60 };

void
damage_noise(char *to, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		to[i] = (char)random();
}

static void
add_messages(struct scratch *s, uint32_t folder, uint32_t first, uint32_t n)
{
	struct store_txn t = scratch_write(s);

	for (uint32_t i = first; i < first + n; i++)
		scratch_message(&t, folder, i, i, i % 3 ? 0 : FLAG_SEEN);
	scratch_commit(&t);
}

void
damage_add_bodies(struct scratch *s, size_t n)
{
	static char bytes[200000];

	for (size_t i = 0; i < n; i++) {
		size_t octets = i % 2 ? sizeof bytes : 3000;

		damage_noise(bytes, octets);
		scratch_body(s, (struct span){ bytes, octets });
	}
}

void
damage_fill(struct scratch *s)
{
	uint32_t account = scratch_account(s, "kerja");
	uint32_t kept = scratch_folder(s, account, "INBOX", FOLDER_INBOX,
	    false), gone = scratch_folder(s, account, "b", FOLDER_NONE, false);
	size_t dropped;

	add_messages(s, kept, 1, 400);
	add_messages(s, gone, 1, 300);
	for (bool more = true; more; ) {
		struct store_txn t = scratch_write(s);

		more = store_folder_clear(&t, gone, 100);
		scratch_commit(&t);
	}
	add_messages(s, kept, 401, 20);
	damage_add_bodies(s, 8);
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(body_collect(s->store, INT64_MAX, 3, &dropped,
		    NULL), ERR_OK);
}

struct damage_end
damage_end_of(const char *dir, int (*work)(const char *dir))
{
	struct damage_end end = { 0 };
	size_t n = 0;
	ssize_t got;
	int fds[2];
	pid_t pid;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		/* One that hangs ends by a signal. */
		alarm(CHILD_SECONDS);
		dup2(fds[1], STDERR_FILENO);
		_exit(work(dir));
	}
	close(fds[1]);
	while ((got = read(fds[0], end.text + n, sizeof end.text - 1 - n)) > 0)
		n += (size_t)got;
	close(fds[0]);
	cr_assert_eq(waitpid(pid, &end.status, 0), pid);
	return end;
}
