/* SPDX-License-Identifier: MIT */
/*
 * The folders of an IMAP account: LIST and STATUS into the store, and from
 * there the boxes of the session.  A folder that the server no longer lists
 * is marked as gone, never removed; an answer without INBOX is not believed
 * (PROTOCOLS.md 8 row 39).
 */
#include "src/core/imap_listing.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "protocol/imap_name.h"
#include "src/core/imap_names.h"
#include "src/core/role.h"

enum {
	LISTING_MAX = 20000,	/* folders */
	LISTING_STATUS = 8,	/* STATUS commands in flight */
};

static void
listing_free(struct imap_session *s)
{
	struct imap_listing *l = s->listing;

	if (!l)
		return;
	s->listing = NULL;
	g_hash_table_destroy(l->by_name);
	arena_fini(&l->arena);
	free(l->list);
	free(l);
}

void
imap_folders_free(struct imap_session *s)
{
	listing_free(s);
	arena_fini(&s->boxes_arena);
}

static struct span
listed_name(struct span raw)
{
	return imap_name_is_inbox(raw) ? SPAN_LIT("INBOX") : raw;
}

struct imap_listed *
listing_find(struct imap_listing *l, struct span raw)
{
	CLEANUP(cleanup_free) char *key = span_dup(listed_name(raw));
	size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(l->by_name, key));

	return at ? &l->list[at - 1] : NULL;
}

static void
listing_add(struct imap_listing *l, const struct imap_list *item)
{
	struct imap_listed *listed = listing_find(l, item->name);
	char *name;

	if (listed) {		/* LIST may repeat itself */
		listed->attributes |= item->attributes;
		return;
	}
	if (l->n == LISTING_MAX)
		return;
	if (l->n == l->size) {
		l->size = l->size ? l->size * 2 : 64;
		l->list = xreallocarray(l->list, l->size, sizeof *l->list);
	}
	name = arena_str(&l->arena, listed_name(item->name));
	l->list[l->n] = (struct imap_listed){
		.name = span_of(name),
		.delimiter = item->delimiter,
		.attributes = item->attributes,
	};
	l->has_inbox |= imap_name_is_inbox(item->name);
	g_hash_table_insert(l->by_name, name, GSIZE_TO_POINTER(++l->n));
}

/*
 * A subscription may outlive its folder; of folders that are not the user's
 * own it is the only word that there is.
 */
static void
listing_subscribe(struct imap_session *s, const struct imap_list *item)
{
	struct imap_listed *listed = listing_find(s->listing, item->name);

	if (listed)
		listed->attributes |= IMAP_ATTR_SUBSCRIBED;
	else if (s->listing->is_of_others &&
	    !span_starts(item->name, buf_span(&s->worker->names.prefix)))
		listing_add(s->listing, item);
}

static bool folders_told(struct imap_session *s, const struct imap_event *ev,
    struct span key);

void
imap_folders_take(struct imap_session *s, const struct imap_event *ev)
{
	CLEANUP(buf_fini) struct buf key = { 0 };
	struct imap_list item = ev->list;
	struct imap_listed *listed;

	imap_names_key(s, ev->kind == IMAP_LIST ? item.name : ev->mailbox,
	    &key);
	item.name = buf_span(&key);
	if (!s->listing) {
		if (folders_told(s, ev, item.name) && s->is_listening)
			imap_wake(s);
		return;
	}
	if (ev->kind == IMAP_LIST) {
		if (item.delimiter)
			s->worker->names.delimiter = item.delimiter;
		if (item.is_lsub)
			listing_subscribe(s, &item);
		else
			listing_add(s->listing, &item);
		return;
	}
	listed = listing_find(s->listing, item.name);
	if (listed)
		listed->facts = ev->facts;
}

void
imap_folders_namespaces(struct imap_session *s,
    const struct imap_namespaces *all)
{
	struct worker_names *names = &s->worker->names;

	if (all->npersonal) {
		buf_reset(&names->prefix);
		imap_names_key(s, all->personal[0].prefix, &names->prefix);
		names->delimiter = all->personal[0].delimiter;
	}
	names->has_others = all->nothers || all->nshared;
}

bool
listed_is_stale(const struct imap_listed *l, const struct folder *f)
{
	const struct imap_mailbox_facts *facts = &l->facts;

	if (f->complete_from == UID_MAX || facts->has == 0)
		return true;
	if ((facts->has & IMAP_HAS_UIDVALIDITY) &&
	    facts->uidvalidity != f->uidvalidity)
		return true;
	if ((facts->has & IMAP_HAS_UIDNEXT) && facts->uidnext != f->uidnext)
		return true;
	if ((facts->has & IMAP_HAS_MESSAGES) &&
	    facts->messages != f->server_total)
		return true;
	if ((facts->has & IMAP_HAS_HIGHESTMODSEQ) && f->highestmodseq)
		return facts->highestmodseq != f->highestmodseq;
	return (facts->has & IMAP_HAS_UNSEEN) &&
	    facts->unseen != f->server_unseen;
}

bool
listed_tells_flags(const struct imap_listed *l, const struct folder *f)
{
	return (l->facts.has & IMAP_HAS_HIGHESTMODSEQ) && f->highestmodseq;
}

/*
 * What NOTIFY tells, unasked: true when there is something to do for it.
 * RFC 5465 5.
 */
static bool
folders_told(struct imap_session *s, const struct imap_event *ev,
    struct span key)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };
	const struct imap_listed told = { .facts = ev->facts };
	struct folder folder;
	struct imap_box *box;

	if (ev->kind == IMAP_LIST) {
		s->list_due_ms = 0;
		return true;
	}
	store_read(s->store, &t);
	if (!store_folder_find(&t, s->worker->account,
	    listed_name(key), &arena, &folder))
		return false;
	box = imap_box_of(s, folder.id);
	if (!box || box == s->sel.box || !listed_is_stale(&told, &folder))
		return false;
	if (ev->facts.has & IMAP_HAS_UNSEEN)
		box->unseen = ev->facts.unseen;
	box->is_stale = true;
	return true;
}

/* The role that the user gave to a folder of this title. */
static enum folder_role
chosen_role(const struct imap_session *s, struct span title)
{
	const struct config_account *config = s->worker->config;

	for (size_t i = 0; i < config->nroles; i++)
		if (span_eq(title, span_of(config->roles[i].folder)))
			return config->roles[i].role;
	return FOLDER_NONE;
}

/*
 * Who has a role: by the server's word, else by the user's, else by its name.
 * PROTOCOLS.md 2.8.
 */
struct claims {
	unsigned by_server, by_user, by_name;	/* bits of enum folder_role */
};

static struct claims
listing_claims(const struct imap_session *s)
{
	const struct imap_listing *l = s->listing;
	struct claims claims = { .by_server = 1u << FOLDER_NONE };

	for (size_t i = 0; i < l->n; i++) {
		CLEANUP(buf_fini) struct buf title = { 0 };

		imap_name_decode(&title, l->list[i].name);
		claims.by_server |= 1u <<
		    role_of_attributes(l->list[i].attributes);
		claims.by_user |= 1u << chosen_role(s, buf_span(&title));
	}
	return claims;
}

static enum folder_role
claim_role(const struct imap_session *s, const struct imap_listed *l,
    struct span title, struct claims *claims)
{
	enum folder_role role = role_of_attributes(l->attributes);

	if (span_eq(l->name, SPAN_LIT("INBOX")))
		return FOLDER_INBOX;
	if (role != FOLDER_NONE)
		return role;
	role = chosen_role(s, title);
	if (role != FOLDER_NONE && !(claims->by_server & 1u << role))
		return role;
	role = role_of_title(title, l->delimiter);
	if ((claims->by_server | claims->by_user | claims->by_name) &
	    1u << role)
		return FOLDER_NONE;
	claims->by_name |= 1u << role;
	return role;
}

static void
listed_folder(const struct imap_session *s, const struct imap_listed *l,
    struct claims *claims, struct buf *title, struct folder *out)
{
	buf_reset(title);
	imap_name_decode(title, l->name);
	*out = (struct folder){
		.account = s->worker->account,
		.name = l->name,
		.title = buf_span(title),
		.delimiter = l->delimiter,
		.role = claim_role(s, l, buf_span(title), claims),
		.is_selectable = !(l->attributes & IMAP_ATTR_NOSELECT),
		.is_subscribed = l->attributes & IMAP_ATTR_SUBSCRIBED,
	};
}

static bool
folder_is_same(const struct folder *a, const struct folder *b)
{
	return span_eq(a->title, b->title) && a->delimiter == b->delimiter &&
	    a->role == b->role && a->is_selectable == b->is_selectable &&
	    a->is_subscribed == b->is_subscribed && a->is_gone == b->is_gone &&
	    a->is_local == b->is_local;
}

/* Folders of the store that were not listed; returns how many changed. */
static size_t
folders_mark_gone(struct imap_session *s, struct store_txn *t,
    struct arena *arena)
{
	struct folder *stored;
	size_t n = store_folders(t, s->worker->account, arena, &stored);
	size_t changed = 0;

	for (size_t i = 0; i < n; i++) {
		if (stored[i].is_local || stored[i].is_gone ||
		    stored[i].is_pending ||
		    listing_find(s->listing, stored[i].name))
			continue;
		stored[i].is_gone = true;
		store_folder_put(t, &stored[i]);
		changed++;
	}
	return changed;
}

static bool
folders_write(struct imap_session *s)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf title = { 0 };
	struct claims claims = listing_claims(s);
	size_t changed = 0;

	store_write(s->store, &t);
	for (size_t i = 0; i < s->listing->n; i++) {
		struct folder folder, stored;

		listed_folder(s, &s->listing->list[i], &claims, &title,
		    &folder);
		if (store_folder_find(&t, folder.account, folder.name, &arena,
		    &stored) && folder_is_same(&folder, &stored))
			continue;
		store_folder_put(&t, &folder);
		changed++;
	}
	changed += folders_mark_gone(s, &t, &arena);
	/* An error of the transaction shows in the commit. */
	if (changed == 0 && t.error.kind == ERR_OK)
		return true;
	return imap_session_commit(s, &t);
}

/* Everything was told: into the store. */
static void
folders_finish(struct imap_session *s)
{
	s->list_due_ms = timer_now_ms() + 1000 *
	    (s->is_notified ? IMAP_POLL_NOTIFIED_S : IMAP_POLL_S);
	if (s->listing->has_inbox) {
		if (!folders_write(s))
			return;
		imap_folders_load(s);
		s->has_list = true;
	} else {
		log_warning("imap", "%s lists no INBOX: list not used",
		    s->worker->config->receive.host);
	}
	listing_free(s);
}

static void folders_status_done(struct imap_session *s,
    const struct imap_event *ev);

/* Where LIST cannot carry STATUS: one by one, some in flight. */
static void
folders_ask_status(struct imap_session *s)
{
	struct imap_listing *l = s->listing;

	while (l->in_flight < LISTING_STATUS && l->asked < l->n) {
		struct imap_listed *listed = &l->list[l->asked++];

		CLEANUP(buf_fini) struct buf wire = { 0 };

		imap_names_wire(s, listed->name, &wire);
		if ((listed->attributes & IMAP_ATTR_NOSELECT) ||
		    (s->sel.box && span_eq(s->sel.box->name,
		    buf_span(&wire))))
			continue;
		l->in_flight++;
		imap_await(s, imap_status(s->imap, buf_span(&wire)),
		    folders_status_done);
	}
	if (l->in_flight == 0)
		folders_finish(s);
}

static void
folders_status_done(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;		/* a NO leaves the folder without facts */
	s->listing->in_flight--;
	folders_ask_status(s);
}

/* Subscriptions are known, or the server has none to tell. */
static void
folders_subscribed(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;
	if (imap_session_can(s, IMAP_CAP_LIST_STATUS))
		folders_finish(s);
	else
		folders_ask_status(s);
}

static void
folders_listed(struct imap_session *s, const struct imap_event *ev)
{
	struct error e;

	if (ev->status != IMAP_OK) {
		imap_session_refusal(s, "the list of folders", ev, &e);
		imap_session_fail(s, &e);
	} else {
		imap_await(s, imap_lsub(s->imap), folders_subscribed);
	}
}

static void
folders_list(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_listing *l = xcalloc(1, sizeof *l);
	CLEANUP(buf_fini) struct buf prefix = { 0 };

	(void)ev;
	listing_free(s);
	l->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	l->is_of_others = s->worker->names.has_others;
	s->listing = l;
	s->worker->names.is_known = true;
	/* What belongs to others can be without end: it is not listed. */
	if (s->worker->names.has_others)
		imap_names_wire(s, buf_span(&s->worker->names.prefix), &prefix);
	imap_await(s, imap_list_all(s->imap, buf_span(&prefix)),
	    folders_listed);
}

void
imap_folders_ask(struct imap_session *s)
{
	if (s->worker->names.is_known)
		folders_list(s, NULL);
	else
		imap_await(s, imap_namespace(s->imap), folders_list);
}
