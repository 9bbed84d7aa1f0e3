/* SPDX-License-Identifier: MIT */
/*
 * Who becomes a contact and how they are found, letter by letter, also by
 * letters that mean no good.
 */
#include "tests/store/contacts.h"

#include "store/contact.h"
#include "store/contact_note.h"
#include "store/contact_record.h"
#include "store/txn.h"

static void
put_one(struct contact_store *f, struct mail l)
{
	struct store_txn t = scratch_write(&f->s);

	l.uid = ++f->uid;
	mail_put(&t, &l);
	scratch_commit(&t);
}

static struct contact
get(struct contact_store *f, const char *addr, struct arena *arena)
{
	struct store_txn t = scratch_read(&f->s);
	struct contact c;

	store_contact_get(&t, span_of(addr), arena, &c);
	scratch_commit(&t);
	return c;
}

/* "a@x b@y": the addresses that complete what was typed. */
static const char *
completed(struct contact_store *f, const char *typed)
{
	static char out[512];
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct store_txn t = scratch_read(&f->s);
	struct contact *c;
	size_t n = store_contacts_complete(&t, span_of(typed), 10, &arena, &c);

	for (size_t i = 0; i < n; i++) {
		buf_puts(&b, i ? " " : "");
		buf_put(&b, c[i].addr);
	}
	scratch_commit(&t);
	snprintf(out, sizeof out, "%s", buf_str(&b));
	return out;
}

Test(contact, counts_who_wrote_and_who_was_written_to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct contact c;

	contact_store_init(&f);
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 5, .id = "1@x",
	    .from_name = "Ani", .from = "ani@rumah.example",
	    .to = "budi@kantor.example" });
	put_one(&f, (struct mail){ .folder = f.sent, .date = 9, .id = "2@x",
	    .from = "budi@kantor.example", .to = "ANI@rumah.example" });
	c = get(&f, "ani@RUMAH.example", &arena);
	cr_expect_eq(c.received, 1);
	cr_expect_eq(c.sent, 1);
	cr_expect_eq(c.last, 9);
	cr_expect(span_eq(c.name, SPAN_LIT("Ani")));
	/* Neither another recipient, nor who sends, nor Reply-To. */
	cr_expect_eq(get(&f, "budi@kantor.example", &arena).id, 0);
	cr_expect_eq(get(&f, "lain@lain.example", &arena).id, 0);
	contact_store_fini(&f);
}

Test(contact, counts_a_letter_once_over_all_folders)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct mail l = { .date = 5, .id = "1@x",
		.from = "ani@rumah.example" };

	contact_store_init(&f);
	l.folder = f.inbox;
	put_one(&f, l);
	l.folder = f.archive;
	put_one(&f, l);
	cr_expect_eq(get(&f, "ani@rumah.example", &arena).received, 1);
	/* Without a Message-ID nobody knows. */
	l.id = NULL;
	put_one(&f, l);
	put_one(&f, l);
	cr_expect_eq(get(&f, "ani@rumah.example", &arena).received, 3);
	contact_store_fini(&f);
}

Test(contact, takes_nobody_from_junk_or_drafts)
{
	struct contact_store f;

	contact_store_init(&f);
	put_one(&f, (struct mail){ .folder = f.junk, .date = 5,
	    .from = "ani@rumah.example", .to = "a@b.example" });
	put_one(&f, (struct mail){ .folder = f.drafts, .date = 5,
	    .from = "ani@rumah.example", .to = "a@b.example" });
	cr_expect_str_eq(completed(&f, "a"), "");
	contact_store_fini(&f);
}

Test(contact, keeps_the_newest_name_and_finds_by_it_alone)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct mail l = { .from = "x@rumah.example" };

	contact_store_init(&f);
	l.folder = f.inbox;
	l.date = 20;
	l.from_name = "Wati";
	put_one(&f, l);
	l.date = 10;		/* downloaded later, but older */
	l.from_name = "Susi";
	put_one(&f, l);
	l.date = 30;		/* no name takes nothing away */
	l.from_name = "";
	put_one(&f, l);
	cr_expect_str_eq(completed(&f, "wati"), "x@rumah.example");
	cr_expect_str_eq(completed(&f, "susi"), "");
	l.date = 40;
	l.from_name = "Rini";
	put_one(&f, l);
	cr_expect_str_eq(completed(&f, "wati"), "");
	cr_expect_str_eq(completed(&f, "rini"), "x@rumah.example");
	l.date = 50;		/* the name of another address is none */
	l.from_name = "boss@kantor.example";
	put_one(&f, l);
	cr_expect_str_eq(get(&f, "x@rumah.example", &arena).name.p, "Rini");
	contact_store_fini(&f);
}

Test(contact, offers_first_whom_the_user_writes_to)
{
	struct contact_store f;
	char id[16];

	contact_store_init(&f);
	for (int i = 0; i < 7; i++) {
		snprintf(id, sizeof id, "%d@x", i);
		put_one(&f, (struct mail){ .folder = f.inbox, .date = 100,
		    .id = id, .from = "a.many@x.example" });
	}
	put_one(&f, (struct mail){ .folder = f.sent, .date = 100,
	    .to = "a.written@x.example" });
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 100,
	    .from = "a.once@x.example" });
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 100,
	    .from = "a.also@x.example" });
	/* As many letters as a.many, and two years older. */
	for (int i = 0; i < 7; i++)
		put_one(&f, (struct mail){ .folder = f.inbox,
		    .date = 100 - 2 * 365 * 86400, .from = "a.old@x.example" });
	for (int i = 0; i < 40; i++)
		put_one(&f, (struct mail){ .folder = f.inbox, .date = 100,
		    .from = "a.no-reply@x.example" });
	cr_expect_str_eq(completed(&f, "a"), "a.written@x.example "
	    "a.many@x.example a.also@x.example a.old@x.example "
	    "a.once@x.example a.no-reply@x.example");
	contact_store_fini(&f);
}

Test(contact, does_not_believe_a_date_in_the_future)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;

	contact_store_init(&f);
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 900000,
	    .arrived = 1000, .from = "a@x.example" });
	cr_expect_eq(get(&f, "a@x.example", &arena).last, 1000);
	contact_store_fini(&f);
}

Test(contact, is_forgotten_until_the_next_letter)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct store_txn t;
	struct contact c;

	contact_store_init(&f);
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 1,
	    .from_name = "Ani", .from = "ani@x.example" });
	t = scratch_write(&f.s);
	cr_assert(store_contact_get(&t, SPAN_LIT("ani@x.example"), &arena, &c));
	store_contact_forget(&t, c.id);
	store_contact_forget(&t, 77);
	cr_expect_not(store_contact_get(&t, c.addr, &arena, &c));
	scratch_commit(&t);
	contact_store_check(&f.s);
	cr_expect_str_eq(completed(&f, "ani"), "");
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 2,
	    .from = "ani@x.example" });
	cr_expect_eq(get(&f, "ani@x.example", &arena).received, 1);
	contact_store_fini(&f);
}

Test(contact, is_there_in_the_transaction_that_adds_the_letter)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct store_txn t;
	struct contact *c, one;

	contact_store_init(&f);
	t = scratch_write(&f.s);
	mail_put(&t, &(struct mail){ .folder = f.inbox, .uid = 1, .date = 1,
	    .from = "ani@x.example" });
	cr_expect_eq(store_contacts_complete(&t, SPAN_LIT("an"), 9, &arena,
	    &c), 1);
	cr_expect(store_contact_get(&t, SPAN_LIT("ani@x.example"), &arena,
	    &one));
	/* And gone with it. */
	store_end(&t);
	cr_expect_str_eq(completed(&f, "an"), "");
	contact_store_fini(&f);
}

Test(contact, refuses_what_could_not_be_written_to)
{
	static const char *const bad[] = {
		"", "@", "a@", "@b", "ab", "a b@c.example", "a@b>c", "a<@b",
		"a@b\r\nBcc: c@d", "a@b\tc", "a\177@b", "a@\377\376",
		"a@b\342\200\256c", "\342\200\213@b",
	};
	static char lengthy[1 << 20];
	struct contact_store f;
	struct store_txn t;

	memset(lengthy, 'a', sizeof lengthy - 1);
	lengthy[9] = '@';
	contact_store_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		put_one(&f, (struct mail){ .folder = f.inbox, .date = 1,
		    .from = bad[i], .from_name = "Ani" });
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 1,
	    .from = lengthy });
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), 0);
	store_end(&t);
	contact_store_fini(&f);
}

Test(contact, bounds_a_name_of_a_megabyte_and_ten_thousand_recipients)
{
	enum { MANY = 10000 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	static char name[1 << 20];
	static char text[MANY][24];
	static struct address list[MANY];
	struct contact_store f;
	struct store_txn t;
	struct contact c;

	for (size_t i = 0; i + 1 < sizeof name; i++)
		name[i] = i % 3 == 2 ? ' ' : (char)('a' + i % 23);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof text[i], "p%zu@x.example", i);
		list[i].addr = span_of(text[i]);
	}
	contact_store_init(&f);
	put_one(&f, (struct mail){ .folder = f.inbox, .date = 1,
	    .from_name = name, .from = "ani@x.example" });
	put_one(&f, (struct mail){ .folder = f.sent, .date = 1,
	    .from = "budi@x.example", .cc = { list, MANY } });
	c = get(&f, "ani@x.example", &arena);
	cr_expect_leq(c.name.n, CONTACT_NAME_MAX);
	cr_expect_gt(c.name.n, 200);
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS),
	    1 + CONTACT_RECIPIENTS_MAX);
	store_end(&t);
	contact_store_fini(&f);
}

Test(contact, writes_more_senders_than_it_holds)
{
	enum { MANY = 5 * CONTACTS_HELD + 3 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact_store f;
	struct store_txn t;
	struct contact *c;
	char addr[48];

	contact_store_init(&f);
	t = scratch_write(&f.s);
	for (uint32_t i = 0; i < 2 * MANY; i++) {
		snprintf(addr, sizeof addr, "p%u@x.example", i % MANY);
		mail_put(&t, &(struct mail){ .folder = f.inbox, .uid = i + 1,
		    .date = i, .from_name = i % 2 ? "Satu" : "Dua",
		    .from = addr });
	}
	scratch_commit(&t);
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), MANY);
	/* More fit than are looked at; fewer are wanted. */
	cr_expect_eq(store_contacts_complete(&t, SPAN_LIT("p"), 5, &arena,
	    &c), 5);
	cr_expect_eq(store_contacts_complete(&t, SPAN_LIT("p2500"), 5, &arena,
	    &c), 1);
	cr_expect_eq(c[0].received, 2);
	store_end(&t);
	contact_store_fini(&f);
}
