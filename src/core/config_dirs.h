/* SPDX-License-Identifier: MIT */
/*
 * Where surat keeps its things: the XDG base directories, or one folder for
 * all of it.
 */
#pragma once

#include "src/core/config.h"

/*
 * Sets path, config_dir, data_dir and state_dir, and makes the directories
 * that are missing, for nobody but us (0700).
 */
enum err config_dirs_find(const char *profile, struct config *config,
    struct error *e);

/*
 * A path as written in the configuration: "~/" is the home directory, a
 * relative one starts at the configuration's.
 */
const char *config_dirs_resolve(struct config *config, const char *path);
