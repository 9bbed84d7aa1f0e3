/* SPDX-License-Identifier: MIT */
/* [account NAME] of surat.conf. */
#pragma once

#include "src/core/config_reader.h"

/* account->name is set; everything else is read or gets its default. */
enum err config_account_read(struct config_reader *r,
    const struct config_group *group, struct config_account *account);
