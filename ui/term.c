/* SPDX-License-Identifier: MIT */
/*
 * The screen side of the terminal, on ncursesw.  Keeps the surface that was
 * drawn last and hands curses only the cells that differ.
 *
 * Curses believes wcwidth, the grid believes base/text.h; where they differ
 * on a cluster, the cell is written so that both see the same columns.
 * Strike-through, which curses does not know, is written over the finished
 * frame (smxx).
 */
#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <unistr.h>
#include <wchar.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "ui/host.h"
#include "ui/term_info.h"
#include "ui/term_state.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

enum { JOINER = 0x200d, EMOJI_FORM = 0xfe0f };

static void
write_raw(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

/* Does nothing: its arrival ends the wait. */
static void
on_signal(int sig)
{
	(void)sig;
}

static sigset_t
waited_for(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

void
ui_block_signals(void)
{
	sigset_t block = waited_for();

	pthread_sigmask(SIG_BLOCK, &block, NULL);
}

static void
take_signals(struct term *term)
{
	struct sigaction wake = { .sa_handler = on_signal };
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t block = waited_for();

	pthread_sigmask(SIG_BLOCK, &block, &term->old_mask);
	term->wait_mask = term->old_mask;
	sigdelset(&term->wait_mask, SIGWINCH);
	sigdelset(&term->wait_mask, SIGCONT);
	sigdelset(&term->wait_mask, SIGTERM);
	sigdelset(&term->wait_mask, SIGHUP);
	/* Those of curses would write to the screen from a handler. */
	sigaction(SIGWINCH, &wake, &term->old_winch);
	sigaction(SIGCONT, &wake, &term->old_cont);
	sigaction(SIGTSTP, &plain, &term->old_tstp);
}

static void
give_signals_back(struct term *term)
{
	sigaction(SIGWINCH, &term->old_winch, NULL);
	sigaction(SIGCONT, &term->old_cont, NULL);
	sigaction(SIGTSTP, &term->old_tstp, NULL);
	pthread_sigmask(SIG_SETMASK, &term->old_mask, NULL);
}

static int
colours_of_terminal(void)
{
	const char *no_color = getenv("NO_COLOR");

	if ((no_color && *no_color) || !has_colors() || start_color() != OK)
		return 0;
	if (COLORS >= 1 << 24 &&
	    (tigetflag("RGB") > 0 || tigetnum("RGB") > 0))
		return 1 << 24;
	if (COLORS >= 256)
		return 256;
	return COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

static void
enter_modes(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	/* Shifted cells would take their strike along unseen. */
	idcok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	set_escdelay(25);
	term_keys_open();
	write_raw(PASTE_ON);
}

enum err
term_open(const struct theme *theme, struct term **out, struct error *e)
{
	struct term *term;
	SCREEN *screen;
	enum err err = term_info_check(e);

	if (err != ERR_OK)
		return err;
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return error_set(e, ERR_CONFIG,
		    "the terminal \"%.40s\" cannot be used", getenv("TERM"));
	term = xcalloc(1, sizeof *term);
	term->screen = screen;
	term->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	term->theme = *theme;
	term->colours = colours_of_terminal();
	term->has_default_colours = term->colours &&
	    use_default_colors() == OK;
	theme_reduce(&term->theme, term->colours);
	term->strike_on = term_info_string("smxx");
	term->strike_off = term_info_string("rmxx");
	surface_init(&term->shown, LINES, COLS);
	take_signals(term);
	enter_modes();
	*out = term;
	return ERR_OK;
}

void
term_close(struct term *term)
{
	if (!term)
		return;
	write_raw(PASTE_OFF);
	endwin();
	give_signals_back(term);
	delscreen(term->screen);
	surface_fini(&term->shown);
	buf_fini(&term->paste);
	free(term);
}

void
term_size(const struct term *term, int *rows, int *cols)
{
	(void)term;
	*rows = LINES;
	*cols = COLS;
}

int
term_colours(const struct term *term)
{
	return term->colours;
}

bool
term_has_unicode(const struct term *term)
{
	return term->is_utf8;
}

void
term_refit(struct term *term)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_row > 0 && size.ws_col > 0)
		resize_term(size.ws_row, size.ws_col);
	surface_resize(&term->shown, LINES, COLS);
	werase(stdscr);
	clearok(curscr, TRUE);
}

void
term_suspend(struct term *term)
{
	(void)term;
	write_raw(PASTE_OFF);
	endwin();
}

void
term_resume(struct term *term)
{
	reset_prog_mode();
	write_raw(PASTE_ON);
	term_refit(term);
}

/* In direct colour terminals only the first eight are a palette. */
static int
colour_number(const struct term *term, colour c, int otherwise)
{
	if (c == COLOUR_DEFAULT)
		return term->has_default_colours ? -1 : otherwise;
	if (c & COLOUR_RGB)
		c &= 0xffffff;
	else if (term->colours > 256 && c >= 8)
		c = (colour)theme_palette(c);
	else
		return c;
	return c < 8 ? 8 : c;
}

/* The pair of curses, made at its first use; 0 when there are too many. */
static int
pair_of(struct term *term, colour fg, colour bg)
{
	int f = colour_number(term, fg, COLOR_WHITE);
	int b = colour_number(term, bg, COLOR_BLACK);

	if (term->colours == 0 || (f == -1 && b == -1))
		return 0;
	for (int i = 0; i < term->npairs; i++) {
		if (term->pairs[i].fg == f && term->pairs[i].bg == b)
			return i + 1;
	}
	if (term->npairs == PAIRS_MAX || term->npairs + 1 >= COLOR_PAIRS ||
	    init_extended_pair(term->npairs + 1, f, b) != OK)
		return 0;
	term->pairs[term->npairs].fg = f;
	term->pairs[term->npairs].bg = b;
	return ++term->npairs;
}

/* A selected cell keeps its own foreground where it has one. */
static struct style
style_of(const struct term *term, const struct cell *c)
{
	struct style style = term->theme.styles[c->role];
	const struct style *normal = &term->theme.styles[ROLE_NORMAL];
	const struct style *selection = &term->theme.styles[ROLE_SELECTION];

	style.attrs |= c->attrs;
	if (style.bg == COLOUR_DEFAULT)
		style.bg = normal->bg;
	if (!c->is_selected)
		return style;
	if (selection->bg != COLOUR_DEFAULT)
		style.bg = selection->bg;
	/* Dim letters would drown in the selection's background. */
	if (selection->fg != COLOUR_DEFAULT || style.fg == selection->bg)
		style.fg = selection->fg;
	style.attrs |= selection->attrs;
	return style;
}

static attr_t
attrs_of(unsigned attrs)
{
	static const struct {
		enum attr ours;
		attr_t curses;
	} map[] = {
		{ ATTR_BOLD, A_BOLD }, { ATTR_DIM, A_DIM },
		{ ATTR_ITALIC, A_ITALIC }, { ATTR_UNDERLINE, A_UNDERLINE },
		{ ATTR_REVERSE, A_REVERSE },
	};
	attr_t all = A_NORMAL;

	for (size_t i = 0; i < ARRAY_LEN(map); i++) {
		if (attrs & map[i].ours)
			all |= map[i].curses;
	}
	return all;
}

static bool
is_struck(const struct term *term, const struct cell *c)
{
	return term->strike_on &&
	    style_of(term, c).attrs & ATTR_STRIKE;
}

/* A cell as curses can hold it: one spacing character a column or two. */
struct glyph {
	wchar_t first[CCHARW_MAX + 1];
	wchar_t second[2];	/* for the second column, when not empty */
};

static wchar_t
printable(const struct term *term, wchar_t c, int width)
{
	int w = wcwidth(c);

	if (w == 1 || w == width)
		return c;
	return term->is_utf8 ? 0xfffd : L'?';
}

static struct glyph
glyph_of(const struct term *term, const struct cell *cell)
{
	struct glyph g = { L"", L"" };
	const uint8_t *p = (const uint8_t *)cell->text;
	size_t n = 0, left = strlen(cell->text);

	for (ucs4_t c; left > 0;) {
		int used = u8_mbtouc(&c, p, left);

		p += used;
		left -= (size_t)used;
		if (n == 0)
			g.first[n++] = printable(term, (wchar_t)c, cell->width);
		else if (wcwidth((wchar_t)c) == 0 && n < CCHARW_MAX &&
		    c != JOINER && c != EMOJI_FORM)
			g.first[n++] = (wchar_t)c;
		else if (c >= 0x1f1e6 && c <= 0x1f1ff)
			g.second[0] = printable(term, (wchar_t)c, 1);
	}
	if (cell->width == 2 && wcwidth(g.first[0]) == 1 && !g.second[0])
		g.second[0] = L' ';
	return g;
}

static void
put_glyph(int y, int x, const wchar_t *text, attr_t attrs, int pair)
{
	cchar_t c;

	if (setcchar(&c, text, attrs, 0, &pair) == OK)
		mvadd_wch(y, x, &c);
}

static void
put_cell(struct term *term, int y, int x, const struct cell *cell)
{
	struct style style = style_of(term, cell);
	struct glyph g = glyph_of(term, cell);
	attr_t attrs = attrs_of(style.attrs);
	int pair = pair_of(term, style.fg, style.bg);

	put_glyph(y, x, g.first, attrs, pair);
	if (g.second[0])
		put_glyph(y, x + 1, g.second, attrs, pair);
}

static bool
same_cell(const struct cell *a, const struct cell *b)
{
	return a->width == b->width && a->role == b->role &&
	    a->attrs == b->attrs && a->is_selected == b->is_selected &&
	    strcmp(a->text, b->text) == 0;
}

/* The cells of a row that differ.  True when its strikes must be written. */
static bool
draw_row(struct term *term, const struct surface *s, int y)
{
	const struct cell *row = &s->cells[y * s->cols];
	struct cell *shown = &term->shown.cells[y * term->shown.cols];
	bool is_changed = false, has_strike = false, was_struck = false;

	for (int x = 0; x < s->cols; x++) {
		was_struck = was_struck || is_struck(term, &shown[x]);
		has_strike = has_strike || is_struck(term, &row[x]);
		if (same_cell(&row[x], &shown[x]))
			continue;
		is_changed = true;
		shown[x] = row[x];
		if (row[x].width > 0)
			put_cell(term, y, x, &row[x]);
	}
	/* Curses does not see a strike go: the whole line is written anew. */
	if (is_changed && (was_struck || has_strike))
		wredrawln(stdscr, y, 1);
	return is_changed && has_strike;
}

/* Writes the struck cells of a finished row again, with the strike on. */
static void
strike_row(struct term *term, int y)
{
	const struct cell *row = &term->shown.cells[y * term->shown.cols];

	for (int x = 0; x < term->shown.cols; x++) {
		struct glyph glyph;
		struct style style;
		int pair;

		if (row[x].width == 0 || !is_struck(term, &row[x]))
			continue;
		glyph = glyph_of(term, &row[x]);
		style = style_of(term, &row[x]);
		pair = pair_of(term, style.fg, style.bg);
		term_info_move(y, x);
		vid_puts(attrs_of(style.attrs), 0, &pair, putchar);
		term_info_put(term->strike_on);
		printf("%ls%ls", glyph.first, glyph.second);
		term_info_put(term->strike_off);
	}
}

static void
draw_strikes(struct term *term, const bool *needs_strike, int cursor_y,
    int cursor_x)
{
	bool has_any = false;
	int none = 0;

	for (int y = 0; y < term->shown.rows; y++) {
		if (needs_strike[y]) {
			strike_row(term, y);
			has_any = true;
		}
	}
	if (!has_any)
		return;
	vid_puts(A_NORMAL, 0, &none, putchar);
	term_info_move(cursor_y, cursor_x);
	fflush(stdout);
}

void
term_draw(struct term *term, const struct surface *s)
{
	bool *needs_strike;
	int y = s->cursor_y, x = s->cursor_x;

	if (s->rows != term->shown.rows || s->cols != term->shown.cols)
		return;		/* resized meanwhile: the next frame fits */
	needs_strike = xcalloc((size_t)s->rows + 1, sizeof *needs_strike);
	for (int row = 0; row < s->rows; row++)
		needs_strike[row] = draw_row(term, s, row);
	curs_set(y >= 0 ? 1 : 0);
	if (y < 0)
		y = x = 0;
	move(y, x);
	refresh();
	draw_strikes(term, needs_strike, y, x);
	free(needs_strike);
}
