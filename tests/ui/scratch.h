/* SPDX-License-Identifier: MIT */
/* A directory of a test's own, gone with all that is in it at the end. */
#pragma once

/* The path; CLEANUP(scratch_remove) takes it away. */
char *scratch_make(void);
void scratch_remove(char **dir);
