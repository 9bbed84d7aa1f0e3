/* SPDX-License-Identifier: MIT */
/* The engines' tables of calls; see dialect.h. */
#include "src/core/dialect.h"

/*
 * The same handful of calls under three names; what differs is the prefix,
 * the name of the STARTTLS event, and that IMAP alone compresses.
 */
#define DIALECT(name, starttls, alpn_name, deflated, asks_deflate)	\
static void *								\
name##_make(const struct session_settings *settings)			\
{									\
	return name##_new(settings);					\
}									\
static void								\
name##_end(void *engine)						\
{									\
	name##_free(engine);						\
}									\
static enum step							\
name##_feed(void *engine, struct span *in, union dialect_event *event)	\
{									\
	return name##_step(engine, in, &event->name);			\
}									\
static const struct error *						\
name##_why(const void *engine)						\
{									\
	return name##_error(engine);					\
}									\
static struct span							\
name##_out(const void *engine)						\
{									\
	return name##_output(engine);					\
}									\
static void								\
name##_gone(void *engine, size_t n)					\
{									\
	name##_sent(engine, n);						\
}									\
static void								\
name##_safe(void *engine)						\
{									\
	name##_secured(engine);						\
}									\
static bool								\
name##_asks(const union dialect_event *event)				\
{									\
	return event->name.kind == starttls;				\
}									\
const struct dialect dialect_##name = {				\
	.alpn = alpn_name,						\
	.make = name##_make,						\
	.free = name##_end,						\
	.step = name##_feed,						\
	.error = name##_why,						\
	.output = name##_out,						\
	.sent = name##_gone,						\
	.secured = name##_safe,						\
	.wants_tls = name##_asks,					\
	.compressed = deflated,						\
	.wants_deflate = asks_deflate,					\
}

static void
imap_deflated(void *engine)
{
	imap_compressed(engine);
}

static bool
imap_asks_deflate(const union dialect_event *event)
{
	return event->imap.kind == IMAP_COMPRESS;
}

DIALECT(imap, IMAP_STARTTLS, "imap", imap_deflated, imap_asks_deflate);
DIALECT(pop3, POP3_STARTTLS, "pop3", NULL, NULL);
DIALECT(smtp, SMTP_STARTTLS, NULL, NULL, NULL);
