/* SPDX-License-Identifier: MIT */
/* Rows, and what belongs to a message. */
#include "base/bug.h"
#include "base/cleanup.h"
#include "store/body_piece.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/counts.h"
#include "store/folder_record.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/rebuild_job.h"
#include "store/thread.h"

/* Rows whose folder cannot be read are kept in one of that number. */
static void
find_folder(struct rebuild_job *job, struct message *m, uint32_t folder)
{
	struct counts counts;

	if (!counts_get(&job->to, folder, &counts)) {
		rebuild_lose(job, TABLE_FOLDERS, folder, "it is missing; "
		    "its messages are in a folder \"Recovered\"");
		folder_restore(&job->to, folder, m->account);
		return;
	}
	if (counts.account != m->account)
		rebuild_lose(job, TABLE_ROWS, m->id, "its folder is of "
		    "another account");
	m->account = counts.account;
}

static bool
is_damaged(const struct rebuild *r, uint64_t body)
{
	size_t low = 0, high = r->ndamaged;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->damaged[middle] == body)
			return true;
		if (r->damaged[middle] < body)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* A letter that is lost is fetched again where a server has it. */
static void
find_body(struct rebuild_job *job, struct message *m)
{
	bool is_there = m->uid.v || m->is_unbound;	/* on the server */
	const char *what = NULL;

	if (m->body == 0)
		return;
	if (!rebuild_has_body(job, m->body))
		what = is_there ? "its letter is missing and will be fetched "
		    "again" : "its letter is missing";
	else if (is_damaged(job->r, m->body))
		what = is_there ? "its letter is damaged and will be fetched "
		    "again" : "its letter is damaged; what can be read of it "
		    "stays";
	if (!what)
		return;
	rebuild_lose(job, TABLE_ROWS, m->id, what);
	if (!is_there && rebuild_has_body(job, m->body))
		return;
	m->body = 0;
	m->body_state = BODY_NONE;
}

static bool
has_twin(struct rebuild_job *job, const struct message *m)
{
	if (!m->uid.v || !store_message_by_uid(&job->to,
	    m->server_folder, m->uid))
		return false;
	rebuild_lose(job, TABLE_ROWS, m->id, "its folder has that UID already");
	return true;
}

void
rebuild_row(struct rebuild_job *job, struct span stored, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct row row = { .m = { 0 } };
	struct message *m = &row.m;
	struct shown server;
	struct record r;
	struct key key;

	if (!rebuild_open(job, TABLE_ROWS, stored, value, &key, &r))
		return;
	if (!job->r->format->row(&r, &row) || !record_is_done(&r)) {
		rebuild_lose(job, TABLE_ROWS, rebuild_id(&key), "it says what "
		    "cannot be");
		return;
	}
	m->id = rebuild_id(&key);
	find_folder(job, m, m->server_folder);
	find_body(job, m);
	if (has_twin(job, m))
		return;
	row_server(&row, &server);
	row_fold(&job->to, &row, &server, &arena);
	if (m->folder && m->folder != m->server_folder)
		find_folder(job, m, m->folder);
	if (job->r->format->note)
		job->r->format->note(&job->to, &row);
	m->thread = job->r->format->thread(&job->from, &row);
	row_add(&job->to, &row);
}

/* Ids that were only heard of: whoever has one joins that thread. */
void
rebuild_heard(struct rebuild_job *job, struct span stored, struct span value)
{
	struct key key = { 0 }, at = { 0 }, thread;
	struct span k, found, has;
	uint64_t hash;

	if (!job->r->format->key(TABLE_MESSAGE_IDS, stored, &key))
		return;
	k = key_span(&key);
	hash = key_take_hash(&k);
	if (key_take_u32(&k) != 0 || key_take_u64(&k) != 0)
		return;
	key_hash(&at, hash);
	if (txn_seek(&job->to, TABLE_MESSAGE_IDS, &at, &found, &has) &&
	    key_take_hash(&found) == hash)
		return;
	thread = key_of_u64(thread_find(&job->to,
	    job->r->format->message(&value)));
	txn_put(&job->to, TABLE_MESSAGE_IDS, &key, key_span(&thread));
}

/* The row that a record is of; false: there is none, which is told. */
static bool
find_row(struct rebuild_job *job, enum table table, uint64_t id,
    struct row *row)
{
	if (row_get(&job->to, id, row))
		return true;
	rebuild_lose(job, table, id, "of a message that is not there");
	return false;
}

void
rebuild_part(struct rebuild_job *job, struct span stored, struct span value)
{
	struct part part = { .body = 0 };
	struct span section;
	struct record r;
	struct key key;
	struct row row;
	uint64_t id;

	if (!rebuild_open(job, TABLE_PARTS, stored, value, &key, &r))
		return;
	section = key_span(&key);
	id = key_take_u64(&section);
	part.section = section;
	part.body = record_u64(&r);
	part.size = record_u64(&r);
	if (!find_row(job, TABLE_PARTS, id, &row))
		return;
	if (!record_is_done(&r) || row.m.body_state != BODY_PART ||
	    !rebuild_has_body(job, part.body) ||
	    is_damaged(job->r, part.body)) {
		rebuild_lose(job, TABLE_PARTS, id, "its text is missing");
		return;
	}
	part_write(&job->to, id, row.m.account, &part);
}

/* The stamp of a body that is lost went with it. */
void
rebuild_read(struct rebuild_job *job, struct span stored, struct span value)
{
	struct body_read read;
	struct record r;
	struct key key;
	struct row row;

	if (!rebuild_open(job, TABLE_READS, stored, value, &key, &r))
		return;
	read.account = record_u32(&r);
	read.when = record_i64(&r);
	if (!record_is_done(&r) ||
	    !row_get(&job->to, rebuild_id(&key), &row) ||
	    row.m.body_state == BODY_NONE)
		return;
	read.account = row.m.account;
	body_read_put(&job->to, rebuild_id(&key), read);
}

void
rebuild_kept(struct rebuild_job *job, struct span stored, struct span value)
{
	struct key key = { 0 };
	struct row row;

	(void)value;
	if (job->r->format->key(TABLE_KEPT, stored, &key) &&
	    find_row(job, TABLE_KEPT, rebuild_id(&key), &row))
		txn_put(&job->to, TABLE_KEPT, &key, (struct span){ "", 0 });
}

/* Letters that nobody names any more are collected some day. */
void
rebuild_unused(struct rebuild_job *job, struct span stored, struct span value)
{
	uint64_t body = key_take_fixed64(&stored);
	struct key key = key_of_u64(body);

	(void)value;
	if (!body_is_used(&job->to, body))
		txn_put(&job->to, TABLE_BODY_UNUSED, &key,
		    (struct span){ "", 0 });
}
