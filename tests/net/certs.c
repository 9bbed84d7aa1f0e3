/* SPDX-License-Identifier: MIT */
#include "tests/net/certs.h"

#include <criterion/criterion.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OK(call) cr_assert_geq((call), 0, #call)

enum { DAY = 24 * 60 * 60 };

struct pair {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
};

static void
pair_init(struct pair *pair, const char *name, unsigned serial)
{
	time_t now = time(NULL);
	unsigned char number[1] = { (unsigned char)serial };

	OK(gnutls_x509_privkey_init(&pair->key));
	OK(gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	OK(gnutls_x509_crt_init(&pair->crt));
	OK(gnutls_x509_crt_set_version(pair->crt, 3));
	OK(gnutls_x509_crt_set_key(pair->crt, pair->key));
	OK(gnutls_x509_crt_set_serial(pair->crt, number, sizeof number));
	OK(gnutls_x509_crt_set_activation_time(pair->crt, now - DAY));
	OK(gnutls_x509_crt_set_expiration_time(pair->crt, now + DAY));
	OK(gnutls_x509_crt_set_dn_by_oid(pair->crt,
	    GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
}

static void
pair_fini(struct pair *pair)
{
	gnutls_x509_crt_deinit(pair->crt);
	gnutls_x509_privkey_deinit(pair->key);
}

static void
add_names(gnutls_x509_crt_t crt, enum cert_kind kind)
{
	static const unsigned char v4[4] = { 127, 0, 0, 1 };
	static const unsigned char v6[16] = { [15] = 1 };
	const char *name = kind == CERT_OTHER_HOST ? "mail.example.org" :
	    "localhost";

	if (kind == CERT_CN_ONLY)
		return;
	OK(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, name,
	    (unsigned)strlen(name), GNUTLS_FSAN_APPEND));
	if (kind == CERT_OTHER_HOST)
		return;
	OK(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v4,
	    sizeof v4, GNUTLS_FSAN_APPEND));
	OK(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v6,
	    sizeof v6, GNUTLS_FSAN_APPEND));
}

static void
spoil(gnutls_x509_crt_t crt, enum cert_kind kind)
{
	time_t now = time(NULL);

	add_names(crt, kind);
	if (kind == CERT_EXPIRED) {
		OK(gnutls_x509_crt_set_activation_time(crt, now - 3 * DAY));
		OK(gnutls_x509_crt_set_expiration_time(crt, now - 2 * DAY));
	}
	if (kind == CERT_NOT_YET) {
		OK(gnutls_x509_crt_set_activation_time(crt, now + 2 * DAY));
		OK(gnutls_x509_crt_set_expiration_time(crt, now + 3 * DAY));
	}
	OK(gnutls_x509_crt_set_key_purpose_oid(crt, kind == CERT_CLIENT_ONLY ?
	    GNUTLS_KP_TLS_WWW_CLIENT : GNUTLS_KP_TLS_WWW_SERVER, 0));
}

static void
note_fingerprint(struct certs *certs, gnutls_x509_crt_t crt)
{
	unsigned char digest[32];
	size_t n = sizeof digest;
	char *to = certs->fingerprint;

	OK(gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, digest,
	    &n));
	to += snprintf(to, 8, "sha256:");
	for (size_t i = 0; i < n; i++)
		to += snprintf(to, 3, "%02x", digest[i]);
}

static void
write_root(struct certs *certs, gnutls_x509_crt_t crt)
{
	const char *tmp = getenv("TMPDIR");
	gnutls_datum_t pem;
	FILE *f;

	snprintf(certs->dir, sizeof certs->dir, "%.40s/surat-net-XXXXXX",
	    tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(certs->dir));
	snprintf(certs->ca_file, sizeof certs->ca_file, "%s/ca.pem",
	    certs->dir);
	OK(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem));
	f = fopen(certs->ca_file, "w");
	cr_assert_not_null(f);
	cr_assert_eq(fwrite(pem.data, 1, pem.size, f), pem.size);
	cr_assert_eq(fclose(f), 0);
	gnutls_free(pem.data);
}

void
certs_make(struct certs *certs, enum cert_kind kind)
{
	struct pair root, leaf;
	char name[32];

	*certs = (struct certs){ 0 };
	snprintf(name, sizeof name, "root of kind %d", (int)kind);
	pair_init(&root, name, 1);
	OK(gnutls_x509_crt_set_ca_status(root.crt, 1));
	OK(gnutls_x509_crt_set_key_usage(root.crt, GNUTLS_KEY_KEY_CERT_SIGN));
	OK(gnutls_x509_crt_sign2(root.crt, root.crt, root.key,
	    GNUTLS_DIG_SHA256, 0));
	pair_init(&leaf, "localhost", 2);
	spoil(leaf.crt, kind);
	if (kind == CERT_SELF_SIGNED)
		OK(gnutls_x509_crt_sign2(leaf.crt, leaf.crt, leaf.key,
		    GNUTLS_DIG_SHA256, 0));
	else
		OK(gnutls_x509_crt_sign2(leaf.crt, root.crt, root.key,
		    kind == CERT_WEAK ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256,
		    0));
	note_fingerprint(certs, leaf.crt);
	write_root(certs, root.crt);
	OK(gnutls_certificate_allocate_credentials(&certs->server));
	OK(gnutls_certificate_set_x509_key(certs->server, &leaf.crt, 1,
	    leaf.key));
	pair_fini(&leaf);
	pair_fini(&root);
}

void
certs_free(struct certs *certs)
{
	gnutls_certificate_free_credentials(certs->server);
	unlink(certs->ca_file);
	rmdir(certs->dir);
}
