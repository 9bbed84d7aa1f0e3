/* SPDX-License-Identifier: MIT */
/*
 * Two passes over the bytes: one counts the groups and entries, one fills
 * them in; both are the same walk.
 */
#include "src/core/config_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	MAX_OCTETS = 1024 * 1024,
	PATH_SHOWN = 100,	/* of the error's one line */
};

enum err
config_text_error(const struct config_text *text, unsigned line,
    struct error *e, const char *fmt, ...)
{
	size_t n = strlen(text->path);
	char why[sizeof e->text];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return error_set(e, ERR_CONFIG, "%s%s:%u: %s",
	    n > PATH_SHOWN ? "..." : "",
	    text->path + (n > PATH_SHOWN ? n - PATH_SHOWN : 0), line, why);
}

/* Room is made once: growing would leave copies of passwords behind. */
static enum err
read_all(struct config_text *text, int fd, off_t size, struct error *e)
{
	char *to = size < MAX_OCTETS ?
	    buf_room(&text->bytes, (size_t)size + 1) : NULL;
	ssize_t got = 1;

	if (!to)
		return error_set(e, ERR_CONFIG, "%.160s is larger than %d KiB",
		    text->path, MAX_OCTETS / 1024);
	for (size_t left = (size_t)size; left > 0 && got > 0;) {
		got = read(fd, to, left);
		if (got < 0)
			return error_sys(e, ERR_IO, errno, "cannot read %.100s",
			    text->path);
		buf_grew(&text->bytes, (size_t)got);
		to += got;
		left -= (size_t)got;
	}
	return ERR_OK;
}

static enum err
read_file(struct config_text *text, struct error *e)
{
	CLEANUP(cleanup_close) int fd = open(text->path,
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_set(e, ERR_NOTFOUND, "there is no configuration "
		    "%.160s", text->path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_sys(e, ERR_IO, errno, "cannot read %.100s",
		    text->path);
	if (!S_ISREG(st.st_mode))
		return error_set(e, ERR_CONFIG, "%.160s is not a file",
		    text->path);
	text->is_private = st.st_uid == geteuid() && (st.st_mode & 077) == 0;
	return read_all(text, fd, st.st_size, e);
}

/* One walk over the lines; with groups NULL it only counts. */
struct walk {
	const struct config_text *text;
	struct config_group *groups;
	struct config_entry *entries;
	size_t ngroups, nentries;
	unsigned line;
};

static enum err
walk_group(struct walk *w, struct span line, struct error *e)
{
	struct span name = span_skip(line, 1);

	if (name.n == 0 || name.p[name.n - 1] != ']')
		return config_text_error(w->text, w->line, e,
		    "the group has no \"]\" at its end");
	name.n--;
	name = span_trim(name);
	for (size_t i = 0; w->groups && i < w->ngroups; i++)
		if (span_eq(w->groups[i].name, name))
			return config_text_error(w->text, w->line, e,
			    "[%.*s] stands in line %u already", SPAN_ARG(name),
			    w->groups[i].line);
	if (w->groups)
		w->groups[w->ngroups] = (struct config_group){
			.line = w->line, .name = name,
			.entries = w->entries + w->nentries };
	w->ngroups++;
	return ERR_OK;
}

static enum err
walk_entry(struct walk *w, struct span line, struct error *e)
{
	struct span key = line;
	size_t equals = span_chr(line, '=');
	struct config_group *group = NULL;

	if (equals == SIZE_MAX)
		return config_text_error(w->text, w->line, e,
		    "this is neither [group] nor key = value");
	key.n = equals;
	key = span_trim(key);
	if (key.n == 0)
		return config_text_error(w->text, w->line, e,
		    "there is no key before \"=\"");
	if (w->ngroups == 0)
		return config_text_error(w->text, w->line, e,
		    "this key stands before the first [group]");
	if (w->groups)
		group = &w->groups[w->ngroups - 1];
	for (size_t i = 0; group && i < group->nentries; i++)
		if (span_eq(group->entries[i].key, key))
			return config_text_error(w->text, w->line, e,
			    "%.*s was set in line %u already", SPAN_ARG(key),
			    group->entries[i].line);
	if (group)
		group->entries[group->nentries++] = (struct config_entry){
			.line = w->line, .key = key,
			.value = span_trim(span_skip(line, equals + 1)) };
	w->nentries++;
	return ERR_OK;
}

static enum err
walk_lines(struct walk *w, struct error *e)
{
	struct span rest = buf_span(&w->text->bytes), line;

	/* A byte order mark, as some editors leave. */
	if (span_starts(rest, SPAN_LIT("\xef\xbb\xbf")))
		span_take(&rest, 3);
	while (span_split(&rest, '\n', &line)) {
		enum err err = ERR_OK;

		w->line++;
		if (!text_is_utf8(line) || memchr(line.p, '\0', line.n))
			return config_text_error(w->text, w->line, e,
			    "this line is not UTF-8 text");
		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[')
			err = walk_group(w, config_text_uncomment(line), e);
		else
			err = walk_entry(w, line, e);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

enum err
config_text_read(struct config_text *text, const char *path,
    struct arena *arena, struct error *e)
{
	struct walk count = { .text = text }, fill = { .text = text };
	enum err err;

	*text = (struct config_text){ .path = path };
	err = read_file(text, e);
	if (err == ERR_OK)
		err = walk_lines(&count, e);
	if (err != ERR_OK)
		return err;
	/* One more, so that an empty file is no special case. */
	fill.groups = arena_array(arena, count.ngroups + 1,
	    sizeof *fill.groups);
	fill.entries = arena_array(arena, count.nentries + 1,
	    sizeof *fill.entries);
	err = walk_lines(&fill, e);
	text->groups = fill.groups;
	text->ngroups = fill.ngroups;
	return err;
}

void
config_text_fini(struct config_text *text)
{
	if (text->bytes.p)
		explicit_bzero(text->bytes.p, text->bytes.size);
	buf_fini(&text->bytes);
}

struct span
config_text_uncomment(struct span value)
{
	for (size_t i = 0; i < value.n; i++) {
		char before = i == 0 ? ' ' : value.p[i - 1];

		if (value.p[i] == ';' && (before == ' ' || before == '\t')) {
			value.n = i;
			break;
		}
	}
	return span_trim(value);
}

bool
config_text_unescape(struct buf *out, struct span value)
{
	static const char from[] = "stnr\\;,", to[] = " \t\n\r\\;,";

	for (size_t i = 0; i < value.n; i++) {
		const char *escape;

		if (value.p[i] != '\\') {
			buf_putc(out, value.p[i]);
			continue;
		}
		if (++i == value.n || !(escape = strchr(from, value.p[i])))
			return false;
		buf_putc(out, to[escape - from]);
	}
	return true;
}
