/* SPDX-License-Identifier: MIT */
#include "tests/net/client.h"

#include <criterion/criterion.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_LSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LSAN 1
#endif
#endif

#ifdef HAS_LSAN
int __lsan_do_recoverable_leak_check(void);

void
expect_no_leaks(void)
{
	cr_expect_eq(__lsan_do_recoverable_leak_check(), 0);
}
#else
void
expect_no_leaks(void)
{
}
#endif

static void
note(struct client *client, enum client_event event)
{
	cr_expect(!client->in_call, "event %d inside a call", (int)event);
	cr_expect_eq(client->count[CLIENT_CLOSED], 0,
	    "event %d after closed", (int)event);
	client->count[event]++;
	if (client->on_event)
		client->on_event(client, event);
}

static void
on_connected(void *ctx)
{
	note(ctx, CLIENT_CONNECTED);
}

static void
on_secured(void *ctx)
{
	note(ctx, CLIENT_SECURED);
}

static void
on_received(void *ctx, struct span in)
{
	struct client *client = ctx;

	cr_expect(in.n > 0);
	client->octets += in.n;
	if (!client->is_counting)
		buf_put(&client->in, in);
	note(client, CLIENT_RECEIVED);
}

static void
on_writable(void *ctx)
{
	note(ctx, CLIENT_WRITABLE);
}

static void
on_closed(void *ctx, const struct error *error)
{
	struct client *client = ctx;

	client->error = *error;
	note(client, CLIENT_CLOSED);
}

static gboolean
too_late(gpointer ctx)
{
	(void)ctx;
	cr_assert_fail("nothing happened for half a minute");
	return G_SOURCE_REMOVE;
}

void
client_begin(struct client *client)
{
	client->context = g_main_context_new();
	g_main_context_push_thread_default(client->context);
}

void
client_open(struct client *client, const struct conn_settings *settings)
{
	static const struct conn_events events = {
		.connected = on_connected,
		.secured = on_secured,
		.received = on_received,
		.writable = on_writable,
		.closed = on_closed,
	};

	client->in_call = true;
	client->conn = conn_open(settings, &events, client);
	client->in_call = false;
}

static GSource *
watchdog_new(GMainContext *context)
{
	GSource *source = g_timeout_source_new_seconds(30);

	g_source_set_callback(source, too_late, NULL, NULL);
	g_source_attach(source, context);
	return source;
}

static void
watchdog_free(GSource *source)
{
	g_source_destroy(source);
	g_source_unref(source);
}

void
client_await(struct client *client, enum client_event event, int count)
{
	GSource *watchdog = watchdog_new(client->context);

	while (client->count[event] < count) {
		if (event != CLIENT_CLOSED)
			cr_assert_eq(client->count[CLIENT_CLOSED], 0,
			    "closed: %s", client->error.text);
		g_main_context_iteration(client->context, TRUE);
	}
	watchdog_free(watchdog);
}

void
client_await_octets(struct client *client, uint64_t n)
{
	GSource *watchdog = watchdog_new(client->context);

	while (client->octets < n) {
		cr_assert_eq(client->count[CLIENT_CLOSED], 0, "closed: %s",
		    client->error.text);
		g_main_context_iteration(client->context, TRUE);
	}
	watchdog_free(watchdog);
}

void
client_end(struct client *client)
{
	conn_free(client->conn);
	client->conn = NULL;
	buf_fini(&client->in);
	g_main_context_pop_thread_default(client->context);
	g_main_context_unref(client->context);
}
