/* SPDX-License-Identifier: MIT */
#include "ui/editor.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"

enum { BROWSER_ARGS = 1, EDITOR_ARGS = 3 };

/*
 * How editors are kept from obeying the text: words put before the file.
 * vim's -c would come too late, it runs when the file has been read.
 */
static const struct quirk {
	const char *program;
	const char *words[2];
} quirks[] = {
	{ "vim", { "--cmd", "set nomodeline" } },
	{ "nvim", { "--cmd", "set nomodeline" } },
	{ "gvim", { "--cmd", "set nomodeline" } },
	{ "emacs", { "--eval", "(setq enable-local-variables nil)" } },
};

/* One word off *s; *out is NULL when only blanks were left. */
static enum err
next_word(struct span *s, struct arena *arena, char **out, struct error *e)
{
	CLEANUP(buf_fini) struct buf word = { 0 };
	char quote = 0;

	*out = NULL;
	*s = span_trim(*s);
	if (s->n == 0)
		return ERR_OK;
	while (s->n && (quote || (s->p[0] != ' ' && s->p[0] != '\t'))) {
		char c = *span_take(s, 1).p;

		if (c == quote)
			quote = 0;
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (c == '\\' && quote != '\'' && s->n)
			buf_put(&word, span_take(s, 1));
		else
			buf_putc(&word, c);
	}
	if (quote)
		return error_set(e, ERR_CONFIG,
		    _("a quote in the command is not closed"));
	*out = arena_str(arena, buf_span(&word));
	return ERR_OK;
}

enum err
editor_split(const char *command, size_t more, struct arena *arena,
    char ***argv, size_t *argc, struct error *e)
{
	struct span s = span_of(command);
	char *word;

	/* Every second octet can begin a word. */
	*argv = arena_array(arena, s.n / 2 + more + 2, sizeof **argv);
	for (*argc = 0;; (*argc)++) {
		enum err err = next_word(&s, arena, &word, e);

		if (err)
			return err;
		if (!word)
			break;
		(*argv)[*argc] = word;
	}
	if (*argc == 0)
		return error_set(e, ERR_CONFIG, _("the command is empty"));
	return ERR_OK;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Where a program is found along $PATH, every link followed. */
static bool
resolve(const char *program, char real[PATH_MAX])
{
	struct span path = span_of(getenv("PATH")), dir;

	if (strchr(program, '/'))
		return realpath(program, real) != NULL;
	while (span_split(&path, ':', &dir)) {
		CLEANUP(buf_fini) struct buf file = { 0 };

		buf_put(&file, dir);
		buf_puts(&file, "/");
		buf_puts(&file, program);
		if (access(buf_str(&file), X_OK) == 0)
			return realpath(buf_str(&file), real) != NULL;
	}
	return false;
}

/*
 * The quirk of a program: by the name that it goes by, or by the name of
 * what it leads to (vi -> /etc/alternatives/vi -> vim.basic).
 */
static const struct quirk *
quirk_of(const char *program)
{
	char real[PATH_MAX];
	struct span name = span_of(base_name(program)), stem;

	if (resolve(program, real))
		name = span_of(base_name(real));
	span_split(&name, '.', &stem);
	for (size_t i = 0; i < ARRAY_LEN(quirks); i++)
		if (span_eq(stem, span_of(quirks[i].program)) ||
		    strcmp(base_name(program), quirks[i].program) == 0)
			return &quirks[i];
	return NULL;
}

static const char *
first_set(const char *a, const char *b, const char *c, const char *otherwise)
{
	const char *const choices[] = { a, b, c };

	for (size_t i = 0; i < ARRAY_LEN(choices); i++)
		if (choices[i] && choices[i][0])
			return choices[i];
	return otherwise;
}

enum err
editor_command(const char *configured, const char *path, struct arena *arena,
    char ***argv, struct error *e)
{
	const char *command = first_set(configured, getenv("VISUAL"),
	    getenv("EDITOR"), "vi");
	const struct quirk *quirk;
	size_t n;
	enum err err = editor_split(command, EDITOR_ARGS, arena, argv, &n, e);

	if (err)
		return err;
	quirk = quirk_of((*argv)[0]);
	for (size_t i = 0; quirk && i < ARRAY_LEN(quirk->words); i++)
		(*argv)[n++] = arena_str(arena, span_of(quirk->words[i]));
	(*argv)[n] = arena_str(arena, span_of(path));
	return ERR_OK;
}

/* A web address without anything that a program could take for more. */
static bool
is_web_link(struct span url)
{
	if (!span_istarts(url, SPAN_LIT("http://")) &&
	    !span_istarts(url, SPAN_LIT("https://")))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
			return false;
	return true;
}

/* The word with %s replaced; NULL when it has none. */
static char *
with_link(const char *word, struct span url, struct arena *arena)
{
	size_t at = span_find(span_of(word), SPAN_LIT("%s"));

	if (at == SIZE_MAX)
		return NULL;
	return arena_printf(arena, "%.*s%.*s%s", (int)at, word,
	    SPAN_ARG(url), word + at + 2);
}

enum err
browser_command(struct span url, struct arena *arena, char ***argv,
    struct error *e)
{
	struct span list = span_of(first_set(getenv("BROWSER"), NULL, NULL,
	    "xdg-open")), first;
	bool is_put = false;
	size_t n;
	enum err err;

	if (!is_web_link(url))
		return error_set(e, ERR_DATA,
		    _("only links to the web are opened"));
	span_split(&list, ':', &first);
	err = editor_split(arena_str(arena, first), BROWSER_ARGS, arena, argv,
	    &n, e);
	if (err)
		return err;
	for (size_t i = 1; i < n; i++) {
		char *word = with_link((*argv)[i], url, arena);

		if (word) {
			(*argv)[i] = word;
			is_put = true;
		}
	}
	if (!is_put)
		(*argv)[n] = arena_str(arena, url);
	return ERR_OK;
}
