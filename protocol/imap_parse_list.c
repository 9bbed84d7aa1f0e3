/* SPDX-License-Identifier: MIT */
/*
 * LIST (also LSUB and XLIST), STATUS, NAMESPACE and QUOTA.  RFC 9051 7.3,
 * RFC 2342, RFC 9208.
 * A mailbox name is bytes; only one that could never be sent back (empty,
 * with a NUL, over IMAP_NAME_MAX) is passed over.
 */
#include "protocol/imap_parse.h"

#include "base/bug.h"

static const struct {
	struct span name;
	unsigned bit;
} attributes[] = {
	{ SPAN("\\Noselect"), IMAP_ATTR_NOSELECT },
	{ SPAN("\\NonExistent"), IMAP_ATTR_NOSELECT },
	{ SPAN("\\Noinferiors"), IMAP_ATTR_NOINFERIORS },
	{ SPAN("\\Marked"), IMAP_ATTR_MARKED },
	{ SPAN("\\Unmarked"), IMAP_ATTR_UNMARKED },
	{ SPAN("\\HasChildren"), IMAP_ATTR_HASCHILDREN },
	{ SPAN("\\HasNoChildren"), IMAP_ATTR_HASNOCHILDREN },
	{ SPAN("\\Subscribed"), IMAP_ATTR_SUBSCRIBED },
	{ SPAN("\\All"), IMAP_ATTR_ALL },
	{ SPAN("\\AllMail"), IMAP_ATTR_ALL },		/* XLIST */
	{ SPAN("\\Archive"), IMAP_ATTR_ARCHIVE },
	{ SPAN("\\Drafts"), IMAP_ATTR_DRAFTS },
	{ SPAN("\\Flagged"), IMAP_ATTR_FLAGGED },
	{ SPAN("\\Starred"), IMAP_ATTR_FLAGGED },	/* XLIST */
	{ SPAN("\\Junk"), IMAP_ATTR_JUNK },
	{ SPAN("\\Spam"), IMAP_ATTR_JUNK },		/* XLIST */
	{ SPAN("\\Sent"), IMAP_ATTR_SENT },
	{ SPAN("\\Trash"), IMAP_ATTR_TRASH },
	{ SPAN("\\Important"), IMAP_ATTR_IMPORTANT },
};

static unsigned
attribute(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (span_ieq(name, attributes[i].name))
			return attributes[i].bit;
	return 0;
}

static bool
is_usable(struct span name)
{
	return name.n > 0 && name.n <= IMAP_NAME_MAX &&
	    span_chr(name, '\0') == SIZE_MAX;
}

struct span
imap_fold_inbox(struct span name, char delimiter, struct arena *arena)
{
	static const struct span inbox = SPAN("INBOX");
	char *copy;

	if (!span_istarts(name, inbox) || span_starts(name, inbox))
		return name;
	if (name.n > inbox.n &&
	    (delimiter == '\0' || name.p[inbox.n] != delimiter))
		return name;
	copy = arena_str(arena, name);
	memcpy(copy, inbox.p, inbox.n);
	return (struct span){ copy, name.n };
}

/*
 * Exchange writes names with blanks and control characters without quotes:
 * then all of the line is the name, but for the extended data of RFC 5258,
 * which starts with a parenthesis and a quote.  PROTOCOLS.md 8, row 9.
 */
static bool
take_name(struct imap_lex *lex, struct span *name)
{
	struct span value;
	size_t extended;

	switch (imap_lex_peek(lex, &value)) {
	case IMAP_TOKEN_QUOTED:
	case IMAP_TOKEN_LITERAL:
		imap_lex_next(lex, name);
		return true;
	case IMAP_TOKEN_END:
		return false;
	case IMAP_TOKEN_ATOM:
	case IMAP_TOKEN_NIL:
	case IMAP_TOKEN_OPEN:
	case IMAP_TOKEN_CLOSE:
		break;
	}
	*name = span_trim(lex->rest);
	extended = span_find(*name, SPAN_LIT(" (\""));
	if (extended != SIZE_MAX)
		*name = span_trim((struct span){ name->p, extended });
	lex->rest.n = 0;
	return true;
}

static void
take_delimiter(struct imap_lex *lex, char *delimiter)
{
	struct span value;

	*delimiter = '\0';
	if (imap_lex_next(lex, &value) != IMAP_TOKEN_NIL && value.n == 1)
		*delimiter = value.p[0];
}

/* XLIST has INBOX under the name that people read. */
bool
imap_parse_list(struct imap_lex *lex, struct imap_list *list)
{
	enum imap_token token;
	bool is_inbox = false;
	struct span value;

	*list = (struct imap_list){ 0 };
	if (imap_lex_peek(lex, &value) == IMAP_TOKEN_OPEN) {
		imap_lex_next(lex, &value);
		while ((token = imap_lex_next(lex, &value)) !=
		    IMAP_TOKEN_CLOSE) {
			if (token == IMAP_TOKEN_END)
				return false;
			list->attributes |= attribute(value);
			is_inbox |= span_ieq(value, SPAN_LIT("\\Inbox"));
		}
	} else {
		imap_lex_skip(lex);
	}
	take_delimiter(lex, &list->delimiter);
	if (!take_name(lex, &value) || !is_usable(value))
		return false;
	list->name = is_inbox ? SPAN_LIT("INBOX") :
	    imap_fold_inbox(value, list->delimiter, lex->arena);
	return true;
}

static void
put_status_item(struct span name, struct span value,
    struct imap_mailbox_facts *facts)
{
	const struct {
		struct span name;
		uint32_t *small;
		uint64_t *big;
		unsigned bit;
		bool may_be_0;
	} items[] = {
		{ SPAN("MESSAGES"), &facts->messages, NULL,
		    IMAP_HAS_MESSAGES, true },
		{ SPAN("UNSEEN"), &facts->unseen, NULL,
		    IMAP_HAS_UNSEEN, true },
		{ SPAN("UIDNEXT"), &facts->uidnext, NULL,
		    IMAP_HAS_UIDNEXT, false },
		{ SPAN("UIDVALIDITY"), &facts->uidvalidity, NULL,
		    IMAP_HAS_UIDVALIDITY, false },
		{ SPAN("HIGHESTMODSEQ"), NULL, &facts->highestmodseq,
		    IMAP_HAS_HIGHESTMODSEQ, false },
		{ SPAN("SIZE"), NULL, &facts->size, IMAP_HAS_SIZE, true },
	};
	uint64_t v;

	if (!imap_lex_number(value, &v))
		return;
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		if (!span_ieq(name, items[i].name))
			continue;
		if ((v == 0 && !items[i].may_be_0) || v > INT64_MAX ||
		    (items[i].small && v > UINT32_MAX))
			return;
		if (items[i].small)
			*items[i].small = (uint32_t)v;
		else
			*items[i].big = v;
		facts->has |= items[i].bit;
	}
}

bool
imap_parse_status(struct imap_lex *lex, struct span *mailbox,
    struct imap_mailbox_facts *facts)
{
	struct span name, value;

	*facts = (struct imap_mailbox_facts){ 0 };
	if (imap_lex_next(lex, mailbox) == IMAP_TOKEN_END ||
	    !is_usable(*mailbox))
		return false;
	if (imap_lex_next(lex, &value) != IMAP_TOKEN_OPEN)
		return false;
	while (imap_lex_next(lex, &name) == IMAP_TOKEN_ATOM) {
		switch (imap_lex_peek(lex, &value)) {
		case IMAP_TOKEN_ATOM:
		case IMAP_TOKEN_QUOTED:
			imap_lex_next(lex, &value);
			put_status_item(name, value, facts);
			break;
		case IMAP_TOKEN_OPEN:
		case IMAP_TOKEN_NIL:
		case IMAP_TOKEN_LITERAL:
			imap_lex_skip(lex);
			break;
		case IMAP_TOKEN_END:
		case IMAP_TOKEN_CLOSE:
			break;
		}
	}
	return true;
}

/* ("prefix" "/" ...), with the extensions of RFC 2342 passed over. */
static bool
take_namespace(struct imap_lex *lex, struct imap_namespace *ns)
{
	enum imap_token token = imap_lex_next(lex, &ns->prefix);
	struct span value;

	if (token == IMAP_TOKEN_END || token == IMAP_TOKEN_OPEN ||
	    token == IMAP_TOKEN_CLOSE)
		return false;
	if (token == IMAP_TOKEN_NIL)
		ns->prefix.n = 0;
	take_delimiter(lex, &ns->delimiter);
	while ((token = imap_lex_peek(lex, &value)) != IMAP_TOKEN_CLOSE) {
		if (token == IMAP_TOKEN_END)
			return false;
		imap_lex_skip(lex);
	}
	imap_lex_next(lex, &value);
	if (ns->prefix.n > IMAP_NAME_MAX ||
	    span_chr(ns->prefix, '\0') != SIZE_MAX)
		return false;
	ns->prefix = imap_fold_inbox(ns->prefix, ns->delimiter, lex->arena);
	return true;
}

/* NIL, or a list of them; false where the line is nonsense from here on. */
static bool
take_namespaces(struct imap_lex *lex, const struct imap_namespace **list,
    size_t *n)
{
	struct imap_namespace *all = arena_array(lex->arena,
	    IMAP_NAMESPACES_MAX, sizeof *all), one;
	enum imap_token token;
	struct span value;

	*list = all;
	token = imap_lex_next(lex, &value);
	if (token == IMAP_TOKEN_NIL)
		return true;
	if (token != IMAP_TOKEN_OPEN)
		return false;
	while (imap_lex_next(lex, &value) == IMAP_TOKEN_OPEN) {
		one = (struct imap_namespace){ 0 };
		if (!take_namespace(lex, &one))
			return false;
		if (*n < IMAP_NAMESPACES_MAX)
			all[(*n)++] = one;
	}
	return true;
}

/* What stands before the nonsense counts; without a personal one, nothing. */
bool
imap_parse_namespaces(struct imap_lex *lex, struct imap_namespaces *ns)
{
	*ns = (struct imap_namespaces){ 0 };
	if (take_namespaces(lex, &ns->personal, &ns->npersonal) &&
	    take_namespaces(lex, &ns->others, &ns->nothers))
		take_namespaces(lex, &ns->shared, &ns->nshared);
	return ns->npersonal || ns->nothers || ns->nshared;
}

/* RFC 9208 5.2.1: storage counts in units of 1024 octets. */
static uint64_t
of_kib(uint64_t kib)
{
	return kib > UINT64_MAX / 1024 ? UINT64_MAX : kib * 1024;
}

static void
put_resource(struct span name, uint64_t used, uint64_t max,
    struct imap_quota *quota)
{
	if (span_ieq(name, SPAN_LIT("STORAGE"))) {
		quota->has_storage = true;
		quota->storage_used = of_kib(used);
		quota->storage_max = of_kib(max);
	} else if (span_ieq(name, SPAN_LIT("MESSAGE"))) {
		quota->has_messages = true;
		quota->messages_used = used;
		quota->messages_max = max;
	}
}

bool
imap_parse_quota(struct imap_lex *lex, struct imap_quota *quota)
{
	struct span name, used, max;
	uint64_t n, of;

	*quota = (struct imap_quota){ 0 };
	switch (imap_lex_next(lex, &quota->root)) {
	case IMAP_TOKEN_OPEN:
	case IMAP_TOKEN_CLOSE:
	case IMAP_TOKEN_END:
		return false;
	case IMAP_TOKEN_ATOM:
	case IMAP_TOKEN_NIL:
	case IMAP_TOKEN_QUOTED:
	case IMAP_TOKEN_LITERAL:
		break;
	}
	if (imap_lex_next(lex, &name) != IMAP_TOKEN_OPEN)
		return false;
	while (imap_lex_next(lex, &name) == IMAP_TOKEN_ATOM) {
		imap_lex_next(lex, &used);
		imap_lex_next(lex, &max);
		if (imap_lex_number(used, &n) && imap_lex_number(max, &of))
			put_resource(name, n, of, quota);
	}
	return true;
}
