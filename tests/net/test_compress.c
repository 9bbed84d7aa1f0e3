/* SPDX-License-Identifier: MIT */
/* COMPRESS on a connection, the peer being the other end of the stream. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/cleanup.h"
#include "src/net/deflate.h"
#include "tests/net/client.h"
#include "tests/net/peer.h"

/* What the peer says behind its "OK", and how it ends. */
struct part {
	const char *text;	/* deflated; or NULL */
	struct span raw;	/* as it is, behind the text */
	size_t cut;		/* octets left away at the end */
	bool is_echo;		/* then sends back what comes */
};

static void
link_echo(struct link *link, struct deflate *d)
{
	char block[16 * 1024];
	size_t n;

	while ((n = link_read(link, block, sizeof block)) > 0) {
		CLEANUP(buf_fini) struct buf out = { 0 };
		struct span piece;

		deflate_came(d, (struct span){ block, n });
		while (deflate_take(d, &piece) == INFLATE_PIECE)
			deflate_put(d, piece, &out);
		if (!link_write(link, out.p, out.n))
			return;
	}
}

/* "OK" and the beginning of the stream leave together. */
static void
serve_part(struct link *link)
{
	const struct part *part = link->ctx;
	struct deflate *d = deflate_new();
	CLEANUP(buf_fini) struct buf out = { 0 };
	char line[16];

	if ((!link->certs || link_handshake(link)) &&
	    link_gets(link, line, sizeof line)) {
		buf_puts(&out, "OK\n");
		if (part->text)
			deflate_put(d, span_of(part->text), &out);
		buf_put(&out, part->raw);
		link_write(link, out.p, out.n - part->cut);
		if (part->is_echo)
			link_echo(link, d);
		else if (link->session)
			link_bye(link);
	}
	deflate_free(d);
}

/* Agrees at the "OK", giving back what is behind it. */
static void
compress_at_ok(struct client *client, enum client_event event)
{
	struct span in = buf_span(&client->in), line;
	size_t n = in.n;

	if (event != CLIENT_RECEIVED || client->ctx ||
	    !span_split(&in, '\n', &line))
		return;
	client->ctx = client;
	conn_compress(client->conn, in);
	buf_consume(&client->in, n);
}

static void
begin(struct client *client, struct peer *peer, struct conn_settings settings)
{
	client->on_event = compress_at_ok;
	cr_assert(peer_start(peer));
	settings.host = "127.0.0.1";
	settings.port = peer->port;
	client_begin(client);
	client_open(client, &settings);
	conn_write(client->conn, SPAN_LIT("COMPRESS\n"));
}

static struct error
run(struct part part)
{
	struct peer peer = { .serve = serve_part, .link = { .ctx = &part } };
	struct client client = { 0 };

	begin(&client, &peer, (struct conn_settings){ 0 });
	client_await(&client, CLIENT_CLOSED, 1);
	if (part.text && part.cut == 0)
		cr_expect_str_eq(buf_str(&client.in), part.text);
	client_end(&client);
	peer_stop(&peer);
	return client.error;
}

static void
run_echo(const struct certs *certs, struct conn_settings settings)
{
	struct part part = { .text = "hello", .is_echo = true };
	struct peer peer = { .serve = serve_part,
		.link = { .certs = certs, .ctx = &part } };
	struct client client = { 0 };

	begin(&client, &peer, settings);
	client_await_octets(&client, strlen("OK\nhello"));
	for (int i = 0; i < 3; i++)
		conn_write(client.conn, SPAN_LIT(" and again"));
	while (client.in.n < strlen("hello and again and again and again"))
		client_await(&client, CLIENT_RECEIVED,
		    client.count[CLIENT_RECEIVED] + 1);
	cr_expect_str_eq(buf_str(&client.in),
	    "hello and again and again and again");
	client_end(&client);
	peer_stop(&peer);
}

Test(compress, carries_bytes_both_ways_from_the_first_behind_the_answer)
{
	struct certs certs;

	run_echo(NULL, (struct conn_settings){ 0 });
	certs_make(&certs, CERT_GOOD);
	run_echo(&certs, (struct conn_settings){ .tls_at_once = true,
	    .ca_file = certs.ca_file });
	certs_free(&certs);
	expect_no_leaks();
}

Test(compress, ends_in_order_behind_a_flush)
{
	struct error e = run((struct part){ .text = "* BYE\r\n" });

	cr_expect_eq(e.kind, ERR_OK, "%s", e.text);
	e = run((struct part){ .text = NULL });
	cr_expect_eq(e.kind, ERR_OK, "%s", e.text);
	expect_no_leaks();
}

Test(compress, end_in_the_middle_is_one_clear_sentence)
{
	struct error e = run((struct part){ .text = "* BYE\r\n", .cut = 3 });

	cr_expect_eq(e.kind, ERR_PROTO);
	cr_expect_str_eq(e.text, "127.0.0.1 closed the connection in the "
	    "middle of compressed data");
	expect_no_leaks();
}

Test(compress, damage_is_one_clear_sentence_behind_what_came_whole)
{
	struct error e = run((struct part){ .text = "* OK\r\n",
	    .raw = SPAN("\xff\xff\xff") });

	cr_expect_eq(e.kind, ERR_PROTO);
	cr_expect_str_eq(e.text, "127.0.0.1 sent compressed data that is "
	    "damaged");
	/* Who goes on in clear is found out as well. */
	e = run((struct part){ .raw = SPAN("* 1 EXISTS\r\n") });
	cr_expect_eq(e.kind, ERR_PROTO);
	expect_no_leaks();
}

enum { MIB = 1 << 20, BOMB_MIB = 32 };

static void
serve_bomb(struct link *link)
{
	static const char zeros[MIB];
	struct deflate *d = deflate_new();
	CLEANUP(buf_fini) struct buf out = { 0 };
	char line[16];

	link_gets(link, line, sizeof line);
	buf_puts(&out, "OK\n");
	for (int i = 0; i < BOMB_MIB; i++)
		deflate_put(d, (struct span){ zeros, MIB }, &out);
	link_write(link, out.p, out.n);
	deflate_free(d);
}

static gboolean
go_on(gpointer ctx)
{
	struct client *client = ctx;

	conn_pause(client->conn, false);
	return G_SOURCE_REMOVE;
}

/* Every piece is small, and none comes to one who paused. */
static void
count_bomb(struct client *client, enum client_event event)
{
	GSource *later;

	if (event != CLIENT_RECEIVED)
		return;
	compress_at_ok(client, event);
	cr_expect_leq(client->in.n, DEFLATE_PIECE);
	buf_reset(&client->in);
	if (client->count[event] % 50 != 0)
		return;
	later = g_idle_source_new();
	conn_pause(client->conn, true);
	g_source_set_callback(later, go_on, client, NULL);
	g_source_attach(later, client->context);
	g_source_unref(later);
}

Test(compress, hands_a_bomb_over_in_pieces_also_behind_the_end)
{
	struct peer peer = { .serve = serve_bomb };
	struct client client = { 0 };

	begin(&client, &peer, (struct conn_settings){ 0 });
	client.on_event = count_bomb;
	client_await(&client, CLIENT_CLOSED, 1);
	cr_expect_eq(client.error.kind, ERR_OK, "%s", client.error.text);
	cr_expect_geq(client.octets, (uint64_t)BOMB_MIB * MIB);
	cr_expect_geq(client.count[CLIENT_RECEIVED], BOMB_MIB * MIB /
	    DEFLATE_PIECE);
	client_end(&client);
	peer_stop(&peer);
	expect_no_leaks();
}
