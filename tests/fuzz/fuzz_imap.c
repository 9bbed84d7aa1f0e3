/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine as a server sees it.  The first byte says how far the
 * session is when the rest arrives: before the greeting over TLS or with
 * STARTTLS, or logged in, idle or with commands in flight.  The same bytes
 * go into two engines, into one whole and into the other in pieces of the
 * size that the second byte says: both must give the same events.
 */
#include <stdint.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "protocol/imap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum start { START_TLS, START_STARTTLS, START_READY, START_BUSY, START_APPEND,
	START_IDLE, START_MOVE, START_COPY, STARTS };

/* All that the events said, so that a wild pointer is read. */
struct heard {
	uint64_t sum, body;
	unsigned events;
	enum step end;
};

static void
hear(struct heard *h, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		h->sum = h->sum * 31 + (unsigned char)s.p[i];
}

static void
hear_params(struct heard *h, const struct imap_param *p)
{
	for (; p; p = p->next) {
		hear(h, p->name);
		hear(h, p->value);
	}
}

static void
hear_part(struct heard *h, const struct imap_part *p)
{
	for (; p; p = p->next) {
		hear(h, p->section);
		hear(h, p->type);
		hear(h, p->subtype);
		hear(h, p->id);
		hear(h, p->description);
		hear(h, p->encoding);
		hear(h, p->disposition);
		hear_params(h, p->params);
		hear_params(h, p->disposition_params);
		h->sum += p->octets + p->lines;
		hear_part(h, p->children);
	}
}

static void
hear_event(struct heard *h, const struct imap_event *e)
{
	if (e->kind == IMAP_BODY) {	/* cut as the input was */
		for (size_t i = 0; i < e->body.piece.n; i++)
			h->body = h->body * 31 +
			    (unsigned char)e->body.piece.p[i];
		hear(h, e->body.is_last ? e->body.section :
		    (struct span){ NULL, 0 });
		return;
	}
	h->events++;
	h->sum = h->sum * 31 + (unsigned)e->kind + e->tag + e->number;
	hear(h, e->text);
	hear(h, e->mailbox);
	hear(h, e->list.name);
	for (size_t i = 0; i < e->namespaces.npersonal; i++)
		hear(h, e->namespaces.personal[i].prefix);
	for (size_t i = 0; i < e->namespaces.nothers; i++)
		hear(h, e->namespaces.others[i].prefix);
	for (size_t i = 0; i < e->namespaces.nshared; i++)
		hear(h, e->namespaces.shared[i].prefix);
	hear(h, e->quota.root);
	h->sum += e->quota.storage_used + e->quota.messages_max;
	for (size_t i = 0; i < e->copied.npairs; i++)
		h->sum = h->sum * 31 + e->copied.pairs[i].from.first +
		    e->copied.pairs[i].to.last;
	hear(h, e->fetch.header);
	hear(h, e->fetch.section);
	for (size_t i = 0; i < e->fetch.nkeywords; i++)
		hear(h, e->fetch.keywords[i]);
	for (size_t i = 0; i < e->fetch.nlabels; i++)
		hear(h, e->fetch.labels[i]);
	hear(h, e->fetch.email_id);
	hear(h, e->fetch.thread_id);
	hear(h, e->fetch.preview);
	hear_part(h, e->fetch.structure);
	h->sum += e->uids ? uidset_count(e->uids) : 0;
}

static void
run(struct imap *imap, struct span in, size_t piece, struct heard *h)
{
	struct imap_event event;

	do {
		struct span now = span_take(&in, piece);

		while ((h->end = imap_step(imap, &now, &event)) ==
		    STEP_EVENT) {
			hear_event(h, &event);
			if (event.kind == IMAP_STARTTLS)
				imap_secured(imap);
			if (event.kind == IMAP_COMPRESS)
				imap_compressed(imap);
		}
		imap_sent(imap, imap_output(imap).n);
	} while (in.n && h->end == STEP_MORE);
}

static void
issue(struct imap *imap)
{
	CLEANUP(uidset_fini) struct uidset uids = { 0 };

	uidset_add(&uids, 1, 9);
	imap_list_all(imap, (struct span){ NULL, 0 });
	imap_select(imap, SPAN_LIT("INBOX"), false, NULL);
	imap_fetch_headers(imap, &uids);
	imap_fetch_body(imap, &uids, SPAN_LIT("1.2"), 0, 0, false);
	imap_search(imap, SPAN_LIT("ALL"));
	imap_store(imap, &uids, true, FLAG_SEEN, NULL, 0, 0);
	imap_unselect(imap);
}

/* What has answers of its own, in one flight. */
static void
issue_copy(struct imap *imap)
{
	CLEANUP(uidset_fini) struct uidset uids = { 0 };
	struct imap_search_query query = { .text = SPAN("caf\xc3\xa9"),
		.since = DATE_NONE, .before = DATE_NONE };

	uidset_add(&uids, 1, 9);
	uidset_add(&uids, 20, UINT32_MAX);
	imap_lsub(imap);
	imap_namespace(imap);
	imap_quota(imap, SPAN_LIT("INBOX"));
	imap_copy(imap, &uids, SPAN_LIT("Arsip"));
	imap_fetch_structure(imap, &uids);
	imap_fetch_body(imap, &uids, SPAN_LIT("1"), 0, 0, true);
	imap_search_text(imap, &query);
	imap_notify(imap, true);
	imap_create(imap, SPAN_LIT("Terkirim"), IMAP_ATTR_SENT);
	imap_store(imap, &uids, true, FLAG_SEEN, NULL, 0, 320);
}

static struct imap *
begin(enum start start)
{
	struct session_settings settings = {
		.channel = start == START_STARTTLS ? CHANNEL_STARTTLS :
		    CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") },
	};
	struct imap *imap = imap_new(&settings);

	if (start <= START_STARTTLS)
		return imap;
	run(imap, SPAN_LIT("* PREAUTH [CAPABILITY IMAP4rev1 IDLE ESEARCH "
	    "LIST-EXTENDED UIDPLUS MOVE QUOTA NAMESPACE BINARY NOTIFY "
	    "CONDSTORE]\r\n* 5 EXISTS\r\n"), SIZE_MAX,
	    &(struct heard){ 0 });
	if (start == START_BUSY)
		issue(imap);
	else if (start == START_APPEND)
		imap_append(imap, SPAN_LIT("Sent"), 0, NULL, 0, 0, 5000);
	else if (start == START_IDLE)
		imap_idle(imap);
	else if (start == START_MOVE)
		imap_move(imap, &(struct uidset){ &(struct uid_range){ 1, 9 },
		    1, 1 }, SPAN_LIT("Arsip"));
	else if (start == START_COPY)
		issue_copy(imap);
	imap_sent(imap, imap_output(imap).n);
	return imap;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct heard whole = { 0 }, pieces = { 0 };
	struct imap *imap;
	struct span in;

	if (n < 2)
		return 0;
	in = (struct span){ (const char *)p + 2, n - 2 };
	imap = begin(p[0] % STARTS);
	run(imap, in, SIZE_MAX, &whole);
	imap_free(imap);
	imap = begin(p[0] % STARTS);
	run(imap, in, (size_t)p[1] % 64 + 1, &pieces);
	imap_free(imap);
	/* In clear, how much came at once decides: SECURITY.md 1. */
	if (p[0] % STARTS == START_STARTTLS)
		return 0;
	bug_on(whole.end != pieces.end);
	bug_on(whole.events != pieces.events);
	bug_on(whole.sum != pieces.sum);
	bug_on(whole.body != pieces.body);
	return 0;
}
