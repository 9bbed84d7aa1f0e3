/* SPDX-License-Identifier: MIT */
/*
 * From a draft to the bytes that are sent.  Everything that a person, a
 * paste or a mailto link can put into a field is checked first: no control
 * character gets into a header, no address that is none into the envelope.
 * Bcc exists in the envelope only.
 */
#include "mail/compose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "mail/base64.h"
#include "mail/encode.h"
#include "mail/recipients.h"

#define ATTACHMENTS_OCTETS_MAX ((size_t)128 << 20)

enum { ID_OCTETS_MAX = 900 };

static const struct {
	struct span extension;
	const char *type;
} types[] = {
	{ SPAN("bz2"), "application/x-bzip2" },
	{ SPAN("c"), "text/x-csrc" },
	{ SPAN("csv"), "text/csv" },
	{ SPAN("diff"), "text/x-diff" },
	{ SPAN("doc"), "application/msword" },
	{ SPAN("docx"), "application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document" },
	{ SPAN("eml"), "application/octet-stream" },
	{ SPAN("gif"), "image/gif" },
	{ SPAN("gz"), "application/gzip" },
	{ SPAN("htm"), "text/html" },
	{ SPAN("html"), "text/html" },
	{ SPAN("ics"), "text/calendar" },
	{ SPAN("jpeg"), "image/jpeg" },
	{ SPAN("jpg"), "image/jpeg" },
	{ SPAN("json"), "application/json" },
	{ SPAN("md"), "text/markdown" },
	{ SPAN("mp3"), "audio/mpeg" },
	{ SPAN("mp4"), "video/mp4" },
	{ SPAN("odp"), "application/vnd.oasis.opendocument.presentation" },
	{ SPAN("ods"), "application/vnd.oasis.opendocument.spreadsheet" },
	{ SPAN("odt"), "application/vnd.oasis.opendocument.text" },
	{ SPAN("ogg"), "audio/ogg" },
	{ SPAN("patch"), "text/x-diff" },
	{ SPAN("pdf"), "application/pdf" },
	{ SPAN("png"), "image/png" },
	{ SPAN("ppt"), "application/vnd.ms-powerpoint" },
	{ SPAN("pptx"), "application/vnd.openxmlformats-officedocument."
	    "presentationml.presentation" },
	{ SPAN("svg"), "image/svg+xml" },
	{ SPAN("tar"), "application/x-tar" },
	{ SPAN("txt"), "text/plain" },
	{ SPAN("vcf"), "text/vcard" },
	{ SPAN("webp"), "image/webp" },
	{ SPAN("xls"), "application/vnd.ms-excel" },
	{ SPAN("xlsx"), "application/vnd.openxmlformats-officedocument."
	    "spreadsheetml.sheet" },
	{ SPAN("xml"), "application/xml" },
	{ SPAN("zip"), "application/zip" },
};

static const char *
type_of(struct span name)
{
	for (size_t i = name.n; i > 0; i--) {
		if (name.p[i - 1] != '.')
			continue;
		for (size_t j = 0; j < ARRAY_LEN(types); j++)
			if (span_ieq(span_skip(name, i), types[j].extension))
				return types[j].type;
		break;
	}
	return "application/octet-stream";
}

static enum err
check_people(struct addresses people, const char *field, struct error *e)
{
	for (size_t i = 0; i < people.n; i++) {
		const struct address *a = &people.list[i];

		if (!encode_is_line(a->name) ||
		    a->name.n > ENVELOPE_TEXT_MAX)
			return error_set(e, ERR_DATA, "a name in %s has "
			    "characters that a header cannot hold", field);
		if (!encode_is_address(a->addr))
			return error_set(e, ERR_DATA, "%s: \"%.*s\" is not an "
			    "address that mail can be sent to", field,
			    SPAN_ARG(a->addr));
	}
	return ERR_OK;
}

static bool
is_id(struct span id)
{
	for (size_t i = 0; i < id.n; i++) {
		unsigned char c = (unsigned char)id.p[i];

		if (c <= ' ' || c >= 0x7f || c == '<' || c == '>')
			return false;
	}
	return id.n && id.n <= ID_OCTETS_MAX;
}

static enum err
check(const struct draft *d, struct error *e)
{
	struct addresses from = { (struct address *)(uintptr_t)&d->from, 1 };
	enum err err = check_people(from, "From", e);

	if (!err)
		err = check_people(d->to, "To", e);
	if (!err)
		err = check_people(d->cc, "Cc", e);
	if (!err)
		err = check_people(d->bcc, "Bcc", e);
	if (err)
		return err;
	if (d->to.n + d->cc.n + d->bcc.n == 0)
		return error_set(e, ERR_DATA, "the letter has no recipient");
	if (!encode_is_line(d->subject) || d->subject.n > ENVELOPE_TEXT_MAX)
		return error_set(e, ERR_DATA, "the subject has characters that "
		    "a header cannot hold, or is too long");
	if (memchr(d->text.n ? d->text.p : "", 0, d->text.n))
		return error_set(e, ERR_DATA, "the text holds a NUL byte");
	return ERR_OK;
}

/* Ids come from other people's letters; a bad one is left out, silently. */
static void
put_references(struct buf *out, const struct draft *d)
{
	struct span good[ENVELOPE_REFERENCES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < d->nreferences && n < ARRAY_LEN(good); i++)
		if (is_id(d->references[i]))
			good[n++] = d->references[i];
	if (is_id(d->in_reply_to))
		encode_id_field(out, "In-Reply-To", &d->in_reply_to, 1);
	encode_id_field(out, "References", good, n);
}

static void
put_header(struct buf *out, const struct draft *d, struct span id, int64_t now)
{
	struct addresses from = { (struct address *)(uintptr_t)&d->from, 1 };

	encode_date_field(out, now);
	encode_address_field(out, "From", from);
	encode_address_field(out, "To", d->to);
	encode_address_field(out, "Cc", d->cc);
	if (d->to.n + d->cc.n == 0)	/* RFC 5322 3.4: a group of nobody */
		buf_puts(out, "To: undisclosed-recipients:;\r\n");
	encode_text_field(out, "Subject", d->subject);
	encode_id_field(out, "Message-ID", &id, 1);
	put_references(out, d);
	buf_puts(out, "MIME-Version: 1.0\r\n");
}

struct span
compose_message_id(const struct address *from, struct arena *arena)
{
	struct buf id = { 0 };
	struct span s = from->addr;
	size_t at;

	encode_put_random(&id);
	buf_putc(&id, '@');
	while ((at = span_chr(s, '@')) != SIZE_MAX)
		s = span_skip(s, at + 1);
	buf_put(&id, s);
	s = arena_copy(arena, buf_span(&id));
	buf_fini(&id);
	return s;
}

/* "~/map.png" under $HOME. */
static char *
expand(struct span path, struct arena *arena)
{
	const char *home = getenv("HOME");

	if (home && span_starts(path, SPAN_LIT("~/")))
		return arena_printf(arena, "%s%.*s", home,
		    SPAN_ARG(span_skip(path, 1)));
	return arena_str(arena, path);
}

static enum err
read_file(const char *path, struct buf *out, struct error *e)
{
	/* O_NONBLOCK: a pipe is refused below, not waited for. */
	CLEANUP(cleanup_close) int fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_sys(e, ERR_IO, errno, "cannot attach %s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(e, ERR_IO, "cannot attach %s: it is no file",
		    path);
	do {
		char *to = buf_room(out, 64 * 1024);

		if (!to)
			return error_set(e, ERR_LIMIT, "cannot attach %s: over "
			    "%d MiB", path, (int)(ATTACHMENTS_OCTETS_MAX >> 20));
		n = read(fd, to, 64 * 1024);
		if (n > 0)
			buf_grew(out, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		return error_sys(e, ERR_IO, errno, "cannot read %s", path);
	return ERR_OK;
}

static enum err
put_attachment(struct buf *out, struct span path, struct arena *arena,
    struct error *e)
{
	struct buf content = { .max = ATTACHMENTS_OCTETS_MAX };
	char *file = expand(path, arena);
	struct span name = letter_safe_name(span_of(file), arena);
	enum err err;

	if (strlen(file) != path.n && file[0] != '/')
		return error_set(e, ERR_DATA, "the name of an attachment holds "
		    "a NUL byte");
	err = read_file(file, &content, e);
	if (!err) {
		buf_printf(out, "Content-Type: %s", type_of(name));
		encode_parameter(out, "name", name);
		buf_puts(out, "\r\nContent-Transfer-Encoding: base64\r\n"
		    "Content-Disposition: attachment");
		encode_parameter(out, "filename", name);
		buf_puts(out, "\r\n\r\n");
		base64_encode(out, buf_span(&content), true);
	}
	buf_fini(&content);
	return err;
}

static enum err
put_body(struct buf *out, const struct draft *d, struct arena *arena,
    struct error *e)
{
	struct buf boundary = { 0 };
	enum err err = ERR_OK;

	if (d->nattachments == 0) {
		encode_text_part(out, d->text);
		return ERR_OK;
	}
	/* Neither base64 nor quoted-printable can hold "=_". */
	buf_puts(&boundary, "=_");
	encode_put_random(&boundary);
	buf_printf(out, "Content-Type: multipart/mixed;\r\n\tboundary=\"%s\""
	    "\r\n\r\n--%s\r\n", buf_str(&boundary), buf_str(&boundary));
	encode_text_part(out, d->text);
	for (size_t i = 0; i < d->nattachments && !err; i++) {
		buf_printf(out, "\r\n--%s\r\n", buf_str(&boundary));
		err = put_attachment(out, d->attachments[i], arena, e);
		if (!err && out->n > 2 * ATTACHMENTS_OCTETS_MAX)
			err = error_set(e, ERR_LIMIT,
			    "the attachments are too large together");
	}
	buf_printf(out, "\r\n--%s--\r\n", buf_str(&boundary));
	buf_fini(&boundary);
	return err;
}

enum err
compose_build(const struct draft *d, int64_t now, struct arena *arena,
    struct built *out, struct error *e)
{
	struct buf bytes = { 0 };
	enum err err = check(d, e);

	*out = (struct built){ .is_8bit = false };
	if (err)
		return err;
	out->message_id = compose_message_id(&d->from, arena);
	put_header(&bytes, d, out->message_id, now);
	err = put_body(&bytes, d, arena, e);
	if (!err) {
		out->bytes = arena_copy(arena, buf_span(&bytes));
		recipients_add(out, d->to, arena);
		recipients_add(out, d->cc, arena);
		recipients_add(out, d->bcc, arena);
	}
	buf_fini(&bytes);
	return err;
}
