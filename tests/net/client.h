/* SPDX-License-Identifier: MIT */
/*
 * Our end in the tests: a connection, a context, and a count of every
 * callback.  Waiting is always for an event; a watchdog of half a minute
 * only ends a test that would hang.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/buf.h"
#include "src/net/conn.h"

enum client_event {
	CLIENT_CONNECTED, CLIENT_SECURED, CLIENT_RECEIVED, CLIENT_WRITABLE,
	CLIENT_CLOSED, CLIENT_EVENTS
};

struct client {
	GMainContext *context;
	struct conn *conn;
	int count[CLIENT_EVENTS];
	bool in_call;		/* set around every call of conn.h */
	struct buf in;		/* what came; only a count when is_counting */
	bool is_counting;
	uint64_t octets;
	struct error error;
	/* Called at the end of each event; may be NULL. */
	void (*on_event)(struct client *client, enum client_event event);
	void *ctx;
};

/* Leaves the context the thread-default one until client_end. */
void client_begin(struct client *client);
void client_open(struct client *client, const struct conn_settings *settings);
/* Runs the loop until the event has come `count` times. */
void client_await(struct client *client, enum client_event event, int count);
/* Runs it until n octets have come. */
void client_await_octets(struct client *client, uint64_t n);
void client_end(struct client *client);

/* Fails the test when memory that nothing points to is left. */
void expect_no_leaks(void);
