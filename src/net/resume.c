/* SPDX-License-Identifier: MIT */
#include "src/net/resume.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct resume {
	gnutls_datum_t session;		/* owned; secret */
};

static void
forget(struct resume *resume)
{
	if (resume->session.data)
		explicit_bzero(resume->session.data, resume->session.size);
	gnutls_free(resume->session.data);
	resume->session = (gnutls_datum_t){ 0 };
}

struct resume *
resume_new(void)
{
	return xcalloc(1, sizeof(struct resume));
}

void
resume_free(struct resume *resume)
{
	if (!resume)
		return;
	forget(resume);
	free(resume);
}

void
resume_show(struct resume *resume, gnutls_session_t session)
{
	/* One that cannot be used costs a whole handshake, no more. */
	if (resume->session.size > 0)
		gnutls_session_set_data(session, resume->session.data,
		    resume->session.size);
	forget(resume);
}

void
resume_keep(struct resume *resume, gnutls_session_t session)
{
	gnutls_datum_t kept;

	/* Without one, GnuTLS would wait for it: RFC 8446 4.6.1. */
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_3 &&
	    !(gnutls_session_get_flags(session) & GNUTLS_SFLAGS_SESSION_TICKET))
		return;
	if (gnutls_session_get_data2(session, &kept) < 0)
		return;
	forget(resume);
	resume->session = kept;
}
