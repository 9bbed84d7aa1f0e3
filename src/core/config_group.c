/* SPDX-License-Identifier: MIT */
/*
 * A group has one key, the list of its folders: "account/folder", or the
 * account alone for its inbox.  The account must be one of the file; whether
 * it has the folder shows later, and a folder may come and go.
 *
 * Refused: the name of an account, which stands for its inbox, and "inbox",
 * which stands for all of them.
 */
#include "src/core/config_group.h"

#include <string.h>

#include "src/core/config_value.h"

enum { NAME_MAX_OCTETS = 64, FOLDERS_MAX = 256 };

static bool
is_name(struct span name)
{
	if (name.n == 0 || name.n > NAME_MAX_OCTETS)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f ||
		    name.p[i] == '/')
			return false;
	return true;
}

static const char *
what_is_wrong(const struct config *config, struct span name)
{
	if (!is_name(name))
		return "a group needs a name of 1 to 64 octets without \"/\" "
		    "and control characters";
	if (span_ieq(name, SPAN_LIT("inbox")))
		return "\"inbox\" is all inboxes; a group needs another name";
	for (size_t i = 0; i < config->naccounts; i++)
		if (span_eq(name, span_of(config->accounts[i].name)))
			return "an account has this name already";
	for (size_t i = 0; i < config->ngroups; i++)
		if (span_eq(name, span_of(config->groups[i].name)))
			return "there are two groups of this name";
	return NULL;
}

static enum err
unknown_account(const struct config_text *text, unsigned line,
    struct config *config, struct span name, struct error *e)
{
	const char **names = arena_array(&config->arena, config->naccounts,
	    sizeof *names), *nearest;

	for (size_t i = 0; i < config->naccounts; i++)
		names[i] = config->accounts[i].name;
	nearest = config_value_nearest(name, names, config->naccounts);
	return config_text_error(text, line, e,
	    "folders: no account is called \"%.*s\"%s%s%s", SPAN_ARG(name),
	    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	    nearest ? "\"?" : "");
}

static enum err
read_folders(const struct config_text *text, const struct config_entry *entry,
    struct config *config, struct config_folders *out, struct error *e)
{
	if (!config_value_list(config_text_uncomment(entry->value), false,
	    &config->arena, &out->folders, &out->nfolders))
		return config_text_error(text, entry->line, e,
		    "folders: a backslash is written \\\\");
	if (out->nfolders > FOLDERS_MAX)
		return config_text_error(text, entry->line, e,
		    "folders: %d at most", FOLDERS_MAX);
	for (size_t i = 0; i < out->nfolders; i++) {
		struct span path = span_of(out->folders[i]), account = { 0 };

		span_split(&path, '/', &account);
		if (!config_account(config,
		    arena_str(&config->arena, account)))
			return unknown_account(text, entry->line, config,
			    account, e);
	}
	return ERR_OK;
}

enum err
config_group_read(const struct config_text *text,
    const struct config_group *group, struct span name,
    struct config *config, struct error *e)
{
	const char *wrong = what_is_wrong(config, name);
	struct config_folders out = { 0 };

	if (wrong)
		return config_text_error(text, group->line, e, "%s", wrong);
	for (size_t i = 0; i < group->nentries; i++) {
		const struct config_entry *entry = &group->entries[i];
		enum err err;

		if (!span_eq(entry->key, SPAN_LIT("folders")))
			return config_text_error(text, entry->line, e,
			    "unknown key \"%.*s\"; a group has \"folders\" "
			    "alone", SPAN_ARG(entry->key));
		err = read_folders(text, entry, config, &out, e);
		if (err != ERR_OK)
			return err;
	}
	if (out.nfolders == 0)
		return config_text_error(text, group->line, e,
		    "a group needs folders = ACCOUNT/FOLDER, ...");
	out.name = arena_str(&config->arena, name);
	config->groups[config->ngroups++] = out;
	return ERR_OK;
}
