/* SPDX-License-Identifier: MIT */
#include "src/cli/print.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/text.h"

void
print_text(FILE *out, struct span text, int cols, bool pad)
{
	CLEANUP(buf_fini) struct buf clean = { 0 };
	struct span shown;
	int width;

	text_clean(&clean, text);
	shown = cols ? text_fit(buf_span(&clean), cols) : buf_span(&clean);
	fwrite(shown.n ? shown.p : "", 1, shown.n, out);
	for (width = text_width(shown); pad && width < cols; width++)
		putc(' ', out);
}

void
print_date(FILE *out, int64_t when)
{
	struct civil c;

	if (when == DATE_NONE) {
		fputs("-               ", out);
		return;
	}
	c = date_to_civil(when, date_local_offset(when));
	fprintf(out, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
	    c.hour, c.minute);
}

int
print_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}
