/* SPDX-License-Identifier: MIT */
/* Bytes between the owner and the transport; see conn_private.h. */
#include "src/net/conn_private.h"

/* Reads in one turn: then the other connections have theirs. */
enum { READS_PER_TURN = 4 };

/* One buffer full, handed over.  False when there is nothing more now. */
static bool
conn_read_once(struct conn *conn)
{
	struct error why = { 0 };
	enum tls_step step;
	size_t got;

	if (conn->tls)
		step = tls_read(conn->tls, conn->in, sizeof conn->in, &got,
		    &why);
	else
		step = clear_read(conn->fd, &conn->host, conn->in,
		    sizeof conn->in, &got, &why);
	if (step == TLS_WAIT)
		conn->read_blocked = conn->tls && tls_wants_write(conn->tls);
	if (got > 0) {
		conn->events.received(conn->ctx,
		    (struct span){ conn->in, got });
		if (!conn_lives(conn))
			return false;
	}
	if (step == TLS_FAILED || step == TLS_END)
		conn_fail(conn, &why);
	return step == TLS_DONE;
}

void
conn_read(struct conn *conn)
{
	const enum conn_state state = conn->state;

	conn->unread = false;
	conn->read_blocked = false;
	for (int i = 0; i < READS_PER_TURN; i++) {
		if (!conn_read_once(conn))
			return;
		/* The owner may have paused us or started TLS. */
		if (conn->is_paused || conn->state != state)
			break;
	}
	conn->unread = true;
}

void
conn_write_out(struct conn *conn)
{
	struct span out = span_skip(buf_span(&conn->out), conn->out_at);
	struct error why = { 0 };
	enum tls_step step = TLS_DONE;
	size_t sent = 0;

	if (out.n > 0 && conn->tls)
		step = tls_write(conn->tls, out, &sent, &why);
	else if (out.n > 0)
		step = clear_write(conn->fd, &conn->host, out, &sent, &why);
	if (step == TLS_FAILED)
		conn_fail(conn, &why);
	conn->out_at += sent;
	/* Moving the rest only when it is the smaller half. */
	if (conn->out_at >= conn->out.n - conn->out_at) {
		buf_consume(&conn->out, conn->out_at);
		conn->out_at = 0;
	}
	if (conn->was_full && conn_lives(conn) &&
	    conn_queued(conn) < CONN_LOW) {
		conn->was_full = false;
		if (conn->events.writable)
			conn->events.writable(conn->ctx);
	}
}

void
conn_write(struct conn *conn, struct span out)
{
	if (conn->state == CONN_CLOSED || conn->is_failed)
		return;
	buf_put(&conn->out, out);
	if (conn_queued(conn) >= CONN_LOW)
		conn->was_full = true;
	/* In a turn, it goes at the end or when the socket takes it. */
	if (!conn->in_turn)
		conn_wake(conn);
}

size_t
conn_queued(const struct conn *conn)
{
	return conn->out.n - conn->out_at;
}

void
conn_pause(struct conn *conn, bool paused)
{
	if (conn->is_paused == paused)
		return;
	conn->is_paused = paused;
	if (!conn->in_turn)
		conn_wake(conn);
}
