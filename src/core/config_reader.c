/* SPDX-License-Identifier: MIT */
#include "src/core/config_reader.h"

#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "src/core/config_dirs.h"
#include "src/core/config_value.h"

enum { RULES_MAX = 32 };

enum err
config_refuse(const struct config_reader *r, const char *what)
{
	return config_text_error(r->text, r->entry->line, r->e, "%.*s: %s",
	    SPAN_ARG(r->entry->key), what);
}

enum err
config_read_string(struct config_reader *r, void *field)
{
	CLEANUP(buf_fini) struct buf s = { 0 };
	/* Room is made once and wiped: it may be a password. */
	char *room = buf_room(&s, r->value.n + 1);
	bool is_good = config_text_unescape(&s, r->value);

	if (is_good)
		*(const char **)field = arena_str(&r->config->arena,
		    buf_span(&s));
	explicit_bzero(room, r->value.n + 1);
	return is_good ? ERR_OK : config_refuse(r, "a backslash is written \\\\");
}

/* A string that is of no use when empty. */
enum err
config_read_text(struct config_reader *r, void *field)
{
	if (r->value.n == 0)
		return config_refuse(r, "it has no value");
	return config_read_string(r, field);
}

enum err
config_read_path(struct config_reader *r, void *field)
{
	const char **path = field;
	enum err err = config_read_text(r, field);

	if (err == ERR_OK)
		*path = config_dirs_resolve(r->config, *path);
	return err;
}

enum err
config_read_bool(struct config_reader *r, void *field)
{
	if (config_value_bool(r->value, field))
		return ERR_OK;
	return config_refuse(r, "it must be yes or no");
}

static enum err
unknown_key(const struct config_reader *r, const struct config_rule *rules,
    size_t n)
{
	const char *keys[RULES_MAX], *nearest;

	bug_on(n > ARRAY_LEN(keys));
	for (size_t i = 0; i < n; i++)
		keys[i] = rules[i].key;
	nearest = config_value_nearest(r->entry->key, keys, n);
	return config_text_error(r->text, r->entry->line, r->e,
	    "unknown key \"%.*s\"%s%s%s", SPAN_ARG(r->entry->key),
	    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	    nearest ? "\"?" : "; surat.conf(5) lists them all");
}

/* "keep INBOX" is a key of the rule "keep", with the rest "INBOX". */
static bool
is_key_of(const struct config_rule *rule, struct span key, struct span *rest)
{
	struct span word = span_of(rule->key);

	*rest = (struct span){ 0 };
	if (span_eq(key, word))
		return true;
	if (!(rule->how & CONFIG_REST) || !span_starts(key, word) ||
	    (key.p[word.n] != ' ' && key.p[word.n] != '\t'))
		return false;
	*rest = span_trim(span_skip(key, word.n));
	return true;
}

static enum err
read_entry(struct config_reader *r, const struct config_rule *rules, size_t n,
    void *to)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_key_of(&rules[i], r->entry->key, &r->key_rest))
			continue;
		r->value = rules[i].how & CONFIG_LITERAL ? r->entry->value :
		    config_text_uncomment(r->entry->value);
		return rules[i].read(r, (char *)to + rules[i].field);
	}
	return unknown_key(r, rules, n);
}

enum err
config_read_group(struct config_reader *r, const struct config_group *group,
    const struct config_rule *rules, size_t n, void *to)
{
	for (size_t i = 0; i < group->nentries; i++) {
		enum err err;

		r->entry = &group->entries[i];
		err = read_entry(r, rules, n, to);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}
