/* SPDX-License-Identifier: MIT */
#include "ui/compose_contact.h"

#include "base/cleanup.h"
#include "mail/header.h"
#include "store/contact.h"

/*
 * Where the last address of the line begins.  A comma in "..." is of a name,
 * also when the closing quote is yet to be typed.
 */
static size_t
last_address(struct span line)
{
	bool is_quoted = false;
	size_t from = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (is_quoted && line.p[i] == '\\')
			i++;
		else if (line.p[i] == '"')
			is_quoted = !is_quoted;
		else if (line.p[i] == ',' && !is_quoted)
			from = i + 1;
	}
	while (from < line.n && line.p[from] == ' ')
		from++;
	return from;
}

/* The words of an address without the signs that it is written with. */
static struct span
words_of(struct span typed, struct arena *arena)
{
	char *words = arena_str(arena, typed);

	for (size_t i = 0; i < typed.n; i++)
		if (words[i] && strchr("\"\\<>(),", words[i]))
			words[i] = ' ';
	return (struct span){ words, typed.n };
}

static struct span
written(const struct contact *c, struct arena *arena)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct address address = { c->name, c->addr };

	header_put_address(&text, &address);
	return arena_copy(arena, buf_span(&text));
}

void
compose_contact_complete(struct store *store, struct span before,
    struct completion *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct contact *contacts;
	size_t n;

	out->from = last_address(before);
	/* What cannot be read now completes nothing; the list says why. */
	if (store_read(store, &t) != ERR_OK)
		return;
	n = store_contacts_complete(&t, words_of(span_skip(before, out->from),
	    &arena), COMPOSE_CONTACTS_MAX + 1, &arena, &contacts);
	out->has_more = n > COMPOSE_CONTACTS_MAX;
	out->n = out->has_more ? COMPOSE_CONTACTS_MAX : n;
	out->candidates = arena_array(&out->arena, out->n,
	    sizeof *out->candidates);
	for (size_t i = 0; i < out->n; i++)
		out->candidates[i] = written(&contacts[i], &out->arena);
}
