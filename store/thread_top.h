/* SPDX-License-Identifier: MIT */
/*
 * The newest members of threads that a writer has added to.  New members are
 * held back (txn_put_late), and most answers come soon after what they
 * answer: with these at hand thread_members is put to in few long runs,
 * which fill its pages, and rarely looked at.  Private to store/.
 *
 * Of each thread and folder with a member that is held back there is a top;
 * so where there is none, the table alone knows.
 */
#pragma once

#include "store/thread.h"

/* Tops at a time; then what is held back is put. */
enum { THREAD_TOPS = 768 };

struct thread_tops;

/* As thread_newest; puts nothing that is held back. */
bool thread_top(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out);
/* Adds a member; `newest` is the newest one in the folder with it. */
void thread_top_add(struct store_txn *t, const struct thread_member *m,
    struct message_spot newest);
/* Members went or were moved: nothing is held back then. */
void thread_tops_forget(struct store_txn *t);
