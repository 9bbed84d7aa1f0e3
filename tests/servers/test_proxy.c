/* SPDX-License-Identifier: MIT */
/*
 * The proxy between two real sockets of this test, which plays the client
 * and the server.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"

enum { OPTIONS = 8, PATIENCE_MS = 20000 };

struct rig {
	pid_t proxy;
	int listener;		/* the server's */
	unsigned port;		/* the proxy's */
	char log[64];
};

static int
listen_somewhere(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&at, n), 0);
	cr_assert_eq(listen(fd, 16), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void
exec_proxy(const struct rig *rig, unsigned target, const char *const *options)
{
	const char *argv[OPTIONS + 6] = { "proxy", "0", NULL, "--log",
		rig->log };
	const char *dir = getenv("builddir");
	char path[4096], port[16];

	snprintf(path, sizeof path, "%s/tests/servers/proxy", dir ? dir : ".");
	snprintf(port, sizeof port, "%u", target);
	argv[2] = port;
	for (size_t i = 0; i < OPTIONS && options[i]; i++)
		argv[5 + i] = options[i];
	execv(path, (char *const *)argv);
	_exit(127);
}

/* The port is printed once a client can come. */
static void
rig_open(struct rig *rig, const char *const *options)
{
	unsigned target;
	int out[2];
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	rig->listener = listen_somewhere(&target);
	snprintf(rig->log, sizeof rig->log, "/tmp/surat-proxy.XXXXXX");
	close(mkstemp(rig->log));
	cr_assert_eq(pipe(out), 0);
	rig->proxy = fork();
	if (rig->proxy == 0) {
		dup2(out[1], 1);
		exec_proxy(rig, target, options);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	cr_assert_eq(fscanf(f, "%u", &rig->port), 1, "the proxy has no port");
	fclose(f);
}

/* Ends the proxy and reads its log. */
static void
rig_close(struct rig *rig, char *log, size_t size)
{
	FILE *f;

	kill(rig->proxy, SIGTERM);
	waitpid(rig->proxy, NULL, 0);
	f = fopen(rig->log, "r");
	cr_assert(f);
	log[fread(log, 1, size - 1, f)] = '\0';
	fclose(f);
	unlink(rig->log);
	close(rig->listener);
}

static int
dial(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void
meet(const struct rig *rig, int *client, int *server)
{
	*client = dial(rig->port);
	*server = accept(rig->listener, NULL, NULL);
	cr_assert_geq(*server, 0);
}

static void
put(int fd, const char *text)
{
	cr_assert_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

/* Reads n octets or until the end; returns how many, *why says how it ended. */
static size_t
get(int fd, char *out, size_t n, int *why)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t sum = 0;

	*why = 0;
	while (sum < n) {
		ssize_t got;

		cr_assert_eq(poll(&p, 1, PATIENCE_MS), 1, "nothing comes");
		got = recv(fd, out + sum, n - sum, 0);
		if (got < 0)
			*why = errno;
		if (got <= 0)
			break;
		sum += (size_t)got;
	}
	return sum;
}

static void
expect(int fd, const char *text)
{
	char got[64] = "";
	int why;

	cr_assert_lt(strlen(text), sizeof got);
	get(fd, got, strlen(text), &why);
	cr_expect_str_eq(got, text);
}

static bool
is_reset(int fd)
{
	char c;
	int why;

	return get(fd, &c, 1, &why) == 0 && why == ECONNRESET;
}

static bool
has_ended(int fd)
{
	char c;
	int why;

	return get(fd, &c, 1, &why) == 0 && why == 0;
}

/* Polls the log, since its line is written in the proxy's own time. */
static void
await_log(const struct rig *rig, const char *wanted)
{
	char log[1024] = "";

	for (int tries = 0; tries < PATIENCE_MS / 10; tries++) {
		FILE *f = fopen(rig->log, "r");

		log[fread(log, 1, sizeof log - 1, f)] = '\0';
		fclose(f);
		if (strstr(log, wanted))
			return;
		poll(NULL, 0, 10);
	}
	cr_assert(false, "not in the log: %s", wanted);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

Test(proxy, counts_octets_and_round_trips)
{
	static const char *const none[OPTIONS + 1] = { NULL };
	struct rig rig;
	char log[256];
	int client, server;

	rig_open(&rig, none);
	meet(&rig, &client, &server);
	put(client, "hello");
	expect(server, "hello");
	put(client, "again");	/* nobody answered: the same trip */
	expect(server, "again");
	put(server, "yes");
	expect(client, "yes");
	put(client, "thanks");
	expect(server, "thanks");
	shutdown(client, SHUT_WR);
	cr_expect(has_ended(server));
	put(server, "bye");	/* after the client's end, and still heard */
	close(server);
	expect(client, "bye");
	cr_expect(has_ended(client));
	await_log(&rig, "closed");
	rig_close(&rig, log, sizeof log);
	cr_expect_str_eq(log, "1 16 6 2 closed\n");
	close(client);
}

Test(proxy, changes_nothing_in_either_direction)
{
	enum { N = 3 << 20 };
	static const char *const slow[OPTIONS + 1] = { "--delay", "4" };
	CLEANUP(cleanup_free) char *out = xcalloc(N, 1);
	CLEANUP(cleanup_free) char *back = xcalloc(N, 1);
	struct rig rig;
	char log[256];
	int client, server, why;
	pid_t echo;

	for (size_t i = 0; i < N; i++)
		out[i] = (char)(i * i / 7 + i / 251);
	rig_open(&rig, slow);
	meet(&rig, &client, &server);
	echo = fork();
	if (echo == 0) {	/* a server that says all again */
		size_t n = get(server, back, N, &why);

		_exit(send(server, back, n, 0) != N);
	}
	close(server);
	cr_assert_eq(send(client, out, N, 0), N);
	cr_expect_eq(get(client, back, N, &why), N);
	cr_expect_arr_eq(back, out, N);
	cr_expect(has_ended(client));
	waitpid(echo, NULL, 0);
	close(client);
	await_log(&rig, "3145728 3145728");
	rig_close(&rig, log, sizeof log);
}

Test(proxy, delays_each_way_by_half_of_the_round_trip)
{
	static const char *const slow[OPTIONS + 1] = { "--delay", "200" };
	struct rig rig;
	char log[256];
	int client, server;
	double start;

	rig_open(&rig, slow);
	meet(&rig, &client, &server);
	start = now();
	put(client, "ping");
	expect(server, "ping");
	cr_expect_geq(now() - start, 0.1);
	put(server, "pong");
	expect(client, "pong");
	cr_expect_geq(now() - start, 0.2);
	close(client);
	close(server);
	rig_close(&rig, log, sizeof log);
}

/* Else a long way would be a narrow one, too. */
Test(proxy, takes_in_megabytes_while_the_first_octet_is_under_way)
{
	enum { N = 32 << 20 };
	static const char *const slow[OPTIONS + 1] = { "--delay", "600000" };
	CLEANUP(cleanup_free) char *out = xcalloc(N, 1);
	struct rig rig;
	char log[256], c;
	int client, server;

	rig_open(&rig, slow);
	meet(&rig, &client, &server);
	cr_expect_eq(send(client, out, N, 0), N);
	cr_expect_eq(recv(server, &c, 1, MSG_DONTWAIT), -1);
	rig_close(&rig, log, sizeof log);
	cr_expect_str_eq(log, "1 0 0 1 open\n");
	close(client);
	close(server);
}

Test(proxy, holds_a_rate)
{
	enum { N = 100000 };
	static const char *const narrow[OPTIONS + 1] = { "--rate", "4" };
	CLEANUP(cleanup_free) char *out = xcalloc(N, 1);
	CLEANUP(cleanup_free) char *got = xcalloc(N, 1);
	struct rig rig;
	char log[256];
	int client, server, why;
	double start;

	rig_open(&rig, narrow);
	meet(&rig, &client, &server);
	start = now();
	cr_assert_eq(send(server, out, N, 0), N);
	cr_expect_eq(get(client, got, N, &why), N);
	cr_expect_geq(now() - start, 0.19);	/* 0.2 s, and what is ahead */
	close(client);
	close(server);
	rig_close(&rig, log, sizeof log);
}

Test(proxy, cuts_after_exactly_as_many_octets)
{
	static const char *const ups[] = { "1", "5", "9" };
	char got[16];

	for (size_t i = 0; i < ARRAY_LEN(ups); i++) {
		const char *up[OPTIONS + 1] = { "--cut-up", ups[i] };
		const char *down[OPTIONS + 1] = { "--cut-down", ups[i] };
		size_t n = strtoul(ups[i], NULL, 10);

		for (int k = 0; k < 2; k++) {
			struct rig rig;
			char log[256];
			int client, server, why;

			rig_open(&rig, k ? down : up);
			meet(&rig, &client, &server);
			put(k ? server : client, "0123456789");
			cr_expect_eq(get(k ? client : server, got, sizeof got,
			    &why), n, "cut %d at %zu", k, n);
			cr_expect_eq(why, ECONNRESET);
			cr_expect(is_reset(k ? server : client));
			close(client);
			close(server);
			await_log(&rig, "cut");
			rig_close(&rig, log, sizeof log);
		}
	}
}

Test(proxy, cuts_the_connection_that_it_was_told)
{
	static const char *const second[OPTIONS + 1] = { "--cut-down", "2",
		"--first", "2" };
	struct rig rig;
	char log[256];
	int clients[3], servers[3];

	rig_open(&rig, second);
	for (size_t i = 0; i < 3; i++) {
		meet(&rig, &clients[i], &servers[i]);
		put(servers[i], "abcd");
	}
	expect(clients[0], "abcd");
	expect(clients[1], "ab");
	cr_expect(is_reset(clients[1]));
	expect(clients[2], "abcd");
	rig_close(&rig, log, sizeof log);
	cr_expect(strstr(log, "2 0 2 0 cut\n"), "%s", log);
	cr_expect(strstr(log, "1 0 4 0 open\n"), "%s", log);
	cr_expect(strstr(log, "3 0 4 0 open\n"), "%s", log);
	for (size_t i = 0; i < 3; i++) {
		close(clients[i]);
		close(servers[i]);
	}
}

Test(proxy, tells_of_open_connections_when_asked)
{
	static const char *const none[OPTIONS + 1] = { NULL };
	struct rig rig;
	char log[256];
	int client, server;

	rig_open(&rig, none);
	meet(&rig, &client, &server);
	put(client, "hello");
	expect(server, "hello");
	kill(rig.proxy, SIGUSR1);
	await_log(&rig, "1 5 0 1 open\n");
	put(server, "still here");
	expect(client, "still here");
	rig_close(&rig, log, sizeof log);
	cr_expect_str_eq(log, "1 5 0 1 open\n1 5 10 1 open\n");
	close(client);
	close(server);
}

Test(proxy, hands_a_reset_on)
{
	static const char *const none[OPTIONS + 1] = { NULL };
	const struct linger at_once = { .l_onoff = 1 };
	struct rig rig;
	char log[256];
	int client, server;

	rig_open(&rig, none);
	meet(&rig, &client, &server);
	setsockopt(server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(server);
	cr_expect(is_reset(client));
	close(client);
	rig_close(&rig, log, sizeof log);
	cr_expect_str_eq(log, "1 0 0 0 reset\n");
}

Test(proxy, resets_a_client_when_no_server_listens)
{
	static const char *const none[OPTIONS + 1] = { NULL };
	struct rig rig;
	char log[256];
	int client;

	rig_open(&rig, none);
	close(rig.listener);
	client = dial(rig.port);
	cr_expect(is_reset(client));
	close(client);
	rig.listener = -1;
	rig_close(&rig, log, sizeof log);
	cr_expect_str_eq(log, "");
}
