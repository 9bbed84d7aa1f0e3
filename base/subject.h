/* SPDX-License-Identifier: MIT */
/*
 * Subjects: what is left of one without the marks of answers and forwards,
 * for putting letters together and in order.  RFC 5256 2.1, with the marks
 * of other languages than English that mail programs write (PROTOCOLS.md 7).
 * Input is any bytes; the time is linear in their number.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* Octets of a base subject; longer text is cut. */
enum { SUBJECT_BASE_MAX = 4096 };

enum subject_mark {
	SUBJECT_NO_MARK,
	SUBJECT_REPLY_MARK,	/* "Re:", "AW:", "Odp:", ... */
	SUBJECT_FORWARD_MARK,	/* "Fwd:", "WG:", "TR:", ... */
};

/*
 * Cuts a mark such as "Re:", "RE[2]:" or "re^3 :" off the front of *s, any
 * case, and says which it was; without one *s stays as it is.
 */
enum subject_mark subject_take_mark(struct span *s);

/*
 * Appends the base of a decoded subject: valid UTF-8, case folded, composed
 * (NFC), each run of white space and controls one space, none at the ends,
 * invisible format characters left out, an invalid byte U+FFFD.  The base of
 * a base is itself.  True when the letter is an answer by its subject: the
 * outermost of the marks and frames ("[fwd: ...]") at the front is that of an
 * answer.  "Re: Fwd: a" answers, "Fwd: Re: a" does not; a trailing "(fwd)"
 * says nothing about it.
 */
bool subject_base(struct buf *out, struct span subject);
