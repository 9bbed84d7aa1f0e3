/* SPDX-License-Identifier: MIT */
/*
 * [account NAME]: its keys, and the rules that hold between them.
 *
 * Refused rather than guessed: keys of the other protocol, passwords in a
 * file that others can read.
 */
#include "src/core/config_account.h"

#include <string.h>

#include "base/bug.h"
#include "src/core/config_keep.h"
#include "src/core/config_value.h"
#include "src/net/fingerprint.h"

enum {
	CHECK_EVERY_S = 300,
	SECONDS_PER_DAY = 24 * 60 * 60,
};

static enum err
read_address(struct config_reader *r, void *field)
{
	size_t at = span_chr(r->value, '@');
	struct span domain = span_skip(r->value, at == SIZE_MAX ?
	    r->value.n : at + 1);

	if (at == SIZE_MAX || at == 0 || domain.n == 0 ||
	    span_chr(domain, '@') != SIZE_MAX)
		return config_refuse(r, "it must look like name@example.org");
	for (size_t i = 0; i < r->value.n; i++)
		if (strchr(" \t<>,;", r->value.p[i]))
			return config_refuse(r, "it must be the bare address, "
			    "without name or brackets");
	return config_read_string(r, field);
}

static enum err
read_server(struct config_reader *r, enum config_protocol protocol,
    struct config_server *server)
{
	const char *wrong;

	if (span_eq(r->value, SPAN_LIT("none")))
		return ERR_OK;
	wrong = config_value_server(r->value, protocol, &r->config->arena,
	    server);
	return wrong ? config_refuse(r, wrong) : ERR_OK;
}

static enum err
read_receive(struct config_reader *r, void *field)
{
	return read_server(r, CONFIG_IMAP, field);
}

static enum err
read_send(struct config_reader *r, void *field)
{
	return read_server(r, CONFIG_SMTP, field);
}

static enum err
read_push(struct config_reader *r, void *field)
{
	struct config_account *account = field;

	if (config_value_list(r->value, false, &r->config->arena,
	    &account->push, &account->npush))
		return ERR_OK;
	return config_refuse(r, "a backslash is written \\\\");
}

static enum err
read_mask(struct config_reader *r, void *field)
{
	struct config_account *account = field;

	if (config_value_list(r->value, true, &r->config->arena,
	    &account->mask, &account->nmask))
		return ERR_OK;
	return config_refuse(r, "a backslash is written \\\\");
}

static enum err
read_leave(struct config_reader *r, void *field)
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
		return config_refuse(r, "it must be never, until-deleted, forever or "
		    "days as in 14d");
	account->leave = LEAVE_DAYS;
	account->leave_days = seconds / SECONDS_PER_DAY;
	return ERR_OK;
}

static enum err
read_every(struct config_reader *r, void *field)
{
	unsigned *seconds = field;

	if (span_eq(r->value, SPAN_LIT("never"))) {
		*seconds = 0;
		return ERR_OK;
	}
	if (config_value_duration(r->value, seconds))
		return ERR_OK;
	return config_refuse(r,
	    "it must be a time as in 30s, 5m or 2h, or never");
}

static enum err
read_role(struct config_reader *r, void *field)
{
	static const struct {
		struct span key;
		enum folder_role role;
	} roles[CONFIG_ROLES_MAX] = {
		{ SPAN("sent-folder"), FOLDER_SENT },
		{ SPAN("drafts-folder"), FOLDER_DRAFTS },
		{ SPAN("trash-folder"), FOLDER_TRASH },
		{ SPAN("junk-folder"), FOLDER_JUNK },
		{ SPAN("archive-folder"), FOLDER_ARCHIVE },
	};
	struct config_account *account = field;
	struct config_role *role = &account->roles[account->nroles];

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (span_eq(roles[i].key, r->entry->key))
			role->role = roles[i].role;
	account->nroles++;
	return config_read_text(r, &role->folder);
}

static enum err
read_delete(struct config_reader *r, void *field)
{
	bool *moves = field;

	*moves = span_eq(r->value, SPAN_LIT("trash"));
	if (*moves || span_eq(r->value, SPAN_LIT("mark")))
		return ERR_OK;
	return config_refuse(r, "it must be mark or trash");
}

static enum err
read_connections(struct config_reader *r, void *field)
{
	uint32_t n;

	if (!span_u32(r->value, &n) || n < 1 || n > CONFIG_CONNECTIONS_MAX)
		return config_refuse(r, "it must be a number from 1 to 5");
	*(unsigned *)field = n;
	return ERR_OK;
}

static enum err
read_budget(struct config_reader *r, void *field)
{
	uint64_t *octets = field;

	if (config_value_octets(r->value, octets) && *octets > 0)
		return ERR_OK;
	return config_refuse(r, "it must be a size as in 500M or 2G");
}

static enum err
read_fingerprint(struct config_reader *r, void *field)
{
	struct fingerprint fp;
	enum err err = config_read_string(r, field);

	if (err != ERR_OK || fingerprint_parse(*(const char **)field, &fp))
		return err;
	return config_refuse(r, "it must be sha256: and 64 hexadecimal digits");
}

static enum err
read_password(struct config_reader *r, void *field)
{
	if (!r->text->is_private)
		return config_text_error(r->text, r->entry->line, r->e,
		    "%.*s in a file that others can read; chmod 600 %.60s",
		    SPAN_ARG(r->entry->key), r->text->path);
	return config_read_string(r, field);
}

#define ACCOUNT(member) offsetof(struct config_account, member)

static const struct config_rule account_rules[] = {
	{ "name", config_read_text, ACCOUNT(full_name), CONFIG_PLAIN },
	{ "address", read_address, ACCOUNT(address), CONFIG_PLAIN },
	{ "receive", read_receive, ACCOUNT(receive), CONFIG_PLAIN },
	{ "send", read_send, ACCOUNT(send), CONFIG_PLAIN },
	{ "keep", config_keep_read, 0, CONFIG_REST },
	{ "push", read_push, 0, CONFIG_PLAIN },
	{ "connections", read_connections, ACCOUNT(connections), CONFIG_PLAIN },
	{ "delete", read_delete, ACCOUNT(moves_deleted), CONFIG_PLAIN },
	{ "sent-folder", read_role, 0, CONFIG_PLAIN },
	{ "drafts-folder", read_role, 0, CONFIG_PLAIN },
	{ "trash-folder", read_role, 0, CONFIG_PLAIN },
	{ "junk-folder", read_role, 0, CONFIG_PLAIN },
	{ "archive-folder", read_role, 0, CONFIG_PLAIN },
	{ "password", read_password, ACCOUNT(password), CONFIG_LITERAL },
	{ "password-command", config_read_text, ACCOUNT(password_command),
	    CONFIG_LITERAL },
	{ "send-password", read_password, ACCOUNT(send_password), CONFIG_LITERAL },
	{ "send-password-command", config_read_text,
	    ACCOUNT(send_password_command), CONFIG_LITERAL },
	{ "leave-on-server", read_leave, 0, CONFIG_PLAIN },
	{ "check-every", read_every, ACCOUNT(check_every_s), CONFIG_PLAIN },
	{ "disk-budget", read_budget, ACCOUNT(disk_budget), CONFIG_PLAIN },
	{ "tls-ca", config_read_path, ACCOUNT(tls_ca), CONFIG_PLAIN },
	{ "tls-fingerprint", read_fingerprint, ACCOUNT(tls_fingerprint),
	    CONFIG_PLAIN },
	{ "never-use", read_mask, 0, CONFIG_PLAIN },
};

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

static bool
keeps_all(const struct config_account *a)
{
	for (size_t i = 0; i < a->nkeeps; i++)
		if (a->keeps[i].is_offline)
			return true;
	return a->keep.is_offline;
}

/* What cannot stand together, and what cannot stand alone. */
static enum err
check_account(const struct config_reader *r, const struct config_group *group,
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
		{ receive != CONFIG_IMAP && has_key(group, "connections"),
		    "connections", "only an imap server takes several" },
		{ (receive != CONFIG_IMAP || keeps_all(a)) &&
		    has_key(group, "disk-budget"), "disk-budget", "only an "
		    "imap account with keep = live can fetch again what it "
		    "gives back" },
		{ receive != CONFIG_IMAP && a->nroles > 0, "receive", "only "
		    "an imap server has folders that can be told apart by "
		    "sent-folder and its like" },
		{ receive != CONFIG_IMAP && a->nkeeps > 0, "receive", "only "
		    "folders of an imap server can be kept otherwise than "
		    "the account (keep FOLDER = ...)" },
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
		a->keep.is_offline = true;
	if (!a->send_password && !a->send_password_command) {
		a->send_password = a->password;
		a->send_password_command = a->password_command;
	}
}

enum err
config_account_read(struct config_reader *r, const struct config_group *group,
    struct config_account *account)
{
	static const char *const inbox[] = { "INBOX" };
	enum err err;

	account->push = inbox;
	account->npush = ARRAY_LEN(inbox);
	account->connections = CONFIG_CONNECTIONS;
	account->check_every_s = CHECK_EVERY_S;
	err = config_read_group(r, group, account_rules, ARRAY_LEN(account_rules),
	    account);
	if (err == ERR_OK)
		err = check_account(r, group, account);
	if (err == ERR_OK)
		fill_account(group, account);
	return err;
}
