/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine: sessions of tests/data/imap played in every cut.  Acts
 * there:
 *
 *   secured  capabilities  list  namespace  status NAME  select NAME
 *   examine NAME  resync UIDVALIDITY MODSEQ NAME  unselect  headers SET
 *   seqno FIRST LAST  flags SET MODSEQ  body SET SECTION AT COUNT
 *   search CRITERIA  store +|- SET FLAG...  expunge SET
 *   append SIZE NAME  data TEXT  wants  idle  idle-done  noop  logout
 *
 * A name, criteria or text is the rest of the line; a section "-" is "".
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "protocol/imap.h"
#include "script.h"

struct session {
	struct imap *imap;
	uint64_t body_at;	/* where the next piece must start */
};

static void *
create(const struct session_settings *settings)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->imap = imap_new(settings);
	return s;
}

static void
destroy(void *engine)
{
	struct session *s = engine;

	imap_free(s->imap);
	free(s);
}

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
put_done(struct buf *out, const struct imap_event *e)
{
	static const char *const words[] = { "ok", "no", "bad" };

	buf_printf(out, "done %u %s %s", e->tag, words[e->status],
	    code_words[e->code]);
	put_facts(out, &e->facts);
	if (e->uids)
		put_uids(out, e->uids);
	if (e->backoff_ms)
		buf_printf(out, " backoff %u", e->backoff_ms);
	if (e->text.n)
		buf_printf(out, " \"%.*s\"", SPAN_ARG(e->text));
}

static void
put_list(struct buf *out, const struct imap_list *l)
{
	static const char *const words[] = { "noselect", "noinferiors",
		"marked", "unmarked", "haschildren", "hasnochildren",
		"subscribed", "all", "archive", "drafts", "flagged", "junk",
		"sent", "trash", "important" };

	buf_puts(out, "list");
	if (l->delimiter)
		buf_printf(out, " %c", l->delimiter);
	put_bits(out, l->attributes, words, ARRAY_LEN(words));
	buf_printf(out, " <%.*s>", SPAN_ARG(l->name));
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
	if (f->has & IMAP_FETCHED_HEADER)
		buf_printf(out, " header <%.*s>", SPAN_ARG(f->header));
	if (f->has & IMAP_FETCHED_BODY)
		buf_printf(out, " body [%.*s]", SPAN_ARG(f->section));
	if (f->has & IMAP_FETCHED_BROKEN)
		buf_puts(out, " broken");
}

static void
put_body(struct session *s, const struct imap_body *b,
    struct script_events *to)
{
	cr_assert_eq(b->at, s->body_at);
	s->body_at += b->piece.n;
	cr_assert_leq(s->body_at, b->total);
	if (b->piece.n)
		script_data(to, b->seqno.v, b->piece);
	if (!b->is_last)
		return;
	cr_assert_eq(s->body_at, b->total);
	s->body_at = 0;
	script_event(to, "end of [%.*s], %ju", SPAN_ARG(b->section),
	    (uintmax_t)b->total);
}

static void
put_event(struct buf *out, const struct imap_event *e)
{
	switch (e->kind) {
	case IMAP_GREETING:
		buf_printf(out, "greeting %.*s", SPAN_ARG(e->text));
		break;
	case IMAP_STARTTLS:
		buf_puts(out, "starttls");
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
		buf_printf(out, "namespace %c <%.*s>",
		    e->namespace.delimiter ? e->namespace.delimiter : '-',
		    SPAN_ARG(e->namespace.prefix));
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
		buf_printf(out, "alive %.*s", SPAN_ARG(e->text));
		break;
	}
}

static enum step
step(void *engine, struct span *in, struct script_events *to)
{
	CLEANUP(buf_fini) struct buf line = { 0 };
	struct session *s = engine;
	struct imap_event event;
	enum step got = imap_step(s->imap, in, &event);

	if (got != STEP_EVENT)
		return got;
	if (event.kind == IMAP_BODY) {
		put_body(s, &event.body, to);
		return got;
	}
	put_event(&line, &event);
	script_event(to, "%s", buf_str(&line));
	return got;
}

static struct span
output(const void *engine)
{
	const struct session *s = engine;

	return imap_output(s->imap);
}

static void
sent(void *engine, size_t n)
{
	struct session *s = engine;

	imap_sent(s->imap, n);
}

static const struct error *
error(const void *engine)
{
	const struct session *s = engine;

	return imap_error(s->imap);
}

static struct span
word(struct span *s)
{
	struct span w = { NULL, 0 };

	span_split(s, ' ', &w);
	return w;
}

static uint64_t
number(struct span *s)
{
	uint64_t v = 0;

	span_u64(word(s), &v);
	return v;
}

static struct uidset
set(struct span *s)
{
	struct uidset uids = { 0 };
	struct span w = word(s);

	cr_assert(w.n == 0 || uidset_parse(&uids, w, 10000));
	return uids;
}

static void
act_store(struct imap *imap, struct span words)
{
	bool add = span_eq(word(&words), SPAN_LIT("+"));
	CLEANUP(uidset_fini) struct uidset uids = set(&words);
	struct span keywords[8], w;
	uint32_t flags = 0;
	size_t n = 0;

	while ((w = word(&words)).n) {
		flags |= flag_from_imap(w);
		if (!flag_from_imap(w))
			keywords[n++] = w;
	}
	imap_store(imap, &uids, add, flags, keywords, n);
}

static void
act_on_set(struct imap *imap, struct span verb, struct span words)
{
	CLEANUP(uidset_fini) struct uidset uids = set(&words);
	struct span section;
	uint64_t at;

	if (span_eq(verb, SPAN_LIT("headers"))) {
		imap_fetch_headers(imap, &uids);
	} else if (span_eq(verb, SPAN_LIT("flags"))) {
		imap_fetch_flags(imap, &uids, number(&words));
	} else if (span_eq(verb, SPAN_LIT("expunge"))) {
		imap_uid_expunge(imap, &uids);
	} else {
		cr_assert(span_eq(verb, SPAN_LIT("body")), "unknown act");
		section = word(&words);
		if (span_eq(section, SPAN_LIT("-")))
			section.n = 0;
		at = number(&words);
		imap_fetch_body(imap, &uids, section, at, number(&words));
	}
}

static bool
act_on_mailbox(struct imap *imap, struct span verb, struct span words)
{
	struct imap_resync resync;
	uint64_t size;

	if (span_eq(verb, SPAN_LIT("status"))) {
		imap_status(imap, words);
	} else if (span_eq(verb, SPAN_LIT("select"))) {
		imap_select(imap, words, false, NULL);
	} else if (span_eq(verb, SPAN_LIT("examine"))) {
		imap_select(imap, words, true, NULL);
	} else if (span_eq(verb, SPAN_LIT("resync"))) {
		resync.uidvalidity = (uint32_t)number(&words);
		resync.modseq = number(&words);
		imap_select(imap, words, false, &resync);
	} else if (span_eq(verb, SPAN_LIT("append"))) {
		size = number(&words);
		imap_append(imap, words, FLAG_SEEN, 1795331645, size);
	} else {
		return false;
	}
	return true;
}

static bool
act_alone(struct imap *imap, struct span verb)
{
	static const struct {
		const char *verb;
		uint32_t (*act)(struct imap *);
	} acts[] = { { "list", imap_list_all }, { "noop", imap_noop },
		{ "namespace", imap_namespace }, { "idle", imap_idle },
		{ "unselect", imap_unselect }, { "logout", imap_logout } };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (!span_eq(verb, span_of(acts[i].verb)))
			continue;
		acts[i].act(imap);
		return true;
	}
	return false;
}

static void
act(void *engine, struct span words, struct script_events *to)
{
	struct imap *imap = ((struct session *)engine)->imap;
	struct span verb = word(&words);
	uint64_t first;

	if (act_alone(imap, verb) || act_on_mailbox(imap, verb, words))
		return;
	if (span_eq(verb, SPAN_LIT("secured"))) {
		imap_secured(imap);
	} else if (span_eq(verb, SPAN_LIT("idle-done"))) {
		imap_idle_done(imap);
	} else if (span_eq(verb, SPAN_LIT("capabilities"))) {
		script_event(to, "capabilities 0x%x", imap_capabilities(imap));
	} else if (span_eq(verb, SPAN_LIT("wants"))) {
		script_event(to, "wants %ju, in flight %u",
		    (uintmax_t)imap_append_wants(imap), imap_in_flight(imap));
	} else if (span_eq(verb, SPAN_LIT("data"))) {
		imap_append_data(imap, words);
	} else if (span_eq(verb, SPAN_LIT("search"))) {
		imap_search(imap, words);
	} else if (span_eq(verb, SPAN_LIT("store"))) {
		act_store(imap, words);
	} else if (span_eq(verb, SPAN_LIT("seqno"))) {
		first = number(&words);
		imap_fetch_headers_by_seqno(imap, (uint32_t)first,
		    (uint32_t)number(&words));
	} else {
		act_on_set(imap, verb, words);
	}
}

static const struct script_engine engine = {
	create, destroy, step, output, sent, error, act,
};

Test(imap, plays_every_session_in_every_cut)
{
	script_play_all(&engine, "imap");
}
