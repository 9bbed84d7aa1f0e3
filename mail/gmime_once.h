/* SPDX-License-Identifier: MIT */
/* GMime made ready, once for the process, from whatever thread is first. */
#pragma once

void gmime_once(void);
