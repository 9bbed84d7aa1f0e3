/* SPDX-License-Identifier: MIT */
/*
 * JSON lines: one object, built member by member, printed with its line
 * end.  Names and shapes are DESIGN.md's contract; members are only ever
 * added.
 */
#pragma once

#include <stdio.h>

#include "store/folder.h"
#include "store/journal.h"
#include "store/message.h"

struct json;	/* opaque */

struct json *json_begin(void);
/* Prints `{...}\n` and frees. */
void json_end(struct json *j, FILE *out);

/* Bytes that are not UTF-8 are replaced; NULL spans are "". */
void json_text(struct json *j, const char *name, struct span text);
void json_number(struct json *j, const char *name, uint64_t n);
void json_bool(struct json *j, const char *name, bool value);
/* RFC 3339 in UTC; DATE_NONE gives null. */
void json_date(struct json *j, const char *name, int64_t when);
/* ["seen","flagged"] */
void json_flags(struct json *j, const char *name, uint32_t flags);
void json_texts(struct json *j, const char *name, const struct span *list,
    size_t n);

/* The objects that several commands print. */
void json_message(struct json *j, const struct message *m, struct span account,
    struct span folder);
void json_folder(struct json *j, const struct folder *f, struct span account);
/* folder: the title of the one that the act goes to or is about; or empty. */
void json_act(struct json *j, const struct act *act, struct span account,
    struct span folder);
