/* SPDX-License-Identifier: MIT */
/* The events of the IMAP engine as the lines of a session written down. */
#include "events.h"

#include "base/bug.h"
#include "base/date.h"

static const char *const code_words[] = {
	[IMAP_CODE_NONE] = "-",
	[IMAP_CODE_AUTHENTICATIONFAILED] = "authenticationfailed",
	[IMAP_CODE_AUTHORIZATIONFAILED] = "authorizationfailed",
	[IMAP_CODE_EXPIRED] = "expired",
	[IMAP_CODE_PRIVACYREQUIRED] = "privacyrequired",
	[IMAP_CODE_CONTACTADMIN] = "contactadmin",
	[IMAP_CODE_UNAVAILABLE] = "unavailable",
	[IMAP_CODE_INUSE] = "inuse",
	[IMAP_CODE_LIMIT] = "limit",
	[IMAP_CODE_OVERQUOTA] = "overquota",
	[IMAP_CODE_NOPERM] = "noperm",
	[IMAP_CODE_CANNOT] = "cannot",
	[IMAP_CODE_NONEXISTENT] = "nonexistent",
	[IMAP_CODE_ALREADYEXISTS] = "alreadyexists",
	[IMAP_CODE_EXPUNGEISSUED] = "expungeissued",
	[IMAP_CODE_SERVERBUG] = "serverbug",
	[IMAP_CODE_CLIENTBUG] = "clientbug",
	[IMAP_CODE_TRYCREATE] = "trycreate",
	[IMAP_CODE_READ_ONLY] = "read-only",
	[IMAP_CODE_APPENDUID] = "appenduid",
	[IMAP_CODE_COPYUID] = "copyuid",
	[IMAP_CODE_MODIFIED] = "modified",
	[IMAP_CODE_UNKNOWN_CTE] = "unknown-cte",
	[IMAP_CODE_BADCHARSET] = "badcharset",
	[IMAP_CODE_USEATTR] = "useattr",
	[IMAP_CODE_TOOBIG] = "toobig",
	[IMAP_CODE_HASCHILDREN] = "haschildren",
};

static void
put_bits(struct buf *out, unsigned bits, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bits & 1u << i)
			buf_printf(out, " %s", words[i]);
}

static void
put_facts(struct buf *out, const struct imap_mailbox_facts *f)
{
	if (f->has & IMAP_HAS_MESSAGES)
		buf_printf(out, " messages %u", f->messages);
	if (f->has & IMAP_HAS_UNSEEN)
		buf_printf(out, " unseen %u", f->unseen);
	if (f->has & IMAP_HAS_UIDNEXT)
		buf_printf(out, " uidnext %u", f->uidnext);
	if (f->has & IMAP_HAS_UIDVALIDITY)
		buf_printf(out, " uidvalidity %u", f->uidvalidity);
	if (f->has & IMAP_HAS_HIGHESTMODSEQ)
		buf_printf(out, " modseq %ju", (uintmax_t)f->highestmodseq);
	if (f->has & IMAP_HAS_SIZE)
		buf_printf(out, " size %ju", (uintmax_t)f->size);
	if (f->has & IMAP_HAS_NOMODSEQ)
		buf_puts(out, " nomodseq");
	if (f->read_only)
		buf_puts(out, " read-only");
	if (f->permanent_flags)
		buf_printf(out, " permanent 0x%x", f->permanent_flags);
	if (f->keywords_allowed)
		buf_puts(out, " keywords");
}

static void
put_uids(struct buf *out, const struct uidset *uids)
{
	buf_putc(out, ' ');
	if (uids)
		uidset_put(out, uids);
}

static void
put_range(struct buf *out, struct uid_range r)
{
	buf_printf(out, r.first == r.last ? "%u" : "%u:%u", r.first, r.last);
}

/* " 7: 1:3>8:10": in the mailbox of UIDVALIDITY 7, 1 became 8 ... */
static void
put_copied(struct buf *out, const struct imap_copied *c)
{
	if (c->npairs)
		buf_printf(out, " %u:", c->uidvalidity);
	for (size_t i = 0; i < c->npairs; i++) {
		buf_putc(out, ' ');
		put_range(out, c->pairs[i].from);
		buf_putc(out, '>');
		put_range(out, c->pairs[i].to);
	}
}

static void
put_done(struct buf *out, const struct imap_event *e)
{
	static const char *const words[] = { "ok", "no", "bad" };

	buf_printf(out, "done %u %s %s", e->tag, words[e->status],
	    code_words[e->code]);
	put_facts(out, &e->facts);
	put_copied(out, &e->copied);
	if (e->uids)
		put_uids(out, e->uids);
	if (e->backoff_ms)
		buf_printf(out, " backoff %u", e->backoff_ms);
	if (e->text.n)
		buf_printf(out, " \"%.*s\"", SPAN_ARG(e->text));
}

static void
put_namespaces(struct buf *out, const char *what,
    const struct imap_namespace *list, size_t n)
{
	if (n)
		buf_puts(out, what);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, " %c <%.*s>",
		    list[i].delimiter ? list[i].delimiter : '-',
		    SPAN_ARG(list[i].prefix));
}

static void
put_quota(struct buf *out, const struct imap_quota *q)
{
	buf_printf(out, "quota <%.*s>", SPAN_ARG(q->root));
	if (q->has_storage)
		buf_printf(out, " storage %ju of %ju",
		    (uintmax_t)q->storage_used, (uintmax_t)q->storage_max);
	if (q->has_messages)
		buf_printf(out, " messages %ju of %ju",
		    (uintmax_t)q->messages_used, (uintmax_t)q->messages_max);
}

static void
put_list(struct buf *out, const struct imap_list *l)
{
	static const char *const words[] = { "noselect", "noinferiors",
		"marked", "unmarked", "haschildren", "hasnochildren",
		"subscribed", "all", "archive", "drafts", "flagged", "junk",
		"sent", "trash", "important" };

	buf_puts(out, l->is_lsub ? "lsub" : "list");
	if (l->delimiter)
		buf_printf(out, " %c", l->delimiter);
	put_bits(out, l->attributes, words, ARRAY_LEN(words));
	buf_printf(out, " <%.*s>", SPAN_ARG(l->name));
}

static void
put_params(struct buf *out, const struct imap_param *p)
{
	for (; p; p = p->next)
		buf_printf(out, " %.*s=%.*s", SPAN_ARG(p->name),
		    SPAN_ARG(p->value));
}

static void
put_count(struct buf *out, uint64_t n)
{
	if (n == IMAP_PART_UNKNOWN)
		buf_puts(out, " ?");
	else
		buf_printf(out, " %ju", (uintmax_t)n);
}

/* " {1 text/plain charset=utf-8 OCTETS LINES ENCODING attachment ...}" */
void
put_imap_part(struct buf *out, const struct imap_part *p)
{
	buf_printf(out, " {%.*s %.*s/%.*s", SPAN_ARG(p->section),
	    SPAN_ARG(p->type), SPAN_ARG(p->subtype));
	put_params(out, p->params);
	if (p->id.n)
		buf_printf(out, " id %.*s", SPAN_ARG(p->id));
	if (p->description.n)
		buf_printf(out, " \"%.*s\"", SPAN_ARG(p->description));
	if (!p->children) {
		put_count(out, p->octets);
		put_count(out, p->lines);
	}
	if (p->encoding.n)
		buf_printf(out, " %.*s", SPAN_ARG(p->encoding));
	if (p->disposition.n)
		buf_printf(out, " %.*s", SPAN_ARG(p->disposition));
	put_params(out, p->disposition_params);
	for (const struct imap_part *c = p->children; c; c = c->next)
		put_imap_part(out, c);
	buf_putc(out, '}');
}

static void
put_ids(struct buf *out, const struct imap_fetch *f)
{
	if (f->has & IMAP_FETCHED_EMAIL_ID)
		buf_printf(out, " email <%.*s>", SPAN_ARG(f->email_id));
	if (f->has & IMAP_FETCHED_THREAD_ID)
		buf_printf(out, " thread <%.*s>", SPAN_ARG(f->thread_id));
	if (f->has & IMAP_FETCHED_GM_MSGID)
		buf_printf(out, " msgid %ju", (uintmax_t)f->gm_msgid);
	if (f->has & IMAP_FETCHED_GM_THRID)
		buf_printf(out, " thrid %ju", (uintmax_t)f->gm_thrid);
	if (f->has & IMAP_FETCHED_LABELS)
		buf_puts(out, " labels");
	for (size_t i = 0; i < f->nlabels; i++)
		buf_printf(out, " <%.*s>", SPAN_ARG(f->labels[i]));
	if (f->has & IMAP_FETCHED_PREVIEW)
		buf_printf(out, " preview <%.*s>", SPAN_ARG(f->preview));
}

static void
put_fetch(struct buf *out, const struct imap_fetch *f)
{
	buf_printf(out, "fetch %u", f->seqno.v);
	if (f->has & IMAP_FETCHED_UID)
		buf_printf(out, " uid %u", f->uid.v);
	if (f->has & IMAP_FETCHED_FLAGS) {
		buf_puts(out, " flags");
		for (unsigned i = 0; i < FLAG_COUNT; i++)
			if (f->flags & 1u << i)
				buf_printf(out, " %s", flag_word(1u << i));
		for (size_t i = 0; i < f->nkeywords; i++)
			buf_printf(out, " <%.*s>", SPAN_ARG(f->keywords[i]));
	}
	if (f->has & IMAP_FETCHED_INTERNALDATE) {
		buf_puts(out, " date ");
		if (f->internaldate == DATE_NONE)
			buf_puts(out, "none");
		else
			date_put_rfc3339(out, f->internaldate);
	}
	if (f->has & IMAP_FETCHED_SIZE)
		buf_printf(out, " size %ju", (uintmax_t)f->size);
	if (f->has & IMAP_FETCHED_MODSEQ)
		buf_printf(out, " modseq %ju", (uintmax_t)f->modseq);
	put_ids(out, f);
	if (f->structure)
		put_imap_part(out, f->structure);
	if (f->has & IMAP_FETCHED_HEADER)
		buf_printf(out, " header <%.*s>", SPAN_ARG(f->header));
	if (f->has & IMAP_FETCHED_BODY)
		buf_printf(out, " body [%.*s]", SPAN_ARG(f->section));
	if (f->has & IMAP_FETCHED_BROKEN)
		buf_puts(out, " broken");
}

void
put_imap_event(struct buf *out, const struct imap_event *e)
{
	switch (e->kind) {
	case IMAP_GREETING:
		buf_printf(out, "greeting %.*s", SPAN_ARG(e->text));
		break;
	case IMAP_STARTTLS:
		buf_puts(out, "starttls");
		break;
	case IMAP_COMPRESS:
		buf_puts(out, "compress");
		break;
	case IMAP_READY:
		buf_puts(out, "ready");
		break;
	case IMAP_DONE:
		put_done(out, e);
		break;
	case IMAP_LIST:
		put_list(out, &e->list);
		break;
	case IMAP_STATUS:
		buf_printf(out, "status <%.*s>", SPAN_ARG(e->mailbox));
		put_facts(out, &e->facts);
		break;
	case IMAP_NAMESPACE:
		buf_puts(out, "namespace");
		put_namespaces(out, "", e->namespaces.personal,
		    e->namespaces.npersonal);
		put_namespaces(out, " others", e->namespaces.others,
		    e->namespaces.nothers);
		put_namespaces(out, " shared", e->namespaces.shared,
		    e->namespaces.nshared);
		break;
	case IMAP_CLOSED:
		buf_puts(out, "closed");
		break;
	case IMAP_SELECTED:
		buf_printf(out, "selected <%.*s>", SPAN_ARG(e->mailbox));
		put_facts(out, &e->facts);
		break;
	case IMAP_EXISTS:
		buf_printf(out, "exists %u", e->number);
		break;
	case IMAP_EXPUNGE:
		buf_printf(out, "expunge %u", e->number);
		break;
	case IMAP_VANISHED:
		buf_puts(out, e->number ? "vanished earlier" : "vanished");
		put_uids(out, e->uids);
		break;
	case IMAP_FETCH:
		put_fetch(out, &e->fetch);
		break;
	case IMAP_BODY:
		break;
	case IMAP_SEARCH:
		buf_printf(out, "search %u", e->tag);
		put_uids(out, e->uids);
		break;
	case IMAP_IDLING:
		buf_puts(out, "idling");
		break;
	case IMAP_ALERT:
		buf_printf(out, "alert %.*s", SPAN_ARG(e->text));
		break;
	case IMAP_BYE:
		buf_printf(out, "bye %.*s", SPAN_ARG(e->text));
		break;
	case IMAP_ALIVE:
		if (e->number)
			buf_printf(out, "alive %u%% ", e->number);
		else
			buf_puts(out, "alive ");
		buf_printf(out, "%.*s", SPAN_ARG(e->text));
		break;
	case IMAP_QUOTA:
		put_quota(out, &e->quota);
		break;
	case IMAP_OVERFLOW:
		buf_printf(out, "overflow %.*s", SPAN_ARG(e->text));
		break;
	}
}
