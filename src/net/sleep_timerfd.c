/* SPDX-License-Identifier: MIT */
/*
 * A timer on the wall clock, set to a time that does not come, is canceled
 * when that clock jumps (timerfd_create(2)): when it is set, and when the
 * machine wakes.  CLOCK_MONOTONIC stands still in sleep and CLOCK_BOOTTIME
 * does not, so the two tell which it was.
 */
#include "src/net/sleep.h"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { YEAR_S = 366 * 24 * 60 * 60 };

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
arm(int fd)
{
	struct itimerspec far = { 0 };

	clock_gettime(CLOCK_REALTIME, &far.it_value);
	far.it_value.tv_sec += YEAR_S;
	timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far,
	    NULL);
}

int
sleep_watch(void)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0)
		arm(fd);
	return fd;
}

void
sleep_watch_again(int fd)
{
	uint64_t times;

	/* ECANCELED, or a year has passed: the same to us. */
	if (read(fd, &times, sizeof times) < 0)
		times = 0;
	arm(fd);
}

int64_t
sleep_total_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME) - clock_ms(CLOCK_MONOTONIC);
}
