/* SPDX-License-Identifier: MIT */
/* How a letter looks. */
#include "ui/pager_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "mail/header.h"
#include "ui/ui.h"

enum {
	MARGIN = 1,
	WARNINGS_MAX = 3,	/* rows for links that lie */
	SPARE_ROWS = 8,		/* a lower screen shows the sender alone */
	ADDRESSES_SHOWN = 20,
};

struct drawing {
	const struct pager_state *state;
	struct surface *s;
	struct rect r;
	int y;
	int label;		/* columns of the names */
};

void
pager_put_size(struct buf *out, uint64_t octets)
{
	static const char *const units[] = { N_("KB"), N_("MB"), N_("GB") };
	double size = (double)octets / 1000;
	size_t unit = 0;

	if (octets < 1000) {
		buf_printf(out, _("%" PRIu64 " B"), octets);
		return;
	}
	for (; size >= 1000 && unit + 1 < ARRAY_LEN(units); unit++)
		size /= 1000;
	buf_printf(out, size < 10 ? "%.1f %s" : "%.0f %s", size,
	    _(units[unit]));
}

static void
put_addresses(struct buf *out, const struct addresses *a)
{
	for (size_t i = 0; i < a->n && i < ADDRESSES_SHOWN; i++) {
		if (i)
			buf_puts(out, ", ");
		header_put_address(out, &a->list[i]);
	}
	if (a->n > ADDRESSES_SHOWN)
		buf_printf(out, _(" and %zu more"), a->n - ADDRESSES_SHOWN);
}

/* A row of the header block; what is right yields to nothing. */
static void
put_header(struct drawing *d, const char *name, struct span value,
    struct span right)
{
	int x = d->r.x + MARGIN, cols = d->r.cols - 2 * MARGIN;
	int right_cols = right.n ? text_width(right) + 2 : 0;

	if (d->y >= d->r.y + d->r.rows)
		return;
	if (cols - d->label - right_cols < 20)
		right_cols = 0;
	surface_puts(d->s, d->y, x, d->label, ROLE_HEADER_NAME, name);
	surface_put(d->s, d->y, x + d->label, cols - d->label - right_cols,
	    ROLE_HEADER_VALUE, 0, value);
	if (right_cols)
		surface_put_right(d->s, d->y, x, cols, ROLE_DATE, right);
	d->y++;
}

static void
put_sender(struct drawing *d, struct span right)
{
	CLEANUP(buf_fini) struct buf from = { 0 };
	const struct pager_state *st = d->state;
	struct address row = { st->message.from_name, st->message.from_addr };

	if (st->reading && st->reading->envelope.from.n)
		put_addresses(&from, &st->reading->envelope.from);
	else
		header_put_address(&from, &row);
	put_header(d, _("From"), buf_span(&from), right);
}

/* An answer would go elsewhere: said, since it is often a trick. */
static void
put_reply_to(struct drawing *d)
{
	CLEANUP(buf_fini) struct buf value = { 0 };
	const struct envelope *e = &d->state->reading->envelope;

	if (e->reply_to.n == 0 || (e->reply_to.n == 1 && e->from.n == 1 &&
	    span_ieq(e->reply_to.list[0].addr, e->from.list[0].addr)))
		return;
	put_addresses(&value, &e->reply_to);
	put_header(d, _("Reply to"), buf_span(&value), (struct span){ 0 });
}

static void
put_recipients(struct drawing *d, struct span date)
{
	CLEANUP(buf_fini) struct buf to = { 0 }, cc = { 0 };
	const struct pager_state *st = d->state;

	if (st->reading)
		put_addresses(&to, &st->reading->envelope.to);
	else
		buf_put(&to, st->message.to);
	put_header(d, _("To"), buf_span(&to), date);
	if (!st->reading)
		return;
	put_addresses(&cc, &st->reading->envelope.cc);
	if (cc.n)
		put_header(d, _("Cc"), buf_span(&cc), (struct span){ 0 });
	put_reply_to(d);
}

/* The host of an absolute URL. */
static struct span
url_host(struct span url)
{
	size_t at = span_find(url, SPAN_LIT("://"));
	struct span host = at == SIZE_MAX ? url : span_skip(url, at + 3);
	size_t end = 0;

	while (end < host.n && host.p[end] != '/' && host.p[end] != '?' &&
	    host.p[end] != '#')
		end++;
	host.n = end;
	/* What stands before "@" is not where it leads. */
	while ((at = span_chr(host, '@')) != SIZE_MAX)
		host = span_skip(host, at + 1);
	return host;
}

/* Links whose text names another host than the one they lead to. */
static void
put_link_warnings(struct drawing *d)
{
	const struct reading *reading = d->state->reading;
	int shown = 0;

	for (size_t i = 0; reading && i < reading->doc.nlinks &&
	    shown < WARNINGS_MAX; i++) {
		CLEANUP(buf_fini) struct buf text = { 0 };

		if (!reading->doc.links[i].is_deceptive)
			continue;
		buf_printf(&text, _("! Link [%zu] leads to "), i + 1);
		buf_put(&text, url_host(reading->doc.links[i].url));
		buf_puts(&text, _(", not where its text says"));
		surface_put(d->s, d->y++, d->r.x + MARGIN,
		    d->r.cols - 2 * MARGIN, ROLE_WARNING, 0, buf_span(&text));
		shown++;
	}
}

static int
label_cols(void)
{
	const char *const names[] = { _("From"), _("To"), _("Cc"),
		_("Reply to") };
	int cols = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int w = text_width(span_of(names[i]));

		cols = w > cols ? w : cols;
	}
	return cols + 2;
}

static void
put_headers(struct drawing *d)
{
	CLEANUP(buf_fini) struct buf date = { 0 };
	bool is_low = d->r.rows < SPARE_ROWS;

	ui_put_long_date(d->state->message.date, &date);
	put_sender(d, is_low ? buf_span(&date) : (struct span){ 0 });
	if (!is_low)
		put_recipients(d, buf_span(&date));
	put_link_warnings(d);
	if (!is_low)
		d->y++;
}

/* What can be saved, in the lowest row; true when there is something. */
static bool
put_attachments(struct drawing *d)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	const struct reading *reading = d->state->reading;
	size_t n = 0;

	for (size_t i = 0; reading && i < reading->nparts; i++) {
		const struct letter_part *part = &reading->parts[i];

		if (!part->is_attachment)
			continue;
		buf_printf(&text, "%s+ %zu ", n ? "    " : "", n + 1);
		buf_put(&text, part->name.n ? part->name : part->type);
		buf_puts(&text, "  ");
		pager_put_size(&text, part->size);
		n++;
	}
	if (n == 0)
		return false;
	surface_put(d->s, d->r.y + d->r.rows - 1, d->r.x + MARGIN,
	    d->r.cols - 2 * MARGIN, ROLE_ATTACHMENT, 0, buf_span(&text));
	return true;
}

struct flow
pager_flow(const struct pager_state *state)
{
	static const struct doc empty;

	return (struct flow){ .cols = state->cols,
		.doc = state->reading ? &state->reading->doc : &empty,
		.folds_quotes = state->folds_quotes };
}

int
pager_percent(const struct pager_state *state)
{
	struct flow f = pager_flow(state);
	struct flow_position at = state->top;
	const struct doc_line *line;
	double part;

	for (int i = 1; i < state->page; i++)
		if (!flow_next(&f, &at))
			return 100;
	line = flow_row(&f, at).line;
	if (!line || !flow_next(&f, &at))
		return 100;
	part = line->text.n ? (double)at.start / (double)line->text.n : 0;
	return (int)(100 * ((double)at.line + part) / (double)f.doc->nlines);
}

void
pager_draw(struct pager_state *state, struct surface *s, struct rect r)
{
	struct drawing d = { state, s, r, r.y, label_cols() };
	struct flow flow;
	int bottom = r.y + r.rows;

	put_headers(&d);
	if (put_attachments(&d))
		bottom--;
	state->page = bottom > d.y ? bottom - d.y : 0;
	state->cols = r.cols - 2 * MARGIN;
	if (!state->reading || state->reading->error.kind) {
		surface_puts(s, d.y, r.x + MARGIN, r.cols - 2 * MARGIN,
		    ROLE_DIM, state->notice ? state->notice : "");
		return;
	}
	flow = pager_flow(state);
	state->top = flow_fit(&flow, state->top, state->page);
	pager_put_text(s, (struct rect){ d.y, r.x + MARGIN, state->page,
	    flow.cols }, &flow, state->top, state->needle);
}
