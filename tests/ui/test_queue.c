/* SPDX-License-Identifier: MIT */
/* The journal in words; letters and parts by the loader, over a store. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/folder.h"
#include "tests/ui/letter_store.h"
#include "ui/loader_letter.h"
#include "ui/loader_part.h"
#include "ui/queue_view.h"

static void
put_date(void *ctx, int64_t when, struct buf *out)
{
	(void)ctx;
	buf_printf(out, "%02d.%02d", (int)(when / 3600 % 24),
	    (int)(when / 60 % 60));
}

static void
put_acts(struct letter_store *s)
{
	struct span recipients[] = { SPAN("ratna@x"), SPAN("bambang@x") };
	struct act send = { .account = s->kerja, .kind = ACT_SEND,
		.body = s->body, .from = SPAN("budi@x"),
		.recipients = recipients, .nrecipients = 2,
		.subject = SPAN("Re: Jadwal"), .message_id = SPAN("m@x"),
		.not_before = DATE_NONE };
	struct store_txn t;
	uint64_t id;

	cr_assert_eq(store_write(s->store, &t), ERR_OK);
	store_act_flags(&t, s->message, FLAG_DELETED, 0, 9 * 3600);
	id = store_act_send(&t, &send, 10 * 3600);
	store_act_set(&t, id, ACT_FAILED, SPAN_LIT("550 no such user"),
	    DATE_NONE, 10 * 3600);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
}

Test(queue, says_what_is_to_be_done_and_how_it_stands)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(surface_fini) struct surface surface;
	CLEANUP(buf_fini) struct buf text = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct queue_state state = { 0 };

	letter_store_open(&s);
	put_acts(&s);
	cr_assert_eq(store_read(s.store, &t), ERR_OK);
	state.nrows = queue_read(&t, &arena, put_date, NULL, &state.rows);
	store_end(&t);
	surface_init(&surface, 3, 100);
	queue_draw(&state, &surface, surface_all(&surface));
	surface_dump(&surface, &text);
	cr_assert_str_eq(buf_str(&text),
	    " send           Re: Jadwal  to ratna@x, bamba\u2026  kerja       "
	    "refused: 550 no such user         10.00\n"
	    " delete         Jadwal rapat Senin              kerja       "
	    "waiting                           09.00\n"
	    "\n", "%s", buf_str(&text));
	cr_assert_eq(state.rows[1].message, s.message);
}

static uint32_t
put_folder(struct store_txn *t, uint32_t account, const char *title)
{
	return store_folder_put(t, &(struct folder){ .account = account,
	    .name = span_of(title), .title = span_of(title),
	    .is_selectable = true });
}

Test(queue, names_the_folder_and_the_keyword_of_an_act)
{
	static const char *const wanted[][2] = {
		{ "subscribe", "Lama" }, { "rename folder", "Arsip  to Lama" },
		{ "make folder", "Baru" },
		{ "drop keyword", "x: Jadwal rapat Senin" },
		{ "add keyword", "x: Jadwal rapat Senin" },
		/* The folder by the title that it has now. */
		{ "copy", "to Lama: Jadwal rapat Senin" },
		{ "move", "to Lama: Jadwal rapat Senin" },
	};
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct queue_row *rows;
	struct store_txn t;
	uint32_t archive;
	size_t n;

	letter_store_open(&s);
	cr_assert_eq(store_write(s.store, &t), ERR_OK);
	archive = put_folder(&t, s.kerja, "Arsip");
	store_act_move(&t, s.message, archive, 1);
	store_act_copy(&t, s.message, archive, 2);
	store_act_keyword(&t, s.message, SPAN_LIT("x"), true, 3);
	/* Not the last act any more, so what follows does not cancel it. */
	store_act_flags(&t, s.message, FLAG_FLAGGED, 0, 4);
	store_act_keyword(&t, s.message, SPAN_LIT("x"), false, 5);
	store_act_create(&t, s.kerja, SPAN_LIT("Baru"), 6);
	store_act_rename(&t, archive, SPAN_LIT("Lama"), 7);
	store_act_subscribe(&t, archive, true, 8);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
	cr_assert_eq(store_read(s.store, &t), ERR_OK);
	n = queue_read(&t, &arena, put_date, NULL, &rows);
	store_end(&t);
	cr_assert_eq(n, ARRAY_LEN(wanted) + 1);
	for (size_t i = 0, k = 0; i < n; i++) {
		if (span_eq(rows[i].act, SPAN_LIT("flag")))
			continue;
		cr_expect(span_eq(rows[i].act, span_of(wanted[k][0])), "%.*s",
		    SPAN_ARG(rows[i].act));
		cr_expect(span_eq(rows[i].target, span_of(wanted[k++][1])),
		    "%.*s", SPAN_ARG(rows[i].target));
	}
}

Test(queue, is_calm_when_it_is_empty)
{
	CLEANUP(surface_fini) struct surface surface;
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct queue_state state = { 0 };

	surface_init(&surface, 1, 80);
	queue_draw(&state, &surface, surface_all(&surface));
	surface_dump(&surface, &text);
	cr_assert_str_eq(buf_str(&text),
	    " Nothing is waiting: all that was to be done is done.\n");
}

static struct job *
await_finished(struct loader *loader)
{
	struct pollfd fd = { .fd = loader_fd(loader), .events = POLLIN };
	struct job *job;

	while (!(job = loader_finished(loader)))
		cr_assert_geq(poll(&fd, 1, 30000), 0);
	return job;
}

static const struct reading *
read_letter(struct shelf *shelf, uint64_t body, enum reading_kind kind)
{
	shelf_want(shelf, body, kind, true);
	if (!shelf_find(shelf, body, kind))
		shelf_take(shelf, await_finished(shelf->loader));
	return shelf_find(shelf, body, kind);
}

static void
expect_line(const struct reading *r, const char *line)
{
	cr_assert_not_null(r);
	cr_assert_eq(r->error.kind, ERR_OK, "%s", r->error.text);
	for (size_t i = 0; i < r->doc.nlines; i++)
		if (span_eq(r->doc.lines[i].text, span_of(line)))
			return;
	cr_assert(false, "no line '%s'", line);
}

Test(shelf, has_every_face_of_a_letter)
{
	CLEANUP(letter_store_close) struct letter_store s;
	struct loader *loader = loader_new(NULL);
	struct shelf shelf;
	const struct reading *r;

	letter_store_open(&s);
	shelf_init(&shelf, loader, s.store);
	r = read_letter(&shelf, s.body, READING_PLAIN);
	expect_line(r, "lihat https://kantor.example/agenda [1]");
	cr_assert_eq(r->doc.nlinks, 1);
	cr_assert_eq(r->nparts, 3);
	cr_assert(span_eq(r->parts[2].name, SPAN_LIT("agenda.pdf")));
	cr_assert(span_eq(r->envelope.from.list[0].addr,
	    SPAN_LIT("ratna@kantor.example")));
	expect_line(read_letter(&shelf, s.body, READING_HEADERS),
	    "Message-ID: <jadwal@kantor.example>");
	expect_line(read_letter(&shelf, s.body, READING_SOURCE), "JVBERg==");
	r = read_letter(&shelf, 4711, READING_PLAIN);
	cr_assert_not_null(r);
	cr_assert_neq(r->error.kind, ERR_OK);
	loader_free(loader);
	shelf_fini(&shelf);
}

Test(shelf, holds_few_and_forgets_the_oldest)
{
	CLEANUP(letter_store_close) struct letter_store s;
	struct loader *loader = loader_new(NULL);
	struct shelf shelf;

	letter_store_open(&s);
	shelf_init(&shelf, loader, s.store);
	read_letter(&shelf, s.body, READING_PLAIN);
	for (uint64_t i = 0; i < SHELF_MAX - 1; i++)
		read_letter(&shelf, 1000 + i, READING_PLAIN);
	cr_assert_not_null(shelf_find(&shelf, s.body, READING_PLAIN));
	read_letter(&shelf, 2000, READING_PLAIN);
	cr_assert_not_null(shelf_find(&shelf, s.body, READING_PLAIN));
	cr_assert_null(shelf_find(&shelf, 1000, READING_PLAIN));
	loader_free(loader);
	shelf_fini(&shelf);
}

Test(parts, are_saved_for_their_owner_and_never_over_another_file)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(cleanup_free) char *path = NULL;
	size_t part = 2;
	struct save_job *j;
	struct stat st;

	letter_store_open(&s);
	path = xasprintf("%s/mine.pdf", s.dir);
	j = save_job_new(s.store, s.body, &part, 1, NULL, path);
	j->job.run(&j->job);
	cr_assert_eq(j->error.kind, ERR_OK, "%s", j->error.text);
	cr_assert_eq(j->nsaved, 1);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_size, 4);
	cr_assert_eq(st.st_mode & 0777, 0600);
	j->job.free(&j->job);

	j = save_job_new(s.store, s.body, &part, 1, NULL, path);
	j->job.run(&j->job);
	cr_assert_neq(j->error.kind, ERR_OK);
	cr_assert_eq(stat(path, &st), 0);
	j->job.free(&j->job);

	j = save_job_new(s.store, s.body, &part, 1, s.dir, NULL);
	j->job.run(&j->job);
	cr_assert_eq(j->error.kind, ERR_OK, "%s", j->error.text);
	cr_assert_eq(stat(j->saved, &st), 0);
	j->job.free(&j->job);
}
