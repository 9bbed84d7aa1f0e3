/* SPDX-License-Identifier: MIT */
/* Folders made, renamed, removed and subscribed to, from the sidebar. */
#pragma once

#include "ui/ui.h"

/*
 * False when the command is none of these.  folder, account: at the cursor;
 * 0: there is none, which is said where one is needed.
 */
bool sidebar_folder_command(struct ui *ui, enum command command,
    uint32_t account, uint32_t folder);
