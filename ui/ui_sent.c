/* SPDX-License-Identifier: MIT */
/*
 * What became of the letter that was just handed over: people want to know
 * that it has left, or that it has not, without looking into the queue.
 */
#include "base/cleanup.h"
#include "base/i18n.h"
#include "store/journal.h"
#include "ui/ui_state.h"

void
ui_follow_send(struct ui *ui, uint64_t act)
{
	ui->followed_send = act;
}

/* False while it is on its way. */
static bool
say_outcome(struct ui *ui, const struct act *act)
{
	switch (act->state) {
	case ACT_QUEUED:
	case ACT_SENT:
		return false;
	case ACT_DONE:
		ui_say(ui, ROLE_GOOD, P_("Sent to %zu recipient",
		    "Sent to %zu recipients", act->nrecipients),
		    act->nrecipients);
		return true;
	case ACT_FAILED:
		ui_say(ui, ROLE_ERROR, _("Not sent; it waits in the queue (gq): "
		    "%.*s"), SPAN_ARG(act->answer));
		return true;
	case ACT_UNKNOWN:
		ui_say(ui, ROLE_WARNING, _("It may have been sent: the connection "
		    "was cut. The queue (gq) tells more."));
		return true;
	case ACT_CANCELED:
		return true;
	}
	return true;
}

void
ui_look_after_send(struct ui *ui)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct act act;

	if (ui->followed_send == 0 || store_read(ui->store, &t) != ERR_OK)
		return;
	if (!store_act_get(&t, ui->followed_send, &arena, &act) ||
	    say_outcome(ui, &act))
		ui->followed_send = 0;
}
