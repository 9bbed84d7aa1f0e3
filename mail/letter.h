/* SPDX-License-Identifier: MIT */
/*
 * A letter opened for reading: its parts, the text to show, what can be
 * saved.  GMime does the MIME structure; it stays behind this header.
 *
 * Threads: a letter belongs to the thread that opened it; opening and
 * rendering may take long for large letters: not on the ui thread.
 */
#pragma once

#include "base/envelope.h"
#include "base/source.h"
#include "mail/doc.h"

struct letter;	/* opaque */

enum { LETTER_PARTS_MAX = 1000, LETTER_DEPTH_MAX = 50 };

/*
 * Any bytes make a letter: what fails is the source, or the temporary file
 * (under $TMPDIR, without a name) that a letter over 4 MiB is kept in.
 * ERR_LIMIT over 1 GiB.  The source is read here and not used afterwards.
 */
enum err letter_open(const struct source *source, struct letter **out,
    struct error *e);
void letter_close(struct letter *letter);

/* Memory of the answers below is the letter's. */
const struct envelope *letter_envelope(const struct letter *letter);
/* The raw header block, at most ENVELOPE_HEADER_MAX octets. */
struct span letter_header(const struct letter *letter);

struct letter_part {
	unsigned depth;		/* 0: the root */
	struct span type;	/* "text/html", lower case */
	struct span name;	/* decoded file name; may be empty; never a path */
	uint64_t size;		/* octets, decoded; an estimate */
	bool is_multipart;
	bool is_attachment;	/* offered for saving, not part of the text */
	bool is_shown;		/* chosen as (part of) the text */
	/*
	 * Not in the letter: what IMAP calls the part; else empty.  size is
	 * what the server says then.  See letter_believe_missing.
	 */
	struct span missing;
};

/* In order of appearance, multiparts included. */
size_t letter_parts(const struct letter *letter,
    const struct letter_part **out);

/*
 * The letter was put together here from some of its parts: what its MIME
 * fields X-Surat-Missing say of the others ("2.1 48213": the section, the
 * octets as transferred) is told in letter_parts.  Never for another letter:
 * anybody may write such a field.  Those inside an attached letter are not
 * looked at.
 */
void letter_believe_missing(struct letter *letter);

enum letter_prefer { LETTER_PLAIN, LETTER_HTML };

/*
 * The text to show: of alternatives the preferred one, else what there is;
 * HTML rendered (mail/html.h); format=flowed unflowed; attached text shown
 * inline where the sender says inline.  The document lives in the arena.
 */
void letter_render(struct letter *letter, enum letter_prefer prefer,
    struct arena *arena, struct doc *out);

/* The first words of the text for lists, at most max octets of UTF-8. */
struct span letter_snippet(struct letter *letter, size_t max,
    struct arena *arena);

/*
 * Gives the decoded content of part i in pieces until `put` says no, which
 * is ERR_CANCELED.
 */
enum err letter_part_read(struct letter *letter, size_t i,
    bool (*put)(void *ctx, struct span piece), void *ctx, struct error *e);

/*
 * Saves part i into the directory under its own name made harmless (no
 * path, no control bytes, no leading dot) and unique; O_EXCL, O_NOFOLLOW,
 * 0600.  *path is where it went, in the arena.
 */
enum err letter_part_save(struct letter *letter, size_t i, const char *dir,
    struct arena *arena, char **path, struct error *e);
/* The name that letter_part_save would try first. */
struct span letter_safe_name(struct span name, struct arena *arena);
