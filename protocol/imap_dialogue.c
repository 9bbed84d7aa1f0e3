/* SPDX-License-Identifier: MIT */
/*
 * From the greeting to READY: one function for the answer in each stage.
 *
 *   GREETING -> CLEAR -> STARTTLS -> HANDSHAKE -> CAPABILITY -> LOGIN ->
 *   RECAPABILITY -> COMPRESS -> INFLATE -> ENABLE -> READY
 *
 * COMPRESS and INFLATE exist where the server announces COMPRESS=DEFLATE
 * (RFC 4978).  Behind the login, so that no secret is ever compressed
 * together with what somebody else may choose.
 *
 * CLEAR to HANDSHAKE exist for CHANNEL_STARTTLS alone.  What is said there
 * serves to find STARTTLS and is forgotten; whatever goes wrong there ends
 * the session, and no text of the server's is shown.  The password leaves
 * in send_password, the one caller of which is start_login, behind a check
 * of the channel.  RFC 9051 2 and 11; SECURITY.md 1.
 */
#include "protocol/imap_private.h"

#include "base/bug.h"
#include "base/cleanup.h"

static void
send_plain(struct imap *imap, enum imap_verb verb, const char *line)
{
	struct imap_command *c = imap_queue_begin(imap, verb, 0, line);

	imap_command_puts(c, "\r\n");
	imap_queue_add(imap, c);
	imap_queue_pump(imap);
}

static void
ask_capabilities(struct imap *imap, enum imap_stage stage)
{
	imap->stage = stage;
	imap->has_capabilities = false;
	send_plain(imap, IMAP_VERB_CAPABILITY, "CAPABILITY");
}

/*
 * Taken while they are wanted only: a list that comes later, unasked, would
 * change the rules in the middle of the game.
 */
void
imap_dialogue_capabilities(struct imap *imap, struct span words)
{
	switch (imap->stage) {
	case IMAP_STAGE_STARTTLS:
	case IMAP_STAGE_HANDSHAKE:
	case IMAP_STAGE_COMPRESS:
	case IMAP_STAGE_INFLATE:
	case IMAP_STAGE_ENABLE:
	case IMAP_STAGE_READY:
		return;
	case IMAP_STAGE_GREETING:
	case IMAP_STAGE_CLEAR:
	case IMAP_STAGE_CAPABILITY:
	case IMAP_STAGE_LOGIN:
	case IMAP_STAGE_RECAPABILITY:
		break;
	}
	buf_reset(&imap->mechanisms);
	imap->capabilities = imap_parse_capabilities(words, &imap->settings,
	    &imap->mechanisms);
	imap->append_limit = imap->capabilities & IMAP_CAP_APPENDLIMIT ?
	    imap_parse_append_limit(words) : 0;
	imap->has_capabilities = true;
}

static void
start_tls(struct imap *imap)
{
	if (!(imap->capabilities & IMAP_CAP_STARTTLS)) {
		imap_fail(imap, ERR_TLS,
		    "offers no STARTTLS; nothing was sent in clear");
		return;
	}
	imap->stage = IMAP_STAGE_STARTTLS;
	send_plain(imap, IMAP_VERB_STARTTLS, "STARTTLS");
}

/* Buffers that will hold the password are large enough from the start. */
static struct imap_command *
begin_secret(struct imap *imap, enum imap_verb verb, const char *words)
{
	const struct credentials *who = &imap->settings.credentials;
	size_t room = IMAP_COMMAND_LINE + 4 * (who->user.n + who->password.n);
	struct imap_command *c = imap_queue_begin(imap, verb, 0, words);

	c->has_secret = true;
	buf_room(&c->text, room);
	buf_room(&imap->sasl_said, room);
	return c;
}

/* AUTHENTICATE, with the first answer where the server takes it. */
static void
send_authenticate(struct imap *imap, struct span mechanism)
{
	struct imap_command *c = begin_secret(imap, IMAP_VERB_AUTHENTICATE,
	    "AUTHENTICATE ");
	struct error e = { .kind = ERR_OK };

	imap_command_atom(c, mechanism);
	if (sasl_new(mechanism, "imap", &imap->settings, &imap->sasl, &e) ==
	    ERR_OK && imap->capabilities & IMAP_CAP_SASL_IR &&
	    sasl_client_first(imap->sasl)) {
		sasl_step(imap->sasl, (struct span){ NULL, 0 },
		    &imap->sasl_said, &e);
		buf_putc(&c->text, ' ');
		if (imap->sasl_said.n == 0)
			buf_putc(&c->text, '=');	/* RFC 4959 3 */
		buf_put(&c->text, buf_span(&imap->sasl_said));
	}
	buf_puts(&c->text, "\r\n");
	if (e.kind != ERR_OK) {
		imap_fail_with(imap, &e);
		imap_command_free(c);
		return;
	}
	imap_queue_add(imap, c);
	imap_queue_pump(imap);
}

static void
send_login(struct imap *imap)
{
	/* Announced, but not yet enabled. */
	uint64_t capabilities = imap->capabilities & ~IMAP_CAP_UTF8_ACCEPT;
	struct imap_command *c = begin_secret(imap, IMAP_VERB_LOGIN,
	    "LOGIN ");

	imap_command_string(c, imap->settings.credentials.user,
	    capabilities, false);
	imap_command_puts(c, " ");
	imap_command_string(c, imap->settings.credentials.password,
	    capabilities, false);
	imap_command_puts(c, "\r\n");
	if (c->is_unsayable) {
		imap_fail(imap, ERR_CONFIG,
		    "cannot be told a user name or password with a line end");
		imap_command_free(c);
		return;
	}
	imap_queue_add(imap, c);
	imap_queue_pump(imap);
}

/* The one place that a password leaves by. */
static void
send_password(struct imap *imap, struct span mechanism)
{
	bug_on(!imap_is_trusted(imap));
	imap->stage = IMAP_STAGE_LOGIN;
	imap->has_capabilities = false;
	if (mechanism.n)
		send_authenticate(imap, mechanism);
	else
		send_login(imap);
}

static bool
may_send_login(const struct imap *imap)
{
	if (imap->capabilities & IMAP_CAP_LOGINDISABLED)
		return false;
	return !session_masks(&imap->settings, SPAN_LIT("LOGIN"));
}

static bool
speaks_imap4(struct imap *imap)
{
	if (imap->capabilities & (IMAP_CAP_REV1 | IMAP_CAP_REV2))
		return true;
	imap_fail(imap, ERR_PROTO, "speaks neither IMAP4rev1 nor IMAP4rev2");
	return false;
}

static void
start_login(struct imap *imap)
{
	const struct credentials *who = &imap->settings.credentials;
	struct span mechanism = sasl_choose(buf_span(&imap->mechanisms),
	    &imap->settings);

	if (!speaks_imap4(imap))
		return;
	if (who->password.n == 0)
		imap_fail(imap, ERR_AUTH,
		    "asks for a password and there is none");
	else if (mechanism.n == 0 && !may_send_login(imap))
		imap_fail(imap, ERR_AUTH,
		    "offers no way to log in that surat knows");
	else
		send_password(imap, mechanism);
}

static void
become_ready(struct imap *imap)
{
	if (!(imap->enabled & IMAP_CAP_QRESYNC))
		imap->capabilities &= ~IMAP_CAP_QRESYNC;
	if (imap_is_utf8(imap))
		imap->capabilities |= IMAP_CAP_UTF8_ACCEPT;
	else
		imap->capabilities &= ~IMAP_CAP_UTF8_ACCEPT;
	imap->stage = IMAP_STAGE_READY;
	imap_forget_password(imap);
	imap_emit(imap, IMAP_READY);
}

static void
send_enable(struct imap *imap)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} wishes[] = {
		{ IMAP_CAP_CONDSTORE, " CONDSTORE" },
		{ IMAP_CAP_QRESYNC, " QRESYNC" },
		{ IMAP_CAP_UTF8_ACCEPT, " UTF8=ACCEPT" },
	};
	CLEANUP(buf_fini) struct buf line = { 0 };

	buf_puts(&line, "ENABLE");
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		if (imap->capabilities & wishes[i].bit)
			buf_puts(&line, wishes[i].name);
	if (imap->capabilities & IMAP_CAP_ENABLE &&
	    line.n > sizeof "ENABLE" - 1)
		send_plain(imap, IMAP_VERB_ENABLE, buf_str(&line));
}

static void
introduce(struct imap *imap)
{
	imap->stage = IMAP_STAGE_ENABLE;
	if (imap->capabilities & IMAP_CAP_ID)
		send_plain(imap, IMAP_VERB_ID,
		    "ID (\"name\" \"surat\" \"version\" \"" PACKAGE_VERSION
		    "\")");
	send_enable(imap);
	if (!imap->queue)
		become_ready(imap);
}

static void
start_session(struct imap *imap)
{
	if (!speaks_imap4(imap))
		return;
	if (!(imap->capabilities & IMAP_CAP_COMPRESS)) {
		introduce(imap);
		return;
	}
	imap->stage = IMAP_STAGE_COMPRESS;
	send_plain(imap, IMAP_VERB_COMPRESS, "COMPRESS DEFLATE");
}

static void
on_preauth(struct imap *imap)
{
	if (!imap_is_trusted(imap))
		imap_fail(imap, ERR_TLS,
		    "wants to skip TLS (PREAUTH); not going on");
	else if (imap->has_capabilities)
		start_session(imap);
	else
		ask_capabilities(imap, IMAP_STAGE_RECAPABILITY);
}

static void
on_greeting_ok(struct imap *imap)
{
	bool is_clear = !imap_is_trusted(imap);

	if (!imap->has_capabilities)
		ask_capabilities(imap, is_clear ? IMAP_STAGE_CLEAR :
		    IMAP_STAGE_CAPABILITY);
	else if (is_clear)
		start_tls(imap);
	else
		start_login(imap);
}

void
imap_dialogue_greeting(struct imap *imap, struct span word,
    const struct imap_reply *reply)
{
	struct imap_event *event;

	if (span_ieq(word, SPAN_LIT("BYE")) ||
	    span_ieq(word, SPAN_LIT("NO"))) {
		imap_fail_words(imap, ERR_AGAIN, "lets nobody in now",
		    reply->text);
		return;
	}
	if (span_ieq(word, SPAN_LIT("BAD"))) {
		imap_fail_words(imap, ERR_PROTO, "refused the connection",
		    reply->text);
		return;
	}
	event = imap_emit(imap, IMAP_GREETING);
	if (imap_is_trusted(imap))
		event->text = reply->text;
	if (span_ieq(word, SPAN_LIT("PREAUTH")))
		on_preauth(imap);
	else
		on_greeting_ok(imap);
}

/* RFC 9051 6.2.2: a line that is not base64 makes sasl_step fail. */
void
imap_dialogue_challenge(struct imap *imap, struct span challenge)
{
	struct error e = { .kind = ERR_OK };

	bug_on(!imap->sasl);
	secret_wipe(&imap->sasl_said);
	if (sasl_step(imap->sasl, challenge, &imap->sasl_said, &e) != ERR_OK) {
		imap_fail_with(imap, &e);
		return;
	}
	output_put_secret(&imap->out, buf_span(&imap->sasl_said));
	output_puts(&imap->out, "\r\n");
}

static void
on_clear_capability(struct imap *imap, const struct imap_reply *reply)
{
	if (reply->status == IMAP_OK)
		start_tls(imap);
	else
		imap_fail(imap, ERR_TLS,
		    "does not say whether it can start TLS");
}

static void
on_starttls(struct imap *imap, const struct imap_reply *reply)
{
	if (reply->status != IMAP_OK) {
		imap_fail(imap, ERR_TLS,
		    "refused STARTTLS; nothing was sent in clear");
		return;
	}
	if (imap->behind) {
		imap_fail(imap, ERR_TLS,
		    "sent clear text behind its answer to STARTTLS");
		return;
	}
	imap->stage = IMAP_STAGE_HANDSHAKE;
	imap_emit(imap, IMAP_STARTTLS);
}

void
imap_dialogue_secured(struct imap *imap)
{
	imap->capabilities = 0;
	buf_reset(&imap->mechanisms);
	imap_frame_reset(&imap->frame);
	ask_capabilities(imap, IMAP_STAGE_CAPABILITY);
}

static void
on_capability(struct imap *imap, const struct imap_reply *reply)
{
	if (reply->status != IMAP_OK)
		imap_fail_words(imap, ERR_PROTO, "refused CAPABILITY",
		    reply->text);
	else if (imap->stage == IMAP_STAGE_CAPABILITY)
		start_login(imap);
	else
		start_session(imap);
}

static enum err
refusal_kind(const struct imap_reply *reply)
{
	return reply->code == IMAP_CODE_UNAVAILABLE ||
	    reply->code == IMAP_CODE_INUSE ||
	    reply->code == IMAP_CODE_LIMIT ||
	    reply->code == IMAP_CODE_SERVERBUG ? ERR_AGAIN : ERR_AUTH;
}

static void
on_login(struct imap *imap, const struct imap_reply *reply)
{
	bool is_proven = !imap->sasl || sasl_is_complete(imap->sasl);
	enum err kind;

	if (reply->status != IMAP_OK) {
		kind = refusal_kind(reply);
		imap_fail_words(imap, kind, kind == ERR_AUTH ?
		    "refused the user name or password" :
		    "cannot log anybody in now", reply->text);
		return;
	}
	if (!is_proven) {
		imap_fail(imap, ERR_AUTH,
		    "did not prove that it knows the password");
		return;
	}
	imap_forget_password(imap);
	if (imap->has_capabilities)
		start_session(imap);
	else
		ask_capabilities(imap, IMAP_STAGE_RECAPABILITY);
}

/* A refusal costs nothing but octets: NO [COMPRESSIONACTIVE], or BAD. */
static void
on_compress(struct imap *imap, const struct imap_reply *reply)
{
	if (reply->status != IMAP_OK) {
		introduce(imap);
		return;
	}
	imap->stage = IMAP_STAGE_INFLATE;
	imap_emit(imap, IMAP_COMPRESS);
}

void
imap_dialogue_compressed(struct imap *imap)
{
	introduce(imap);
}

/* ID and ENABLE may be refused: then they are not used. */
static void
on_enable(struct imap *imap, const struct imap_reply *reply)
{
	(void)reply;
	if (!imap->queue)
		become_ready(imap);
}

void
imap_dialogue_answer(struct imap *imap, const struct imap_reply *reply)
{
	static void (*const on_answer[])(struct imap *,
	    const struct imap_reply *) = {
		[IMAP_STAGE_CLEAR] = on_clear_capability,
		[IMAP_STAGE_STARTTLS] = on_starttls,
		[IMAP_STAGE_CAPABILITY] = on_capability,
		[IMAP_STAGE_LOGIN] = on_login,
		[IMAP_STAGE_RECAPABILITY] = on_capability,
		[IMAP_STAGE_COMPRESS] = on_compress,
		[IMAP_STAGE_ENABLE] = on_enable,
		[IMAP_STAGE_READY] = NULL,
	};

	bug_on(!on_answer[imap->stage]);
	on_answer[imap->stage](imap, reply);
}
