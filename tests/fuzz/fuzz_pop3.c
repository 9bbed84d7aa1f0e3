/* SPDX-License-Identifier: MIT */
/*
 * The POP3 engine against any server.  The first octet of the input is the
 * channel ('0' to '2'), the rest what the server sends, in packets that end
 * in 0x1e.  Checked besides crashes: one POP3_DONE for a command, in order;
 * UIDLs as promised; no password before TLS.
 */
#include <stdint.h>

#include "base/bug.h"
#include "protocol/pop3.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct session {
	struct pop3 *pop3;
	enum channel channel;
	bool is_secure;
	uint32_t issued, done;
};

static void
issue(struct session *s)
{
	s->issued = pop3_stat(s->pop3);
	pop3_uidl(s->pop3);
	pop3_list(s->pop3);
	pop3_retr(s->pop3, 1);
	pop3_top(s->pop3, 2, 0);
	pop3_dele(s->pop3, 1);
	pop3_quit(s->pop3);
	s->issued = pop3_noop(s->pop3);
}

static void
check(struct session *s, const struct pop3_event *event)
{
	switch (event->kind) {
	case POP3_STARTTLS:
		bug_on(s->channel != CHANNEL_STARTTLS || s->is_secure);
		pop3_secured(s->pop3);
		s->is_secure = true;
		break;
	case POP3_READY:
		bug_on(s->issued);
		issue(s);
		break;
	case POP3_UIDL:
		bug_on(event->uidl.n == 0 || event->uidl.n > POP3_UIDL_MAX);
		bug_on(event->number == 0);
		break;
	case POP3_LIST:
		bug_on(event->number == 0);
		break;
	case POP3_DATA:
		bug_on(event->piece.n == 0);
		break;
	case POP3_DONE:
		bug_on(event->tag != ++s->done);
		break;
	}
}

static void
feed(struct session *s, struct span in)
{
	struct pop3_event event;

	while (pop3_step(s->pop3, &in, &event) == STEP_EVENT) {
		struct span out = pop3_output(s->pop3);

		bug_on(s->channel == CHANNEL_STARTTLS && !s->is_secure &&
		    span_find(out, SPAN_LIT("rahasia")) != SIZE_MAX);
		pop3_sent(s->pop3, out.n);
		check(s, &event);
	}
	bug_on(s->done > s->issued);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct session_settings settings = {
		.credentials = { SPAN("budi"), SPAN("rahasia") },
		.host = SPAN("mail.example"),
	};
	struct session s = { 0 };
	struct span rest = { (const char *)p, n }, packet;

	if (n == 0)
		return 0;
	settings.channel = s.channel = (enum channel)(*p % 3);
	s.pop3 = pop3_new(&settings);
	span_take(&rest, 1);
	while (span_split(&rest, 0x1e, &packet))
		feed(&s, packet);
	bug_on(pop3_in_flight(s.pop3) != s.issued - s.done);
	pop3_free(s.pop3);
	return 0;
}
