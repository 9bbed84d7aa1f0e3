/* SPDX-License-Identifier: MIT */
/*
 * The password of an account: from the file, or the first line that
 * password-command prints.  The command runs by /bin/sh -c in a session of
 * its own, without a terminal, its standard input empty, with a time limit of
 * 30 s; what it says on standard error becomes the error.  Nothing here
 * waits: the command is an event source of the context.
 */
#pragma once

#include "src/core/config.h"

/*
 * ERR_AUTH when the command fails or prints nothing, and when an account has
 * no password to receive with; e tells.  An account without a password to
 * send with gives ERR_OK and "": it sends without logging in.
 */
typedef void password_ready(void *ctx, enum err err, const char *password,
    const struct error *e);

/*
 * Calls ready once, in the thread-default GMainContext, never inside this
 * call; the job is gone then.  for_send picks the send-password where there
 * is one.  The answer is overwritten after ready returns.  The account must
 * outlive the job.
 */
struct password_job;
struct password_job *password_get(const struct config_account *account,
    bool for_send, password_ready *ready, void *ctx);
/*
 * ready will not be called any more; a command that runs is killed with all
 * that it started.  Not from within ready.  NULL is fine.
 */
void password_cancel(struct password_job *job);
