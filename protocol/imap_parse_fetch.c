/* SPDX-License-Identifier: MIT */
/*
 * FETCH answers.  RFC 9051 7.5.2.  Items come in any order, unasked, split
 * over several answers, with or without values; what is not known is passed
 * over with its value.  ENVELOPE and BODYSTRUCTURE are never asked for.
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

static const struct {
	struct span name;
	void (*read)(struct imap_lex *, struct imap_fetch_answer *);
} items[] = {
	{ SPAN("UID"), item_uid },
	{ SPAN("FLAGS"), item_flags },
	{ SPAN("INTERNALDATE"), item_internaldate },
	{ SPAN("RFC822.SIZE"), item_size },
	{ SPAN("MODSEQ"), item_modseq },
};

static void
add_section(struct imap_lex *lex, struct imap_fetch_answer *answer,
    struct span name, struct span content)
{
	struct imap_section *section;

	if (answer->nsections == IMAP_SECTIONS_MAX) {
		answer->fetch.has |= IMAP_FETCHED_BROKEN;
		return;
	}
	answer->nsections++;
	section = arena_alloc(lex->arena, sizeof *section);
	*section = (struct imap_section){ .name = name, .content = content };
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
    struct span name)
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
		add_section(lex, answer, name, value);
}

static void
read_item(struct imap_lex *lex, struct imap_fetch_answer *answer)
{
	struct span name, section;

	imap_lex_item(lex, &name, &section);
	if (name.n == 0) {	/* a value where a name should be */
		imap_lex_skip(lex);
		answer->fetch.has |= IMAP_FETCHED_BROKEN;
		return;
	}
	if (section.p && (span_ieq(name, SPAN_LIT("BODY")) ||
	    span_ieq(name, SPAN_LIT("BINARY")))) {
		item_body(lex, answer, section);
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

	*answer = (struct imap_fetch_answer){ .last = &answer->sections };
	answer->fetch.internaldate = DATE_NONE;
	if (imap_lex_next(lex, &value) == IMAP_TOKEN_OPEN) {
		for (;;) {
			imap_lex_blanks(lex);
			if (lex->rest.n == 0)
				break;
			if (lex->rest.p[0] == ')')
				return;
			read_item(lex, answer);
		}
	}
	answer->fetch.has |= IMAP_FETCHED_BROKEN;
}
