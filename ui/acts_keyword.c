/* SPDX-License-Identifier: MIT */
/* Keywords and flags by name: "+Penting -x +junk". */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "store/journal.h"
#include "store/undo.h"
#include "ui/acts.h"
#include "ui/frame.h"

static bool
has_keyword(const struct message *m, struct span keyword)
{
	for (size_t i = 0; i < m->nkeywords; i++)
		if (span_ieq(m->keywords[i], keyword))
			return true;
	return false;
}

/* Junk and not junk exclude each other. */
static uint32_t
opposite(uint32_t flag)
{
	return flag == FLAG_JUNK ? FLAG_NOTJUNK :
	    flag == FLAG_NOTJUNK ? FLAG_JUNK : 0;
}

/* One word on one letter; false when it is refused. */
static bool
change(struct store_txn *t, const struct message *m, struct span word,
    int64_t now, bool *changed)
{
	bool add = word.p[0] != '-';
	uint32_t flag;
	uint64_t act;

	if (word.p[0] == '-' || word.p[0] == '+')
		span_take(&word, 1);
	flag = flag_from_word(word);
	if (flag) {
		act = store_act_flags(t, m->id, add ? flag : 0,
		    add ? opposite(flag) : flag, now);
	} else {
		if (has_keyword(m, word) == add)
			return true;
		act = store_act_keyword(t, m->id, word, add, now);
	}
	*changed |= act != 0;
	return flag || act;
}

/* All words on one letter; false, and said, when one is refused. */
static bool
change_words(struct ui *ui, struct store_txn *t, const struct message *m,
    const char *line, bool *changed)
{
	struct span rest = span_of(line), word;

	while (span_split(&rest, ' ', &word)) {
		if (word.n == 0 || change(t, m, word, ui_now(ui), changed))
			continue;
		if (t->error.kind == ERR_OK)
			ui_say(ui, ROLE_WARNING, _("\"%.*s\" is no keyword, "
			    "or there are too many of them."),
			    SPAN_ARG(word));
		return false;
	}
	return true;
}

/* The same on all letters, or on none; how many changed. */
static bool
change_all(const struct acts_on *on, struct store_txn *t, const char *line,
    size_t *nchanged)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	for (size_t i = 0; i < on->n; i++, arena_reset(&arena)) {
		bool changed = false;

		if (!store_message_get(t, on->ids[i], &arena, &m))
			continue;
		if (!change_words(on->ui, t, &m, line, &changed))
			return false;
		*nchanged += changed;
	}
	return true;
}

static void
answered(void *ctx, const char *line)
{
	struct acts_on *on = ctx;
	CLEANUP(buf_fini) struct buf said = { 0 };
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	size_t n = 0;
	bool goes;

	if (line && *line) {
		if (store_write(ui_store(on->ui), &t) == ERR_OK)
			store_undo_begin(&t, ui_now(on->ui));
		goes = change_all(on, &t, line, &n);
		buf_printf(&said, P_("Changed %zu letter",
		    "Changed %zu letters", n), n);
		if ((goes || t.error.kind != ERR_OK) &&
		    acts_commit(on->ui, &t) == ERR_OK && n)
			acts_say(on->ui, buf_str(&said));
		else if (goes && t.error.kind == ERR_OK)
			ui_say(on->ui, ROLE_DIM, "%s", _("It is so already."));
	}
	free(on);
}

void
acts_ask_keywords(const struct acts_on *on)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(buf_fini) struct buf label = { 0 };
	struct message m;

	buf_puts(&label, _("Keywords, +name or -name"));
	if (store_read(ui_store(on->ui), &t) == ERR_OK &&
	    store_message_get(&t, on->ids[0], &arena, &m) && m.nkeywords) {
		buf_puts(&label, " (");
		for (size_t i = 0; i < m.nkeywords; i++) {
			buf_puts(&label, i ? " " : "");
			acts_put_clean(&label, m.keywords[i]);
		}
		buf_puts(&label, ")");
	}
	buf_puts(&label, ":");
	ui_prompt(on->ui, buf_str(&label), SPAN_LIT("+"), answered,
	    acts_keep_on(on));
}
