/* SPDX-License-Identifier: MIT */
/*
 * The client of protocol/sasl.c against a server of gsasl's in the same
 * process, and against the lies that a hostile server can tell.
 */
#include <criterion/criterion.h>
#include <gsasl.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "protocol/output.h"
#include "protocol/sasl.h"
#include "protocol/secret.h"

static const struct session_settings budi = {
	.channel = CHANNEL_TLS,
	.credentials = { SPAN("budi"), SPAN("kata, sandi=1") },
	.host = SPAN("mail.example"),
};

static struct sasl *
start(const char *mechanism, const struct session_settings *settings)
{
	struct sasl *sasl;
	struct error e;

	cr_assert_eq(sasl_new(span_of(mechanism), "imap", settings, &sasl,
	    &e), ERR_OK);
	return sasl;
}

static int
tell_server(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
	const char *password = gsasl_callback_hook_get(library);

	if (property == GSASL_PASSWORD)
		return gsasl_property_set(session, property, password);
	if (property == GSASL_SCRAM_ITER)
		return gsasl_property_set(session, property, "4096");
	if (property == GSASL_VALIDATE_SIMPLE)
		return strcmp(gsasl_property_fast(session, GSASL_PASSWORD),
		    password) == 0 ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
	return GSASL_NO_CALLBACK;
}

/* Runs both sides; true when both say that all is well. */
static bool
talk(const char *mechanism, const char *password_there)
{
	struct sasl *sasl = start(mechanism, &budi);
	CLEANUP(secret_fini) struct buf answer = { 0 };
	char *challenge = NULL;
	Gsasl *library;
	Gsasl_session *server;
	int rc = GSASL_NEEDS_MORE;
	bool ok = true;

	gsasl_init(&library);
	gsasl_callback_set(library, tell_server);
	gsasl_callback_hook_set(library, (void *)password_there);
	gsasl_server_start(library, mechanism, &server);
	if (!sasl_client_first(sasl))
		rc = gsasl_step64(server, "", &challenge);
	while (rc == GSASL_NEEDS_MORE && ok) {
		buf_reset(&answer);
		ok = sasl_step(sasl, span_of(challenge), &answer, NULL) ==
		    ERR_OK;
		gsasl_free(challenge);
		challenge = NULL;
		if (ok)
			rc = gsasl_step64(server, buf_str(&answer),
			    &challenge);
	}
	/* The server may have its last word, and SCRAM's proof is in it. */
	if (rc == GSASL_OK && challenge && *challenge)
		ok = sasl_step(sasl, span_of(challenge), &answer, NULL) ==
		    ERR_OK;
	ok = ok && rc == GSASL_OK && sasl_is_complete(sasl);
	gsasl_free(challenge);
	gsasl_finish(server);
	gsasl_done(library);
	sasl_free(sasl);
	return ok;
}

Test(sasl, logs_in_with_each_mechanism)
{
	cr_expect(talk("SCRAM-SHA-256", "kata, sandi=1"));
	cr_expect(talk("PLAIN", "kata, sandi=1"));
	cr_expect(talk("LOGIN", "kata, sandi=1"));
}

Test(sasl, does_not_log_in_with_another_password)
{
	cr_expect_not(talk("SCRAM-SHA-256", "kata sandi"));
	cr_expect_not(talk("PLAIN", "kata sandi"));
	cr_expect_not(talk("LOGIN", "kata sandi"));
}

Test(sasl, chooses_the_strongest_that_is_not_masked)
{
	static const struct span weak[] = { SPAN("AUTH=SCRAM-SHA-256") };
	static const struct span none[] = { SPAN("AUTH=PLAIN"),
	    SPAN("AUTH=LOGIN"), SPAN("AUTH=SCRAM-SHA-256") };
	static const struct {
		const char *announced;
		const struct span *mask;
		size_t nmask;
		const char *want;
	} cases[] = {
		{ "PLAIN LOGIN SCRAM-SHA-256", NULL, 0, "SCRAM-SHA-256" },
		{ "LOGIN PLAIN", NULL, 0, "PLAIN" },
		{ "login  XOAUTH2", NULL, 0, "LOGIN" },
		{ "SCRAM-SHA-256 plain", weak, 1, "PLAIN" },
		{ "SCRAM-SHA-256-PLUS CRAM-MD5", NULL, 0, "" },
		{ "SCRAM-SHA-256 PLAIN LOGIN", none, 3, "" },
		{ "", NULL, 0, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct session_settings settings = {
			.mask = cases[i].mask, .nmask = cases[i].nmask,
		};
		struct span got = sasl_choose(span_of(cases[i].announced),
		    &settings);

		cr_expect(span_eq(got, span_of(cases[i].want)), "%s",
		    cases[i].announced);
	}
}

Test(sasl, plain_sends_no_authorization_identity)
{
	struct sasl *sasl = start("PLAIN", &budi);
	CLEANUP(secret_fini) struct buf answer = { 0 };

	cr_expect(sasl_client_first(sasl));
	cr_expect_not(sasl_is_complete(sasl));
	cr_expect_eq(sasl_step(sasl, SPAN_LIT(""), &answer, NULL), ERR_OK);
	cr_expect_str_eq(buf_str(&answer), "AGJ1ZGkAa2F0YSwgc2FuZGk9MQ==");
	cr_expect(sasl_is_complete(sasl));
	sasl_free(sasl);
}

Test(sasl, login_answers_any_two_prompts)
{
	static const char *const prompts[][2] = {
		{ "VXNlcm5hbWU6", "UGFzc3dvcmQ6" },
		{ "", "" },
		{ "User Name\xff", "Username:" },
	};

	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		struct sasl *sasl = start("LOGIN", &budi);
		CLEANUP(secret_fini) struct buf answer = { 0 };

		cr_expect_not(sasl_client_first(sasl));
		sasl_step(sasl, span_of(prompts[i][0]), &answer, NULL);
		cr_expect_str_eq(buf_str(&answer), "YnVkaQ==");
		cr_expect_not(sasl_is_complete(sasl));
		secret_wipe(&answer);
		sasl_step(sasl, span_of(prompts[i][1]), &answer, NULL);
		cr_expect_str_eq(buf_str(&answer), "a2F0YSwgc2FuZGk9MQ==");
		cr_expect(sasl_is_complete(sasl));
		sasl_free(sasl);
	}
}

/* Base64 of a SCRAM server-first message with our nonce made longer. */
static void
server_first(struct buf *out, struct buf *client_first, const char *rest)
{
	CLEANUP(buf_fini) struct buf text = { 0 };
	char *plain, *base64;
	size_t n;
	const char *nonce;

	cr_assert_eq(gsasl_base64_from(client_first->p, client_first->n,
	    &plain, &n), GSASL_OK);
	cr_assert(n > 10 && strncmp(plain, "n,,n=budi,r=", 12) == 0);
	nonce = strstr(plain, ",r=") + 3;
	buf_printf(&text, "r=%.*sxyz,%s", (int)(n - (size_t)(nonce - plain)),
	    nonce, rest);
	cr_assert_eq(gsasl_base64_to(text.p, text.n, &base64, &n), GSASL_OK);
	buf_puts(out, base64);
	gsasl_free(base64);
	gsasl_free(plain);
}

Test(sasl, scram_is_not_complete_before_the_servers_proof)
{
	/* v= of nothing; not base64; no proof at all; an error of SCRAM's */
	static const char *const last[] = { "dj1BQUFB", "!", "", "ZT1ub25l" };

	for (size_t i = 0; i < ARRAY_LEN(last); i++) {
		struct sasl *sasl = start("SCRAM-SHA-256", &budi);
		CLEANUP(secret_fini) struct buf answer = { 0 };
		CLEANUP(buf_fini) struct buf challenge = { 0 };
		struct error e;

		sasl_step(sasl, SPAN_LIT(""), &answer, NULL);
		cr_expect_not(sasl_is_complete(sasl));
		server_first(&challenge, &answer,
		    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
		secret_wipe(&answer);
		cr_assert_eq(sasl_step(sasl, buf_span(&challenge), &answer,
		    &e), ERR_OK, "%s", e.text);
		cr_expect_not(sasl_is_complete(sasl));
		cr_expect_eq(sasl_step(sasl, span_of(last[i]), &answer, &e),
		    ERR_AUTH, "%s", last[i]);
		cr_expect_not(sasl_is_complete(sasl), "%s", last[i]);
		sasl_free(sasl);
	}
}

Test(sasl, scram_refuses_work_without_end)
{
	static const char *const first[] = {
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4294967295",
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999999",
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1",
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
		"s=W22ZaJ0SNY7soEsUEjb6gQ==",
	};

	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		struct sasl *sasl = start("SCRAM-SHA-256", &budi);
		CLEANUP(secret_fini) struct buf answer = { 0 };
		CLEANUP(buf_fini) struct buf challenge = { 0 };

		sasl_step(sasl, SPAN_LIT(""), &answer, NULL);
		server_first(&challenge, &answer, first[i]);
		cr_expect_eq(sasl_step(sasl, buf_span(&challenge), &answer,
		    NULL), ERR_AUTH, "%s", first[i]);
		sasl_free(sasl);
	}
}

Test(sasl, refuses_nonsense_and_what_follows_the_end)
{
	struct sasl *sasl = start("SCRAM-SHA-256", &budi);
	CLEANUP(buf_fini) struct buf answer = { 0 }, big = { 0 };
	struct error e;

	for (size_t i = 0; i <= SASL_CHALLENGE_MAX; i++)
		buf_putc(&big, 'A');
	sasl_step(sasl, SPAN_LIT(""), &answer, NULL);
	cr_expect_eq(sasl_step(sasl, buf_span(&big), &answer, &e), ERR_AUTH);
	cr_expect_eq(sasl_step(sasl, SPAN_LIT("%%%"), &answer, &e), ERR_AUTH);
	sasl_free(sasl);

	sasl = start("PLAIN", &budi);
	sasl_step(sasl, SPAN_LIT(""), &answer, NULL);
	cr_expect_eq(sasl_step(sasl, SPAN_LIT(""), &answer, &e), ERR_AUTH);
	cr_expect_not(strstr(e.text, "kata"));
	sasl_free(sasl);
}

Test(sasl, refuses_credentials_that_a_nul_would_cut)
{
	static const struct credentials bad[] = {
		{ SPAN("bu\0di"), SPAN("x") },
		{ SPAN("budi"), SPAN("x\0y") },
		{ SPAN(""), SPAN("x") },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct session_settings settings = { .credentials = bad[i] };
		struct sasl *sasl;
		struct error e;

		cr_expect_eq(sasl_new(SPAN_LIT("PLAIN"), "pop", &settings,
		    &sasl, &e), ERR_AUTH);
		cr_expect_null(sasl);
	}
}

Test(secret, leaves_nothing_behind_when_wiped)
{
	struct buf b = { 0 };

	for (int i = 0; i < 50; i++)
		secret_put(&b, SPAN_LIT("kata sandi "));
	cr_expect_eq(b.n, 550);
	secret_wipe(&b);
	cr_expect_eq(b.n, 0);
	for (size_t i = 0; i < b.size; i++)
		cr_expect_eq(b.p[i], 0);
	secret_fini(&b);
	secret_free(NULL);
}

Test(output, forgets_a_secret_once_it_is_sent)
{
	struct output o = { 0 };

	output_puts(&o, "PASS ");
	output_put_secret(&o, SPAN_LIT("kata sandi"));
	output_puts(&o, "\r\n");
	output_sent(&o, 7);
	cr_expect(span_eq(output_span(&o), SPAN_LIT("ta sandi\r\n")));
	output_sent(&o, 10);
	cr_expect_eq(output_span(&o).n, 0);
	for (size_t i = 0; i < o.bytes.size; i++)
		cr_expect_eq(o.bytes.p[i], 0);
	output_fini(&o);
}

Test(session, copies_settings_and_masks_by_name)
{
	struct span mask[] = { SPAN("PIPELINING"), SPAN("AUTH=PLAIN") };
	struct session_settings from = budi, to;

	from.mask = mask;
	from.nmask = 2;
	session_settings_copy(&to, &from);
	mask[0] = SPAN_LIT("X");
	cr_expect(session_masks(&to, SPAN_LIT("Pipelining")));
	cr_expect(session_masks(&to, SPAN_LIT("AUTH=PLAIN")));
	cr_expect_not(session_masks(&to, SPAN_LIT("AUTH")));
	cr_expect(span_eq(to.credentials.password, SPAN_LIT("kata, sandi=1")));
	cr_expect(span_eq(to.host, SPAN_LIT("mail.example")));
	session_settings_fini(&to);
}
