/* SPDX-License-Identifier: MIT */
/*
 * Theme files.  One table names the roles and says, for each, what it falls
 * back to and which attributes it adds on the way, so that a role that a
 * file leaves out, and every role of a terminal without colour, can still
 * be told apart.
 *
 * Refuses: unknown roles, colours and attributes, a third colour, files over
 * THEME_MAX.
 */
#include "ui/theme.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/cleanup.h"

enum { THEME_MAX = 64 << 10 };

static const struct {
	const char *name;
	enum role fallback;	/* always an earlier one; normal: itself */
	unsigned attrs;		/* added to the fallback's */
} roles[ROLE_COUNT] = {
	[ROLE_NORMAL] = { "normal", ROLE_NORMAL, 0 },
	[ROLE_DIM] = { "dim", ROLE_NORMAL, ATTR_DIM },
	[ROLE_TITLE] = { "title", ROLE_NORMAL, ATTR_BOLD },
	[ROLE_RULE] = { "rule", ROLE_DIM, 0 },
	[ROLE_SELECTION] = { "selection", ROLE_NORMAL, ATTR_REVERSE },
	[ROLE_UNREAD] = { "unread", ROLE_NORMAL, ATTR_BOLD },
	[ROLE_STAR] = { "flagged", ROLE_NORMAL, ATTR_BOLD },
	[ROLE_DELETED] = { "deleted", ROLE_DIM, ATTR_STRIKE },
	[ROLE_MARKED] = { "marked", ROLE_NORMAL, ATTR_UNDERLINE },
	[ROLE_THREAD] = { "thread", ROLE_DIM, 0 },
	[ROLE_DATE] = { "date", ROLE_DIM, 0 },
	[ROLE_FROM] = { "from", ROLE_NORMAL, 0 },
	[ROLE_SUBJECT] = { "subject", ROLE_NORMAL, 0 },
	[ROLE_SNIPPET] = { "snippet", ROLE_DIM, 0 },
	[ROLE_ATTACHMENT] = { "attachment", ROLE_DIM, 0 },
	[ROLE_LINK] = { "link", ROLE_NORMAL, ATTR_UNDERLINE },
	[ROLE_QUOTE1] = { "quote.1", ROLE_DIM, 0 },
	[ROLE_QUOTE2] = { "quote.2", ROLE_QUOTE1, 0 },
	[ROLE_QUOTE3] = { "quote.3", ROLE_QUOTE2, 0 },
	[ROLE_QUOTE4] = { "quote.4", ROLE_QUOTE3, 0 },
	[ROLE_SIGNATURE] = { "signature", ROLE_DIM, 0 },
	[ROLE_HEADER_NAME] = { "header.name", ROLE_DIM, 0 },
	[ROLE_HEADER_VALUE] = { "header.value", ROLE_NORMAL, 0 },
	[ROLE_GOOD] = { "good", ROLE_NORMAL, 0 },
	[ROLE_WARNING] = { "warning", ROLE_NORMAL, ATTR_BOLD },
	[ROLE_ERROR] = { "error", ROLE_WARNING, 0 },
	[ROLE_PROGRESS] = { "progress", ROLE_NORMAL, 0 },
	[ROLE_KEY] = { "key", ROLE_NORMAL, ATTR_BOLD },
	[ROLE_MATCH] = { "match", ROLE_NORMAL, ATTR_UNDERLINE },
	[ROLE_ACCOUNT1] = { "account.1", ROLE_NORMAL, 0 },
	[ROLE_ACCOUNT2] = { "account.2", ROLE_NORMAL, 0 },
	[ROLE_ACCOUNT3] = { "account.3", ROLE_NORMAL, 0 },
	[ROLE_ACCOUNT4] = { "account.4", ROLE_NORMAL, 0 },
	[ROLE_ACCOUNT5] = { "account.5", ROLE_ACCOUNT1, 0 },
	[ROLE_ACCOUNT6] = { "account.6", ROLE_ACCOUNT2, 0 },
	[ROLE_ACCOUNT7] = { "account.7", ROLE_ACCOUNT3, 0 },
	[ROLE_ACCOUNT8] = { "account.8", ROLE_ACCOUNT4, 0 },
	[ROLE_DIFF_ADD] = { "diff.add", ROLE_GOOD, 0 },
	[ROLE_DIFF_REMOVE] = { "diff.remove", ROLE_ERROR, 0 },
	[ROLE_DIFF_HUNK] = { "diff.hunk", ROLE_DIM, 0 },
};

static const char *const colour_names[16] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"bright-black", "bright-red", "bright-green", "bright-yellow",
	"bright-blue", "bright-magenta", "bright-cyan", "bright-white",
};

static const struct {
	const char *name;
	enum attr attr;
} attr_names[] = {
	{ "bold", ATTR_BOLD }, { "dim", ATTR_DIM },
	{ "italic", ATTR_ITALIC }, { "underline", ATTR_UNDERLINE },
	{ "reverse", ATTR_REVERSE }, { "strike", ATTR_STRIKE },
};

const char *
theme_role_name(enum role role)
{
	bug_on(role < 0 || role >= ROLE_COUNT);
	return roles[role].name;
}

static bool
role_of_name(struct span name, enum role *out)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		if (span_eq(name, span_of(roles[r].name))) {
			*out = r;
			return true;
		}
	}
	return false;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
colour_of_hex(struct span digits, colour *out)
{
	colour value = 0;

	if (digits.n != 6)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		int d = hex_digit(digits.p[i]);

		if (d < 0)
			return false;
		value = value * 16 + d;
	}
	*out = COLOUR_RGB | value;
	return true;
}

static bool
colour_of_word(struct span word, colour *out)
{
	uint32_t number;

	if (span_eq(word, SPAN_LIT("default"))) {
		*out = COLOUR_DEFAULT;
		return true;
	}
	if (word.n && word.p[0] == '#')
		return colour_of_hex(span_skip(word, 1), out);
	if (span_u32(word, &number) && number <= 255) {
		*out = (colour)number;
		return true;
	}
	for (int i = 0; i < 16; i++) {
		if (span_eq(word, span_of(colour_names[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* "colour" or "colour/basic", where basic is one of the sixteen. */
static bool
colours_of_word(struct span word, colour *full, colour *basic)
{
	struct span first = word;
	size_t slash = span_chr(word, '/');

	*basic = COLOUR_NEAREST;
	if (slash != SIZE_MAX) {
		first = span_take(&word, slash);
		if (!colour_of_word(span_skip(word, 1), basic) || *basic > 15)
			return false;
	}
	return colour_of_word(first, full);
}

static bool
attr_of_word(struct span word, unsigned *attrs)
{
	for (size_t i = 0; i < ARRAY_LEN(attr_names); i++) {
		if (span_eq(word, span_of(attr_names[i].name))) {
			*attrs |= attr_names[i].attr;
			return true;
		}
	}
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct span
next_word(struct span *s)
{
	size_t n = 0;

	*s = span_trim(*s);
	while (n < s->n && !is_blank(s->p[n]))
		n++;
	return span_take(s, n);
}

/* Where an error is, for its sentence. */
struct place {
	const char *path;
	unsigned line;
};

static enum err
parse_style(struct span value, const struct place *at, struct style *out,
    struct error *e)
{
	struct style style = { COLOUR_DEFAULT, COLOUR_DEFAULT,
		COLOUR_NEAREST, COLOUR_NEAREST, 0 };
	int ncolours = 0;

	for (struct span word; (word = next_word(&value)).n > 0;) {
		colour full, basic;

		if (attr_of_word(word, &style.attrs))
			continue;
		if (!colours_of_word(word, &full, &basic))
			return error_set(e, ERR_CONFIG, "%s:%u: \"%.*s\" is "
			    "neither a colour nor an attribute", at->path,
			    at->line, SPAN_ARG(word));
		if (ncolours == 0) {
			style.fg = full;
			style.basic_fg = basic;
		} else if (ncolours == 1) {
			style.bg = full;
			style.basic_bg = basic;
		} else {
			return error_set(e, ERR_CONFIG, "%s:%u: a third "
			    "colour, \"%.*s\", where there are a foreground "
			    "and a background", at->path, at->line,
			    SPAN_ARG(word));
		}
		ncolours++;
	}
	*out = style;
	return ERR_OK;
}

static enum err
parse_line(struct span line, const struct place *at, struct theme *theme,
    bool given[ROLE_COUNT], struct error *e)
{
	struct span name, value = line;
	enum role role;
	size_t equals = span_chr(line, '=');

	if (equals == SIZE_MAX)
		return error_set(e, ERR_CONFIG, "%s:%u: expected "
		    "\"role = colours and attributes\"", at->path, at->line);
	name = span_trim(span_take(&value, equals));
	if (!role_of_name(name, &role))
		return error_set(e, ERR_CONFIG, "%s:%u: there is no role "
		    "\"%.*s\"", at->path, at->line,
		    (int)(name.n < 40 ? name.n : 40), name.n ? name.p : "");
	given[role] = true;
	return parse_style(span_skip(value, 1), at, &theme->styles[role], e);
}

static void
fill_fallbacks(struct theme *theme, const bool given[ROLE_COUNT])
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		if (given[r])
			continue;
		if (r == ROLE_NORMAL)
			theme->styles[r] = (struct style){ COLOUR_DEFAULT,
				COLOUR_DEFAULT, COLOUR_NEAREST,
				COLOUR_NEAREST, 0 };
		else
			theme->styles[r] = theme->styles[roles[r].fallback];
		theme->styles[r].attrs |= roles[r].attrs;
	}
}

enum err
theme_parse(struct span text, const char *path, struct theme *out,
    struct error *e)
{
	bool given[ROLE_COUNT] = { false };
	struct place at = { path, 0 };
	struct span line;

	while (span_split(&text, '\n', &line)) {
		enum err err;

		at.line++;
		line = span_trim(line);
		if (line.n == 0 || line.p[0] == ';' || line.p[0] == '#')
			continue;
		err = parse_line(line, &at, out, given, e);
		if (err != ERR_OK)
			return err;
	}
	fill_fallbacks(out, given);
	return ERR_OK;
}

enum err
theme_load(const char *path, struct theme *out, struct error *e)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "re");
	CLEANUP(buf_fini) struct buf text = { .max = THEME_MAX };
	char piece[4096];
	size_t n;

	if (!f)
		return error_sys(e, ERR_CONFIG, errno,
		    "cannot open the theme %s", path);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_put(&text, (struct span){ piece, n });
	if (ferror(f))
		return error_sys(e, ERR_CONFIG, errno,
		    "cannot read the theme %s", path);
	if (text.overflow)
		return error_set(e, ERR_CONFIG, "%s is larger than %d octets, "
		    "so it is no theme", path, THEME_MAX);
	return theme_parse(buf_span(&text), path, out, e);
}

void
theme_mono(struct theme *out)
{
	static const bool given[ROLE_COUNT];

	fill_fallbacks(out, given);
}
