/* SPDX-License-Identifier: MIT */
#include "tests/servers/proxy_flow.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/xalloc.h"

struct flow_chunk {
	struct flow_chunk *next;
	int64_t due_us;
	size_t at, n;		/* written; of how many */
	char octets[];
};

void
flow_init(struct flow *flow, int from, int to, struct flow_line *line,
    uint64_t cut)
{
	*flow = (struct flow){
		.line = line,
		.from = from,
		.to = to,
		.cut = cut,
	};
}

static void
drop_first(struct flow *flow)
{
	struct flow_chunk *chunk = flow->first;

	flow->first = chunk->next;
	if (!flow->first)
		flow->last = NULL;
	free(chunk);
}

void
flow_fini(struct flow *flow)
{
	while (flow->first)
		drop_first(flow);
}

bool
flow_wants(const struct flow *flow, int64_t now)
{
	const struct flow_line *line = flow->line;

	if (flow->has_ended || flow->held >= FLOW_HELD_MAX)
		return false;
	return line->rate == 0 || line->free_us <= now + FLOW_AHEAD_US;
}

/* The line carries one octet after the other; then comes the way. */
static int64_t
arrival(struct flow_line *line, size_t n, int64_t now)
{
	if (line->rate == 0)
		return now + line->delay_us;
	if (line->free_us < now)
		line->free_us = now;
	line->free_us += (int64_t)(n * 1000000 / line->rate);
	return line->free_us + line->delay_us;
}

static void
queue(struct flow *flow, const char *octets, size_t n, int64_t due_us)
{
	struct flow_chunk *chunk = xcalloc(1, sizeof *chunk + n);

	chunk->due_us = due_us;
	chunk->n = n;
	memcpy(chunk->octets, octets, n);
	if (flow->last)
		flow->last->next = chunk;
	else
		flow->first = chunk;
	flow->last = chunk;
	flow->held += n;
}

/* A slow line is fed in small pieces: a piece comes out as a whole. */
static size_t
piece_size(const struct flow_line *line)
{
	uint64_t n = line->rate * FLOW_AHEAD_US / 1000000;

	if (line->rate == 0 || n > FLOW_READ_MAX)
		return FLOW_READ_MAX;
	return n < 1 ? 1 : (size_t)n;
}

static bool
would_wait(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int
flow_take(struct flow *flow, int64_t now)
{
	char octets[FLOW_READ_MAX];
	ssize_t n = recv(flow->from, octets, piece_size(flow->line),
	    MSG_DONTWAIT);

	if (n < 0)
		return would_wait() ? 0 : -1;
	if (n == 0) {
		flow->has_ended = true;
		queue(flow, octets, 0, arrival(flow->line, 0, now));
	} else {
		queue(flow, octets, (size_t)n,
		    arrival(flow->line, (size_t)n, now));
	}
	return (int)n;
}

bool
flow_is_due(const struct flow *flow, int64_t now)
{
	return flow->first && flow->first->due_us <= now &&
	    flow->passed < flow->cut;
}

int
flow_give(struct flow *flow, int64_t now)
{
	int sum = 0;

	while (flow_is_due(flow, now) && sum < FLOW_HELD_MAX) {
		struct flow_chunk *chunk = flow->first;
		uint64_t left = flow->cut - flow->passed;
		size_t n = chunk->n - chunk->at;
		ssize_t sent;

		if (n > left)
			n = (size_t)left;
		sent = n == 0 ? 0 : send(flow->to, chunk->octets + chunk->at,
		    n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0)
			return would_wait() ? sum : -1;
		if (chunk->n == 0) {	/* the end */
			shutdown(flow->to, SHUT_WR);
			flow->is_over = true;
		}
		chunk->at += (size_t)sent;
		flow->held -= (uint64_t)sent;
		flow->passed += (uint64_t)sent;
		sum += (int)sent;
		if (chunk->at == chunk->n)
			drop_first(flow);
	}
	return sum;
}

int64_t
flow_next(const struct flow *flow, int64_t now)
{
	int64_t next = FLOW_NEVER, open;

	if (flow->first && flow->first->due_us > now)
		next = flow->first->due_us;
	if (!flow->has_ended && !flow_wants(flow, now) &&
	    flow->held < FLOW_HELD_MAX) {
		open = flow->line->free_us - FLOW_AHEAD_US;
		if (open < next)
			next = open;
	}
	return next;
}

/* An RST throws away what the other side has not taken over yet. */
bool
flow_is_cut(const struct flow *flow)
{
	int unsent = 0;

	return flow->passed == flow->cut &&
	    (ioctl(flow->to, SIOCOUTQ, &unsent) != 0 || unsent == 0);
}
