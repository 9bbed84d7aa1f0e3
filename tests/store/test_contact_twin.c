/* SPDX-License-Identifier: MIT */
/* Contacts against a twin, an array that is searched from end to end. */
#include "tests/store/contacts.h"

#include <ctype.h>

#include "base/text.h"
#include "store/contact.h"
#include "store/txn.h"

enum { PEOPLE = 90, LETTERS = 1500, A_TRANSACTION = 37 };

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
	struct contact_store f;
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
	struct mail l = {
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
	mail_put(t, &l);
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
	contact_store_check(&w->f.s);
}

Test(contact, gathers_what_an_array_would)
{
	static struct twin w;

	srandom(5);
	contact_store_init(&w.f);
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
	contact_store_fini(&w.f);
}
