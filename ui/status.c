/* SPDX-License-Identifier: MIT */
#include "ui/status.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "store/journal.h"
#include "ui/frame.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, BAR_CELLS = 8,
    NARROW = 80 };

void
status_read(struct status *status, struct store *store)
{
	CLEANUP(store_end) struct store_txn t;

	arena_reset(&status->arena);
	status->n = status->pending = 0;
	if (store_read(store, &t) != ERR_OK)
		return;
	status->n = store_accounts(&t, &status->arena, &status->accounts);
	status->states = arena_array(&status->arena, status->n + 1,
	    sizeof status->states[0]);
	for (size_t i = 0; i < status->n; i++)
		store_account_state_get(&t, status->accounts[i].id,
		    &status->arena, &status->states[i]);
	status->pending = store_acts_pending(&t, 0);
}

void
status_fini(struct status *status)
{
	arena_fini(&status->arena);
}

const char *
status_sign(const struct ui *ui, enum link_state link, enum role *role)
{
	switch (link) {
	case LINK_SYNCING:
	case LINK_LISTENING:
		*role = ROLE_GOOD;
		return ui_sign(ui, "●", "*");
	case LINK_CONNECTING:
		*role = ROLE_DIM;
		return ui_sign(ui, "◌", "-");
	case LINK_IDLE:
	case LINK_OFFLINE:
		*role = ROLE_DIM;
		return ui_sign(ui, "○", "o");
	case LINK_WAITING:
		*role = ROLE_WARNING;
		return ui_sign(ui, "○", "o");
	case LINK_REFUSED:
		*role = ROLE_ERROR;
		return "!";
	}
	*role = ROLE_DIM;
	return " ";
}

/* "3 min": how long ago; nothing within a minute. */
static void
put_age(struct buf *out, int64_t age_s)
{
	if (age_s < MINUTE)
		return;
	/* TRANSLATORS: how long ago something was heard, very short */
	if (age_s < HOUR)
		buf_printf(out, _("%d min"), (int)(age_s / MINUTE));
	else if (age_s < DAY)
		buf_printf(out, _("%d h"), (int)(age_s / HOUR));
	else
		buf_printf(out, _("%d d"), (int)(age_s / DAY < 999 ?
		    age_s / DAY : 999));
}

/* Puts text before column `end`; returns its start, or end without room. */
static int
put_before(struct surface *s, int y, int x, int end, enum role role,
    struct span text)
{
	int width = text_width(text);

	if (width == 0 || end - width < x)
		return end;
	surface_put(s, y, end - width, width, role, 0, text);
	return end - width;
}

/* One account, from right to left: age, sign, name. */
static int
draw_link(const struct status *status, size_t i, const struct ui *ui,
    struct surface *s, int y, int x, int end)
{
	const struct account *account = &status->accounts[i];
	const struct account_state *state = &status->states[i];
	CLEANUP(buf_fini) struct buf age = { 0 };
	enum role role;
	const char *sign = status_sign(ui, state->link, &role);
	bool is_narrow = s->cols < NARROW;
	int start;

	if (!is_narrow && state->link != LINK_LISTENING &&
	    state->link != LINK_SYNCING && state->last_heard != DATE_NONE)
		put_age(&age, ui_now(ui) - state->last_heard);
	if (account->is_insecure && !is_narrow)
		end = put_before(s, y, x, end, ROLE_WARNING,
		    span_of(_(" not encrypted")));
	if (age.n)
		end = put_before(s, y, x, end, ROLE_DIM, buf_span(&age)) - 1;
	start = put_before(s, y, x, end, role, span_of(sign));
	if (!is_narrow && start < end)
		start = put_before(s, y, x, start - 1, ROLE_DIM,
		    account->name);
	return start;
}

int
status_draw_links(const struct status *status, const struct ui *ui,
    struct surface *s, int y, int x, int cols)
{
	int end = x + cols, gap = s->cols < NARROW ? 1 : 2;

	for (size_t i = status->n; i-- > 0;)
		end = draw_link(status, i, ui, s, y, x, end) - gap;
	return end;
}

/* "▆▆▆▁▁▁▁▁" before column `end`. */
static int
draw_bar(const struct account_state *state, const struct ui *ui,
    struct surface *s, int y, int x, int end)
{
	uint64_t filled = state->done >= state->total ? BAR_CELLS :
	    state->done * BAR_CELLS / state->total;

	if (end - BAR_CELLS < x)
		return end;
	for (int i = 0; i < BAR_CELLS; i++)
		surface_puts(s, y, end - BAR_CELLS + i, 1,
		    (uint64_t)i < filled ? ROLE_PROGRESS : ROLE_DIM,
		    (uint64_t)i < filled ? ui_sign(ui, "▆", "#") :
		    ui_sign(ui, "▁", "."));
	return end - BAR_CELLS;
}

static int
draw_progress(const struct status *status, size_t i, const struct ui *ui,
    struct surface *s, int y, int x, int end)
{
	const struct account_state *state = &status->states[i];
	CLEANUP(buf_fini) struct buf text = { 0 };

	if (state->total == 0 || state->link != LINK_SYNCING)
		return end;
	end = draw_bar(state, ui, s, y, x, end);
	text_clean(&text, status->accounts[i].name);
	buf_putc(&text, ' ');
	ui_put_number(&text, state->done);
	buf_putc(&text, '/');
	ui_put_number(&text, state->total);
	return put_before(s, y, x, end - 1, ROLE_DIM, buf_span(&text)) - 2;
}

/* Why an account does not get through: cut where there is no room. */
static int
draw_trouble(const struct status *status, size_t i, struct surface *s, int y,
    int x, int end)
{
	const struct account_state *state = &status->states[i];
	CLEANUP(buf_fini) struct buf text = { 0 };
	bool is_refused = state->link == LINK_REFUSED;
	int width;

	if ((!is_refused && state->link != LINK_WAITING) || !state->error.n)
		return end;
	buf_put(&text, status->accounts[i].name);
	buf_puts(&text, ": ");
	buf_put(&text, state->error);
	width = text_width(buf_span(&text));
	if (width > end - x)
		width = end - x;
	if (width < 12)
		return end;
	surface_put(s, y, end - width, width,
	    is_refused ? ROLE_ERROR : ROLE_WARNING, 0, buf_span(&text));
	return end - width - 2;
}

int
status_draw_work(const struct status *status, const struct ui *ui,
    struct surface *s, int y, int x, int cols)
{
	int end = x + cols;

	if (status->pending > 0) {
		CLEANUP(buf_fini) struct buf text = { 0 };

		buf_printf(&text, P_("%zu waiting", "%zu waiting",
		    status->pending), status->pending);
		end = put_before(s, y, x, end, ROLE_DIM, buf_span(&text)) - 2;
	}
	for (size_t i = status->n; i-- > 0;)
		end = draw_progress(status, i, ui, s, y, x, end);
	for (size_t i = status->n; i-- > 0;)
		end = draw_trouble(status, i, s, y, x, end);
	return end;
}
