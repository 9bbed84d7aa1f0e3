/* SPDX-License-Identifier: MIT */
/*
 * The look at the structure of a data file.  The input is a list of patches
 * of a small whole file: page, offset and length (an octet, two, one) and
 * the bytes.  Whatever the file is then, the look must come to an end and
 * read nothing outside of its pages.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "store/account.h"
#include "store/body.h"
#include "store/folder.h"
#include "store/message.h"
#include "store/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { IMAGE_PAGE = 4096, IMAGE_OCTETS_MAX = 1 << 20 };

struct image {
	char octets[IMAGE_OCTETS_MAX];
	size_t n;
	int fd;			/* a file without a name, patched each time */
};

static void
add_messages(struct store *store, uint32_t folder)
{
	for (uint32_t i = 1; i <= 60; i++) {
		struct envelope envelope = { .date = i,
			.subject = SPAN("a") };
		struct message_new m = { .folder = folder, .uid = { i },
			.envelope = &envelope };
		struct store_txn t;

		store_write(store, &t);
		store_message_add(&t, &m);
		if (i % 3 == 0)
			store_message_remove(&t, i - 1);
		bug_on(store_commit(&t, NULL) != ERR_OK);
	}
}

static void
add_body(struct store *store)
{
	static char bytes[20000];
	struct body_writer *w;
	uint64_t id;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)random();
	bug_on(store_body_begin(store, &w, NULL) != ERR_OK);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	bug_on(store_body_finish(w, &id, NULL) != ERR_OK);
}

static void
make_store(const char *dir)
{
	struct account a = { .name = SPAN("a"), .address = SPAN("a@b.example") };
	struct folder f = { .name = SPAN("INBOX") };
	struct store *store;
	struct store_txn t;

	bug_on(store_open(dir, &store, NULL) != ERR_OK);
	store_write(store, &t);
	f.account = store_account_put(&t, &a);
	f.id = store_folder_put(&t, &f);
	bug_on(store_commit(&t, NULL) != ERR_OK);
	add_messages(store, f.id);
	add_body(store);
	store_close(store);
}

static void
load(struct image *image, const char *path)
{
	FILE *f = fopen(path, "rb");

	bug_on(!f);
	image->n = fread(image->octets, 1, sizeof image->octets, f);
	fclose(f);
	f = tmpfile();
	bug_on(image->n == 0 || !f);
	image->fd = fileno(f);
}

/* One with a free list, one with long values. */
static void
make_images(struct image images[2])
{
	static const char *const names[] = { "index.mdb", "bodies.mdb",
		"index.mdb-lock", "bodies.mdb-lock", "collect", "in-use",
		"index.mdb-turn", "bodies.mdb-turn" };
	char dir[] = "/tmp/surat-fuzz-XXXXXX", path[64];

	bug_on(!mkdtemp(dir));
	make_store(dir);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		if (i < 2)
			load(&images[i], path);
		unlink(path);
	}
	rmdir(dir);
}

static uint8_t
take_octet(struct span *s)
{
	struct span octet = span_take(s, 1);

	return octet.n ? (uint8_t)*octet.p : 0;
}

static void
patch(const struct image *image, struct span input)
{
	bug_on(pwrite(image->fd, image->octets, image->n, 0) !=
	    (ssize_t)image->n);
	while (input.n > 0) {
		size_t pages = image->n / IMAGE_PAGE;
		size_t page = take_octet(&input) % pages;
		size_t at = take_octet(&input);
		struct span bytes;

		at = (at << 8 | take_octet(&input)) % IMAGE_PAGE;
		bytes = span_take(&input, take_octet(&input));
		if (bytes.n > IMAGE_PAGE - at)
			bytes.n = IMAGE_PAGE - at;
		bug_on(pwrite(image->fd, bytes.p, bytes.n,
		    (off_t)(page * IMAGE_PAGE + at)) != (ssize_t)bytes.n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct image images[2];
	struct span input = { (const char *)p, n };
	struct image *image = &images[take_octet(&input) % 2];
	struct page_file f;
	size_t octets;

	if (images[0].n == 0)
		make_images(images);
	octets = image->n - take_octet(&input) % (image->n / IMAGE_PAGE) *
	    IMAGE_PAGE;
	patch(image, input);
	bug_on(ftruncate(image->fd, (off_t)octets) != 0);
	f = (struct page_file){ .fd = image->fd, .path = "image" };
	if (page_file_look(&f)) {
		enum err roots = pages_check_roots(&f, NULL);

		/* What the quick look finds the whole one finds as well. */
		bug_on(pages_check_open(f.fd, f.path, NULL, NULL) == ERR_OK &&
		    roots != ERR_OK);
	}
	return 0;
}
