/* SPDX-License-Identifier: MIT */
#include "protocol/output.h"

#include <inttypes.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "protocol/secret.h"

void
output_fini(struct output *o)
{
	secret_fini(&o->bytes);
	*o = (struct output){ 0 };
}

void
output_put(struct output *o, struct span s)
{
	if (o->is_secret)
		secret_put(&o->bytes, s);
	else
		buf_put(&o->bytes, s);
}

void
output_puts(struct output *o, const char *s)
{
	output_put(o, span_of(s));
}

void
output_number(struct output *o, uint64_t number)
{
	CLEANUP(buf_fini) struct buf digits = { 0 };

	buf_printf(&digits, "%" PRIu64, number);
	output_put(o, buf_span(&digits));
}

void
output_put_secret(struct output *o, struct span s)
{
	o->is_secret = true;
	output_put(o, s);
}

struct span
output_span(const struct output *o)
{
	return span_skip(buf_span(&o->bytes), o->sent);
}

void
output_sent(struct output *o, size_t n)
{
	bug_on(n > o->bytes.n - o->sent);
	o->sent += n;
	if (o->sent == o->bytes.n)
		output_drop(o);
}

void
output_drop(struct output *o)
{
	if (o->is_secret)
		secret_wipe(&o->bytes);
	else
		buf_reset(&o->bytes);
	o->sent = 0;
	o->is_secret = false;
}
