/* SPDX-License-Identifier: MIT */
/* Drafts on disk, mailto links, commands of the user's. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "tests/ui/scratch.h"
#include "ui/compose_file.h"
#include "ui/compose_mailto.h"
#include "ui/editor.h"

static struct span references[] = { SPAN("a@x"), SPAN("b@x") };

static const struct compose_about about_reply = {
	.account = SPAN("kerja"), .answered = 42, .is_reply = true,
	.in_reply_to = SPAN("b@x"), .references = references,
	.nreferences = 2,
};

Test(compose_file, is_for_its_owner_only)
{
	CLEANUP(scratch_remove) char *dir = scratch_make();
	CLEANUP(cleanup_free) char *drafts = xasprintf("%s/drafts", dir);
	struct compose_file file;
	struct stat st;

	cr_assert_eq(compose_file_new(drafts, &about_reply, &file, NULL), 0);
	cr_assert_eq(compose_file_write(&file, SPAN_LIT("To: x\n"), NULL), 0);
	cr_assert_eq(stat(drafts, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0700);
	cr_assert_eq(stat(file.path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	cr_assert_eq(stat(file.about, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	compose_file_remove(&file);
}

/* A child begins a letter and dies without a word. */
static void
write_and_die(const char *dir)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct compose_file file;

		compose_file_new(dir, &about_reply, &file, NULL);
		compose_file_write(&file, SPAN_LIT("half a letter"), NULL);
		kill(getpid(), SIGKILL);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status));
}

Test(compose_file, survives_a_kill_and_is_found_again)
{
	CLEANUP(scratch_remove) char *dir = scratch_make();
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct compose_about about;
	struct compose_file file;
	struct span text;
	int64_t written;

	write_and_die(dir);
	cr_assert_eq(compose_file_resume(dir, 0, &arena, &file, &about,
	    &written, NULL), ERR_OK);
	cr_assert_eq(compose_file_read(&file, &arena, &text, NULL), ERR_OK);
	cr_assert(span_eq(text, SPAN_LIT("half a letter")));
	cr_assert(span_eq(about.account, SPAN_LIT("kerja")));
	cr_assert_eq(about.answered, 42);
	cr_assert(about.is_reply);
	cr_assert(span_eq(about.in_reply_to, SPAN_LIT("b@x")));
	cr_assert_eq(about.nreferences, 2);
	cr_assert(span_eq(about.references[0], SPAN_LIT("a@x")));
	compose_file_remove(&file);
	cr_assert_eq(compose_file_resume(dir, 0, &arena, &file, &about,
	    &written, NULL), ERR_NOTFOUND);
}

Test(compose_file, does_not_offer_a_letter_that_is_being_written)
{
	CLEANUP(scratch_remove) char *dir = scratch_make();
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct compose_file file, other;
	struct compose_about about;
	int64_t written;

	compose_file_new(dir, &about_reply, &file, NULL);
	compose_file_write(&file, SPAN_LIT("mine"), NULL);
	cr_assert_eq(compose_file_resume(dir, 0, &arena, &other, &about,
	    &written, NULL), ERR_NOTFOUND);
	compose_file_close(&file);
	cr_assert_eq(compose_file_resume(dir, 7, &arena, &other, &about,
	    &written, NULL), ERR_NOTFOUND);
	cr_assert_eq(compose_file_resume(dir, 42, &arena, &other, &about,
	    &written, NULL), ERR_OK);
	compose_file_remove(&other);
}

Test(compose_file, reads_through_no_link)
{
	CLEANUP(scratch_remove) char *dir = scratch_make();
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct compose_file file;
	struct error e = { 0 };
	struct span text;

	compose_file_new(dir, &about_reply, &file, NULL);
	cr_assert_eq(symlink("/etc/passwd", file.path), 0);
	cr_assert_eq(compose_file_read(&file, &arena, &text, &e), ERR_IO);
	compose_file_remove(&file);
}

Test(mailto, fills_in_what_is_allowed_and_nothing_else)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct draft d;

	cr_assert_eq(mailto_parse(SPAN_LIT("mailto:ani@x.example?subject=Hi%20"
	    "there&body=a%0D%0Ab&cc=b@x.example&bcc=spy@x.example&attach=/etc/"
	    "passwd&from=c@x.example&in-reply-to=%3Cid@x%3E"), &arena, &d,
	    NULL), ERR_OK);
	cr_assert_eq(d.to.n, 1);
	cr_assert(span_eq(d.to.list[0].addr, SPAN_LIT("ani@x.example")));
	cr_assert_eq(d.cc.n, 1);
	cr_assert_eq(d.bcc.n, 0);
	cr_assert_eq(d.nattachments, 0);
	cr_assert_eq(d.from.addr.n, 0);
	cr_assert(span_eq(d.subject, SPAN_LIT("Hi there")));
	cr_assert(span_eq(d.text, SPAN_LIT("a\nb\n")));
	cr_assert(span_eq(d.in_reply_to, SPAN_LIT("id@x")));
}

Test(mailto, refuses_line_ends_in_fields)
{
	static const char *const links[] = {
		"mailto:a@x%0d%0aBcc:%20spy@x",
		"mailto:a@x?subject=x%0ABcc:%20spy@x",
		"mailto:a@x?cc=b@x%0Ato:c@x",
		"mailto:a@x?in-reply-to=%3Cx%0Areference%20y%3E",
		"mailto:a@x?subject=%00",
		"mailto:a@x?subject=%FF",
		"http://x",
		"",
	};

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct draft d;

		cr_assert_eq(mailto_parse(span_of(links[i]), &arena, &d, NULL),
		    ERR_DATA, "%s", links[i]);
	}
}

static const struct {
	const char *command;
	const char *words[5];
} commands[] = {
	{ "vim", { "vim" } },
	{ "  emacs  -nw ", { "emacs", "-nw" } },
	{ "'my editor' \"--title=a b\"", { "my editor", "--title=a b" } },
	{ "a\\ b c\\\"d", { "a b", "c\"d" } },
	{ "x ''", { "x", "" } },
	{ "x '$(touch y)' ; `z`", { "x", "$(touch y)", ";", "`z`" } },
};

Test(editor, splits_commands_as_a_shell_would_but_runs_none)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		char **argv;
		size_t n;

		cr_assert_eq(editor_split(commands[i].command, 0, &arena,
		    &argv, &n, NULL), ERR_OK);
		for (size_t j = 0; j < n; j++)
			cr_assert_str_eq(argv[j], commands[i].words[j]);
		cr_assert_null(argv[n]);
		cr_assert_null(commands[i].words[n]);
	}
}

Test(editor, refuses_an_open_quote_and_an_empty_command)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	char **argv;
	size_t n;

	cr_assert_eq(editor_split("vim 'x", 0, &arena, &argv, &n, NULL),
	    ERR_CONFIG);
	cr_assert_eq(editor_split("  ", 0, &arena, &argv, &n, NULL),
	    ERR_CONFIG);
}

/* A program of that name in a directory of its own, first in $PATH. */
static void
put_program(const char *dir, const char *name)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CREAT, 0700);

	cr_assert_geq(fd, 0);
	close(fd);
	setenv("PATH", dir, 1);
}

Test(editor, keeps_vim_from_obeying_the_text_by_whatever_name)
{
	CLEANUP(scratch_remove) char *dir = scratch_make();
	CLEANUP(cleanup_free) char *vi = xasprintf("%s/vi", dir);
	static const char *const names[] = { "vim -f", "vi -f",
		"vim.basic -f" };

	put_program(dir, "vim.basic");
	cr_assert_eq(symlink("vim.basic", vi), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		char **argv;

		cr_assert_eq(editor_command(names[i], "/d/x.eml", &arena,
		    &argv, NULL), ERR_OK);
		cr_assert_str_eq(argv[1], "-f");
		cr_assert_str_eq(argv[2], "--cmd", "%s", names[i]);
		cr_assert_str_eq(argv[3], "set nomodeline");
		cr_assert_str_eq(argv[4], "/d/x.eml");
		cr_assert_null(argv[5]);
	}
}

Test(editor, is_what_the_user_set)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	char **argv;

	setenv("EDITOR", "nano", 1);
	unsetenv("VISUAL");
	editor_command(NULL, "x", &arena, &argv, NULL);
	cr_assert_str_eq(argv[0], "nano");
	setenv("VISUAL", "joe", 1);
	editor_command("", "x", &arena, &argv, NULL);
	cr_assert_str_eq(argv[0], "joe");
	editor_command("ed", "x", &arena, &argv, NULL);
	cr_assert_str_eq(argv[0], "ed");
	cr_assert_str_eq(argv[1], "x");
	cr_assert_null(argv[2]);
}

Test(browser, opens_the_web_and_nothing_else)
{
	static const char *const refused[] = { "file:///etc/passwd",
		"javascript:x", "-version", "https://x y", "http://x\n-y",
		"ftp://x", "" };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	char **argv;

	unsetenv("BROWSER");
	cr_assert_eq(browser_command(SPAN_LIT("https://x/$(y);z"), &arena,
	    &argv, NULL), ERR_OK);
	cr_assert_str_eq(argv[0], "xdg-open");
	cr_assert_str_eq(argv[1], "https://x/$(y);z");
	setenv("BROWSER", "w3m -o x %s -y:lynx", 1);
	browser_command(SPAN_LIT("http://x/"), &arena, &argv, NULL);
	cr_assert_str_eq(argv[3], "http://x/");
	cr_assert_str_eq(argv[4], "-y");
	cr_assert_null(argv[5]);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		cr_assert_eq(browser_command(span_of(refused[i]), &arena,
		    &argv, NULL), ERR_DATA, "%s", refused[i]);
}
