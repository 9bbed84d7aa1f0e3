/* SPDX-License-Identifier: MIT */
/*
 * The race of addresses.  This program brings a getaddrinfo of its own,
 * which dial.c is linked to: what a name has for addresses, and whether the
 * answer comes at all, is a table's and a test's to say.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/net/dial.h"

static const struct {
	const char *name;
	int family, code;
	const char *addresses[3];
} zone[] = {
	{ "127.0.0.1", AF_INET6, EAI_ADDRFAMILY, { NULL } },
	{ "127.0.0.1", AF_INET, 0, { "127.0.0.1" } },
	{ "both.test", AF_INET6, 0, { "::1" } },
	{ "both.test", AF_INET, 0, { "127.0.0.1" } },
	{ "v4.test", AF_INET6, EAI_NONAME, { NULL } },
	{ "v4.test", AF_INET, 0, { "127.0.0.1" } },
	{ "second.test", AF_INET6, EAI_NONAME, { NULL } },
	{ "second.test", AF_INET, 0, { "127.0.0.3", "127.0.0.2",
	    "127.0.0.1" } },
	{ "slow-v6.test", AF_INET6, -1, { NULL } },
	{ "slow-v6.test", AF_INET, 0, { "127.0.0.1" } },
	{ "slow.test", AF_INET6, -1, { NULL } },
	{ "slow.test", AF_INET, -1, { NULL } },
	{ "unknown.test", AF_INET6, EAI_NONAME, { NULL } },
	{ "unknown.test", AF_INET, EAI_NONAME, { NULL } },
	{ "offline.test", AF_INET6, EAI_AGAIN, { NULL } },
	{ "offline.test", AF_INET, EAI_AGAIN, { NULL } },
};

/* The slow look-ups block until a test opens this gate. */
static int gate[2] = { -1, -1 };
static atomic_int blocked;

static void
push_address(struct addrinfo ***end, const char *text, int family,
    const char *service)
{
	struct addrinfo *ai = calloc(1, sizeof *ai);
	struct sockaddr_storage *sa = calloc(1, sizeof *sa);
	/* Both families keep the port at the same place. */
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)sa;

	sa->ss_family = (sa_family_t)family;
	v4->sin_port = htons((uint16_t)strtoul(service, NULL, 10));
	inet_pton(family, text, family == AF_INET ? (void *)&v4->sin_addr :
	    (void *)&v6->sin6_addr);
	ai->ai_family = family;
	ai->ai_addr = (struct sockaddr *)sa;
	ai->ai_addrlen = family == AF_INET ? sizeof *v4 : sizeof *v6;
	**end = ai;
	*end = &ai->ai_next;
}

int
getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo **end = out;
	char byte;

	*out = NULL;
	for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++) {
		if (strcmp(zone[i].name, name) != 0 ||
		    zone[i].family != hints->ai_family)
			continue;
		if (zone[i].code == -1) {
			atomic_fetch_add(&blocked, 1);
			/* Returns when the gate's other end is closed. */
			while (read(gate[0], &byte, 1) > 0)
				;
			return EAI_AGAIN;
		}
		for (size_t k = 0; k < 3 && zone[i].addresses[k]; k++)
			push_address(&end, zone[i].addresses[k],
			    zone[i].family, service);
		return zone[i].code;
	}
	return EAI_NONAME;
}

void
freeaddrinfo(struct addrinfo *ai)
{
	while (ai) {
		struct addrinfo *next = ai->ai_next;

		free(ai->ai_addr);
		free(ai);
		ai = next;
	}
}

struct race {
	GMainContext *context;
	struct dial *dial;
	bool is_over, in_call;
	int fd;
	struct error error;
};

static void
race_done(void *ctx, int fd, const struct error *error)
{
	struct race *race = ctx;

	cr_expect(!race->in_call);
	cr_expect(!race->is_over, "told twice");
	race->is_over = true;
	race->fd = fd;
	race->error = *error;
}

static void
race_begin(struct race *race, const char *name, uint16_t port, int timeout_ms)
{
	struct host host;

	*race = (struct race){ .fd = -1, .in_call = true };
	race->context = g_main_context_new();
	g_main_context_push_thread_default(race->context);
	cr_assert_eq(host_parse(name, &host, NULL), ERR_OK);
	race->dial = dial_new(&host, port, timeout_ms, race_done, race);
	race->in_call = false;
}

static void
race_run(struct race *race)
{
	while (!race->is_over)
		g_main_context_iteration(race->context, TRUE);
}

static void
race_end(struct race *race)
{
	dial_free(race->dial);
	if (race->fd >= 0)
		close(race->fd);
	g_main_context_pop_thread_default(race->context);
	g_main_context_unref(race->context);
}

/*
 * A listening socket; *port 0 is replaced by a free one.  backlog -1: only
 * bound, so that the port is taken and refuses.  -1: not on this machine.
 */
static int
listen_on(int family, const char *text, uint16_t *port, int backlog)
{
	struct sockaddr_storage sa = { .ss_family = (sa_family_t)family };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&sa;
	socklen_t size = family == AF_INET ? sizeof *v4 : sizeof *v6;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int yes = 1;

	if (fd < 0)
		return -1;
	inet_pton(family, text, family == AF_INET ? (void *)&v4->sin_addr :
	    (void *)&v6->sin6_addr);
	v4->sin_port = htons(*port);
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
	if (bind(fd, (struct sockaddr *)&sa, size) < 0 ||
	    (backlog >= 0 && listen(fd, backlog) < 0)) {
		close(fd);
		return -1;
	}
	getsockname(fd, (struct sockaddr *)&sa, &size);
	*port = ntohs(v4->sin_port);
	return fd;
}

static int
family_of(int fd)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t size = sizeof sa;

	getpeername(fd, (struct sockaddr *)&sa, &size);
	return sa.ss_family;
}

static int
option_of(int fd, int level, int name)
{
	int value = -1;
	socklen_t size = sizeof value;

	getsockopt(fd, level, name, &value, &size);
	return value;
}

Test(dial, socket_is_ready_for_a_loop_and_a_long_idle)
{
	uint16_t port = 0;
	int listener = listen_on(AF_INET, "127.0.0.1", &port, 8);
	struct race race;

	race_begin(&race, "127.0.0.1", port, 10000);
	race_run(&race);
	cr_assert_geq(race.fd, 0, "%s", race.error.text);
	cr_expect(fcntl(race.fd, F_GETFL) & O_NONBLOCK);
	cr_expect(fcntl(race.fd, F_GETFD) & FD_CLOEXEC);
	cr_expect_neq(option_of(race.fd, IPPROTO_TCP, TCP_NODELAY), 0);
	cr_expect_neq(option_of(race.fd, SOL_SOCKET, SO_KEEPALIVE), 0);
#ifdef TCP_KEEPIDLE
	cr_expect_eq(option_of(race.fd, IPPROTO_TCP, TCP_KEEPIDLE), 120);
	cr_expect_eq(option_of(race.fd, IPPROTO_TCP, TCP_KEEPINTVL), 30);
	cr_expect_eq(option_of(race.fd, IPPROTO_TCP, TCP_KEEPCNT), 3);
#endif
#ifdef TCP_USER_TIMEOUT
	cr_expect_eq(option_of(race.fd, IPPROTO_TCP, TCP_USER_TIMEOUT),
	    90 * 1000);
#endif
	race_end(&race);
	close(listener);
}

Test(dial, prefers_ipv6_when_both_answer)
{
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, 8);
	int v6 = listen_on(AF_INET6, "::1", &port, 8);
	struct race race;

	if (v6 < 0)
		cr_skip_test("no IPv6 on this machine");
	race_begin(&race, "both.test", port, 10000);
	race_run(&race);
	cr_assert_geq(race.fd, 0, "%s", race.error.text);
	cr_expect_eq(family_of(race.fd), AF_INET6);
	race_end(&race);
	close(v4);
	close(v6);
}

Test(dial, goes_on_with_ipv4_when_ipv6_is_refused)
{
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, 8);
	int v6 = listen_on(AF_INET6, "::1", &port, -1);
	struct race race;

	race_begin(&race, "both.test", port, 10000);
	race_run(&race);
	cr_assert_geq(race.fd, 0, "%s", race.error.text);
	cr_expect_eq(family_of(race.fd), AF_INET);
	race_end(&race);
	close(v4);
	if (v6 >= 0)
		close(v6);
}

enum { FILLERS = 8 };

/*
 * Connects until the queue of the listener on ::1 is full and the next
 * attempt gets no answer.  False where the system does not work that way.
 */
static bool
fill_queue(uint16_t port, int fillers[FILLERS])
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6,
		.sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	for (int i = 0; i < FILLERS; i++) {
		struct pollfd p = { .events = POLLOUT };

		fillers[i] = p.fd = socket(AF_INET6,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(p.fd, (struct sockaddr *)&sa, sizeof sa);
		if (poll(&p, 1, 100) == 0)
			return true;
	}
	return false;
}

Test(dial, does_not_wait_for_an_ipv6_that_is_silent)
{
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, 8);
	int v6 = listen_on(AF_INET6, "::1", &port, 0);
	int fillers[FILLERS] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	struct race race;

	if (v6 < 0 || !fill_queue(port, fillers))
		cr_skip_test("no silent port can be made here");
	race_begin(&race, "both.test", port, 10000);
	race_run(&race);
	cr_assert_geq(race.fd, 0, "%s", race.error.text);
	cr_expect_eq(family_of(race.fd), AF_INET);
	race_end(&race);
	for (int i = 0; i < FILLERS; i++)
		if (fillers[i] >= 0)
			close(fillers[i]);
	close(v4);
	close(v6);
}

Test(dial, tries_every_address_of_a_family)
{
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, 8);
	struct race race;

	race_begin(&race, "second.test", port, 10000);
	race_run(&race);
	cr_expect_geq(race.fd, 0, "%s", race.error.text);
	race_end(&race);
	close(v4);
}

Test(dial, does_not_wait_for_a_look_up_that_hangs)
{
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, 8);
	struct race race;

	cr_assert_eq(pipe(gate), 0);
	race_begin(&race, "slow-v6.test", port, 10000);
	race_run(&race);
	cr_expect_geq(race.fd, 0, "%s", race.error.text);
	race_end(&race);
	close(gate[1]);
	close(v4);
}

Test(dial, gives_up_when_nothing_answers_in_time)
{
	struct race race;

	cr_assert_eq(pipe(gate), 0);
	race_begin(&race, "slow.test", 993, 50);
	race_run(&race);
	cr_expect_eq(race.fd, -1);
	cr_expect_eq(race.error.kind, ERR_TIMEOUT);
	cr_expect_str_eq(race.error.text,
	    "slow.test did not answer on port 993 within 1 s");
	race_end(&race);
	close(gate[1]);
}

Test(dial, may_be_freed_while_the_look_up_is_blocked)
{
	struct race race;

	cr_assert_eq(pipe(gate), 0);
	race_begin(&race, "slow.test", 993, 10000);
	while (atomic_load(&blocked) < 2)
		g_thread_yield();
	race_end(&race);
	cr_expect(!race.is_over);
	close(gate[1]);
}

Test(dial, says_in_one_sentence_why_not)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "unknown.test", "there is no host named unknown.test" },
		{ "offline.test", "cannot look up offline.test: Temporary "
		    "failure in name resolution; is the network up?" },
		{ "both.test", "both.test refuses connections to port %u" },
		{ "v4.test", "v4.test refuses connections to port %u" },
	};
	uint16_t port = 0;
	int v4 = listen_on(AF_INET, "127.0.0.1", &port, -1);
	int v6 = listen_on(AF_INET6, "::1", &port, -1);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct race race;
		const char *mark = strchr(cases[i].text, '%');
		char want[128];

		if (mark)
			snprintf(want, sizeof want, "%.*s%u",
			    (int)(mark - cases[i].text), cases[i].text, port);
		else
			snprintf(want, sizeof want, "%s", cases[i].text);
		race_begin(&race, cases[i].name, port, 10000);
		race_run(&race);
		cr_expect_eq(race.fd, -1);
		cr_expect_eq(race.error.kind, ERR_UNREACHABLE);
		cr_expect_str_eq(race.error.text, want);
		race_end(&race);
	}
	close(v4);
	if (v6 >= 0)
		close(v6);
}
