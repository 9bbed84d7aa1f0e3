/* SPDX-License-Identifier: MIT */
#include "src/core/runner.h"

static gpointer
runner_main(gpointer ctx)
{
	struct runner *r = ctx;

	g_mutex_lock(&r->lock);
	for (;;) {
		struct error e = { 0 };

		while (!r->is_busy && !r->is_ending)
			g_cond_wait(&r->changed, &r->lock);
		if (!r->is_busy)
			break;
		g_mutex_unlock(&r->lock);
		r->job(r->ctx, &e);
		g_mutex_lock(&r->lock);
		if (r->error.kind == ERR_OK)
			r->error = e;
		r->is_busy = false;
		g_cond_broadcast(&r->changed);
	}
	g_mutex_unlock(&r->lock);
	return NULL;
}

void
runner_fini(struct runner *r)
{
	if (!r->thread)
		return;
	g_mutex_lock(&r->lock);
	r->is_ending = true;
	g_cond_broadcast(&r->changed);
	g_mutex_unlock(&r->lock);
	g_thread_join(r->thread);
	r->thread = NULL;
	g_cond_clear(&r->changed);
	g_mutex_clear(&r->lock);
}

enum err
runner_wait(struct runner *r, struct error *e)
{
	*e = (struct error){ 0 };
	if (!r->thread)
		return ERR_OK;
	g_mutex_lock(&r->lock);
	while (r->is_busy)
		g_cond_wait(&r->changed, &r->lock);
	*e = r->error;
	g_mutex_unlock(&r->lock);
	return e->kind;
}

enum err
runner_start(struct runner *r, runner_job *job, void *ctx, struct error *e)
{
	if (runner_wait(r, e) != ERR_OK)
		return e->kind;
	if (!r->thread) {
		g_mutex_init(&r->lock);
		g_cond_init(&r->changed);
		r->thread = g_thread_new("writer", runner_main, r);
	}
	g_mutex_lock(&r->lock);
	r->job = job;
	r->ctx = ctx;
	r->is_busy = true;
	g_cond_broadcast(&r->changed);
	g_mutex_unlock(&r->lock);
	return ERR_OK;
}

bool
runner_is_idle(struct runner *r)
{
	bool is_busy;

	if (!r->thread)
		return true;
	g_mutex_lock(&r->lock);
	is_busy = r->is_busy;
	g_mutex_unlock(&r->lock);
	return !is_busy;
}
