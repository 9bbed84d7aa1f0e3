/* SPDX-License-Identifier: MIT */
/*
 * What a caller may ask of the IMAP engine, as a line of words:
 *
 *   secured  compressed  capabilities  list PREFIX  lsub  namespace
 *   status NAME
 *   select NAME  examine NAME  resync UIDVALIDITY MODSEQ NAME  unselect
 *   create ROLE NAME  rename FROM TO  delete NAME  subscribe +|- NAME
 *   quota NAME  notify  notify-later  headers SET  seqno FIRST LAST  newest N
 *   flags SET MODSEQ  changes MODSEQ  structure SET  identity SET
 *   body SET SECTION AT COUNT  binary SET SECTION AT COUNT
 *   search CRITERIA  find KEY TEXT  store +|- SET FLAG...
 *   store-unless MODSEQ SET FLAG  move SET NAME  copy SET NAME
 *   expunge SET  expunge-all  append SIZE NAME  append-with KEYWORD NAME
 *   data TEXT  wants  idle  idle-done  noop  logout
 *
 * A name, criteria or text is the rest of the line; a section "-" is "", a
 * role a number of enum imap_attribute.
 */
#pragma once

#include "base/buf.h"
#include "protocol/imap.h"

/* False: no such act.  What it has to say at once is put into said. */
bool imap_act(struct imap *imap, struct span words, struct buf *said);
