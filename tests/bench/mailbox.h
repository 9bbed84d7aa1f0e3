/* SPDX-License-Identifier: MIT */
/*
 * A mailbox like a busy person's, of any size and without chance: message i
 * is the same whenever it is asked for, but for its UID, the folder's next.
 * Five accounts (IMAP and POP3), an inbox, sent mail and a folder of lists
 * in each; two fifths are answers, in threads of up to a dozen; names,
 * subjects and beginnings of text of the usual lengths in several scripts.
 */
#pragma once

#include "store/message.h"

enum { MAILBOX_ACCOUNTS = 5, MAILBOX_FOLDERS = 3 };

struct mailbox {
	struct store *store;	/* borrowed */
	uint32_t folders[MAILBOX_ACCOUNTS][MAILBOX_FOLDERS];
	uint32_t uids[MAILBOX_ACCOUNTS][MAILBOX_FOLDERS];
};

/* Makes accounts and folders; ends the program when it cannot. */
void mailbox_make(struct mailbox *box, struct store *store);
/* Message i, from 1; everything is in the arena. */
void mailbox_message(struct mailbox *box, uint32_t i,
    struct arena *arena, struct message_new *out);
/*
 * Adds messages 1 to n, in transactions that end when they are long
 * (store_write_is_long); ends the program when it cannot.
 */
void mailbox_fill(struct mailbox *box, uint32_t n);
