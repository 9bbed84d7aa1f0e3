/* SPDX-License-Identifier: MIT */
#include "tests/ui/scratch.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

char *
scratch_make(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/surat-ui-XXXXXX", tmp ? tmp : "/tmp");

	cr_assert_not_null(mkdtemp(dir));
	return dir;
}

static int
take_away(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
scratch_remove(char **dir)
{
	nftw(*dir, take_away, 8, FTW_DEPTH | FTW_PHYS);
	free(*dir);
}
