/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/net/client.h"
#include "tests/net/peer.h"

/* One line, then an orderly end. */
static void
serve_line(struct link *link)
{
	if (!link_handshake(link))
		return;
	link_puts(link, "* OK ready\r\n");
	link_bye(link);
	link_wait_closed(link);
}

/* Runs a connection to its end; what was read and why it ended stay. */
static void
run(struct client *client, struct peer *peer, struct conn_settings settings)
{
	cr_assert(peer_start(peer));
	settings.port = peer->port;
	if (!settings.host)
		settings.host = "localhost";
	client_begin(client);
	client_open(client, &settings);
	client_await(client, CLIENT_CLOSED, 1);
	conn_free(client->conn);
	client->conn = NULL;
	peer_stop(peer);
}

Test(tls, certificate_of_a_given_root_is_believed)
{
	static const struct {
		const char *host, *address;
	} cases[] = {
		{ "localhost", "127.0.0.1" },
		{ "LOCALHOST.", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "::1", "::1" },
	};
	struct certs certs;

	certs_make(&certs, CERT_GOOD);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct peer peer = { .serve = serve_line,
			.address = cases[i].address,
			.link = { .certs = &certs, .alpn = "imap" } };
		struct client client = { 0 };

		if (!peer_start(&peer))
			continue;	/* a machine without IPv6 */
		peer_stop(&peer);
		run(&client, &peer, (struct conn_settings){
		    .host = cases[i].host, .tls_at_once = true,
		    .alpn = "imap", .ca_file = certs.ca_file });
		cr_expect_eq(client.error.kind, ERR_OK, "%s: %s",
		    cases[i].host, client.error.text);
		cr_expect_str_eq(buf_str(&client.in), "* OK ready\r\n");
		cr_expect_eq(client.count[CLIENT_CONNECTED], 1);
		cr_expect_eq(client.count[CLIENT_SECURED], 0);
		client_end(&client);
	}
	certs_free(&certs);
	expect_no_leaks();
}

static void
note_version(struct client *client, enum client_event event)
{
	char *version = client->ctx;

	if (event == CLIENT_CONNECTED && conn_is_secure(client->conn))
		strncpy(version, conn_protocol(client->conn), 15);
}

Test(tls, speaks_1_3_and_1_2_and_nothing_older)
{
	static const struct {
		const char *priorities, *version, *why;
	} cases[] = {
		{ "NORMAL", "TLS1.3", "" },
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2", "" },
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.1", "",
		    "localhost speaks no TLS 1.2 or newer; older versions are "
		    "not safe" },
		{ "NORMAL:-VERS-ALL:+VERS-TLS1.0", "",
		    "localhost speaks no TLS 1.2 or newer; older versions are "
		    "not safe" },
	};
	struct certs certs;

	certs_make(&certs, CERT_GOOD);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char version[16] = "";
		struct peer peer = { .serve = serve_line, .link = {
			.certs = &certs, .priorities = cases[i].priorities } };
		struct client client = { .on_event = note_version,
			.ctx = version };

		run(&client, &peer, (struct conn_settings){
		    .tls_at_once = true, .ca_file = certs.ca_file });
		cr_expect_str_eq(version, cases[i].version);
		cr_expect_str_eq(client.error.text, cases[i].why);
		cr_expect_eq(client.error.kind,
		    cases[i].why[0] ? ERR_TLS : ERR_OK);
		client_end(&client);
	}
	certs_free(&certs);
	expect_no_leaks();
}

Test(tls, each_bad_certificate_is_refused_with_its_reason)
{
	static const struct {
		enum cert_kind kind;
		const char *host, *words[3];
	} cases[] = {
		{ CERT_SELF_SIGNED, "localhost",
		    { "self-signed", "tls-ca", "tls-fingerprint = sha256:" } },
		{ CERT_OTHER_HOST, "localhost",
		    { "shown by localhost", "for mail.example.org" } },
		{ CERT_OTHER_HOST, "127.0.0.1",
		    { "shown by 127.0.0.1", "for mail.example.org" } },
		{ CERT_EXPIRED, "localhost", { "expired on 2" } },
		{ CERT_NOT_YET, "localhost", { "valid only from 2", "clock" } },
		{ CERT_CN_ONLY, "localhost", { "names no host" } },
		{ CERT_CN_ONLY, "127.0.0.1", { "not for" } },
		{ CERT_WEAK, "localhost", { "too weak" } },
		{ CERT_CLIENT_ONLY, "localhost", { "not meant for a server" } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct certs certs;
		struct peer peer = { .serve = serve_line };
		struct client client = { 0 };

		certs_make(&certs, cases[i].kind);
		peer.link.certs = &certs;
		run(&client, &peer, (struct conn_settings){
		    .host = cases[i].host, .tls_at_once = true,
		    .ca_file = certs.ca_file });
		cr_expect_eq(client.error.kind, ERR_TLS);
		cr_expect_eq(client.count[CLIENT_CONNECTED], 0);
		cr_expect_eq(client.octets, 0);
		for (size_t k = 0; k < 3 && cases[i].words[k]; k++)
			cr_expect_not_null(strstr(client.error.text,
			    cases[i].words[k]), "case %zu: \"%s\"", i,
			    client.error.text);
		client_end(&client);
		certs_free(&certs);
	}
	expect_no_leaks();
}

Test(tls, unknown_root_is_refused_and_its_fingerprint_told)
{
	/* The first is another root of the same name. */
	static const enum cert_kind roots[] = { CERT_GOOD, CERT_EXPIRED };

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		struct certs certs, other;
		struct peer peer = { .serve = serve_line };
		struct client client = { 0 };

		certs_make(&certs, CERT_GOOD);
		certs_make(&other, roots[i]);
		peer.link.certs = &certs;
		run(&client, &peer, (struct conn_settings){
		    .tls_at_once = true, .ca_file = other.ca_file });
		cr_expect_eq(client.error.kind, ERR_TLS);
		cr_expect_not_null(strstr(client.error.text,
		    "unknown issuer"), "%s", client.error.text);
		cr_expect_not_null(strstr(client.error.text,
		    certs.fingerprint), "%s", client.error.text);
		client_end(&client);
		certs_free(&certs);
		certs_free(&other);
	}
}

Test(tls, pin_stands_for_the_chain_and_only_for_one_certificate)
{
	static const enum cert_kind kinds[] = { CERT_SELF_SIGNED,
		CERT_EXPIRED, CERT_OTHER_HOST };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct certs certs, other;
		struct peer peer = { .serve = serve_line };
		struct client right = { 0 }, wrong = { 0 };

		certs_make(&certs, kinds[i]);
		certs_make(&other, CERT_GOOD);
		peer.link.certs = &certs;
		run(&right, &peer, (struct conn_settings){
		    .tls_at_once = true, .fingerprint = certs.fingerprint });
		cr_expect_eq(right.error.kind, ERR_OK, "%s",
		    right.error.text);
		cr_expect_str_eq(buf_str(&right.in), "* OK ready\r\n");
		client_end(&right);

		/* A chain that is in order does not help against a pin. */
		peer.link.certs = &other;
		run(&wrong, &peer, (struct conn_settings){
		    .tls_at_once = true, .ca_file = other.ca_file,
		    .fingerprint = certs.fingerprint });
		cr_expect_eq(wrong.error.kind, ERR_TLS);
		cr_expect_eq(wrong.octets, 0);
		cr_expect_not_null(strstr(wrong.error.text, "pinned"));
		cr_expect_not_null(strstr(wrong.error.text,
		    other.fingerprint));
		client_end(&wrong);
		certs_free(&certs);
		certs_free(&other);
	}
	expect_no_leaks();
}

Test(tls, root_file_that_cannot_be_read_is_a_configuration_error)
{
	struct certs certs;
	struct peer peer = { .serve = serve_line };
	struct client client = { 0 };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	run(&client, &peer, (struct conn_settings){ .tls_at_once = true,
	    .ca_file = "/nowhere/ca.pem" });
	cr_expect_eq(client.error.kind, ERR_CONFIG);
	cr_expect_not_null(strstr(client.error.text, "/nowhere/ca.pem"));
	client_end(&client);
	certs_free(&certs);
	expect_no_leaks();
}

/* Takes the connection and says nothing. */
static void
serve_silence(struct link *link)
{
	link_wait_closed(link);
}

Test(tls, handshake_that_hangs_is_given_up)
{
	struct peer peer = { .serve = serve_silence };
	struct client client = { 0 };

	run(&client, &peer, (struct conn_settings){ .tls_at_once = true,
	    .fingerprint = "sha256:000102030405060708090a0b0c0d0e0f"
	    "101112131415161718191a1b1c1d1e1f", .connect_ms = 200 });
	cr_expect_eq(client.error.kind, ERR_TIMEOUT);
	cr_expect_str_eq(client.error.text,
	    "localhost did not finish the TLS handshake within 1 s");
	client_end(&client);
	expect_no_leaks();
}

static void
serve_clear(struct link *link)
{
	link_puts(link, "220 mail.example.org ESMTP, in clear\r\n");
	link_wait_closed(link);
}

static void
serve_hang_up(struct link *link)
{
	char some[16];

	link_read(link, some, sizeof some);
	shutdown(link->fd, SHUT_WR);
	link_wait_closed(link);
}

Test(tls, peer_that_speaks_no_tls_is_named_so)
{
	static const struct {
		void (*serve)(struct link *link);
		const char *words;
	} cases[] = {
		{ serve_clear, "does not speak TLS on port" },
		{ serve_hang_up, "closed the connection during the TLS" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct peer peer = { .serve = cases[i].serve };
		struct client client = { 0 };

		run(&client, &peer, (struct conn_settings){
		    .tls_at_once = true });
		cr_expect_eq(client.error.kind, ERR_TLS);
		cr_expect_not_null(strstr(client.error.text, cases[i].words),
		    "%s", client.error.text);
		client_end(&client);
	}
}

static void
serve_cut(struct link *link)
{
	if (!link_handshake(link))
		return;
	link_puts(link, "* 1 FETCH (BODY[] {1000}\r\nhalf a le");
	shutdown(link->fd, SHUT_WR);
	link_wait_closed(link);
}

Test(tls, end_without_close_notify_is_an_error_after_the_bytes)
{
	struct certs certs;
	struct peer peer = { .serve = serve_cut };
	struct client client = { 0 };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	run(&client, &peer, (struct conn_settings){ .tls_at_once = true,
	    .ca_file = certs.ca_file });
	cr_expect_eq(client.error.kind, ERR_TLS);
	cr_expect_not_null(strstr(client.error.text, "without ending TLS"),
	    "%s", client.error.text);
	cr_expect_str_eq(buf_str(&client.in),
	    "* 1 FETCH (BODY[] {1000}\r\nhalf a le");
	client_end(&client);
	certs_free(&certs);
}

static void
serve_other_protocol(struct link *link)
{
	link->alpn = "ftp";
	link_handshake(link);
	link_wait_closed(link);
}

static void
serve_renegotiation(struct link *link)
{
	link->priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
	if (!link_handshake(link))
		return;
	gnutls_rehandshake(link->session);
	link_wait_closed(link);
}

Test(tls, other_protocol_and_renegotiation_are_refused)
{
	static const struct {
		void (*serve)(struct link *link);
		const char *words;
	} cases[] = {
		{ serve_other_protocol, "alert" },
		{ serve_renegotiation, "negotiate TLS again" },
	};
	struct certs certs;

	certs_make(&certs, CERT_GOOD);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct peer peer = { .serve = cases[i].serve,
			.link = { .certs = &certs } };
		struct client client = { 0 };

		run(&client, &peer, (struct conn_settings){
		    .tls_at_once = true, .alpn = "imap",
		    .ca_file = certs.ca_file });
		cr_expect_eq(client.error.kind, ERR_TLS);
		cr_expect_not_null(strstr(client.error.text, cases[i].words),
		    "%s", client.error.text);
		client_end(&client);
	}
	certs_free(&certs);
	expect_no_leaks();
}

/* Greets in clear, answers one line, then does the handshake. */
static void
serve_starttls(struct link *link)
{
	const char *answer = link->ctx ? link->ctx : "OK\r\n";
	char line[64];

	link_puts(link, "ready\r\n");
	if (!link_gets(link, line, sizeof line))
		return;
	link_puts(link, answer);
	if (!link_handshake(link))
		return;
	if (link_gets(link, line, sizeof line))
		link_puts(link, line);
	link_bye(link);
	link_wait_closed(link);
}

/* What an engine does with "ready", and with an answer that begins OK. */
static void
starttls_event(struct client *client, enum client_event event)
{
	if (event == CLIENT_SECURED) {
		cr_expect(conn_is_secure(client->conn));
		buf_reset(&client->in);
		conn_write(client->conn, SPAN_LIT("secret\n"));
	}
	if (event != CLIENT_RECEIVED || conn_is_secure(client->conn))
		return;
	if (strcmp(buf_str(&client->in), "ready\r\n") == 0)
		conn_write(client->conn, SPAN_LIT("STARTTLS\n"));
	else if (span_ends(buf_span(&client->in), SPAN_LIT("\r\n")))
		conn_starttls(client->conn, client->in.n -
		    strlen("ready\r\nOK\r\n"));
}

Test(tls, starttls_secures_what_follows)
{
	struct certs certs;
	struct peer peer = { .serve = serve_starttls };
	struct client client = { .on_event = starttls_event };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	run(&client, &peer, (struct conn_settings){
	    .ca_file = certs.ca_file });
	cr_expect_eq(client.error.kind, ERR_OK, "%s", client.error.text);
	cr_expect_eq(client.count[CLIENT_CONNECTED], 1);
	cr_expect_eq(client.count[CLIENT_SECURED], 1);
	cr_expect_str_eq(buf_str(&client.in), "secret");
	client_end(&client);
	certs_free(&certs);
	expect_no_leaks();
}

Test(tls, bytes_behind_the_answer_to_starttls_are_an_attack)
{
	static char injected[] = "OK\r\n* ALERT pay here\r\n";
	struct certs certs;
	struct peer peer = { .serve = serve_starttls };
	struct client client = { .on_event = starttls_event };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	peer.link.ctx = injected;
	run(&client, &peer, (struct conn_settings){
	    .ca_file = certs.ca_file });
	cr_expect_eq(client.error.kind, ERR_TLS);
	cr_expect_not_null(strstr(client.error.text, "tampering"));
	cr_expect_eq(client.count[CLIENT_SECURED], 0);
	client_end(&client);
	certs_free(&certs);
	expect_no_leaks();
}

static void
starttls_unasked(struct client *client, enum client_event event)
{
	if (event != CLIENT_RECEIVED)
		return;
	/* The answer is there before the request has left. */
	conn_write(client->conn, SPAN_LIT("STARTTLS\n"));
	conn_starttls(client->conn, 0);
}

Test(tls, answer_to_starttls_before_the_request_is_refused)
{
	struct peer peer = { .serve = serve_clear };
	struct client client = { .on_event = starttls_unasked };

	run(&client, &peer, (struct conn_settings){ 0 });
	cr_expect_eq(client.error.kind, ERR_TLS);
	cr_expect_not_null(strstr(client.error.text, "before it was asked"));
	client_end(&client);
}

static void
free_when_secured(struct client *client, enum client_event event)
{
	starttls_event(client, event);
	if (event == CLIENT_SECURED) {
		conn_free(client->conn);
		client->conn = NULL;
	}
}

Test(tls, may_be_freed_when_secured)
{
	struct certs certs;
	struct peer peer = { .serve = serve_starttls };
	struct client client = { .on_event = free_when_secured };

	certs_make(&certs, CERT_GOOD);
	peer.link.certs = &certs;
	cr_assert(peer_start(&peer));
	client_begin(&client);
	client_open(&client, &(struct conn_settings){ .host = "localhost",
	    .port = peer.port, .ca_file = certs.ca_file });
	client_await(&client, CLIENT_SECURED, 1);
	cr_expect_null(client.conn);
	client_end(&client);
	peer_stop(&peer);
	certs_free(&certs);
	expect_no_leaks();
}
