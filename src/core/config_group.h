/* SPDX-License-Identifier: MIT */
/* [group NAME] of surat.conf: folders that are read as one inbox. */
#pragma once

#include "src/core/config.h"
#include "src/core/config_text.h"

/*
 * Adds the group to config->groups, which has room for it.  Every account of
 * the file is known by now: a folder of another one is an error.
 */
enum err config_group_read(const struct config_text *text,
    const struct config_group *group, struct span name,
    struct config *config, struct error *e);
