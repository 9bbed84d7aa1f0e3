/* SPDX-License-Identifier: MIT */
/* A system that does not tell about its sleep; see sleep.h. */
#include "src/net/sleep.h"

int
sleep_watch(void)
{
	return -1;
}

void
sleep_watch_again(int fd)
{
	(void)fd;
}

int64_t
sleep_total_ms(void)
{
	return 0;
}
