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
	ATTACHMENT_COLS = 2,
};

static const char *
role_title(enum folder_role role)
{
	switch (role) {
	case FOLDER_INBOX:
		return _("All inboxes");
	case FOLDER_SENT:
		return _("Sent, all accounts");
	case FOLDER_DRAFTS:
		return _("Drafts, all accounts");
	case FOLDER_TRASH:
		return _("Trash, all accounts");
	case FOLDER_JUNK:
		return _("Spam, all accounts");
	case FOLDER_ARCHIVE:
		return _("Archive, all accounts");
	case FOLDER_NONE:
	case FOLDER_ALL:
	case FOLDER_FLAGGED:
		break;
	}
	return _("All letters");
}

void
list_put_name(struct list *l, struct store_txn *t, const struct folder *folder)
{
	struct account account;

	buf_reset(&l->name);
	if (store_account_get(t, folder->account, &l->arena, &account)) {
		buf_put(&l->name, account.name);
		buf_putc(&l->name, '/');
	}
	/* As the sidebar calls it. */
	buf_put(&l->name, folder->role == FOLDER_INBOX ?
	    span_of(_("Inbox")) : folder->title);
}

void
list_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct list *l = list_of(pane);

	switch (l->place.kind) {
	case PLACE_ROLE:
		buf_puts(left, role_title(l->place.role));
		break;
	case PLACE_FLAGGED:
		buf_puts(left, _("Flagged"));
		break;
	case PLACE_FOLDER:
		buf_put(left, buf_span(&l->name));
		break;
	}
	if (l->nabove)
		buf_printf(right, P_("%zu new above   ", "%zu new above   ",
		    l->nabove), l->nabove);
	if (l->nmarked)
		buf_printf(right, P_("%zu marked   ", "%zu marked   ",
		    l->nmarked), l->nmarked);
	if (l->counts.unread) {
		ui_put_number(right, l->counts.unread);
		buf_printf(right, " %s   ", _("unread"));
	}
	ui_put_number(right, l->place.kind == PLACE_FLAGGED ?
	    l->counts.flagged : l->counts.total);
}

/* What the row looks like: deleted goes before marked, that before new. */
static enum role
row_role(const struct list *l, const struct message *m, enum role otherwise)
{
	if (m->flags & FLAG_DELETED)
		return ROLE_DELETED;
	if (list_is_marked(l, m->id))
		return ROLE_MARKED;
	return m->flags & FLAG_SEEN ? otherwise : ROLE_UNREAD;
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
	else if (!(m->flags & FLAG_SEEN))
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

static void
draw_row(struct list *l, size_t i, struct surface *s, int y, struct rect r)
{
	CLEANUP(buf_fini) struct buf date = { 0 };
	const struct message *m = &l->rows[i];
	int name = (r.cols - SIGN_COLS - DATE_COLS) / 4, x = r.x + SIGN_COLS;
	int end = r.x + r.cols - 1 - ATTACHMENT_COLS;
	bool is_cursor = i == l->cursor;

	name = name < NAME_LEAST ? NAME_LEAST : name > NAME_MOST ? NAME_MOST :
	    name;
	draw_signs(l, m, is_cursor, s, y, r.x);
	ui_put_date(l->pane.ui, m->date, &date);
	surface_put(s, y, x, DATE_COLS - 1, row_role(l, m, ROLE_DATE) ==
	    ROLE_DELETED ? ROLE_DELETED : ROLE_DATE, 0, buf_span(&date));
	x += DATE_COLS;
	surface_put(s, y, x, name, row_role(l, m, ROLE_FROM), 0,
	    correspondent(l, m));
	x += name + 2;
	surface_put(s, y, x, end - x, row_role(l, m, ROLE_SUBJECT), 0,
	    subject_of(m));
	if (m->has_attachment)
		surface_puts(s, y, end + 1, 1, ROLE_ATTACHMENT,
		    ui_sign(l->pane.ui, "+", "@"));
	if (is_cursor && !ui_sidebar_has_focus(l->pane.ui))
		surface_select(s, y, r.x, r.cols);
}

static void
draw_empty(const struct list *l, struct surface *s, struct rect r)
{
	const char *text = _("No letters here.");

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
