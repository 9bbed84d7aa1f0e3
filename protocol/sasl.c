/* SPDX-License-Identifier: MIT */
/*
 * gsasl asks for what a mechanism needs by callback; it is told only the
 * user, the password, the service and the host.  No channel binding is
 * offered (gs2 flag "n"), no authorization identity.
 *
 * Against a hostile server: a challenge has a limit, and a SCRAM server
 * that asks for so many iterations that the program would stand still is
 * refused.  When it ends, the password is overwritten here and in gsasl's
 * property; what a mechanism derived from it (salted keys) is gsasl's.
 */
#include "protocol/sasl.h"

#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "protocol/secret.h"

struct mechanism {
	struct span name;
	struct span mask;
	bool is_client_first;
	bool takes_challenge;	/* LOGIN's prompts say nothing */
};

/* Best first. */
static const struct mechanism mechanisms[] = {
	{ SPAN("SCRAM-SHA-256"), SPAN("AUTH=SCRAM-SHA-256"), true, true },
	{ SPAN("PLAIN"), SPAN("AUTH=PLAIN"), true, true },
	{ SPAN("LOGIN"), SPAN("AUTH=LOGIN"), false, false },
};

struct sasl {
	Gsasl *library;			/* owned */
	Gsasl_session *session;		/* owned */
	const struct mechanism *mechanism;
	const char *service;		/* static */
	char *user, *password, *host;	/* owned */
	bool is_complete;
};

static bool
announces(struct span announced, struct span name)
{
	struct span word;

	while (span_split(&announced, ' ', &word))
		if (span_ieq(span_trim(word), name))
			return true;
	return false;
}

struct span
sasl_choose(struct span announced, const struct session_settings *settings)
{
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (!session_masks(settings, mechanisms[i].mask) &&
		    announces(announced, mechanisms[i].name))
			return mechanisms[i].name;
	return (struct span){ NULL, 0 };
}

static int
answer_property(Gsasl *library, Gsasl_session *session,
    Gsasl_property property)
{
	const struct sasl *sasl = gsasl_callback_hook_get(library);
	const char *value;

	/* gsasl's list, which may grow: everything else is not ours to say. */
	if (property == GSASL_AUTHID)
		value = sasl->user;
	else if (property == GSASL_PASSWORD)
		value = sasl->password;
	else if (property == GSASL_SERVICE)
		value = sasl->service;
	else if (property == GSASL_HOSTNAME)
		value = sasl->host;
	else
		return GSASL_NO_CALLBACK;
	return gsasl_property_set(session, property, value);
}

static const struct mechanism *
find(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (span_ieq(mechanisms[i].name, name))
			return &mechanisms[i];
	return NULL;
}

/* A NUL would end the string early: another user, a shorter password. */
static bool
can_be_sent(const struct credentials *c)
{
	return c->user.n > 0 && span_chr(c->user, '\0') == SIZE_MAX &&
	    span_chr(c->password, '\0') == SIZE_MAX;
}

enum err
sasl_new(struct span mechanism, const char *service,
    const struct session_settings *settings, struct sasl **out,
    struct error *e)
{
	const struct mechanism *m = find(mechanism);
	struct sasl *sasl;
	int rc;

	bug_on(!m);
	*out = NULL;
	if (!can_be_sent(&settings->credentials))
		return error_set(e, ERR_AUTH,
		    "the user name is empty, or it or the password has a NUL");
	sasl = xcalloc(1, sizeof *sasl);
	sasl->mechanism = m;
	sasl->service = service;
	sasl->user = span_dup(settings->credentials.user);
	sasl->password = span_dup(settings->credentials.password);
	sasl->host = span_dup(settings->host);
	rc = gsasl_init(&sasl->library);
	if (rc == GSASL_OK) {
		gsasl_callback_hook_set(sasl->library, sasl);
		gsasl_callback_set(sasl->library, answer_property);
		rc = gsasl_client_start(sasl->library, m->name.p,
		    &sasl->session);
	}
	if (rc != GSASL_OK) {
		sasl_free(sasl);
		return error_set(e, ERR_AUTH, "cannot log in with %s: %s",
		    m->name.p, gsasl_strerror(rc));
	}
	*out = sasl;
	return ERR_OK;
}

void
sasl_free(struct sasl *sasl)
{
	char *inside;

	if (!sasl)
		return;
	if (sasl->session) {
		/* gsasl frees its copy of the password as it is. */
		inside = (char *)gsasl_property_fast(sasl->session,
		    GSASL_PASSWORD);
		if (inside)
			explicit_bzero(inside, strlen(inside));
		gsasl_finish(sasl->session);
	}
	if (sasl->library)
		gsasl_done(sasl->library);
	secret_free(sasl->password);
	free(sasl->user);
	free(sasl->host);
	free(sasl);
}

bool
sasl_client_first(const struct sasl *sasl)
{
	return sasl->mechanism->is_client_first;
}

/*
 * Whether "r=...,s=...,i=4096" asks for more work than we do.  RFC 5802 7:
 * the count is the attribute i of the server-first message; other messages
 * of the server have none.
 */
static bool
is_too_costly(struct span message)
{
	struct span attribute;
	uint64_t count;

	while (span_split(&message, ',', &attribute))
		if (span_starts(attribute, SPAN_LIT("i=")) &&
		    (!span_u64(span_skip(attribute, 2), &count) ||
		    count > SASL_ITERATIONS_MAX))
			return true;
	return false;
}

/* Checks a challenge before gsasl sees it. */
static enum err
check(const char *base64, size_t n, struct error *e)
{
	CLEANUP(cleanup_free) char *plain = NULL;
	size_t len = 0;

	if (gsasl_base64_from(base64, n, &plain, &len) != GSASL_OK)
		return error_set(e, ERR_AUTH,
		    "the server's part of the login is not base64");
	if (is_too_costly((struct span){ plain, len }))
		return error_set(e, ERR_AUTH,
		    "the server asks for too many rounds of hashing");
	return ERR_OK;
}

static enum err
step(struct sasl *sasl, const char *base64, struct buf *answer,
    struct error *e)
{
	char *text = NULL;
	int rc = gsasl_step64(sasl->session, base64, &text);

	if (rc == GSASL_OK || rc == GSASL_NEEDS_MORE) {
		secret_put(answer, span_of(text));
		sasl->is_complete = rc == GSASL_OK;
	}
	secret_free(text);
	if (rc != GSASL_OK && rc != GSASL_NEEDS_MORE)
		return error_set(e, ERR_AUTH, "the login by %s failed: %s",
		    sasl->mechanism->name.p, gsasl_strerror(rc));
	return ERR_OK;
}

enum err
sasl_step(struct sasl *sasl, struct span challenge, struct buf *answer,
    struct error *e)
{
	CLEANUP(cleanup_free) char *base64 = NULL;
	enum err err;

	challenge = span_trim(challenge);
	if (sasl->is_complete)
		return error_set(e, ERR_AUTH,
		    "the server goes on asking after the login by %s",
		    sasl->mechanism->name.p);
	if (!sasl->mechanism->takes_challenge)
		return step(sasl, "", answer, e);
	if (challenge.n > SASL_CHALLENGE_MAX)
		return error_set(e, ERR_AUTH,
		    "the server's part of the login is too long");
	base64 = span_dup(challenge);
	err = check(base64, challenge.n, e);
	return err != ERR_OK ? err : step(sasl, base64, answer, e);
}

bool
sasl_is_complete(const struct sasl *sasl)
{
	return sasl->is_complete;
}
