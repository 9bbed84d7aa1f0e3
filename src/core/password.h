/* SPDX-License-Identifier: MIT */
/*
 * The password of an account: from the file, or the first line that
 * password-command prints.  The command runs with its standard input closed,
 * a time limit of 30 s, and off this thread; what it says on standard error
 * becomes the error.
 */
#pragma once

#include "src/core/config.h"

/* ERR_AUTH when the command fails or prints nothing; e tells. */
typedef void password_ready(void *ctx, enum err err, const char *password,
    const struct error *e);

/*
 * Calls ready once, in the thread-default GMainContext, never inside this
 * call.  for_send picks the send-password where there is one.  The answer is
 * overwritten after ready returns.
 */
struct password_job;
struct password_job *password_get(const struct config_account *account,
    bool for_send, password_ready *ready, void *ctx);
/* ready will not be called any more. */
void password_cancel(struct password_job *job);
