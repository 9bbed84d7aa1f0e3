/* SPDX-License-Identifier: MIT */
/*
 * What a store answers through its public headers, as lines of text, so that
 * a store can be compared with itself of an earlier schema.
 *
 *   message<TAB>id=1<TAB>account=1<TAB>...
 *
 * One line an account, its state, its wants, a folder, its order, a message,
 * a body that something names, an act and a UIDL.  In text \ and what is
 * below a space are \xx.  Numbers of threads and changes are left out: they
 * are not the same in every schema.
 */
#pragma once

#include "base/buf.h"
#include "store/store.h"

void expected_write(struct store *store, struct buf *out);
/* One field of a record; a difference is told and the test goes on. */
void expected_text(struct span given, const char *wanted, const char *field);
/* Ends the test at the first line that is not the same. */
void expected_same(const char *where, struct span wanted, struct span given);
/*
 * Ends the test when the store does not answer as $srcdir/data/expected
 * says, and names the first difference.
 */
void expected_compare(struct store *store, const char *data);
