/* SPDX-License-Identifier: MIT */
/* Entries of the journal in words. */
#include "ui/queue_view.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "store/account.h"
#include "store/folder.h"

enum { DONE_SHOWN = 50 };	/* of those that are over */

struct wording {
	struct store_txn *t;
	struct arena *arena;
	void (*put_date)(void *ctx, int64_t when, struct buf *out);
	void *ctx;
};

static const struct {
	uint32_t flag;
	const char *added, *removed;
} flag_words[] = {
	{ FLAG_DELETED, N_("delete"), N_("undelete") },
	{ FLAG_FLAGGED, N_("flag"), N_("unflag") },
	{ FLAG_SEEN, N_("mark read"), N_("mark unread") },
	{ FLAG_ANSWERED, N_("mark answered"), N_("mark unanswered") },
};

static const char *
flags_words(const struct act *act)
{
	for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++) {
		if (act->add & flag_words[i].flag)
			return _(flag_words[i].added);
		if (act->remove & flag_words[i].flag)
			return _(flag_words[i].removed);
	}
	return _("change flags");
}

static const char *
act_words(const struct act *act)
{
	switch (act->kind) {
	case ACT_SEND:
		return _("send");
	case ACT_FILE:
		return _("keep a copy");
	case ACT_MOVE:
		return _("move");
	case ACT_COPY:
		return _("copy");
	case ACT_PURGE:
		return _("purge");
	case ACT_KEYWORD:
		return act->add ? _("add keyword") : _("drop keyword");
	case ACT_CREATE:
		return _("make folder");
	case ACT_RENAME:
		return _("rename folder");
	case ACT_REMOVE:
		return _("remove folder");
	case ACT_SUBSCRIBE:
		return act->add ? _("subscribe") : _("unsubscribe");
	case ACT_FLAGS:
		break;
	}
	return flags_words(act);
}

/* "Re: Jadwal rapat Senin  to ratna@x, bambang@y" */
static struct span
send_target(const struct wording *w, const struct act *act)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	if (act->subject.n)
		buf_put(&text, act->subject);
	else
		buf_puts(&text, _("(no subject)"));
	buf_puts(&text, _("  to "));
	for (size_t i = 0; i < act->nrecipients && i < 10; i++) {
		if (i)
			buf_puts(&text, ", ");
		buf_put(&text, act->recipients[i]);
	}
	if (act->nrecipients > 10)
		buf_puts(&text, ", ...");
	return arena_copy(w->arena, buf_span(&text));
}

/* "Lama  to Baru", or the folder alone. */
static struct span
folder_target(const struct wording *w, const struct act *act)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct folder f;

	if (act->kind == ACT_RENAME) {
		buf_put(&text, act->old_title);
		buf_puts(&text, _("  to "));
	}
	if (act->title.n)
		buf_put(&text, act->title);
	else if (store_folder_get(w->t, act->folder, w->arena, &f))
		buf_put(&text, f.title);
	return arena_copy(w->arena, buf_span(&text));
}

/* "to Archive: Jadwal rapat", "Proyek: Jadwal rapat", or the subject alone. */
static struct span
letter_target(const struct wording *w, const struct act *act,
    struct span subject)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct folder f;

	if ((act->kind == ACT_MOVE || act->kind == ACT_COPY) &&
	    store_folder_get(w->t, act->target, w->arena, &f)) {
		buf_puts(&text, _("to "));
		buf_put(&text, f.title);
		buf_puts(&text, ": ");
	} else if (act->kind == ACT_KEYWORD) {
		buf_put(&text, act->keyword);
		buf_puts(&text, ": ");
	}
	buf_put(&text, subject);
	return arena_copy(w->arena, buf_span(&text));
}

static struct span
act_target(const struct wording *w, const struct act *act)
{
	struct message m;

	if (act_is_of_folder(act->kind))
		return folder_target(w, act);
	if (act->kind == ACT_SEND)
		return send_target(w, act);
	if (act->kind == ACT_FILE)
		return arena_copy(w->arena, act->subject);
	if (!store_message_get(w->t, act->message, w->arena, &m))
		return span_of(_("a letter that is gone"));
	if (m.subject.n == 0)
		m.subject = span_of(_("(no subject)"));
	return letter_target(w, act, m.subject);
}

/* How it stands, and why where somebody said why. */
static struct span
act_how(const struct wording *w, const struct act *act)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	switch (act->state) {
	case ACT_QUEUED:
		buf_puts(&text, _("waiting"));
		break;
	case ACT_SENT:
		buf_puts(&text, _("under way"));
		break;
	case ACT_DONE:
		buf_puts(&text, _("done"));
		break;
	case ACT_FAILED:
		buf_puts(&text, _("refused"));
		break;
	case ACT_UNKNOWN:
		buf_puts(&text, _("cut off; it may have arrived"));
		break;
	case ACT_CANCELED:
		buf_puts(&text, _("canceled"));
		break;
	}
	if (act->state == ACT_QUEUED && act->attempts > 0)
		buf_printf(&text, P_(", tried %u time", ", tried %u times",
		    act->attempts), act->attempts);
	if (act->state == ACT_QUEUED && act->not_before != DATE_NONE) {
		buf_puts(&text, _(", again at "));
		w->put_date(w->ctx, act->not_before, &text);
	}
	if (act->answer.n) {
		buf_puts(&text, ": ");
		/* What surat says itself is in the catalogue. */
		buf_puts(&text, _(arena_str(w->arena, act->answer)));
	}
	return arena_copy(w->arena, buf_span(&text));
}

static bool
is_over(const struct act *act)
{
	return act->state == ACT_DONE || act->state == ACT_CANCELED;
}

static struct queue_row
row_of(const struct wording *w, const struct act *act)
{
	CLEANUP(buf_fini) struct buf since = { 0 };
	struct account account;
	struct queue_row row = { .id = act->id, .state = act->state };

	w->put_date(w->ctx, is_over(act) ? act->changed : act->created,
	    &since);
	row.message = act->kind == ACT_SEND ? act->answered : act->message;
	row.act = span_of(act_words(act));
	row.target = act_target(w, act);
	row.how = act_how(w, act);
	row.since = arena_copy(w->arena, buf_span(&since));
	if (store_account_get(w->t, act->account, w->arena, &account))
		row.account = account.name;
	return row;
}

size_t
queue_read(struct store_txn *t, struct arena *arena,
    void (*put_date)(void *ctx, int64_t when, struct buf *out), void *ctx,
    struct queue_row **out)
{
	struct wording w = { t, arena, put_date, ctx };
	struct act *acts;
	size_t n = store_acts_recent(t, 0, DONE_SHOWN, arena, &acts);

	*out = arena_array(arena, n, sizeof **out);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = row_of(&w, &acts[i]);
	return n;
}
