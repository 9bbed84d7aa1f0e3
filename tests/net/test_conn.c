/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/net/client.h"
#include "tests/net/peer.h"

static void
serve_hello(struct link *link)
{
	char line[64];

	link_puts(link, "hello\r\n");
	while (link_gets(link, line, sizeof line) && strcmp(line, "bye") != 0)
		link_puts(link, line);
}

Test(conn, carries_bytes_in_clear_and_ends_in_order)
{
	struct peer peer = { .serve = serve_hello };
	struct client client = { 0 };

	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = peer.port });
	client.in_call = true;
	conn_write(client.conn, SPAN_LIT("one\nbye\n"));
	cr_expect_eq(conn_queued(client.conn), 8);
	client.in_call = false;
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_eq(client.error.kind, ERR_OK, "%s", client.error.text);
	cr_expect_str_eq(buf_str(&client.in), "hello\r\none");
	cr_expect_eq(client.count[CLIENT_CONNECTED], 1);
	cr_expect(!conn_is_secure(client.conn));
	cr_expect_str_eq(conn_protocol(client.conn), "");
	/* What an owner does that has not noticed yet. */
	conn_write(client.conn, SPAN_LIT("late"));
	conn_starttls(client.conn, 0);
	conn_pause(client.conn, true);
	cr_expect_eq(conn_queued(client.conn), 0);
	client_end(&client);
	peer_stop(&peer);
	expect_no_leaks();
}

Test(conn, finds_localhost_when_only_ipv4_listens)
{
	struct peer peer = { .serve = serve_hello };
	struct client client = { 0 };

	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "localhost",
	    .port = peer.port });
	client_await(&client, CLIENT_RECEIVED, 1);
	client_end(&client);
	peer_stop(&peer);
}

Test(conn, refused_port_is_one_clear_sentence)
{
	struct peer peer = { .serve = NULL };
	struct client client = { 0 };
	char want[80];

	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = peer.port, .tls_at_once = true });
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_eq(client.error.kind, ERR_UNREACHABLE);
	snprintf(want, sizeof want, "127.0.0.1 refuses connections to port %u",
	    peer.port);
	cr_expect_str_eq(client.error.text, want);
	client_end(&client);
	peer_stop(&peer);
	expect_no_leaks();
}

Test(conn, unknown_host_is_one_clear_sentence)
{
	struct client client = { 0 };

	client_begin(&client);
	client_open(&client, &(struct conn_settings){
	    .host = "imap.nowhere.invalid", .port = 993 });
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect(client.error.kind == ERR_UNREACHABLE ||
	    client.error.kind == ERR_TIMEOUT);
	cr_expect_not_null(strstr(client.error.text, "imap.nowhere.invalid"));
	client_end(&client);
}

Test(conn, bad_settings_come_as_closed_too)
{
	static const struct {
		struct conn_settings settings;
		const char *word;
	} cases[] = {
		{ { .host = "two words", .port = 993 }, "two words" },
		{ { .host = "127.0.0.1", .port = 993,
		    .fingerprint = "sha256:00" }, "tls-fingerprint" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct client client = { 0 };

		client_begin(&client);
		client_open(&client, &cases[i].settings);
		client_await(&client, CLIENT_CLOSED, 1);
		cr_expect_eq(client.error.kind, ERR_CONFIG);
		cr_expect_not_null(strstr(client.error.text, cases[i].word));
		client_end(&client);
	}
	expect_no_leaks();
}

static void
serve_reset(struct link *link)
{
	struct linger now = { .l_onoff = 1 };
	char line[16];

	link_gets(link, line, sizeof line);
	setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Test(conn, reset_is_an_error_of_the_network)
{
	struct peer peer = { .serve = serve_reset };
	struct client client = { 0 };

	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = peer.port });
	conn_write(client.conn, SPAN_LIT("go\n"));
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_eq(client.error.kind, ERR_UNREACHABLE, "%s", client.error.text);
	client_end(&client);
	peer_stop(&peer);
}

/* Says one line, then hangs up, while the client is paused. */
static void
serve_and_leave(struct link *link)
{
	char line[16];

	link_puts(link, "first");
	link_gets(link, line, sizeof line);
	link_puts(link, "last");
}

static void
pause_at_first(struct client *client, enum client_event event)
{
	if (event == CLIENT_RECEIVED && client->count[event] == 1)
		conn_pause(client->conn, true);
}

static gboolean
note_true(gpointer ctx)
{
	*(bool *)ctx = true;
	return G_SOURCE_REMOVE;
}

Test(conn, paused_hears_nothing_and_does_not_spin)
{
	struct peer peer = { .serve = serve_and_leave };
	struct client client = { .on_event = pause_at_first };
	bool is_over = false;
	GSource *timer = g_timeout_source_new(100);
	int turns = 0;

	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = peer.port });
	client_await(&client, CLIENT_RECEIVED, 1);
	conn_write(client.conn, SPAN_LIT("go\n"));
	g_source_set_callback(timer, note_true, &is_over, NULL);
	g_source_attach(timer, client.context);
	while (!is_over) {
		g_main_context_iteration(client.context, TRUE);
		turns++;
	}
	g_source_unref(timer);
	cr_expect_lt(turns, 20);
	cr_expect_eq(client.count[CLIENT_RECEIVED], 1);
	cr_expect_eq(client.count[CLIENT_CLOSED], 0);
	conn_pause(client.conn, false);
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_str_eq(buf_str(&client.in), "firstlast");
	client_end(&client);
	peer_stop(&peer);
}

/* Echoes, so that a reader who pauses stops the writer as well. */
static void
serve_echo(struct link *link)
{
	char block[16 * 1024];
	size_t n;

	if (link->certs && !link_handshake(link))
		return;
	while ((n = link_read(link, block, sizeof block)) > 0)
		if (!link_write(link, block, n))
			return;
}

enum { BULK = 4 * 1024 * 1024 };

struct bulk {
	uint64_t given, checked;
	bool is_wrong;
	int pauses;
};

static char
bulk_octet(uint64_t at)
{
	return (char)((at * 2654435761u) >> 13);
}

static void
bulk_give(struct client *client)
{
	struct bulk *bulk = client->ctx;
	char block[50000];

	while (bulk->given < BULK && conn_queued(client->conn) < CONN_HIGH) {
		size_t n = sizeof block;

		if (n > BULK - bulk->given)
			n = BULK - bulk->given;
		for (size_t i = 0; i < n; i++)
			block[i] = bulk_octet(bulk->given + i);
		conn_write(client->conn, (struct span){ block, n });
		bulk->given += n;
	}
}

static gboolean
bulk_go_on(gpointer ctx)
{
	struct client *client = ctx;

	conn_pause(client->conn, false);
	return G_SOURCE_REMOVE;
}

static void
bulk_pause(struct client *client)
{
	GSource *later = g_idle_source_new();

	conn_pause(client->conn, true);
	g_source_set_callback(later, bulk_go_on, client, NULL);
	g_source_attach(later, client->context);
	g_source_unref(later);
}

static void
bulk_event(struct client *client, enum client_event event)
{
	struct bulk *bulk = client->ctx;

	if (event == CLIENT_CONNECTED || event == CLIENT_WRITABLE)
		bulk_give(client);
	if (event != CLIENT_RECEIVED)
		return;
	for (size_t i = 0; i < client->in.n; i++)
		if (client->in.p[i] != bulk_octet(bulk->checked + i))
			bulk->is_wrong = true;
	bulk->checked += client->in.n;
	buf_reset(&client->in);
	if (client->count[event] % 5 == 0) {
		bulk->pauses++;
		bulk_pause(client);
	}
}

static void
check_bulk(struct conn_settings settings, const struct certs *certs)
{
	struct peer peer = { .serve = serve_echo, .link = { .certs = certs } };
	struct bulk bulk = { 0 };
	struct client client = { .on_event = bulk_event, .ctx = &bulk };

	cr_assert(peer_start(&peer));
	settings.host = "127.0.0.1";
	settings.port = peer.port;
	client_begin(&client);
	client_open(&client, &settings);
	client_await_octets(&client, BULK);
	cr_expect(!bulk.is_wrong);
	cr_expect_eq(client.octets, BULK);
	cr_expect_gt(bulk.pauses, 0);
	cr_expect_eq(conn_queued(client.conn), 0);
	client_end(&client);
	peer_stop(&peer);
}

Test(conn, carries_bulk_both_ways_at_once_with_pauses)
{
	struct certs certs;

	check_bulk((struct conn_settings){ 0 }, NULL);
	certs_make(&certs, CERT_GOOD);
	check_bulk((struct conn_settings){ .tls_at_once = true,
	    .ca_file = certs.ca_file }, &certs);
	certs_free(&certs);
	expect_no_leaks();
}

/* Sends for ever, until the client is gone. */
static void
serve_flood(struct link *link)
{
	char block[16 * 1024];

	memset(block, 'x', sizeof block);
	if (!link_handshake(link))
		return;
	while (link_write(link, block, sizeof block))
		;
}

Test(conn, fast_peer_does_not_starve_another)
{
	struct certs certs;
	struct peer flood = { .serve = serve_flood };
	struct peer quiet = { .serve = serve_hello };
	struct client first = { .is_counting = true }, second = { 0 };

	certs_make(&certs, CERT_GOOD);
	flood.link.certs = &certs;
	cr_assert(peer_start(&flood) && peer_start(&quiet));
	client_begin(&first);
	client_open(&first, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = flood.port, .tls_at_once = true,
	    .ca_file = certs.ca_file });
	client_await_octets(&first, 1 << 20);
	second.context = first.context;
	client_open(&second, &(struct conn_settings){ .host = "127.0.0.1",
	    .port = quiet.port });
	conn_write(second.conn, SPAN_LIT("a\nb\nbye\n"));
	client_await(&second, CLIENT_CLOSED, 1);
	cr_expect_str_eq(buf_str(&second.in), "hello\r\nab");
	conn_free(second.conn);
	buf_fini(&second.in);
	client_end(&first);
	peer_stop(&flood);
	peer_stop(&quiet);
	certs_free(&certs);
}

static void
free_at(struct client *client, enum client_event event)
{
	const enum client_event *at = client->ctx;

	if (event == CLIENT_CONNECTED) {
		static char block[2 * CONN_LOW];

		memset(block, '\n', sizeof block);
		conn_write(client->conn, (struct span){ block, sizeof block });
	}
	if (event == *at) {
		conn_free(client->conn);
		client->conn = NULL;
	}
}

/* Reads what free_at sends, then hangs up. */
static void
serve_drain(struct link *link)
{
	char some[4 * 1024];

	link_puts(link, "ready\n");
	for (size_t left = 2 * CONN_LOW, n; left > 0; left -= n) {
		n = link_read(link, some, sizeof some);
		if (n == 0)
			return;
	}
}

Test(conn, may_be_freed_in_every_callback)
{
	static const enum client_event events[] = { CLIENT_CONNECTED,
		CLIENT_RECEIVED, CLIENT_WRITABLE, CLIENT_CLOSED };

	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		enum client_event at = events[i];
		struct peer peer = { .serve = serve_drain };
		struct client client = { .on_event = free_at, .ctx = &at };

		cr_assert(peer_start(&peer));
		client_begin(&client);
		client_open(&client, &(struct conn_settings){
		    .host = "127.0.0.1", .port = peer.port });
		client_await(&client, at, 1);
		cr_expect_null(client.conn);
		client_end(&client);
		peer_stop(&peer);
	}
	expect_no_leaks();
}

Test(conn, may_be_freed_after_every_turn_of_the_loop)
{
	struct certs certs;
	struct peer peer = { .serve = serve_echo };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	cr_assert(peer_start(&peer));
	for (int turns = 0; turns < 24; turns++) {
		struct client client = { 0 };

		client_begin(&client);
		client_open(&client, &(struct conn_settings){
		    .host = turns % 2 ? "127.0.0.1" : "localhost",
		    .port = peer.port, .tls_at_once = true,
		    .ca_file = certs.ca_file });
		conn_write(client.conn, SPAN_LIT("echo\n"));
		for (int i = 0; i < turns && client.octets == 0; i++)
			g_main_context_iteration(client.context, TRUE);
		client_end(&client);
	}
	peer_stop(&peer);
	certs_free(&certs);
	expect_no_leaks();
}
