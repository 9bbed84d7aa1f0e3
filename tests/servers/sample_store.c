/* SPDX-License-Identifier: MIT */
/*
 * Puts the sample of the demo into a store without any server: for machines
 * where Dovecot cannot be had, and for screen tests, whose letters must not
 * depend on one.
 *
 *   sample_store SAMPLE PROFILE     SAMPLE as `sample fill` wrote it
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "mail/header.h"
#include "store/account.h"
#include "store/body.h"
#include "store/folder.h"
#include "store/message.h"

enum { LETTER_MAX = 4 << 20 };

static const struct place {
	const char *account, *address, *dir, *name, *title;
	enum folder_role role;
} places[] = {
	{ "kerja", "budi@kantor.example", "kerja", "INBOX", "Inbox",
	    FOLDER_INBOX },
	{ "kerja", "budi@kantor.example", "kerja/.Arsip", "Arsip", "Arsip",
	    FOLDER_ARCHIVE },
	{ "kerja", "budi@kantor.example", "kerja/.Proyek", "Proyek", "Proyek",
	    FOLDER_NONE },
	{ "kerja", "budi@kantor.example", "kerja/.Proyek.Alfa", "Proyek/Alfa",
	    "Proyek/Alfa", FOLDER_NONE },
	{ "rumah", "budi@rumah.example", "rumah", "INBOX", "Inbox",
	    FOLDER_INBOX },
};

static _Noreturn void
die(const struct error *e)
{
	fprintf(stderr, "sample_store: %s\n", e->text);
	exit(1);
}

static uint32_t
make_folder(struct store *store, const struct place *p)
{
	struct store_txn t;
	struct error e = { 0 };
	struct account account = { .name = span_of(p->account),
		.full_name = SPAN("Budi Santoso"),
		.address = span_of(p->address),
		.kind = ACCOUNT_LOCAL, .keep = KEEP_OFFLINE };
	struct folder folder = { .name = span_of(p->name),
		.title = span_of(p->title), .delimiter = '/',
		.role = p->role, .is_selectable = true, .is_local = true };

	if (store_write(store, &t) != ERR_OK)
		die(&t.error);
	folder.account = store_account_put(&t, &account);
	folder.id = store_folder_put(&t, &folder);
	if (store_commit(&t, &e) != ERR_OK)
		die(&e);
	return folder.id;
}

/* The letter with the line ends it has on the wire. */
static void
read_letter(const char *path, struct buf *out)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "r");
	int c;

	if (!f) {
		perror(path);
		exit(1);
	}
	while ((c = getc(f)) != EOF && out->n < LETTER_MAX) {
		if (c == '\n')
			buf_putc(out, '\r');
		buf_putc(out, (char)c);
	}
}

static uint32_t
flags_of(const char *name)
{
	const char *flags = strstr(name, ":2,");
	uint32_t bits = 0;

	for (; flags && *flags; flags++) {
		if (*flags == 'S')
			bits |= FLAG_SEEN;
		else if (*flags == 'F')
			bits |= FLAG_FLAGGED;
		else if (*flags == 'R')
			bits |= FLAG_ANSWERED;
	}
	return bits;
}

static void
add_letter(struct store *store, uint32_t folder, const char *dir,
    const char *name)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf letter = { 0 };
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir, name);
	struct body_writer *writer;
	struct envelope envelope;
	struct store_txn t;
	struct error e = { 0 };
	struct message_new m = { .folder = folder, .flags = flags_of(name),
		.envelope = &envelope, .body_state = BODY_WHOLE };

	read_letter(path, &letter);
	header_parse_envelope(buf_span(&letter), &arena, &envelope);
	if (store_body_begin(store, &writer, &e) != ERR_OK)
		die(&e);
	store_body_write(writer, buf_span(&letter));
	if (store_body_finish(writer, &m.body, &e) != ERR_OK)
		die(&e);
	m.arrived = envelope.date;
	m.size = letter.n;
	if (store_write(store, &t) != ERR_OK)
		die(&t.error);
	store_message_add(&t, &m);
	if (store_commit(&t, &e) != ERR_OK)
		die(&e);
}

/* In the order of their names, so that ids are the same every time. */
static void
add_folder(struct store *store, const char *sample, const struct place *p)
{
	CLEANUP(cleanup_free) char *dir = xasprintf("%s/%s/cur", sample, p->dir);
	uint32_t folder = make_folder(store, p);
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);

	if (n < 0) {
		perror(dir);
		exit(1);
	}
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			add_letter(store, folder, dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

int
main(int argc, char **argv)
{
	CLEANUP(cleanup_free) char *dir = NULL;
	struct store *store;
	struct error e = { 0 };

	if (argc != 3) {
		fputs("usage: sample_store SAMPLE PROFILE\n", stderr);
		return 64;
	}
	dir = xasprintf("%s/store", argv[2]);
	mkdir(dir, 0700);
	if (store_open(dir, &store, &e) != ERR_OK)
		die(&e);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		add_folder(store, argv[1], &places[i]);
	store_close(store);
	return 0;
}
