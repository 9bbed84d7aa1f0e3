/* SPDX-License-Identifier: MIT */
/*
 * The floor: a bare TLS socket that asks for the same bytes as surat does
 * and throws them away.  Prints the seconds from its start to the last byte,
 * and on standard error how many octets came.
 *
 *   bare [-z] WHAT PORT USER PASSWORD      -z: IMAP's COMPRESS=DEFLATE
 *
 *   offers    IMAP: prints what the server can do once logged in
 *   select    IMAP: logged in, and INBOX selected
 *   newest    ... and the headers of its newest 50
 *   headers   ... or of every message
 *   bodies    ... or every message as a whole
 *   idle      listens; prints the monotonic time of every EXISTS
 *   pop3      every letter, pipelined
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/bare.h"

enum { PAGE = 50 };	/* what surat shows first */

static void
run_imap(struct wire *wire, const char *what, const char *user,
    const char *password, bool is_packed)
{
	unsigned total;

	bare_imap_login(wire, user, password, is_packed);
	if (strcmp(what, "offers") == 0) {
		bare_imap_offers(wire);
		return;
	}
	total = bare_imap_select(wire);
	if (strcmp(what, "newest") == 0)
		bare_imap_newest(wire, total, PAGE);
	else if (strcmp(what, "headers") == 0)
		bare_imap_headers(wire);
	else if (strcmp(what, "bodies") == 0)
		bare_imap_bodies(wire);
	else if (strcmp(what, "idle") == 0)
		bare_imap_idle(wire);
	else if (strcmp(what, "select") != 0)
		wire_die("what? offers, select, newest, headers, bodies, "
		    "idle or pop3");
}

int
main(int argc, char **argv)
{
	static struct wire wire;
	double start = wire_now();
	bool is_packed = false;
	int option;

	while ((option = getopt(argc, argv, "z")) == 'z')
		is_packed = true;
	argv += optind;
	if (option != -1 || argc - optind != 4)
		wire_die("usage: bare [-z] WHAT PORT USER PASSWORD");
	wire_open(&wire, (unsigned)strtoul(argv[1], NULL, 10));
	if (strcmp(argv[0], "pop3") == 0)
		bare_pop3(&wire, argv[2], argv[3]);
	else
		run_imap(&wire, argv[0], argv[2], argv[3], is_packed);
	if (strcmp(argv[0], "offers") != 0)
		printf("%.4f\n", wire_now() - start);
	fprintf(stderr, "%" PRIu64 " octets\n", wire.octets);
	return 0;
}
