/* SPDX-License-Identifier: MIT */
/*
 * A GTask owns the look-up.  When its context goes away before the answer
 * was delivered the task is released without one: nothing leaks when the
 * loop is stopped while DNS is silent.  A look-up that was cancelled goes
 * when the system answers at last.
 *
 * Threads: lookup_ask runs in the pool and touches question and answer;
 * everything else belongs to the owner's thread.
 */
#include "src/net/lookup.h"

#include <gio/gio.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct lookup {
	struct host host;
	uint16_t port;
	int family, flags;
	struct answer answer;
	lookup_done *done;	/* NULL once cancelled */
	void *ctx;		/* borrowed: the owner's */
};

static void
lookup_ask(const struct lookup *question, struct answer *answer)
{
	struct addrinfo *list = NULL;
	struct addrinfo hints = {
		.ai_family = question->family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | question->flags,
	};
	char service[8];

	*answer = (struct answer){ 0 };
	snprintf(service, sizeof service, "%u", (unsigned)question->port);
	answer->code = getaddrinfo(question->host.name, service, &hints,
	    &list);
	if (answer->code != 0)
		return;
	for (const struct addrinfo *ai = list; ai && answer->n < LOOKUP_MAX;
	    ai = ai->ai_next) {
		struct address *to = &answer->found[answer->n];

		if (ai->ai_addrlen > sizeof to->sa)
			continue;
		memcpy(&to->sa, ai->ai_addr, ai->ai_addrlen);
		to->size = ai->ai_addrlen;
		answer->n++;
	}
	freeaddrinfo(list);
}

static void
task_work(GTask *task, gpointer source, gpointer p, GCancellable *cancellable)
{
	struct lookup *lookup = p;

	(void)source;
	(void)cancellable;
	lookup_ask(lookup, &lookup->answer);
	g_task_return_boolean(task, TRUE);
}

static void
task_returned(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct lookup *lookup = g_task_get_task_data(G_TASK(result));

	(void)source;
	(void)ctx;
	if (lookup->done)
		lookup->done(lookup->ctx, &lookup->answer);
}

struct lookup *
lookup_start(const struct host *host, uint16_t port, int family,
    lookup_done *done, void *ctx)
{
	struct lookup *lookup = xcalloc(1, sizeof *lookup);
	GTask *task = g_task_new(NULL, NULL, task_returned, NULL);

	lookup->host = *host;
	lookup->port = port;
	lookup->family = family;
	lookup->done = done;
	lookup->ctx = ctx;
	g_task_set_task_data(task, lookup, free);
	g_task_run_in_thread(task, task_work);
	g_object_unref(task);
	return lookup;
}

void
lookup_cancel(struct lookup *lookup)
{
	if (lookup)
		lookup->done = NULL;
}

void
lookup_literal(const struct host *host, uint16_t port, int family,
    struct answer *answer)
{
	struct lookup question = { .host = *host, .port = port,
		.family = family, .flags = AI_NUMERICHOST };

	lookup_ask(&question, answer);
}
