/* SPDX-License-Identifier: MIT */
/*
 * The other end of a connection: a listening socket on a loopback address
 * and a thread that serves what connects to it, one after the other, by a
 * function of the test's.
 */
#pragma once

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/net/certs.h"

/* One accepted connection, as the test's function sees it. */
struct link {
	int fd;
	gnutls_session_t session;	/* NULL: in clear */
	const struct certs *certs;
	const char *priorities;		/* NULL: NORMAL */
	const char *alpn;		/* the server insists on it; or NULL */
	const gnutls_datum_t *ticket_key;	/* NULL: no resumption */
	void *ctx;
};

/* Server's side; false when the client would not. */
bool link_handshake(struct link *link);
/* All of it; false when the client is gone. */
bool link_write(struct link *link, const void *p, size_t n);
bool link_puts(struct link *link, const char *s);
/* Some of it; 0 at the end, also when the client broke off. */
size_t link_read(struct link *link, void *p, size_t n);
/* Reads up to a newline into line (no newline in it). */
bool link_gets(struct link *link, char *line, size_t size);
/* close_notify */
void link_bye(struct link *link);
/* Waits until the client has closed. */
void link_wait_closed(struct link *link);

struct peer {
	const char *address;	/* NULL: 127.0.0.1 */
	void (*serve)(struct link *link);	/* NULL: the port refuses */
	struct link link;	/* what each connection begins with */
	/* Set by peer_start: */
	uint16_t port;
	int listener;
	atomic_int accepted;
	pthread_t thread;
};

/* False when the machine has no such address. */
bool peer_start(struct peer *peer);
void peer_stop(struct peer *peer);
