/* SPDX-License-Identifier: MIT */
/*
 * A thread of its own and not one of the pool: it is joined before the job
 * goes, so that no thread is inside GnuTLS when the program ends and GnuTLS
 * takes itself down.
 */
#include "src/net/trust.h"

#include <glib.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct trust {
	gnutls_certificate_credentials_t credentials;	/* owned */
};

struct trust_job {
	enum trust_kind kind;
	char *ca_file;		/* owned */
	GThread *thread;	/* owned; joined */
	GMainContext *context;	/* owned */
	GSource *source;	/* owned; attached when the thread is through */
	struct trust *trust;	/* owned until handed over */
	struct error error;
	trust_ready *ready;
	void *ctx;		/* borrowed: the owner's */
};

static enum err
trust_read(const struct trust_job *job, gnutls_certificate_credentials_t to,
    struct error *e)
{
	int n = 0;

	switch (job->kind) {
	case TRUST_NOBODY:
		break;
	case TRUST_SYSTEM:
		n = gnutls_certificate_set_x509_system_trust(to);
		if (n <= 0)
			return error_set(e, ERR_TLS, "this system has no list "
			    "of trusted certificates; install ca-certificates "
			    "or set tls-ca");
		break;
	case TRUST_FILE:
		n = gnutls_certificate_set_x509_trust_file(to, job->ca_file,
		    GNUTLS_X509_FMT_PEM);
		if (n <= 0)
			return error_set(e, ERR_CONFIG, "tls-ca: no "
			    "certificate can be read from %.120s%s%s",
			    job->ca_file, n < 0 ? ": " : "",
			    n < 0 ? gnutls_strerror(n) : "");
		break;
	}
	return ERR_OK;
}

static gpointer
trust_run(gpointer p)
{
	struct trust_job *job = p;
	struct trust *trust = xcalloc(1, sizeof *trust);
	int rc = gnutls_certificate_allocate_credentials(&trust->credentials);

	if (rc < 0) {
		free(trust);
		error_set(&job->error, ERR_TLS, "GnuTLS: %s",
		    gnutls_strerror(rc));
	} else if (trust_read(job, trust->credentials, &job->error) != ERR_OK) {
		trust_free(trust);
	} else {
		job->trust = trust;
	}
	g_source_attach(job->source, job->context);
	return NULL;
}

/* The thread is through, or will be in a moment. */
static void
job_free(struct trust_job *job)
{
	g_thread_join(job->thread);
	g_source_destroy(job->source);
	g_source_unref(job->source);
	g_main_context_unref(job->context);
	trust_free(job->trust);
	free(job->ca_file);
	free(job);
}

static gboolean
trust_deliver(gpointer p)
{
	struct trust_job *job = p;
	struct trust *trust = job->trust;

	job->trust = NULL;
	job->ready(job->ctx, trust, &job->error);
	job_free(job);
	return G_SOURCE_REMOVE;
}

struct trust_job *
trust_load(enum trust_kind kind, const char *ca_file, trust_ready *ready,
    void *ctx)
{
	struct trust_job *job = xcalloc(1, sizeof *job);

	job->kind = kind;
	job->ca_file = ca_file ? xstrdup(ca_file) : NULL;
	job->ready = ready;
	job->ctx = ctx;
	job->context = g_main_context_ref_thread_default();
	job->source = g_idle_source_new();
	g_source_set_priority(job->source, G_PRIORITY_DEFAULT);
	g_source_set_callback(job->source, trust_deliver, job, NULL);
	job->thread = g_thread_new("trust", trust_run, job);
	return job;
}

void
trust_cancel(struct trust_job *job)
{
	if (job)
		job_free(job);
}

void
trust_free(struct trust *trust)
{
	if (!trust)
		return;
	gnutls_certificate_free_credentials(trust->credentials);
	free(trust);
}

gnutls_certificate_credentials_t
trust_credentials(const struct trust *trust)
{
	return trust->credentials;
}
