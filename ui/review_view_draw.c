/* SPDX-License-Identifier: MIT */
/* How a letter looks before it is sent. */
#include "ui/review_view.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "mail/header.h"
#include "ui/pager_view.h"

enum { LABEL_COLS = 10, MARGIN = 2 };

/* One line of a draft: the markers of quoting become its depth. */
static struct doc_line
draft_line(struct span text)
{
	struct doc_line line = { 0 };

	while (span_starts(text, SPAN_LIT(">")) && line.quote < UINT8_MAX) {
		span_take(&text, 1);
		if (span_starts(text, SPAN_LIT(" ")))
			span_take(&text, 1);
		line.quote++;
	}
	line.role = line.quote ? DOC_QUOTE : DOC_TEXT;
	line.text = text;
	return line;
}

struct doc
review_doc(struct span text, struct arena *arena)
{
	struct doc raw = { 0 };
	struct span line, rest = text;
	size_t n = 0;

	while (n < DOC_LINES_MAX && span_split(&rest, '\n', &line))
		n++;
	raw.lines = arena_array(arena, n, sizeof *raw.lines);
	for (rest = text; raw.nlines < n; raw.nlines++) {
		span_split(&rest, '\n', &line);
		raw.lines[raw.nlines] = draft_line(line);
	}
	raw.is_truncated = rest.n > 0;
	return flow_prepare(&raw, arena);
}

struct drawing {
	const struct review_state *state;
	struct surface *s;
	struct rect r;
	int y;
};

static void
put_field(struct drawing *d, const char *name, struct span value,
    enum role role)
{
	int x = d->r.x + MARGIN;
	int cols = d->r.cols - MARGIN;

	if (d->y >= d->r.y + d->r.rows)
		return;
	surface_puts(d->s, d->y, x, cols, ROLE_HEADER_NAME, name);
	surface_put(d->s, d->y, x + LABEL_COLS, cols - LABEL_COLS, role, 0,
	    value);
	d->y++;
}

static void
put_list(struct drawing *d, const char *name, enum compose_field field)
{
	CLEANUP(buf_fini) struct buf value = { 0 };

	compose_letter_get(d->state->letter, field, &value);
	if (value.n || field == FIELD_TO || field == FIELD_SUBJECT)
		put_field(d, name, buf_span(&value), ROLE_HEADER_VALUE);
}

static void
put_attachments(struct drawing *d)
{
	const struct draft *draft = &d->state->letter->draft;

	for (size_t i = 0; i < draft->nattachments; i++) {
		CLEANUP(cleanup_free) char *path =
		    span_dup(draft->attachments[i]);
		CLEANUP(buf_fini) struct buf value = { 0 };
		struct stat st;
		bool is_there = stat(path, &st) == 0;

		buf_printf(&value, "%zu %s   ", i + 1, path);
		if (is_there)
			pager_put_size(&value, (uint64_t)st.st_size);
		else
			buf_puts(&value, _("is not there"));
		put_field(d, i ? "" : _("Attached"), buf_span(&value),
		    is_there ? ROLE_ATTACHMENT : ROLE_ERROR);
	}
}

static void
put_note(struct drawing *d, enum role role, const char *text)
{
	if (d->y >= d->r.y + d->r.rows)
		return;
	surface_puts(d->s, d->y, d->r.x, 2, role, " !");
	surface_puts(d->s, d->y, d->r.x + MARGIN + 1,
	    d->r.cols - MARGIN - 1, role, text);
	d->y++;
}

static const struct {
	unsigned warning;
	const char *text;
} notes[] = {
	{ WARNING_NO_RECIPIENT, N_("There is no recipient yet: t adds one.") },
	{ WARNING_NO_SENDER, N_("No account is set up to send. The letter "
	    "can be kept: P puts it off.") },
	{ WARNING_NO_SUBJECT, N_("The subject is empty.") },
	{ WARNING_NO_ATTACHMENT, N_("The text speaks of an attachment, but "
	    "none is attached: a attaches.") },
	{ WARNING_NO_FILE, N_("An attachment is not there any more: D takes "
	    "it off.") },
};

static void
put_notes(struct drawing *d)
{
	unsigned warnings = compose_letter_warnings(d->state->letter);
	const struct error *trouble = &d->state->letter->trouble;

	if (trouble->kind) {
		CLEANUP(buf_fini) struct buf text = { 0 };

		buf_printf(&text, _("%s. e goes back to the editor."),
		    trouble->text);
		put_note(d, ROLE_ERROR, buf_str(&text));
	}
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		if (warnings & notes[i].warning)
			put_note(d, ROLE_WARNING, _(notes[i].text));
}

static void
put_sender(struct drawing *d)
{
	CLEANUP(buf_fini) struct buf value = { 0 };
	const struct compose_letter *c = d->state->letter;

	header_put_address(&value, &c->draft.from);
	if (c->naccounts) {
		buf_puts(&value, "   (");
		buf_put(&value, c->accounts[c->sender].name);
		buf_puts(&value, ")");
	}
	put_field(d, _("From"), buf_span(&value), ROLE_HEADER_VALUE);
}

void
review_draw(struct review_state *state, struct surface *s, struct rect r)
{
	struct drawing d = { state, s, r, r.y };
	struct flow flow = { .doc = &state->text, .cols = r.cols - MARGIN - 1 };

	if (state->phase == REVIEW_QUOTING) {
		surface_puts(s, r.y + 1, r.x + MARGIN, r.cols - MARGIN,
		    ROLE_DIM, _("The letter is being quoted ..."));
		return;
	}
	put_sender(&d);
	put_list(&d, _("To"), FIELD_TO);
	put_list(&d, _("Cc"), FIELD_CC);
	put_list(&d, _("Bcc"), FIELD_BCC);
	put_list(&d, _("Subject"), FIELD_SUBJECT);
	put_attachments(&d);
	put_notes(&d);
	d.y++;
	state->page = r.y + r.rows > d.y ? r.y + r.rows - d.y : 0;
	state->text_cols = flow.cols;
	state->top = flow_fit(&flow, state->top, state->page);
	pager_put_text(s, (struct rect){ d.y, r.x + MARGIN, state->page,
	    flow.cols }, &flow, state->top, SPAN_LIT(""));
}
