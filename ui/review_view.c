/* SPDX-License-Identifier: MIT */
#include "ui/review_view.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/compose_contact.h"
#include "ui/compose_work.h"
#include "ui/loader.h"

struct review {
	struct pane pane;		/* first */
	struct review_state state;
	struct compose_letter *letter;	/* owned */
	struct loader *loader;		/* owned */
	enum compose_kind kind;
	struct arena text_arena;	/* of state.text */
	enum compose_field prompted;	/* while a prompt stands */
};

static const struct pane_class review_class;

/* Shows what the file says now. */
static void
refresh(struct review *v)
{
	arena_reset(&v->text_arena);
	v->state.text = review_doc(v->letter->draft.text, &v->text_arena);
	ui_redraw(v->pane.ui);
}

static void
fail(struct review *v, const char *what, const struct error *e)
{
	ui_say(v->pane.ui, ROLE_ERROR, "%s: %s", what, e->text);
}

/*
 * The letter's file is gone or kept; the screen goes.  It is on top: while
 * it waits for the loader it lets nothing be opened above it.
 */
static void
leave(struct review *v)
{
	ui_pop(v->pane.ui);
}

/* The editor on the letter's file; its exit status. */
static int
edit(struct review *v)
{
	struct error e = { 0 };
	int status = ui_edit(v->pane.ui, v->letter->file.path);

	if (status > 0)
		ui_say(v->pane.ui, ROLE_WARNING,
		    _("The editor ended with an error; the letter is as it "
		    "was left."));
	if (compose_letter_read(v->letter, &e))
		fail(v, _("The letter cannot be read"), &e);
	refresh(v);
	return status;
}

/*
 * The first text, on disk before the editor sees it.  False when there is
 * nothing to review.
 */
static bool
begin(struct review *v, const struct draft *draft)
{
	struct error e = { 0 };
	struct ui *ui = v->pane.ui;
	int status;

	if (compose_letter_begin(v->letter, ui_settings(ui)->draft_dir, draft,
	    &e)) {
		fail(v, _("The letter cannot be begun"), &e);
		return false;
	}
	v->state.phase = REVIEW_READY;
	status = edit(v);
	if (v->kind == COMPOSE_NEW && v->letter->trouble.kind == ERR_OK &&
	    compose_letter_is_blank(v->letter)) {
		compose_file_remove(&v->letter->file);
		if (status == 0)
			ui_say(ui, ROLE_NORMAL, _("Nothing was written."));
		return false;
	}
	return true;
}

static void
quoted(struct review *v, struct quote_job *j)
{
	if (j->error.kind) {
		fail(v, _("The letter cannot be quoted"), &j->error);
		leave(v);
	} else if (!begin(v, &j->draft)) {
		leave(v);
	}
}

static void
built(struct review *v, const struct build_job *j)
{
	struct ui *ui = v->pane.ui;
	struct error e = j->error;
	uint64_t act = 0;

	v->state.phase = REVIEW_READY;
	if (e.kind == ERR_OK)
		compose_queue(ui_store(ui), v->letter, j, ui_now(ui), &act, &e);
	if (e.kind) {
		fail(v, _("Not sent; the draft is kept"), &e);
		ui_redraw(ui);
		return;
	}
	/* Only now: the journal has it, durably. */
	compose_file_remove(&v->letter->file);
	ui_wake(ui);
	ui_say(ui, ROLE_GOOD, P_("In the queue for %zu recipient; it goes out "
	    "as soon as it can.", "In the queue for %zu recipients; it goes "
	    "out as soon as it can.", j->built.nrecipients),
	    j->built.nrecipients);
	ui_follow_send(ui, act);
	leave(v);
}

static void
review_woken(struct pane *pane)
{
	struct review *v = (struct review *)pane;
	struct job *job = loader_finished(v->loader);

	if (!job)
		return;
	/* One job at a time; after it the pane may be gone. */
	if (is_quote_job(job))
		quoted(v, (struct quote_job *)job);
	else if (is_build_job(job))
		built(v, (struct build_job *)job);
	job->free(job);
}

static void
send_now(struct review *v)
{
	struct ui *ui = v->pane.ui;
	struct build_job *j;
	struct error e = { 0 };

	if (build_job_new(ui_store(ui), v->letter, ui_now(ui), &j, &e)) {
		fail(v, _("Not sent; the draft is kept"), &e);
		return;
	}
	v->state.phase = REVIEW_SENDING;
	ui_say(ui, ROLE_DIM, _("The letter is being made ready ..."));
	loader_submit(v->loader, &j->job, true);
}

static void
send_answered(void *ctx, char answer)
{
	if (answer == 'y')
		send_now(ctx);
}

static void
send_letter(struct review *v)
{
	struct ui *ui = v->pane.ui;
	unsigned warnings = compose_letter_warnings(v->letter);

	if (v->letter->trouble.kind)
		ui_say(ui, ROLE_WARNING,
		    _("The text cannot be read as a letter: e edits it."));
	else if (warnings & WARNINGS_FATAL)
		ui_say(ui, ROLE_WARNING,
		    _("It cannot be sent so: the marked lines say why."));
	else if (warnings & WARNING_NO_ATTACHMENT)
		ui_ask(ui, _("Nothing is attached. Send it all the same? "
		    "(y/n) "), "yn", send_answered, v);
	else if (warnings & WARNING_NO_SUBJECT)
		ui_ask(ui, _("The subject is empty. Send it all the same? "
		    "(y/n) "), "yn", send_answered, v);
	else
		send_now(v);
}

static void
changed_field(struct review *v, enum err err, const struct error *e)
{
	if (err)
		fail(v, _("Left as it was"), e);
	refresh(v);
}

static void
field_typed(void *ctx, const char *line)
{
	struct review *v = ctx;
	struct error e = { 0 };

	if (line)
		changed_field(v, compose_letter_set(v->letter, v->prompted,
		    span_of(line), &e), &e);
}

static void
complete_address(void *ctx, struct span before, struct completion *out)
{
	const struct review *v = ctx;

	compose_contact_complete(ui_store(v->pane.ui), before, out);
}

static void
ask_field(struct review *v, enum compose_field field)
{
	static const char *const labels[] = {
		[FIELD_TO] = N_("To: "), [FIELD_CC] = N_("Cc: "),
		[FIELD_BCC] = N_("Bcc: "), [FIELD_SUBJECT] = N_("Subject: "),
	};
	CLEANUP(buf_fini) struct buf value = { 0 };

	v->prompted = field;
	compose_letter_get(v->letter, field, &value);
	ui_prompt(v->pane.ui, _(labels[field]), buf_span(&value),
	    field_typed, v);
	if (field != FIELD_SUBJECT)
		ui_prompt_completes(v->pane.ui, complete_address);
}

static void
path_typed(void *ctx, const char *line)
{
	struct review *v = ctx;
	struct error e = { 0 };

	if (line && line[0])
		changed_field(v, compose_letter_attach(v->letter,
		    span_of(line), &e), &e);
}

static void
detach(struct review *v, unsigned count)
{
	struct error e = { 0 };
	size_t n = v->letter->draft.nattachments;

	/* The numbered one, else the last. */
	changed_field(v, compose_letter_detach(v->letter,
	    count ? count - 1 : n - 1, &e), &e);
}

static void
postpone(struct review *v)
{
	ui_say(v->pane.ui, ROLE_NORMAL,
	    _("Put off; m offers to go on with it."));
	leave(v);
}

static void
quit_answered(void *ctx, char answer)
{
	struct review *v = ctx;

	if (answer == 'p') {
		postpone(v);
	} else if (answer == 'd') {
		compose_file_remove(&v->letter->file);
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("The letter was thrown away."));
		leave(v);
	}
}

static void
next_sender(struct review *v)
{
	struct error e = { 0 };

	changed_field(v, compose_letter_next_sender(v->letter, &e), &e);
}

static void
scroll(struct review *v, int rows)
{
	struct flow flow = { .doc = &v->state.text,
		.cols = v->state.text_cols };

	for (; rows > 0; rows--)
		flow_next(&flow, &v->state.top);
	for (; rows < 0; rows++)
		flow_previous(&flow, &v->state.top);
	ui_redraw(v->pane.ui);
}

/* Moving in the text. */
static bool
move(struct review *v, enum command command, int count)
{
	int page = v->state.page > 1 ? v->state.page - 1 : 1;

	if (command == COMMAND_DOWN)
		scroll(v, count);
	else if (command == COMMAND_UP)
		scroll(v, -count);
	else if (command == COMMAND_PAGE_DOWN)
		scroll(v, page);
	else if (command == COMMAND_PAGE_UP)
		scroll(v, -page);
	else if (command == COMMAND_HALF_DOWN)
		scroll(v, page / 2 + 1);
	else if (command == COMMAND_HALF_UP)
		scroll(v, -(page / 2 + 1));
	else if (command == COMMAND_FIRST)
		v->state.top = (struct flow_position){ 0, 0 };
	else if (command == COMMAND_LAST)
		v->state.top = (struct flow_position){ UINT32_MAX, 0 };
	else
		return false;
	ui_redraw(v->pane.ui);
	return true;
}

static const struct {
	enum command command;
	enum compose_field field;
} fields[] = {
	{ COMMAND_EDIT_TO, FIELD_TO },
	{ COMMAND_EDIT_CC, FIELD_CC },
	{ COMMAND_EDIT_BCC, FIELD_BCC },
	{ COMMAND_EDIT_SUBJECT, FIELD_SUBJECT },
};

static bool
review_command(struct pane *pane, enum command command, unsigned count)
{
	struct review *v = (struct review *)pane;

	if (command == COMMAND_BACK && v->state.phase == REVIEW_QUOTING) {
		leave(v);
		return true;
	}
	/* Until the answer of the loader, nothing changes and nothing opens. */
	if (v->state.phase != REVIEW_READY)
		return command != COMMAND_REDRAW &&
		    command != COMMAND_SUSPEND;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (fields[i].command != command)
			continue;
		ask_field(v, fields[i].field);
		return true;
	}
	if (command == COMMAND_SEND)
		send_letter(v);
	else if (command == COMMAND_EDIT)
		edit(v);
	else if (command == COMMAND_ATTACH)
		ui_prompt(pane->ui, _("Attach file: "), SPAN_LIT(""),
		    path_typed, v);
	else if (command == COMMAND_DETACH)
		detach(v, count);
	else if (command == COMMAND_NEXT_IDENTITY)
		next_sender(v);
	else if (command == COMMAND_POSTPONE)
		postpone(v);
	else if (command == COMMAND_BACK)
		ui_ask(pane->ui, _("Put the letter off, or throw it away? "
		    "(p put off, d throw away, Esc stay) "), "pd",
		    quit_answered, v);
	else
		return move(v, command, count ? (int)count : 1);
	return true;
}

static void
review_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct review *v = (struct review *)pane;
	struct span subject = v->letter->draft.subject;

	buf_puts(left, v->kind == COMPOSE_NEW ? _("New letter") :
	    v->kind == COMPOSE_FORWARD ? _("Forward") : _("Reply"));
	/* The kind has been said. */
	if (span_istarts(subject, SPAN_LIT("Re: ")))
		span_take(&subject, 4);
	else if (span_istarts(subject, SPAN_LIT("Fwd: ")))
		span_take(&subject, 5);
	if (subject.n) {
		buf_puts(left, ": ");
		buf_put(left, subject);
	}
	if (v->state.phase == REVIEW_READY)
		buf_puts(right, _("draft saved"));
}

static void
review_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	review_draw(&((struct review *)pane)->state, s, r);
}

static void
review_close(struct pane *pane)
{
	struct review *v = (struct review *)pane;

	loader_free(v->loader);
	compose_letter_fini(v->letter);
	free(v->letter);
	arena_fini(&v->text_arena);
	free(v);
}

static const struct pane_class review_class = {
	.name = "review",
	.context = CONTEXT_REVIEW,
	.title = review_title,
	.draw = review_draw_pane,
	.command = review_command,
	.woken = review_woken,
	.close = review_close,
};

/* A pane that is not yet pushed; NULL, c freed, when there is no thread. */
static struct review *
review_new(struct ui *ui, struct compose_letter *c, enum compose_kind kind)
{
	struct error e = { 0 };
	struct loader *loader = loader_new(&e);
	struct review *v;

	if (!loader) {
		ui_say(ui, ROLE_ERROR, "%s", e.text);
		compose_letter_fini(c);
		free(c);
		return NULL;
	}
	v = xcalloc(1, sizeof *v);
	v->pane = (struct pane){ .class = &review_class, .ui = ui,
		.wake_fd = loader_fd(loader), .covers_all = true };
	v->loader = loader;
	v->letter = c;
	v->kind = kind;
	v->state.letter = c;
	v->state.phase = REVIEW_QUOTING;
	return v;
}

void
review_open_new(struct ui *ui, struct compose_letter *c,
    const struct draft *draft)
{
	struct review *v = review_new(ui, c, COMPOSE_NEW);

	if (!v)
		return;
	if (begin(v, draft))
		ui_push(ui, &v->pane);
	else
		review_close(&v->pane);
}

void
review_open_resumed(struct ui *ui, struct compose_letter *c)
{
	struct review *v = review_new(ui, c, c->about.is_reply ?
	    COMPOSE_REPLY : COMPOSE_NEW);

	if (!v)
		return;
	v->state.phase = REVIEW_READY;
	refresh(v);
	ui_push(ui, &v->pane);
}

void
review_open_quoting(struct ui *ui, struct compose_letter *c,
    enum compose_kind kind, uint64_t body)
{
	struct review *v = review_new(ui, c, kind);

	if (!v)
		return;
	loader_submit(v->loader, &quote_job_new(ui_store(ui), kind, body,
	    c)->job, true);
	ui_push(ui, &v->pane);
}
