/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "src/core/config.h"
#include "src/core/config_keep.h"

/* A profile on disk with one surat.conf. */
struct profile {
	char dir[64], conf[96];
};

static void
profile_make(struct profile *p, const char *text, mode_t mode)
{
	const char *tmp = getenv("TMPDIR");
	FILE *f;

	snprintf(p->dir, sizeof p->dir, "%.40s/surat-conf-XXXXXX",
	    tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(p->dir));
	snprintf(p->conf, sizeof p->conf, "%s/surat.conf", p->dir);
	f = fopen(p->conf, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
	chmod(p->conf, mode);
}

static void
profile_remove(struct profile *p)
{
	static const char *const parts[] = { "surat.conf", "store", "state" };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", p->dir, parts[i]);
		remove(path);
	}
	cr_expect_eq(rmdir(p->dir), 0);
}

static const char example[] =
    "# DESIGN.md's example, word by word\n"
    "[general]\n"
    "theme = dusk\n"
    "editor = vim\n"
    "\n"
    "[account kerja]\n"
    "name = Budi Santoso\n"
    "address = budi@kantor.example\n"
    "receive = imaps://budi@imap.kantor.example\n"
    "send = submissions://budi@smtp.kantor.example\n"
    "keep = live                  ; live | offline\n"
    "push = INBOX, Projects       ; folders watched with IDLE\n"
    "password-command = pass show mail/kerja\n"
    "\n"
    "[account rumah]\n"
    "address = budi@rumah.example\n"
    "receive = pop3s://budi@pop.rumah.example\n"
    "send = smtp+starttls://budi@smtp.rumah.example:587\n"
    "keep = offline\n"
    "leave-on-server = 14d        ; never | 14d | until-deleted | forever\n"
    "check-every = 5m\n"
    "password-command = secret-tool lookup mail rumah\n";

Test(config, reads_the_example_of_the_design)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	const struct config_account *kerja, *rumah;

	profile_make(&p, example, 0644);
	cr_assert_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	cr_expect_str_eq(c.theme, "dusk");
	cr_expect_str_eq(c.editor, "vim");
	cr_assert_eq(c.naccounts, 2);
	kerja = config_account(&c, "kerja");
	rumah = config_account(&c, "rumah");
	cr_assert(kerja && rumah && !config_account(&c, "lain"));

	cr_expect_str_eq(kerja->full_name, "Budi Santoso");
	cr_expect_eq(kerja->receive.protocol, CONFIG_IMAP);
	cr_expect_eq(kerja->receive.security, SECURITY_TLS);
	cr_expect_str_eq(kerja->receive.host, "imap.kantor.example");
	cr_expect_str_eq(kerja->receive.user, "budi");
	cr_expect_eq(kerja->receive.port, 993);
	cr_expect_eq(kerja->send.protocol, CONFIG_SMTP);
	cr_expect_eq(kerja->send.port, 465);
	cr_expect(!kerja->keep.is_offline);
	cr_assert_eq(kerja->npush, 2);
	cr_expect_str_eq(kerja->push[0], "INBOX");
	cr_expect_str_eq(kerja->push[1], "Projects");
	cr_expect_str_eq(kerja->password_command, "pass show mail/kerja");
	cr_expect_str_eq(kerja->send_password_command,
	    "pass show mail/kerja");

	cr_expect_eq(rumah->receive.protocol, CONFIG_POP3);
	cr_expect_eq(rumah->receive.port, 995);
	cr_expect_eq(rumah->send.security, SECURITY_STARTTLS);
	cr_expect_eq(rumah->send.port, 587);
	cr_expect(rumah->keep.is_offline);
	cr_expect_eq(rumah->leave, LEAVE_DAYS);
	cr_expect_eq(rumah->leave_days, 14);
	cr_expect_eq(rumah->check_every_s, 300);
	config_free(&c);
	profile_remove(&p);
}

Test(config, has_defaults_for_what_is_not_said)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	const struct config_account *a;

	profile_make(&p, "[account a]\n"
	    "address = a@b.example\n"
	    "receive = imaps://imap.b.example\n"
	    "send = smtp+insecure://[::1]:2525/\n"
	    "[account local]\n"
	    "receive = none\n"
	    "[account pop]\n"
	    "receive = pop3+starttls://x%40y@pop.b.example\n", 0600);
	cr_assert_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	cr_expect_null(c.theme);
	cr_expect(!c.ascii);
	cr_assert_not_null(c.save_dir);
	cr_expect_eq(c.save_dir[0], '/');
	a = config_account(&c, "a");
	cr_expect_null(a->full_name);
	cr_expect_str_eq(a->receive.user, "a@b.example");
	cr_expect_str_eq(a->send.user, "a@b.example");
	cr_expect_str_eq(a->send.host, "::1");
	cr_expect_eq(a->send.port, 2525);
	cr_expect_eq(a->send.security, SECURITY_INSECURE);
	cr_assert_eq(a->npush, 1);
	cr_expect_str_eq(a->push[0], "INBOX");
	cr_expect_eq(a->leave, LEAVE_FOREVER);
	cr_expect_eq(a->check_every_s, 300);
	cr_expect_null(a->password_command);
	cr_expect_null(a->tls_ca);
	cr_expect_eq(a->nmask, 0);
	a = config_account(&c, "local");
	cr_expect_eq(a->receive.protocol, CONFIG_NONE);
	cr_expect_eq(a->send.protocol, CONFIG_NONE);
	a = config_account(&c, "pop");
	cr_expect_str_eq(a->receive.user, "x@y");
	cr_expect_eq(a->receive.port, 110);
	cr_expect(a->keep.is_offline);
	config_free(&c);
	profile_remove(&p);
}

Test(config, reads_every_other_key)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	const struct config_account *a;
	char want[128];

	profile_make(&p, "\xef\xbb\xbf[general]\r\n"
	    "ascii=yes ; no line drawing\r\n"
	    "save-dir = down\r\n"
	    "open = kerja/Proyek\n"
	    "order = thread ; as a tree\n"
	    "; a comment\r\n"
	    "[account \xe3\x81\x82 b] ; another\n"
	    "receive = imap+starttls://u@h:1143\n"
	    "send = submissions://u@h\n"
	    "address = u@h\n"
	    "password = a;b ;c\\\\d\\s\n"
	    "send-password = \n"
	    "push =\n"
	    "check-every = never\n"
	    "tls-ca = /etc/ca.pem\n"
	    "tls-fingerprint = sha256:00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff ; the demo's\n"
	    "disk-budget = 200M\n"
	    "never-use = condstore, AUTH=Plain,\n", 0600);
	cr_assert_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	cr_expect(c.ascii);
	snprintf(want, sizeof want, "%s/down", c.config_dir);
	cr_expect_str_eq(c.save_dir, want);
	cr_expect_str_eq(c.open, "kerja/Proyek");
	cr_expect_eq(c.order, VIEW_BY_THREAD);
	a = config_account(&c, "\xe3\x81\x82 b");
	cr_assert_not_null(a);
	cr_expect_str_eq(a->password, "a;b ;c\\d ");
	cr_expect_str_eq(a->send_password, "");
	cr_expect_eq(a->npush, 0);
	cr_expect_eq(a->disk_budget, UINT64_C(200) << 20);
	cr_expect_eq(a->check_every_s, 0);
	cr_expect_str_eq(a->tls_ca, "/etc/ca.pem");
	cr_expect_eq(strlen(a->tls_fingerprint), 71);
	cr_assert_eq(a->nmask, 2);
	cr_expect_str_eq(a->mask[0], "CONDSTORE");
	cr_expect_str_eq(a->mask[1], "AUTH=PLAIN");
	config_free(&c);
	profile_remove(&p);
}

#define A "[account a]\n"			/* line 1 */
#define R "receive = imaps://u@h\n"
#define P "receive = pop3s://u@h\n"
#define SIXTYFIVE \
	"0123456789012345678901234567890123456789012345678901234567890123x"

Test(config, names_the_line_and_the_remedy_of_every_mistake)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *why;
	} cases[] = {
		{ A R "pasword = x\n", 3,
		    "unknown key \"pasword\"; did you mean \"password\"?" },
		{ A R "pushh = x\n", 3,
		    "unknown key \"pushh\"; did you mean \"push\"?" },
		{ A R "chekc-every = 5m\n", 3,
		    "unknown key \"chekc-every\"; did you mean "
		    "\"check-every\"?" },
		{ A R "zzzzzz = x\n", 3,
		    "unknown key \"zzzzzz\"; surat.conf(5) lists them all" },
		{ "\n[general]\n\nTheme = x\n", 4,
		    "unknown key \"Theme\"; did you mean \"theme\"?" },
		{ "[general]\nreceive = none\n", 2, "unknown key" },
		{ "[acount a]\n" R, 1, "unknown group [acount a]; did you "
		    "mean [account a]?" },
		{ "[genral]\n", 1, "unknown group [genral]; did you mean "
		    "[general]?" },
		{ "[x]\n", 1, "did you mean [general], [account NAME] or "
		    "[group NAME]?" },
		{ A R "[group]\n", 3, "a group needs a name of 1 to 64" },
		{ A R "[group " SIXTYFIVE "]\n", 3, "1 to 64 octets" },
		{ A R "[group x/y]\n", 3, "without \"/\"" },
		{ A R "[group InBox]\n", 3, "\"inbox\" is all inboxes" },
		{ "[group a]\nfolders = a\n" A R, 1,
		    "an account has this name already" },
		{ A R "[group g]\nfolders = a\n[group  g]\n", 5,
		    "there are two groups of this name" },
		{ A R "[group g]\n\nfolder = a\n", 5,
		    "unknown key \"folder\"; a group has \"folders\" alone" },
		{ A R "[group g]\n", 3, "folders = ACCOUNT/FOLDER" },
		{ A R "[group g]\nfolders = , ,\n", 3, "a group needs" },
		{ A R "[group g]\nfolders = a\\x\n", 4, "is written \\\\" },
		{ "[account kerja]\n" R "[group g]\n"
		    "folders = kerja/A, krja/B\n", 4,
		    "no account is called \"krja\"; did you mean \"kerja\"?" },
		{ "[groop Work]\n", 1, "did you mean [group Work]?" },
		{ "[general\n", 1, "no \"]\"" },
		{ "theme = x\n", 1, "before the first [group]" },
		{ "[general]\ntheme\n", 2, "neither [group] nor key = value" },
		{ "[general]\n= x\n", 2, "no key before" },
		{ "[general]\ntheme = \xff\n", 2, "not UTF-8" },
		{ "[general]\ntheme = a\n# c\ntheme = b\n", 4,
		    "theme was set in line 2 already" },
		{ "[general]\n[general]\n", 2, "stands in line 1 already" },
		{ A R A R, 3, "stands in line 1 already" },
		{ A R "[account  a]\n" R, 3, "two accounts of this name" },
		{ "[account]\n" R, 1, "needs a name" },
		{ "[account a/b]\n" R, 1, "needs a name" },
		{ "[account a\tb]\n" R, 1, "needs a name" },
		{ "[account " SIXTYFIVE "]\n" R, 1, "needs a name" },
		{ "[general]\nascii = perhaps\n", 2,
		    "ascii: it must be yes or no" },
		{ "[general]\norder = threads\n", 2, "order: it must be "
		    "date, sender, subject, size or thread" },
		{ "[general]\nopen =\n", 2, "open: it has no value" },
		{ "[general]\ntheme =\n", 2, "theme: it has no value" },
		{ "[general]\ntheme = ; none\n", 2, "theme: it has no value" },
		{ "[general]\ntheme = a\\b\n", 2,
		    "theme: a backslash is written \\\\" },
		{ A R "address = budi\n", 3, "name@example.org" },
		{ A R "address = a@b@c\n", 3, "name@example.org" },
		{ A R "address = B <b@c>\n", 3, "the bare address" },
		{ A "receive = imap://u@h\n", 2, "receive: the scheme must be "
		    "imaps://" },
		{ A "receive = submissions://u@h\n", 2, "the scheme must be" },
		{ A "receive = h\n", 2, "the scheme must be" },
		{ A R "send = imaps://u@h\n", 3, "send: the scheme must be "
		    "submissions://" },
		{ A "receive = imaps://u:secret@h\n", 2,
		    "a password does not belong here" },
		{ A "receive = imaps://u%zz@h\n", 2, "%25" },
		{ A "receive = imaps://u%00@h\n", 2, "%25" },
		{ A "receive = imaps://u%0a@h\n", 2, "not text" },
		{ A "receive = imaps://@h\n", 2, "no user before" },
		{ A "receive = imaps://u@\n", 2, "no valid host" },
		{ A "receive = imaps://u@a b\n", 2, "no valid host" },
		{ A "receive = imaps://u@[::1\n", 2, "no \"]\"" },
		{ A "receive = imaps://u@h:0\n", 2, "from 1 to 65535" },
		{ A "receive = imaps://u@h:65536\n", 2, "from 1 to 65535" },
		{ A "receive = imaps://u@h:x\n", 2, "from 1 to 65535" },
		{ A "receive = imaps://u@::1\n", 2, "from 1 to 65535" },
		{ A "receive = imaps://u@h/INBOX\n", 2, "nothing may follow" },
		{ A "receive = imaps://h\n", 2, "no address that could" },
		{ A "send = submissions://u@h\n", 2, "needs an address" },
		{ "[general]\n" A "keep = live\n", 2,
		    "an account needs receive or send" },
		{ A R "keep = lve\n", 3, "keep: it must be live or offline" },
		{ A P "push = INBOX\n", 3, "only an imap server can push" },
		{ A R "disk-budget = 5\n", 3, "as in 500M or 2G" },
		{ A R "disk-budget = 0G\n", 3, "as in 500M or 2G" },
		{ A R "disk-budget = 1000001G\n", 3, "as in 500M or 2G" },
		{ A P "disk-budget = 2G\n", 3, "keep = live" },
		{ A R "keep = offline\ndisk-budget = 2G\n", 4,
		    "keep = live" },
		{ A R "leave-on-server = 14d\n", 3, "pop3 alone" },
		{ A P "leave-on-server = 14\n", 3, "days as in 14d" },
		{ A P "leave-on-server = 36h\n", 3, "days as in 14d" },
		{ A P "leave-on-server = 0d\n", 3, "days as in 14d" },
		{ A R "check-every = 5\n", 3, "30s, 5m or 2h" },
		{ A R "check-every = m\n", 3, "30s, 5m or 2h" },
		{ A R "check-every = 5x\n", 3, "30s, 5m or 2h" },
		{ A R "check-every = -5m\n", 3, "30s, 5m or 2h" },
		{ A R "check-every = 99999999d\n", 3, "30s, 5m or 2h" },
		{ A R "tls-fingerprint = sha256:00\n", 3, "64 hexadecimal" },
		{ A R "push = a\\\n", 3, "a backslash is written" },
		{ A R "password-command = x\npassword = y\n", 3,
		    "cannot both be set" },
		{ A R "send-password-command = x\nsend-password = y\n", 3,
		    "cannot both be set" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct profile p;
		struct config c;
		struct error e = { 0 };
		char where[128];

		profile_make(&p, cases[i].text, 0600);
		snprintf(where, sizeof where, "%s:%u: ", p.conf,
		    cases[i].line);
		cr_expect_eq(config_load(p.dir, &c, &e), ERR_CONFIG,
		    "case %zu: %s", i, cases[i].text);
		cr_expect_eq(e.kind, ERR_CONFIG);
		cr_expect_eq(strncmp(e.text, where, strlen(where)), 0,
		    "case %zu: \"%s\" is not at %s", i, e.text, where);
		cr_expect_not_null(strstr(e.text, cases[i].why),
		    "case %zu: \"%s\"", i, e.text);
		config_free(&c);
		profile_remove(&p);
	}
}

Test(config, password_in_a_file_that_others_can_read_is_refused)
{
	static const mode_t modes[] = { 0640, 0604, 0644, 0620, 0601 };
	static const char text[] = A R "password = geheim\n";

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		struct profile p;
		struct config c;
		struct error e = { 0 };

		profile_make(&p, text, modes[i]);
		cr_expect_eq(config_load(p.dir, &c, &e), ERR_CONFIG);
		cr_expect_not_null(strstr(e.text, ":3: "));
		cr_expect_not_null(strstr(e.text, "chmod 600 "));
		cr_expect_null(strstr(e.text, "geheim"));
		config_free(&c);
		chmod(p.conf, 0400);
		cr_expect_eq(config_load(p.dir, &c, &e), ERR_OK);
		cr_expect_str_eq(c.accounts[0].password, "geheim");
		cr_expect_str_eq(c.accounts[0].send_password, "geheim");
		config_free(&c);
		profile_remove(&p);
	}
}

Test(config, profile_is_one_folder_for_all_of_it)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	char fresh[128], want[160];
	struct stat st;

	profile_make(&p, "", 0644);
	cr_expect_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	cr_expect_eq(c.naccounts, 0);
	config_free(&c);

	/* One that does not exist yet: made, and nothing is in it. */
	snprintf(fresh, sizeof fresh, "%s/deep/er", p.dir);
	cr_expect_eq(config_load(fresh, &c, &e), ERR_NOTFOUND);
	cr_expect_not_null(strstr(e.text, "surat.conf"));
	cr_expect_str_eq(c.config_dir, fresh);
	snprintf(want, sizeof want, "%s/store", fresh);
	cr_expect_str_eq(c.data_dir, want);
	cr_expect_eq(stat(c.data_dir, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0700);
	rmdir(c.data_dir);
	snprintf(want, sizeof want, "%s/state", fresh);
	cr_expect_str_eq(c.state_dir, want);
	cr_expect_eq(rmdir(c.state_dir), 0);
	config_free(&c);
	rmdir(fresh);
	snprintf(fresh, sizeof fresh, "%s/deep", p.dir);
	rmdir(fresh);
	profile_remove(&p);
}

Test(config, without_a_profile_the_xdg_directories_are_used)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	char path[3][160];

	profile_make(&p, "", 0644);
	snprintf(path[0], sizeof path[0], "%s/.config/surat", p.dir);
	snprintf(path[1], sizeof path[1], "%s/data/surat", p.dir);
	snprintf(path[2], sizeof path[2], "%s/.local/state/surat", p.dir);
	setenv("HOME", p.dir, 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("XDG_STATE_HOME", "relative/is/ignored", 1);
	path[1][strlen(path[1]) - strlen("/surat")] = '\0';
	setenv("XDG_DATA_HOME", path[1], 1);
	cr_expect_eq(config_load(NULL, &c, &e), ERR_NOTFOUND);
	snprintf(path[1], sizeof path[1], "%s/data/surat", p.dir);
	cr_expect_str_eq(c.config_dir, path[0]);
	cr_expect_str_eq(c.data_dir, path[1]);
	cr_expect_str_eq(c.state_dir, path[2]);
	config_free(&c);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(rmdir(path[i]), 0, "%s", path[i]);
		while (strlen(path[i]) > strlen(p.dir)) {
			*strrchr(path[i], '/') = '\0';
			rmdir(path[i]);
		}
	}
	unlink(p.conf);
	rmdir(p.dir);
}

Test(config, folder_that_cannot_be_made_is_told)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };

	profile_make(&p, "", 0644);
	/* A file stands where the folder should be. */
	cr_expect_eq(config_load(p.conf, &c, &e), ERR_IO);
	cr_expect_not_null(strstr(e.text, p.conf));
	config_free(&c);
	unlink(p.conf);
	cr_assert_eq(mkdir(p.conf, 0700), 0);
	cr_expect_eq(config_load(p.dir, &c, &e), ERR_CONFIG);
	cr_expect_not_null(strstr(e.text, "is not a file"));
	config_free(&c);
	profile_remove(&p);
}

Test(config, reads_groups_of_folders_wherever_they_stand)
{
	static const char text[] =
	    "[group Kantor]\n"
	    "folders = kerja/INBOX, kerja/Proyek\\, lama/Alfa, rumah\n"
	    "[account kerja]\n" R
	    "[group Rumah]\n"
	    "folders = rumah ; the inbox\n"
	    "[account rumah]\n" R;
	struct profile p;
	struct config c;
	struct error e = { 0 };

	profile_make(&p, text, 0644);
	cr_assert_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	cr_assert_eq(c.ngroups, 2);
	cr_expect_str_eq(c.groups[0].name, "Kantor");
	cr_assert_eq(c.groups[0].nfolders, 3);
	cr_expect_str_eq(c.groups[0].folders[0], "kerja/INBOX");
	cr_expect_str_eq(c.groups[0].folders[1], "kerja/Proyek, lama/Alfa");
	cr_expect_str_eq(c.groups[0].folders[2], "rumah");
	cr_expect_str_eq(c.groups[1].name, "Rumah");
	cr_assert_eq(c.groups[1].nfolders, 1);
	cr_expect_str_eq(c.groups[1].folders[0], "rumah");
	config_free(&c);
	profile_remove(&p);
}

Test(config, keeps_folders_as_each_of_them_is_told)
{
	struct profile p;
	struct config c;
	struct error e = { 0 };
	const struct config_account *a;
	const struct config_keep *keep;

	profile_make(&p, "[account a]\n"
	    "address = a@b.example\n"
	    "receive = imaps://imap.b.example\n"
	    "connections = 5\n"
	    "delete = trash\n"
	    "trash-folder = Tong Sampah\n"
	    "sent-folder = Terkirim\n"
	    "keep = live\n"
	    "keep INBOX = offline\n"
	    "keep Arsip/2019 = offline 5M 90d ; small and new\n", 0600);
	cr_assert_eq(config_load(p.dir, &c, &e), ERR_OK, "%s", e.text);
	a = config_account(&c, "a");
	cr_expect_eq(a->connections, 5);
	cr_expect(a->moves_deleted);
	cr_assert_eq(a->nroles, 2);
	cr_expect_eq(a->roles[0].role, FOLDER_TRASH);
	cr_expect_str_eq(a->roles[0].folder, "Tong Sampah");
	cr_expect_eq(a->roles[1].role, FOLDER_SENT);
	keep = config_keep_of(a, SPAN_LIT("INBOX"));
	cr_expect(keep->is_offline && keep->days == 0 && keep->octets == 0);
	cr_expect_eq(config_keep_of(a, SPAN_LIT("inbox")), keep);
	keep = config_keep_of(a, SPAN_LIT("Arsip/2019"));
	cr_expect(keep->is_offline);
	cr_expect_eq(keep->days, 90);
	cr_expect_eq(keep->octets, 5 << 20);
	cr_expect_eq(config_keep_of(a, SPAN_LIT("arsip/2019")), &a->keep);
	cr_expect(!a->keep.is_offline);
	config_free(&c);
	profile_remove(&p);
}

Test(config, says_what_is_wrong_with_what_is_to_be_kept)
{
	static const char *const lines[] = { "keep = everything",
		"keep = live 90d", "keep = offline 90", "keep = offline 5h",
		"keep = offline 1d 2d", "keep = offline 1M 2M", "keep =",
		"keep INBOX = headers", "keepINBOX = live",
		"connections = 0", "connections = 6", "connections = many",
		"delete = never", "trash-folder =" };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct profile p;
		struct config c;
		struct error e = { 0 };
		char text[256];

		snprintf(text, sizeof text, "[account a]\n"
		    "address = a@b.example\n"
		    "receive = imaps://imap.b.example\n%s\n", lines[i]);
		profile_make(&p, text, 0600);
		cr_expect_eq(config_load(p.dir, &c, &e), ERR_CONFIG, "%s",
		    lines[i]);
		cr_expect(strstr(e.text, ":4: "), "%s: %s", lines[i], e.text);
		config_free(&c);
		profile_remove(&p);
	}
}
