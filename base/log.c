/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"

enum { RING_LINES = 256, LINE_MAX_OCTETS = 512 };

static struct {
	pthread_mutex_t lock;
	FILE *file;
	enum log_level max;
	char ring[RING_LINES][LINE_MAX_OCTETS];
	size_t next, count;
} log_state = { .lock = PTHREAD_MUTEX_INITIALIZER, .max = LOG_INFO };

static const char *const level_names[] = { "error", "warning", "info", "debug" };

enum err
log_open(const char *path, enum log_level max, struct error *e)
{
	FILE *f = NULL;

	if (path) {
		int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		    0600);

		f = fd >= 0 ? fdopen(fd, "a") : NULL;
		if (!f) {
			int sys = errno;

			if (fd >= 0)
				close(fd);
			return error_sys(e, ERR_IO, sys, "cannot write the log %s",
			    path);
		}
	}
	log_close();
	pthread_mutex_lock(&log_state.lock);
	log_state.file = f;
	log_state.max = max;
	pthread_mutex_unlock(&log_state.lock);
	return ERR_OK;
}

void
log_close(void)
{
	pthread_mutex_lock(&log_state.lock);
	if (log_state.file)
		fclose(log_state.file);
	log_state.file = NULL;
	pthread_mutex_unlock(&log_state.lock);
}

static void
escape(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

void
log_line(enum log_level level, const char *area, const char *fmt, ...)
{
	char text[LINE_MAX_OCTETS - 128], *line;
	struct timespec now;
	struct tm tm;
	va_list ap;

	bug_on((size_t)level >= ARRAY_LEN(level_names));
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	escape(text);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);

	pthread_mutex_lock(&log_state.lock);
	if (level <= log_state.max) {
		line = log_state.ring[log_state.next];
		log_state.next = (log_state.next + 1) % RING_LINES;
		if (log_state.count < RING_LINES)
			log_state.count++;
		snprintf(line, LINE_MAX_OCTETS,
		    "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s %.12s: %s",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000,
		    level_names[level], area, text);
		if (log_state.file) {
			fprintf(log_state.file, "%s\n", line);
			fflush(log_state.file);
		}
	}
	pthread_mutex_unlock(&log_state.lock);
}

void
log_ring(bool (*each)(void *ctx, struct span line), void *ctx)
{
	pthread_mutex_lock(&log_state.lock);
	for (size_t i = 0; i < log_state.count; i++) {
		size_t at = (log_state.next + RING_LINES - log_state.count + i) %
		    RING_LINES;

		if (!each(ctx, span_of(log_state.ring[at])))
			break;
	}
	pthread_mutex_unlock(&log_state.lock);
}
