/* SPDX-License-Identifier: MIT */
/*
 * Reading sequences: counts, prefixes, and what may follow.  The bindings
 * are in keys_table.c.  A sequence never is the beginning of another in the
 * same context (a test holds this), so there is nothing to time out.
 */
#include "ui/keys.h"

#include <stdio.h>

#include "base/bug.h"
#include "base/text.h"
#include "ui/term.h"

enum { SEQUENCE_MAX = 8, COUNT_MAX = 1000000 };

static const struct {
	const char *name;
	uint32_t key;
} named_keys[] = {
	{ "Space", ' ' }, { "Tab", '\t' }, { "Esc", 27 },
	{ "Enter", K_ENTER }, { "Backspace", K_BACKSPACE },
	{ "Up", K_UP }, { "Down", K_DOWN }, { "Left", K_LEFT },
	{ "Right", K_RIGHT }, { "PgUp", K_PAGE_UP },
	{ "PgDn", K_PAGE_DOWN }, { "Home", K_HOME }, { "End", K_END },
	{ "Delete", K_DELETE }, { "Shift-Tab", K_BACKTAB },
	{ "F1", K_F1 }, { "F5", K_F5 },
};

/* One key by its name: "Down", "Ctrl-D", "Alt-r"; 0 when it is none. */
static uint32_t
key_of_name(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(named_keys); i++) {
		if (span_eq(name, span_of(named_keys[i].name)))
			return named_keys[i].key;
	}
	if (name.n == 6 && span_starts(name, SPAN_LIT("Ctrl-")))
		return (uint32_t)name.p[5] & 0x1f;
	if (name.n == 5 && span_starts(name, SPAN_LIT("Alt-")))
		return K_ALT | (uint32_t)name.p[4];
	return 0;
}

size_t
keys_parse(const char *keys, uint32_t *out, size_t max)
{
	struct span rest = span_of(keys), word;
	size_t n = 0;

	while (span_split(&rest, ' ', &word)) {
		uint32_t key = key_of_name(word);

		if (key) {
			if (n == max)
				return 0;
			out[n++] = key;
			continue;
		}
		for (size_t i = 0; i < word.n; i++) {
			if (n == max || word.p[i] < 0x21 || word.p[i] > 0x7e)
				return 0;
			out[n++] = (uint32_t)word.p[i];
		}
	}
	return n;
}

enum match { MATCH_NO, MATCH_PREFIX, MATCH_WHOLE };

static enum match
match(const struct key_state *state, const char *keys)
{
	uint32_t sequence[SEQUENCE_MAX];
	size_t n = keys_parse(keys, sequence, SEQUENCE_MAX);

	if (state->n > n ||
	    memcmp(sequence, state->typed, state->n * sizeof sequence[0]) != 0)
		return MATCH_NO;
	return state->n == n ? MATCH_WHOLE : MATCH_PREFIX;
}

/* A digit that belongs to the count; "0" does not begin one. */
static bool
take_digit(struct key_state *state, uint32_t key)
{
	if (state->n > 0 || key < '0' || key > '9')
		return false;
	if (key == '0' && state->count == 0)
		return false;
	state->count = state->count * 10 + (unsigned)(key - '0');
	if (state->count > COUNT_MAX)
		state->count = COUNT_MAX;
	return true;
}

enum key_result
keys_feed(struct key_state *state, enum context context, uint32_t key,
    enum command *command, unsigned *count)
{
	bool is_prefix = false;

	if (take_digit(state, key))
		return KEYS_MORE;
	state->typed[state->n++] = key;
	for (size_t i = 0; i < nbindings; i++) {
		if (!(bindings[i].contexts & context))
			continue;
		switch (match(state, bindings[i].keys)) {
		case MATCH_WHOLE:
			*command = bindings[i].command;
			*count = state->count;
			*state = (struct key_state){ .n = 0 };
			return KEYS_COMMAND;
		case MATCH_PREFIX:
			is_prefix = true;
			break;
		case MATCH_NO:
			break;
		}
	}
	if (is_prefix && state->n < ARRAY_LEN(state->typed))
		return KEYS_MORE;
	*state = (struct key_state){ .n = 0 };
	return KEYS_UNKNOWN;
}

static void
put_key(struct buf *out, uint32_t key)
{
	for (size_t i = 0; i < ARRAY_LEN(named_keys); i++) {
		if (named_keys[i].key == key) {
			buf_puts(out, named_keys[i].name);
			return;
		}
	}
	if (key & K_ALT)
		buf_puts(out, "Alt-");
	key &= ~(uint32_t)K_ALT;
	if (key < 0x20)
		buf_printf(out, "Ctrl-%c", (char)(key + 0x40));
	else if (key < 0x7f)
		buf_putc(out, (char)key);
	else
		buf_putc(out, '?');
}

void
keys_describe(const struct key_state *state, char *out, size_t size)
{
	struct buf text = { 0 };

	if (state->count)
		buf_printf(&text, "%u", state->count);
	for (size_t i = 0; i < state->n; i++)
		put_key(&text, state->typed[i]);
	snprintf(out, size, "%s", buf_str(&text));
	buf_fini(&text);
}

size_t
keys_following(const struct key_state *state, enum context context,
    const struct binding **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < nbindings && n < max; i++) {
		if (bindings[i].contexts & context && bindings[i].help &&
		    match(state, bindings[i].keys) == MATCH_PREFIX)
			out[n++] = &bindings[i];
	}
	return n;
}

const char *
keys_of(enum context context, enum command command)
{
	for (size_t i = 0; i < nbindings; i++) {
		if (bindings[i].contexts & context &&
		    bindings[i].command == command)
			return bindings[i].keys;
	}
	return "";
}
