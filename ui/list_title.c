/* SPDX-License-Identifier: MIT */
/*
 * The title of the list: where one is and in what order, how much is there.
 * Counts are of the whole place, whatever the filter.
 */
#include "base/i18n.h"
#include "ui/list_state.h"

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
	case PLACE_GROUP:
		buf_puts(left, l->place.group);
		break;
	case PLACE_FLAGGED:
		buf_puts(left, _("Flagged"));
		break;
	case PLACE_FOLDER:
		buf_put(left, buf_span(&l->name));
		break;
	}
	list_put_order(l, left);
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
