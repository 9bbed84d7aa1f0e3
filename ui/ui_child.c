/* SPDX-License-Identifier: MIT */
/*
 * Programs that the user runs on our terminal: the editor, a viewer.  argv
 * to execvp, no shell, except that $VISUAL and $EDITOR may hold options,
 * which are split at blanks.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/bug.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/ui_state.h"

extern char **environ;

enum { EDITOR_ARGS_MAX = 32 };

/* A child gets signals as a fresh program expects them. */
static int
spawn(pid_t *pid, char *const argv[])
{
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawnp(pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	return err;
}

static int
await(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

int
ui_run_child(struct ui *ui, char *const argv[])
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	int status = -1, err;
	pid_t pid;

	term_suspend(ui->term);
	/* Ctrl-C on the shared terminal is meant for the child. */
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	err = spawn(&pid, argv);
	if (err == 0)
		status = await(pid);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	term_resume(ui->term);
	ui_fit(ui);
	if (err != 0)
		ui_say(ui, ROLE_ERROR, _("%s could not be started: %s"),
		    argv[0], strerror(err));
	return status;
}

static const char *
editor_of(const struct ui *ui)
{
	const char *editor = ui->settings->editor;

	if (!editor || !*editor)
		editor = getenv("VISUAL");
	if (!editor || !*editor)
		editor = getenv("EDITOR");
	return editor && *editor ? editor : "vi";
}

/*
 * A quoted letter could hold commands for the editor; vim's kin are told
 * not to look (SECURITY.md 3, CVE-2019-12735).
 */
static bool
is_vim(const char *program)
{
	static const char *const names[] = { "vi", "vim", "nvim", "gvim",
		"vim.basic", "vim.tiny", "view" };
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

int
ui_edit(struct ui *ui, const char *path)
{
	struct span rest = span_of(editor_of(ui)), word;
	char *argv[EDITOR_ARGS_MAX + 4], *file = xstrdup(path);
	size_t n = 0;
	int status;

	while (n < EDITOR_ARGS_MAX && span_split(&rest, ' ', &word)) {
		if (word.n)
			argv[n++] = span_dup(word);
	}
	if (n > 0 && is_vim(argv[0])) {
		argv[n++] = xstrdup("-c");
		argv[n++] = xstrdup("set nomodeline");
	}
	argv[n] = file;
	argv[n + 1] = NULL;
	status = n > 0 ? ui_run_child(ui, argv) : -1;
	for (size_t i = 0; i <= n; i++)
		free(argv[i]);
	return status;
}
