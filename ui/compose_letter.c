/* SPDX-License-Identifier: MIT */
#include "ui/compose_letter.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "mail/header.h"

enum err
compose_letter_init(struct compose_letter *c, struct store *store,
    uint32_t account, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;
	struct account *all;
	size_t n;

	*c = (struct compose_letter){ .file.lock = -1 };
	if (store_read(store, &t)) {
		if (e)
			*e = t.error;
		return t.error.kind;
	}
	n = store_accounts(&t, &c->about_arena, &all);
	c->accounts = arena_array(&c->about_arena, n, sizeof *all);
	for (size_t i = 0; i < n; i++) {
		if (!all[i].sends)
			continue;
		if (all[i].id == account)
			c->sender = c->naccounts;
		c->accounts[c->naccounts++] = all[i];
	}
	if (c->naccounts)
		c->about.account = c->accounts[c->sender].name;
	return ERR_OK;
}

void
compose_letter_fini(struct compose_letter *c)
{
	compose_file_close(&c->file);
	arena_fini(&c->about_arena);
	arena_fini(&c->draft_arena);
}

static struct address
self(const struct compose_letter *c)
{
	const struct account *a;

	if (c->naccounts == 0)
		return (struct address){ 0 };
	a = &c->accounts[c->sender];
	return (struct address){ a->full_name, a->address };
}

struct draft
compose_letter_blank(const struct compose_letter *c)
{
	return (struct draft){ .from = self(c) };
}

/* Writes a draft to the file and reads it back: one truth. */
static enum err
rewrite(struct compose_letter *c, const struct draft *draft, struct error *e)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	enum err err;

	draft_put(&text, draft);
	err = compose_file_write(&c->file, buf_span(&text), e);
	return err ? err : compose_letter_read(c, e);
}

static void
about_keep(struct compose_letter *c, const struct draft *draft)
{
	struct arena *arena = &c->about_arena;

	c->about.in_reply_to = arena_copy(arena, draft->in_reply_to);
	c->about.nreferences = draft->nreferences;
	c->about.references = arena_array(arena, draft->nreferences,
	    sizeof *c->about.references);
	for (size_t i = 0; i < draft->nreferences; i++)
		c->about.references[i] = arena_copy(arena,
		    draft->references[i]);
}

enum err
compose_letter_begin(struct compose_letter *c, const char *dir,
    const struct draft *draft, struct error *e)
{
	enum err err;

	about_keep(c, draft);
	err = compose_file_new(dir, &c->about, &c->file, e);
	if (!err)
		err = rewrite(c, draft, e);
	if (err)
		compose_file_remove(&c->file);
	return err;
}

/* Who sends follows the From line, where that is one of ours. */
static void
find_sender(struct compose_letter *c)
{
	for (size_t i = 0; i < c->naccounts; i++) {
		if (!span_ieq(c->accounts[i].address, c->draft.from.addr))
			continue;
		if (span_ieq(c->accounts[c->sender].address,
		    c->draft.from.addr))
			return;
		c->sender = i;
		return;
	}
}

enum err
compose_letter_resume(struct compose_letter *c, const char *dir,
    uint64_t answered, int64_t *written, struct error *e)
{
	enum err err = compose_file_resume(dir, answered, &c->about_arena,
	    &c->file, &c->about, written, e);

	if (err)
		return err;
	for (size_t i = 0; i < c->naccounts; i++)
		if (span_eq(c->accounts[i].name, c->about.account))
			c->sender = i;
	return compose_letter_read(c, e);
}

enum err
compose_letter_read(struct compose_letter *c, struct error *e)
{
	struct draft base = { .in_reply_to = c->about.in_reply_to,
		.references = c->about.references,
		.nreferences = c->about.nreferences };
	struct arena arena = { 0 };
	struct draft draft;
	struct span text;
	enum err err = compose_file_read(&c->file, &arena, &text, e);

	if (err) {
		arena_fini(&arena);
		return err;
	}
	c->trouble = (struct error){ 0 };
	if (draft_parse(text, &base, &arena, &draft, &c->trouble)) {
		arena_fini(&arena);
		return ERR_OK;
	}
	arena_fini(&c->draft_arena);
	c->draft_arena = arena;
	c->draft = draft;
	find_sender(c);
	return ERR_OK;
}

static const char *const field_names[] = {
	[FIELD_TO] = "To", [FIELD_CC] = "Cc", [FIELD_BCC] = "Bcc",
	[FIELD_SUBJECT] = "Subject",
};

static struct addresses *
field_addresses(struct draft *draft, enum compose_field field)
{
	switch (field) {
	case FIELD_TO:
		return &draft->to;
	case FIELD_CC:
		return &draft->cc;
	case FIELD_BCC:
		return &draft->bcc;
	case FIELD_SUBJECT:
		return NULL;
	}
	return NULL;
}

/* A typed value goes through the same reading as one from the editor. */
enum err
compose_letter_set(struct compose_letter *c, enum compose_field field,
    struct span value, struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct draft typed, base = { 0 }, draft = c->draft;
	struct addresses *addresses = field_addresses(&draft, field);
	struct span text;
	enum err err;

	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return error_set(e, ERR_DATA,
			    _("control characters do not belong there"));
	text = span_of(arena_printf(&arena, "From: <%.*s>\n%s: %.*s\n\n",
	    SPAN_ARG(c->draft.from.addr), field_names[field],
	    SPAN_ARG(value)));
	err = draft_parse(text, &base, &arena, &typed, e);
	if (err)
		return err;
	if (addresses)
		*addresses = *field_addresses(&typed, field);
	else
		draft.subject = typed.subject;
	return rewrite(c, &draft, e);
}

void
compose_letter_get(const struct compose_letter *c, enum compose_field field,
    struct buf *out)
{
	struct draft draft = c->draft;
	const struct addresses *addresses = field_addresses(&draft, field);

	if (!addresses) {
		buf_put(out, draft.subject);
		return;
	}
	for (size_t i = 0; i < addresses->n; i++) {
		if (i)
			buf_puts(out, ", ");
		header_put_address(out, &addresses->list[i]);
	}
}

/* "~/x" as $HOME/x: people type it, and no shell sees it. */
static struct span
expanded(struct span path, struct arena *arena)
{
	const char *home = getenv("HOME");

	if (!home || !span_starts(path, SPAN_LIT("~/")))
		return path;
	return span_of(arena_printf(arena, "%s%.*s", home,
	    SPAN_ARG(span_skip(path, 1))));
}

enum err
compose_letter_attach(struct compose_letter *c, struct span path,
    struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct draft draft = c->draft;
	struct stat st;

	path = expanded(span_trim(path), &arena);
	if (stat(arena_str(&arena, path), &st) || !S_ISREG(st.st_mode))
		return error_set(e, ERR_NOTFOUND, _("%.*s is no file"),
		    SPAN_ARG(path));
	draft.attachments = arena_array(&arena, draft.nattachments + 1,
	    sizeof *draft.attachments);
	for (size_t i = 0; i < draft.nattachments; i++)
		draft.attachments[i] = c->draft.attachments[i];
	draft.attachments[draft.nattachments++] = path;
	return rewrite(c, &draft, e);
}

enum err
compose_letter_detach(struct compose_letter *c, size_t i, struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct draft draft = c->draft;

	if (i >= draft.nattachments)
		return error_set(e, ERR_NOTFOUND,
		    _("there is no such attachment"));
	draft.attachments = arena_array(&arena, draft.nattachments,
	    sizeof *draft.attachments);
	draft.nattachments = 0;
	for (size_t j = 0; j < c->draft.nattachments; j++)
		if (j != i)
			draft.attachments[draft.nattachments++] =
			    c->draft.attachments[j];
	return rewrite(c, &draft, e);
}

enum err
compose_letter_next_sender(struct compose_letter *c, struct error *e)
{
	struct draft draft = c->draft;

	if (c->naccounts < 2)
		return error_set(e, ERR_NOTFOUND,
		    _("there is no other account that sends"));
	c->sender = (c->sender + 1) % c->naccounts;
	draft.from = self(c);
	return rewrite(c, &draft, e);
}

/* Words that promise an attachment, in the languages that we speak. */
static const char *const promises[] = { "attached", "attachment", "enclosed",
	"terlampir", "lampiran", "lampirkan" };

static bool
promises_attachment(struct span text)
{
	struct span line;

	while (span_split(&text, '\n', &line)) {
		if (span_starts(line, SPAN_LIT(">")))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(promises); i++)
			if (span_ifind(line, span_of(promises[i])) != SIZE_MAX)
				return true;
	}
	return false;
}

static bool
has_all_files(const struct draft *draft)
{
	for (size_t i = 0; i < draft->nattachments; i++) {
		CLEANUP(cleanup_free) char *path =
		    span_dup(draft->attachments[i]);
		struct stat st;

		if (stat(path, &st))
			return false;
	}
	return true;
}

unsigned
compose_letter_warnings(const struct compose_letter *c)
{
	const struct draft *d = &c->draft;
	unsigned w = 0;

	if (d->to.n + d->cc.n + d->bcc.n == 0)
		w |= WARNING_NO_RECIPIENT;
	if (c->naccounts == 0)
		w |= WARNING_NO_SENDER;
	if (span_trim(d->subject).n == 0)
		w |= WARNING_NO_SUBJECT;
	if (d->nattachments == 0 && promises_attachment(d->text))
		w |= WARNING_NO_ATTACHMENT;
	if (!has_all_files(d))
		w |= WARNING_NO_FILE;
	return w;
}

bool
compose_letter_is_blank(const struct compose_letter *c)
{
	const struct draft *d = &c->draft;

	return d->to.n + d->cc.n + d->bcc.n + d->nattachments == 0 &&
	    span_trim(d->subject).n == 0 && span_trim(d->text).n == 0;
}
