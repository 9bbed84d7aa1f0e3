/* SPDX-License-Identifier: MIT */
#include "store/contact_record.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "store/row.h"
#include "store/txn.h"

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Octets of what stands between words: 0 when no blank is here. */
static size_t
blank_at(struct span s)
{
	static const struct span wide[] = {
		SPAN("\302\240"),	/* U+00A0, no-break space */
		SPAN("\343\200\200"),	/* U+3000, ideographic space */
	};

	if (s.n && strchr(" \t\r\n@\"<>(),;", *s.p))
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (span_starts(s, wide[i]))
			return wide[i].n;
	return 0;
}

/* Cuts the next run without blanks off *s; empty at the end. */
static struct span
next_run(struct span *s)
{
	struct span run;
	size_t blank;

	while (s->n && (blank = blank_at(*s)))
		span_take(s, blank);
	run = (struct span){ s->p, 0 };
	while (s->n && !blank_at(*s)) {
		span_take(s, 1);
		run.n++;
	}
	return run;
}

static void
add_word(struct contact_words *w, struct span word)
{
	struct contact_word *to;

	word = text_cut(word, CONTACT_WORD_OCTETS);
	if (w->n == CONTACT_WORDS_MAX || word.n == 0)
		return;
	to = &w->words[w->n++];
	to->n = (uint8_t)word.n;
	memcpy(to->p, word.p, word.n);
}

/* From every beginning in the run to its end: "anna-maria" and "maria". */
static void
add_run(struct contact_words *w, struct span run, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (is_plain(run.p[i]) && (i == 0 || !is_plain(run.p[i - 1])))
			add_word(w, span_skip(run, i));
}

/* "mail.rumah.example" and "rumah.example"; "example" tells nobody apart. */
static void
add_domain(struct contact_words *w, struct span domain)
{
	size_t end = domain.n;

	while (end > 0 && domain.p[end - 1] != '.')
		end--;
	add_run(w, domain, end ? end : domain.n);
}

static int
by_bytes(const void *a, const void *b)
{
	const struct contact_word *x = a, *y = b;

	return span_cmp((struct span){ x->p, x->n },
	    (struct span){ y->p, y->n });
}

static void
sort_words(struct contact_words *w)
{
	size_t kept = 0;

	qsort(w->words, w->n, sizeof *w->words, by_bytes);
	for (size_t i = 0; i < w->n; i++)
		if (kept == 0 ||
		    by_bytes(&w->words[kept - 1], &w->words[i]) != 0)
			w->words[kept++] = w->words[i];
	w->n = kept;
}

void
contact_words_of(struct contact_words *w, struct span name, struct span addr)
{
	CLEANUP(buf_fini) struct buf folded = { 0 };
	struct span rest, run;
	size_t at;

	w->n = 0;
	/* The address first: a name of many words leaves it its place. */
	text_fold(&folded, addr);
	rest = buf_span(&folded);
	for (at = rest.n; at > 0 && rest.p[at - 1] != '@'; at--)
		;
	if (at > 0) {
		run = (struct span){ rest.p, at - 1 };
		add_run(w, run, run.n);
	}
	add_domain(w, span_skip(rest, at));
	buf_reset(&folded);
	text_fold(&folded, name);
	rest = buf_span(&folded);
	while ((run = next_run(&rest)).n)
		add_run(w, run, run.n);
	sort_words(w);
}

void
contact_words_typed(struct contact_words *w, struct span typed)
{
	CLEANUP(buf_fini) struct buf folded = { 0 };
	struct span rest, run;

	w->n = 0;
	text_fold(&folded, text_cut(typed, ROW_TEXT_MAX));
	rest = buf_span(&folded);
	while ((run = next_run(&rest)).n) {
		while (run.n && !is_plain(*run.p))
			span_take(&run, 1);
		add_word(w, run);
	}
	sort_words(w);
}

bool
contact_load(struct store_txn *t, uint64_t id, struct contact_record *out)
{
	struct key key = key_of_u64(id);
	struct record r;

	*out = (struct contact_record){ 0 };
	if (!txn_get_record(t, TABLE_CONTACTS, &key, &r))
		return false;
	out->c.id = id;
	out->c.addr = record_span(&r);
	out->c.name = record_span(&r);
	out->named = record_i64(&r);
	out->c.received = record_u32(&r);
	out->c.sent = record_u32(&r);
	out->c.last = record_i64(&r);
	r.is_bad |= out->c.addr.n > CONTACT_ADDR_MAX ||
	    out->c.name.n > CONTACT_NAME_MAX;
	return txn_close_record(t, TABLE_CONTACTS, &r);
}

void
contact_store(struct store_txn *t, const struct contact_record *r,
    bool is_new)
{
	struct key key = key_of_u64(r->c.id);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_span(b, r->c.addr);
	record_put_span(b, r->c.name);
	record_put_i64(b, r->named);
	record_put_u64(b, r->c.received);
	record_put_u64(b, r->c.sent);
	record_put_i64(b, r->c.last);
	if (is_new)
		txn_append_record(t, TABLE_CONTACTS, &key);
	else
		txn_put_record(t, TABLE_CONTACTS, &key);
}

uint64_t
contact_hash(struct span addr)
{
	char small[CONTACT_ADDR_MAX];
	size_t n = addr.n < sizeof small ? addr.n : sizeof small;

	for (size_t i = 0; i < n; i++)
		small[i] = addr.p[i] >= 'A' && addr.p[i] <= 'Z'
		    ? (char)(addr.p[i] - 'A' + 'a') : addr.p[i];
	return key_hash64((struct span){ small, n });
}

struct key
contact_hash_key(uint64_t hash)
{
	struct key key = { 0 };

	key_hash(&key, hash);
	return key;
}

uint64_t
contact_by_hash(struct store_txn *t, uint64_t hash)
{
	struct key key = contact_hash_key(hash);
	struct span value;

	return txn_get(t, TABLE_CONTACT_OF, &key, &value)
	    ? key_take_u64(&value) : 0;
}

struct key
contact_word_key(struct span word, uint64_t id)
{
	struct key key = { 0 };

	key_bytes(&key, word);
	key_u8(&key, 0);
	key_u64(&key, id);
	return key;
}

static bool
has_word(const struct contact_words *w, struct span word)
{
	for (size_t i = 0; w && i < w->n; i++)
		if (span_eq(contact_word(w, i), word))
			return true;
	return false;
}

void
contact_put_words(struct store_txn *t, uint64_t id,
    const struct contact_words *old, const struct contact_words *new)
{
	for (size_t i = 0; old && i < old->n; i++) {
		struct key key = contact_word_key(contact_word(old, i), id);

		if (!has_word(new, contact_word(old, i)) &&
		    !txn_del(t, TABLE_CONTACT_WORDS, &key))
			txn_corrupt(t, TABLE_CONTACT_WORDS);
	}
	for (size_t i = 0; new && i < new->n; i++) {
		struct key key = contact_word_key(contact_word(new, i), id);

		if (!has_word(old, contact_word(new, i)))
			txn_put_late(t, TABLE_CONTACT_WORDS, &key,
			    (struct span){ "", 0 });
	}
}
