/* SPDX-License-Identifier: MIT */
/* The life of a connection, and its turns; see conn_private.h. */
#include "src/net/conn_private.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/xalloc.h"

enum { DEFAULT_TIMEOUT_MS = 10 * 1000 };

struct conn_source {
	GSource base;
	struct conn *conn;		/* borrowed: outlives the source */
};

void
conn_wake(struct conn *conn)
{
	conn->is_woken = true;
	if (!conn->in_turn)
		g_source_set_ready_time(conn->source, 0);
}

void
conn_fail(struct conn *conn, const struct error *why)
{
	if (conn->is_failed)
		return;
	conn->is_failed = true;
	conn->why = *why;
	conn_wake(conn);
}

bool
conn_lives(const struct conn *conn)
{
	return !conn->is_freed && !conn->is_failed;
}

static void
conn_unwatch(struct conn *conn)
{
	if (conn->tag)
		g_source_remove_unix_fd(conn->source, conn->tag);
	conn->tag = NULL;
	conn->watched = 0;
}

/* Gives back everything that reaches outside of this process. */
static void
conn_disconnect(struct conn *conn)
{
	conn->state = CONN_CLOSED;
	conn_unwatch(conn);
	dial_free(conn->dial);
	conn->dial = NULL;
	trust_cancel(conn->trust_job);
	conn->trust_job = NULL;
	tls_free(conn->tls);
	conn->tls = NULL;
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}

static void
conn_release(struct conn *conn)
{
	conn_disconnect(conn);
	g_source_destroy(conn->source);
	g_source_unref(conn->source);
	trust_free(conn->trust);
	deflate_free(conn->deflate);
	buf_fini(&conn->out);
	free(conn->alpn);
	free(conn);
}

static void
begin_handshake(struct conn *conn)
{
	conn->state = CONN_HANDSHAKE;
	conn->deadline = g_get_monotonic_time() +
	    (int64_t)conn->timeout_ms * 1000;
}

/* False while the roots are still being read, or when that failed. */
static bool
have_session(struct conn *conn)
{
	struct tls_settings settings = {
		.host = &conn->host,
		.port = conn->port,
		.alpn = conn->alpn,
		.pin = conn->has_pin ? &conn->pin : NULL,
		.trust = conn->trust,
		.resume = conn->resume,
	};
	struct error why;

	if (conn->tls)
		return true;
	if (conn->trust_job)
		return false;
	if (!conn->trust)
		conn_fail(conn, &conn->distrust);
	else if (tls_new(&settings, conn->fd, &conn->tls, &why) != ERR_OK)
		conn_fail(conn, &why);
	return conn->tls != NULL;
}

static void
turn_handshake(struct conn *conn)
{
	struct error why = { 0 };

	if (g_get_monotonic_time() >= conn->deadline) {
		error_set(&why, ERR_TIMEOUT, "%.100s did not finish the TLS "
		    "handshake within %d s", conn->host.name,
		    (conn->timeout_ms + 999) / 1000);
		conn_fail(conn, &why);
		return;
	}
	if (!have_session(conn))
		return;
	switch (tls_handshake(conn->tls, &why)) {
	case TLS_WAIT:
		return;
	case TLS_END:
	case TLS_FAILED:
		conn_fail(conn, &why);
		return;
	case TLS_DONE:
		break;
	}
	conn->state = CONN_SECURE;
	conn->deadline = 0;
	/* What came behind the handshake is inside the session already. */
	conn->unread = true;
	if (conn->tls_at_once)
		conn->events.connected(conn->ctx);
	else
		conn->events.secured(conn->ctx);
}

static void
turn_connected(struct conn *conn)
{
	if (conn->fd < 0)
		return;
	dial_free(conn->dial);
	conn->dial = NULL;
	if (conn->tls_at_once) {
		begin_handshake(conn);
		turn_handshake(conn);
		return;
	}
	conn->state = CONN_CLEAR;
	conn->events.connected(conn->ctx);
}

static void
turn_transfer(struct conn *conn)
{
	GIOCondition ready = conn->tag ?
	    g_source_query_unix_fd(conn->source, conn->tag) : 0;
	bool can_read = conn->unread || (ready & ~(unsigned)G_IO_OUT) ||
	    (conn->read_blocked && ready);

	/* Reading first: a peer that gives up says why before it hangs up. */
	if (can_read && !conn->is_paused)
		conn_read(conn);
	if (conn_lives(conn) &&
	    (conn->state == CONN_CLEAR || conn->state == CONN_SECURE))
		conn_write_out(conn);
}

static void
conn_step(struct conn *conn)
{
	if (conn->is_failed)
		return;
	switch (conn->state) {
	case CONN_DIALING:
		turn_connected(conn);
		break;
	case CONN_HANDSHAKE:
		turn_handshake(conn);
		break;
	case CONN_CLEAR:
	case CONN_SECURE:
		turn_transfer(conn);
		break;
	case CONN_CLOSED:
		break;
	}
}

/* What the socket has to be ready for before there is something to do. */
static GIOCondition
conn_interest(const struct conn *conn)
{
	GIOCondition want = 0;

	switch (conn->state) {
	case CONN_DIALING:
	case CONN_CLOSED:
		return 0;
	case CONN_HANDSHAKE:
		if (!conn->tls)
			return 0;
		return tls_wants_write(conn->tls) ? G_IO_OUT : G_IO_IN;
	case CONN_CLEAR:
	case CONN_SECURE:
		break;
	}
	if (!conn->is_paused)
		want |= G_IO_IN;
	if (conn_queued(conn) > 0 || (conn->read_blocked && !conn->is_paused))
		want |= G_IO_OUT;
	return want;
}

/*
 * A watch for nothing would still report HUP and ERR, again and again: a
 * paused connection has none.
 */
static void
conn_watch(struct conn *conn)
{
	GIOCondition want = conn_interest(conn);

	if (want == conn->watched)
		return;
	if (want == 0) {
		conn_unwatch(conn);
		return;
	}
	if (conn->tag)
		g_source_modify_unix_fd(conn->source, conn->tag, want);
	else
		conn->tag = g_source_add_unix_fd(conn->source, conn->fd, want);
	conn->watched = want;
}

/* When the turn comes even if the socket has nothing to say. */
static int64_t
conn_ready_time(const struct conn *conn)
{
	bool can_transfer = conn->state == CONN_CLEAR ||
	    conn->state == CONN_SECURE;

	if (conn->is_woken)
		return 0;
	if (can_transfer && conn->unread && !conn->is_paused)
		return 0;
	if (conn->state == CONN_HANDSHAKE)
		return conn->deadline;
	return -1;
}

static gboolean
conn_turn(GSource *source, GSourceFunc callback, gpointer data)
{
	struct conn *conn = ((struct conn_source *)source)->conn;

	(void)callback;
	(void)data;
	conn->is_woken = false;
	conn->in_turn = true;
	conn_step(conn);
	if (conn->is_failed && !conn->is_freed &&
	    conn->state != CONN_CLOSED) {
		conn_disconnect(conn);
		conn->events.closed(conn->ctx, &conn->why);
	}
	conn->in_turn = false;
	if (conn->is_freed) {
		conn_release(conn);
		return G_SOURCE_REMOVE;
	}
	conn_watch(conn);
	g_source_set_ready_time(source, conn_ready_time(conn));
	return G_SOURCE_CONTINUE;
}

static void
dialed(void *ctx, int fd, const struct error *error)
{
	struct conn *conn = ctx;

	conn->fd = fd;
	if (fd < 0)
		conn_fail(conn, error);
	conn_wake(conn);
}

static void
trust_loaded(void *ctx, struct trust *trust, const struct error *error)
{
	struct conn *conn = ctx;

	conn->trust_job = NULL;
	conn->trust = trust;
	conn->distrust = *error;
	conn_wake(conn);
}

static enum err
conn_set_up(struct conn *conn, const struct conn_settings *settings,
    struct error *e)
{
	enum err err = host_parse(settings->host, &conn->host, e);

	if (err != ERR_OK)
		return err;
	if (!settings->fingerprint)
		return ERR_OK;
	conn->has_pin = true;
	if (fingerprint_parse(settings->fingerprint, &conn->pin))
		return ERR_OK;
	return error_set(e, ERR_CONFIG, "tls-fingerprint: \"%.100s\" is not "
	    "sha256: and 64 hexadecimal digits", settings->fingerprint);
}

/* GLib takes no const here, but does not write to it. */
static GSourceFuncs conn_funcs = { .dispatch = conn_turn };

struct conn *
conn_open(const struct conn_settings *settings,
    const struct conn_events *events, void *ctx)
{
	struct conn *conn = xcalloc(1, sizeof *conn);
	enum trust_kind kind = settings->fingerprint ? TRUST_NOBODY :
	    settings->ca_file ? TRUST_FILE : TRUST_SYSTEM;
	struct error why;

	conn->events = *events;
	conn->ctx = ctx;
	conn->fd = -1;
	conn->port = settings->port;
	conn->resume = settings->resume;
	conn->tls_at_once = settings->tls_at_once;
	conn->alpn = settings->alpn ? xstrdup(settings->alpn) : NULL;
	conn->timeout_ms = settings->connect_ms > 0 ? settings->connect_ms :
	    DEFAULT_TIMEOUT_MS;
	conn->source = g_source_new(&conn_funcs, sizeof(struct conn_source));
	((struct conn_source *)conn->source)->conn = conn;
	g_source_attach(conn->source, g_main_context_get_thread_default());
	if (conn_set_up(conn, settings, &why) != ERR_OK) {
		conn_fail(conn, &why);
		return conn;
	}
	conn->trust_job = trust_load(kind, settings->ca_file, trust_loaded,
	    conn);
	conn->dial = dial_new(&conn->host, conn->port, conn->timeout_ms,
	    dialed, conn);
	return conn;
}

void
conn_free(struct conn *conn)
{
	if (!conn)
		return;
	conn->is_freed = true;
	if (!conn->in_turn)
		conn_release(conn);
}

void
conn_starttls(struct conn *conn, size_t leftover)
{
	struct error why;

	if (conn->state == CONN_CLOSED || conn->is_failed)
		return;
	bug_on(conn->state != CONN_CLEAR || conn->deflate);
	if (leftover > 0) {
		error_set(&why, ERR_TLS, "%.100s sent more behind its answer "
		    "to STARTTLS, in clear: somebody may be tampering",
		    conn->host.name);
		conn_fail(conn, &why);
		return;
	}
	if (conn_queued(conn) > 0) {
		error_set(&why, ERR_TLS, "%.100s agreed to STARTTLS before it "
		    "was asked", conn->host.name);
		conn_fail(conn, &why);
		return;
	}
	begin_handshake(conn);
	conn_wake(conn);
}

bool
conn_is_secure(const struct conn *conn)
{
	return conn->state == CONN_SECURE;
}

bool
conn_is_resumed(const struct conn *conn)
{
	return conn_is_secure(conn) && tls_is_resumed(conn->tls);
}

const char *
conn_protocol(const struct conn *conn)
{
	return conn_is_secure(conn) ? tls_version(conn->tls) : "";
}
