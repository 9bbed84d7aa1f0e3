/* SPDX-License-Identifier: MIT */
/*
 * Programs that the user runs on our terminal: the editor, a viewer.  argv
 * (ui/editor.h), no shell.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "ui/editor.h"
#include "ui/ui_state.h"

extern char **environ;

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

int
ui_edit(struct ui *ui, const char *path)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct error e = { 0 };
	char **argv;

	if (editor_command(ui->settings->editor, path, &arena, &argv, &e)) {
		ui_say(ui, ROLE_ERROR, _("The editor was not started: %s"),
		    e.text);
		return -1;
	}
	return ui_run_child(ui, argv);
}
