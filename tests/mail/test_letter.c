/* SPDX-License-Identifier: MIT */
#include "tests/mail/text.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

static const char alternative[] =
    "Subject: x\r\n"
    "Content-Type: multipart/alternative; boundary=\"b c\"\r\n"
    "\r\n"
    "prologue\r\n"
    "--b c\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "\r\n"
    "the plain one\r\n"
    "--b c\r\n"
    "Content-Type: text/html; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "<p>the <b>rich</b> caf=E9</p>\r\n"
    "--b c--\r\n"
    "epilogue\r\n";

static void
expect_text_of(const char *letter, enum letter_prefer prefer, const char *want)
{
	struct opened o;
	struct span got;

	open_span(&o, span_of(letter), prefer);
	got = doc_text(&o.doc, &o.arena);
	cr_expect(span_eq(got, span_of(want)), "%s\ngot:\n%.*s", letter,
	    SPAN_ARG(got));
	close_letter(&o);
}

Test(letter, of_alternatives_the_preferred_one_is_shown)
{
	expect_text_of(alternative, LETTER_PLAIN, "the plain one\n");
	expect_text_of(alternative, LETTER_HTML, "the rich caf\u00e9\n");
}

Test(letter, an_empty_alternative_gives_way)
{
	expect_text_of("Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\n\n  \n\n--b\nContent-Type: text/html\n\n<p>html\n--b--\n",
	    LETTER_PLAIN, "html\n");
	expect_text_of("Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\n\nplain\n--b\nContent-Type: text/calendar\n\nx\n--b--\n",
	    LETTER_HTML, "plain\n");
	expect_text_of("Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n"
	    "--c\nContent-Type: text/html\n\nhtml\n--c\nContent-Type: image/png"
	    "\n\nx\n--c--\n--b--\n", LETTER_HTML, "html\n");
}

Test(letter, any_bytes_make_one)
{
	static const struct {
		const char *letter, *want;
	} cases[] = {
		{ "", "" },
		{ "\n", "" },
		{ "\nSubject: no header\n", "Subject: no header\n" },
		{ "no header at all", "" },
		{ "A: b\n\ntext", "text\n" },
		{ "Content-Type: multipart/mixed\n\nno boundary\n",
		  "no boundary\n" },
		{ "Content-Type: multipart/mixed; boundary=b\n\nno part\n",
		  "no part\n" },
		{ "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nopen\n",
		  "open\n" },
		{ "Content-Type: rubbish\n\ntext\n", "text\n" },
		{ "Content-Type: text/plain; charset=x-none\n\ncaf\xe9\n",
		  "caf\u00e9\n" },
		{ "Content-Transfer-Encoding: base64\n\nYQ==\nYg==\n", "ab\n" },
		{ "Content-Transfer-Encoding: base64\n\n!Y*Q\n", "a\n" },
		{ "Content-Transfer-Encoding: quoted-printable\n\na=\nb=3D=ZZ",
		  "ab==ZZ\n" },
		{ "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n"
		  "#86)C\n`\nend\n", "abc\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_text_of(cases[i].letter, LETTER_PLAIN, cases[i].want);
}

Test(letter, parts_are_told_as_they_are)
{
	const struct letter_part *parts;
	struct opened o;

	open_text(&o, "Content-Type: multipart/mixed; boundary=b\n\n"
	    "--b\nContent-Type: TEXT/Plain\n\ntext\n"
	    "--b\nContent-Type: image/png; name=\"=?utf-8?q?caf=C3=A9.png?=\"\n"
	    "Content-Transfer-Encoding: base64\n\nQUJD\n"
	    "--b\nContent-Type: text/plain; name=old.txt\n\nold\n"
	    "--b\nContent-Disposition: inline; filename=shown.txt\n\nshown\n"
	    "--b\nContent-Disposition: attachment;\n"
	    " filename*=utf-8''..%2F..%2Fetc%2Fpasswd\n\nroot\n--b--\n");
	cr_assert_eq(letter_parts(o.letter, &parts), 6);
	cr_expect(parts[0].is_multipart && parts[0].depth == 0);
	expect_span(parts[1].type, "text/plain");
	cr_expect(parts[1].is_shown && !parts[1].is_attachment);
	expect_span(parts[2].name, "caf\u00e9.png");
	cr_expect(parts[2].is_attachment && !parts[2].is_shown);
	cr_expect_eq(parts[2].size, 3);
	cr_expect(parts[3].is_attachment && !parts[3].is_shown);
	cr_expect(!parts[4].is_attachment && parts[4].is_shown);
	expect_span(parts[5].name, "passwd");
	cr_expect(shows(&o, "shown") && !shows(&o, "root"));
	close_letter(&o);
}

Test(letter, an_embedded_letter_is_shown_with_its_head)
{
	static const char head[] = "Content-Type: multipart/mixed; boundary=b"
	    "\n\n--b\n\nsee below\n--b\nContent-Type: message/rfc822\n";
	struct opened o;
	struct buf text = { 0 };

	buf_puts(&text, head);
	buf_puts(&text, "\nFrom: Budi <b@x>\nSubject: inner\n"
	    "Content-Type: multipart/mixed; boundary=c\n\n"
	    "--c\n\ninner text\n--c--\n--b--\n");
	open_text(&o, buf_str(&text));
	cr_expect(shows(&o, "see below\n\n---\nFrom: Budi <b@x>\nSubject: inner"
	    "\n\ninner text\n"));
	close_letter(&o);
	/* rfc822-base64: what nobody should send */
	buf_reset(&text);
	buf_puts(&text, head);
	buf_puts(&text, "Content-Transfer-Encoding: base64\n\n"
	    "U3ViamVjdDogaW5uZXIKCmlubmVyIHRleHQK\n--b--\n");
	open_text(&o, buf_str(&text));
	cr_expect(shows(&o, "Subject: inner\n\ninner text\n"));
	close_letter(&o);
	buf_fini(&text);
}

Test(letter, what_is_signed_is_shown_and_what_is_encrypted_is_not)
{
	struct opened o;

	open_text(&o, "Content-Type: multipart/signed; boundary=b\n\n--b\n\n"
	    "the text\n--b\nContent-Type: application/pgp-signature\n\nsig\n"
	    "--b--\n");
	cr_expect(shows(&o, "not checked") && shows(&o, "the text") &&
	    !shows(&o, "sig\n"));
	close_letter(&o);
	open_text(&o, "Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
	    "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
	    "Content-Type: text/plain\n\nnot for you\n--b--\n");
	cr_expect(shows(&o, "cannot be read yet") && !shows(&o, "for you"));
	close_letter(&o);
}

Test(letter, flowed_text_is_unflowed)
{
	expect_text_of("Content-Type: text/plain; format=flowed\n\n"
	    "one \ntwo\n> a \n> b\n>> c\n From here\n-- \nsig \n",
	    LETTER_PLAIN, "one two\n>a b\n>>c\nFrom here\n-- \nsig \n");
	expect_text_of("Content-Type: text/plain; format=flowed; delsp=yes\n\n"
	    "one \ntwo\n", LETTER_PLAIN, "onetwo\n");
}

Test(letter, quotes_signature_and_links_of_plain_text_are_found)
{
	struct opened o;

	open_text(&o, "A: b\n\n> > deep\n>one\n>From the mbox\n"
	    "see <https://x.example/a_(b)>, (http://y.example).\n"
	    "xhttp://no mailto:ani@x.example; mailto:none http:// \n"
	    "-- \nAni\n");
	cr_expect(shows(&o, ">>deep\n>one\nFrom the mbox\n"));
	cr_assert_eq(o.doc.nlinks, 3);
	expect_span(o.doc.links[0].url, "https://x.example/a_(b)");
	expect_span(o.doc.links[1].url, "http://y.example");
	expect_span(o.doc.links[2].url, "mailto:ani@x.example");
	cr_expect_eq(o.doc.lines[o.doc.nlines - 1].role, DOC_SIGNATURE);
	close_letter(&o);
}

Test(letter, runs_lie_in_their_lines)
{
	struct opened o;

	open_span(&o, SPAN_LIT("Content-Type: text/html\n\n<p>a <b>bold</b> "
	    "<a href='https://x.example'>li<i>nk</i></a>"), LETTER_HTML);
	cr_assert_eq(o.doc.nlines, 1);
	cr_assert_geq(o.doc.lines[0].nruns, 2);
	for (size_t i = 0; i < o.doc.lines[0].nruns; i++) {
		cr_expect_lt(o.doc.lines[0].runs[i].start,
		    o.doc.lines[0].runs[i].end);
		cr_expect_leq(o.doc.lines[0].runs[i].end,
		    o.doc.lines[0].text.n);
	}
	close_letter(&o);
}

Test(letter, the_snippet_is_the_first_words_of_the_writer)
{
	struct opened o;

	open_text(&o, "A: b\n\n> quoted\n\nHello\n  d\u00e9ar   friend\n-- \nX\n");
	expect_span(letter_snippet(o.letter, 100, &o.arena),
	    "Hello d\u00e9ar friend");
	expect_span(letter_snippet(o.letter, 8, &o.arena), "Hello d");
	close_letter(&o);
	open_text(&o, "A: b\n\n> quoted\n");
	expect_span(letter_snippet(o.letter, 100, &o.arena), "quoted");
	close_letter(&o);
}

static bool
gather(void *ctx, struct span piece)
{
	buf_put(ctx, piece);
	return true;
}

Test(letter, a_large_one_is_read_from_a_file_of_no_name)
{
	struct buf text = { 0 }, got = { 0 };
	const struct letter_part *parts;
	struct opened o;

	buf_puts(&text, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
	    "hello\n--b\nContent-Type: application/octet-stream\n\n");
	repeat(&text, "0123456789abcde\n", 6 << 16);
	buf_puts(&text, "--b--\n");
	open_span(&o, buf_span(&text), LETTER_PLAIN);
	cr_assert_eq(letter_parts(o.letter, &parts), 3);
	cr_expect(shows(&o, "hello"));
	cr_expect_eq(letter_part_read(o.letter, 2, gather, &got, NULL), ERR_OK);
	cr_expect_eq(got.n, (6 << 20) - 1);
	cr_expect_eq(letter_part_read(o.letter, 3, gather, &got, NULL),
	    ERR_NOTFOUND);
	buf_fini(&text);
	buf_fini(&got);
	close_letter(&o);
}

static enum err
fail(void *ctx, uint64_t at, char *to, size_t n, size_t *got, struct error *e)
{
	(void)ctx, (void)to, (void)n;
	*got = 0;
	return at < 1000 ? error_set(e, ERR_CORRUPT, "bad record") : ERR_OK;
}

Test(letter, a_source_that_fails_is_told)
{
	struct source source = { fail, NULL, 5000 };
	struct letter *letter;
	struct error e;

	cr_expect_eq(letter_open(&source, &letter, &e), ERR_CORRUPT);
	cr_expect_null(letter);
	source.size = 5 << 20;
	cr_expect_eq(letter_open(&source, &letter, &e), ERR_CORRUPT);
}

static char *
make_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = xasprintf("%s/surat-mail-XXXXXX", tmp ? tmp : "/tmp");

	cr_assert_not_null(mkdtemp(path));
	return path;
}

static void
remove_folder(char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;

	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
	cr_expect_eq(rmdir(path), 0);
	free(path);
}

Test(letter, saving_stays_in_the_folder_and_overwrites_nothing)
{
	char *dir = make_folder(), *path;
	CLEANUP(cleanup_free) char *want = xasprintf("%s/passwd", dir);
	CLEANUP(cleanup_free) char *second = xasprintf("%s/passwd (2)", dir);
	CLEANUP(cleanup_free) char *third = xasprintf("%s/passwd (3)", dir);
	struct opened o;
	struct stat st;

	open_text(&o, "Content-Type: application/x; name=\"../../etc/passwd\"\n"
	    "Content-Transfer-Encoding: base64\n\nSGFsbw==\n");
	cr_assert_eq(letter_part_save(o.letter, 0, dir, &o.arena, &path, NULL),
	    ERR_OK);
	cr_expect_str_eq(path, want);
	cr_assert_eq(lstat(path, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_expect_eq(st.st_size, 4);
	cr_assert_eq(symlink("/dev/null", second), 0);
	cr_assert_eq(letter_part_save(o.letter, 0, dir, &o.arena, &path, NULL),
	    ERR_OK);
	cr_expect_str_eq(path, third);
	cr_expect_eq(letter_part_save(o.letter, 0, "/nonexistent/x", &o.arena,
	    &path, NULL), ERR_IO);
	close_letter(&o);
	remove_folder(dir);
}

Test(letter, names_are_made_harmless)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "map.png", "map.png" },
		{ "../../x", "x" },
		{ "/etc/passwd", "passwd" },
		{ "C:\\windows\\x.exe", "x.exe" },
		{ ".bashrc", "bashrc" },
		{ "..", "attachment" },
		{ "", "attachment" },
		{ "a/", "attachment" },
		{ " . x ", "x" },
		{ "`rm -rf ~`;$(x).png", "`rm -rf ~`;$(x).png" },
		{ "a\nb\033[2J", "a b\u241b[2J" },
		{ "gpj.\u202eexe", "gpj.\ufffdexe" },
		{ "caf\u00e9.txt", "caf\u00e9.txt" },
	};
	struct arena arena = { 0 };
	struct buf longer = { 0 };
	struct span got;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_span(letter_safe_name(span_of(cases[i].in), &arena),
		    cases[i].want);
	repeat(&longer, "\u00e9", 500);
	buf_puts(&longer, ".png");
	got = letter_safe_name(buf_span(&longer), &arena);
	cr_expect_leq(got.n, 200);
	cr_expect(span_ends(got, SPAN_LIT("\u00e9.png")));
	buf_fini(&longer);
	arena_fini(&arena);
}

static void *
read_often(void *ctx)
{
	for (int i = 0; i < 50; i++) {
		struct opened o;

		open_text(&o, alternative);
		*(bool *)ctx = *(bool *)ctx && shows(&o, "the plain one");
		close_letter(&o);
	}
	return NULL;
}

Test(letter, several_threads_read_at_once)
{
	pthread_t threads[4];
	bool good[4];

	for (int i = 0; i < 4; i++) {
		good[i] = true;
		cr_assert_eq(pthread_create(&threads[i], NULL, read_often,
		    &good[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		cr_expect(good[i]);
	}
}
