/* SPDX-License-Identifier: MIT */
/*
 * Whether the machine was asleep.  Where the system does not tell
 * (sleep_none.c) it never was.
 */
#pragma once

#include <stdint.h>

/*
 * A descriptor, the caller's to close, that becomes readable when the
 * machine wakes and also when the clock is set; -1 where there is none.
 */
int sleep_watch(void);
/* It was readable: watches for the next time. */
void sleep_watch_again(int fd);
/* Milliseconds asleep since the machine was started. */
int64_t sleep_total_ms(void);
