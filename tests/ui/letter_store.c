/* SPDX-License-Identifier: MIT */
#include "tests/ui/letter_store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "mail/header.h"
#include "store/folder.h"
#include "tests/ui/scratch.h"

static const char letter[] =
	"From: Ratna Wijaya <ratna@kantor.example>\r\n"
	"To: Budi <budi@kantor.example>, Bambang <bambang@kantor.example>\r\n"
	"Cc: budi@rumah.example\r\n"
	"Subject: Jadwal rapat Senin\r\n"
	"Date: Sun, 22 Nov 2026 09:41:00 +0000\r\n"
	"Message-ID: <jadwal@kantor.example>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Type: multipart/mixed; boundary=b\r\n"
	"\r\n"
	"--b\r\n"
	"Content-Type: text/plain; charset=utf-8\r\n"
	"\r\n"
	"Selamat pagi,\r\n"
	"\r\n"
	"lihat https://kantor.example/agenda\r\n"
	"--b\r\n"
	"Content-Type: application/pdf\r\n"
	"Content-Disposition: attachment; filename=agenda.pdf\r\n"
	"Content-Transfer-Encoding: base64\r\n"
	"\r\n"
	"JVBERg==\r\n"
	"--b--\r\n";

static uint32_t
put_account(struct store_txn *t, const char *name, const char *address,
    bool sends, uint32_t order)
{
	struct account account = { .name = span_of(name),
		.full_name = SPAN_LIT("Budi Santoso"),
		.address = span_of(address), .kind = ACCOUNT_IMAP,
		.keep = KEEP_OFFLINE, .sends = sends, .order = order };

	return store_account_put(t, &account);
}

static uint64_t
put_letter(struct store *store)
{
	struct body_writer *w;
	uint64_t body;

	cr_assert_eq(store_body_begin(store, &w, NULL), ERR_OK);
	store_body_write(w, (struct span)SPAN(letter));
	cr_assert_eq(store_body_finish(w, &body, NULL), ERR_OK);
	return body;
}

void
letter_store_open(struct letter_store *s)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct envelope envelope;
	struct store_txn t;

	s->dir = scratch_make();
	cr_assert_eq(store_open(s->dir, &s->store, NULL), ERR_OK);
	s->body = put_letter(s->store);
	header_parse_envelope((struct span)SPAN(letter), &arena, &envelope);
	cr_assert_eq(store_write(s->store, &t), ERR_OK);
	s->kerja = put_account(&t, "kerja", "budi@kantor.example", true, 0);
	s->rumah = put_account(&t, "rumah", "budi@rumah.example", true, 1);
	s->arsip = put_account(&t, "arsip", "budi@lama.example", false, 2);
	s->inbox = store_folder_put(&t, &(struct folder){ .account = s->kerja,
	    .name = SPAN("INBOX"), .title = SPAN("Inbox"),
	    .role = FOLDER_INBOX, .is_selectable = true });
	s->message = store_message_add(&t, &(struct message_new){
	    .folder = s->inbox, .uid = { 7 }, .arrived = 1795340460,
	    .size = sizeof letter - 1, .envelope = &envelope,
	    .body = s->body, .body_state = BODY_WHOLE });
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
}

void
letter_store_close(struct letter_store *s)
{
	store_close(s->store);
	scratch_remove(&s->dir);
}
