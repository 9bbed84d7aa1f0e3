/* SPDX-License-Identifier: MIT */
/* What is asked about mailboxes and done to them as wholes; see imap.h. */
#include "protocol/imap_private.h"

#include "base/bug.h"
#include "base/cleanup.h"

static bool
can(const struct imap *imap, uint64_t capability)
{
	return (imap->capabilities & capability) != 0;
}

static void
status_items(const struct imap *imap, struct imap_command *c)
{
	imap_command_puts(c, "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY");
	if (can(imap, IMAP_CAP_CONDSTORE))
		imap_command_puts(c, " HIGHESTMODSEQ");
	if (can(imap, IMAP_CAP_STATUS_SIZE))
		imap_command_puts(c, " SIZE");
	imap_command_puts(c, ")");
}

/* PREFIX*, never an atom: no server takes the asterisk for less. */
static void
put_pattern(const struct imap *imap, struct imap_command *c,
    struct span prefix)
{
	CLEANUP(buf_fini) struct buf pattern = { 0 };

	c->is_unsayable |= prefix.n > IMAP_NAME_MAX;
	buf_put(&pattern, prefix);
	buf_putc(&pattern, '*');
	imap_command_string(c, buf_span(&pattern), imap->capabilities, false);
}

/*
 * Gmail's elder way to tell roles, which others took over.  Where LIST can be
 * asked for more, its answers tell them whether asked or not.
 */
static const char *
plain_words(const struct imap *imap)
{
	return can(imap, IMAP_CAP_XLIST) && !can(imap, IMAP_CAP_SPECIAL_USE) ?
	    "XLIST \"\" " : "LIST \"\" ";
}

/* again: the tag that it has already, or 0. */
static struct imap_command *
begin_plain_list(struct imap *imap, uint32_t again)
{
	const char *words = plain_words(imap);
	struct imap_command *c = again ? imap_queue_begin(imap,
	    IMAP_VERB_LIST, again, words) :
	    imap_request_begin(imap, IMAP_VERB_LIST, words);

	c->is_again = again != 0;
	return c;
}

/* "INBOX.*" does not name INBOX itself: two commands, done as one. */
static uint32_t
list_plainly(struct imap *imap, uint32_t again, struct span prefix)
{
	struct imap_command *c = begin_plain_list(imap, again), *rest;

	if (prefix.n == 0) {
		put_pattern(imap, c, prefix);
		return imap_request_submit(imap, c);
	}
	imap_command_puts(c, "INBOX");
	rest = begin_plain_list(imap, c->id);
	rest->is_again = c->is_again;
	put_pattern(imap, rest, prefix);
	c->is_unsayable = rest->is_unsayable;
	if (rest->is_unsayable || !imap_request_is_open(imap)) {
		imap_command_free(rest);
		return imap_request_submit(imap, c);
	}
	imap_request_submit(imap, c);
	return imap_request_submit(imap, rest);
}

/* RFC 5819 has the words of RFC 5258 even where that is not announced. */
static void
put_returns(const struct imap *imap, struct imap_command *c)
{
	const char *blank = "";

	imap_command_puts(c, " RETURN (");
	if (can(imap, IMAP_CAP_LIST_EXTENDED)) {
		imap_command_puts(c, "SUBSCRIBED CHILDREN");
		if (can(imap, IMAP_CAP_SPECIAL_USE))
			imap_command_puts(c, " SPECIAL-USE");
		blank = " ";
	}
	if (can(imap, IMAP_CAP_LIST_STATUS)) {
		imap_command_puts(c, blank);
		imap_command_puts(c, "STATUS ");
		status_items(imap, c);
	}
	imap_command_puts(c, ")");
}

uint32_t
imap_list_all(struct imap *imap, struct span prefix)
{
	struct imap_command *c;

	if (!can(imap, IMAP_CAP_LIST_EXTENDED | IMAP_CAP_LIST_STATUS))
		return list_plainly(imap, 0, prefix);
	c = imap_request_begin(imap, IMAP_VERB_LIST, "LIST \"\" ");
	c->is_extended = true;
	buf_put(&c->mailbox, prefix);
	if (prefix.n)
		imap_command_puts(c, "(INBOX ");
	put_pattern(imap, c, prefix);
	if (prefix.n)
		imap_command_puts(c, ")");
	put_returns(imap, c);
	return imap_request_submit(imap, c);
}

/* PROTOCOLS.md 8, row 39. */
bool
imap_request_list_again(struct imap *imap, const struct imap_command *c)
{
	if (!c->is_extended || imap->list_rows || !imap_request_is_open(imap))
		return false;
	imap->capabilities &= ~(IMAP_CAP_LIST_EXTENDED |
	    IMAP_CAP_LIST_STATUS);
	list_plainly(imap, c->id, buf_span(&c->mailbox));
	return true;
}

uint32_t
imap_lsub(struct imap *imap)
{
	if (can(imap, IMAP_CAP_LIST_EXTENDED) && imap_request_is_open(imap))
		return imap_request_settle(imap, IMAP_VERB_LSUB, IMAP_OK);
	return imap_request_submit(imap, imap_request_begin(imap,
	    IMAP_VERB_LSUB, "LSUB \"\" \"*\""));
}

uint32_t
imap_namespace(struct imap *imap)
{
	if (imap_request_is_open(imap) && !can(imap, IMAP_CAP_NAMESPACE))
		return imap_request_settle(imap, IMAP_VERB_NAMESPACE, IMAP_OK);
	return imap_request_submit(imap, imap_request_begin(imap,
	    IMAP_VERB_NAMESPACE, "NAMESPACE"));
}

/* `words` MAILBOX */
static struct imap_command *
begin_on(struct imap *imap, enum imap_verb verb, const char *words,
    struct span mailbox)
{
	struct imap_command *c = imap_request_begin(imap, verb, words);

	imap_command_mailbox(c, mailbox, imap->capabilities);
	return c;
}

uint32_t
imap_status(struct imap *imap, struct span mailbox)
{
	struct imap_command *c = begin_on(imap, IMAP_VERB_STATUS, "STATUS ",
	    mailbox);

	imap_command_puts(c, " ");
	status_items(imap, c);
	return imap_request_submit(imap, c);
}

static const char *
role_name(unsigned role)
{
	static const struct {
		unsigned role;
		const char *name;
	} roles[] = {
		{ IMAP_ATTR_ALL, "\\All" },
		{ IMAP_ATTR_ARCHIVE, "\\Archive" },
		{ IMAP_ATTR_DRAFTS, "\\Drafts" },
		{ IMAP_ATTR_FLAGGED, "\\Flagged" },
		{ IMAP_ATTR_JUNK, "\\Junk" },
		{ IMAP_ATTR_SENT, "\\Sent" },
		{ IMAP_ATTR_TRASH, "\\Trash" },
		{ IMAP_ATTR_IMPORTANT, "\\Important" },
	};

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (role == roles[i].role)
			return roles[i].name;
	return NULL;
}

uint32_t
imap_create(struct imap *imap, struct span name, unsigned role)
{
	struct imap_command *c = begin_on(imap, IMAP_VERB_FOLDER, "CREATE ",
	    name);
	const char *use = role_name(role);

	c->is_unsayable |= role && !use;
	if (use && can(imap, IMAP_CAP_CREATE_SPECIAL_USE))
		buf_printf(&c->text, " (USE (%s))", use);
	return imap_request_submit(imap, c);
}

uint32_t
imap_rename(struct imap *imap, struct span from, struct span to)
{
	struct imap_command *c = begin_on(imap, IMAP_VERB_FOLDER, "RENAME ",
	    from);

	imap_command_puts(c, " ");
	imap_command_mailbox(c, to, imap->capabilities);
	return imap_request_submit(imap, c);
}

uint32_t
imap_delete(struct imap *imap, struct span name)
{
	return imap_request_submit(imap, begin_on(imap, IMAP_VERB_FOLDER,
	    "DELETE ", name));
}

uint32_t
imap_subscribe(struct imap *imap, struct span name, bool on)
{
	return imap_request_submit(imap, begin_on(imap, IMAP_VERB_FOLDER,
	    on ? "SUBSCRIBE " : "UNSUBSCRIBE ", name));
}

uint32_t
imap_quota(struct imap *imap, struct span mailbox)
{
	if (!can(imap, IMAP_CAP_QUOTA))
		return imap_request_settle(imap, IMAP_VERB_QUOTA, IMAP_BAD);
	return imap_request_submit(imap, begin_on(imap, IMAP_VERB_QUOTA,
	    "GETQUOTAROOT ", mailbox));
}

uint32_t
imap_notify(struct imap *imap, bool with_status)
{
	struct imap_command *c;

	if (!can(imap, IMAP_CAP_NOTIFY) || !imap_request_is_open(imap))
		return imap_request_settle(imap, IMAP_VERB_NOTIFY, IMAP_BAD);
	imap->is_notifying = true;	/* what is issued now comes later */
	c = imap_request_begin(imap, IMAP_VERB_NOTIFY, with_status ?
	    "NOTIFY SET STATUS " : "NOTIFY SET ");
	imap_command_puts(c,
	    "(selected (MessageNew (UID FLAGS) MessageExpunge FlagChange)) "
	    "(personal (MessageNew MessageExpunge FlagChange MailboxName))");
	return imap_request_submit(imap, c);
}
