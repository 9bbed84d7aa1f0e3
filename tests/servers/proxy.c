/* SPDX-License-Identifier: MIT */
/*
 * A proxy on loopback between a client and a server, which counts, is slow
 * or cuts.  One process, one poll loop, any number of connections.
 *
 *   proxy LISTEN_PORT TARGET_PORT [--log FILE] [--delay MS] [--rate MBIT]
 *         [--cut-up N] [--cut-down N] [--first K]
 *
 * LISTEN_PORT 0 takes a free one; the number is printed when it listens.
 * --delay is a whole round trip, half of it in each direction; --rate limits
 * each direction, for all connections together.  --cut-up and --cut-down let
 * exactly N octets pass in that direction of connection K (from 1, which is
 * the default) and then reset it on both sides.
 *
 * The log has a line for each connection when it ends, and for those still
 * open on SIGUSR1 and at the end of the proxy (SIGTERM):
 *
 *   NUMBER UP DOWN TRIPS STATE
 *
 * UP is octets that went to the server, DOWN those that went to the client,
 * TRIPS round trips: how often the client spoke after it had been spoken to
 * (to be let in counts).  STATE is open, closed, reset or cut.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"
#include "base/xalloc.h"
#include "tests/servers/proxy_flow.h"

enum { TICK_US = 1000 };	/* how often a cut is looked at */

struct pipe_pair {
	unsigned number;	/* from 1 */
	int client, server;	/* owned */
	struct flow up, down;
	unsigned trips;
	bool was_spoken_to;	/* since the client spoke last */
};

struct proxy {
	int listener, signals;	/* owned */
	uint16_t target;
	FILE *log;		/* owned; NULL: none */
	struct flow_line up, down;
	uint64_t cut_up, cut_down;
	uint64_t cut_number;	/* the connection that is cut */
	unsigned count;		/* connections so far */
	struct pipe_pair *pairs;	/* owned */
	size_t npairs;
	struct pollfd *fds;	/* owned: 2, then 2 for each pair */
	bool is_ending;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "proxy: %s\n", what);
	exit(1);
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
note(const struct proxy *proxy, const struct pipe_pair *pair,
    const char *state)
{
	if (!proxy->log)
		return;
	fprintf(proxy->log, "%u %llu %llu %u %s\n", pair->number,
	    (unsigned long long)pair->up.passed,
	    (unsigned long long)pair->down.passed, pair->trips, state);
	fflush(proxy->log);
}

static void
set_linger(int fd)
{
	const struct linger none = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

/* A reset unless both sides have ended as they should. */
static void
pair_end(struct proxy *proxy, size_t i, const char *state)
{
	struct pipe_pair *pair = &proxy->pairs[i];

	if (!pair->up.is_over || !pair->down.is_over) {
		set_linger(pair->client);
		set_linger(pair->server);
	}
	close(pair->client);
	close(pair->server);
	flow_fini(&pair->up);
	flow_fini(&pair->down);
	note(proxy, pair, state);
	proxy->pairs[i] = proxy->pairs[--proxy->npairs];
}

static int
dial(uint16_t port)
{
	const struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&at,
	    sizeof at) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The way is what is slow here, and nothing else. */
static void
hasten(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void
pair_begin(struct proxy *proxy)
{
	int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
	struct pipe_pair *pair;
	bool is_cut;
	int server;

	if (client < 0)
		return;
	server = dial(proxy->target);
	if (server < 0) {
		set_linger(client);
		close(client);
		return;
	}
	hasten(client);
	hasten(server);
	proxy->count++;
	is_cut = proxy->count == proxy->cut_number;
	proxy->pairs = xreallocarray(proxy->pairs, proxy->npairs + 1,
	    sizeof *proxy->pairs);
	pair = &proxy->pairs[proxy->npairs++];
	*pair = (struct pipe_pair){
		.number = proxy->count,
		.client = client,
		.server = server,
		.was_spoken_to = true,
	};
	flow_init(&pair->up, client, server, &proxy->up,
	    is_cut ? proxy->cut_up : FLOW_UNCUT);
	flow_init(&pair->down, server, client, &proxy->down,
	    is_cut ? proxy->cut_down : FLOW_UNCUT);
}

/* Moves what can be moved; false when the connection has come to its end. */
static bool
pair_step(struct pipe_pair *pair, int64_t now, short from_client,
    short from_server)
{
	int up = 0, down = 0;

	if (from_client && flow_wants(&pair->up, now))
		up = flow_take(&pair->up, now);
	if (up > 0 && pair->was_spoken_to) {
		pair->trips++;
		pair->was_spoken_to = false;
	}
	if (from_server && flow_wants(&pair->down, now))
		down = flow_take(&pair->down, now);
	if (up < 0 || down < 0 || flow_give(&pair->up, now) < 0)
		return false;
	down = flow_give(&pair->down, now);
	if (down > 0)
		pair->was_spoken_to = true;
	return down >= 0 && !(pair->up.is_over && pair->down.is_over) &&
	    !flow_is_cut(&pair->up) && !flow_is_cut(&pair->down);
}

static const char *
pair_state(const struct pipe_pair *pair)
{
	if (flow_is_cut(&pair->up) || flow_is_cut(&pair->down))
		return "cut";
	return pair->up.is_over && pair->down.is_over ? "closed" : "reset";
}

/* From the last, so that an end moves only what was stepped already. */
static void
step_all(struct proxy *proxy, size_t npolled)
{
	int64_t now = now_us();

	for (size_t i = npolled; i-- > 0; ) {
		const struct pollfd *fds = &proxy->fds[2 + 2 * i];
		short in = POLLIN | POLLHUP | POLLERR;
		struct pipe_pair *pair = &proxy->pairs[i];

		if (!pair_step(pair, now, fds[0].revents & in,
		    fds[1].revents & in))
			pair_end(proxy, i, pair_state(pair));
	}
}

/*
 * A socket of which nothing is wanted is not looked at: poll reports a
 * hang-up whether it is asked for or not, again and again.
 */
static struct pollfd
interest(int fd, const struct flow *in, const struct flow *out, int64_t now)
{
	short events = 0;

	if (flow_wants(in, now))
		events |= POLLIN;
	if (flow_is_due(out, now))
		events |= POLLOUT;
	return (struct pollfd){ .fd = events ? fd : -1, .events = events };
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
pair_next(const struct pipe_pair *pair, int64_t now)
{
	int64_t next = earlier(flow_next(&pair->up, now),
	    flow_next(&pair->down, now));

	if (pair->up.passed == pair->up.cut ||
	    pair->down.passed == pair->down.cut)
		next = earlier(next, now + TICK_US);
	return next;
}

/* Waits for a socket or for the next chunk that is due. */
static void
wait_for_work(struct proxy *proxy)
{
	int64_t now = now_us(), next = FLOW_NEVER;
	size_t n = 2 + 2 * proxy->npairs;
	struct timespec ts;

	proxy->fds = xreallocarray(proxy->fds, n, sizeof *proxy->fds);
	proxy->fds[0] = (struct pollfd){ proxy->listener, POLLIN, 0 };
	proxy->fds[1] = (struct pollfd){ proxy->signals, POLLIN, 0 };
	for (size_t i = 0; i < proxy->npairs; i++) {
		struct pipe_pair *pair = &proxy->pairs[i];

		proxy->fds[2 + 2 * i] = interest(pair->client, &pair->up,
		    &pair->down, now);
		proxy->fds[3 + 2 * i] = interest(pair->server, &pair->down,
		    &pair->up, now);
		next = earlier(next, pair_next(pair, now));
	}
	if (next != FLOW_NEVER) {
		next = next > now ? next - now : 0;
		ts.tv_sec = next / 1000000;
		ts.tv_nsec = next % 1000000 * 1000;
	}
	if (ppoll(proxy->fds, n, next == FLOW_NEVER ? NULL : &ts, NULL) < 0 &&
	    errno != EINTR)
		die("cannot poll");
}

static void
take_signal(struct proxy *proxy)
{
	struct signalfd_siginfo info;

	if (read(proxy->signals, &info, sizeof info) != sizeof info)
		return;
	for (size_t i = 0; i < proxy->npairs; i++)
		note(proxy, &proxy->pairs[i], "open");
	proxy->is_ending = info.ssi_signo != SIGUSR1;
}

static void
run(struct proxy *proxy)
{
	while (!proxy->is_ending) {
		size_t npolled = proxy->npairs;

		wait_for_work(proxy);
		step_all(proxy, npolled);
		if (proxy->fds[0].revents)
			pair_begin(proxy);
		if (proxy->fds[1].revents)
			take_signal(proxy);
	}
}

static void
open_signals(struct proxy *proxy)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	proxy->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (proxy->signals < 0)
		die("cannot take signals");
}

/* Prints the port: from now on a client is not refused. */
static void
open_listener(struct proxy *proxy, uint16_t port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t n = sizeof at;
	int on = 1;

	proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(proxy->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(proxy->listener, (struct sockaddr *)&at, n) != 0 ||
	    listen(proxy->listener, 128) != 0 ||
	    getsockname(proxy->listener, (struct sockaddr *)&at, &n) != 0)
		die("cannot listen");
	printf("%u\n", ntohs(at.sin_port));
	fflush(stdout);
}

static uint64_t
number(const char *text, uint64_t max)
{
	uint64_t n;

	if (!span_u64(span_of(text), &n) || n > max)
		die("a number is out of bounds");
	return n;
}

static void
take_option(struct proxy *proxy, int option)
{
	switch (option) {
	case 'l':
		proxy->log = fopen(optarg, "we");
		if (!proxy->log)
			die("cannot write the log");
		break;
	case 'd':
		proxy->up.delay_us = (int64_t)number(optarg, 600000) * 500;
		proxy->down.delay_us = proxy->up.delay_us;
		break;
	case 'r':
		proxy->up.rate = number(optarg, 100000) * 1000000 / 8;
		proxy->down.rate = proxy->up.rate;
		break;
	case 'u':
		proxy->cut_up = number(optarg, FLOW_UNCUT - 1);
		break;
	case 'n':
		proxy->cut_down = number(optarg, FLOW_UNCUT - 1);
		break;
	case 'f':
		proxy->cut_number = number(optarg, UINT32_MAX);
		break;
	default:
		exit(64);
	}
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "log", required_argument, NULL, 'l' },
		{ "delay", required_argument, NULL, 'd' },
		{ "rate", required_argument, NULL, 'r' },
		{ "cut-up", required_argument, NULL, 'u' },
		{ "cut-down", required_argument, NULL, 'n' },
		{ "first", required_argument, NULL, 'f' },
		{ 0 },
	};
	struct proxy proxy = { .cut_up = FLOW_UNCUT, .cut_down = FLOW_UNCUT,
		.cut_number = 1 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(&proxy, option);
	if (argc - optind != 2)
		die("usage: proxy LISTEN_PORT TARGET_PORT [OPTION...]");
	proxy.target = (uint16_t)number(argv[optind + 1], UINT16_MAX);
	open_signals(&proxy);
	open_listener(&proxy, (uint16_t)number(argv[optind], UINT16_MAX));
	run(&proxy);
	free(proxy.pairs);
	free(proxy.fds);
	if (proxy.log)
		fclose(proxy.log);
	return 0;
}
