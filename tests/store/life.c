/* SPDX-License-Identifier: MIT */
#include "tests/store/life.h"

#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/account.h"
#include "store/body.h"

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
