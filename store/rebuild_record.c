/* SPDX-License-Identifier: MIT */
/*
 * What becomes of each record.  Those that are only copied get a new head,
 * as the checksum is over the key as well, and are read once by who reads
 * them every day before they count as taken over.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "store/account.h"
#include "store/act_record.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/contact_record.h"
#include "store/folder_record.h"
#include "store/readable.h"
#include "store/rebuild_job.h"
#include "store/uidl_row.h"
#include "store/want.h"

void
rebuild_lose(struct rebuild_job *job, enum table table, uint64_t id,
    const char *what)
{
	const struct store_findings *found = job->r->found;
	struct store_finding f = { tables[table].name, id, what, false };

	if (!found) {
		txn_fail(&job->to, ERR_CORRUPT, "the mail store is damaged: "
		    "%s %llu: %s; run `surat store check --repair`", f.table,
		    (unsigned long long)id, what);
		return;
	}
	job->lost++;
	log_warning("store", "repair: %s %llu: %s", f.table,
	    (unsigned long long)id, what);
	found->each(found->ctx, &f);
}

uint64_t
rebuild_id(const struct key *key)
{
	struct span k = key_span(key);

	return key_take_u64(&k);
}

bool
rebuild_open(struct rebuild_job *job, enum table table, struct span stored,
    struct span value, struct key *key, struct record *r)
{
	*key = (struct key){ 0 };
	if (!job->r->format->key(table, stored, key)) {
		rebuild_lose(job, table, 0, "its key is none");
		return false;
	}
	if (record_open(r, table, stored, value) && r->version == RECORD_V1)
		return true;
	rebuild_lose(job, table, rebuild_id(key), "it cannot be read");
	return false;
}

/* Content as it is.  False when it is left out. */
static bool
copy_record(struct rebuild_job *job, enum table table, struct span stored,
    struct span value, struct key *key)
{
	struct record r;

	if (!rebuild_open(job, table, stored, value, key, &r))
		return false;
	buf_put(txn_record(&job->to), r.left);
	txn_put_record(&job->to, table, key);
	if (readable(&job->to, table, key))
		return !txn_failed(&job->to);
	txn_del(&job->to, table, key);
	rebuild_lose(job, table, rebuild_id(key), "it says what cannot be");
	return false;
}

static void
put_folder(struct rebuild_job *job, struct span key, struct span value)
{
	struct key now;

	if (copy_record(job, TABLE_FOLDERS, key, value, &now))
		folder_index(&job->to, (uint32_t)rebuild_id(&now));
}

bool
rebuild_has_body(struct rebuild_job *job, uint64_t body)
{
	struct key key = body_key(body);
	struct span value;
	struct record r;

	return txn_get(&job->bodies, TABLE_BODIES, &key, &value) &&
	    record_open(&r, TABLE_BODIES, key_span(&key), value);
}

static void
put_act(struct rebuild_job *job, struct span key, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key now;
	struct act a;

	if (!copy_record(job, TABLE_ACTS, key, value, &now) ||
	    !act_load(&job->to, rebuild_id(&now), &arena, &a))
		return;
	act_copy(&arena, &a);
	if (a.body && !rebuild_has_body(job, a.body)) {
		rebuild_lose(job, TABLE_ACTS, a.id, "its letter is missing");
		a.body = 0;
		if (act_is_open(a.state)) {
			a.state = ACT_FAILED;
			a.answer = SPAN_LIT("the letter is missing in the mail "
			    "store");
		}
	}
	body_use(&job->to, a.body, a.account, BODY_USER_ACT, a.id);
	act_restore(&job->to, &a);
}

/* One that is of a message that is not there is of one that was removed. */
static void
put_uidl(struct rebuild_job *job, struct span stored, struct span value)
{
	struct key key, message;
	struct span uidl;
	uint32_t account;
	struct uidl u;

	if (!copy_record(job, TABLE_UIDLS, stored, value, &key))
		return;
	uidl = key_span(&key);
	account = key_take_u32(&uidl);
	if (!store_uidl_get(&job->to, account, uidl, &u) || u.message == 0)
		return;
	message = key_of_u64(u.message);
	if (!txn_has(&job->to, TABLE_ROWS, &message))
		uidl_forget(&job->to, &key, u.message);
}

static void
put_contact(struct rebuild_job *job, struct span stored, struct span value)
{
	struct contact_words words;
	struct contact_record c;
	struct key key, hash;

	if (!copy_record(job, TABLE_CONTACTS, stored, value, &key) ||
	    !contact_load(&job->to, rebuild_id(&key), &c))
		return;
	contact_words_of(&words, c.c.name, c.c.addr);
	hash = contact_hash_key(contact_hash(c.c.addr));
	txn_put(&job->to, TABLE_CONTACT_OF, &hash, key_span(&key));
	contact_put_words(&job->to, rebuild_id(&key), NULL, &words);
}

static void
put_want(struct rebuild_job *job, struct span stored, struct span value)
{
	struct key message = key_of_u64(job->r->format->message(&value));
	struct key key = { 0 }, want = message;

	/* Nobody misses a wish: all of them end with the next start. */
	if (!job->r->format->key(TABLE_WANTS, stored, &key) ||
	    !txn_has(&job->to, TABLE_ROWS, &message) ||
	    value.n > STORE_WANT_SECTION_MAX)
		return;
	key_bytes(&want, value);	/* the section */
	txn_put(&job->to, TABLE_WANTS, &key, key_span(&want));
	txn_put(&job->to, TABLE_WANT_OF, &want, key_span(&key));
}

/* The table whose keys are numbers of the counter; META: there is none. */
static enum table
numbered_by(enum counter counter)
{
	switch (counter) {
	case COUNTER_ACCOUNT:
		return TABLE_ACCOUNTS;
	case COUNTER_FOLDER:
		return TABLE_FOLDERS;
	case COUNTER_MESSAGE:
		return TABLE_ROWS;
	case COUNTER_ACT:
		return TABLE_ACTS;
	case COUNTER_CHANGE:
		return TABLE_CHANGES;
	case COUNTER_UNDO:
		return TABLE_UNDO;
	case COUNTER_CONTACT:
		return TABLE_CONTACTS;
	case COUNTER_WISH:
	case COUNTER_BODY:
	case COUNTER_COUNT:
		break;
	}
	return TABLE_META;
}

static uint64_t
highest_key(struct store_txn *t, enum table table)
{
	struct key end = { 0 };
	struct span key, value;

	return table != TABLE_META &&
	    txn_seek_before(t, table, &end, &key, &value)
	    ? key_take_u64(&key) : 0;
}

/*
 * A counter that cannot be read leaves a gap behind what there is: others
 * may still name numbers whose records went.
 */
static uint64_t
last_given(struct rebuild_job *job, enum counter counter)
{
	enum { GAP = 1 << 20 };
	struct key key = txn_counter_key(counter);
	uint64_t last = 0, there = highest_key(&job->to, numbered_by(counter));
	struct span value;
	struct record r;

	if (!txn_get(&job->from, TABLE_META, &key, &value))
		return there;
	if (record_open(&r, TABLE_META, key_span(&key), value))
		last = record_u64(&r);
	if (record_is_done(&r))
		return last > there ? last : there;
	rebuild_lose(job, TABLE_META, counter, "the counter cannot be read");
	return there + GAP;
}

void
rebuild_counters(struct rebuild_job *job)
{
	for (unsigned i = 1; i < COUNTER_COUNT; i++)
		if (i != COUNTER_BODY)
			txn_raise_number(&job->to, i, last_given(job, i));
}

/* Where nothing is said, the record is copied and nothing follows. */
const struct rebuild_step rebuild_steps[] = {
	{ TABLE_ACCOUNTS, NULL },
	{ TABLE_ACCOUNT_STATES, NULL },
	{ TABLE_GROUPS, NULL },
	{ TABLE_FOLDERS, put_folder },
	{ TABLE_ACTS, put_act },
	{ TABLE_ROWS, rebuild_row },
	{ TABLE_MESSAGE_IDS, rebuild_heard },
	{ TABLE_PARTS, rebuild_part },
	{ TABLE_READS, rebuild_read },
	{ TABLE_KEPT, rebuild_kept },
	{ TABLE_UIDLS, put_uidl },
	{ TABLE_UNDO, NULL },
	{ TABLE_WANTS, put_want },
	{ TABLE_CHANGES, NULL },
	{ TABLE_CONTACTS, put_contact },
	{ TABLE_BODIES, rebuild_unused },
};
const size_t rebuild_nsteps = ARRAY_LEN(rebuild_steps);

void
rebuild_put(struct rebuild_job *job, size_t step, struct span key,
    struct span value)
{
	struct key now;

	if (rebuild_steps[step].put)
		rebuild_steps[step].put(job, key, value);
	else
		copy_record(job, rebuild_steps[step].table, key, value, &now);
}
