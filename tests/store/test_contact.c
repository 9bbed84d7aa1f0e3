/* SPDX-License-Identifier: MIT */
/*
 * Contacts against a twin, which is an array that is searched from end to
 * end, and against letters that mean no good.
 */
#include "tests/store/scratch.h"

#include <ctype.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "store/contact.h"
#include "store/contact_note.h"
#include "store/contact_record.h"
#include "store/txn.h"

enum { PEOPLE = 90, LETTERS = 1500, A_TRANSACTION = 37 };

/* One letter; what is not said is empty. */
struct letter {
	uint32_t folder, uid;
	int64_t date, arrived;
	const char *id;
	const char *from_name, *from;
	const char *to_name, *to;
	struct addresses cc;
};

static void
put(struct store_txn *t, const struct letter *l)
{
	struct address from = { span_of(l->from_name), span_of(l->from) };
	struct address to = { span_of(l->to_name), span_of(l->to) };
	struct address other = { SPAN("Lain"), SPAN("lain@lain.example") };
	struct envelope e = {
		.date = l->date,
		.from = { &from, l->from ? 1 : 0 },
		.reply_to = { &other, 1 },
		.to = { &to, l->to ? 1 : 0 },
		.cc = l->cc,
		.message_id = span_of(l->id),
	};
	struct message_new m = {
		.folder = l->folder,
		.uid = { l->uid },
		.arrived = l->arrived ? l->arrived : DATE_NONE,
		.envelope = &e,
	};

	cr_assert_neq(store_message_add(t, &m), 0, "%s", t->error.text);
}

struct fixture {
	struct scratch s;
	uint32_t inbox, archive, sent, junk, drafts;
	uint32_t uid;
};

static void
fixture_init(struct fixture *f)
{
	uint32_t account;

	scratch_init(&f->s);
	account = scratch_account(&f->s, "kerja");
	f->inbox = scratch_folder(&f->s, account, "INBOX", FOLDER_INBOX, false);
	f->archive = scratch_folder(&f->s, account, "Arsip", FOLDER_ARCHIVE,
	    false);
	f->sent = scratch_folder(&f->s, account, "Sent", FOLDER_SENT, false);
	f->junk = scratch_folder(&f->s, account, "Junk", FOLDER_JUNK, false);
	f->drafts = scratch_folder(&f->s, account, "Drafts", FOLDER_DRAFTS,
	    false);
	f->uid = 0;
}

/* The two tables that follow from the contacts are theirs, no more or less. */
static void
expect_indexes(struct scratch *s)
{
	struct store_txn t = scratch_read(s);
	uint64_t nwords = 0, n = 0, last = txn_last_number(&t, COUNTER_CONTACT);

	for (uint64_t id = 1; id <= last; id++) {
		struct contact_words words;
		struct contact_record r;

		if (!contact_load(&t, id, &r))
			continue;
		n++;
		cr_expect_eq(contact_by_hash(&t, contact_hash(r.c.addr)), id);
		contact_words_of(&words, r.c.name, r.c.addr);
		nwords += words.n;
		for (size_t i = 0; i < words.n; i++) {
			struct key key = contact_word_key(
			    contact_word(&words, i), id);

			cr_expect(txn_has(&t, TABLE_CONTACT_WORDS, &key));
		}
	}
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), n);
	cr_expect_eq(txn_count(&t, TABLE_CONTACT_OF), n);
	cr_expect_eq(txn_count(&t, TABLE_CONTACT_WORDS), nwords);
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
}

static void
fixture_fini(struct fixture *f)
{
	expect_indexes(&f->s);
	scratch_fini(&f->s);
}

static void
put_one(struct fixture *f, struct letter l)
{
	struct store_txn t = scratch_write(&f->s);

	l.uid = ++f->uid;
	put(&t, &l);
	scratch_commit(&t);
}

static struct contact
get(struct fixture *f, const char *addr, struct arena *arena)
{
	struct store_txn t = scratch_read(&f->s);
	struct contact c;

	store_contact_get(&t, span_of(addr), arena, &c);
	scratch_commit(&t);
	return c;
}

/* "a@x b@y": the addresses that complete what was typed. */
static const char *
completed(struct fixture *f, const char *typed)
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

/* The twin. */

static const char *const addresses[] = {
	"ani@rumah.example", "Ani.Wati@kantor.example", "budi@kantor.example",
	"noreply@toko.example", "x-y_z@a.b.c.example", "王@例え.example",
	"o'brien@dublin.example", "anna-maria@dublin.example",
};
static const char *const names[] = {
	"", "Ani Wati", "ANI", "Budi Santoso", "Δημήτρης Παπάς", "王小明",
	"Анна Каренина", "José Núñez", "Łukasz", "Straße Weiß", "İstanbul",
	"boss@kantor.example", "  Ani   Wati  ", "Anna-Maria O'Brien",
	"नमस्ते दुनिया", "مرحبا", "\001\002",
};
static const char *const typed_texts[] = {
	"a", "an", "ani", "ANI W", "w", "wati ani", "kantor", "kantor.ex",
	"example", "rumah.example", "ani@rumah", "Δημ", "δημή παπ", "王",
	"анна", "КАР", "josé", "jose", "łuk", "strasse", "weiss", "mar",
	"o'br", "brien", "नम", "مر", "p1", "p12", "p1 kantor", "zzz", "@", "",
	"<ani", "\"ani wati\" <ani@rumah.example", "maria o",
};

struct person {
	char addr[64];
	char name[64];
	int64_t named, last;
	uint32_t received, sent;
};

struct twin {
	struct fixture f;
	struct person people[PEOPLE];
	char ids[LETTERS][16];
	size_t nids;
};

static uint32_t
any(uint32_t below)
{
	return (uint32_t)random() % below;
}

static void
any_address(char out[64])
{
	uint32_t which = any(PEOPLE);

	if (which < ARRAY_LEN(addresses))
		snprintf(out, 64, "%s", addresses[which]);
	else
		snprintf(out, 64, "p%u@%s.example", which,
		    which % 2 ? "kantor" : "rumah");
	/* The case of an address says nothing. */
	for (char *p = out; *p && any(3) == 0; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
}

static struct person *
person_of(struct twin *w, const char *addr)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *p = &w->people[i];

		if (!p->addr[0]) {
			*p = (struct person){ .named = DATE_NONE,
				.last = DATE_NONE };
			snprintf(p->addr, sizeof p->addr, "%s", addr);
			return p;
		}
		if (span_ieq(span_of(p->addr), span_of(addr)))
			return p;
	}
	cr_assert(false, "more people than there are");
	abort();
}

static void
twin_note(struct twin *w, const char *addr, const char *name, bool is_sent,
    int64_t date)
{
	CLEANUP(buf_fini) struct buf clean = { 0 };
	struct person *p = person_of(w, addr);

	p->sent += is_sent;
	p->received += !is_sent;
	if (date > p->last)
		p->last = date;
	text_clean(&clean, span_trim(span_of(name)));
	if (clean.n == 0 || span_chr(buf_span(&clean), '@') != SIZE_MAX ||
	    date < p->named)
		return;
	p->named = date;
	snprintf(p->name, sizeof p->name, "%s", buf_str(&clean));
}

static void
any_letter(struct twin *w, struct store_txn *t, int64_t date)
{
	const uint32_t folders[] = { w->f.inbox, w->f.inbox, w->f.archive,
		w->f.sent, w->f.junk };
	char from[64], to[64], copied[64];
	struct address copy = { SPAN("Tembusan"), { 0 } };
	struct letter l = {
		.folder = folders[any(ARRAY_LEN(folders))],
		.uid = ++w->f.uid,
		.date = date,
		.from_name = names[any(ARRAY_LEN(names))],
		.from = from,
		.to_name = names[any(ARRAY_LEN(names))],
		.to = to,
		.cc = { &copy, 1 },
	};
	bool is_copy = w->nids && any(4) == 0;

	any_address(from);
	any_address(to);
	any_address(copied);
	copy.addr = span_of(copied);
	l.id = w->ids[is_copy ? any((uint32_t)w->nids) : w->nids];
	if (!is_copy)
		snprintf(w->ids[w->nids], sizeof w->ids[0], "%zu@x", w->nids);
	put(t, &l);
	w->nids += !is_copy;
	if (is_copy || l.folder == w->f.junk)
		return;
	if (l.folder != w->f.sent) {
		twin_note(w, from, l.from_name, false, date);
		return;
	}
	twin_note(w, to, l.to_name, true, date);
	twin_note(w, copied, "Tembusan", true, date);
}

/* Whether a word begins with this, a word being what the header says. */
static bool
has_word(struct span text, struct span beginning)
{
	for (size_t i = 0; i + beginning.n <= text.n; i++) {
		char before = i ? text.p[i - 1] : ' ';
		bool is_inside = (before & 0x80) || isalnum(before);
		struct span rest = span_skip(text, i);

		if (!is_inside && span_starts(rest, beginning))
			return true;
	}
	return false;
}

/* One typed word; the last label of a domain is no word. */
static bool
person_has(const struct person *p, struct span typed)
{
	CLEANUP(buf_fini) struct buf addr = { 0 };
	CLEANUP(buf_fini) struct buf name = { 0 };
	size_t at;
	struct span local, domain;
	const char *dot;

	text_fold(&addr, span_of(p->addr));
	text_fold(&name, span_of(p->name));
	at = span_chr(buf_span(&addr), '@');
	local = (struct span){ addr.p, at };
	domain = span_skip(buf_span(&addr), at + 1);
	if (has_word(local, typed) || has_word(buf_span(&name), typed))
		return true;
	dot = strrchr(buf_str(&addr), '.');
	for (size_t i = 0; i < domain.n && domain.p + i <= dot; i++)
		if ((i == 0 || domain.p[i - 1] == '.' ||
		    domain.p[i - 1] == '-') &&
		    span_starts(span_skip(domain, i), typed))
			return true;
	return false;
}

static bool
person_fits(const struct person *p, const char *typed)
{
	CLEANUP(buf_fini) struct buf folded = { 0 };
	struct span rest, word;
	bool is_any = false;

	text_fold(&folded, span_of(typed));
	for (size_t i = 0; i < folded.n; i++)
		if (strchr("@<>\"", folded.p[i]))
			folded.p[i] = ' ';
	for (rest = buf_span(&folded); span_split(&rest, ' ', &word); ) {
		if (word.n == 0)
			continue;
		is_any = true;
		if (!person_has(p, word))
			return false;
	}
	return is_any;
}

static void
compare_completion(struct twin *w, struct store_txn *t, const char *typed)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct contact *got;
	size_t n = store_contacts_complete(t, span_of(typed), 1000, &arena,
	    &got), want = 0;

	for (size_t i = 0; i < PEOPLE && w->people[i].addr[0]; i++)
		want += person_fits(&w->people[i], typed);
	cr_expect_eq(n, want, "\"%s\": %zu, not %zu", typed, n, want);
	for (size_t i = 0; i < n; i++) {
		char addr[64];

		snprintf(addr, sizeof addr, "%.*s", SPAN_ARG(got[i].addr));
		cr_expect(person_fits(person_of(w, addr), typed),
		    "\"%s\" gave %s", typed, addr);
	}
}

static void
compare(struct twin *w)
{
	struct store_txn t = scratch_read(&w->f.s);
	CLEANUP(arena_fini) struct arena arena = { 0 };
	size_t n = 0;

	for (; n < PEOPLE && w->people[n].addr[0]; n++) {
		const struct person *p = &w->people[n];
		struct contact c;

		cr_assert(store_contact_get(&t, span_of(p->addr), &arena, &c),
		    "%s", p->addr);
		cr_expect(span_eq(c.addr, span_of(p->addr)), "%s, not %s",
		    c.addr.p, p->addr);
		cr_expect(span_eq(c.name, span_of(p->name)),
		    "%s: %s, not %s", p->addr, c.name.p, p->name);
		cr_expect_eq(c.received, p->received);
		cr_expect_eq(c.sent, p->sent);
		cr_expect_eq(c.last, p->last);
	}
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), n);
	for (size_t i = 0; i < ARRAY_LEN(typed_texts); i++)
		compare_completion(w, &t, typed_texts[i]);
	store_end(&t);
	expect_indexes(&w->f.s);
}

Test(contact, gathers_what_an_array_would)
{
	static struct twin w;

	srandom(5);
	fixture_init(&w.f);
	for (int i = 0; i < LETTERS; i += A_TRANSACTION) {
		struct store_txn t = scratch_write(&w.f.s);

		/* Dates that are all different: the newest name is one. */
		for (int j = 0; j < A_TRANSACTION && i + j < LETTERS; j++)
			any_letter(&w, &t, 1 + (i + j) * 7919 % 100003);
		scratch_commit(&t);
		if (i / A_TRANSACTION % 8 == 0)
			compare(&w);
	}
	compare(&w);
	fixture_fini(&w.f);
}

Test(contact, counts_who_wrote_and_who_was_written_to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct contact c;

	fixture_init(&f);
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 5, .id = "1@x",
	    .from_name = "Ani", .from = "ani@rumah.example",
	    .to = "budi@kantor.example" });
	put_one(&f, (struct letter){ .folder = f.sent, .date = 9, .id = "2@x",
	    .from = "budi@kantor.example", .to = "ANI@rumah.example" });
	c = get(&f, "ani@RUMAH.example", &arena);
	cr_expect_eq(c.received, 1);
	cr_expect_eq(c.sent, 1);
	cr_expect_eq(c.last, 9);
	cr_expect(span_eq(c.name, SPAN_LIT("Ani")));
	/* Neither another recipient, nor who sends, nor Reply-To. */
	cr_expect_eq(get(&f, "budi@kantor.example", &arena).id, 0);
	cr_expect_eq(get(&f, "lain@lain.example", &arena).id, 0);
	fixture_fini(&f);
}

Test(contact, counts_a_letter_once_over_all_folders)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct letter l = { .date = 5, .id = "1@x",
		.from = "ani@rumah.example" };

	fixture_init(&f);
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
	fixture_fini(&f);
}

Test(contact, takes_nobody_from_junk_or_drafts)
{
	struct fixture f;

	fixture_init(&f);
	put_one(&f, (struct letter){ .folder = f.junk, .date = 5,
	    .from = "ani@rumah.example", .to = "a@b.example" });
	put_one(&f, (struct letter){ .folder = f.drafts, .date = 5,
	    .from = "ani@rumah.example", .to = "a@b.example" });
	cr_expect_str_eq(completed(&f, "a"), "");
	fixture_fini(&f);
}

Test(contact, keeps_the_newest_name_and_finds_by_it_alone)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct letter l = { .from = "x@rumah.example" };

	fixture_init(&f);
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
	fixture_fini(&f);
}

Test(contact, offers_first_whom_the_user_writes_to)
{
	struct fixture f;
	char id[16];

	fixture_init(&f);
	for (int i = 0; i < 7; i++) {
		snprintf(id, sizeof id, "%d@x", i);
		put_one(&f, (struct letter){ .folder = f.inbox, .date = 100,
		    .id = id, .from = "a.many@x.example" });
	}
	put_one(&f, (struct letter){ .folder = f.sent, .date = 100,
	    .to = "a.written@x.example" });
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 100,
	    .from = "a.once@x.example" });
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 100,
	    .from = "a.also@x.example" });
	/* As many letters as a.many, and two years older. */
	for (int i = 0; i < 7; i++)
		put_one(&f, (struct letter){ .folder = f.inbox,
		    .date = 100 - 2 * 365 * 86400, .from = "a.old@x.example" });
	for (int i = 0; i < 40; i++)
		put_one(&f, (struct letter){ .folder = f.inbox, .date = 100,
		    .from = "a.no-reply@x.example" });
	cr_expect_str_eq(completed(&f, "a"), "a.written@x.example "
	    "a.many@x.example a.also@x.example a.old@x.example "
	    "a.once@x.example a.no-reply@x.example");
	fixture_fini(&f);
}

Test(contact, does_not_believe_a_date_in_the_future)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;

	fixture_init(&f);
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 900000,
	    .arrived = 1000, .from = "a@x.example" });
	cr_expect_eq(get(&f, "a@x.example", &arena).last, 1000);
	fixture_fini(&f);
}

Test(contact, is_forgotten_until_the_next_letter)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct store_txn t;
	struct contact c;

	fixture_init(&f);
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 1,
	    .from_name = "Ani", .from = "ani@x.example" });
	t = scratch_write(&f.s);
	cr_assert(store_contact_get(&t, SPAN_LIT("ani@x.example"), &arena, &c));
	store_contact_forget(&t, c.id);
	store_contact_forget(&t, 77);
	cr_expect_not(store_contact_get(&t, c.addr, &arena, &c));
	scratch_commit(&t);
	expect_indexes(&f.s);
	cr_expect_str_eq(completed(&f, "ani"), "");
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 2,
	    .from = "ani@x.example" });
	cr_expect_eq(get(&f, "ani@x.example", &arena).received, 1);
	fixture_fini(&f);
}

Test(contact, is_there_in_the_transaction_that_adds_the_letter)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct store_txn t;
	struct contact *c, one;

	fixture_init(&f);
	t = scratch_write(&f.s);
	put(&t, &(struct letter){ .folder = f.inbox, .uid = 1, .date = 1,
	    .from = "ani@x.example" });
	cr_expect_eq(store_contacts_complete(&t, SPAN_LIT("an"), 9, &arena,
	    &c), 1);
	cr_expect(store_contact_get(&t, SPAN_LIT("ani@x.example"), &arena,
	    &one));
	/* And gone with it. */
	store_end(&t);
	cr_expect_str_eq(completed(&f, "an"), "");
	fixture_fini(&f);
}

Test(contact, refuses_what_could_not_be_written_to)
{
	static const char *const bad[] = {
		"", "@", "a@", "@b", "ab", "a b@c.example", "a@b>c", "a<@b",
		"a@b\r\nBcc: c@d", "a@b\tc", "a\177@b", "a@\377\376",
		"a@b\342\200\256c", "\342\200\213@b",
	};
	static char lengthy[1 << 20];
	struct fixture f;
	struct store_txn t;

	memset(lengthy, 'a', sizeof lengthy - 1);
	lengthy[9] = '@';
	fixture_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		put_one(&f, (struct letter){ .folder = f.inbox, .date = 1,
		    .from = bad[i], .from_name = "Ani" });
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 1,
	    .from = lengthy });
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), 0);
	store_end(&t);
	fixture_fini(&f);
}

Test(contact, bounds_a_name_of_a_megabyte_and_ten_thousand_recipients)
{
	enum { MANY = 10000 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	static char name[1 << 20];
	static char text[MANY][24];
	static struct address list[MANY];
	struct fixture f;
	struct store_txn t;
	struct contact c;

	for (size_t i = 0; i + 1 < sizeof name; i++)
		name[i] = i % 3 == 2 ? ' ' : (char)('a' + i % 23);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof text[i], "p%zu@x.example", i);
		list[i].addr = span_of(text[i]);
	}
	fixture_init(&f);
	put_one(&f, (struct letter){ .folder = f.inbox, .date = 1,
	    .from_name = name, .from = "ani@x.example" });
	put_one(&f, (struct letter){ .folder = f.sent, .date = 1,
	    .from = "budi@x.example", .cc = { list, MANY } });
	c = get(&f, "ani@x.example", &arena);
	cr_expect_leq(c.name.n, CONTACT_NAME_MAX);
	cr_expect_gt(c.name.n, 200);
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS),
	    1 + CONTACT_RECIPIENTS_MAX);
	store_end(&t);
	fixture_fini(&f);
}

Test(contact, writes_more_senders_than_it_holds)
{
	enum { MANY = 5 * CONTACTS_HELD + 3 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct fixture f;
	struct store_txn t;
	struct contact *c;
	char addr[48];

	fixture_init(&f);
	t = scratch_write(&f.s);
	for (uint32_t i = 0; i < 2 * MANY; i++) {
		snprintf(addr, sizeof addr, "p%u@x.example", i % MANY);
		put(&t, &(struct letter){ .folder = f.inbox, .uid = i + 1,
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
	fixture_fini(&f);
}
