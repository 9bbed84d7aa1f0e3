/* SPDX-License-Identifier: MIT */
/*
 * How much of an account's letters is here before anybody asks for it:
 *
 *   keep = live                    headers; a letter when it is read
 *   keep = offline                 every letter, with all that is attached
 *   keep = offline 90d 5M          those of 90 days, of up to 5 MiB
 *   keep Archive/2019 = live       of one folder, whatever the account says
 */
#pragma once

#include "src/core/config_reader.h"

/*
 * "live" or "offline", and limits behind the latter in any order.  False for
 * anything else.
 */
bool config_keep_parse(struct span value, struct config_keep *out);
/* field: the struct config_account. */
enum err config_keep_read(struct config_reader *r, void *field);
/* The rule for a folder with this title (UTF-8). */
const struct config_keep *config_keep_of(const struct config_account *account,
    struct span title);
