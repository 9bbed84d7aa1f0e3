/* SPDX-License-Identifier: MIT */
/*
 * The SMTP engine against any server.  The first octet of the input is the
 * channel ('0' to '2'), the rest what the server sends, in packets that end
 * in 0x1e.  Checked besides crashes: the dot only after all of the letter,
 * verdicts only for letters that are under way, no password before TLS.
 */
#include <stdint.h>

#include "base/bug.h"
#include "protocol/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct session {
	struct smtp *smtp;
	enum channel channel;
	bool is_secure, is_under_way, is_letter_given;
	int letters;
};

static void
mail(struct session *s)
{
	static const struct span to[] = { SPAN("siti@b"), SPAN("tono@b") };
	static const struct smtp_mail letter = {
		.from = SPAN("budi@a"), .to = to, .nto = 2,
	};

	if (s->letters++ == 3) {
		smtp_quit(s->smtp);
		return;
	}
	s->is_under_way = smtp_mail(s->smtp, &letter, NULL) == ERR_OK;
}

static void
check(struct session *s, const struct smtp_event *event)
{
	switch (event->kind) {
	case SMTP_STARTTLS:
		bug_on(s->channel != CHANNEL_STARTTLS || s->is_secure);
		smtp_secured(s->smtp);
		s->is_secure = true;
		break;
	case SMTP_READY:
		bug_on(s->channel == CHANNEL_STARTTLS && !s->is_secure);
		mail(s);
		break;
	case SMTP_RECIPIENT:
		bug_on(!s->is_under_way || event->index > 1);
		break;
	case SMTP_DATA:
		bug_on(!s->is_under_way);
		smtp_body(s->smtp, SPAN_LIT("a: b\n\n.\n"));
		smtp_body_end(s->smtp);
		s->is_letter_given = true;
		break;
	case SMTP_DOT:
		bug_on(!s->is_letter_given || smtp_output(s->smtp).n);
		s->is_letter_given = false;
		smtp_dot(s->smtp);
		break;
	case SMTP_ACCEPTED:
	case SMTP_FAILED:
		bug_on(!s->is_under_way || s->is_letter_given);
		bug_on(event->kind == SMTP_ACCEPTED &&
		    event->reply.code / 100 != 2);
		s->is_under_way = false;
		mail(s);
		break;
	case SMTP_CLOSED:
		bug_on(s->is_under_way);
		break;
	}
}

static void
feed(struct session *s, struct span in)
{
	struct smtp_event event;

	while (smtp_step(s->smtp, &in, &event) == STEP_EVENT) {
		check(s, &event);
		bug_on(s->channel == CHANNEL_STARTTLS && !s->is_secure &&
		    span_find(smtp_output(s->smtp), SPAN_LIT("AUTH")) !=
		    SIZE_MAX);
		smtp_sent(s->smtp, smtp_output(s->smtp).n);
	}
	smtp_sent(s->smtp, smtp_output(s->smtp).n);
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
	s.smtp = smtp_new(&settings);
	span_take(&rest, 1);
	while (span_split(&rest, 0x1e, &packet)) {
		feed(&s, packet);
		feed(&s, (struct span){ NULL, 0 });
	}
	smtp_free(s.smtp);
	return 0;
}
