/* SPDX-License-Identifier: MIT */
#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void
bug_report(const char *file, int line, const char *claim)
{
	fprintf(stderr, "surat: bug at %s:%d: %s\n", file, line, claim);
	abort();
}
