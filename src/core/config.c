/* SPDX-License-Identifier: MIT */
/*
 * What surat.conf means: [general], and the other groups in their order.
 * Syntax is config_text's, tables of keys config_reader's, the forms of
 * values config_value's, [account NAME] config_account's, [group NAME]
 * config_group's.
 */
#include "src/core/config.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "src/core/config_account.h"
#include "src/core/config_dirs.h"
#include "src/core/config_group.h"
#include "src/core/config_value.h"

enum { NAME_MAX_OCTETS = 64 };

static enum err
read_order(struct config_reader *r, void *field)
{
	if (config_value_order(r->value, field, NULL))
		return ERR_OK;
	return config_refuse(r,
	    "it must be date, sender, subject, size or thread");
}

#define GENERAL(member) offsetof(struct config, member)

static const struct config_rule general_rules[] = {
	{ "theme", config_read_text, GENERAL(theme), CONFIG_PLAIN },
	{ "editor", config_read_text, GENERAL(editor), CONFIG_PLAIN },
	{ "ascii", config_read_bool, GENERAL(ascii), CONFIG_PLAIN },
	{ "open", config_read_text, GENERAL(open), CONFIG_PLAIN },
	{ "order", read_order, GENERAL(order), CONFIG_PLAIN },
	{ "save-dir", config_read_path, GENERAL(save_dir), CONFIG_PLAIN },
};

static bool
is_account_name(struct span name)
{
	if (name.n == 0 || name.n > NAME_MAX_OCTETS)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f ||
		    name.p[i] == '/')
			return false;
	return true;
}

/* "account kerja" gives "kerja"; false for a group of another kind. */
static bool
name_of_group(struct span group, struct span word, struct span *name)
{
	*name = span_trim(span_skip(group, word.n));
	return span_starts(group, word) && (group.n == word.n ||
	    group.p[word.n] == ' ' || group.p[word.n] == '\t');
}

static enum err
add_account(struct config_reader *r, const struct config_group *group,
    struct span name)
{
	struct config *config = r->config;
	struct config_account *account;

	if (!is_account_name(name))
		return config_text_error(r->text, group->line, r->e,
		    "an account needs a name of 1 to %d octets without \"/\" "
		    "and control characters", NAME_MAX_OCTETS);
	/* [account a] and [account  a]: two groups, one name. */
	for (size_t i = 0; i < config->naccounts; i++)
		if (span_eq(name, span_of(config->accounts[i].name)))
			return config_text_error(r->text, group->line, r->e,
			    "there are two accounts of this name");
	account = &config->accounts[config->naccounts++];
	account->name = arena_str(&config->arena, name);
	return config_account_read(r, group, account);
}

static enum err
unknown_group(const struct config_reader *r, const struct config_group *group)
{
	static const char *const groups[] = { "general", "account", "group" };
	struct span rest = group->name, word = { 0 };
	const char *nearest;

	span_split(&rest, ' ', &word);
	nearest = config_value_nearest(word, groups, ARRAY_LEN(groups));
	if (nearest && strcmp(nearest, "general") != 0)
		return config_text_error(r->text, group->line, r->e,
		    "unknown group [%.*s]; did you mean [%s %.*s]?",
		    SPAN_ARG(group->name), nearest, SPAN_ARG(rest));
	return config_text_error(r->text, group->line, r->e,
	    "unknown group [%.*s]; did you mean %s?", SPAN_ARG(group->name),
	    nearest ? "[general]" : "[general], [account NAME] or [group "
	    "NAME]");
}

static enum err
read_folder_groups(struct config_reader *r)
{
	struct config *config = r->config;

	config->groups = arena_array(&config->arena, r->text->ngroups + 1,
	    sizeof *config->groups);
	for (size_t i = 0; i < r->text->ngroups; i++) {
		const struct config_group *group = &r->text->groups[i];
		enum err err = ERR_OK;
		struct span name;

		if (name_of_group(group->name, SPAN_LIT("group"), &name))
			err = config_group_read(r->text, group, name, config,
			    r->e);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err
read_groups(struct config_reader *r)
{
	struct config *config = r->config;

	config->accounts = arena_array(&config->arena, r->text->ngroups + 1,
	    sizeof *config->accounts);
	for (size_t i = 0; i < r->text->ngroups; i++) {
		const struct config_group *group = &r->text->groups[i];
		struct span name;
		enum err err;

		if (span_eq(group->name, SPAN_LIT("general")))
			err = config_read_group(r, group, general_rules,
			    ARRAY_LEN(general_rules), config);
		else if (name_of_group(group->name, SPAN_LIT("account"),
		    &name))
			err = add_account(r, group, name);
		else if (name_of_group(group->name, SPAN_LIT("group"), &name))
			err = ERR_OK;	/* when all accounts are known */
		else
			err = unknown_group(r, group);
		if (err != ERR_OK)
			return err;
	}
	return read_folder_groups(r);
}

/* Where other programs of the user put what they fetch. */
static const char *
default_save_dir(struct config *config)
{
	const char *dir = g_get_user_special_dir(G_USER_DIRECTORY_DOWNLOAD);

	return dir ? arena_str(&config->arena, span_of(dir)) :
	    config_dirs_resolve(config, "~/Downloads");
}

enum err
config_load(const char *profile, struct config *out, struct error *e)
{
	CLEANUP(config_text_fini) struct config_text text = { 0 };
	struct config_reader r = { .config = out, .text = &text, .e = e };
	enum err err;

	*out = (struct config){ 0 };
	err = config_dirs_find(profile, out, e);
	if (err == ERR_OK)
		err = config_text_read(&text, out->path, &out->arena, e);
	if (err == ERR_OK)
		err = read_groups(&r);
	if (err == ERR_OK && !out->save_dir)
		out->save_dir = default_save_dir(out);
	return err;
}

/* The arena's own copies; the strings are const for everybody else. */
static void
wipe(const char *secret)
{
	if (secret)
		explicit_bzero((char *)secret, strlen(secret));
}

void
config_free(struct config *config)
{
	for (size_t i = 0; i < config->naccounts; i++) {
		wipe(config->accounts[i].password);
		wipe(config->accounts[i].send_password);
	}
	arena_fini(&config->arena);
	*config = (struct config){ 0 };
}

const struct config_account *
config_account(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->naccounts; i++)
		if (strcmp(config->accounts[i].name, name) == 0)
			return &config->accounts[i];
	return NULL;
}
