/* SPDX-License-Identifier: MIT */
/* Acts that send a letter, and keep a copy of it. */
#include "store/act_record.h"
#include "store/body_use.h"
#include "store/txn.h"
#include "store/undo_note.h"

uint64_t
store_act_send(struct store_txn *t, const struct act *act, int64_t now)
{
	struct act a = *act;

	if (act->nrecipients == 0 || act->nrecipients > ACT_RECIPIENTS_MAX) {
		txn_fail(t, ERR_LIMIT, "a letter has 1 to %d recipients",
		    ACT_RECIPIENTS_MAX);
		return 0;
	}
	a.id = txn_next_number(t, COUNTER_ACT);
	a.kind = ACT_SEND;
	a.state = ACT_QUEUED;
	a.attempts = 0;
	a.created = a.changed = now;
	a.answer = (struct span){ 0 };
	a.message = 0;
	a.folder = 0;
	a.uid = (struct uid){ 0 };
	a.add = a.remove = 0;
	body_use(t, a.body, a.account, BODY_USER_ACT, a.id);
	act_store(t, &a, 0);
	undo_note_act(t, ACT_SEND, a.id);
	return txn_failed(t) ? 0 : a.id;
}

uint64_t
store_act_file(struct store_txn *t, const struct act *act, int64_t now)
{
	const struct act a = {
		.id = txn_next_number(t, COUNTER_ACT),
		.account = act->account,
		.kind = ACT_FILE,
		.state = ACT_QUEUED,
		.created = now,
		.changed = now,
		.not_before = DATE_NONE,
		.body = act->body,
		.subject = act->subject,
		.message_id = act->message_id,
	};

	body_use(t, a.body, a.account, BODY_USER_ACT, a.id);
	act_store(t, &a, 0);
	return txn_failed(t) ? 0 : a.id;
}
