/* SPDX-License-Identifier: MIT */
/*
 * What a folder is for: by the attribute that the server gives (RFC 6154),
 * else by its name.  PROTOCOLS.md 2.8.
 */
#pragma once

#include "base/span.h"
#include "store/folder.h"

/* attributes: enum imap_attribute.  FOLDER_NONE when they tell nothing. */
enum folder_role role_of_attributes(unsigned attributes);
/*
 * By the last component of a UTF-8 title, case ignored; only at the top or
 * right below INBOX, where servers put them.
 */
enum folder_role role_of_title(struct span title, char delimiter);
