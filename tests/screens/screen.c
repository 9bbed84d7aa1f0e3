/* SPDX-License-Identifier: MIT */
#include "tests/screens/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "base/bug.h"
#include "base/xalloc.h"

enum { LIMIT_MS = 20000, SETTLE_MS = 333 };

struct screen {
	VTerm *vterm;
	VTermScreen *cells;
	int fd, rows, cols;
	pid_t pid;
	bool has_ended;
	int status;
	struct buf output;
};

/* What the emulator answers to queries goes back to the program. */
static void
answer(const char *p, size_t n, void *ctx)
{
	const struct screen *s = ctx;

	if (write(s->fd, p, n) < 0)
		return;		/* the program is gone: seen by the reader */
}

static _Noreturn void
become(char *const argv[], char *const env[])
{
	if (env)
		environ = (char **)(uintptr_t)env;
	setenv("TERM", "xterm-256color", 1);
	execv(argv[0], argv);
	_exit(127);
}

struct screen *
screen_start(char *const argv[], char *const env[], int rows, int cols)
{
	struct screen *s = xcalloc(1, sizeof *s);
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	s->rows = rows;
	s->cols = cols;
	s->pid = forkpty(&s->fd, NULL, NULL, &size);
	bug_on(s->pid < 0);
	if (s->pid == 0)
		become(argv, env);
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	s->vterm = vterm_new(rows, cols);
	vterm_set_utf8(s->vterm, 1);
	vterm_output_set_callback(s->vterm, answer, s);
	s->cells = vterm_obtain_screen(s->vterm);
	vterm_screen_enable_altscreen(s->cells, 1);
	vterm_screen_reset(s->cells, 1);
	return s;
}

static void
reap(struct screen *s, int options)
{
	if (!s->has_ended && waitpid(s->pid, &s->status, options) == s->pid)
		s->has_ended = true;
}

void
screen_free(struct screen *s)
{
	if (!s->has_ended) {
		kill(s->pid, SIGKILL);
		reap(s, 0);
	}
	close(s->fd);
	vterm_free(s->vterm);
	buf_fini(&s->output);
	free(s);
}

pid_t
screen_pid(const struct screen *s)
{
	return s->pid;
}

void
screen_type(struct screen *s, const char *keys)
{
	size_t n = strlen(keys);

	bug_on(write(s->fd, keys, n) != (ssize_t)n);
}

void
screen_resize(struct screen *s, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vterm, rows, cols);
	ioctl(s->fd, TIOCSWINSZ, &size);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Takes in what is there, waiting for it until `end`.  False at the end. */
static bool
take(struct screen *s, int64_t end)
{
	struct pollfd fd = { .fd = s->fd, .events = POLLIN };
	int64_t left = end - now_ms();
	char piece[16384];
	ssize_t n;

	if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
		return false;
	n = read(s->fd, piece, sizeof piece);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;	/* EIO: nobody has the terminal any more */
	buf_put(&s->output, (struct span){ piece, (size_t)n });
	vterm_input_write(s->vterm, piece, (size_t)n);
	return true;
}

static bool
wait_until(struct screen *s, const char *text, bool wanted)
{
	int64_t end = now_ms() + LIMIT_MS;

	while (screen_shows(s, text) != wanted)
		if (!take(s, end))
			return screen_shows(s, text) == wanted;
	return true;
}

bool
screen_wait(struct screen *s, const char *text)
{
	return wait_until(s, text, true);
}

bool
screen_wait_gone(struct screen *s, const char *text)
{
	return wait_until(s, text, false);
}

static bool
is_all(struct screen *s, struct span text)
{
	struct buf b = { 0 };
	bool is_equal;

	screen_text(s, &b);
	is_equal = span_eq(buf_span(&b), text);
	buf_fini(&b);
	return is_equal;
}

bool
screen_wait_all(struct screen *s, struct span text)
{
	int64_t end = now_ms() + LIMIT_MS;

	while (!is_all(s, text))
		if (!take(s, end))
			return is_all(s, text);
	return true;
}

void
screen_settle(struct screen *s)
{
	while (take(s, now_ms() + SETTLE_MS))
		continue;
}

int
screen_wait_exit(struct screen *s)
{
	int64_t end = now_ms() + LIMIT_MS;

	while (take(s, end))
		continue;
	reap(s, now_ms() < end ? 0 : WNOHANG);
	return s->has_ended ? s->status : -1;
}

static void
put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(out, (char)(0xe0 | c >> 12));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | c >> 18));
		buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

static void
put_row(struct screen *s, int y, struct buf *out)
{
	size_t end = out->n;

	for (int x = 0; x < s->cols; x++) {
		VTermScreenCell cell;

		vterm_screen_get_cell(s->cells, (VTermPos){ y, x }, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			continue;	/* the right half of a wide character */
		if (!cell.chars[0])
			cell.chars[0] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i];
		    i++)
			put_char(out, cell.chars[i]);
		if (cell.chars[0] != ' ')
			end = out->n;
	}
	out->n = end;
	buf_putc(out, '\n');
}

void
screen_text(struct screen *s, struct buf *out)
{
	for (int y = 0; y < s->rows; y++)
		put_row(s, y, out);
}

bool
screen_shows(struct screen *s, const char *text)
{
	struct buf b = { 0 };
	bool shows;

	screen_text(s, &b);
	shows = span_find(buf_span(&b), span_of(text)) != SIZE_MAX;
	buf_fini(&b);
	return shows;
}

void
screen_attrs(struct screen *s, int y, int x, char out[8])
{
	VTermScreenCell cell;
	size_t n = 0;

	vterm_screen_get_cell(s->cells, (VTermPos){ y, x }, &cell);
	if (cell.attrs.bold)
		out[n++] = 'b';
	if (cell.attrs.reverse)
		out[n++] = 'r';
	if (cell.attrs.strike)
		out[n++] = 's';
	out[n] = '\0';
}

struct span
screen_output(const struct screen *s)
{
	return buf_span(&s->output);
}
