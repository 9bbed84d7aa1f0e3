/* SPDX-License-Identifier: MIT */
/*
 * A connection and its engine; see link.h.
 *
 * The password is asked for once there is a connection: a command that
 * unlocks a key ring must not pop up on a train.  Until it is here the
 * connection is paused, so the greeting waits in the socket.
 */
#include "src/core/link.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "src/core/password.h"
#include "src/core/quirks.h"
#include "src/core/timer.h"
#include "src/net/conn.h"

struct link {
	const struct config_account *account;	/* borrowed */
	const struct config_server *server;	/* of the account */
	bool for_send;
	const struct dialect *ops;
	const struct link_events *events;
	void *ctx;
	struct conn *conn;		/* owned */
	struct password_job *job;	/* owned; NULL when not running */
	void *engine;			/* owned */
	struct buf held;		/* came before there was an engine */
	struct timer silence, proof, pump;
	unsigned patience_s;
	int64_t heard_ms;
	unsigned depth;			/* of callbacks that are running */
	bool is_over;			/* no callback any more */
	bool is_freed;			/* by the owner, inside a callback */
};

static void
link_release(struct link *l)
{
	timer_clear(&l->silence);
	timer_clear(&l->proof);
	timer_clear(&l->pump);
	if (l->job)
		password_cancel(l->job);
	conn_free(l->conn);
	if (l->engine)
		l->ops->free(l->engine);
	buf_fini(&l->held);
	free(l);
}

void
link_free(struct link *l)
{
	if (!l)
		return;
	l->is_over = true;
	if (l->depth)
		l->is_freed = true;
	else
		link_release(l);
}

static void
link_enter(struct link *l)
{
	l->depth++;
}

static void
link_leave(struct link *l)
{
	if (--l->depth == 0 && l->is_freed)
		link_release(l);
}

/* Ends the link and tells the owner; only from a callback of our own. */
static void
link_end(struct link *l, const struct error *error)
{
	if (l->is_over)
		return;
	l->is_over = true;
	timer_clear(&l->silence);
	timer_clear(&l->proof);
	timer_clear(&l->pump);
	log_info("link", "%s: %s", l->server->host, error->text);
	link_enter(l);
	l->events->closed(l->ctx, error);
	link_leave(l);
}

void *
link_engine(const struct link *l)
{
	return l->engine;
}

size_t
link_queued(const struct link *l)
{
	return l->conn ? conn_queued(l->conn) : 0;
}

static void link_feed(struct link *l, struct span in);

/* Events that a command made without any byte of the peer's. */
static void
link_pump(void *ctx)
{
	link_feed(ctx, (struct span){ 0 });
}

/* Hands the output over; true when there was any. */
static bool
link_send(struct link *l)
{
	bool has_sent = false;
	struct span out;

	if (l->is_over || !l->engine)
		return false;
	while ((out = l->ops->output(l->engine)).n > 0) {
		conn_write(l->conn, out);
		l->ops->sent(l->engine, out.n);
		has_sent = true;
	}
	return has_sent;
}

void
link_flush(struct link *l)
{
	link_send(l);
	if (l->depth == 0 && !l->is_over && l->engine)
		timer_set(&l->pump, 0, link_pump, l);
}

static void
link_silence(void *ctx)
{
	struct link *l = ctx;
	int64_t left = (int64_t)l->patience_s * 1000 -
	    (timer_now_ms() - l->heard_ms);
	struct error error;

	if (left > 0) {
		timer_set(&l->silence, (unsigned)left, link_silence, l);
		return;
	}
	error_set(&error, ERR_TIMEOUT, "%s said nothing for %u seconds",
	    l->server->host, l->patience_s);
	link_end(l, &error);
}

void
link_patience(struct link *l, unsigned seconds)
{
	if (l->is_over)
		return;
	l->patience_s = seconds;
	l->heard_ms = timer_now_ms();
	if (seconds)
		timer_set(&l->silence, seconds * 1000, link_silence, l);
	else
		timer_clear(&l->silence);
}

static void
link_unproven(void *ctx)
{
	struct link *l = ctx;
	struct error error;

	error_set(&error, ERR_TIMEOUT, "%s cannot be reached any more since "
	    "the network changed", l->server->host);
	link_end(l, &error);
}

void
link_prove(struct link *l, unsigned seconds)
{
	if (!l->is_over)
		timer_set(&l->proof, seconds * 1000, link_unproven, l);
}

/*
 * What the engine found wrong, as a sentence about this account.  What to do
 * about it comes first: the end may be cut by the width of a screen.
 */
static void
link_broken(struct link *l)
{
	const struct error *why = l->ops->error(l->engine);
	struct error error;
	const char *advice = why->kind != ERR_AUTH ? "" : l->for_send ?
	    "check the password for sending in surat.conf: " :
	    "check the password in surat.conf (mail here stays readable): ";

	if (strstr(why->text, l->server->host))
		error_set(&error, why->kind, "%s%.170s", advice, why->text);
	else
		error_set(&error, why->kind, "%s%.60s: %.110s", advice,
		    l->server->host, why->text);
	link_end(l, &error);
}

/* True while there may be more to feed. */
static bool
link_feed_one(struct link *l, struct span *in)
{
	union dialect_event event;

	switch (l->ops->step(l->engine, in, &event)) {
	case STEP_MORE:
		return false;
	case STEP_ERROR:
		link_broken(l);
		return false;
	case STEP_EVENT:
		break;
	}
	if (l->ops->wants_tls(&event)) {
		link_flush(l);
		/* What is left in *in was not protected: conn refuses it. */
		conn_starttls(l->conn, in->n);
		return false;
	}
	if (l->ops->wants_deflate && l->ops->wants_deflate(&event)) {
		log_info("link", "%s: compressed from here on",
		    l->server->host);
		/* What is left in *in comes again, inflated. */
		conn_compress(l->conn, span_take(in, in->n));
		l->ops->compressed(l->engine);
		return true;
	}
	l->events->event(l->ctx, &event);
	return !l->is_over;
}

static void
link_feed(struct link *l, struct span in)
{
	if (l->is_over)
		return;
	link_enter(l);
	/* That output has gone may be what the engine waits for. */
	do {
		while (link_feed_one(l, &in))
			;
	} while (link_send(l));
	if (!l->is_over) {
		l->events->quiet(l->ctx);
		link_send(l);
	}
	link_leave(l);
}

static enum channel
link_channel(const struct link *l)
{
	switch (l->server->security) {
	case SECURITY_TLS:
		return CHANNEL_TLS;
	case SECURITY_STARTTLS:
		return CHANNEL_STARTTLS;
	case SECURITY_INSECURE:
		return CHANNEL_INSECURE;
	}
	return CHANNEL_STARTTLS;
}

static void
link_start(struct link *l, const char *password)
{
	CLEANUP(cleanup_free) struct span *mask =
	    xcalloc(l->account->nmask + QUIRKS_MASK_MAX, sizeof *mask);
	struct session_settings settings = {
		.channel = link_channel(l),
		.credentials = { span_of(l->server->user), span_of(password) },
		.host = span_of(l->server->host),
		.mask = mask,
		.nmask = l->account->nmask,
	};

	for (size_t i = 0; i < l->account->nmask; i++)
		mask[i] = span_of(l->account->mask[i]);
	settings.nmask += quirks_mask(settings.host, mask + settings.nmask);
	l->engine = l->ops->make(&settings);
	link_patience(l, LINK_GREETING_S);
	link_enter(l);
	link_feed(l, buf_span(&l->held));
	buf_fini(&l->held);
	if (!l->is_over)
		conn_pause(l->conn, false);
	link_leave(l);
}

static void
link_password(void *ctx, enum err err, const char *password,
    const struct error *e)
{
	struct link *l = ctx;

	l->job = NULL;
	if (err != ERR_OK)
		link_end(l, e);
	else
		link_start(l, password);
}

/* A server for sending may want no password at all. */
static bool
link_is_anonymous(const struct link *l)
{
	const struct config_account *a = l->account;

	return l->for_send && !a->send_password && !a->send_password_command &&
	    !a->password && !a->password_command;
}

static void
link_connected(void *ctx)
{
	struct link *l = ctx;

	if (link_is_anonymous(l)) {
		link_start(l, "");
		return;
	}
	conn_pause(l->conn, true);
	l->job = password_get(l->account, l->for_send, link_password, l);
}

static void
link_secured(void *ctx)
{
	struct link *l = ctx;

	l->heard_ms = timer_now_ms();
	l->ops->secured(l->engine);
	link_feed(l, (struct span){ 0 });
}

static void
link_received(void *ctx, struct span in)
{
	struct link *l = ctx;

	if (l->is_over)
		return;
	l->heard_ms = timer_now_ms();
	timer_clear(&l->proof);
	if (!l->engine) {
		buf_put(&l->held, in);
		return;
	}
	if (l->patience_s == LINK_GREETING_S)
		link_patience(l, LINK_COMMAND_S);
	link_feed(l, in);
}

static void
link_writable(void *ctx)
{
	struct link *l = ctx;

	if (l->is_over || !l->events->writable)
		return;
	l->heard_ms = timer_now_ms();
	link_enter(l);
	l->events->writable(l->ctx);
	/* What was given may have completed something in the engine. */
	link_feed(l, (struct span){ 0 });
	link_leave(l);
}

static void
link_closed(void *ctx, const struct error *why)
{
	struct link *l = ctx;
	struct error error = *why;

	if (why->kind == ERR_OK)
		error_set(&error, ERR_OK, "%s closed the connection",
		    l->server->host);
	link_end(l, &error);
}

struct link *
link_open(const struct link_settings *link_settings,
    const struct dialect *ops, const struct link_events *events, void *ctx)
{
	static const struct conn_events on_conn = {
		.connected = link_connected,
		.secured = link_secured,
		.received = link_received,
		.writable = link_writable,
		.closed = link_closed,
	};
	const struct config_account *account = link_settings->account;
	struct link *l = xcalloc(1, sizeof *l);
	struct conn_settings settings;

	l->account = account;
	l->for_send = link_settings->for_send;
	l->server = l->for_send ? &account->send : &account->receive;
	l->ops = ops;
	l->events = events;
	l->ctx = ctx;
	settings = (struct conn_settings){
		.host = l->server->host,
		.port = l->server->port,
		.tls_at_once = l->server->security == SECURITY_TLS,
		.alpn = ops->alpn,
		.ca_file = account->tls_ca,
		.fingerprint = account->tls_fingerprint,
		.resume = link_settings->resume,
	};
	l->conn = conn_open(&settings, &on_conn, l);
	return l;
}
