/* SPDX-License-Identifier: MIT */
/*
 * Searching the list for a word in who and subject.  Walks the stored rows
 * page by page from the cursor; one key press looks at SEARCH_ROWS of them
 * at most, and the next goes on where it stopped, so no key ever waits for
 * a mailbox.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/list_state.h"

enum { SEARCH_PAGE = 250, SEARCH_ROWS = 4000, FOLD_MAX = 1024 };

/* Long texts are cut. */
static void
fold(struct buf *out, struct span text)
{
	text_fold(out, span_take(&text, FOLD_MAX));
}

static bool
has_word(struct span text, struct span needle, struct buf *scratch)
{
	buf_reset(scratch);
	fold(scratch, text);
	return span_find(buf_span(scratch), needle) != SIZE_MAX;
}

static bool
is_hit(const struct list *l, const struct message *m, struct buf *scratch)
{
	struct span needle = buf_span(&l->needle);

	return has_word(m->subject, needle, scratch) ||
	    has_word(m->from_name, needle, scratch) ||
	    has_word(m->from_addr, needle, scratch);
}

struct search {
	enum view_from direction;	/* VIEW_DOWN or VIEW_UP */
	struct view_position at;	/* how far it came */
	struct view_position hit;	/* id 0: none */
	bool is_at_end;
};

static void
search_page(const struct list *l, struct store_txn *t, struct search *search)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf scratch = { 0 };
	bool is_down = search->direction == VIEW_DOWN;
	struct message *rows;
	size_t n = store_view_page(t, &l->view, search->direction, search->at,
	    SEARCH_PAGE, &arena, &rows);

	search->is_at_end = n < SEARCH_PAGE;
	for (size_t i = 0; i < n && !search->hit.id; i++) {
		const struct message *m = &rows[is_down ? i : n - 1 - i];

		search->at = store_view_position(&l->view, m);
		if (is_hit(l, m, &scratch))
			search->hit = search->at;
	}
}

/* A conversation is all in memory. */
static void
search_rows(const struct list *l, struct search *search)
{
	CLEANUP(buf_fini) struct buf scratch = { 0 };
	bool is_down = search->direction == VIEW_DOWN;
	size_t i = l->cursor;

	search->is_at_end = true;
	while (!search->hit.id && (is_down ? i + 1 < l->nrows : i > 0)) {
		i += is_down ? 1 : (size_t)-1;
		if (is_hit(l, &l->rows[i], &scratch))
			search->hit = store_view_position(&l->view,
			    &l->rows[i]);
	}
}

static void
tell(const struct list *l, const struct search *search)
{
	if (search->is_at_end)
		ui_say(l->pane.ui, ROLE_DIM, "%s",
		    search->direction == VIEW_DOWN ?
		    _("Not found further down.") :
		    _("Not found further up."));
	else
		ui_say(l->pane.ui, ROLE_DIM,
		    _("Not found in %d letters; %s looks further."),
		    SEARCH_ROWS, keys_of(CONTEXT_LIST,
		    search->direction == VIEW_DOWN ? COMMAND_SEARCH_NEXT :
		    COMMAND_SEARCH_PREVIOUS));
}

static void
step(struct list *l, enum view_from direction)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	const struct message *m = list_current(l);
	struct search search = { .direction = direction };

	if (l->needle.n == 0) {
		list_search_ask(l, 0);
		return;
	}
	if (!m || store_read(ui_store(l->pane.ui), &t) != ERR_OK)
		return;
	/* A search that was cut short goes on, unless the cursor moved. */
	search.at = l->searched.id && l->searched_from == m->id &&
	    l->searched_direction == direction ? l->searched :
	    store_view_position(&l->view, m);
	l->searched_from = m->id;
	l->searched_direction = direction;
	if (l->conversation)
		search_rows(l, &search);
	for (int rows = 0; rows < SEARCH_ROWS && !search.hit.id &&
	    !search.is_at_end; rows += SEARCH_PAGE)
		search_page(l, &t, &search);
	l->searched = search.hit.id || search.is_at_end ?
	    (struct view_position){ 0 } : search.at;
	if (search.hit.id)
		list_go(l, search.hit);
	else
		tell(l, &search);
}

static void
begin(void *ctx, const char *line)
{
	struct list *l = ctx;

	if (!line || !*line)
		return;
	buf_reset(&l->needle);
	fold(&l->needle, span_of(line));
	l->searched = (struct view_position){ 0 };
	step(l, VIEW_DOWN);
}

void
list_search_ask(struct list *l, unsigned count)
{
	(void)count;
	ui_prompt(l->pane.ui, _("Search who and subject:"), SPAN_LIT(""),
	    begin, l);
}

void
list_search_next(struct list *l, unsigned count)
{
	(void)count;
	step(l, VIEW_DOWN);
}

void
list_search_previous(struct list *l, unsigned count)
{
	(void)count;
	step(l, VIEW_UP);
}
