/* SPDX-License-Identifier: MIT */
#include "tests/store/scratch.h"

#include <ftw.h>
#include <stdio.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "store/body.h"

enum { TEST_SECONDS = 600 };

void
scratch_dir(struct scratch *s)
{
	const char *tmp = getenv("TMPDIR");

	*s = (struct scratch){ 0 };
	/* Not Criterion's .timeout: its runner leaks with several at once. */
	alarm(TEST_SECONDS);
	snprintf(s->dir, sizeof s->dir, "%s/surat-store-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(s->dir));
}

const char *
scratch_path(const struct scratch *s, const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", s->dir, name);
	return path;
}

/* The sanitizer's own check never sees a test, which is a child process. */
static void
expect_no_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
	cr_assert_eq(__lsan_do_recoverable_leak_check(), 0);
#endif
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
scratch_remove(const char *dir)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
scratch_fini(struct scratch *s)
{
	scratch_close(s);
	expect_no_leaks();
	if (s->dir[0])
		scratch_remove(s->dir);
	s->dir[0] = '\0';
}

void
scratch_open(struct scratch *s)
{
	struct error e = { 0 };

	cr_assert_eq(store_open(s->dir, &s->store, &e), ERR_OK, "%s", e.text);
}

void
scratch_close(struct scratch *s)
{
	store_close(s->store);
	s->store = NULL;
}

void
scratch_reopen(struct scratch *s)
{
	scratch_check(s);
	scratch_close(s);
	scratch_open(s);
}

void
scratch_init(struct scratch *s)
{
	scratch_dir(s);
	scratch_open(s);
}

struct store_txn
scratch_write(struct scratch *s)
{
	struct store_txn t;

	cr_assert_eq(store_write(s->store, &t), ERR_OK, "%s", t.error.text);
	return t;
}

struct store_txn
scratch_read(struct scratch *s)
{
	struct store_txn t;

	cr_assert_eq(store_read(s->store, &t), ERR_OK, "%s", t.error.text);
	return t;
}

void
scratch_commit(struct store_txn *t)
{
	struct error e = { 0 };

	cr_assert_eq(store_commit(t, &e), ERR_OK, "%s", e.text);
}

uint32_t
scratch_account(struct scratch *s, const char *name)
{
	struct account a = {
		.name = span_of(name),
		.full_name = SPAN("Budi Santoso"),
		.address = SPAN("budi@kantor.example"),
		.kind = ACCOUNT_IMAP,
		.keep = KEEP_LIVE,
	};
	struct store_txn t = scratch_write(s);

	a.id = store_account_put(&t, &a);
	scratch_commit(&t);
	cr_assert_neq(a.id, 0);
	return a.id;
}

uint32_t
scratch_folder(struct scratch *s, uint32_t account, const char *name,
    enum folder_role role, bool is_local)
{
	struct folder f = {
		.account = account,
		.name = span_of(name),
		.title = span_of(name),
		.delimiter = '/',
		.role = role,
		.is_selectable = true,
		.is_local = is_local,
	};
	struct store_txn t = scratch_write(s);

	f.id = store_folder_put(&t, &f);
	scratch_commit(&t);
	cr_assert_neq(f.id, 0);
	return f.id;
}

uint64_t
scratch_message(struct store_txn *t, uint32_t folder, uint32_t uid,
    int64_t date, uint32_t flags)
{
	struct address from = { SPAN("Ani"), SPAN("ani@rumah.example") };
	struct address to[] = {
		{ SPAN("Budi"), SPAN("budi@kantor.example") },
		{ SPAN(""), SPAN("c@d.example") },
	};
	char text[64];
	struct envelope envelope = {
		.date = date,
		.subject = SPAN("Sel\303\241mat pagi"),
		.from = { &from, 1 },
		.to = { to, ARRAY_LEN(to) },
	};
	struct message_new m = {
		.folder = folder,
		.uid = { uid },
		.flags = flags,
		.arrived = DATE_NONE,
		.size = 1234,
		.envelope = &envelope,
	};

	snprintf(text, sizeof text, "%u.%u@host.example", folder, uid);
	if (uid)
		envelope.message_id = span_of(text);
	return store_message_add(t, &m);
}

uint64_t
scratch_body(struct scratch *s, struct span bytes)
{
	struct body_writer *w;
	struct error e = { 0 };
	uint64_t id;

	cr_assert_eq(store_body_begin(s->store, &w, &e), ERR_OK);
	store_body_write(w, bytes);
	cr_assert_eq(store_body_finish(w, &id, &e), ERR_OK, "%s", e.text);
	cr_assert_neq(id, 0);
	return id;
}

struct message
scratch_get(struct scratch *s, uint64_t id, struct arena *a)
{
	struct store_txn t = scratch_read(s);
	struct message m;

	cr_assert(store_message_get(&t, id, a, &m), "%s", t.error.text);
	scratch_commit(&t);
	return m;
}

struct act
scratch_act(struct scratch *s, uint64_t id, struct arena *a)
{
	struct store_txn t = scratch_read(s);
	struct act act;

	cr_assert(store_act_get(&t, id, a, &act), "%s", t.error.text);
	scratch_commit(&t);
	return act;
}

void
scratch_check(struct scratch *s)
{
	struct error e = { 0 };
	uint64_t checked;

	cr_assert_eq(store_check(s->store, &checked, &e), ERR_OK, "%s", e.text);
}
