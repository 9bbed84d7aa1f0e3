/* SPDX-License-Identifier: MIT */
/*
 * What a person sees: the real program on a real terminal, over the sample
 * letters in a store, with whole screens compared to tests/screens/expect.
 * SURAT_UPDATE_SCREENS=1 writes those files anew; read them before you
 * commit them: they are the manual.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/body_read.h"
#include "store/view.h"
#include "tests/screens/screen.h"

/* 1 January 2020: every date of the sample is then more than a year old. */
#define SAMPLE_NOW "1577836800"

#define TWO_GROUPS "\n[group Pekerjaan]\nfolders = kerja, kerja/Proyek\n" \
	"\n[group Pribadi]\nfolders = rumah, kerja/Proyek/Alfa\n"

/* A profile of its own for each test, gone at its end. */
struct profile {
	char dir[64];
};

static const char *
path_from(const char *variable)
{
	const char *value = getenv(variable);

	return value ? value : ".";
}

/* Starts a program; what it prints goes to a file (NULL: nowhere). */
static pid_t
spawn(char *const argv[], const char *output)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen(output ? output : "/dev/null", "w", stdout))
			_exit(126);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

/* Its exit code; it was not killed. */
static int
wait_for(pid_t pid, const char *name)
{
	int status = 0;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status), "%s ended with %x", name,
	    (unsigned)status);
	return WEXITSTATUS(status);
}

static void
expect_end(pid_t pid, const char *name)
{
	cr_assert_eq(wait_for(pid, name), 0, "%s", name);
}

static void
run(char *const argv[])
{
	expect_end(spawn(argv, NULL), argv[0]);
}

static void
write_conf(const char *dir, const char *general)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/surat.conf", dir);
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	fprintf(f, "[general]\n%s\n"
	    "[account kerja]\nname = Budi Santoso\n"
	    "address = budi@kantor.example\nreceive = none\n\n"
	    "[account rumah]\nname = Budi Santoso\n"
	    "address = budi@rumah.example\nreceive = none\n", general);
}

static void
profile_open(struct profile *p, const char *general)
{
	CLEANUP(cleanup_free) char *sample = xasprintf("%s/tests/servers/sample",
	    path_from("builddir"));
	CLEANUP(cleanup_free) char *filler = xasprintf(
	    "%s/tests/servers/sample_store", path_from("builddir"));
	CLEANUP(cleanup_free) char *letters = NULL;

	snprintf(p->dir, sizeof p->dir, "/tmp/surat-screen.XXXXXX");
	cr_assert_not_null(mkdtemp(p->dir));
	letters = xasprintf("%s/letters", p->dir);
	run((char *[]){ sample, (char[]){ "fill" }, letters,
	    (char[]){ SAMPLE_NOW }, NULL });
	run((char *[]){ filler, letters, p->dir, NULL });
	write_conf(p->dir, general);
}

static void
profile_close(struct profile *p)
{
	run((char *[]){ (char[]){ "/bin/rm" }, (char[]){ "-rf" }, p->dir, NULL });
}

static struct screen *
start_in(const char *locale, struct profile *p, int rows, int cols)
{
	CLEANUP(cleanup_free) char *surat = xasprintf("%s/surat",
	    path_from("builddir"));
	CLEANUP(cleanup_free) char *themes = xasprintf("%s/themes",
	    path_from("srcdir"));
	CLEANUP(cleanup_free) char *locales = xasprintf("%s/po",
	    path_from("builddir"));

	setenv("SURAT_THEMES", themes, 1);
	setenv("SURAT_LOCALES", locales, 1);
	setenv("TZ", "Asia/Jakarta", 1);
	setenv("LC_ALL", locale, 1);
	unsetenv("LANGUAGE");
	unsetenv("NO_COLOR");
	return screen_start((char *[]){ surat, (char[]){ "--profile" }, p->dir,
	    NULL }, NULL, rows, cols);
}

static struct screen *
start(struct profile *p, int rows, int cols)
{
	return start_in("C.UTF-8", p, rows, cols);
}

static void
read_file(const char *path, struct buf *out)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return;
	do {
		n = fread(buf_room(out, 4096), 1, 4096, f);
		buf_grew(out, n);
	} while (n);
}

static void
expect_screen(struct screen *s, const char *name)
{
	CLEANUP(cleanup_free) char *path = xasprintf(
	    "%s/tests/screens/expect/%s.txt", path_from("srcdir"), name);
	CLEANUP(buf_fini) struct buf seen = { 0 }, wanted = { 0 };

	if (getenv("SURAT_UPDATE_SCREENS")) {
		CLEANUP(cleanup_fclose) FILE *f = fopen(path, "w");

		cr_assert_not_null(f);
		screen_settle(s);
		screen_text(s, &seen);
		fputs(buf_str(&seen), f);
		return;
	}
	read_file(path, &wanted);
	if (screen_wait_all(s, buf_span(&wanted)))
		return;
	screen_text(s, &seen);
	cr_expect(false, "%s\nwanted:\n%s\nseen:\n%s", name,
	    buf_str(&wanted), buf_str(&seen));
}

/* Leaves with q from wherever it is. */
static void
quit(struct screen *s)
{
	int status;

	screen_type(s, "qqq");
	status = screen_wait_exit(s);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "ended with %x", (unsigned)status);
	screen_free(s);
}

/* The reader on a profile of its own, its inbox on the screen. */
static struct screen *
open_reader(struct profile *p, const char *general, int rows, int cols)
{
	struct screen *s;

	profile_open(p, general);
	s = start(p, rows, cols);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	return s;
}

static void
close_reader(struct profile *p, struct screen *s)
{
	quit(s);
	profile_close(p);
}

Test(screens, opens_on_the_unified_inbox)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 30, 100);
	expect_screen(s, "inbox");
	close_reader(&p, s);
}

/* gettext needs the locale itself; not every machine has it. */
Test(screens, speaks_indonesian)
{
	locale_t locale = newlocale(LC_ALL_MASK, "id_ID.UTF-8", (locale_t)0);
	struct profile p;
	struct screen *s;

	if (!locale)
		cr_skip_test("the locale id_ID.UTF-8 is not here");
	freelocale(locale);
	profile_open(&p, "");
	s = start_in("id_ID.UTF-8", &p, 30, 100);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	expect_screen(s, "inbox-id");
	close_reader(&p, s);
}

Test(screens, reads_a_group_as_one_inbox)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, TWO_GROUPS, 30, 100);
	screen_type(s, "J");
	cr_assert(screen_wait(s, "▸Pekerjaan"));
	expect_screen(s, "group");
	close_reader(&p, s);
}

Test(screens, fits_a_narrow_terminal)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 20, 60);
	expect_screen(s, "narrow");
	close_reader(&p, s);
}

/* Types keys over the inbox and compares what is there then. */
static void
expect_after(const char *keys, const char *sign, int rows, int cols,
    const char *name)
{
	struct profile p;
	struct screen *s = open_reader(&p, "", rows, cols);

	screen_type(s, keys);
	cr_assert(screen_wait(s, sign));
	expect_screen(s, name);
	close_reader(&p, s);
}

Test(screens, draws_threads_as_trees)
{
	expect_after("ot", "threads", 30, 100, "threads");
}

Test(screens, draws_threads_in_a_narrow_terminal)
{
	expect_after("ot", "threads", 20, 60, "threads-narrow");
}

Test(screens, draws_threads_in_a_wide_terminal)
{
	expect_after("otO", "reversed", 30, 120, "threads-wide");
}

Test(screens, folds_threads_to_a_line_each)
{
	expect_after("otzM", "folded", 30, 100, "folded");
}

Test(screens, folds_threads_in_a_narrow_terminal)
{
	expect_after("otzM", "folded", 20, 60, "folded-narrow");
}

Test(screens, sorts_by_sender)
{
	expect_after("of", "by sender", 30, 100, "sender");
}

Test(screens, shows_only_what_is_unread)
{
	expect_after("ou", "only unread", 30, 100, "unread");
}

Test(screens, shows_a_conversation_over_all_folders)
{
	expect_after("gc", "Conversation", 30, 100, "conversation");
}

Test(screens, shows_a_conversation_in_a_narrow_terminal)
{
	expect_after("gc", "Conversation", 20, 60, "conversation-narrow");
}

Test(screens, tells_what_may_follow_o)
{
	expect_after("o", "by sender", 24, 80, "order-keys");
}

Test(screens, ascii_mode_writes_nothing_but_ascii_of_its_own)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "ascii = yes", 24, 80);
	expect_screen(s, "ascii");
	close_reader(&p, s);
}

Test(screens, shows_a_letter_whole)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 30, 100);
	screen_type(s, "\r");
	cr_assert(screen_wait(s, "ruang Merapi"));
	expect_screen(s, "letter");
	close_reader(&p, s);
}

Test(screens, a_letter_once_opened_is_read)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 30, 100);
	screen_type(s, "\r");
	cr_assert(screen_wait(s, "ruang Merapi"));
	screen_type(s, "q");
	cr_assert(screen_wait(s, "Laporan kuartal"));
	expect_screen(s, "read");
	close_reader(&p, s);
}

/* When the newest letter was read last; sets it when now is not 0. */
static int64_t
last_read(struct profile *p, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(cleanup_free) char *dir = xasprintf("%s/store", p->dir);
	struct body_read read;
	struct message *newest;
	struct store *store;
	struct store_txn t;
	struct view view;

	cr_assert_eq(store_open(dir, &store, NULL), ERR_OK);
	store_write(store, &t);
	store_view_role(&t, FOLDER_INBOX, &view);
	cr_assert_eq(store_view_page(&t, &view, VIEW_TOP,
	    (struct view_position){ 0 }, 1, &arena, &newest), 1);
	cr_assert(body_read_get(&t, newest[0].id, &read));
	if (now) {
		read.when = now;
		body_read_put(&t, newest[0].id, read);
	}
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
	store_close(store);
	return read.when;
}

Test(screens, a_letter_once_opened_is_the_last_to_leave_the_disk)
{
	struct profile p;
	struct screen *s;

	profile_open(&p, "");
	last_read(&p, 1);
	s = start(&p, 30, 100);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	screen_type(s, "\r");
	cr_assert(screen_wait(s, "ruang Merapi"));
	screen_type(s, "qq");
	cr_assert_geq(screen_wait_exit(s), 0);
	screen_free(s);
	cr_expect_gt(last_read(&p, 0), 1);
	profile_close(&p);
}

Test(screens, deleting_strikes_out_and_u_takes_it_back)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 30, 100);
	screen_type(s, "d");
	cr_assert(screen_wait(s, "eleted"));
	expect_screen(s, "deleted");
	screen_type(s, "u");
	cr_assert(screen_wait_gone(s, "eleted"));
	close_reader(&p, s);
}

/* surat with arguments, on the profile. */
static pid_t
start_command(struct profile *p, char *command, char *argument,
    const char *output)
{
	CLEANUP(cleanup_free) char *surat = xasprintf("%s/surat",
	    path_from("builddir"));

	return spawn((char *[]){ surat, (char[]){ "--profile" }, p->dir,
	    command, argument, NULL }, output);
}

static void
command(struct profile *p, char *name, char *argument)
{
	expect_end(start_command(p, name, argument, NULL), name);
}

/* The number of the newest letter, as surat list has it. */
static void
newest_letter(struct profile *p, char out[24])
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/listed", p->dir);
	CLEANUP(cleanup_fclose) FILE *f = NULL;

	expect_end(start_command(p, (char[]){ "list" }, NULL, path), "list");
	f = fopen(path, "r");
	cr_assert_not_null(f);
	cr_assert_eq(fscanf(f, "%23s", out), 1);
}

Test(screens, shows_what_another_process_does_without_a_key)
{
	struct profile p;
	struct screen *s;
	char id[24];

	s = open_reader(&p, "", 30, 100);
	cr_expect(!screen_shows(s, "×"));
	newest_letter(&p, id);
	command(&p, (char[]){ "delete" }, id);
	cr_expect(screen_wait(s, "×"));
	command(&p, (char[]){ "journal" }, (char[]){ "undo" });
	cr_expect(screen_wait_gone(s, "×"));
	close_reader(&p, s);
}

Test(screens, shares_its_store_with_other_commands)
{
	enum { ROUNDS = 4 };
	char *names[] = { (char[]){ "sync" }, (char[]){ "list" },
		(char[]){ "delete" } };
	pid_t pids[ROUNDS][ARRAY_LEN(names)];
	struct profile p;
	struct screen *s;
	char id[24];

	s = open_reader(&p, "", 30, 100);
	newest_letter(&p, id);
	for (size_t i = 0; i < ROUNDS; i++) {
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			pids[i][k] = start_command(&p, names[k],
			    strcmp(names[k], "delete") == 0 ? id : NULL, NULL);
		screen_type(s, "jI\r");
		cr_expect(screen_wait(s, "From"));
		screen_type(s, "q");
	}
	for (size_t i = 0; i < ROUNDS; i++) {
		int code = wait_for(pids[i][0], names[0]);

		/* One at a time may talk for an account. */
		cr_expect(code == EX_OK || code == EX_TEMPFAIL, "%d", code);
		for (size_t k = 1; k < ARRAY_LEN(names); k++)
			expect_end(pids[i][k], names[k]);
	}
	quit(s);
	command(&p, names[0], NULL);
	command(&p, (char[]){ "store" }, (char[]){ "check" });
	profile_close(&p);
}

Test(screens, help_lists_the_keys)
{
	struct profile p;
	struct screen *s;

	/* As tall as the list of keys is. */
	s = open_reader(&p, "", 73, 100);
	screen_type(s, "?");
	cr_assert(screen_wait(s, "do again"));
	expect_screen(s, "help");
	close_reader(&p, s);
}

Test(screens, follows_a_resize_and_says_when_it_is_too_small)
{
	struct profile p;
	struct screen *s;

	s = open_reader(&p, "", 30, 100);
	screen_resize(s, 20, 60);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	screen_resize(s, 4, 12);
	cr_assert(screen_wait_gone(s, "Jadwal"));
	screen_resize(s, 30, 100);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	close_reader(&p, s);
}

Test(screens, no_color_means_no_colour)
{
	struct profile p;
	struct screen *s;
	struct span out;

	profile_open(&p, "");
	setenv("NO_COLOR", "1", 1);
	CLEANUP(cleanup_free) char *surat = xasprintf("%s/surat",
	    path_from("builddir"));
	s = screen_start((char *[]){ surat, (char[]){ "--profile" }, p.dir,
	    NULL }, NULL, 30, 100);
	cr_assert(screen_wait(s, "Re: Jadwal rapat"));
	out = screen_output(s);
	for (int colour = 30; colour < 48; colour++) {
		CLEANUP(cleanup_free) char *sgr = xasprintf("[%dm", colour);

		if (colour != 39)
			cr_expect_eq(span_find(out, span_of(sgr)), SIZE_MAX,
			    "%s", sgr);
	}
	cr_expect_eq(span_find(out, SPAN_LIT("[38;")), SIZE_MAX);
	cr_expect_eq(span_find(out, SPAN_LIT("[48;")), SIZE_MAX);
	close_reader(&p, s);
}

Test(screens, a_signal_leaves_the_terminal_as_it_was)
{
	struct profile p;
	struct screen *s;
	int status;

	s = open_reader(&p, "", 30, 100);
	kill(screen_pid(s), SIGTERM);
	status = screen_wait_exit(s);
	cr_expect(WIFEXITED(status), "ended with %x", (unsigned)status);
	cr_expect_neq(span_find(screen_output(s), SPAN_LIT("\033[?1049l")),
	    SIZE_MAX, "the other screen comes back");
	screen_free(s);
	profile_close(&p);
}

Test(screens, an_unknown_terminal_ends_in_a_sentence)
{
	struct profile p;
	int status;

	profile_open(&p, "");
	CLEANUP(cleanup_free) char *command = xasprintf("TERM=nosuchterm %s/surat "
	    "--profile %s", path_from("builddir"), p.dir);
	struct screen *s = screen_start((char *[]){ (char[]){ "/bin/sh" },
	    (char[]){ "-c" }, command, NULL }, NULL, 24, 80);

	status = screen_wait_exit(s);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 78, "%x",
	    (unsigned)status);
	cr_expect(screen_shows(s, "nosuchterm"));
	screen_free(s);
	profile_close(&p);
}
