/* SPDX-License-Identifier: MIT */
#include "tests/bench/mailbox.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/account.h"
#include "store/folder.h"

enum { PEOPLE = 4000, DEPTH_MAX = 12, FIRST_DATE = 1200000000, STEP = 400 };

static const char *const given[] = { "Ratna", "Bambang", "Siti", "Farid",
	"Ana", "Dewi", "Agus", "Nurul", "Jean-Luc", "Zoë", "田中", "Ольга",
	"Budi", "Made", "Hendra", "Katharina" };
static const char *const family[] = { "Wijaya", "Sutrisno", "Rahmawati",
	"Haddad", "García Márquez", "Kusumawati", "van der Berg", "宏",
	"Петрова", "Hutapea", "Nugroho", "O'Brien", "Siregar" };
static const char *const words[] = { "jadwal", "rapat", "Senin", "budget",
	"release", "plan", "invoice", "draft", "laporan", "review", "server",
	"question", "about", "kontrak", "baru", "minutes", "travel", "update",
	"proyek", "deadline", "foto", "keluarga", "the", "untuk", "and" };

/* A number that looks like chance, but is always the same. */
static uint32_t
mix(uint32_t i, uint32_t salt)
{
	uint64_t x = ((uint64_t)salt << 32 | i) * UINT64_C(0x9e3779b97f4a7c15);

	x ^= x >> 29;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(x >> 32);
}

static uint32_t
pick(uint32_t i, uint32_t salt, uint32_t below)
{
	return (uint32_t)((uint64_t)mix(i, salt) * below >> 32);
}

/* The message that i answers, or 0. */
static uint32_t
parent_of(uint32_t i)
{
	uint32_t back = 1 + pick(i, 1, 60);

	return pick(i, 2, 10) < 4 && back < i ? i - back : 0;
}

/* Root first, without i; at most DEPTH_MAX. */
static size_t
ancestors(uint32_t i, uint32_t *out)
{
	uint32_t up[DEPTH_MAX];
	size_t n = 0;

	for (uint32_t p = parent_of(i); p && n < DEPTH_MAX; p = parent_of(p))
		up[n++] = p;
	for (size_t k = 0; k < n; k++)
		out[k] = up[n - 1 - k];
	return n;
}

static uint32_t
root_of(uint32_t i)
{
	uint32_t up[DEPTH_MAX];

	return ancestors(i, up) ? up[0] : i;
}

static struct span
id_of(uint32_t i, struct arena *arena)
{
	return span_of(arena_printf(arena, "%08x.%u.%08x@mail%u.kantor.example",
	    mix(i, 3), i, mix(i, 4), pick(i, 5, 40)));
}

static struct address
person(uint32_t who, struct arena *arena)
{
	const char *a = given[pick(who, 6, ARRAY_LEN(given))];
	const char *b = family[pick(who, 7, ARRAY_LEN(family))];

	return (struct address){
		span_of(arena_printf(arena, "%s %s", a, b)),
		span_of(arena_printf(arena, "person%u@kantor%u.example", who,
		    who % 300)),
	};
}

static struct span
sentence(uint32_t i, uint32_t salt, size_t n, struct arena *arena)
{
	char *s = arena_alloc(arena, 16 * n + 32);
	size_t at = 0;

	for (size_t k = 0; k < n; k++)
		at += (size_t)snprintf(s + at, 16, "%s%s", k ? " " : "",
		    words[pick(i, salt + (uint32_t)k, ARRAY_LEN(words))]);
	return (struct span){ s, at };
}

static const char *
subject_of(uint32_t i, struct arena *arena)
{
	uint32_t root = root_of(i);
	struct span text = sentence(root, 20, 3 + pick(root, 8, 4), arena);

	return arena_printf(arena, "%s%.*s %u", root == i ? "" : "Re: ",
	    SPAN_ARG(text), root);
}

static void
fill_envelope(struct envelope *e, uint32_t i, bool is_sent,
    struct arena *arena)
{
	struct address *from = arena_array(arena, 1, sizeof *from);
	struct address *to = arena_array(arena, 3, sizeof *to);
	uint32_t up[DEPTH_MAX];
	struct address me = { SPAN("Budi Santoso"),
		SPAN("budi@kantor.example") };
	struct address other = person(pick(i, 9, 4) ? pick(i, 10, 200)
	    : pick(i, 10, PEOPLE), arena);

	*from = is_sent ? me : other;
	to[0] = is_sent ? other : me;
	to[1] = person(pick(i, 11, PEOPLE), arena);
	*e = (struct envelope){
		.date = FIRST_DATE + (int64_t)i * STEP + pick(i, 12, STEP),
		.subject = span_of(subject_of(i, arena)),
		.from = { from, 1 },
		.to = { to, pick(i, 13, 3) ? 1 : 2 },
		.message_id = id_of(i, arena),
		.nreferences = ancestors(i, up),
		.has_attachment = pick(i, 14, 8) == 0,
	};
	e->references = arena_array(arena, e->nreferences,
	    sizeof *e->references);
	for (size_t k = 0; k < e->nreferences; k++)
		e->references[k] = id_of(up[k], arena);
	if (e->nreferences)
		e->in_reply_to = e->references[e->nreferences - 1];
}

void
mailbox_message(struct mailbox *box, uint32_t i, struct arena *arena,
    struct message_new *out)
{
	struct envelope *e = arena_alloc(arena, sizeof *e);
	uint32_t root = root_of(i), account = pick(root, 15, MAILBOX_ACCOUNTS);
	bool is_sent = root != i && pick(i, 16, 4) == 0;
	bool is_list = !is_sent && pick(root, 17, 4) == 0;
	size_t folder = is_sent ? 1 : is_list ? 2 : 0;
	uint32_t flags = is_sent || pick(i, 18, 30) ? FLAG_SEEN : 0;

	fill_envelope(e, i, is_sent, arena);
	*out = (struct message_new){
		.folder = box->folders[account][folder],
		.flags = flags | (pick(i, 19, 80) ? 0 : FLAG_FLAGGED),
		.arrived = e->date + 2,
		.size = 1000 + pick(i, 40, 9000),
		.envelope = e,
		.snippet = sentence(i, 50, 14, arena),
	};
	if (account < 3)
		out->uid.v = ++box->uids[account][folder];
	else if (!is_sent)
		out->uidl = span_of(arena_printf(arena, "%08x%08x", mix(i, 41),
		    mix(i, 42)));
}

static uint32_t
make_folder(struct store_txn *t, uint32_t account, bool is_local,
    const char *name, enum folder_role role)
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

	return store_folder_put(t, &f);
}

void
mailbox_make(struct mailbox *box, struct store *store)
{
	static const char *const names[] = { "kerja", "kampus", "klub",
		"rumah", "arsip" };
	struct store_txn t;
	struct error e = { 0 };

	*box = (struct mailbox){ .store = store };
	store_write(store, &t);
	for (uint32_t i = 0; i < MAILBOX_ACCOUNTS; i++) {
		struct account a = {
			.name = span_of(names[i]),
			.full_name = SPAN("Budi Santoso"),
			.address = SPAN("budi@kantor.example"),
			.kind = i < 3 ? ACCOUNT_IMAP : ACCOUNT_POP3,
			.keep = i < 3 ? KEEP_LIVE : KEEP_OFFLINE,
			.order = i,
		};
		uint32_t id = store_account_put(&t, &a);

		box->folders[i][0] = make_folder(&t, id, i >= 3, "INBOX",
		    FOLDER_INBOX);
		box->folders[i][1] = make_folder(&t, id, i >= 3, "Sent",
		    FOLDER_SENT);
		box->folders[i][2] = make_folder(&t, id, i >= 3, "Lists",
		    FOLDER_NONE);
	}
	if (store_commit(&t, &e) == ERR_OK)
		return;
	fprintf(stderr, "mailbox: %s\n", e.text);
	exit(1);
}

void
mailbox_fill(struct mailbox *box, uint32_t n)
{
	for (uint32_t i = 1; i <= n; ) {
		struct store_txn t;
		struct error e = { 0 };

		store_write(box->store, &t);
		for (; i <= n && !store_write_is_long(&t); i++) {
			CLEANUP(arena_fini) struct arena arena = { 0 };
			struct message_new m;

			mailbox_message(box, i, &arena, &m);
			store_message_add(&t, &m);
		}
		if (store_commit(&t, &e) == ERR_OK)
			continue;
		fprintf(stderr, "mailbox: %s\n", e.text);
		exit(1);
	}
}
