/* SPDX-License-Identifier: MIT */
/*
 * The beginning of a letter: who writes it, what it answers, whether one
 * was left unfinished.  From then on it is the review screen's.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/message.h"
#include "ui/compose_mailto.h"
#include "ui/pager_view.h"
#include "ui/review_view.h"
#include "ui/ui.h"

enum { SUBJECT_COLS = 30 };	/* in the question about a draft */

/* What was asked for, while a question stands. */
struct opening {
	struct ui *ui;
	enum compose_kind kind;
	uint32_t account;
	uint64_t message, body;
	struct compose_letter *found;	/* owned: the unfinished one */
};

static void
opening_free(struct opening *o)
{
	if (o->found) {
		compose_letter_fini(o->found);
		free(o->found);
	}
	free(o);
}

static struct compose_letter *
letter_new(struct ui *ui, uint32_t account)
{
	struct compose_letter *c = xcalloc(1, sizeof *c);
	struct error e = { 0 };

	if (compose_letter_init(c, ui_store(ui), account, &e)) {
		ui_say(ui, ROLE_ERROR, _("The letter cannot be begun: %s"),
		    e.text);
		compose_letter_fini(c);
		free(c);
		return NULL;
	}
	return c;
}

static void
start_fresh(const struct opening *o)
{
	struct compose_letter *c = letter_new(o->ui, o->account);

	if (!c)
		return;
	c->about.answered = o->message;
	c->about.is_reply = o->kind == COMPOSE_REPLY ||
	    o->kind == COMPOSE_REPLY_ALL;
	if (o->kind == COMPOSE_NEW) {
		struct draft draft = compose_letter_blank(c);

		review_open_new(o->ui, c, &draft);
	} else {
		review_open_quoting(o->ui, c, o->kind, o->body);
	}
}

void
compose_begin(struct ui *ui, uint32_t account, const struct draft *draft)
{
	struct compose_letter *c = letter_new(ui, account);
	struct draft mine = *draft;

	if (!c)
		return;
	mine.from = compose_letter_blank(c).from;
	review_open_new(ui, c, &mine);
}

/* The unfinished letter's answer: y goes on, n later, d throws it away. */
static void
resume_answered(void *ctx, char answer)
{
	struct opening *o = ctx;

	if (answer == 'y') {
		review_open_resumed(o->ui, o->found);
		o->found = NULL;
	} else if (answer == 'd') {
		compose_file_remove(&o->found->file);
		start_fresh(o);
	} else if (answer == 'n') {
		start_fresh(o);
	}
	opening_free(o);
}

static bool
offer_unfinished(struct opening *o)
{
	struct compose_letter *c = letter_new(o->ui, o->account);
	CLEANUP(buf_fini) struct buf question = { 0 }, subject = { 0 };
	int64_t written;

	if (!c)
		return false;
	if (compose_letter_resume(c, ui_settings(o->ui)->draft_dir,
	    o->message, &written, NULL)) {
		compose_letter_fini(c);
		free(c);
		return false;
	}
	o->found = c;
	text_clean(&subject, text_fit(c->draft.subject, SUBJECT_COLS));
	buf_puts(&question, _("Unfinished: "));
	buf_puts(&question, subject.n ? buf_str(&subject) :
	    _("(no subject)"));
	if (text_width(c->draft.subject) > SUBJECT_COLS)
		buf_puts(&question, " ...");
	buf_puts(&question, ", ");
	ui_put_date(o->ui, written, &question);
	buf_puts(&question, _(". Go on with it? (y, n, d throw away) "));
	ui_ask(o->ui, buf_str(&question), "ynd", resume_answered, o);
	return true;
}

/* The letter that is answered: its account, and whether it can be quoted. */
static bool
look_up(struct opening *o)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct message m;

	if (store_read(ui_store(o->ui), &t) ||
	    !store_message_get(&t, o->message, &arena, &m)) {
		ui_say(o->ui, ROLE_WARNING, _("That letter is gone."));
		return false;
	}
	o->account = m.account;
	o->body = m.body;
	if (m.body && m.body_state == BODY_WHOLE)
		return true;
	pager_want_body(o->ui, o->message);
	ui_say(o->ui, ROLE_WARNING, _("The text of that letter is not here "
	    "yet; it is being fetched. Try again in a moment."));
	return false;
}

void
compose_open(struct ui *ui, enum compose_kind kind, uint32_t account,
    uint64_t message)
{
	struct opening *o = xcalloc(1, sizeof *o);

	*o = (struct opening){ .ui = ui, .kind = kind, .account = account,
		.message = kind == COMPOSE_NEW ? 0 : message };
	if (kind != COMPOSE_NEW && !look_up(o)) {
		opening_free(o);
		return;
	}
	if (offer_unfinished(o))
		return;
	start_fresh(o);
	opening_free(o);
}

void
compose_mailto(struct ui *ui, struct span url, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct draft draft;
	struct error e = { 0 };

	if (mailto_parse(url, &arena, &draft, &e))
		ui_say(ui, ROLE_WARNING, _("Not opened: %s"), e.text);
	else
		compose_begin(ui, account, &draft);
}
