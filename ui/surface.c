/* SPDX-License-Identifier: MIT */
/*
 * The cell grid.  Invariant: a cell of width 2 is always followed by one of
 * width 0 with no text; whoever writes on one half of such a pair blanks the
 * other.  Only text_clean's output ever enters a cell.
 */
#include "ui/surface.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

/*
 * Octets looked at for one column.  Longer text is cut before it is
 * cleaned, so that a hostile line costs what the screen shows of it.
 */
enum { OCTETS_A_COLUMN = 64, OCTETS_LEAST = 256 };

static const struct cell blank = { .text = " ", .width = 1 };

void
surface_init(struct surface *s, int rows, int cols)
{
	*s = (struct surface){ .cursor_y = -1, .cursor_x = -1 };
	surface_resize(s, rows, cols);
}

void
surface_resize(struct surface *s, int rows, int cols)
{
	s->rows = rows > 0 ? rows : 0;
	s->cols = cols > 0 ? cols : 0;
	s->cells = xreallocarray(s->cells,
	    (size_t)s->rows * (size_t)s->cols + 1, sizeof s->cells[0]);
	s->cursor_y = s->cursor_x = -1;
	surface_clear(s, surface_all(s));
}

void
surface_fini(struct surface *s)
{
	free(s->cells);
	*s = (struct surface){ .cursor_y = -1, .cursor_x = -1 };
}

struct rect
surface_all(const struct surface *s)
{
	return (struct rect){ 0, 0, s->rows, s->cols };
}

/* NULL outside of the grid. */
static struct cell *
cell_at(struct surface *s, int y, int x)
{
	if (y < 0 || x < 0 || y >= s->rows || x >= s->cols)
		return NULL;
	return &s->cells[(size_t)y * (size_t)s->cols + (size_t)x];
}

/* Blanks the halves of wide cells that columns x to end would cut. */
static void
spare_halves(struct surface *s, int y, int x, int end)
{
	struct cell *first = cell_at(s, y, x);
	struct cell *behind = cell_at(s, y, end);

	if (first && first->width == 0 && x > 0)
		first[-1] = blank;
	if (behind && behind->width == 0)
		*behind = blank;
}

void
surface_clear(struct surface *s, struct rect r)
{
	int left = r.x > 0 ? r.x : 0;
	int right = r.x + r.cols < s->cols ? r.x + r.cols : s->cols;

	for (int y = r.y; y < r.y + r.rows; y++) {
		if (y < 0 || y >= s->rows || left >= right)
			continue;
		/* A fresh grid holds no cells yet to be spared. */
		if (left > 0 || right < s->cols)
			spare_halves(s, y, left, right);
		for (int x = left; x < right; x++)
			*cell_at(s, y, x) = blank;
	}
}

/* Copies a cluster, dropping whole characters of a tail that is too long. */
static void
copy_cluster(char text[CELL_OCTETS], struct span g)
{
	static const struct span joiner = SPAN("\xe2\x80\x8d");
	size_t n = g.n < CELL_OCTETS ? g.n : CELL_OCTETS - 1;

	while (n < g.n && n > 0 && ((uint8_t)g.p[n] & 0xc0) == 0x80)
		n--;
	/* A joiner at the end would reach into the next cell. */
	if (span_ends((struct span){ g.p, n }, joiner))
		n -= joiner.n;
	memcpy(text, g.p, n);
	text[n] = '\0';
}

static void
put_cluster(struct surface *s, int y, int x, enum role role, unsigned attrs,
    struct span g, int width)
{
	struct cell *c = cell_at(s, y, x);

	if (!c || x + width > s->cols)
		return;
	spare_halves(s, y, x, x + width);
	*c = (struct cell){ .width = (uint8_t)width, .role = (uint8_t)role,
		.attrs = (uint8_t)attrs };
	copy_cluster(c->text, g);
	if (width == 2)
		c[1] = (struct cell){ .role = (uint8_t)role,
			.attrs = (uint8_t)attrs };
}

/* Puts clean text that is known to fit; clusters without width are dropped. */
static int
put_fitting(struct surface *s, int y, int x, enum role role, unsigned attrs,
    struct span text)
{
	while (text.n) {
		int width;
		struct span g = text_grapheme(&text, &width);

		if (width > 0)
			put_cluster(s, y, x, role, attrs, g, width);
		x += width;
	}
	return x;
}

static struct span
ellipsis(const struct surface *s)
{
	return s->is_ascii ? SPAN_LIT("~") : SPAN_LIT("\xe2\x80\xa6");
}

/*
 * Cleans text for cols columns.  The span is in *text or in buf; *is_cut says
 * whether an ellipsis has to follow.
 */
static struct span
prepare(struct buf *buf, struct span text, int cols, bool *is_cut)
{
	size_t most = (size_t)cols * OCTETS_A_COLUMN + OCTETS_LEAST;

	*is_cut = text.n > most;
	text.n = *is_cut ? most : text.n;
	if (!text_is_clean(text)) {
		text_clean(buf, text);
		text = buf_span(buf);
	}
	if (!*is_cut && text_width(text) <= cols)
		return text;
	*is_cut = true;
	return text_fit(text, cols - 1);
}

int
surface_put(struct surface *s, int y, int x, int cols, enum role role,
    unsigned attrs, struct span text)
{
	CLEANUP(buf_fini) struct buf buf = { 0 };
	bool is_cut;

	if (cols <= 0)
		return x;
	text = prepare(&buf, text, cols, &is_cut);
	x = put_fitting(s, y, x, role, attrs, text);
	if (is_cut)
		x = put_fitting(s, y, x, role, attrs, ellipsis(s));
	return x;
}

int
surface_puts(struct surface *s, int y, int x, int cols, enum role role,
    const char *text)
{
	return surface_put(s, y, x, cols, role, 0, span_of(text));
}

int
surface_put_right(struct surface *s, int y, int x, int cols, enum role role,
    struct span text)
{
	CLEANUP(buf_fini) struct buf buf = { 0 };
	bool is_cut;

	if (cols <= 0)
		return x;
	text = prepare(&buf, text, cols, &is_cut);
	x += cols - text_width(text) - (is_cut ? 1 : 0);
	cols = put_fitting(s, y, x, role, 0, text);
	if (is_cut)
		put_fitting(s, y, cols, role, 0, ellipsis(s));
	return x;
}

void
surface_fill(struct surface *s, int y, int x, int cols, enum role role,
    const char *sign)
{
	for (int i = 0; i < cols; i++)
		surface_puts(s, y, x + i, 1, role, sign);
}

void
surface_select(struct surface *s, int y, int x, int cols)
{
	for (int i = 0; i < cols; i++) {
		struct cell *c = cell_at(s, y, x + i);

		if (c)
			c->is_selected = true;
	}
}

void
surface_dump(const struct surface *s, struct buf *out)
{
	for (int y = 0; y < s->rows; y++) {
		const struct cell *row = &s->cells[y * s->cols];
		int end = s->cols;

		while (end > 0 && strcmp(row[end - 1].text, " ") == 0)
			end--;
		for (int x = 0; x < end; x++)
			buf_puts(out, row[x].text);
		buf_putc(out, '\n');
	}
}
