/* SPDX-License-Identifier: MIT */
/*
 * FETCH answers.  RFC 9051 7.5.2.  Items come in any order, unasked, split
 * over several answers, with or without values; what is not known is passed
 * over with its value.  ENVELOPE is never asked for.
 */
#include "protocol/imap_parse.h"

#include "base/bug.h"
#include "base/date.h"

static void
item_uid(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value;
	uint64_t v;

	imap_lex_next(lex, &value);
	if (!imap_lex_number(value, &v) || v == 0 || v > UINT32_MAX)
		return;
	answer->fetch.uid.v = (uint32_t)v;
	answer->fetch.has |= IMAP_FETCHED_UID;
}

static void
add_keyword(struct arena *arena, struct span word, struct span **list,
    size_t *n)
{
	if (word.n == 0 || word.n > KEYWORD_MAX_OCTETS || *n == KEYWORDS_MAX ||
	    span_ieq(word, SPAN_LIT("\\Recent")))
		return;
	if (!*list)
		*list = arena_array(arena, KEYWORDS_MAX, sizeof **list);
	(*list)[(*n)++] = word;
}

uint32_t
imap_parse_flags(struct imap_lex *lex, const struct span **keywords,
    size_t *nkeywords)
{
	struct span word, *list = NULL;
	enum imap_token token;
	uint32_t flags = 0, bit;

	*nkeywords = 0;
	if (imap_lex_peek(lex, &word) != IMAP_TOKEN_OPEN) {
		imap_lex_skip(lex);
		*keywords = NULL;
		return 0;
	}
	imap_lex_next(lex, &word);
	while ((token = imap_lex_next(lex, &word)) != IMAP_TOKEN_CLOSE &&
	    token != IMAP_TOKEN_END) {
		bit = flag_from_imap(word);
		flags |= bit;
		if (!bit)
			add_keyword(lex->arena, word, &list, nkeywords);
	}
	*keywords = list;
	return flags;
}

static void
item_flags(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct imap_fetch *fetch = &answer->fetch;

	fetch->flags = imap_parse_flags(lex, &fetch->keywords,
	    &fetch->nkeywords);
	fetch->has |= IMAP_FETCHED_FLAGS;
}

static void
item_internaldate(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value;

	imap_lex_next(lex, &value);
	answer->fetch.internaldate = date_parse_imap(value);
	answer->fetch.has |= IMAP_FETCHED_INTERNALDATE;
}

static void
item_size(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value;
	uint64_t v;

	imap_lex_next(lex, &value);
	if (!imap_lex_number(value, &v))
		return;
	answer->fetch.size = v;
	answer->fetch.has |= IMAP_FETCHED_SIZE;
}

/* "(12345)", or the bare number. */
static void
item_modseq(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	enum imap_token token;
	struct span value, more;
	uint64_t v;

	token = imap_lex_next(lex, &value);
	if (token == IMAP_TOKEN_OPEN) {
		token = imap_lex_next(lex, &value);
		while (token != IMAP_TOKEN_CLOSE && token != IMAP_TOKEN_END)
			token = imap_lex_next(lex, &more);
	}
	if (!imap_lex_number(value, &v) || v == 0 || v > INT64_MAX)
		return;
	answer->fetch.modseq = v;
	answer->fetch.has |= IMAP_FETCHED_MODSEQ;
}

static void
item_structure(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	if (answer->fetch.structure) {	/* one is enough */
		imap_lex_skip(lex);
		return;
	}
	answer->fetch.structure = imap_parse_structure(lex);
	answer->fetch.has |= answer->fetch.structure ?
	    IMAP_FETCHED_STRUCTURE : IMAP_FETCHED_BROKEN;
}

/* "(M6d99ac3275bb4e)", bare, or NIL.  RFC 8474 5. */
static struct span
take_id(struct imap_lex *lex)
{
	struct span value, id = { NULL, 0 };
	enum imap_token token = imap_lex_next(lex, &value);

	if (token != IMAP_TOKEN_OPEN)
		return token == IMAP_TOKEN_NIL ? id : value;
	while ((token = imap_lex_next(lex, &value)) != IMAP_TOKEN_CLOSE &&
	    token != IMAP_TOKEN_END)
		if (token != IMAP_TOKEN_NIL && id.n == 0)
			id = value;
	return id;
}

static void
item_email_id(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	answer->fetch.email_id = take_id(lex);
	answer->fetch.has |= IMAP_FETCHED_EMAIL_ID;
}

static void
item_thread_id(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	answer->fetch.thread_id = take_id(lex);
	answer->fetch.has |= IMAP_FETCHED_THREAD_ID;
}

static void
item_preview(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value;

	switch (imap_lex_peek(lex, &value)) {
	case IMAP_TOKEN_QUOTED:
	case IMAP_TOKEN_LITERAL:
	case IMAP_TOKEN_NIL:
		if (imap_lex_next(lex, &value) != IMAP_TOKEN_NIL)
			answer->fetch.preview = value;
		answer->fetch.has |= IMAP_FETCHED_PREVIEW;
		break;
	case IMAP_TOKEN_OPEN:
	case IMAP_TOKEN_ATOM:
	case IMAP_TOKEN_CLOSE:
	case IMAP_TOKEN_END:
		imap_lex_skip(lex);
		break;
	}
}

static bool
take_number(struct imap_lex *lex, uint64_t *v)
{
	struct span value;

	imap_lex_next(lex, &value);
	return span_u64(value, v) && *v != 0;
}

static void
item_gm_msgid(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	if (take_number(lex, &answer->fetch.gm_msgid))
		answer->fetch.has |= IMAP_FETCHED_GM_MSGID;
}

static void
item_gm_thrid(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	if (take_number(lex, &answer->fetch.gm_thrid))
		answer->fetch.has |= IMAP_FETCHED_GM_THRID;
}

/* One that is NIL is none: PROTOCOLS.md 8, row 26. */
static void
item_labels(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value, *list;
	enum imap_token token;
	size_t n = 0;

	if (imap_lex_peek(lex, &value) != IMAP_TOKEN_OPEN) {
		imap_lex_skip(lex);
		return;
	}
	imap_lex_next(lex, &value);
	list = arena_array(lex->arena, IMAP_LABELS_MAX, sizeof *list);
	while ((token = imap_lex_next(lex, &value)) != IMAP_TOKEN_CLOSE &&
	    token != IMAP_TOKEN_END)
		if (token != IMAP_TOKEN_NIL && token != IMAP_TOKEN_OPEN &&
		    value.n && value.n <= IMAP_NAME_MAX &&
		    n < IMAP_LABELS_MAX)
			list[n++] = value;
	answer->fetch.labels = list;
	answer->fetch.nlabels = n;
	answer->fetch.has |= IMAP_FETCHED_LABELS;
}

static const struct {
	struct span name;
	void (*read)(struct imap_lex *, struct imap_fetch_answer *);
} items[] = {
	{ SPAN("UID"), item_uid },
	{ SPAN("FLAGS"), item_flags },
	{ SPAN("INTERNALDATE"), item_internaldate },
	{ SPAN("RFC822.SIZE"), item_size },
	{ SPAN("MODSEQ"), item_modseq },
	{ SPAN("BODYSTRUCTURE"), item_structure },
	{ SPAN("EMAILID"), item_email_id },
	{ SPAN("THREADID"), item_thread_id },
	{ SPAN("PREVIEW"), item_preview },
	{ SPAN("X-GM-MSGID"), item_gm_msgid },
	{ SPAN("X-GM-THRID"), item_gm_thrid },
	{ SPAN("X-GM-LABELS"), item_labels },
};

static void
add_section(struct imap_lex *lex, struct imap_fetch_answer *answer,
    struct imap_section found)
{
	struct imap_section *section;

	if (answer->nsections == IMAP_SECTIONS_MAX) {
		answer->fetch.has |= IMAP_FETCHED_BROKEN;
		return;
	}
	answer->nsections++;
	section = arena_alloc(lex->arena, sizeof *section);
	*section = found;
	*answer->last = section;
	answer->last = &section->next;
}

/*
 * BODY[section].  A value that is missing counts as NIL; then the next atom
 * is the next item.  PROTOCOLS.md 8, row 45.  An empty literal stands for
 * one that the frame has already handed out in pieces.
 */
static void
item_body(struct imap_lex *lex, struct imap_fetch_answer *answer,
    struct span name, bool is_binary)
{
	struct span value = { NULL, 0 };
	bool is_streamed = false;

	switch (imap_lex_peek(lex, &value)) {
	case IMAP_TOKEN_NIL:
		imap_lex_next(lex, &value);
		value.n = 0;
		break;
	case IMAP_TOKEN_QUOTED:
		imap_lex_next(lex, &value);
		break;
	case IMAP_TOKEN_LITERAL:
		imap_lex_next(lex, &value);
		is_streamed = value.n == 0;
		break;
	case IMAP_TOKEN_OPEN:
		imap_lex_skip(lex);
		break;
	case IMAP_TOKEN_ATOM:
	case IMAP_TOKEN_CLOSE:
	case IMAP_TOKEN_END:
		value.n = 0;
		break;
	}
	if (span_istarts(name, SPAN_LIT("HEADER"))) {
		answer->fetch.header = value;
		answer->fetch.has |= IMAP_FETCHED_HEADER;
		return;
	}
	answer->fetch.section = name;
	answer->fetch.has |= IMAP_FETCHED_BODY;
	if (!is_streamed)
		add_section(lex, answer, (struct imap_section){
		    .name = name, .content = value,
		    .is_binary = is_binary });
}

static void
read_item(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span name, section;
	bool is_binary;

	imap_lex_item(lex, &name, &section);
	if (name.n == 0) {	/* a value where a name should be */
		imap_lex_skip(lex);
		answer->fetch.has |= IMAP_FETCHED_BROKEN;
		return;
	}
	is_binary = span_ieq(name, SPAN_LIT("BINARY"));
	if (section.p && (is_binary || span_ieq(name, SPAN_LIT("BODY")))) {
		item_body(lex, answer, section, is_binary);
		return;
	}
	if (imap_lex_peek(lex, &section) == IMAP_TOKEN_CLOSE)
		return;		/* no value */
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		if (span_ieq(name, items[i].name)) {
			items[i].read(lex, answer);
			return;
		}
	}
	imap_lex_skip(lex);
}

void
imap_parse_fetch(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span value;
	unsigned n = 0;

	*answer = (struct imap_fetch_answer){ .last = &answer->sections };
	answer->fetch.internaldate = DATE_NONE;
	if (imap_lex_next(lex, &value) == IMAP_TOKEN_OPEN) {
		for (;;) {
			imap_lex_blanks(lex);
			if (lex->rest.n == 0)
				break;
			if (lex->rest.p[0] == ')')
				return;
			if (++n > IMAP_ITEMS_MAX)
				break;
			read_item(lex, answer);
		}
	}
	answer->fetch.has |= IMAP_FETCHED_BROKEN;
}
