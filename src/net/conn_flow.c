/* SPDX-License-Identifier: MIT */
/* Bytes between the owner and the transport; see conn_private.h. */
#include "src/net/conn_private.h"

#include "base/bug.h"

/* Reads in one turn: then the other connections have theirs. */
enum { READS_PER_TURN = 4 };

/* One buffer full of what the transport has, into conn->in. */
static enum tls_step
conn_fetch(struct conn *conn, size_t *got, struct error *why)
{
	enum tls_step step;

	if (!conn->tls)
		return clear_read(conn->fd, &conn->host, conn->in,
		    sizeof conn->in, got, why);
	step = tls_read(conn->tls, conn->in, sizeof conn->in, got, why);
	if (step == TLS_WAIT)
		conn->read_blocked = tls_wants_write(conn->tls);
	return step;
}

static void
conn_end(struct conn *conn, enum tls_step step, struct error *why)
{
	if (step == TLS_END && conn->deflate &&
	    !deflate_is_whole(conn->deflate))
		error_set(why, ERR_PROTO, "%.100s closed the connection in "
		    "the middle of compressed data", conn->host.name);
	conn_fail(conn, why);
}

/* One piece of what is deflated, handed over.  True: call again. */
static bool
conn_inflate_once(struct conn *conn)
{
	struct error why;
	struct span piece;

	switch (deflate_take(conn->deflate, &piece)) {
	case INFLATE_PIECE:
		conn->events.received(conn->ctx, piece);
		return conn_lives(conn);
	case INFLATE_MORE:
		break;
	case INFLATE_DAMAGED:
		error_set(&why, ERR_PROTO, "%.100s sent compressed data that "
		    "is damaged", conn->host.name);
		conn_fail(conn, &why);
		return false;
	}
	if (conn->last != TLS_DONE)
		conn_end(conn, conn->last, &conn->last_why);
	return conn->last == TLS_DONE;
}

/* One buffer full, handed over.  False when there is nothing more now. */
static bool
conn_read_once(struct conn *conn)
{
	struct error why = { 0 };
	enum tls_step step;
	size_t got;

	if (conn->last != TLS_DONE ||
	    (conn->deflate && deflate_holds(conn->deflate)))
		return conn_inflate_once(conn);
	step = conn_fetch(conn, &got, &why);
	if (got > 0 && conn->deflate) {
		deflate_came(conn->deflate, (struct span){ conn->in, got });
	} else if (got > 0) {
		conn->events.received(conn->ctx,
		    (struct span){ conn->in, got });
		if (!conn_lives(conn))
			return false;
	}
	if (conn->deflate && deflate_holds(conn->deflate)) {
		if (step == TLS_END || step == TLS_FAILED) {
			conn->last = step;
			conn->last_why = why;
		}
		return true;
	}
	if (step == TLS_FAILED || step == TLS_END)
		conn_end(conn, step, &why);
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
	if (conn->deflate)
		deflate_put(conn->deflate, out, &conn->out);
	else
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

void
conn_compress(struct conn *conn, struct span behind)
{
	if (conn->state == CONN_CLOSED || conn->is_failed)
		return;
	bug_on(conn->deflate);
	bug_on(conn->state != CONN_CLEAR && conn->state != CONN_SECURE);
	conn->deflate = deflate_new();
	deflate_came(conn->deflate, behind);
	conn->unread = true;
	conn_wake(conn);
}
