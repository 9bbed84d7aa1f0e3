/* SPDX-License-Identifier: MIT */
/*
 * Whether a letter that is here may go from the POP3 server: the account's
 * leave-on-server.  Age counts from the download, never from the Date of
 * the letter.  PROTOCOLS.md 3.
 */
#pragma once

#include "src/core/config.h"
#include "store/uidl.h"

/*
 * `is_deleted`: the user deleted it here, or its row is gone.  Never true
 * for a letter that is not on disk.
 */
bool retention_is_over(const struct config_account *account,
    const struct uidl *uidl, bool is_deleted, int64_t now);
