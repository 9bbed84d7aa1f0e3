/* SPDX-License-Identifier: MIT */
/* Addresses completed from the letters of a real store. */
#include "ui/compose_contact.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "mail/header.h"
#include "tests/ui/letter_store.h"

enum { NOW = 1795340460 };

static void
completion_fini(struct completion *c)
{
	arena_fini(&c->arena);
}

/* A letter from somebody makes a contact. */
static void
add_from(struct letter_store *s, uint32_t uid, const char *name,
    const char *addr)
{
	struct address from = { span_of(name), span_of(addr) };
	struct envelope envelope = { .date = NOW, .from = { &from, 1 } };
	struct message_new m = { .folder = s->inbox, .uid = { uid },
		.arrived = NOW, .size = 1000, .envelope = &envelope };
	struct store_txn t;

	cr_assert_eq(store_write(s->store, &t), ERR_OK);
	store_message_add(&t, &m);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
}

/* The best one behind what stays of the line; the line when there is none. */
static const char *
completed(struct letter_store *s, const char *line)
{
	CLEANUP(completion_fini) struct completion found = { .n = 0 };
	static char text[512];

	compose_contact_complete(s->store, span_of(line), &found);
	if (found.n == 0)
		snprintf(text, sizeof text, "%s", line);
	else
		snprintf(text, sizeof text, "%.*s%.*s", (int)found.from, line,
		    SPAN_ARG(found.candidates[0]));
	return text;
}

Test(compose_contact, completes_what_stands_behind_the_last_comma)
{
	static const struct {
		const char *line, *completed;
	} cases[] = {
		{ "rat", "Ratna Wijaya <ratna@kantor.example>" },
		{ "WIJ rat", "Ratna Wijaya <ratna@kantor.example>" },
		{ "ratna@ka", "Ratna Wijaya <ratna@kantor.example>" },
		{ "a@x.example, rat",
		    "a@x.example, Ratna Wijaya <ratna@kantor.example>" },
		{ "a@x.example,rat",
		    "a@x.example,Ratna Wijaya <ratna@kantor.example>" },
		{ "Ratna W <ratna@kan",
		    "Ratna Wijaya <ratna@kantor.example>" },
		{ "Wijaya <ratna@kantor.example>",
		    "Ratna Wijaya <ratna@kantor.example>" },
		{ "\"Hadi, S\" <h@x.example>, rat",
		    "\"Hadi, S\" <h@x.example>, "
		    "Ratna Wijaya <ratna@kantor.example>" },
		{ "toko", "\"Toko \\\"Senja\\\", Solo\" <toko@senja.example>" },
		/* As it stands when such a name is begun anew. */
		{ "\"Toko \\\"Senja\\\", So",
		    "\"Toko \\\"Senja\\\", Solo\" <toko@senja.example>" },
		{ "polos", "polos@x.example" },
		{ "", "" }, { "rat,", "rat," }, { "rat, ", "rat, " },
		{ "nobody", "nobody" }, { "rat nobody", "rat nobody" },
		{ "\"\\", "\"\\" },
	};
	CLEANUP(letter_store_close) struct letter_store s;

	letter_store_open(&s);
	add_from(&s, 20, "Toko \"Senja\", Solo", "toko@senja.example");
	add_from(&s, 21, "", "polos@x.example");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_str_eq(completed(&s, cases[i].line),
		    cases[i].completed, "%s", cases[i].line);
}

Test(compose_contact, writes_what_is_read_as_the_same_address)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct addresses read;

	letter_store_open(&s);
	add_from(&s, 20, "Toko \"Senja\", Solo", "toko@senja.example");
	read = header_decode_addresses(span_of(completed(&s, "rat@x.example, "
	    "toko")), &arena);
	cr_assert_eq(read.n, 2);
	cr_expect(span_eq(read.list[1].name,
	    SPAN_LIT("Toko \"Senja\", Solo")));
	cr_expect(span_eq(read.list[1].addr, SPAN_LIT("toko@senja.example")));
}

Test(compose_contact, tells_of_a_few_and_that_there_are_more)
{
	CLEANUP(letter_store_close) struct letter_store s;
	CLEANUP(completion_fini) struct completion all = { .n = 0 };
	CLEANUP(completion_fini) struct completion many = { .n = 0 };
	char addr[32];

	letter_store_open(&s);
	for (uint32_t i = 0; i <= COMPOSE_CONTACTS_MAX; i++) {
		if (i == COMPOSE_CONTACTS_MAX)
			compose_contact_complete(s.store, SPAN_LIT("murid"),
			    &all);
		snprintf(addr, sizeof addr, "murid.%u@x.example", i);
		add_from(&s, 20 + i, "", addr);
	}
	cr_expect_eq(all.n, (size_t)COMPOSE_CONTACTS_MAX);
	cr_expect(!all.has_more);
	compose_contact_complete(s.store, SPAN_LIT("murid"), &many);
	cr_expect_eq(many.n, (size_t)COMPOSE_CONTACTS_MAX);
	cr_expect(many.has_more);
}
