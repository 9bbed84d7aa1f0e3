/* SPDX-License-Identifier: MIT */
#include "protocol/engine.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/secret.h"

enum { WORDS_MAX = 120 };	/* octets of a server's words in an error */

void
engine_init(struct engine *e, const struct session_settings *settings,
    size_t line_max)
{
	*e = (struct engine){ .is_secure = settings->channel == CHANNEL_TLS };
	session_settings_copy(&e->settings, settings);
	line_init(&e->lines, line_max);
}

void
engine_fini(struct engine *e)
{
	engine_auth_end(e);
	session_settings_fini(&e->settings);
	line_fini(&e->lines);
	output_fini(&e->output);
	secret_fini(&e->secret);
	buf_fini(&e->words);
}

enum step
engine_stop(struct engine *e, enum err kind)
{
	bug_on(kind == ERR_OK);
	output_drop(&e->output);
	return STEP_ERROR;
}

/* A server that answers "unknown command PASS x" must not be quoted. */
static bool
repeats_a_secret(const struct engine *e, struct span text)
{
	const struct span secrets[] = {
		e->settings.credentials.password, buf_span(&e->secret),
	};

	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		if (secrets[i].n && span_find(text, secrets[i]) != SIZE_MAX)
			return true;
	return false;
}

const char *
engine_words(struct engine *e, struct span text)
{
	CLEANUP(buf_fini) struct buf clean = { 0 };
	struct span rest, grapheme;

	buf_reset(&e->words);
	text = span_trim(text);
	if (text.n == 0 || !engine_may_log_in(e) || repeats_a_secret(e, text))
		return "";
	buf_puts(&e->words, ": ");
	text_clean(&clean, (struct span){ text.p,
	    text.n < WORDS_MAX ? text.n : WORDS_MAX });
	rest = buf_span(&clean);
	while ((grapheme = text_grapheme(&rest, NULL)).n &&
	    e->words.n + grapheme.n <= WORDS_MAX)
		buf_put(&e->words, grapheme);
	return buf_str(&e->words);
}

enum line
engine_line(struct engine *e, struct span *in, struct span *line)
{
	enum line got = line_take(&e->lines, in, line);

	if (got == LINE_LONG)
		engine_fail(e, ERR_LIMIT, "the server sent a line of more "
		    "than %zu octets", e->lines.max);
	return got;
}

void
engine_begin_tls(struct engine *e)
{
	e->awaits_handshake = true;
}

enum step
engine_check_tls(struct engine *e, struct span in)
{
	if (!e->awaits_handshake || in.n == 0)
		return STEP_MORE;
	return engine_fail(e, ERR_TLS,
	    "the server, or somebody on the way, sent clear text where TLS "
	    "must begin");
}

void
engine_secured(struct engine *e)
{
	bug_on(!e->awaits_handshake);
	e->awaits_handshake = false;
	e->is_secure = true;
}

bool
engine_may_log_in(const struct engine *e)
{
	return e->is_secure || e->settings.channel == CHANNEL_INSECURE;
}

void
engine_send_secret(struct engine *e, const char *verb, struct span secret)
{
	bug_on(!engine_may_log_in(e));
	output_puts(&e->output, verb);
	output_put_secret(&e->output, secret);
	output_puts(&e->output, "\r\n");
}

static enum step
send_auth_line(struct engine *e, const char *verb)
{
	engine_send_secret(e, verb, buf_span(&e->secret));
	return STEP_MORE;
}

enum step
engine_auth(struct engine *e, struct span mechanism, const char *service,
    size_t line_max)
{
	CLEANUP(buf_fini) struct buf verb = { 0 };
	enum err err = sasl_new(mechanism, service, &e->settings, &e->sasl,
	    &e->error);
	bool is_first = err == ERR_OK && sasl_client_first(e->sasl);

	if (is_first)
		err = sasl_step(e->sasl, (struct span){ NULL, 0 }, &e->secret,
		    &e->error);
	if (err != ERR_OK)
		return engine_stop(e, err);
	buf_puts(&verb, "AUTH ");
	buf_put(&verb, mechanism);
	if (is_first && verb.n + e->secret.n + 3 <= line_max) {
		buf_putc(&verb, ' ');
		return send_auth_line(e, buf_str(&verb));
	}
	e->is_held_back = is_first;
	output_put(&e->output, buf_span(&verb));
	output_puts(&e->output, "\r\n");
	return STEP_MORE;
}

enum step
engine_auth_challenge(struct engine *e, struct span challenge)
{
	enum err err;

	if (e->is_held_back) {
		e->is_held_back = false;
		return send_auth_line(e, "");
	}
	secret_wipe(&e->secret);
	err = sasl_step(e->sasl, challenge, &e->secret, &e->error);
	return err == ERR_OK ? send_auth_line(e, "") : engine_stop(e, err);
}

enum step
engine_auth_done(struct engine *e)
{
	if (e->is_held_back || !sasl_is_complete(e->sasl))
		return engine_fail(e, ERR_AUTH,
		    "the server says yes without having proved that it knows "
		    "the password");
	engine_auth_end(e);
	return STEP_MORE;
}

void
engine_auth_end(struct engine *e)
{
	sasl_free(e->sasl);
	e->sasl = NULL;
	e->is_held_back = false;
	secret_wipe(&e->secret);
}
