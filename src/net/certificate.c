/* SPDX-License-Identifier: MIT */
/*
 * GnuTLS says with a set of bits what is wrong with a chain; a person is told
 * one thing, the one that has to be mended first.  What is quoted from the
 * certificate is the server's word: cut short and of harmless bytes alone.
 */
#include "src/net/certificate.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/span.h"

enum { NAME_SHOWN = 60 };

/* What is known of the certificate when a sentence is made. */
struct seen {
	const struct host *host;
	gnutls_x509_crt_t leaf;		/* owned */
	char fingerprint[FINGERPRINT_TEXT];
};

static void
free_leaf(gnutls_x509_crt_t *leaf)
{
	if (*leaf)
		gnutls_x509_crt_deinit(*leaf);
}

/* "2024-01-31", or "" when there is no such time. */
static void
format_day(time_t t, char day[static 16])
{
	struct tm tm;

	day[0] = '\0';
	if (t != (time_t)-1 && gmtime_r(&t, &tm))
		strftime(day, 16, "%Y-%m-%d", &tm);
}

static enum err
say_revoked(const struct seen *seen, struct error *e)
{
	return error_set(e, ERR_TLS, "the certificate of %.100s was revoked "
	    "by its issuer; not connecting", seen->host->name);
}

static enum err
say_unknown_issuer(const struct seen *seen, struct error *e)
{
	bool is_self_signed = gnutls_x509_crt_check_issuer(seen->leaf,
	    seen->leaf);

	return error_set(e, ERR_TLS, "the certificate of %.*s is %s; if it is "
	    "the right one, set tls-ca or tls-fingerprint = %s", NAME_SHOWN,
	    seen->host->name,
	    is_self_signed ? "self-signed" : "from an unknown issuer",
	    seen->fingerprint);
}

static enum err
say_expired(const struct seen *seen, struct error *e)
{
	time_t until = gnutls_x509_crt_get_expiration_time(seen->leaf);
	char day[16];

	if (until >= time(NULL))
		return error_set(e, ERR_TLS, "a certificate in the chain of "
		    "%.100s has expired; its owner must renew it",
		    seen->host->name);
	format_day(until, day);
	return error_set(e, ERR_TLS, "the certificate of %.100s expired on %s; "
	    "its owner must renew it", seen->host->name, day);
}

static enum err
say_not_yet(const struct seen *seen, struct error *e)
{
	char day[16];

	format_day(gnutls_x509_crt_get_activation_time(seen->leaf), day);
	return error_set(e, ERR_TLS, "the certificate of %.100s is valid only "
	    "from %s on; is the clock of this machine right?",
	    seen->host->name, day);
}

/* The first name of a kind in subjectAltName; false when there is none. */
static bool
first_name(gnutls_x509_crt_t leaf, unsigned kind, char *to, size_t size)
{
	for (unsigned i = 0;; i++) {
		size_t n = size - 1;
		unsigned type = 0;
		int rc = gnutls_x509_crt_get_subject_alt_name2(leaf, i, to, &n,
		    &type, NULL);

		if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return false;
		if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER) {
			to[0] = '\0';
			if (type == kind)
				return true;
			continue;
		}
		if (rc < 0 || (unsigned)rc != kind)
			continue;
		to[n < size ? n : size - 1] = '\0';
		return true;
	}
}

static bool
is_plain(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

static enum err
say_other_host(const struct seen *seen, struct error *e)
{
	char name[256] = "";

	first_name(seen->leaf, GNUTLS_SAN_DNSNAME, name, sizeof name);
	if (!is_plain(name))
		return error_set(e, ERR_TLS, "the certificate shown by %.100s "
		    "is not for this host; not connecting", seen->host->name);
	return error_set(e, ERR_TLS, "the certificate shown by %.*s is for "
	    "%.*s; correct the host, or set tls-fingerprint", NAME_SHOWN,
	    seen->host->name, NAME_SHOWN, name);
}

static enum err
say_weak(const struct seen *seen, struct error *e)
{
	return error_set(e, ERR_TLS, "the certificate of %.100s is signed by a "
	    "method too weak to be trusted; its owner must replace it",
	    seen->host->name);
}

static enum err
say_purpose(const struct seen *seen, struct error *e)
{
	return error_set(e, ERR_TLS, "the certificate of %.100s is not meant "
	    "for a server; not connecting", seen->host->name);
}

/* First match wins; what a pin would mend stands before its details. */
static const struct {
	unsigned bit;
	enum err (*say)(const struct seen *seen, struct error *e);
} reasons[] = {
	{ GNUTLS_CERT_REVOKED, say_revoked },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND, say_unknown_issuer },
	{ GNUTLS_CERT_SIGNER_NOT_CA, say_unknown_issuer },
	{ GNUTLS_CERT_SIGNATURE_FAILURE, say_unknown_issuer },
	{ GNUTLS_CERT_EXPIRED, say_expired },
	{ GNUTLS_CERT_NOT_ACTIVATED, say_not_yet },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, say_weak },
	{ GNUTLS_CERT_UNEXPECTED_OWNER, say_other_host },
	{ GNUTLS_CERT_PURPOSE_MISMATCH, say_purpose },
};

static enum err
say_status(const struct seen *seen, unsigned status, struct error *e)
{
	gnutls_datum_t words = { 0 };
	enum err err;

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (status & reasons[i].bit)
			return reasons[i].say(seen, e);
	if (gnutls_certificate_verification_status_print(status,
	    GNUTLS_CRT_X509, &words, 0) < 0)
		return error_set(e, ERR_TLS, "the certificate of %.100s cannot "
		    "be verified", seen->host->name);
	err = error_set(e, ERR_TLS, "the certificate of %.80s: %.120s",
	    seen->host->name, words.data);
	gnutls_free(words.data);
	return err;
}

/*
 * GnuTLS takes the common name when there is no DNS name beside it, and a
 * literal address written as a DNS name; both are believed no more.
 */
static enum err
check_names(const struct seen *seen, struct error *e)
{
	const struct host *host = seen->host;
	char name[256];

	if (host->is_literal) {
		if (gnutls_x509_crt_check_ip(seen->leaf, host->ip,
		    (unsigned)host->ip_size, 0))
			return ERR_OK;
		return say_other_host(seen, e);
	}
	if (first_name(seen->leaf, GNUTLS_SAN_DNSNAME, name, sizeof name))
		return ERR_OK;
	return error_set(e, ERR_TLS, "the certificate of %.*s names no host in "
	    "its subjectAltName; to trust it all the same, set tls-fingerprint",
	    NAME_SHOWN, host->name);
}

static enum err
check_chain(gnutls_session_t session, const struct seen *seen,
    struct error *e)
{
	const struct host *host = seen->host;
	unsigned status = 0;
	int rc;
	gnutls_typed_vdata_st wanted[] = {
		{ GNUTLS_DT_KEY_PURPOSE_OID,
		    (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER, 0 },
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)host->name, 0 },
	};

	if (host->is_literal)
		wanted[1] = (gnutls_typed_vdata_st){ GNUTLS_DT_IP_ADDRESS,
			(unsigned char *)host->ip, (unsigned)host->ip_size };
	rc = gnutls_certificate_verify_peers(session, wanted,
	    ARRAY_LEN(wanted), &status);
	if (rc < 0)
		return error_set(e, ERR_TLS, "the certificate of %.100s cannot "
		    "be verified: %s", host->name, gnutls_strerror(rc));
	if (status != 0)
		return say_status(seen, status, e);
	return check_names(seen, e);
}

static enum err
check_pin(const struct seen *seen, const struct fingerprint *shown,
    const struct fingerprint *pin, struct error *e)
{
	if (memcmp(shown->octets, pin->octets, sizeof pin->octets) == 0)
		return ERR_OK;
	return error_set(e, ERR_TLS, "%.*s does not show the pinned "
	    "certificate; if it was renewed, set tls-fingerprint = %s",
	    NAME_SHOWN, seen->host->name, seen->fingerprint);
}

enum err
certificate_check(gnutls_session_t session, const struct host *host,
    const struct fingerprint *pin, struct error *e)
{
	unsigned n = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &n);
	CLEANUP(free_leaf) gnutls_x509_crt_t leaf = NULL;
	struct fingerprint shown;
	struct seen seen = { .host = host };

	if (!peers || n == 0)
		return error_set(e, ERR_TLS, "%.100s shows no certificate; "
		    "not connecting", host->name);
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, peers[0].data, peers[0].size,
	    shown.octets) < 0 || gnutls_x509_crt_init(&leaf) < 0 ||
	    gnutls_x509_crt_import(leaf, &peers[0], GNUTLS_X509_FMT_DER) < 0)
		return error_set(e, ERR_TLS, "the certificate of %.100s cannot "
		    "be read", host->name);
	seen.leaf = leaf;
	fingerprint_format(&shown, seen.fingerprint);
	if (pin)
		return check_pin(&seen, &shown, pin, e);
	return check_chain(session, &seen, e);
}
