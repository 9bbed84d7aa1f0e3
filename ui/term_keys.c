/* SPDX-License-Identifier: MIT */
/*
 * The key side of the terminal: UTF-8, function keys, Alt as an escape
 * before, pasted text as one event.  The wait is the only place where
 * signals come in, so a resize is never missed and never cuts a frame.
 */
#include "ui/term.h"

#include <curses.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <unistr.h>

#include "base/bug.h"
#include "ui/term_state.h"

enum {
	KEY_PASTE_BEGIN = KEY_MAX + 1, KEY_PASTE_END,
	PASTE_MAX = 1 << 20,	/* octets kept of one paste */
	PASTE_GAP_MS = 500,	/* a paste whose end does not come is over */
	FDS_MAX = 16,
	ESCAPE = 27,
};

static const struct {
	int curses;
	uint32_t key;
} key_map[] = {
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT },
	{ KEY_RIGHT, K_RIGHT }, { KEY_PPAGE, K_PAGE_UP },
	{ KEY_NPAGE, K_PAGE_DOWN }, { KEY_HOME, K_HOME },
	{ KEY_END, K_END }, { KEY_DC, K_DELETE },
	{ KEY_BACKSPACE, K_BACKSPACE }, { KEY_ENTER, K_ENTER },
	{ KEY_BTAB, K_BACKTAB },
};

void
term_keys_open(void)
{
	define_key("\033[200~", KEY_PASTE_BEGIN);
	define_key("\033[201~", KEY_PASTE_END);
}

static void
put_pasted(struct buf *out, wint_t c)
{
	uint8_t text[6];
	int n;

	if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
		return;
	n = u8_uctomb(text, (ucs4_t)c, sizeof text);
	if (n > 0)
		buf_put(out, (struct span){ (char *)text, (size_t)n });
}

static uint32_t
read_paste(struct term *term)
{
	wint_t c;

	buf_reset(&term->paste);
	term->paste.max = PASTE_MAX;
	timeout(PASTE_GAP_MS);
	for (;;) {
		int kind = get_wch(&c);

		if (kind == ERR || (kind == KEY_CODE_YES &&
		    c == KEY_PASTE_END))
			break;
		if (kind == OK)
			put_pasted(&term->paste, c == '\r' ? '\n' : c);
	}
	nodelay(stdscr, TRUE);
	return K_PASTE;
}

static uint32_t
function_key(struct term *term, wint_t code)
{
	if (code == KEY_PASTE_BEGIN)
		return read_paste(term);
	for (size_t i = 0; i < ARRAY_LEN(key_map); i++) {
		if ((wint_t)key_map[i].curses == code)
			return key_map[i].key;
	}
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return K_F1 + (code - KEY_F(1));
	return K_NONE;
}

static uint32_t
character(wint_t c)
{
	if (c == '\r' || c == '\n')
		return K_ENTER;
	if (c == 8 || c == 0x7f)
		return K_BACKSPACE;
	return (uint32_t)c;
}

/* The next key that is already here; K_NONE. */
static uint32_t
next_key(struct term *term)
{
	wint_t c;
	int kind;

	kind = get_wch(&c);
	if (kind == ERR)
		return K_NONE;
	if (kind == KEY_CODE_YES)
		return function_key(term, c);
	if (c != ESCAPE)
		return character(c);
	kind = get_wch(&c);
	if (kind == ERR)
		return ESCAPE;
	if (kind == KEY_CODE_YES)
		return function_key(term, c);
	return c == ESCAPE ? ESCAPE : K_ALT | character(c);
}

static bool
is_hung_up(const struct pollfd *input)
{
	int waiting;

	if (input->revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return input->revents & POLLIN &&
	    ioctl(input->fd, FIONREAD, &waiting) == 0 && waiting == 0;
}

/* Polls input and fds; false when a signal came in. */
static bool
wait_for(struct term *term, struct pollfd *input, struct pollfd *fds,
    size_t nfds, int timeout_ms)
{
	struct timespec limit = { timeout_ms / 1000,
		timeout_ms % 1000 * 1000000L };
	struct pollfd all[FDS_MAX + 1];
	int n;

	bug_on(nfds > FDS_MAX);
	all[0] = *input;
	for (size_t i = 0; i < nfds; i++)
		all[i + 1] = fds[i];
	n = ppoll(all, (nfds_t)nfds + 1, timeout_ms < 0 ? NULL : &limit,
	    &term->wait_mask);
	input->revents = n > 0 ? all[0].revents : 0;
	for (size_t i = 0; i < nfds; i++)
		fds[i].revents = n > 0 ? all[i + 1].revents : 0;
	return n >= 0;
}

uint32_t
term_wait(struct term *term, struct pollfd *fds, size_t nfds, int timeout_ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint32_t key = next_key(term);

	if (key != K_NONE || term->was_interrupted)
		timeout_ms = 0;
	if (!wait_for(term, &input, fds, nfds, timeout_ms))
		term->was_interrupted = true;
	if (key != K_NONE)
		return key;
	if (term->was_interrupted) {
		term->was_interrupted = false;
		/* Stopped and continued, or resized: all is drawn again. */
		reset_prog_mode();
		term_refit(term);
		return K_RESIZED;
	}
	if (is_hung_up(&input))
		return K_HANGUP;
	return input.revents & POLLIN ? next_key(term) : K_NONE;
}

struct span
term_paste(const struct term *term)
{
	return buf_span(&term->paste);
}
