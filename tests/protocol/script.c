/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"

struct script_events {
	struct buf lines;
	bool is_streaming;	/* the last line is a script_data */
};

/* How the server's bytes come. */
struct cutting {
	size_t at;		/* a cut behind so many octets; or none */
	bool is_bytewise;
	bool is_end;		/* the cut is the end of the connection */
};

enum { MASKS_MAX = 4 };

struct play {
	const struct script_engine *with;
	void *engine;			/* made when the first act needs it */
	struct session_settings settings;
	struct span mask[MASKS_MAX];
	struct cutting cutting;
	const char *file;
	int line;
	struct buf chunk;		/* the server's, not fed yet */
	size_t fed;
	bool is_over;			/* error, or end of connection */
	struct buf sent;
	struct script_events events;
};

char *
script_escape(struct span s)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\r')
			buf_puts(&out, "\\r");
		else if (c == '\n')
			buf_puts(&out, "\\n");
		else if (c < 0x20 || c > 0x7e)
			buf_printf(&out, "\\x%02x", c);
		else
			buf_putc(&out, (char)c);
	}
	return buf_steal(&out);
}

static void
end_stream(struct script_events *to)
{
	if (to->is_streaming)
		buf_putc(&to->lines, '\n');
	to->is_streaming = false;
}

void
script_event(struct script_events *to, const char *fmt, ...)
{
	CLEANUP(cleanup_free) char *escaped = NULL;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	end_stream(to);
	escaped = script_escape(span_trim(span_of(text)));
	buf_printf(&to->lines, "%s\n", escaped);
}

void
script_data(struct script_events *to, unsigned number, struct span piece)
{
	CLEANUP(cleanup_free) char *escaped = script_escape(piece);

	if (!to->is_streaming)
		buf_printf(&to->lines, "data %u ", number);
	to->is_streaming = true;
	buf_puts(&to->lines, escaped);
}

static void
unescape(struct buf *out, struct span s)
{
	while (s.n) {
		char c = *span_take(&s, 1).p;

		if (c != '\\') {
			buf_putc(out, c);
			continue;
		}
		switch (c = *span_take(&s, 1).p) {
		case 'r':
			buf_putc(out, '\r');
			break;
		case 'n':
			buf_putc(out, '\n');
			break;
		case 't':
			buf_putc(out, '\t');
			break;
		case '0':
			buf_putc(out, '\0');
			break;
		case 'x': {
			CLEANUP(cleanup_free) char *hex = span_dup(
			    span_take(&s, 2));

			buf_putc(out, (char)strtoul(hex, NULL, 16));
			break;
		}
		default:
			buf_putc(out, c);
		}
	}
}

static void
drain(struct play *p)
{
	struct span out = p->with->output(p->engine);

	buf_put(&p->sent, out);
	p->with->sent(p->engine, out.n);
}

/* Lets the engine take all of `in`, and give all the events it has. */
static void
run(struct play *p, struct span in)
{
	enum step step = STEP_EVENT;

	while (!p->is_over && step == STEP_EVENT) {
		step = p->with->step(p->engine, &in, &p->events);
		drain(p);
	}
	cr_assert(p->is_over || step != STEP_MORE || in.n == 0,
	    "%s:%d: input left behind", p->file, p->line);
	if (!p->is_over && step == STEP_ERROR) {
		const struct error *e = p->with->error(p->engine);

		script_event(&p->events, "error %s %s", err_name(e->kind),
		    e->text);
		p->is_over = true;
	}
}

static void
start(struct play *p)
{
	if (p->engine)
		return;
	p->settings.mask = p->mask;
	p->engine = p->with->create(&p->settings);
}

/* Where the next cut of the chunk is, counted from its start. */
static size_t
next_cut(const struct play *p, size_t n)
{
	if (p->cutting.is_bytewise)
		return 1;
	if (p->cutting.at > p->fed && p->cutting.at - p->fed < n)
		return p->cutting.at - p->fed;
	return n;
}

/* An exact copy of each piece, so that a read past its end is seen. */
static void
feed_chunk(struct play *p)
{
	struct span rest = buf_span(&p->chunk);

	while (rest.n && !p->is_over) {
		struct span piece = span_take(&rest, next_cut(p, rest.n));
		char *copy = xreallocarray(NULL, piece.n, 1);

		memcpy(copy, piece.p, piece.n);
		p->fed += piece.n;
		run(p, (struct span){ copy, piece.n });
		free(copy);
		if (p->cutting.is_end && p->fed == p->cutting.at)
			p->is_over = true;
	}
	buf_reset(&p->chunk);
}

static bool
matches(struct span want, struct span got)
{
	if (!span_ends(want, SPAN_LIT("...")))
		return span_eq(want, got);
	want.n -= 3;
	return span_starts(got, want);
}

/* Cuts the next line off what was collected and compares it. */
static void
expect(struct play *p, struct buf *from, struct span want, const char *what)
{
	struct span rest = buf_span(from), got = { NULL, 0 };
	size_t before = rest.n;

	span_split(&rest, '\n', &got);
	if (span_ends(got, SPAN_LIT("\r")))
		got.n--;
	cr_assert(before > 0 && matches(want, got),
	    "%s:%d: %s is \"%.*s\", not \"%.*s\" (cut at %zu%s%s)", p->file,
	    p->line, what, SPAN_ARG(got), SPAN_ARG(want), p->cutting.at,
	    p->cutting.is_bytewise ? ", bytewise" : "",
	    p->cutting.is_end ? ", end" : "");
	buf_consume(from, before - rest.n);
}

static void
set(struct play *p, struct span key, struct span value)
{
	if (span_eq(key, SPAN_LIT("user")))
		p->settings.credentials.user = value;
	else if (span_eq(key, SPAN_LIT("password")))
		p->settings.credentials.password = value;
	else if (span_eq(key, SPAN_LIT("mask")))
		p->mask[p->settings.nmask++] = value;
	else if (span_eq(value, SPAN_LIT("tls")))
		p->settings.channel = CHANNEL_TLS;
	else if (span_eq(value, SPAN_LIT("starttls")))
		p->settings.channel = CHANNEL_STARTTLS;
	else if (span_eq(value, SPAN_LIT("insecure")))
		p->settings.channel = CHANNEL_INSECURE;
	else
		cr_assert_fail("%s:%d: unknown word", p->file, p->line);
}

static bool
server_line(struct play *p, struct span key, struct span value)
{
	if (!span_eq(key, SPAN_LIT("S:")) && !span_eq(key, SPAN_LIT("L:")) &&
	    !span_eq(key, SPAN_LIT("B:")))
		return false;
	start(p);
	unescape(&p->chunk, value);
	if (*key.p == 'S')
		buf_puts(&p->chunk, "\r\n");
	else if (*key.p == 'L')
		buf_puts(&p->chunk, "\n");
	return true;
}

static void
directive(struct play *p, struct span line)
{
	struct span key;

	if (!span_split(&line, ' ', &key) || *key.p == '#' ||
	    server_line(p, key, line))
		return;
	feed_chunk(p);
	if (p->is_over && p->cutting.is_end)
		return;
	if (span_eq(key, SPAN_LIT("C:"))) {
		expect(p, &p->sent, line, "what was sent");
	} else if (span_eq(key, SPAN_LIT("E:"))) {
		end_stream(&p->events);
		expect(p, &p->events.lines, line, "the event");
	} else if (span_eq(key, SPAN_LIT("do:"))) {
		p->with->act(p->engine, line, &p->events);
		drain(p);
		run(p, (struct span){ NULL, 0 });
	} else {
		set(p, key, line);
	}
}

/* Plays one file once; returns how many octets the server sent. */
static size_t
play(const struct script_engine *with, const char *file, struct span script,
    struct cutting cutting)
{
	struct play p = { .with = with, .file = file, .cutting = cutting };
	struct span line;

	p.settings.host = SPAN_LIT("mail.example");
	while (span_split(&script, '\n', &line)) {
		p.line++;
		if (line.n)
			directive(&p, line);
		if (p.is_over && cutting.is_end)
			break;
	}
	if (!cutting.is_end) {
		feed_chunk(&p);
		end_stream(&p.events);
		cr_assert_eq(p.events.lines.n, 0, "%s: events left: %s", file,
		    buf_str(&p.events.lines));
		cr_assert_eq(p.sent.n, 0, "%s: left to send: %s", file,
		    buf_str(&p.sent));
	}
	if (p.engine)
		with->destroy(p.engine);
	buf_fini(&p.chunk);
	buf_fini(&p.sent);
	buf_fini(&p.events.lines);
	return p.fed;
}

static void
play_file(const struct script_engine *with, const char *path)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "rb");
	CLEANUP(buf_fini) struct buf script = { 0 };
	char part[4096];
	size_t n, total;

	cr_assert(f, "%s cannot be read", path);
	while ((n = fread(part, 1, sizeof part, f)))
		buf_put(&script, (struct span){ part, n });
	total = play(with, path, buf_span(&script), (struct cutting){ 0 });
	play(with, path, buf_span(&script),
	    (struct cutting){ .is_bytewise = true });
	for (size_t at = 1; at < total; at++) {
		play(with, path, buf_span(&script),
		    (struct cutting){ .at = at });
		play(with, path, buf_span(&script),
		    (struct cutting){ .at = at, .is_end = true });
	}
}

void
script_play_all(const struct script_engine *engine, const char *folder)
{
	const char *srcdir = getenv("srcdir");
	CLEANUP(cleanup_free) char *path = xasprintf("%s/tests/data/%s",
	    srcdir ? srcdir : ".", folder);
	struct dirent *entry;
	DIR *dir = opendir(path);
	int count = 0;

	cr_assert(dir, "%s cannot be read", path);
	while ((entry = readdir(dir))) {
		CLEANUP(cleanup_free) char *file = NULL;

		if (entry->d_name[0] == '.')
			continue;
		file = xasprintf("%s/%s", path, entry->d_name);
		play_file(engine, file);
		count++;
	}
	closedir(dir);
	cr_assert_gt(count, 0);
}
