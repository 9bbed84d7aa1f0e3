/* SPDX-License-Identifier: MIT */
/* Account states; see report.h. */
#include "src/core/report.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/log.h"

enum { REPORT_EVERY_MS = 250 };

void
report_init(struct report *r, struct store *store, uint32_t account)
{
	*r = (struct report){
		.store = store,
		.account = account,
		.link = LINK_OFFLINE,
		.last_heard = DATE_NONE,
		.retry_at = DATE_NONE,
	};
}

void
report_fini(struct report *r)
{
	timer_clear(&r->later);
	buf_fini(&r->error);
	buf_fini(&r->send_error);
}

static struct account_state
report_state(const struct report *r)
{
	return (struct account_state){
		.link = r->link,
		.last_heard = r->last_heard,
		.retry_at = r->retry_at,
		.done = r->done,
		.total = r->total,
		.error = r->error.n ? buf_span(&r->error) :
		    buf_span(&r->send_error),
	};
}

static void
report_write(void *ctx)
{
	struct report *r = ctx;
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct account_state state = report_state(r);
	struct error e;

	timer_clear(&r->later);
	if (r->is_mute)
		return;
	r->written_ms = timer_now_ms();
	r->written = r->link;
	store_write(r->store, &t);
	store_account_state_put(&t, r->account, &state);
	/* Only a notice: what matters was committed by others or will fail. */
	if (store_commit(&t, &e) != ERR_OK)
		log_warning("sync", "state not written: %s", e.text);
}

static void
report_late(void *ctx)
{
	struct report *r = ctx;

	if (r->link != r->written || r->total)
		report_write(r);
}

static bool
report_is_online(enum link_state link)
{
	return link == LINK_SYNCING || link == LINK_LISTENING;
}

void
report_link(struct report *r, enum link_state link, int64_t retry_at,
    const struct error *error)
{
	struct span text = span_of(error ? error->text : "");

	if (r->link == link && r->retry_at == retry_at &&
	    span_eq(buf_span(&r->error), text))
		return;
	r->link = link;
	r->retry_at = retry_at;
	buf_reset(&r->error);
	buf_put(&r->error, text);
	if (link != LINK_SYNCING)
		r->done = r->total = 0;
	if (report_is_online(link) && report_is_online(r->written))
		timer_set(&r->later, REPORT_EVERY_MS, report_late, r);
	else
		report_write(r);
}

void
report_sending(struct report *r, const struct error *error)
{
	struct span text = span_of(error ? error->text : "");

	if (span_eq(buf_span(&r->send_error), text))
		return;
	buf_reset(&r->send_error);
	buf_put(&r->send_error, text);
	report_write(r);
}

void
report_progress(struct report *r, uint64_t done, uint64_t total)
{
	int64_t left = r->written_ms + REPORT_EVERY_MS - timer_now_ms();

	if (r->done == done && r->total == total)
		return;
	r->done = done;
	r->total = total;
	if (left <= 0)
		report_write(r);
	else if (!timer_is_set(&r->later))
		timer_set(&r->later, (unsigned)left, report_write, r);
}

bool
report_take_progress(struct report *r, uint64_t done, uint64_t total,
    struct account_state *out)
{
	if (r->is_mute || r->error.n || r->send_error.n ||
	    timer_now_ms() - r->written_ms < REPORT_EVERY_MS)
		return false;
	timer_clear(&r->later);
	r->done = done;
	r->total = total;
	r->written_ms = timer_now_ms();
	r->written = r->link;
	*out = report_state(r);
	return true;
}

void
report_heard(struct report *r)
{
	r->last_heard = timer_wall_s();
}
