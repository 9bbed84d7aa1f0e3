/* SPDX-License-Identifier: MIT */
/*
 * store_check: one reader over everything, so that what is compared is of
 * one instant.
 */
#include "store/check.h"

#include "base/bug.h"
#include "store/body_check.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/pages.h"

bool
check_is_over(const struct check *c)
{
	return txn_failed(&c->t) || txn_failed(&c->bodies) ||
	    c->nfindings >= STORE_FINDINGS_MAX;
}

static void
tell(struct check *c, const struct store_finding *f)
{
	if (c->nfindings >= STORE_FINDINGS_MAX)
		return;
	if (c->nfindings++ == 0)
		error_set(&c->first, ERR_CORRUPT, "the mail store is damaged: "
		    "%s %llu: %s%s", f->table, (unsigned long long)f->id,
		    f->what, f->is_final ? ""
		    : "; run `surat store check --repair`");
	if (c->to)
		c->to->each(c->to->ctx, f);
}

void
check_bad(struct check *c, enum table table, uint64_t id, const char *what)
{
	const struct store_finding f = { tables[table].name, id, what, false };

	tell(c, &f);
}

static void
settle(struct check *c, struct store_txn *t, enum table table, uint64_t id)
{
	if (t->error.kind != ERR_CORRUPT)
		return;
	t->error = (struct error){ 0 };
	check_bad(c, table, id, "it cannot be read");
}

void
check_settle(struct check *c, enum table table, uint64_t id)
{
	settle(c, &c->t, table, id);
	settle(c, &c->bodies, table, id);
}

static uint64_t
number_of(enum table table, struct span key)
{
	return tables[table].env == ENV_INDEX ? key_take_u64(&key)
	    : key_take_fixed64(&key);
}

void
check_each(struct check *c, enum table table, check_look *look)
{
	struct store_txn *t = tables[table].env == ENV_INDEX ? &c->t
	    : &c->bodies;
	struct key at = { 0 };
	struct span key, value;

	while (!check_is_over(c) && txn_seek(t, table, &at, &key, &value)) {
		/* The next possible key: this one with an octet of zero. */
		at.n = 0;
		key_bytes(&at, span_take(&key, KEY_MAX - 1));
		look(c, key_span(&at), value);
		check_settle(c, table, number_of(table, key_span(&at)));
		key_u8(&at, 0);
	}
}

void
check_call_for(struct check *c, enum table table, const struct key *key,
    const struct span *value, uint64_t id)
{
	struct span found;

	c->called_for[table]++;
	if (!txn_get(&c->t, table, key, &found) ||
	    (value && !span_eq(found, *value)))
		check_bad(c, table, id, "missing, or not what the record says");
}

void
check_call_for_body(struct check *c, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id)
{
	struct key key = body_key(body), octets;
	struct key use = body_use_key(body, account, user, id);
	struct span value;

	if (body == 0)
		return;
	octets = key_of_u64(body_octets(&c->bodies, body));
	value = key_span(&octets);
	check_call_for(c, TABLE_BODY_USES, &use, &value, id);
	if (!txn_has(&c->bodies, TABLE_BODIES, &key))
		check_bad(c, TABLE_BODIES, body, "a letter is named but not "
		    "there");
}

static void
check_sizes(struct check *c)
{
	static const enum table followers[] = {
		TABLE_FOLDER_NAMES, TABLE_COUNTS, TABLE_BY_DATE, TABLE_UNREAD,
		TABLE_FLAGGED, TABLE_BY_SENDER, TABLE_BY_SUBJECT,
		TABLE_BY_SIZE, TABLE_BY_UID, TABLE_UID_RANGES, TABLE_UNBOUND,
		TABLE_MESSAGE_IDS, TABLE_THREAD_MEMBERS, TABLE_THREADS,
		TABLE_SUBJECTS, TABLE_BODY_USES, TABLE_READS, TABLE_BY_READ,
		TABLE_ACTS_OPEN, TABLE_ACTS_CLOSED, TABLE_ACTS_OF,
		TABLE_FOLDER_ACTS,
		TABLE_WANT_OF, TABLE_CONTACT_OF, TABLE_CONTACT_WORDS,
	};

	for (size_t i = 0; i < ARRAY_LEN(followers); i++) {
		enum table table = followers[i];
		uint64_t n = txn_count(&c->t, table);

		if (n > c->called_for[table])
			check_bad(c, table, n, "more entries than the records "
			    "call for");
		else if (n < c->called_for[table])
			check_bad(c, table, n, "fewer entries than the "
			    "records call for");
	}
}

static void
bad_letter(void *ctx, uint64_t id, const char *what, bool may_mend)
{
	struct store_finding f = { tables[TABLE_BODIES].name, id, what, false };
	struct check *c = ctx;

	if (!may_mend && body_is_last_copy(&c->t, id)) {
		f.is_final = true;
		f.what = "the letter is damaged, and no server has it: it "
		    "cannot be repaired";
	}
	check_settle(c, TABLE_BODY_USES, id);
	tell(c, &f);
}

/* All but the bytes of the letters. */
static void
check_records(struct check *c)
{
	check_rest(c);
	check_rows(c);
	check_threads(c);
	if (!check_is_over(c))
		check_sizes(c);
}

static void
check_all(struct check *c)
{
	check_records(c);
	if (!check_is_over(c))
		body_check(&c->bodies, c->progress, bad_letter, c);
}

static enum err
run(struct check *c, struct store *store, void (*look)(struct check *c),
    struct error *e)
{
	const struct error *failure = &c->first;
	struct store_txn lock;

	/* Nobody collects bodies between the two looks. */
	if (store_write(store, &lock) == ERR_OK &&
	    store_read(store, &c->t) == ERR_OK)
		txn_begin(store, ENV_BODIES, false, &c->bodies);
	store_end(&lock);
	if (txn_failed(&lock))
		c->t.error = lock.error;
	if (!check_is_over(c))
		look(c);
	store_end(&c->bodies);
	store_end(&c->t);
	if (txn_failed(&c->t))
		failure = &c->t.error;
	else if (txn_failed(&c->bodies))
		failure = &c->bodies.error;
	if (failure->kind && e)
		*e = *failure;
	return failure->kind;
}

enum err
store_check_each(struct store *store, const struct store_findings *to,
    const struct store_progress *progress, uint64_t *checked,
    struct error *e)
{
	struct check c = { .to = to, .progress = progress };
	/* Only trees that are whole can be walked to their end. */
	enum err err = store_check_pages(store, progress, e);

	if (err == ERR_OK)
		err = run(&c, store, check_all, e);
	*checked = c.rows;
	return err;
}

enum err
check_index(struct store *store, const struct store_progress *progress,
    uint64_t *rows, struct error *e)
{
	struct check c = { .progress = progress };
	enum err err = run(&c, store, check_records, e);

	*rows = c.rows;
	return err;
}

enum err
store_check(struct store *store, uint64_t *checked, struct error *e)
{
	return store_check_each(store, NULL, NULL, checked, e);
}
