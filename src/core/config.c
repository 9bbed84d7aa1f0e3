/* SPDX-License-Identifier: MIT */
/*
 * What surat.conf means: two tables of keys, [general] and [account NAME],
 * each key with the function that reads its value into a field, and the
 * rules that hold between keys.  Syntax is config_text's, the forms of values
 * config_value's, [group NAME] config_group's.
 *
 * Refused rather than guessed: unknown keys, keys of the other protocol,
 * passwords in a file that others can read.
 */
#include "src/core/config.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "src/core/config_dirs.h"
#include "src/core/config_group.h"
#include "src/core/config_text.h"
#include "src/core/config_value.h"
#include "src/net/fingerprint.h"

enum {
	NAME_MAX_OCTETS = 64,
	CHECK_EVERY_S = 300,
	SECONDS_PER_DAY = 24 * 60 * 60,
};

/* One reading; the value's functions find what they need in it. */
struct reader {
	struct config *config;
	const struct config_text *text;
	const struct config_entry *entry;
	struct span value;		/* of entry, as the key's rule says */
	struct error *e;
};

struct rule {
	const char *key;
	enum err (*read)(struct reader *r, void *field);
	size_t field;			/* its offset in the struct */
	bool is_literal;		/* a ";" in it begins no comment */
};

static enum err
refuse(const struct reader *r, const char *what)
{
	return config_text_error(r->text, r->entry->line, r->e, "%.*s: %s",
	    SPAN_ARG(r->entry->key), what);
}

static enum err
read_string(struct reader *r, void *field)
{
	CLEANUP(buf_fini) struct buf s = { 0 };
	/* Room is made once and wiped: it may be a password. */
	char *room = buf_room(&s, r->value.n + 1);
	bool is_good = config_text_unescape(&s, r->value);

	if (is_good)
		*(const char **)field = arena_str(&r->config->arena,
		    buf_span(&s));
	explicit_bzero(room, r->value.n + 1);
	return is_good ? ERR_OK : refuse(r, "a backslash is written \\\\");
}

/* A string that is of no use when empty. */
static enum err
read_text(struct reader *r, void *field)
{
	if (r->value.n == 0)
		return refuse(r, "it has no value");
	return read_string(r, field);
}

static enum err
read_path(struct reader *r, void *field)
{
	const char **path = field;
	enum err err = read_text(r, field);

	if (err == ERR_OK)
		*path = config_dirs_resolve(r->config, *path);
	return err;
}

static enum err
read_bool(struct reader *r, void *field)
{
	if (config_value_bool(r->value, field))
		return ERR_OK;
	return refuse(r, "it must be yes or no");
}

static enum err
read_address(struct reader *r, void *field)
{
	size_t at = span_chr(r->value, '@');
	struct span domain = span_skip(r->value, at == SIZE_MAX ?
	    r->value.n : at + 1);

	if (at == SIZE_MAX || at == 0 || domain.n == 0 ||
	    span_chr(domain, '@') != SIZE_MAX)
		return refuse(r, "it must look like name@example.org");
	for (size_t i = 0; i < r->value.n; i++)
		if (strchr(" \t<>,;", r->value.p[i]))
			return refuse(r, "it must be the bare address, "
			    "without name or brackets");
	return read_string(r, field);
}

static enum err
read_server(struct reader *r, enum config_protocol protocol,
    struct config_server *server)
{
	const char *wrong;

	if (span_eq(r->value, SPAN_LIT("none")))
		return ERR_OK;
	wrong = config_value_server(r->value, protocol, &r->config->arena,
	    server);
	return wrong ? refuse(r, wrong) : ERR_OK;
}

static enum err
read_receive(struct reader *r, void *field)
{
	return read_server(r, CONFIG_IMAP, field);
}

static enum err
read_send(struct reader *r, void *field)
{
	return read_server(r, CONFIG_SMTP, field);
}

static enum err
read_keep(struct reader *r, void *field)
{
	bool *is_offline = field;

	*is_offline = span_eq(r->value, SPAN_LIT("offline"));
	if (*is_offline || span_eq(r->value, SPAN_LIT("live")))
		return ERR_OK;
	return refuse(r, "it must be live or offline");
}

static enum err
read_push(struct reader *r, void *field)
{
	struct config_account *account = field;

	if (config_value_list(r->value, false, &r->config->arena,
	    &account->push, &account->npush))
		return ERR_OK;
	return refuse(r, "a backslash is written \\\\");
}

static enum err
read_mask(struct reader *r, void *field)
{
	struct config_account *account = field;

	if (config_value_list(r->value, true, &r->config->arena,
	    &account->mask, &account->nmask))
		return ERR_OK;
	return refuse(r, "a backslash is written \\\\");
}

static enum err
read_leave(struct reader *r, void *field)
{
	static const struct {
		struct span word;
		enum config_leave leave;
	} words[] = {
		{ SPAN("forever"), LEAVE_FOREVER },
		{ SPAN("never"), LEAVE_NEVER },
		{ SPAN("until-deleted"), LEAVE_UNTIL_DELETED },
	};
	struct config_account *account = field;
	unsigned seconds;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (span_eq(r->value, words[i].word)) {
			account->leave = words[i].leave;
			return ERR_OK;
		}
	}
	if (!config_value_duration(r->value, &seconds) || seconds == 0 ||
	    seconds % SECONDS_PER_DAY != 0)
		return refuse(r, "it must be never, until-deleted, forever or "
		    "days as in 14d");
	account->leave = LEAVE_DAYS;
	account->leave_days = seconds / SECONDS_PER_DAY;
	return ERR_OK;
}

static enum err
read_every(struct reader *r, void *field)
{
	unsigned *seconds = field;

	if (span_eq(r->value, SPAN_LIT("never"))) {
		*seconds = 0;
		return ERR_OK;
	}
	if (config_value_duration(r->value, seconds))
		return ERR_OK;
	return refuse(r, "it must be a time as in 30s, 5m or 2h, or never");
}

static enum err
read_budget(struct reader *r, void *field)
{
	uint64_t *octets = field;

	if (config_value_octets(r->value, octets) && *octets > 0)
		return ERR_OK;
	return refuse(r, "it must be a size as in 500M or 2G");
}

static enum err
read_order(struct reader *r, void *field)
{
	if (config_value_order(r->value, field, NULL))
		return ERR_OK;
	return refuse(r, "it must be date, sender, subject, size or thread");
}

static enum err
read_fingerprint(struct reader *r, void *field)
{
	struct fingerprint fp;
	enum err err = read_string(r, field);

	if (err != ERR_OK || fingerprint_parse(*(const char **)field, &fp))
		return err;
	return refuse(r, "it must be sha256: and 64 hexadecimal digits");
}

static enum err
read_password(struct reader *r, void *field)
{
	if (!r->text->is_private)
		return config_text_error(r->text, r->entry->line, r->e,
		    "%.*s in a file that others can read; chmod 600 %.60s",
		    SPAN_ARG(r->entry->key), r->text->path);
	return read_string(r, field);
}

#define GENERAL(member) offsetof(struct config, member)
#define ACCOUNT(member) offsetof(struct config_account, member)

static const struct rule general_rules[] = {
	{ "theme", read_text, GENERAL(theme), false },
	{ "editor", read_text, GENERAL(editor), false },
	{ "ascii", read_bool, GENERAL(ascii), false },
	{ "open", read_text, GENERAL(open), false },
	{ "order", read_order, GENERAL(order), false },
	{ "save-dir", read_path, GENERAL(save_dir), false },
};

static const struct rule account_rules[] = {
	{ "name", read_text, ACCOUNT(full_name), false },
	{ "address", read_address, ACCOUNT(address), false },
	{ "receive", read_receive, ACCOUNT(receive), false },
	{ "send", read_send, ACCOUNT(send), false },
	{ "keep", read_keep, ACCOUNT(is_offline), false },
	{ "push", read_push, 0, false },
	{ "password", read_password, ACCOUNT(password), true },
	{ "password-command", read_text, ACCOUNT(password_command), true },
	{ "send-password", read_password, ACCOUNT(send_password), true },
	{ "send-password-command", read_text, ACCOUNT(send_password_command),
	    true },
	{ "leave-on-server", read_leave, 0, false },
	{ "check-every", read_every, ACCOUNT(check_every_s), false },
	{ "disk-budget", read_budget, ACCOUNT(disk_budget), false },
	{ "tls-ca", read_path, ACCOUNT(tls_ca), false },
	{ "tls-fingerprint", read_fingerprint, ACCOUNT(tls_fingerprint),
	    false },
	{ "never-use", read_mask, 0, false },
};

static enum err
unknown_key(const struct reader *r, const struct rule *rules, size_t n)
{
	const char *keys[ARRAY_LEN(account_rules)], *nearest;

	bug_on(n > ARRAY_LEN(keys));
	for (size_t i = 0; i < n; i++)
		keys[i] = rules[i].key;
	nearest = config_value_nearest(r->entry->key, keys, n);
	return config_text_error(r->text, r->entry->line, r->e,
	    "unknown key \"%.*s\"%s%s%s", SPAN_ARG(r->entry->key),
	    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	    nearest ? "\"?" : "; surat.conf(5) lists them all");
}

static enum err
read_entry(struct reader *r, const struct rule *rules, size_t n, void *to)
{
	for (size_t i = 0; i < n; i++) {
		if (!span_eq(r->entry->key, span_of(rules[i].key)))
			continue;
		r->value = rules[i].is_literal ? r->entry->value :
		    config_text_uncomment(r->entry->value);
		return rules[i].read(r, (char *)to + rules[i].field);
	}
	return unknown_key(r, rules, n);
}

static enum err
read_group(struct reader *r, const struct config_group *group,
    const struct rule *rules, size_t n, void *to)
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

/* The line of a key; that of the group when it is not there. */
static unsigned
line_of(const struct config_group *group, const char *key)
{
	for (size_t i = 0; i < group->nentries; i++)
		if (span_eq(group->entries[i].key, span_of(key)))
			return group->entries[i].line;
	return group->line;
}

static bool
has_key(const struct config_group *group, const char *key)
{
	return line_of(group, key) != group->line;
}

/* What cannot stand together, and what cannot stand alone. */
static enum err
check_account(const struct reader *r, const struct config_group *group,
    const struct config_account *a)
{
	const enum config_protocol receive = a->receive.protocol;
	const struct {
		bool is_wrong;
		const char *key, *why;
	} checks[] = {
		{ !has_key(group, "receive") && !has_key(group, "send"),
		    "receive", "an account needs receive or send (receive = "
		    "none makes it a local one)" },
		{ a->password && a->password_command, "password-command",
		    "password and password-command cannot both be set" },
		{ a->send_password && a->send_password_command,
		    "send-password-command", "send-password and "
		    "send-password-command cannot both be set" },
		{ a->send.protocol != CONFIG_NONE && !a->address, "send",
		    "an account that sends needs an address" },
		{ receive != CONFIG_NONE && !a->receive.user && !a->address,
		    "receive", "there is no user in it, and no address that "
		    "could stand for one" },
		{ receive != CONFIG_IMAP && has_key(group, "push"), "push",
		    "only an imap server can push" },
		{ (receive != CONFIG_IMAP || a->is_offline) &&
		    has_key(group, "disk-budget"), "disk-budget", "only an "
		    "imap account with keep = live can fetch again what it "
		    "gives back" },
		{ receive != CONFIG_POP3 && has_key(group, "leave-on-server"),
		    "leave-on-server", "this is for pop3 alone" },
	};

	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		if (checks[i].is_wrong)
			return config_text_error(r->text,
			    line_of(group, checks[i].key), r->e, "%s",
			    checks[i].why);
	return ERR_OK;
}

static void
fill_account(const struct config_group *group, struct config_account *a)
{
	if (!a->receive.user)
		a->receive.user = a->address;
	if (!a->send.user)
		a->send.user = a->address;
	/* POP3 has no headers to show without taking the whole letter. */
	if (a->receive.protocol == CONFIG_POP3 && !has_key(group, "keep"))
		a->is_offline = true;
	if (!a->send_password && !a->send_password_command) {
		a->send_password = a->password;
		a->send_password_command = a->password_command;
	}
}

static enum err
read_account(struct reader *r, const struct config_group *group,
    struct config_account *account)
{
	static const char *const inbox[] = { "INBOX" };
	enum err err;

	account->push = inbox;
	account->npush = ARRAY_LEN(inbox);
	account->check_every_s = CHECK_EVERY_S;
	err = read_group(r, group, account_rules, ARRAY_LEN(account_rules),
	    account);
	if (err == ERR_OK)
		err = check_account(r, group, account);
	if (err == ERR_OK)
		fill_account(group, account);
	return err;
}

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
add_account(struct reader *r, const struct config_group *group,
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
	return read_account(r, group, account);
}

static enum err
unknown_group(const struct reader *r, const struct config_group *group)
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
read_folder_groups(struct reader *r)
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
read_groups(struct reader *r)
{
	struct config *config = r->config;

	config->accounts = arena_array(&config->arena, r->text->ngroups + 1,
	    sizeof *config->accounts);
	for (size_t i = 0; i < r->text->ngroups; i++) {
		const struct config_group *group = &r->text->groups[i];
		struct span name;
		enum err err;

		if (span_eq(group->name, SPAN_LIT("general")))
			err = read_group(r, group, general_rules,
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
	struct reader r = { .config = out, .text = &text, .e = e };
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
