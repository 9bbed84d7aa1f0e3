/* SPDX-License-Identifier: MIT */
#include "src/cli/act_words.h"

#include <inttypes.h>

#include "store/folder.h"

struct span
act_words_folder(struct store_txn *t, const struct act *act,
    struct arena *arena)
{
	bool is_of_folder = act_is_of_folder(act->kind);
	uint32_t id = is_of_folder ? act->folder : act->target;
	struct folder f = { 0 };

	if (is_of_folder || act->kind == ACT_MOVE || act->kind == ACT_COPY)
		store_folder_get(t, id, arena, &f);
	return f.title;
}

static void
put_letter(struct buf *b, const struct act *act)
{
	buf_printf(b, "letter %" PRIu64, act->message);
}

static void
put_flags(struct buf *b, const struct act *act)
{
	put_letter(b, act);
	for (int i = 0; i < FLAG_COUNT; i++) {
		if (act->add & 1u << i)
			buf_printf(b, " +%s", flag_word(1u << i));
		if (act->remove & 1u << i)
			buf_printf(b, " -%s", flag_word(1u << i));
	}
}

static void
put_recipients(struct buf *b, const struct act *act)
{
	buf_put(b, act->subject);
	buf_puts(b, act->nrecipients ? " to " : "");
	for (size_t i = 0; i < act->nrecipients; i++) {
		buf_puts(b, i ? ", " : "");
		buf_put(b, act->recipients[i]);
	}
}

static void
put_two(struct buf *b, struct span first, const char *between,
    struct span second)
{
	buf_put(b, first);
	buf_puts(b, between);
	buf_put(b, second);
}

void
act_words_put(struct buf *b, const struct act *act, struct span folder)
{
	switch (act->kind) {
	case ACT_FLAGS:
		put_flags(b, act);
		return;
	case ACT_SEND:
		put_recipients(b, act);
		return;
	case ACT_FILE:
		put_two(b, act->subject, " into the folder of sent letters",
		    (struct span){ 0 });
		return;
	case ACT_MOVE:
	case ACT_COPY:
		put_letter(b, act);
		put_two(b, (struct span){ 0 }, " to ", folder);
		return;
	case ACT_PURGE:
		put_letter(b, act);
		buf_puts(b, " for good");
		return;
	case ACT_KEYWORD:
		put_letter(b, act);
		put_two(b, (struct span){ 0 }, act->add ? " +" : " -",
		    act->keyword);
		return;
	case ACT_CREATE:
		buf_put(b, act->title);
		return;
	case ACT_RENAME:
		put_two(b, act->old_title, " to ", act->title);
		return;
	case ACT_REMOVE:
		buf_put(b, folder);
		return;
	case ACT_SUBSCRIBE:
		put_two(b, folder, act->add ? " on" : " off",
		    (struct span){ 0 });
		return;
	}
}
