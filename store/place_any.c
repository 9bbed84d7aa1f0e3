/* SPDX-License-Identifier: MIT */
/* Where the kind of a file system cannot be asked, the user is believed. */
#include "store/place.h"

enum err
place_check(const char *dir, struct error *e)
{
	(void)dir;
	(void)e;
	return ERR_OK;
}
