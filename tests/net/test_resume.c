/* SPDX-License-Identifier: MIT */
/* TLS taken up again, against a server that gives tickets. */
#include <criterion/criterion.h>
#include <string.h>

#include "src/net/resume.h"
#include "tests/net/client.h"
#include "tests/net/peer.h"

static void
serve_line(struct link *link)
{
	if (!link_handshake(link))
		return;
	link_puts(link, "* OK ready\r\n");
	link_bye(link);
	link_wait_closed(link);
}

static void
note_resumed(struct client *client, enum client_event event)
{
	if (event == CLIENT_CONNECTED)
		*(bool *)client->ctx = conn_is_resumed(client->conn);
}

/* One connection; whether it was resumed, and how it ended. */
static bool
visit(const struct peer *peer, struct conn_settings settings,
    struct error *error)
{
	bool is_resumed = false;
	struct client client = { .on_event = note_resumed,
		.ctx = &is_resumed };

	settings.host = "localhost";
	settings.port = peer->port;
	settings.tls_at_once = true;
	client_begin(&client);
	client_open(&client, &settings);
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_str_eq(buf_str(&client.in),
	    client.error.kind == ERR_OK ? "* OK ready\r\n" : "");
	cr_expect_eq(client.count[CLIENT_CONNECTED],
	    client.error.kind == ERR_OK);
	*error = client.error;
	client_end(&client);
	return is_resumed;
}

struct house {
	struct certs certs;
	gnutls_datum_t key;
	struct peer peer;
};

static void
house_open(struct house *house, const char *priorities)
{
	certs_make(&house->certs, CERT_GOOD);
	gnutls_session_ticket_key_generate(&house->key);
	house->peer = (struct peer){ .serve = serve_line, .link = {
		.certs = &house->certs, .priorities = priorities,
		.ticket_key = &house->key } };
	cr_assert(peer_start(&house->peer));
}

static void
house_close(struct house *house)
{
	peer_stop(&house->peer);
	gnutls_free(house->key.data);
	certs_free(&house->certs);
}

Test(resume, a_second_connection_takes_up_the_first)
{
	static const char *const versions[] = { "NORMAL",
		"NORMAL:-VERS-ALL:+VERS-TLS1.2" };

	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		struct resume *resume = resume_new();
		struct house house;
		struct error e;
		struct conn_settings settings = { .resume = resume };

		house_open(&house, versions[i]);
		settings.ca_file = house.certs.ca_file;
		for (int visits = 0; visits < 3; visits++) {
			cr_expect_eq(visit(&house.peer, settings, &e),
			    visits > 0, "%s, %d", versions[i], visits);
			cr_expect_eq(e.kind, ERR_OK, "%s", e.text);
		}
		house_close(&house);
		resume_free(resume);
	}
	expect_no_leaks();
}

Test(resume, nobody_resumes_who_was_not_told_to)
{
	struct resume *resume = resume_new(), *other = resume_new();
	struct house house;
	struct error e;
	struct conn_settings settings = { 0 };

	house_open(&house, NULL);
	settings.ca_file = house.certs.ca_file;
	cr_expect(!visit(&house.peer, settings, &e));
	cr_expect(!visit(&house.peer, settings, &e));
	settings.resume = resume;
	cr_expect(!visit(&house.peer, settings, &e));
	/* Another account does not show the ticket of the first. */
	settings.resume = other;
	cr_expect(!visit(&house.peer, settings, &e));
	cr_expect_eq(e.kind, ERR_OK, "%s", e.text);
	house_close(&house);
	resume_free(resume);
	resume_free(other);
	expect_no_leaks();
}

Test(resume, a_ticket_does_not_stand_for_the_pin)
{
	struct resume *resume = resume_new();
	struct certs other;
	struct house house;
	struct error e;
	struct conn_settings settings = { .resume = resume };

	house_open(&house, NULL);
	certs_make(&other, CERT_GOOD);
	settings.fingerprint = house.certs.fingerprint;
	visit(&house.peer, settings, &e);
	cr_expect(visit(&house.peer, settings, &e));
	settings.fingerprint = other.fingerprint;
	visit(&house.peer, settings, &e);
	cr_expect_eq(e.kind, ERR_TLS);
	cr_expect_not_null(strstr(e.text, "pinned"), "%s", e.text);
	house_close(&house);
	certs_free(&other);
	resume_free(resume);
	expect_no_leaks();
}

Test(resume, a_ticket_does_not_stand_for_the_root)
{
	struct resume *resume = resume_new();
	struct certs other;
	struct house house;
	struct error e;
	struct conn_settings settings = { .resume = resume };

	house_open(&house, NULL);
	certs_make(&other, CERT_GOOD);
	settings.ca_file = house.certs.ca_file;
	visit(&house.peer, settings, &e);
	cr_expect(visit(&house.peer, settings, &e));
	settings.ca_file = other.ca_file;
	visit(&house.peer, settings, &e);
	cr_expect_eq(e.kind, ERR_TLS);
	cr_expect_not_null(strstr(e.text, "unknown issuer"), "%s", e.text);
	house_close(&house);
	certs_free(&other);
	resume_free(resume);
	expect_no_leaks();
}

Test(resume, a_ticket_that_the_server_forgot_costs_a_handshake)
{
	struct resume *resume = resume_new();
	struct house house;
	struct error e;
	struct conn_settings settings = { .resume = resume };

	house_open(&house, NULL);
	settings.ca_file = house.certs.ca_file;
	visit(&house.peer, settings, &e);
	gnutls_free(house.key.data);
	gnutls_session_ticket_key_generate(&house.key);
	cr_expect(!visit(&house.peer, settings, &e));
	cr_expect_eq(e.kind, ERR_OK, "%s", e.text);
	cr_expect(visit(&house.peer, settings, &e));
	house_close(&house);
	resume_free(resume);
	expect_no_leaks();
}
