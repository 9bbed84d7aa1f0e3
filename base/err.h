/* SPDX-License-Identifier: MIT */
/*
 * What can go wrong, named by what the caller can do about it, and the
 * sentence for a person.
 */
#pragma once

enum err {
	ERR_OK = 0,
	ERR_AGAIN,	/* not now; try later without being asked */
	ERR_NOTFOUND,	/* no such account, folder, message, entry */
	ERR_REFUSED,	/* the server said NO, -ERR, 5xx: for good */
	ERR_AUTH,	/* the server refused the credentials */
	ERR_PROTO,	/* the peer broke the protocol: close */
	ERR_LIMIT,	/* a stated limit was exceeded */
	ERR_IO,		/* disk or descriptor; errno in error.sys */
	ERR_UNREACHABLE, /* no such host, refused, cut, no route */
	ERR_TLS,	/* no secure channel: handshake, certificate */
	ERR_TIMEOUT,
	ERR_FULL,	/* no room on the disk */
	ERR_CORRUPT,	/* a stored record does not check */
	ERR_VERSION,	/* the store is newer than this program */
	ERR_CONFIG,	/* the configuration says something impossible */
	ERR_USAGE,	/* the command line does */
	ERR_DATA,	/* input bytes are not what they should be */
	ERR_BUSY,	/* another process holds the lock */
	ERR_CANCELED,
};

/*
 * A failure as it crosses a layer: filled once, where the fact is known;
 * copied by value; owns nothing.  `text` is UTF-8, one line, no final dot, and
 * clean as base/text.h says, whatever a server put into it: error_set sees
 * to that.
 */
struct error {
	enum err kind;
	int sys;	/* errno, or 0 */
	char text[240];
};

/* Fills *e (may be NULL) and returns kind, for `return error_set(...)`. */
enum err error_set(struct error *e, enum err kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, with ": " and the text of errno value sys appended. */
enum err error_sys(struct error *e, enum err kind, int sys, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/* "refused", "timeout": for logs and JSON. */
const char *err_name(enum err kind);
/* The sysexits.h code that DESIGN.md promises for a command. */
int err_exit_code(enum err kind);
