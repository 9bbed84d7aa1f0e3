/* SPDX-License-Identifier: MIT */
/*
 * A store with two accounts that send (kerja, rumah) and one that does not
 * (arsip), and one letter in kerja's inbox.
 */
#pragma once

#include "store/account.h"
#include "store/body.h"
#include "store/journal.h"
#include "store/message.h"

struct letter_store {
	char *dir;
	struct store *store;
	uint32_t kerja, rumah, arsip, inbox;
	uint64_t message, body;
};

void letter_store_open(struct letter_store *s);
void letter_store_close(struct letter_store *s);	/* for CLEANUP */
