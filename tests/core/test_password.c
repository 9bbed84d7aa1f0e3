/* SPDX-License-Identifier: MIT */
/*
 * This program brings a g_timeout_source_new_seconds of its own, which
 * password.c is linked to, so that a limit of 30 s need not be waited for.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/core/password.h"

static bool is_hurried;
static unsigned asked_s;

GSource *
g_timeout_source_new_seconds(guint seconds)
{
	asked_s = seconds;
	return g_timeout_source_new(is_hurried ? 100 : seconds * 1000);
}

struct answer {
	GMainContext *context;
	bool in_call;
	int count;
	enum err err;
	char password[64];
	struct error error;
};

static void
on_ready(void *ctx, enum err err, const char *password, const struct error *e)
{
	struct answer *answer = ctx;

	cr_expect(!answer->in_call);
	answer->count++;
	answer->err = err;
	answer->error = *e;
	cr_expect_eq(err == ERR_OK, password != NULL);
	if (password)
		snprintf(answer->password, sizeof answer->password, "%s",
		    password);
}

static void
ask(const struct config_account *account, bool for_send,
    struct answer *answer)
{
	*answer = (struct answer){ .in_call = true };
	answer->context = g_main_context_new();
	g_main_context_push_thread_default(answer->context);
	password_get(account, for_send, on_ready, answer);
	answer->in_call = false;
	while (answer->count == 0)
		g_main_context_iteration(answer->context, TRUE);
	g_main_context_iteration(answer->context, FALSE);
	cr_expect_eq(answer->count, 1);
	g_main_context_pop_thread_default(answer->context);
	g_main_context_unref(answer->context);
}

Test(password, first_line_of_the_command_is_it)
{
	static const struct {
		const char *command, *password;
	} cases[] = {
		{ "echo geheim", "geheim" },
		{ "printf 'no newline'", "no newline" },
		{ "printf 'one\\r\\ntwo\\n'", "one" },
		{ "printf 'p\\303\\244ss w\\303\\266rd \\n'",
		    "p\303\244ss w\303\266rd " },
		{ "echo said >&2; sleep 0; echo it", "it" },
		{ "cat; echo $((6 * 7))", "42" },
		{ "echo first; head -c 300000 /dev/zero", "first" },
		{ "head -c 300000 /dev/zero >&2; echo quiet", "quiet" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct config_account account = { .name = "a",
			.password_command = cases[i].command };
		struct answer answer;

		ask(&account, false, &answer);
		cr_expect_eq(answer.err, ERR_OK, "%s: %s", cases[i].command,
		    answer.error.text);
		cr_expect_str_eq(answer.password, cases[i].password);
		cr_expect_eq(asked_s, 30);
	}
}

Test(password, failing_command_is_told_in_its_own_words)
{
	static const struct {
		const char *command, *text;
	} cases[] = {
		{ "echo one >&2; echo 'no such entry' >&2; exit 3",
		    "password-command of account a failed (exit status 3): "
		    "no such entry" },
		{ "exit 1", "password-command of account a failed (exit "
		    "status 1)" },
		{ "printf 'why\\033[31m\\n\\n \\n' >&2; exit 1",
		    "password-command of account a failed (exit status 1): "
		    "why\xe2\x90\x9b[31m" },
		{ "kill -9 $$", "password-command of account a was ended by "
		    "signal 9" },
		{ "true", "password-command of account a printed nothing" },
		{ "echo; echo late", "password-command of account a printed "
		    "nothing" },
		{ "head -c 2000 /dev/zero", "password-command of account a "
		    "printed more than a password" },
		{ "printf 'a\\000b\\n'", "password-command of account a "
		    "printed no text" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct config_account account = { .name = "a",
			.password_command = cases[i].command };
		struct answer answer;

		ask(&account, false, &answer);
		cr_expect_eq(answer.err, ERR_AUTH);
		cr_expect_eq(answer.error.kind, ERR_AUTH);
		cr_expect_str_eq(answer.error.text, cases[i].text);
	}
}

Test(password, send_has_its_own_where_there_is_one)
{
	static const struct {
		struct config_account account;
		enum err receive, send;
		const char *for_receive, *for_send;
	} cases[] = {
		{ { .name = "a", .password = "p", .send_password = "s" },
		    ERR_OK, ERR_OK, "p", "s" },
		{ { .name = "a", .password = "p",
		    .send_password_command = "echo q" },
		    ERR_OK, ERR_OK, "p", "q" },
		{ { .name = "a", .password_command = "echo r",
		    .send_password = "" }, ERR_OK, ERR_OK, "r", "" },
		{ { .name = "a" }, ERR_AUTH, ERR_OK, "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct answer answer;

		ask(&cases[i].account, false, &answer);
		cr_expect_eq(answer.err, cases[i].receive);
		cr_expect_str_eq(answer.password, cases[i].for_receive);
		ask(&cases[i].account, true, &answer);
		cr_expect_eq(answer.err, cases[i].send);
		cr_expect_str_eq(answer.password, cases[i].for_send);
	}
}

/* Waits for the end of a process that need not be our child. */
static void
expect_gone(pid_t pid)
{
	for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++) {
		char path[64], state = 0;
		FILE *f;

		/* Nobody may be there to bury it: a zombie is gone, too. */
		snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
		f = fopen(path, "r");
		if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 'Z';
		if (f)
			fclose(f);
		if (state == 'Z')
			return;
		g_usleep(10 * 1000);
	}
	cr_expect_eq(kill(pid, 0), -1, "process %d lives on", (int)pid);
}

/* A command that tells the pid of a child of its own, which hangs. */
struct hanging {
	char file[64], command[160];
};

static void
hanging_make(struct hanging *h, const char *last)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	snprintf(h->file, sizeof h->file, "%.40s/surat-pw-XXXXXX",
	    tmp ? tmp : "/tmp");
	fd = mkstemp(h->file);
	cr_assert_geq(fd, 0);
	close(fd);
	snprintf(h->command, sizeof h->command,
	    "sleep 60 & echo $! > %s; echo asking >&2; %s", h->file, last);
}

/* 0 while it has not been written yet. */
static pid_t
hanging_pid(const struct hanging *h)
{
	FILE *f = fopen(h->file, "r");
	int pid = 0;

	if (fscanf(f, "%d\n", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid;
}

Test(password, what_a_command_leaves_running_is_not_waited_for)
{
	struct hanging h;
	struct config_account account = { .name = "a" };
	struct answer answer;

	hanging_make(&h, "echo now");
	account.password_command = h.command;
	ask(&account, false, &answer);
	cr_expect_eq(answer.err, ERR_OK);
	cr_expect_str_eq(answer.password, "now");
	cr_expect_eq(kill(hanging_pid(&h), SIGKILL), 0);
	unlink(h.file);
}

Test(password, command_that_hangs_is_killed_with_its_children)
{
	struct hanging h;
	struct config_account account = { .name = "a" };
	struct answer answer;

	hanging_make(&h, "wait");
	account.password_command = h.command;
	is_hurried = true;
	ask(&account, false, &answer);
	cr_expect_eq(answer.err, ERR_AUTH);
	cr_expect_eq(strncmp(answer.error.text, "password-command of account a "
	    "did not end within 30 s", 53), 0, "%s", answer.error.text);
	if (hanging_pid(&h) > 0)
		expect_gone(hanging_pid(&h));
	unlink(h.file);
}

Test(password, cancelled_command_is_killed_and_never_answers)
{
	struct hanging h;
	struct config_account account = { .name = "a" };
	struct config_account plain = { .name = "b", .password = "x" };
	struct answer answer = { .context = g_main_context_new() };
	struct password_job *job;

	hanging_make(&h, "wait");
	account.password_command = h.command;
	g_main_context_push_thread_default(answer.context);
	job = password_get(&account, false, on_ready, &answer);
	while (hanging_pid(&h) == 0)
		g_usleep(1000);
	password_cancel(job);
	expect_gone(hanging_pid(&h));
	password_cancel(password_get(&plain, false, on_ready, &answer));
	password_cancel(NULL);
	while (g_main_context_iteration(answer.context, FALSE))
		;
	cr_expect_eq(answer.count, 0);
	g_main_context_pop_thread_default(answer.context);
	g_main_context_unref(answer.context);
	unlink(h.file);
}
