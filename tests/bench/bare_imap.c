/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "tests/bench/bare.h"

/* What header_items() of protocol/imap_request.c asks for, to the letter. */
#define ITEMS \
	"(UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ " \
	"BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC BCC " \
	"SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID LIST-UNSUBSCRIBE " \
	"LIST-UNSUBSCRIBE-POST AUTHENTICATION-RESULTS CONTENT-TYPE " \
	"DISPOSITION-NOTIFICATION-TO AUTOCRYPT IMPORTANCE X-PRIORITY)])"

void
bare_imap_login(struct wire *wire, const char *user, const char *password,
    bool is_packed)
{
	CLEANUP(buf_fini) struct buf out = { 0 };

	wire_line(wire);	/* the greeting */
	buf_printf(&out, "a LOGIN %s %s\r\n", user, password);
	wire_say(wire, buf_span(&out));
	wire_drain(wire, "a OK ");
	wire_line(wire);
	if (is_packed) {
		wire_say(wire, SPAN_LIT("z COMPRESS DEFLATE\r\n"));
		if (!span_starts(wire_line(wire), SPAN_LIT("z OK ")))
			wire_die("the server does not compress");
		wire_compress(wire);
	}
	wire_say(wire, SPAN_LIT("b ID (\"name\" \"bare\")\r\n"
	    "c ENABLE CONDSTORE QRESYNC\r\n"));
	wire_drain(wire, "\r\nc OK ");
	wire_line(wire);
}

void
bare_imap_offers(struct wire *wire)
{
	struct span line;

	wire_say(wire, SPAN_LIT("k CAPABILITY\r\n"));
	line = wire_line(wire);
	printf("%.*s\n", SPAN_ARG(line));
}

unsigned
bare_imap_select(struct wire *wire)
{
	unsigned long total = 0;
	struct span line;

	wire_say(wire, SPAN_LIT("d SELECT INBOX (CONDSTORE)\r\n"));
	do {
		line = wire_line(wire);
		if (span_ends(line, SPAN_LIT(" EXISTS")))
			total = strtoul(line.p + 2, NULL, 10);
	} while (!span_starts(line, SPAN_LIT("d ")));
	return (unsigned)total;
}

void
bare_imap_newest(struct wire *wire, unsigned total, unsigned count)
{
	CLEANUP(buf_fini) struct buf out = { 0 };

	buf_printf(&out, "e FETCH %u:%u " ITEMS "\r\n",
	    total > count ? total - count + 1 : 1, total);
	wire_say(wire, buf_span(&out));
	wire_drain(wire, "\r\ne OK ");
}

void
bare_imap_headers(struct wire *wire)
{
	wire_say(wire, SPAN_LIT("f UID FETCH 1:* " ITEMS "\r\n"));
	wire_drain(wire, "\r\nf OK ");
}

void
bare_imap_bodies(struct wire *wire)
{
	wire_say(wire, SPAN_LIT("g UID FETCH 1:* (UID BODY.PEEK[])\r\n"));
	wire_drain(wire, "\r\ng OK ");
}

void
bare_imap_idle(struct wire *wire)
{
	wire_say(wire, SPAN_LIT("h IDLE\r\n"));
	while (!span_starts(wire_line(wire), SPAN_LIT("+ ")))
		continue;
	puts("listening");
	for (;;) {
		fflush(stdout);
		if (span_ends(wire_line(wire), SPAN_LIT(" EXISTS")))
			printf("%.6f\n", wire_now());
	}
}
