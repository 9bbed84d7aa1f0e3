/* SPDX-License-Identifier: MIT */
/*
 * Letters coming in whole, from IMAP or POP3, on their way to the disk.
 * Small ones are collected and made durable many at a time; a large one is
 * streamed and never held.  Used as
 *
 *   intake_begin, intake_write..., intake_end    for each letter
 *   intake_commit                                now items[] have bodies
 *   (the caller writes the rows)
 *   intake_clear
 *
 * A letter that is cut is dropped by intake_drop; the ones before it stay.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "store/body.h"

enum {
	INTAKE_SMALL_MAX = 256 * 1024,	/* octets of a letter held whole */
	INTAKE_OCTETS_MAX = 12 << 20,	/* collected before a commit is due */
	INTAKE_ITEMS_MAX = 1024,
};

struct intake_item {
	uint64_t key;		/* the caller's: a UID, an index */
	uint64_t size;		/* octets */
	uint64_t body;		/* 0 until the commit */
	struct span head;	/* the header block, or as much as is kept */
	struct span bytes;	/* the letter; empty when it was streamed */
};

struct intake {
	struct store *store;	/* borrowed */
	struct arena arena;	/* of the items */
	struct intake_item items[INTAKE_ITEMS_MAX];
	size_t n;
	struct buf small;	/* the letter coming in, or its head */
	struct body_writer *writer;	/* owned; once it is large */
	uint64_t size;		/* octets of the letter coming in */
};

void intake_init(struct intake *in, struct store *store);
void intake_fini(struct intake *in);
void intake_begin(struct intake *in);
enum err intake_write(struct intake *in, struct span piece, struct error *e);
/* Octets of the letter coming in. */
uint64_t intake_size(const struct intake *in);
/* Not to be called on a full intake. */
enum err intake_end(struct intake *in, uint64_t key, struct error *e);
void intake_drop(struct intake *in);
bool intake_is_full(const struct intake *in);
enum err intake_commit(struct intake *in, struct error *e);
/*
 * Moves what was collected to `to`, which has nothing; the letter coming in
 * stays where it is.
 */
void intake_pass(struct intake *in, struct intake *to);
void intake_clear(struct intake *in);
