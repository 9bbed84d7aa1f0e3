/* SPDX-License-Identifier: MIT */
#include "tests/store/life.h"

#include <unistd.h>

#include "base/xalloc.h"
#include "store/body.h"
#include "store/budget.h"
#include "store/group.h"
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

const struct life *const lives[LIVES] = { &life_of_mail, &life_of_acts,
	&life_of_folders, &life_of_moves };

void
life_must(struct store_txn *t, bool is_so)
{
	if (!is_so && t->error.kind == ERR_OK)
		error_set(&t->error, ERR_USAGE, "the step is not possible");
}

uint64_t
life_steps_done(struct store *store)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account_state state;
	struct store_txn t;

	if (store_read(store, &t) != ERR_OK)
		return UINT64_MAX;
	store_account_state_get(&t, 1, &arena, &state);
	store_end(&t);
	return t.error.kind ? UINT64_MAX : state.done;
}

static enum err
write_letter(struct store *store)
{
	static char bytes[300000];
	struct body_writer *w;
	uint64_t id;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * i >> 7);
	store_body_begin(store, &w, NULL);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	return store_body_finish(w, &id, NULL);
}

enum err
life_take_step(const struct life *life, struct store *store, uint64_t number)
{
	struct account_state state = { .done = number + 1 };
	const struct life_step *step = &life->steps[number];
	struct store_txn t;
	enum err err = ERR_OK;

	if (step->has_letter)
		err = write_letter(store);
	if (err != ERR_OK)
		return err;
	store_write(store, &t);
	step->run(&t);
	store_account_state_put(&t, 1, &state);
	return store_commit(&t, NULL);
}

enum err
life_go_on(const struct life *life, struct store *store, int fd)
{
	enum err err = ERR_OK;

	for (uint64_t i = life_steps_done(store); err == ERR_OK &&
	    i < life->n; i++) {
		err = life_take_step(life, store, i);
		if (err == ERR_OK && write(fd, "", 1) != 1)
			err = ERR_IO;
	}
	return err;
}

static void
write_groups(struct store_txn *t, struct arena *arena, struct buf *out)
{
	struct group *groups;
	size_t n = store_groups(t, arena, &groups);

	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "group\t%.*s\t%u", SPAN_ARG(groups[i].name),
		    groups[i].order);
		for (size_t k = 0; k < groups[i].nfolders; k++)
			buf_printf(out, "\t%.*s",
			    SPAN_ARG(groups[i].folders[k]));
		buf_putc(out, '\n');
	}
}

/* What tests/store/expected.h leaves out. */
static void
write_rest(struct store *store, struct buf *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t;

	cr_assert_eq(store_read(store, &t), ERR_OK, "%s", t.error.text);
	write_groups(&t, &arena, out);
	for (uint64_t id = 1; id <= store_message_last_id(&t); id++)
		if (store_message_is_kept(&t, id))
			buf_printf(out, "kept\t%llu\n",
			    (unsigned long long)id);
	for (uint32_t id = 1; id <= 3; id++)
		buf_printf(out, "usage\t%u\t%llu\n", id,
		    (unsigned long long)store_usage(&t, id));
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
}

static void
write_all(struct store *store, struct buf *out)
{
	expected_write(store, out);
	write_rest(store, out);
}

void
life_record_make(struct life_record *r, const struct life *life)
{
	CLEANUP(scratch_fini) struct scratch s;

	*r = (struct life_record){ .life = life };
	cr_assert_leq(life->n, LIFE_STEPS_MAX);
	scratch_init(&s);
	write_all(s.store, &r->after[0]);
	for (uint64_t i = 0; i < life->n; i++) {
		cr_assert_eq(life_take_step(life, s.store, i), ERR_OK,
		    "life %s, step %llu", life->name, (unsigned long long)i);
		scratch_check(&s);
		write_all(s.store, &r->after[i + 1]);
	}
}

void
life_record_fini(struct life_record *r)
{
	for (size_t i = 0; i <= LIFE_STEPS_MAX; i++)
		buf_fini(&r->after[i]);
}

void
life_record_compare(const struct life_record *r, struct store *store,
    uint64_t steps)
{
	CLEANUP(buf_fini) struct buf now = { 0 };
	CLEANUP(cleanup_free) char *where = xasprintf("life %s, step %llu",
	    r->life->name, (unsigned long long)steps);

	write_all(store, &now);
	expected_same(where, buf_span(&r->after[steps]), buf_span(&now));
}
