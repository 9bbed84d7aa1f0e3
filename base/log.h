/* SPDX-License-Identifier: MIT */
/*
 * The log: a file (0600, under the state directory) and a ring of the last
 * lines that the reader can show.  Never the terminal.  Control bytes are
 * escaped here, so server text may be logged; secrets must be replaced by
 * the caller before they come here.
 *
 * Threads: every function may be called from any thread.
 */
#pragma once

#include "base/err.h"
#include "base/span.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above max are dropped.  path NULL: only the ring is kept. */
enum err log_open(const char *path, enum log_level max, struct error *e);
void log_close(void);

void log_line(enum log_level level, const char *area, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(area, ...) log_line(LOG_ERROR, area, __VA_ARGS__)
#define log_warning(area, ...) log_line(LOG_WARNING, area, __VA_ARGS__)
#define log_info(area, ...) log_line(LOG_INFO, area, __VA_ARGS__)
#define log_debug(area, ...) log_line(LOG_DEBUG, area, __VA_ARGS__)

/*
 * Calls each for the kept lines, oldest first, until it returns false; the
 * span is valid during the call only.
 */
void log_ring(bool (*each)(void *ctx, struct span line), void *ctx);
