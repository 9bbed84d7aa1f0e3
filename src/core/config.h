/* SPDX-License-Identifier: MIT */
/*
 * The configuration: surat.conf, GKeyFile syntax.  DESIGN.md "Files and
 * configuration" is the contract.  Unknown groups and keys and bad values are
 * errors with file, line and the nearest valid name.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/folder.h"
#include "store/view.h"

enum config_protocol { CONFIG_NONE, CONFIG_IMAP, CONFIG_POP3, CONFIG_SMTP };
enum config_security { SECURITY_TLS, SECURITY_STARTTLS, SECURITY_INSECURE };

struct config_server {
	enum config_protocol protocol;	/* CONFIG_NONE: not configured */
	enum config_security security;
	const char *user;		/* percent-decoded; default: the
					   account's address; may be NULL */
	const char *host;		/* as typed, without brackets */
	uint16_t port;			/* the scheme's own when absent */
};

enum config_leave {
	LEAVE_FOREVER, LEAVE_NEVER, LEAVE_DAYS, LEAVE_UNTIL_DELETED
};

/* How much of the letters is here before anybody asks: config_keep.h. */
struct config_keep {
	const char *folder;		/* UTF-8; NULL: the account's own */
	bool is_offline;
	unsigned days;			/* only of so many; 0: of any age */
	uint64_t octets;		/* only up to so many; 0: of any size */
};

/* trash-folder = Sampah: where the server does not say it. */
struct config_role {
	enum folder_role role;
	const char *folder;		/* UTF-8 */
};

enum { CONFIG_ROLES_MAX = 5 };

/* Connections to one IMAP server at a time.  PROTOCOLS.md 2.5. */
enum { CONFIG_CONNECTIONS = 3, CONFIG_CONNECTIONS_MAX = 5 };

struct config_account {
	const char *name;		/* of the group */
	const char *full_name, *address;
	struct config_server receive, send;
	struct config_keep keep;	/* POP3's default: offline */
	struct config_keep *keeps;	/* of folders */
	size_t nkeeps;
	struct config_role roles[CONFIG_ROLES_MAX];
	size_t nroles;
	bool moves_deleted;		/* delete = trash; else they are marked */
	const char *const *push;	/* UTF-8 folder names; default INBOX */
	size_t npush;
	enum config_leave leave;	/* default forever */
	unsigned leave_days;
	unsigned connections;		/* 1 to CONFIG_CONNECTIONS_MAX */
	unsigned check_every_s;		/* default 300; 0: never by itself */
	uint64_t disk_budget;		/* octets of bodies; 0: no limit */
	const char *password_command;	/* or NULL; for /bin/sh -c */
	const char *password;		/* or NULL; only from a 0600 file */
	/* The two above when neither is set. */
	const char *send_password_command, *send_password;
	const char *tls_ca;		/* an absolute path, or NULL */
	const char *tls_fingerprint;	/* as conn.h wants it, or NULL */
	const char *const *mask;	/* never-use, in capital letters */
	size_t nmask;
};

/* [group NAME]: folders that are read as one inbox. */
struct config_folders {
	const char *name;
	const char *const *folders;	/* "kerja/Proyek", "kerja" */
	size_t nfolders;
};

struct config {
	struct arena arena;		/* owns everything below */
	const char *path;		/* of surat.conf */
	const char *theme, *editor;
	bool ascii;
	const char *open;		/* the first list; NULL: all inboxes */
	enum view_order order;		/* of lists, until the user says */
	const char *save_dir;		/* never NULL once loaded */
	struct config_account *accounts;
	size_t naccounts;
	struct config_folders *groups;	/* in the order of the file */
	size_t ngroups;
	/* Exist; made with 0700. */
	const char *data_dir, *state_dir, *config_dir;
};

/*
 * Finds the directories (profile NULL: XDG; else everything in profile) and
 * reads surat.conf.  ERR_NOTFOUND when there is none: the directories are
 * set all the same.  ERR_CONFIG with "FILE:LINE: ...".  Whatever it returns,
 * *out needs config_free.
 */
enum err config_load(const char *profile, struct config *out,
    struct error *e);
void config_free(struct config *config);	/* overwrites passwords */
/* NULL when there is no such account. */
const struct config_account *config_account(const struct config *config,
    const char *name);
