/* SPDX-License-Identifier: MIT */
#include "src/core/config_value.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "src/core/config_text.h"
#include "src/net/host.h"

enum {
	MAX_SECONDS = 10 * 365 * 24 * 60 * 60,
	MAX_OCTETS = 1000000,	/* of the unit */
	NEAREST_WORD = 32,	/* longer words have no neighbours */
};

bool
config_value_bool(struct span value, bool *out)
{
	static const struct {
		struct span word;
		bool value;
	} words[] = {
		{ SPAN("yes"), true }, { SPAN("true"), true },
		{ SPAN("no"), false }, { SPAN("false"), false },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (span_ieq(value, words[i].word)) {
			*out = words[i].value;
			return true;
		}
	}
	return false;
}

bool
config_value_duration(struct span value, unsigned *seconds)
{
	static const struct {
		char unit;
		unsigned seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	struct span number = value;
	uint32_t n;

	if (span_eq(value, SPAN_LIT("0"))) {
		*seconds = 0;
		return true;
	}
	if (value.n < 2)
		return false;
	number.n--;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (value.p[value.n - 1] != units[i].unit)
			continue;
		if (!span_u32(number, &n) ||
		    n > MAX_SECONDS / units[i].seconds)
			return false;
		*seconds = n * units[i].seconds;
		return true;
	}
	return false;
}

bool
config_value_octets(struct span value, uint64_t *octets)
{
	static const char units[] = "KMG";
	const char *unit;
	struct span number = value;
	uint32_t n;

	if (value.n < 2)
		return false;
	number.n--;
	unit = strchr(units, value.p[value.n - 1]);
	if (!unit || !*unit || !span_u32(number, &n) || n > MAX_OCTETS)
		return false;
	*octets = (uint64_t)n << 10 * (unit - units + 1);
	return true;
}

/* The next item up to a comma that is not escaped. */
static bool
next_item(struct span *rest, struct span *item)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	while (n < rest->n && rest->p[n] != ',')
		n += rest->p[n] == '\\' && n + 1 < rest->n ? 2 : 1;
	*item = span_trim(span_take(rest, n));
	span_take(rest, 1);
	return true;
}

static void
to_upper(char *s)
{
	for (; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
}

bool
config_value_list(struct span value, bool upper, struct arena *arena,
    const char *const **out, size_t *n)
{
	struct span rest = value, item;
	const char **list;
	size_t most = 0;

	while (next_item(&rest, &item))
		most++;
	list = arena_array(arena, most + 1, sizeof *list);
	*n = 0;
	for (rest = value; next_item(&rest, &item);) {
		CLEANUP(buf_fini) struct buf text = { 0 };
		char *copy;

		if (item.n == 0)
			continue;
		if (!config_text_unescape(&text, item))
			return false;
		copy = arena_str(arena, buf_span(&text));
		if (upper)
			to_upper(copy);
		list[(*n)++] = copy;
	}
	*out = list;
	return true;
}

static const struct scheme {
	struct span name;
	enum config_protocol protocol;
	enum config_security security;
	uint16_t port;
} schemes[] = {
	{ SPAN("imaps"), CONFIG_IMAP, SECURITY_TLS, 993 },
	{ SPAN("imap+starttls"), CONFIG_IMAP, SECURITY_STARTTLS, 143 },
	{ SPAN("imap+insecure"), CONFIG_IMAP, SECURITY_INSECURE, 143 },
	{ SPAN("pop3s"), CONFIG_POP3, SECURITY_TLS, 995 },
	{ SPAN("pop3+starttls"), CONFIG_POP3, SECURITY_STARTTLS, 110 },
	{ SPAN("pop3+insecure"), CONFIG_POP3, SECURITY_INSECURE, 110 },
	{ SPAN("submissions"), CONFIG_SMTP, SECURITY_TLS, 465 },
	{ SPAN("smtp+starttls"), CONFIG_SMTP, SECURITY_STARTTLS, 587 },
	{ SPAN("smtp+insecure"), CONFIG_SMTP, SECURITY_INSECURE, 587 },
};

static bool
scheme_fits(const struct scheme *scheme, enum config_protocol protocol)
{
	return (scheme->protocol == CONFIG_SMTP) == (protocol == CONFIG_SMTP);
}

static const struct scheme *
find_scheme(struct span name, enum config_protocol protocol)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (scheme_fits(&schemes[i], protocol) &&
		    span_ieq(name, schemes[i].name))
			return &schemes[i];
	return NULL;
}

static const char *
unknown_scheme(enum config_protocol protocol)
{
	if (protocol == CONFIG_SMTP)
		return "the scheme must be submissions://, smtp+starttls:// "
		    "or smtp+insecure://";
	return "the scheme must be imaps://, imap+starttls://, pop3s://, "
	    "pop3+starttls://, imap+insecure:// or pop3+insecure://";
}

static bool
has_control(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static const char *
read_user(struct span s, struct arena *arena, const char **out)
{
	char *user;
	struct span text;

	if (s.n == 0)
		return "there is no user before the \"@\"";
	if (span_chr(s, ':') != SIZE_MAX)
		return "a password does not belong here; use password-command "
		    "(and %3A for a colon in the user's name)";
	user = g_uri_unescape_segment(s.p, s.p + s.n, NULL);
	if (!user)
		return "a \"%\" in the user's name is written %25";
	text = arena_copy(arena, span_of(user));
	g_free(user);
	if (!text_is_utf8(text) || has_control(text))
		return "the user's name is not text";
	*out = text.p;
	return NULL;
}

/* host, [v6], each with :port or without. */
static const char *
read_host(struct span s, struct arena *arena, struct config_server *out)
{
	struct span host = s, port = { 0 };
	struct host parsed;
	size_t at;
	uint32_t n;

	if (s.n > 0 && s.p[0] == '[') {
		at = span_chr(s, ']');
		if (at == SIZE_MAX)
			return "the address has no \"]\" at its end";
		host = (struct span){ s.p + 1, at - 1 };
		port = span_skip(s, at + 1);
	} else if ((at = span_chr(s, ':')) != SIZE_MAX) {
		host.n = at;
		port = span_skip(s, at);
	}
	if (port.n > 0) {
		if (port.p[0] != ':' || !span_u32(span_skip(port, 1), &n) ||
		    n < 1 || n > 65535)
			return "the port must be a number from 1 to 65535 "
			    "(and an IPv6 address stands in [brackets])";
		out->port = (uint16_t)n;
	}
	out->host = arena_str(arena, host);
	if (host.n == 0 || host_parse(out->host, &parsed, NULL) != ERR_OK)
		return "there is no valid host in it";
	return NULL;
}

/* The last "@" ends the user: an address may stand there as it is. */
static size_t
last_at(struct span s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '@')
			return i - 1;
	return SIZE_MAX;
}

const char *
config_value_server(struct span value, enum config_protocol protocol,
    struct arena *arena, struct config_server *out)
{
	size_t colon = span_find(value, SPAN_LIT("://")), at;
	struct span rest = span_skip(value, colon == SIZE_MAX ? 0 : colon + 3);
	const struct scheme *scheme = colon == SIZE_MAX ? NULL :
	    find_scheme((struct span){ value.p, colon }, protocol);
	const char *wrong = NULL;

	if (!scheme)
		return unknown_scheme(protocol);
	*out = (struct config_server){ .protocol = scheme->protocol,
		.security = scheme->security, .port = scheme->port };
	at = last_at(rest);
	if (at != SIZE_MAX) {
		wrong = read_user((struct span){ rest.p, at }, arena,
		    &out->user);
		rest = span_skip(rest, at + 1);
	}
	if (wrong)
		return wrong;
	if (span_ends(rest, SPAN_LIT("/")))
		rest.n--;
	if (span_chr(rest, '/') != SIZE_MAX || span_chr(rest, '?') != SIZE_MAX)
		return "nothing may follow the host and port";
	return read_host(rest, arena, out);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance; both at most NEAREST_WORD octets. */
static unsigned
distance(struct span a, struct span b)
{
	unsigned rows[3][NEAREST_WORD + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t k = 0; k <= b.n; k++)
		last[k] = (unsigned)k;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *spare = before;

		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.n; k++) {
			bool same = a.p[i - 1] == b.p[k - 1];

			row[k] = least(least(last[k] + 1, row[k - 1] + 1),
			    last[k - 1] + !same);
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
			    a.p[i - 2] == b.p[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[b.n];
}

const char *
config_value_nearest(struct span word, const char *const *words, size_t n)
{
	const char *nearest = NULL;
	unsigned best = (unsigned)word.n / 3 + 2;

	if (word.n == 0 || word.n > NEAREST_WORD)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct span other = span_of(words[i]);
		unsigned d;

		bug_on(other.n > NEAREST_WORD);
		d = distance(word, other);
		if (d < best && d < other.n) {
			best = d;
			nearest = words[i];
		}
	}
	return nearest;
}

bool
config_value_order(struct span value, enum view_order *out,
    const char **nearest)
{
	static const char *const names[] = {
		[VIEW_BY_DATE] = "date", [VIEW_BY_SENDER] = "sender",
		[VIEW_BY_SUBJECT] = "subject", [VIEW_BY_SIZE] = "size",
		[VIEW_BY_THREAD] = "thread",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (span_eq(value, span_of(names[i]))) {
			*out = (enum view_order)i;
			return true;
		}
	}
	if (nearest)
		*nearest = config_value_nearest(value, names,
		    ARRAY_LEN(names));
	return false;
}
