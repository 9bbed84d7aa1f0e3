/* SPDX-License-Identifier: MIT */
/* Writing over a real store: from the first word to the journal. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "tests/ui/letter_store.h"
#include "tests/ui/scratch.h"
#include "ui/compose_work.h"
#include "ui/review_view.h"

enum { NOW = 1795340460 };

static void
letter_fini(struct compose_letter *c)
{
	compose_letter_fini(c);
}

static void
job_free(struct job **job)
{
	if (*job)
		(*job)->free(*job);
}

/* A new letter of kerja, nothing in it yet. */
static void
begin(struct letter_store *s, struct compose_letter *c)
{
	struct draft draft;
	struct error e = { 0 };

	cr_assert_eq(compose_letter_init(c, s->store, s->kerja, &e), ERR_OK);
	draft = compose_letter_blank(c);
	cr_assert_eq(compose_letter_begin(c, s->dir, &draft, &e), ERR_OK,
	    "%s", e.text);
	cr_assert_eq(c->trouble.kind, ERR_OK, "%s", c->trouble.text);
}

/* What an editor leaves. */
static void
edit(struct compose_letter *c, const char *text)
{
	cr_assert_eq(compose_file_write(&c->file, span_of(text), NULL),
	    ERR_OK);
	cr_assert_eq(compose_letter_read(c, NULL), ERR_OK);
}

Test(compose, begins_with_the_account_and_nothing_else)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;

	letter_store_open(&s);
	begin(&s, &c);
	cr_assert_eq(c.naccounts, 2);
	cr_assert(compose_letter_is_blank(&c));
	cr_assert(span_eq(c.draft.from.addr, SPAN_LIT("budi@kantor.example")));
	cr_assert(span_eq(c.draft.from.name, SPAN_LIT("Budi Santoso")));
	cr_assert_eq(compose_letter_warnings(&c), WARNING_NO_RECIPIENT |
	    WARNING_NO_SUBJECT);
}

Test(compose, keeps_every_change_on_disk)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(letter_fini) struct compose_letter again;
	CLEANUP(buf_fini) struct buf to = { 0 };
	struct error e = { 0 };
	int64_t written;

	letter_store_open(&s);
	begin(&s, &c);
	cr_assert_eq(compose_letter_set(&c, FIELD_TO,
	    SPAN_LIT("Ani <ani@x.example>, b@y.example"), &e), ERR_OK, "%s",
	    e.text);
	cr_assert_eq(compose_letter_set(&c, FIELD_BCC,
	    SPAN_LIT("spy@z.example"), &e), ERR_OK);
	cr_assert_eq(compose_letter_set(&c, FIELD_SUBJECT,
	    SPAN_LIT("見積書"), &e), ERR_OK);
	cr_assert_eq(compose_letter_next_sender(&c, &e), ERR_OK);
	compose_file_close(&c.file);

	compose_letter_init(&again, s.store, 0, NULL);
	cr_assert_eq(compose_letter_resume(&again, s.dir, 0, &written, &e),
	    ERR_OK, "%s", e.text);
	compose_letter_get(&again, FIELD_TO, &to);
	cr_assert_str_eq(buf_str(&to), "Ani <ani@x.example>, b@y.example");
	cr_assert_eq(again.draft.bcc.n, 1);
	cr_assert(span_eq(again.draft.subject, SPAN_LIT("見積書")));
	cr_assert_eq(again.accounts[again.sender].id, s.rumah);
	cr_assert_eq(compose_letter_warnings(&again), 0);
}

Test(compose, refuses_a_field_that_would_be_two)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	struct error e = { 0 };

	letter_store_open(&s);
	begin(&s, &c);
	cr_assert_eq(compose_letter_set(&c, FIELD_SUBJECT,
	    SPAN_LIT("x\r\nBcc: spy@z.example"), &e), ERR_DATA);
	cr_assert_eq(c.draft.bcc.n, 0);
}

Test(compose, keeps_the_letter_when_the_text_makes_none)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;

	letter_store_open(&s);
	begin(&s, &c);
	edit(&c, "To: ani@x.example\nSubject: satu\n\nhalo\n");
	cr_assert_eq(c.trouble.kind, ERR_OK, "%s", c.trouble.text);
	edit(&c, "To: ani@x.example\nthis is no header line\n\nhalo\n");
	cr_assert_neq(c.trouble.kind, ERR_OK);
	cr_assert_eq(c.draft.to.n, 1);
	edit(&c, "To: ani@x.example\nSubject: dua\n\nhalo\n");
	cr_assert_eq(c.trouble.kind, ERR_OK);
	cr_assert(span_eq(c.draft.subject, SPAN_LIT("dua")));
}

Test(compose, minds_an_attachment_that_is_promised)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(cleanup_free) char *path = NULL;
	struct error e = { 0 };
	int fd;

	letter_store_open(&s);
	path = xasprintf("%s/my notes.txt", s.dir);
	begin(&s, &c);
	edit(&c, "To: a@x.example\nSubject: x\n\nNotulen Terlampir.\n");
	cr_assert_eq(compose_letter_warnings(&c), WARNING_NO_ATTACHMENT);
	edit(&c, "To: a@x.example\nSubject: x\n\n> is attached\n");
	cr_assert_eq(compose_letter_warnings(&c), 0);
	cr_assert_eq(compose_letter_attach(&c, span_of(path), &e),
	    ERR_NOTFOUND);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	cr_assert_eq(compose_letter_attach(&c, span_of(path), &e), ERR_OK);
	cr_assert_eq(c.draft.nattachments, 1);
	cr_assert(span_eq(c.draft.attachments[0], span_of(path)));
	unlink(path);
	cr_assert_eq(compose_letter_warnings(&c), WARNING_NO_FILE);
	cr_assert_eq(compose_letter_detach(&c, 0, &e), ERR_OK);
	cr_assert_eq(compose_letter_detach(&c, 0, &e), ERR_NOTFOUND);
	cr_assert_eq(c.draft.nattachments, 0);
}

/* Builds and queues; the act as the journal has it. */
static void
queue(struct letter_store *s, struct compose_letter *c, struct arena *arena,
    struct act *out)
{
	CLEANUP(store_end) struct store_txn t;
	struct build_job *j;
	struct error e = { 0 };
	struct act *acts;
	uint64_t id;

	cr_assert_eq(build_job_new(s->store, c, NOW, &j, &e), ERR_OK);
	j->job.run(&j->job);
	cr_assert_eq(j->error.kind, ERR_OK, "%s", j->error.text);
	cr_assert_eq(compose_queue(s->store, c, j, NOW, &id, &e), ERR_OK, "%s",
	    e.text);
	j->job.free(&j->job);
	cr_assert_eq(store_read(s->store, &t), ERR_OK);
	cr_assert_eq(store_acts(&t, 0, false, arena, &acts), 1);
	cr_assert_eq(acts[0].id, id);
	*out = acts[0];
}

Test(compose, puts_bcc_into_the_envelope_and_not_into_the_letter)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span bytes;
	struct act act;

	letter_store_open(&s);
	begin(&s, &c);
	edit(&c, "From: Budi <budi@rumah.example>\nTo: ani@x.example\n"
	    "Bcc: spy@z.example\nSubject: satu\n\nhalo\n");
	queue(&s, &c, &arena, &act);
	cr_assert_eq(act.kind, ACT_SEND);
	cr_assert_eq(act.state, ACT_QUEUED);
	cr_assert_eq(act.account, s.rumah);
	cr_assert(span_eq(act.from, SPAN_LIT("budi@rumah.example")));
	cr_assert_eq(act.nrecipients, 2);
	cr_assert(span_eq(act.recipients[1], SPAN_LIT("spy@z.example")));
	cr_assert_eq(act.not_before, DATE_NONE);
	cr_assert_eq(store_body_load(s.store, act.body, 1 << 20, &arena,
	    &bytes, NULL), ERR_OK);
	cr_assert_neq(span_find(bytes, SPAN_LIT("To: ani@x.example\r\n")),
	    SIZE_MAX);
	cr_assert_eq(span_ifind(bytes, SPAN_LIT("bcc:")), SIZE_MAX);
	cr_assert_eq(span_find(bytes, SPAN_LIT("spy@")), SIZE_MAX);
}

Test(compose, answers_the_letter_and_marks_it_answered)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct quote_job *j;
	struct act act;

	letter_store_open(&s);
	compose_letter_init(&c, s.store, s.kerja, NULL);
	c.about.answered = s.message;
	c.about.is_reply = true;
	j = quote_job_new(s.store, COMPOSE_REPLY_ALL, s.body, &c);
	CLEANUP(job_free) struct job *job = &j->job;
	job->run(job);
	cr_assert_eq(j->error.kind, ERR_OK, "%s", j->error.text);
	cr_assert_eq(compose_letter_begin(&c, s.dir, &j->draft, NULL), ERR_OK);
	cr_assert(span_eq(c.draft.subject,
	    SPAN_LIT("Re: Jadwal rapat Senin")));
	cr_assert_neq(span_find(c.draft.text, SPAN_LIT("> Selamat pagi,\n")),
	    SIZE_MAX);
	/* Everybody but oneself, by whatever address. */
	cr_assert_eq(c.draft.to.n + c.draft.cc.n, 2);
	cr_assert(span_eq(c.draft.in_reply_to,
	    SPAN_LIT("jadwal@kantor.example")));
	queue(&s, &c, &arena, &act);
	cr_assert_eq(act.answered, s.message);
	cr_assert_eq(act.account, s.kerja);
}

Test(compose, forwards_without_marking_an_answer)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct quote_job *j;
	struct act act;

	letter_store_open(&s);
	compose_letter_init(&c, s.store, s.kerja, NULL);
	c.about.answered = s.message;
	j = quote_job_new(s.store, COMPOSE_FORWARD, s.body, &c);
	CLEANUP(job_free) struct job *job = &j->job;
	job->run(job);
	compose_letter_begin(&c, s.dir, &j->draft, NULL);
	cr_assert(span_eq(c.draft.subject,
	    SPAN_LIT("Fwd: Jadwal rapat Senin")));
	compose_letter_set(&c, FIELD_TO, SPAN_LIT("ani@x.example"), NULL);
	queue(&s, &c, &arena, &act);
	cr_assert_eq(act.answered, 0);
}

Test(review, shows_the_letter_and_what_is_missing)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(letter_fini) struct compose_letter c;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(surface_fini) struct surface surface;
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct review_state state = { .letter = &c, .phase = REVIEW_READY };

	letter_store_open(&s);
	begin(&s, &c);
	edit(&c, "From: Budi Santoso <budi@kantor.example>\n"
	    "To: ani@x.example\nBcc: spy@z.example\nSubject:\n\n"
	    "Baik.\n> > Apakah?\nNotulen terlampir.\n");
	state.text = review_doc(c.draft.text, &arena);
	surface_init(&surface, 12, 80);
	review_draw(&state, &surface, surface_all(&surface));
	surface_dump(&surface, &text);
	cr_assert_str_eq(buf_str(&text),
	    "  From      Budi Santoso <budi@kantor.example>   (kerja)\n"
	    "  To        ani@x.example\n"
	    "  Bcc       spy@z.example\n"
	    "  Subject\n"
	    " ! The subject is empty.\n"
	    " ! The text speaks of an attachment, but none is attached: a "
	    "attaches.\n"
	    "\n"
	    "  Baik.\n"
	    "  > > Apakah?\n"
	    "  Notulen terlampir.\n"
	    "\n\n", "%s", buf_str(&text));
}
