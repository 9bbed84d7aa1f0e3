/* SPDX-License-Identifier: MIT */
/* What checking found in a store, or repairing lost of it. */
#pragma once

#include "store/repair.h"
#include "tests/store/scratch.h"

struct findings {
	size_t n, nfinal;
	char text[8192];	/* "table id: what", one a line */
};

/* For struct store_findings, with a struct findings as ctx. */
void findings_note(void *ctx, const struct store_finding *finding);
enum err findings_check(struct scratch *s, struct findings *f);
/* Closes, repairs, opens; nothing is wrong with the store then. */
void findings_repair(struct scratch *s, struct repair_result *result,
    struct findings *f);
