/* SPDX-License-Identifier: MIT */
/*
 * Status answers, their codes (RFC 9051 7.1, RFC 5530) and capabilities.
 * Text and code are optional everywhere; a code that is not known is kept
 * by name only.
 */
#include "protocol/imap_parse.h"

#include "base/bug.h"

static const struct {
	struct span name;
	enum imap_code code;
} codes[] = {
	{ SPAN("AUTHENTICATIONFAILED"), IMAP_CODE_AUTHENTICATIONFAILED },
	{ SPAN("AUTHORIZATIONFAILED"), IMAP_CODE_AUTHORIZATIONFAILED },
	{ SPAN("EXPIRED"), IMAP_CODE_EXPIRED },
	{ SPAN("PRIVACYREQUIRED"), IMAP_CODE_PRIVACYREQUIRED },
	{ SPAN("CONTACTADMIN"), IMAP_CODE_CONTACTADMIN },
	{ SPAN("UNAVAILABLE"), IMAP_CODE_UNAVAILABLE },
	{ SPAN("INUSE"), IMAP_CODE_INUSE },
	{ SPAN("LIMIT"), IMAP_CODE_LIMIT },
	{ SPAN("OVERQUOTA"), IMAP_CODE_OVERQUOTA },
	{ SPAN("NOPERM"), IMAP_CODE_NOPERM },
	{ SPAN("CANNOT"), IMAP_CODE_CANNOT },
	{ SPAN("NONEXISTENT"), IMAP_CODE_NONEXISTENT },
	{ SPAN("ALREADYEXISTS"), IMAP_CODE_ALREADYEXISTS },
	{ SPAN("EXPUNGEISSUED"), IMAP_CODE_EXPUNGEISSUED },
	{ SPAN("SERVERBUG"), IMAP_CODE_SERVERBUG },
	{ SPAN("CLIENTBUG"), IMAP_CODE_CLIENTBUG },
	{ SPAN("TRYCREATE"), IMAP_CODE_TRYCREATE },
	{ SPAN("READ-ONLY"), IMAP_CODE_READ_ONLY },
	{ SPAN("APPENDUID"), IMAP_CODE_APPENDUID },
	{ SPAN("COPYUID"), IMAP_CODE_COPYUID },
	{ SPAN("MODIFIED"), IMAP_CODE_MODIFIED },
	{ SPAN("UNKNOWN-CTE"), IMAP_CODE_UNKNOWN_CTE },
	{ SPAN("BADCHARSET"), IMAP_CODE_BADCHARSET },
	{ SPAN("USEATTR"), IMAP_CODE_USEATTR },
	{ SPAN("TOOBIG"), IMAP_CODE_TOOBIG },
	{ SPAN("HASCHILDREN"), IMAP_CODE_HASCHILDREN },
};

static const struct {
	struct span name;
	uint64_t bit;
} capabilities[] = {
	{ SPAN("IMAP4rev1"), IMAP_CAP_REV1 },
	{ SPAN("IMAP4rev2"), IMAP_CAP_REV2 },
	{ SPAN("STARTTLS"), IMAP_CAP_STARTTLS },
	{ SPAN("LOGINDISABLED"), IMAP_CAP_LOGINDISABLED },
	{ SPAN("SASL-IR"), IMAP_CAP_SASL_IR },
	{ SPAN("LITERAL+"), IMAP_CAP_LITERAL_PLUS },
	{ SPAN("LITERAL-"), IMAP_CAP_LITERAL_MINUS },
	{ SPAN("ID"), IMAP_CAP_ID },
	{ SPAN("ENABLE"), IMAP_CAP_ENABLE },
	{ SPAN("NAMESPACE"), IMAP_CAP_NAMESPACE },
	{ SPAN("LIST-EXTENDED"), IMAP_CAP_LIST_EXTENDED },
	{ SPAN("LIST-STATUS"), IMAP_CAP_LIST_STATUS },
	{ SPAN("SPECIAL-USE"), IMAP_CAP_SPECIAL_USE },
	{ SPAN("CHILDREN"), IMAP_CAP_CHILDREN },
	{ SPAN("UIDPLUS"), IMAP_CAP_UIDPLUS },
	{ SPAN("MOVE"), IMAP_CAP_MOVE },
	{ SPAN("UNSELECT"), IMAP_CAP_UNSELECT },
	{ SPAN("CONDSTORE"), IMAP_CAP_CONDSTORE },
	{ SPAN("QRESYNC"), IMAP_CAP_QRESYNC },
	{ SPAN("IDLE"), IMAP_CAP_IDLE },
	{ SPAN("ESEARCH"), IMAP_CAP_ESEARCH },
	{ SPAN("COMPRESS=DEFLATE"), IMAP_CAP_COMPRESS },
	{ SPAN("NOTIFY"), IMAP_CAP_NOTIFY },
	{ SPAN("OBJECTID"), IMAP_CAP_OBJECTID },
	{ SPAN("PREVIEW"), IMAP_CAP_PREVIEW },
	{ SPAN("UTF8=ACCEPT"), IMAP_CAP_UTF8_ACCEPT },
	{ SPAN("X-GM-EXT-1"), IMAP_CAP_GMAIL },
	{ SPAN("STATUS=SIZE"), IMAP_CAP_STATUS_SIZE },
	{ SPAN("XLIST"), IMAP_CAP_XLIST },
	{ SPAN("SEARCHRES"), IMAP_CAP_SEARCHRES },
	{ SPAN("PARTIAL"), IMAP_CAP_PARTIAL },
	{ SPAN("BINARY"), IMAP_CAP_BINARY },
	{ SPAN("QUOTA"), IMAP_CAP_QUOTA },
	{ SPAN("APPENDLIMIT"), IMAP_CAP_APPENDLIMIT },
	{ SPAN("CREATE-SPECIAL-USE"), IMAP_CAP_CREATE_SPECIAL_USE },
};

/*
 * What revision 2 brings by itself.  Only taken where revision 1 is not
 * announced: otherwise the session is one of revision 1.  RFC 9051 E.
 */
static const struct {
	struct span name;
	uint64_t bit;
} of_rev2[] = {
	{ SPAN("NAMESPACE"), IMAP_CAP_NAMESPACE },
	{ SPAN("UNSELECT"), IMAP_CAP_UNSELECT },
	{ SPAN("UIDPLUS"), IMAP_CAP_UIDPLUS },
	{ SPAN("ESEARCH"), IMAP_CAP_ESEARCH },
	{ SPAN("ENABLE"), IMAP_CAP_ENABLE },
	{ SPAN("IDLE"), IMAP_CAP_IDLE },
	{ SPAN("SASL-IR"), IMAP_CAP_SASL_IR },
	{ SPAN("LIST-EXTENDED"), IMAP_CAP_LIST_EXTENDED },
	{ SPAN("LIST-STATUS"), IMAP_CAP_LIST_STATUS },
	{ SPAN("MOVE"), IMAP_CAP_MOVE },
	{ SPAN("LITERAL-"), IMAP_CAP_LITERAL_MINUS },
	{ SPAN("SPECIAL-USE"), IMAP_CAP_SPECIAL_USE },
	{ SPAN("STATUS=SIZE"), IMAP_CAP_STATUS_SIZE },
	{ SPAN("SEARCHRES"), IMAP_CAP_SEARCHRES },
	{ SPAN("BINARY"), IMAP_CAP_BINARY },
};

enum { MECHANISMS_MAX = 4096 };	/* octets */

static const struct span append_limit = SPAN("APPENDLIMIT=");

/*
 * The bracket that closes the code that s starts with; brackets inside must
 * match, and where they do not the first one ends it.
 */
static size_t
code_end(struct span s)
{
	bool is_quoted = false;
	unsigned depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			is_quoted = !is_quoted;
		else if (is_quoted)
			continue;
		else if (s.p[i] == '[')
			depth++;
		else if (s.p[i] == ']' && --depth == 0)
			return i;
	}
	return span_chr(s, ']');
}

/* "Suggested Backoff Time: 92415 milliseconds".  PROTOCOLS.md 8, row 2. */
static uint32_t
backoff(struct span text)
{
	static const struct span words = SPAN("Suggested Backoff Time:");
	size_t at = span_ifind(text, words);
	struct span number;
	uint32_t ms;

	if (at == SIZE_MAX)
		return 0;
	text = span_trim(span_skip(text, at + words.n));
	if (!span_split(&text, ' ', &number) || !span_u32(number, &ms))
		return 0;
	return ms;
}

static enum imap_code
code_of(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (span_ieq(name, codes[i].name))
			return codes[i].code;
	return IMAP_CODE_NONE;
}

void
imap_parse_reply(struct imap_lex *lex, enum imap_status status,
    struct imap_reply *reply)
{
	struct span rest, code;
	size_t end;

	imap_lex_blanks(lex);
	rest = lex->rest;
	*reply = (struct imap_reply){ .status = status };
	if (span_starts(rest, SPAN_LIT("[")) &&
	    (end = code_end(rest)) != SIZE_MAX) {
		code = span_take(&rest, end);
		span_take(&code, 1);
		span_take(&rest, 1);
		code = span_trim(code);
		span_split(&code, ' ', &reply->code_name);
		reply->code_args = span_trim(code);
		reply->code = code_of(reply->code_name);
	}
	reply->text = span_trim(rest);
	if (status != IMAP_OK)
		reply->backoff_ms = backoff(reply->text);
	if (reply->backoff_ms) {
		reply->status = IMAP_NO;
		reply->code = IMAP_CODE_LIMIT;
	}
}

static void
permanent_flags(struct span args, struct arena *arena,
    struct imap_mailbox_facts *facts)
{
	struct imap_lex lex = { .rest = args, .arena = arena };
	const struct span *keywords;
	size_t n;

	facts->permanent_flags = imap_parse_flags(&lex, &keywords, &n);
	/* Not among the keywords: it stands behind them, and they are cut. */
	facts->keywords_allowed = span_find(args, SPAN_LIT("\\*")) !=
	    SIZE_MAX;
}

static void
put_u32(struct span args, uint32_t *v, unsigned bit, unsigned *has)
{
	uint64_t number;

	if (!imap_lex_number(args, &number) || number == 0 ||
	    number > UINT32_MAX)
		return;
	*v = (uint32_t)number;
	*has |= bit;
}

bool
imap_parse_fact(const struct imap_reply *reply, struct arena *arena,
    struct imap_mailbox_facts *facts)
{
	struct span name = reply->code_name, args = reply->code_args;
	uint64_t number;

	if (span_ieq(name, SPAN_LIT("UIDVALIDITY"))) {
		put_u32(args, &facts->uidvalidity, IMAP_HAS_UIDVALIDITY,
		    &facts->has);
	} else if (span_ieq(name, SPAN_LIT("UIDNEXT"))) {
		put_u32(args, &facts->uidnext, IMAP_HAS_UIDNEXT, &facts->has);
	} else if (span_ieq(name, SPAN_LIT("HIGHESTMODSEQ"))) {
		if (imap_lex_number(args, &number) && number != 0 &&
		    number <= INT64_MAX) {
			facts->highestmodseq = number;
			facts->has |= IMAP_HAS_HIGHESTMODSEQ;
		}
	} else if (span_ieq(name, SPAN_LIT("NOMODSEQ"))) {
		facts->has |= IMAP_HAS_NOMODSEQ;
	} else if (span_ieq(name, SPAN_LIT("PERMANENTFLAGS"))) {
		permanent_flags(args, arena, facts);
	} else if (span_ieq(name, SPAN_LIT("READ-ONLY"))) {
		facts->read_only = true;
	} else if (span_ieq(name, SPAN_LIT("READ-WRITE"))) {
		facts->read_only = false;
	} else {
		return false;
	}
	return true;
}

uint32_t
imap_parse_progress(const struct imap_reply *reply, struct arena *arena)
{
	struct imap_lex lex = { .rest = reply->code_args, .arena = arena };
	uint64_t done, goal;
	struct span value;

	if (!span_ieq(reply->code_name, SPAN_LIT("INPROGRESS")) ||
	    imap_lex_next(&lex, &value) != IMAP_TOKEN_OPEN)
		return 0;
	imap_lex_skip(&lex);	/* the tag, or NIL */
	imap_lex_next(&lex, &value);
	if (!imap_lex_number(value, &done))
		return 0;
	imap_lex_next(&lex, &value);
	if (!imap_lex_number(value, &goal) || goal == 0 || done > goal ||
	    goal > UINT64_MAX / 100)
		return 0;
	return (uint32_t)(done * 100 / goal);
}

static void
add_mechanism(struct buf *mechanisms, struct span name)
{
	if (name.n == 0 || mechanisms->n + name.n > MECHANISMS_MAX)
		return;
	if (mechanisms->n)
		buf_putc(mechanisms, ' ');
	buf_put(mechanisms, name);
}

uint64_t
imap_parse_append_limit(struct span words)
{
	struct span word;
	uint64_t limit;

	while (span_split(&words, ' ', &word))
		if (span_istarts(word, append_limit) &&
		    imap_lex_number(span_skip(word, append_limit.n), &limit))
			return limit;
	return 0;
}

uint64_t
imap_parse_capabilities(struct span words,
    const struct session_settings *settings, struct buf *mechanisms)
{
	uint64_t bits = 0;
	struct span word;

	while (span_split(&words, ' ', &word)) {
		if (span_istarts(word, SPAN_LIT("AUTH="))) {
			add_mechanism(mechanisms, span_skip(word, 5));
			continue;
		}
		/* "LITERAL +": PROTOCOLS.md 8, row 55 */
		if (span_ieq(word, SPAN_LIT("LITERAL")) &&
		    span_starts(words, SPAN_LIT("+")))
			word = SPAN_LIT("LITERAL+");
		if (span_istarts(word, append_limit))
			word.n = append_limit.n - 1;
		if (span_ieq(word, SPAN_LIT("QUOTA=RES-STORAGE")))
			word = SPAN_LIT("QUOTA");	/* RFC 9208 3.1 */
		for (size_t i = 0; i < ARRAY_LEN(capabilities); i++)
			if (span_ieq(word, capabilities[i].name) &&
			    !session_masks(settings, word))
				bits |= capabilities[i].bit;
	}
	if ((bits & (IMAP_CAP_REV1 | IMAP_CAP_REV2)) != IMAP_CAP_REV2)
		return bits;
	for (size_t i = 0; i < ARRAY_LEN(of_rev2); i++)
		if (!session_masks(settings, of_rev2[i].name))
			bits |= of_rev2[i].bit;
	return bits;
}
