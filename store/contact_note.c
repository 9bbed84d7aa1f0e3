/* SPDX-License-Identifier: MIT */
/*
 * Letters are noted in a table in memory by address, so that a thousand of
 * one sender cost one record; it is written when it is full and at commit,
 * in the order of keys.
 */
#include "store/contact_note.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/contact_record.h"
#include "store/folder.h"
#include "store/row.h"
#include "store/txn.h"

enum {
	SLOTS = 2 * CONTACTS_HELD,	/* a power of 2 */
	TEXT_HELD = 1 << 18,		/* octets of names and addresses */
	RAW_NAME_MAX = 1024,		/* of a name before it is cleaned */
};

/* One address; its text lies in contact_notes.text. */
struct note {
	uint32_t hash;
	uint32_t addr_at, name_at;
	uint16_t addr_n, name_n;
	uint32_t received, sent;
	int64_t last, named;
};

struct contact_notes {
	struct note notes[CONTACTS_HELD];
	size_t n;
	uint16_t slots[SLOTS];		/* 1 + index into notes; 0: free */
	struct buf text;
	uint32_t folder;		/* whose role was looked up last */
	enum folder_role role;
};

void
contact_notes_free(struct contact_notes *notes)
{
	if (notes)
		buf_fini(&notes->text);
	free(notes);
}

static struct span
addr_of(const struct contact_notes *notes, const struct note *note)
{
	return (struct span){ notes->text.p + note->addr_at, note->addr_n };
}

static struct span
name_of(const struct contact_notes *notes, const struct note *note)
{
	if (note->name_n == 0)
		return (struct span){ 0 };
	return (struct span){ notes->text.p + note->name_at, note->name_n };
}

/* Like local@domain, both there, nothing that breaks out of a header. */
static bool
is_address(struct span addr)
{
	bool has_at = false;

	if (addr.n > CONTACT_ADDR_MAX || addr.n < 3 || addr.p[0] == '@')
		return false;
	for (size_t i = 0; i < addr.n; i++) {
		unsigned char c = (unsigned char)addr.p[i];

		if (c <= ' ' || c == 0x7f || c == '<' || c == '>')
			return false;
		has_at |= c == '@';
	}
	return has_at && addr.p[addr.n - 1] != '@';
}

/* FNV-1a over small letters: for the table in memory alone. */
static uint32_t
hash_of(struct span addr)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < addr.n; i++) {
		unsigned char c = (unsigned char)addr.p[i];

		hash ^= c >= 'A' && c <= 'Z' ? c + 0x20u : c;
		hash *= 16777619u;
	}
	return hash;
}

static uint32_t
put_text(struct contact_notes *notes, struct span s)
{
	uint32_t at = (uint32_t)notes->text.n;

	buf_put(&notes->text, s);
	return at;
}

/* The note of an address; what was noted makes room when there is none. */
static struct note *
note_of(struct store_txn *t, struct contact_notes *notes, struct span addr)
{
	uint32_t hash = hash_of(addr);
	struct note *note;
	size_t i;

	for (i = hash % SLOTS; notes->slots[i]; i = (i + 1) % SLOTS) {
		note = &notes->notes[notes->slots[i] - 1];
		if (note->hash == hash && span_ieq(addr_of(notes, note), addr))
			return note;
	}
	if (notes->n == CONTACTS_HELD || notes->text.n >= TEXT_HELD) {
		contact_flush(t);
		i = hash % SLOTS;
	}
	note = &notes->notes[notes->n++];
	notes->slots[i] = (uint16_t)notes->n;
	*note = (struct note){
		.hash = hash,
		.addr_at = put_text(notes, addr),
		.addr_n = (uint16_t)addr.n,
		.last = DATE_NONE,
		.named = DATE_NONE,
	};
	return note;
}

static void
note_name(struct contact_notes *notes, struct note *note, struct span name,
    int64_t date)
{
	name = text_cut(span_trim(name), RAW_NAME_MAX);
	if (name.n == 0 || span_chr(name, '@') != SIZE_MAX ||
	    (note->named != DATE_NONE && date < note->named))
		return;
	note->named = date;
	if (span_eq(name_of(notes, note), name))
		return;
	note->name_at = put_text(notes, name);
	note->name_n = (uint16_t)name.n;
}

static void
note_address(struct store_txn *t, struct contact_notes *notes,
    const struct address *a, bool is_sent, int64_t date)
{
	struct note *note;

	if (!is_address(a->addr))
		return;
	note = note_of(t, notes, a->addr);
	note->sent += is_sent;
	note->received += !is_sent;
	if (note->last == DATE_NONE || date > note->last)
		note->last = date;
	note_name(notes, note, a->name, date);
}

static struct contact_notes *
notes_of(struct store_txn *t)
{
	struct txn_handle *h = t->handle;

	if (!h->contacts)
		h->contacts = xcalloc(1, sizeof *h->contacts);
	return h->contacts;
}

static enum folder_role
role_of(struct store_txn *t, struct contact_notes *notes, uint32_t folder)
{
	if (notes->folder != folder)
		notes->role = store_folder_role(t, folder);
	notes->folder = folder;
	return notes->role;
}

/* Whether a message with this id is here, in any folder. */
static bool
is_copy(struct store_txn *t, uint64_t hash)
{
	struct span key, value;
	/* Folder 0 has the ids that were only referred to. */
	struct key at = row_message_id_key(hash, 1, 0);

	return hash && txn_seek(t, TABLE_MESSAGE_IDS, &at, &key, &value) &&
	    key_take_hash(&key) == hash;
}

void
contact_note(struct store_txn *t, const struct message *m,
    uint64_t id_hash, const struct envelope *e)
{
	const struct addresses *to[] = { &e->to, &e->cc, &e->bcc };
	/* A date in the future would stay the newest for good. */
	int64_t date = key_date_cut(m->arrived < m->date ? m->arrived
	    : m->date);
	struct contact_notes *notes;
	enum folder_role role;
	size_t n = 0;

	if (txn_failed(t))
		return;
	notes = notes_of(t);
	role = role_of(t, notes, m->folder);
	if (role == FOLDER_JUNK || role == FOLDER_DRAFTS ||
	    is_copy(t, id_hash))
		return;
	if (role != FOLDER_SENT) {
		if (e->from.n)
			note_address(t, notes, &e->from.list[0], false, date);
		return;
	}
	for (size_t f = 0; f < sizeof to / sizeof *to; f++)
		for (size_t i = 0; i < to[f]->n &&
		    n < CONTACT_RECIPIENTS_MAX; i++, n++)
			note_address(t, notes, &to[f]->list[i], true, date);
}

/* A note on its way into the store. */
struct job {
	const struct note *note;
	uint64_t hash;
	uint64_t id;		/* 0: new */
};

static int
by_hash(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* New ones last. */
static int
by_id(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	return x->id - 1 < y->id - 1 ? -1 : x->id - 1 > y->id - 1;
}

static uint32_t
sum(uint32_t a, uint32_t b)
{
	return a <= UINT32_MAX - b ? a + b : UINT32_MAX;
}

/* Most names need no cleaning; to find that out is cheaper. */
static bool
is_plain_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return true;
}

/* The name of a note as it is kept: clean, one line, cut. */
static struct span
clean_name(const struct contact_notes *notes, const struct note *note,
    struct buf *b)
{
	struct span name = name_of(notes, note);

	if (!is_plain_ascii(name)) {
		buf_reset(b);
		text_clean(b, name);
		name = span_trim(buf_span(b));
	}
	return span_trim(text_cut(name, CONTACT_NAME_MAX));
}

static void
update(struct store_txn *t, const struct contact_notes *notes,
    const struct job *job, struct buf *b)
{
	const struct note *note = job->note;
	struct contact_words old, new;
	struct contact_record r;
	bool is_named;

	if (!contact_load(t, job->id, &r)) {
		txn_corrupt(t, TABLE_CONTACT_OF);
		return;
	}
	/* Two addresses with one hash: the first that came is kept. */
	if (!span_ieq(r.c.addr, addr_of(notes, note)))
		return;
	r.c.received = sum(r.c.received, note->received);
	r.c.sent = sum(r.c.sent, note->sent);
	if (note->last > r.c.last)
		r.c.last = note->last;
	is_named = note->name_n && note->named >= r.named;
	if (is_named) {
		struct span name = clean_name(notes, note, b);

		r.named = note->named;
		is_named = !span_eq(name, r.c.name);
		if (is_named) {
			contact_words_of(&old, r.c.name, r.c.addr);
			contact_words_of(&new, name, r.c.addr);
			r.c.name = name;
		}
	}
	contact_store(t, &r, false);
	if (is_named)
		contact_put_words(t, job->id, &old, &new);
}

static void
add(struct store_txn *t, const struct contact_notes *notes,
    const struct job *job, struct buf *b)
{
	const struct note *note = job->note;
	struct key of = contact_hash_key(job->hash), id;
	struct contact_words words;
	struct contact_record r = {
		.c = {
			.addr = addr_of(notes, note),
			.name = clean_name(notes, note, b),
			.received = note->received,
			.sent = note->sent,
			.last = note->last,
		},
		.named = note->name_n ? note->named : DATE_NONE,
	};

	if (!text_is_clean(r.c.addr))
		return;
	r.c.id = txn_next_number(t, COUNTER_CONTACT);
	id = key_of_u64(r.c.id);
	contact_store(t, &r, true);
	txn_put_late(t, TABLE_CONTACT_OF, &of, key_span(&id));
	contact_words_of(&words, r.c.name, r.c.addr);
	contact_put_words(t, r.c.id, NULL, &words);
}

/*
 * Fills the jobs, before anything is written: a look at contact_of puts what
 * is held back for it.  Of two new addresses with one hash one is kept.
 */
static void
look_up(struct store_txn *t, const struct contact_notes *notes,
    struct job *jobs)
{
	for (size_t i = 0; i < notes->n; i++) {
		jobs[i].note = &notes->notes[i];
		jobs[i].hash = contact_hash(addr_of(notes, jobs[i].note));
	}
	qsort(jobs, notes->n, sizeof *jobs, by_hash);
	for (size_t i = 0; i < notes->n; i++) {
		jobs[i].id = contact_by_hash(t, jobs[i].hash);
		if (jobs[i].id == 0 && i > 0 &&
		    jobs[i].hash == jobs[i - 1].hash)
			jobs[i].note = NULL;
	}
	qsort(jobs, notes->n, sizeof *jobs, by_id);
}

static void
write_notes(struct store_txn *t, const struct contact_notes *notes)
{
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct job jobs[CONTACTS_HELD];

	look_up(t, notes, jobs);
	for (size_t i = 0; i < notes->n && !txn_failed(t); i++) {
		if (!jobs[i].note)
			continue;
		if (jobs[i].id)
			update(t, notes, &jobs[i], &b);
		else
			add(t, notes, &jobs[i], &b);
	}
}

void
contact_flush(struct store_txn *t)
{
	struct txn_handle *h = t->handle;
	struct contact_notes *notes = h ? h->contacts : NULL;

	if (!notes || notes->n == 0)
		return;
	if (!txn_failed(t))
		write_notes(t, notes);
	notes->n = 0;
	memset(notes->slots, 0, sizeof notes->slots);
	buf_reset(&notes->text);
}
