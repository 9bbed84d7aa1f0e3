/* SPDX-License-Identifier: MIT */
/*
 * Bytes over a socket without TLS, by the same contract as tls_read and
 * tls_write, and the sentence for a socket that broke.
 */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "src/net/host.h"
#include "src/net/tls.h"

/* Reads once: DONE says nothing about what is left. */
enum tls_step clear_read(int fd, const struct host *host, char *to,
    size_t size, size_t *got, struct error *e);
enum tls_step clear_write(int fd, const struct host *host, struct span out,
    size_t *sent, struct error *e);
/* Fills *e for the errno value sys of the socket.  Returns TLS_FAILED. */
enum tls_step clear_fail(int sys, const struct host *host, struct error *e);
