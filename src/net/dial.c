/* SPDX-License-Identifier: MIT */
/*
 * The race of RFC 8305: a new attempt every 250 ms or as soon as one fails,
 * the families taking turns; the first socket to connect wins and the others
 * are closed.  When the IPv4 addresses are known first, IPv6 gets 50 ms more
 * to be known (its section 3).
 *
 * One GSource watches every attempt; its ready time is the next attempt or
 * the deadline, which covers the look-up as well.
 */
#include "src/net/dial.h"

#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "src/net/lookup.h"

enum {
	STAGGER_US = 250 * 1000,
	SECOND_FAMILY_US = 50 * 1000,
	IPV6 = 0, IPV4 = 1, FAMILIES = 2,
};

struct family {
	struct dial *dial;	/* borrowed: the one that holds this */
	struct lookup *lookup;	/* while it is being looked up */
	struct answer answer;
	size_t next;		/* of answer.found, to be tried */
};

struct attempt {
	int fd;			/* owned; -1 when it has failed */
	gpointer tag;		/* of the watch on fd */
};

struct dial {
	GSource *source;	/* owned */
	struct host host;
	uint16_t port;
	struct family family[FAMILIES];
	int turn;		/* the family whose address is next */
	struct attempt attempts[FAMILIES * LOOKUP_MAX];
	size_t nattempts, nfailed;
	struct error why;	/* the most telling failure so far */
	int64_t deadline, next_at;	/* g_get_monotonic_time */
	int timeout_ms;
	dial_done *done;
	void *ctx;		/* borrowed */
};

struct dial_source {
	GSource base;
	struct dial *dial;	/* borrowed: outlives the source */
};

/*
 * Keep-alives notice within three and a half minutes that a silent
 * connection (IDLE) is dead; TCP_USER_TIMEOUT does it within 90 s while
 * something is being sent, and on Linux cuts the keep-alives short: there
 * the first one that nobody answered for 30 s is the last (tcp(7)).
 */
static const struct {
	int level, name, value;
} socket_options[] = {
	{ IPPROTO_TCP, TCP_NODELAY, 1 },
	{ SOL_SOCKET, SO_KEEPALIVE, 1 },
#ifdef TCP_KEEPIDLE
	{ IPPROTO_TCP, TCP_KEEPIDLE, 120 },
#elif defined TCP_KEEPALIVE	/* the same on macOS */
	{ IPPROTO_TCP, TCP_KEEPALIVE, 120 },
#endif
#ifdef TCP_KEEPINTVL
	{ IPPROTO_TCP, TCP_KEEPINTVL, 30 },
	{ IPPROTO_TCP, TCP_KEEPCNT, 3 },
#endif
#ifdef TCP_USER_TIMEOUT
	{ IPPROTO_TCP, TCP_USER_TIMEOUT, 90 * 1000 },
#endif
};

/* A family has been looked up: decide when the race begins. */
static void
dial_answered(struct dial *dial)
{
	if (dial->nattempts == 0) {
		dial->next_at = g_get_monotonic_time();
		if (dial->family[IPV6].lookup)
			dial->next_at += SECOND_FAMILY_US;
	}
	g_source_set_ready_time(dial->source, 0);
}

static void
family_answered(void *ctx, const struct answer *answer)
{
	struct family *family = ctx;

	family->lookup = NULL;
	family->answer = *answer;
	dial_answered(family->dial);
}

static void
dial_look_up(struct dial *dial)
{
	static const int families[] = {
		[IPV6] = AF_INET6, [IPV4] = AF_INET,
	};

	for (int i = 0; i < FAMILIES; i++) {
		struct family *family = &dial->family[i];

		family->dial = dial;
		if (dial->host.is_literal)
			lookup_literal(&dial->host, dial->port, families[i],
			    &family->answer);
		else
			family->lookup = lookup_start(&dial->host, dial->port,
			    families[i], family_answered, family);
	}
	if (dial->host.is_literal)
		dial_answered(dial);
}

/* NULL when every known address has been tried. */
static const struct address *
dial_next_address(struct dial *dial)
{
	for (int i = 0; i < FAMILIES; i++) {
		struct family *family = &dial->family[dial->turn];

		dial->turn = (dial->turn + 1) % FAMILIES;
		if (family->next < family->answer.n)
			return &family->answer.found[family->next++];
	}
	return NULL;
}

static bool
dial_has_address(const struct dial *dial)
{
	for (int i = 0; i < FAMILIES; i++)
		if (dial->family[i].next < dial->family[i].answer.n)
			return true;
	return false;
}

static bool
is_routing(int sys)
{
	return sys == ENETUNREACH || sys == EHOSTUNREACH ||
	    sys == EADDRNOTAVAIL || sys == EAFNOSUPPORT || sys == ENETDOWN;
}

/* That a family has no route says less than what the other met. */
static void
dial_note(struct dial *dial, int sys)
{
	const char *host = dial->host.name;
	unsigned port = dial->port;

	if (dial->why.kind != ERR_OK && is_routing(sys))
		return;
	if (sys == ECONNREFUSED)
		error_set(&dial->why, ERR_UNREACHABLE,
		    "%.100s refuses connections to port %u", host, port);
	else if (is_routing(sys))
		error_set(&dial->why, ERR_UNREACHABLE,
		    "there is no route to %.100s; is the network up?", host);
	else
		error_set(&dial->why, ERR_UNREACHABLE, "cannot connect to %.100s port "
		    "%u: %s", host, port, g_strerror(sys));
	dial->why.sys = sys;
}

static void
attempt_close(struct dial *dial, struct attempt *attempt)
{
	if (attempt->tag)
		g_source_remove_unix_fd(dial->source, attempt->tag);
	if (attempt->fd >= 0)
		close(attempt->fd);
	*attempt = (struct attempt){ .fd = -1 };
}

static void
attempt_failed(struct dial *dial, struct attempt *attempt, int sys)
{
	dial_note(dial, sys);
	attempt_close(dial, attempt);
	dial->nfailed++;
	dial->next_at = 0;
}

static void
attempt_start(struct dial *dial, const struct address *address)
{
	struct attempt *attempt = &dial->attempts[dial->nattempts++];

	bug_on(dial->nattempts > ARRAY_LEN(dial->attempts));
	dial->next_at = g_get_monotonic_time() + STAGGER_US;
	attempt->tag = NULL;
	attempt->fd = socket(address->sa.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (attempt->fd < 0) {
		attempt_failed(dial, attempt, errno);
		return;
	}
	/* A system without one of them still connects. */
	for (size_t i = 0; i < ARRAY_LEN(socket_options); i++)
		setsockopt(attempt->fd, socket_options[i].level,
		    socket_options[i].name, &socket_options[i].value,
		    sizeof socket_options[i].value);
	if (connect(attempt->fd, (const struct sockaddr *)&address->sa,
	    address->size) < 0 && errno != EINPROGRESS && errno != EINTR) {
		attempt_failed(dial, attempt, errno);
		return;
	}
	attempt->tag = g_source_add_unix_fd(dial->source, attempt->fd,
	    G_IO_OUT | G_IO_ERR | G_IO_HUP);
}

static void
dial_finish(struct dial *dial, int fd)
{
	for (size_t i = 0; i < dial->nattempts; i++)
		attempt_close(dial, &dial->attempts[i]);
	g_source_set_ready_time(dial->source, -1);
	dial->done(dial->ctx, fd, &dial->why);
}

/* The socket that has connected, or -1. */
static int
dial_reap(struct dial *dial)
{
	for (size_t i = 0; i < dial->nattempts; i++) {
		struct attempt *attempt = &dial->attempts[i];
		socklen_t size = sizeof(int);
		int sys = 0, fd = attempt->fd;

		if (!attempt->tag ||
		    !g_source_query_unix_fd(dial->source, attempt->tag))
			continue;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys, &size) < 0)
			sys = errno;
		if (sys != 0) {
			attempt_failed(dial, attempt, sys);
			continue;
		}
		g_source_remove_unix_fd(dial->source, attempt->tag);
		*attempt = (struct attempt){ .fd = -1 };
		return fd;
	}
	return -1;
}

static bool
is_unknown(int code)
{
	switch (code) {
	case 0:
	case EAI_NONAME:
#ifdef EAI_NODATA
	case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
	case EAI_ADDRFAMILY:
#endif
		return true;
	}
	return false;
}

/* No family has an address: one that could not be asked tells the most. */
static void
dial_note_unknown(struct dial *dial)
{
	int code = dial->family[IPV4].answer.code;

	if (is_unknown(code))
		code = dial->family[IPV6].answer.code;
	if (is_unknown(code))
		error_set(&dial->why, ERR_UNREACHABLE, "there is no host named %.100s",
		    dial->host.name);
	else
		error_set(&dial->why, ERR_UNREACHABLE, "cannot look up %.100s: %s; is "
		    "the network up?", dial->host.name, gai_strerror(code));
}

static bool
dial_is_over(struct dial *dial)
{
	if (dial->nfailed < dial->nattempts || dial_has_address(dial) ||
	    dial->family[IPV6].lookup || dial->family[IPV4].lookup)
		return false;
	if (dial->nattempts == 0)
		dial_note_unknown(dial);
	return true;
}

static void
dial_turn(struct dial *dial)
{
	int64_t now = g_get_monotonic_time(), wake = dial->deadline;
	int fd = dial_reap(dial);

	if (fd >= 0) {
		dial->why = (struct error){ 0 };
		dial_finish(dial, fd);
		return;
	}
	if (now >= dial->deadline) {
		error_set(&dial->why, ERR_TIMEOUT, "%.100s did not answer on "
		    "port %u within %d s", dial->host.name,
		    (unsigned)dial->port, (dial->timeout_ms + 999) / 1000);
		dial_finish(dial, -1);
		return;
	}
	while (now >= dial->next_at && dial_has_address(dial))
		attempt_start(dial, dial_next_address(dial));
	if (dial_is_over(dial)) {
		dial_finish(dial, -1);
		return;
	}
	if (dial_has_address(dial) && dial->next_at < wake)
		wake = dial->next_at;
	g_source_set_ready_time(dial->source, wake);
}

static gboolean
dial_dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
	(void)callback;
	(void)data;
	dial_turn(((struct dial_source *)source)->dial);
	return G_SOURCE_CONTINUE;
}

/* Never written to, but GLib asks for one that is not const. */
static GSourceFuncs dial_funcs = { .dispatch = dial_dispatch };

struct dial *
dial_new(const struct host *host, uint16_t port, int timeout_ms,
    dial_done *done, void *ctx)
{
	struct dial *dial = xcalloc(1, sizeof *dial);

	dial->source = g_source_new(&dial_funcs, sizeof(struct dial_source));
	((struct dial_source *)dial->source)->dial = dial;
	dial->host = *host;
	dial->port = port;
	dial->timeout_ms = timeout_ms;
	dial->deadline = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
	dial->next_at = INT64_MAX;
	dial->done = done;
	dial->ctx = ctx;
	g_source_set_ready_time(dial->source, dial->deadline);
	g_source_attach(dial->source, g_main_context_get_thread_default());
	dial_look_up(dial);
	return dial;
}

void
dial_free(struct dial *dial)
{
	if (!dial)
		return;
	for (int i = 0; i < FAMILIES; i++)
		lookup_cancel(dial->family[i].lookup);
	for (size_t i = 0; i < dial->nattempts; i++)
		attempt_close(dial, &dial->attempts[i]);
	g_source_destroy(dial->source);
	g_source_unref(dial->source);
	free(dial);
}
