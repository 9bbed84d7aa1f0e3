/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "tests/bench/bare.h"

enum { AHEAD = 32 };	/* RETRs that wait for their answer */

void
bare_pop3(struct wire *wire, const char *user, const char *password)
{
	CLEANUP(buf_fini) struct buf out = { 0 };
	unsigned long count;

	wire_line(wire);	/* the greeting */
	buf_printf(&out, "USER %s\r\n", user);
	wire_say(wire, buf_span(&out));
	wire_line(wire);
	buf_reset(&out);
	buf_printf(&out, "PASS %s\r\n", password);
	wire_say(wire, buf_span(&out));
	wire_line(wire);
	wire_say(wire, SPAN_LIT("STAT\r\n"));
	wire_drain(wire, "+OK ");
	count = strtoul(wire_line(wire).p, NULL, 10);
	/* The listings that any client needs as well. */
	wire_say(wire, SPAN_LIT("UIDL\r\n"));
	wire_drain(wire, "\r\n.\r\n");
	wire_say(wire, SPAN_LIT("LIST\r\n"));
	wire_drain(wire, "\r\n.\r\n");
	for (unsigned long next = 1, done = 0; done < count; done++) {
		buf_reset(&out);
		for (; next <= count && next <= done + AHEAD; next++)
			buf_printf(&out, "RETR %lu\r\n", next);
		wire_say(wire, buf_span(&out));
		wire_drain(wire, "\r\n.\r\n");
	}
}
