/* SPDX-License-Identifier: MIT */
/*
 * A row of the list: selection, unread or deleted, flag, date, who, subject,
 * attachment.  Names are shortened before subjects.  Every state has a sign
 * or an attribute besides its colour.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/list_state.h"

enum {
	SIGN_COLS = 4,		/* selection, state, flag, a blank */
	DATE_COLS = 8,
	NAME_LEAST = 10, NAME_MOST = 24,
	FOLDER_LEAST = 6, FOLDER_MOST = 14,
	ATTACHMENT_COLS = 2,
	COUNT_COLS = 6,		/* at most, of a folded thread's letters */
	LEVEL_COLS = 2,		/* of a tree */
};

/* What the row looks like: deleted goes before marked, that before new. */
static enum role
row_role(const struct list *l, const struct message *m, enum role otherwise)
{
	if (m->flags & FLAG_DELETED)
		return ROLE_DELETED;
	if (list_is_marked(l, m->id))
		return ROLE_MARKED;
	return message_is_unread(m->flags) ? ROLE_UNREAD : otherwise;
}

static enum role
account_role(const struct list *l, uint32_t account)
{
	const struct status *status = ui_status(l->pane.ui);

	for (size_t i = 0; i < status->n; i++) {
		if (status->accounts[i].id == account)
			return (enum role)((int)ROLE_ACCOUNT1 + (int)(i % 8));
	}
	return ROLE_DIM;
}

static void
draw_signs(const struct list *l, const struct message *m, bool is_cursor,
    struct surface *s, int y, int x)
{
	const struct ui *ui = l->pane.ui;

	if (is_cursor)
		surface_puts(s, y, x, 1, ROLE_KEY, ui_sign(ui, "▌", ">"));
	else if (l->place.kind != PLACE_FOLDER && ui_status(ui)->n > 1)
		surface_puts(s, y, x, 1, account_role(l, m->account),
		    ui_sign(ui, "▏", " "));
	if (m->flags & FLAG_DELETED)
		surface_puts(s, y, x + 1, 1, ROLE_DIM, ui_sign(ui, "×", "D"));
	else if (list_is_marked(l, m->id))
		surface_puts(s, y, x + 1, 1, ROLE_MARKED,
		    ui_sign(ui, "✓", "+"));
	else if (message_is_unread(m->flags))
		surface_puts(s, y, x + 1, 1, ROLE_UNREAD,
		    ui_sign(ui, "●", "*"));
	if (m->flags & FLAG_FLAGGED)
		surface_puts(s, y, x + 2, 1, ROLE_STAR,
		    ui_sign(ui, "⚑", "!"));
}

/* Whom the letter is from; in Sent and Drafts, whom it is to. */
static struct span
correspondent(const struct list *l, const struct message *m)
{
	if ((l->role == FOLDER_SENT || l->role == FOLDER_DRAFTS) && m->to.n)
		return m->to;
	return m->from_name.n ? m->from_name : m->from_addr;
}

static struct span
subject_of(const struct message *m)
{
	return m->subject.n ? m->subject : span_of(_("(no subject)"));
}

/*
 * "*1/3" of a folded thread: how many are unread, and how many there are.
 * Returns where the subject has to end.
 */
static int
draw_counts(const struct list *l, const struct message *m, struct surface *s,
    int y, int end)
{
	CLEANUP(buf_fini) struct buf unread = { 0 };
	CLEANUP(buf_fini) struct buf total = { 0 };

	if (!l->view.is_folded || m->thread_total < 2)
		return end;
	if (m->thread_unread)
		buf_printf(&unread, "%s%u", ui_sign(l->pane.ui, "●", "*"),
		    m->thread_unread);
	buf_printf(&total, m->thread_unread ? "/%u%s" : "%u%s",
	    m->thread_total, m->thread_total == THREAD_COUNT_MAX ? "+" : "");
	end = surface_put_right(s, y, end - COUNT_COLS, COUNT_COLS, ROLE_DIM,
	    buf_span(&total));
	end = surface_put_right(s, y, end - COUNT_COLS, COUNT_COLS,
	    ROLE_UNREAD, buf_span(&unread));
	return end - 1;
}

/*
 * The subject in its place in the tree.  An answer that says nothing new in
 * its subject shows how it begins instead; the first line of the screen
 * always says what it is about.
 */
static void
draw_subject(struct list *l, size_t i, struct surface *s, int y, int x,
    int end)
{
	CLEANUP(buf_fini) struct buf branch = { 0 };
	const struct message *m = &l->rows[i];
	enum role role = row_role(l, m, ROLE_SUBJECT);
	bool is_same = i != l->top && list_repeats_subject(l, i);

	list_put_branch(l, i, (end - x) / LEVEL_COLS / 3,
	    is_same && m->snippet.n == 0, &branch);
	if (branch.n)
		x = 1 + surface_put(s, y, x, end - x, ROLE_THREAD, 0,
		    buf_span(&branch));
	if (!is_same)
		surface_put(s, y, x, end - x, role, 0, subject_of(m));
	else if (m->snippet.n)
		surface_put(s, y, x, end - x, role == ROLE_SUBJECT ?
		    ROLE_SNIPPET : role, 0, m->snippet);
}

/* Columns of a row; of a list with folders, those take a part of it. */
struct columns {
	int date, folder, name, subject, end, attachment;
	int folder_cols, name_cols;
};

static int
between(int least, int n, int most)
{
	return n < least ? least : n > most ? most : n;
}

static struct columns
columns_of(const struct list *l, struct rect r)
{
	int free = r.cols - SIGN_COLS - DATE_COLS;
	struct columns c = { .date = r.x + SIGN_COLS };

	c.folder = c.name = c.date + DATE_COLS;
	c.name_cols = between(NAME_LEAST, free / 4, NAME_MOST);
	if (l->conversation) {
		c.folder_cols = between(FOLDER_LEAST, free / 7, FOLDER_MOST);
		c.name += c.folder_cols + 2;
	}
	c.subject = c.name + c.name_cols + 2;
	c.end = r.x + r.cols - 1 - ATTACHMENT_COLS;
	c.attachment = c.end + 1;
	return c;
}

static void
draw_row(struct list *l, size_t i, struct surface *s, int y, struct rect r)
{
	CLEANUP(buf_fini) struct buf date = { 0 };
	const struct message *m = &l->rows[i];
	struct columns c = columns_of(l, r);
	bool is_cursor = i == l->cursor;

	draw_signs(l, m, is_cursor, s, y, r.x);
	ui_put_date(l->pane.ui, m->date, &date);
	surface_put(s, y, c.date, DATE_COLS - 1, row_role(l, m, ROLE_DATE) ==
	    ROLE_DELETED ? ROLE_DELETED : ROLE_DATE, 0, buf_span(&date));
	if (l->conversation)
		surface_put(s, y, c.folder, c.folder_cols, ROLE_DIM, 0,
		    l->folders[i]);
	surface_put(s, y, c.name, c.name_cols, row_role(l, m, ROLE_FROM), 0,
	    correspondent(l, m));
	draw_subject(l, i, s, y, c.subject,
	    draw_counts(l, m, s, y, c.end));
	if (m->has_attachment)
		surface_puts(s, y, c.attachment, 1, ROLE_ATTACHMENT,
		    ui_sign(l->pane.ui, "+", "@"));
	if (is_cursor && !ui_sidebar_has_focus(l->pane.ui))
		surface_select(s, y, r.x, r.cols);
}

static void
draw_empty(const struct list *l, struct surface *s, struct rect r)
{
	CLEANUP(buf_fini) struct buf filtered = { 0 };
	const char *text = _("No letters here.");

	if (l->order.filter) {
		buf_printf(&filtered, _("No such letters here; %s shows all."),
		    keys_of(CONTEXT_LIST, COMMAND_FILTER_NONE));
		text = buf_str(&filtered);
	}
	if (ui_status(l->pane.ui)->n == 0)
		text = _("No account is set up yet; surat.conf says who you "
		    "are.");
	surface_puts(s, r.y + 1, r.x + SIGN_COLS, r.cols - SIGN_COLS - 1,
	    ROLE_DIM, text);
}

void
list_draw(struct list *l, struct surface *s, struct rect r)
{
	if (l->nrows == 0)
		draw_empty(l, s, r);
	for (int y = 0; y < r.rows && l->top + (size_t)y < l->nrows; y++)
		draw_row(l, l->top + (size_t)y, s, r.y + y, r);
}
