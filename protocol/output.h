/* SPDX-License-Identifier: MIT */
/*
 * What an engine has to send and the caller has not sent yet.  Once a
 * secret was put, all of it is overwritten as soon as it has left.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* Zeroed: empty. */
struct output {
	struct buf bytes;
	size_t sent;		/* of bytes.n */
	bool is_secret;
};

void output_fini(struct output *o);	/* overwrites what it held */
void output_put(struct output *o, struct span s);
void output_puts(struct output *o, const char *s);
void output_number(struct output *o, uint64_t number);
void output_put_secret(struct output *o, struct span s);
/* Borrowed until the next call. */
struct span output_span(const struct output *o);
/* The first n octets of output_span were sent. */
void output_sent(struct output *o, size_t n);
/* Nothing of it is to be sent any more. */
void output_drop(struct output *o);
