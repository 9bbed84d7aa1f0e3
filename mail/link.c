/* SPDX-License-Identifier: MIT */
/*
 * Hand-written and linear: no regular expression meets the text of a
 * letter.  Only three schemes are links at all.
 */
#include "mail/link.h"

#include <unictype.h>
#include <unistr.h>

#include "base/bug.h"

static const struct span schemes[] = {
	SPAN("https://"), SPAN("http://"), SPAN("mailto:"),
};

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* Length of the scheme that s begins with, or 0. */
static size_t
scheme_length(struct span s)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (span_istarts(s, schemes[i]))
			return schemes[i].n;
	return 0;
}

/* Octets of the character at the front if a URL can hold it, else 0. */
static size_t
url_char(struct span s)
{
	unsigned char c = (unsigned char)s.p[0];
	ucs4_t wide;
	int n;

	if (c < 0x80)
		return c > ' ' && c != 0x7f && !strchr("<>\"`{}|\\^", c);
	n = u8_mbtoucr(&wide, (const uint8_t *)s.p, s.n);
	return n > 0 && uc_is_alnum(wide) ? (size_t)n : 0;
}

/*
 * Without the punctuation of the sentence around it; a closing bracket
 * stays when its opening one is inside.
 */
static size_t
without_tail(struct span url)
{
	long open = 0;

	for (size_t i = 0; i < url.n; i++)
		open += (url.p[i] == '(') - (url.p[i] == ')');
	while (url.n) {
		char c = url.p[url.n - 1];

		if (c == ')' && open < 0)
			open++;
		else if (c == ')' || !strchr(".,;:!?'*_]", c))
			break;
		url.n--;
	}
	return url.n;
}

/* Octets that a URL could have at the front of text; 0 where none begins. */
static size_t
run_length(struct span text, size_t scheme)
{
	size_t n = scheme, one;

	while (n && n < text.n && n < LINK_OCTETS_MAX &&
	    (one = url_char(span_skip(text, n))))
		n += one;
	return n;
}

bool
link_find(struct span *text, struct span *before, struct span *url)
{
	const char *start = text->p;
	char last = ' ';

	while (text->n) {
		size_t scheme = is_alnum(last) ? 0 : scheme_length(*text);
		size_t run = run_length(*text, scheme);
		size_t n = without_tail((struct span){ text->p, run });

		if (n > scheme && (text->p[scheme - 1] == '/' ||
		    span_chr((struct span){ text->p, n }, '@') != SIZE_MAX)) {
			*before = (struct span){ start,
			    (size_t)(text->p - start) };
			*url = span_take(text, n);
			return true;
		}
		/* What was looked at is not looked at again. */
		last = *span_take(text, run ? run : 1).p;
	}
	return false;
}

struct span
link_accept(struct span href, struct arena *arena)
{
	struct span url;
	size_t scheme;
	char *to;

	href = span_trim(href);
	if (href.n > LINK_OCTETS_MAX)
		return (struct span){ 0 };
	to = arena_alloc(arena, href.n + 1);
	url = (struct span){ to, 0 };
	for (size_t i = 0; i < href.n; i++)
		if ((unsigned char)href.p[i] > ' ' && href.p[i] != 0x7f)
			to[url.n++] = href.p[i];
	scheme = scheme_length(url);
	return scheme && url.n > scheme ? url : (struct span){ 0 };
}

/* The host that a URL of ours goes to; for mailto the domain. */
static struct span
host_of(struct span url)
{
	struct span host = span_skip(url, scheme_length(url));
	size_t at;

	for (at = 0; at < host.n && !strchr("/?#\\", host.p[at]); at++)
		;
	host.n = at;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] == '@') {
			host = span_skip(host, i + 1);
			i = SIZE_MAX;	/* the loop begins anew */
		}
	at = span_chr(host, ':');
	if (at != SIZE_MAX && (host.n == 0 || host.p[0] != '['))
		host.n = at;
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

/* "kantor.example": labels, the last one of letters. */
static bool
looks_like_host(struct span s)
{
	size_t dot = SIZE_MAX, letters = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.') {
			if (i == 0 || dot == i - 1)
				return false;
			dot = i;
			letters = 0;
			continue;
		}
		if (!is_alnum(c) && c != '-' && !((unsigned char)c & 0x80))
			return false;
		letters += !(c >= '0' && c <= '9') && c != '-';
	}
	return dot != SIZE_MAX && letters >= 2 && s.n - dot - 1 >= letters;
}

static bool
same_site(struct span shown, struct span real)
{
	const struct span www = SPAN("www.");

	if (span_istarts(shown, www))
		shown = span_skip(shown, www.n);
	if (span_istarts(real, www))
		real = span_skip(real, www.n);
	if (real.n > shown.n && real.p[real.n - shown.n - 1] == '.')
		real = span_skip(real, real.n - shown.n);
	return span_ieq(shown, real);
}

bool
link_is_deceptive(struct span text, struct span url)
{
	struct span real = host_of(url), rest = span_trim(text);
	bool is_alone = true;

	for (size_t i = 0; i < rest.n; i++)
		is_alone = is_alone && !strchr(" \t\r\n", rest.p[i]);
	while (rest.n) {
		struct span word = { rest.p, 0 }, shown;

		while (word.n < rest.n && !strchr(" \t\r\n", rest.p[word.n]))
			word.n++;
		span_take(&rest, word.n + 1);
		word.n = without_tail(word);
		while (word.n && strchr("(<[\"'", word.p[0]))
			span_take(&word, 1);
		if (!is_alone && !scheme_length(word) &&
		    !span_istarts(word, SPAN_LIT("www.")))
			continue;
		shown = host_of(word);
		if (looks_like_host(shown) && !same_site(shown, real))
			return true;
	}
	return false;
}
