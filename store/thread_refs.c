/* SPDX-License-Identifier: MIT */
/*
 * What a row keeps of the ids in a letter's header: hashes, so that threads
 * can be made again from the rows alone.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/subject.h"
#include "base/text.h"
#include "store/thread.h"

uint64_t
thread_id_hash(struct span message_id)
{
	return message_id.n ? key_hash64(message_id) : 0;
}

static struct span
put_hash(char to[8], uint64_t hash)
{
	struct key key = { 0 };

	key_hash(&key, hash);
	memcpy(to, key.p, 8);
	return (struct span){ to, 8 };
}

/* Of too many, the first third and the last ones tell the most. */
static size_t
skip_middle(size_t i, size_t n)
{
	enum { HEAD = ROW_REFERENCES_MAX / 3 };

	if (n <= ROW_REFERENCES_MAX || i < HEAD)
		return i;
	return i + n - ROW_REFERENCES_MAX;
}

/* The case of an address does not matter. */
static void
put_address(struct buf *b, struct span addr)
{
	char *to = buf_room(b, addr.n + 1);

	if (!to)
		return;
	for (size_t i = 0; i < addr.n; i++) {
		char c = addr.p[i];

		to[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	to[addr.n] = '\0';
	buf_grew(b, addr.n + 1);
}

/*
 * The hash of base subject and participants, which are the same two in a
 * letter and its answer; its last bit says whether it answers, which a
 * letter that is only forwarded does not.  0: a letter that nothing is joined
 * with by its subject.
 */
static uint64_t
subject_hash(const struct message *m, struct span to)
{
	CLEANUP(buf_fini) struct buf all = { 0 };
	CLEANUP(buf_fini) struct buf other = { 0 };
	bool is_reply;

	if (m->from_addr.n == 0 || to.n == 0)
		return 0;
	put_address(&all, m->from_addr);
	put_address(&other, to);
	if (span_cmp(buf_span(&all), buf_span(&other)) > 0) {
		struct buf larger = all;

		all = other;
		other = larger;
	}
	buf_put(&all, buf_span(&other));
	buf_reset(&other);
	is_reply = subject_base(&other, m->subject);
	if (other.n == 0)
		return 0;
	buf_put(&all, buf_span(&other));
	return (key_hash64(buf_span(&all)) & ~(uint64_t)SUBJECT_IS_REPLY) |
	    (is_reply ? SUBJECT_IS_REPLY : 0);
}

void
thread_refs_make(struct thread_refs *refs, const struct envelope *e,
    uint64_t server_thread, struct row *row)
{
	struct span to = { 0 };
	size_t n = e->nreferences;
	uint64_t subject = 0;

	bug_on(n > ENVELOPE_REFERENCES_MAX);
	if (n > ROW_REFERENCES_MAX)
		n = ROW_REFERENCES_MAX;
	for (size_t i = 0; i < n; i++)
		put_hash(&refs->references[8 * i], thread_id_hash(
		    e->references[skip_middle(i, e->nreferences)]));
	if (n == 0 && e->in_reply_to.n)
		put_hash(&refs->references[8 * n++],
		    thread_id_hash(e->in_reply_to));
	row->references = (struct span){ refs->references, 8 * n };
	if (server_thread)
		row->server_thread = put_hash(refs->server_thread,
		    server_thread);
	if (e->to.n)
		to = text_cut(e->to.list[0].addr, ROW_TEXT_MAX);
	if (n == 0 && !server_thread)
		subject = subject_hash(&row->m, to);
	if (subject)
		row->subject_id = put_hash(refs->subject_id, subject);
}

/* A name within an account; no Message-ID has a NUL. */
static uint64_t
server_thread_hash(const struct row *row)
{
	struct key name = { 0 };

	key_bytes(&name, SPAN_LIT("thread\0"));
	key_u32(&name, row->m.account);
	key_bytes(&name, row->server_thread);
	return key_hash64(key_span(&name));
}

size_t
thread_ref_hashes(const struct row *row, uint64_t out[ROW_REFERENCES_MAX])
{
	struct span rest = row->references;
	size_t n = 0;

	if (row->server_thread.n) {
		out[0] = server_thread_hash(row);
		return 1;
	}
	while (rest.n) {
		out[n] = key_take_hash(&rest);
		n += out[n] != 0;
	}
	return n;
}

bool
thread_answers(const struct row *row)
{
	struct span id = row->subject_id;

	return (key_take_hash(&id) & SUBJECT_IS_REPLY) != 0;
}

struct key
thread_subject_key(const struct row *row)
{
	struct key key = { 0 };

	if (row->subject_id.n == 0 || !thread_answers(row))
		return key;
	key_bytes(&key, row->subject_id);
	key_date(&key, row->m.date);
	key_u64(&key, row->m.id);
	return key;
}
