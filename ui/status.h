/* SPDX-License-Identifier: MIT */
/*
 * How the accounts are doing, copied from the store, and its drawing: marks
 * on the right of the title, work and troubles on the right of the status
 * line.  Private to the frame.
 */
#pragma once

#include "base/arena.h"
#include "store/account.h"
#include "ui/ui.h"

struct status {
	struct arena arena;		/* owns what follows */
	struct account *accounts;
	struct account_state *states;	/* one an account */
	size_t n;
	size_t pending;			/* acts still to be done */
};

void status_read(struct status *status, struct store *store);
void status_fini(struct status *status);
/* The sign of a connection and its role: a dot when all is well. */
const char *status_sign(const struct ui *ui, enum link_state link,
    enum role *role);
/* Both draw at the right end of the columns; return where they start. */
int status_draw_links(const struct status *status, const struct ui *ui,
    struct surface *s, int y, int x, int cols);
int status_draw_work(const struct status *status, const struct ui *ui,
    struct surface *s, int y, int x, int cols);
