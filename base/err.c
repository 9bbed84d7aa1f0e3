/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/bug.h"
#include "base/text.h"

static const struct {
	const char *name;
	int exit_code;
} kinds[] = {
	[ERR_OK] = { "ok", EX_OK },
	[ERR_AGAIN] = { "again", EX_TEMPFAIL },
	[ERR_NOTFOUND] = { "not-found", EX_NOINPUT },
	[ERR_REFUSED] = { "refused", EX_UNAVAILABLE },
	[ERR_AUTH] = { "auth", EX_NOPERM },
	[ERR_PROTO] = { "protocol", EX_PROTOCOL },
	[ERR_LIMIT] = { "limit", EX_DATAERR },
	[ERR_IO] = { "io", EX_IOERR },
	[ERR_UNREACHABLE] = { "unreachable", EX_UNAVAILABLE },
	[ERR_TLS] = { "tls", EX_UNAVAILABLE },
	[ERR_TIMEOUT] = { "timeout", EX_UNAVAILABLE },
	[ERR_FULL] = { "full", EX_CANTCREAT },
	[ERR_CORRUPT] = { "corrupt", EX_DATAERR },
	[ERR_VERSION] = { "version", EX_CONFIG },
	[ERR_CONFIG] = { "config", EX_CONFIG },
	[ERR_USAGE] = { "usage", EX_USAGE },
	[ERR_DATA] = { "data", EX_DATAERR },
	[ERR_BUSY] = { "busy", EX_TEMPFAIL },
	[ERR_CANCELED] = { "canceled", EX_TEMPFAIL },
};

/*
 * Makes the text safe to print as it is: controls, overrides and bytes that
 * are no UTF-8 (also a character that snprintf cut) become visible signs.
 */
static void
clean(struct error *e)
{
	struct buf b = { 0 };
	struct span kept;

	text_clean(&b, span_of(e->text));
	kept = buf_span(&b);
	while (kept.n >= sizeof e->text) {	/* cleaning may make it longer */
		kept.n = sizeof e->text - 1;
		while (kept.n && ((unsigned char)kept.p[kept.n] & 0xc0) == 0x80)
			kept.n--;
	}
	if (kept.n)
		memcpy(e->text, kept.p, kept.n);
	e->text[kept.n] = '\0';
	buf_fini(&b);
}

static void
fill(struct error *e, enum err kind, int sys, const char *fmt, va_list ap)
{
	size_t n;

	*e = (struct error){ .kind = kind, .sys = sys };
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	n = strlen(e->text);
	if (sys)
		snprintf(e->text + n, sizeof e->text - n, ": %s", strerror(sys));
	if (!text_is_clean(span_of(e->text)))
		clean(e);
}

enum err
error_set(struct error *e, enum err kind, const char *fmt, ...)
{
	va_list ap;

	if (e) {
		va_start(ap, fmt);
		fill(e, kind, 0, fmt, ap);
		va_end(ap);
	}
	return kind;
}

enum err
error_sys(struct error *e, enum err kind, int sys, const char *fmt, ...)
{
	va_list ap;

	if (e) {
		va_start(ap, fmt);
		fill(e, kind, sys, fmt, ap);
		va_end(ap);
	}
	return kind;
}

const char *
err_name(enum err kind)
{
	bug_on((size_t)kind >= ARRAY_LEN(kinds));
	return kinds[kind].name;
}

int
err_exit_code(enum err kind)
{
	bug_on((size_t)kind >= ARRAY_LEN(kinds));
	return kinds[kind].exit_code;
}
