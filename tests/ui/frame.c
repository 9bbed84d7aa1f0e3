/* SPDX-License-Identifier: MIT */
#include "tests/ui/frame.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/folder.h"
#include "store/message.h"
#include "ui/frame.h"
#include "ui/term.h"

/* A test is a process, so these are of one test. */
static uint64_t opened;
static char line_text[4096];

void
pager_open(struct ui *ui, uint64_t message)
{
	(void)ui;
	opened = message;
}

void
parts_open(struct ui *ui, uint64_t message)
{
	(void)ui;
	opened = message;
}

void
queue_open(struct ui *ui)
{
	ui_say(ui, ROLE_NORMAL, "the queue");
}

void
compose_open(struct ui *ui, enum compose_kind kind, uint32_t account,
    uint64_t message)
{
	(void)account;
	opened = message;
	ui_say(ui, ROLE_NORMAL, "compose %d", (int)kind);
}

uint64_t
frame_opened(void)
{
	return opened;
}

static uint32_t
add_folder(struct store_txn *t, uint32_t account, const char *name,
    enum folder_role role)
{
	struct folder folder = { .account = account, .name = span_of(name),
		.title = span_of(name), .delimiter = '/', .role = role,
		.is_selectable = true, .is_subscribed = true };

	return store_folder_put(t, &folder);
}

void
frame_open(struct frame *f)
{
	const char *base = getenv("TMPDIR");
	struct account work = { .name = SPAN("kerja"),
		.address = SPAN("budi@kantor.example"), .kind = ACCOUNT_IMAP,
		.keep = KEEP_LIVE, .sends = true };
	struct account home = { .name = SPAN("rumah"),
		.address = SPAN("budi@rumah.example"), .kind = ACCOUNT_POP3,
		.keep = KEEP_OFFLINE, .sends = true, .order = 1 };
	struct store_txn t;
	struct error e;

	*f = (struct frame){ .next_uid = 1 };
	opened = 0;
	snprintf(f->dir, sizeof f->dir, "%.40s/surat-frame-XXXXXX",
	    base ? base : "/tmp");
	cr_assert(mkdtemp(f->dir) != NULL);
	cr_assert_eq(store_open(f->dir, &f->store, &e), ERR_OK, "%s", e.text);
	store_write(f->store, &t);
	f->work = store_account_put(&t, &work);
	f->home = store_account_put(&t, &home);
	f->work_inbox = add_folder(&t, f->work, "INBOX", FOLDER_INBOX);
	f->work_sent = add_folder(&t, f->work, "Sent", FOLDER_SENT);
	f->work_project = add_folder(&t, f->work, "Proyek", FOLDER_NONE);
	f->home_inbox = add_folder(&t, f->home, "INBOX", FOLDER_INBOX);
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
}

static void
remove_tree(const char *dir)
{
	DIR *d = opendir(dir);

	for (struct dirent *entry; d && (entry = readdir(d));) {
		char path[512];

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		if (unlink(path) != 0)
			remove_tree(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

void
frame_close(struct frame *f)
{
	if (f->ui.npanes)
		ui_end(&f->ui);
	store_close(f->store);
	remove_tree(f->dir);
}

void
frame_start(struct frame *f, int rows, int cols)
{
	ui_begin(&f->ui, f->store, &f->host, &f->settings);
	f->ui.now = FRAME_NOW;
	surface_resize(&f->ui.surface, rows, cols);
	ui_draw(&f->ui);
}

/* Adds within a transaction that the caller commits. */
static uint64_t
add(struct frame *f, struct store_txn *t, uint32_t folder, const char *from,
    const char *subject, int64_t age_s, uint32_t flags)
{
	struct address sender = { .name = span_of(from),
		.addr = SPAN("a@kantor.example") };
	struct address to = { .name = SPAN("Citra"),
		.addr = SPAN("citra@kantor.example") };
	struct envelope envelope = { .date = FRAME_NOW - age_s,
		.subject = span_of(subject), .from = { &sender, 1 },
		.to = { &to, 1 } };
	struct message_new m = { .folder = folder, .flags = flags,
		.uid = { f->next_uid++ }, .arrived = FRAME_NOW - age_s,
		.size = 1000, .envelope = &envelope };

	return store_message_add(t, &m);
}

uint64_t
frame_answer(struct frame *f, uint32_t folder, const char *from,
    const char *subject, int64_t age_s, int number, int answered)
{
	char id[32], parent[32];
	struct span references;
	struct address sender = { .name = span_of(from),
		.addr = SPAN("a@kantor.example") };
	struct envelope envelope = { .date = FRAME_NOW - age_s,
		.subject = span_of(subject), .from = { &sender, 1 } };
	struct message_new m = { .folder = folder,
		.uid = { f->next_uid++ }, .arrived = FRAME_NOW - age_s,
		.size = 1000, .envelope = &envelope };
	struct store_txn t;
	struct error e;
	uint64_t added;

	snprintf(id, sizeof id, "<%d@kantor.example>", number);
	snprintf(parent, sizeof parent, "<%d@kantor.example>", answered);
	references = span_of(parent);
	envelope.message_id = span_of(id);
	if (answered) {
		envelope.references = &references;
		envelope.nreferences = 1;
	}
	store_write(f->store, &t);
	added = store_message_add(&t, &m);
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
	return added;
}

void
frame_set_flags(struct frame *f, uint64_t id, uint32_t flags)
{
	struct store_txn t;
	struct error e;

	store_write(f->store, &t);
	store_message_server_flags(&t, id, flags, NULL, 0);
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
}

uint64_t
frame_add(struct frame *f, uint32_t folder, const char *from,
    const char *subject, int64_t age_s, uint32_t flags)
{
	struct store_txn t;
	struct error e;
	uint64_t id;

	store_write(f->store, &t);
	id = add(f, &t, folder, from, subject, age_s, flags);
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
	return id;
}

void
frame_add_many(struct frame *f, uint32_t folder, int n)
{
	struct store_txn t;
	struct error e;
	char subject[16];

	store_write(f->store, &t);
	for (int i = 1; i <= n; i++) {
		snprintf(subject, sizeof subject, "s%d.", i);
		add(f, &t, folder, "Ratna", subject, (int64_t)i * 60,
		    FLAG_SEEN);
	}
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
}

void
frame_notice(struct frame *f)
{
	ui_changed(&f->ui);
	ui_take_changes(&f->ui);
	ui_draw(&f->ui);
}

void
frame_type(struct frame *f, const char *keys)
{
	struct span rest = span_of(keys), word;

	while (span_split(&rest, ' ', &word)) {
		uint32_t sequence[16];
		char *name = span_dup(word);
		size_t n = keys_parse(name, sequence, 16);

		cr_assert(n > 0, "%s", name);
		for (size_t i = 0; i < n; i++)
			ui_take_key(&f->ui, sequence[i]);
		free(name);
	}
	ui_take_changes(&f->ui);
	ui_draw(&f->ui);
}

void
frame_text(struct frame *f, const char *text)
{
	for (; *text; text++)
		ui_take_key(&f->ui, (unsigned char)*text);
	ui_draw(&f->ui);
}

uint32_t
frame_flags(struct frame *f, uint64_t id)
{
	struct store_txn t;
	struct arena arena = { 0 };
	struct message m = { .id = 0 };

	store_read(f->store, &t);
	cr_assert(store_message_get(&t, id, &arena, &m));
	store_end(&t);
	arena_fini(&arena);
	return m.flags;
}

const char *
frame_line(struct frame *f, int y)
{
	struct surface row = { .rows = 1, .cols = f->ui.surface.cols,
		.cells = &f->ui.surface.cells[y * f->ui.surface.cols] };
	struct buf out = { 0 };

	surface_dump(&row, &out);
	snprintf(line_text, sizeof line_text, "%.*s", (int)out.n - 1, out.p);
	buf_fini(&out);
	return line_text;
}

bool
frame_shows(struct frame *f, const char *text)
{
	for (int y = 0; y < f->ui.surface.rows; y++) {
		if (strstr(frame_line(f, y), text))
			return true;
	}
	return false;
}

int
frame_selected(struct frame *f)
{
	const struct surface *s = &f->ui.surface;

	for (int i = 0; i < s->rows * s->cols; i++) {
		if (s->cells[i].is_selected)
			return i / s->cols;
	}
	return -1;
}
