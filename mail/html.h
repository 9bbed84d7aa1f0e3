/* SPDX-License-Identifier: MIT */
/*
 * HTML as plain text with roles.  libxml2 parses, with no network and no
 * entities from outside; nothing is ever fetched; scripts, styles and what
 * is hidden from readers is dropped.
 */
#pragma once

#include "mail/doc.h"

struct doc_writer;

/* html is UTF-8 (or has its charset declared); at most DOC_INPUT_MAX. */
void html_render(struct span html, struct arena *arena, struct doc *out);
/* The same into a document that has begun; for letters of several parts. */
void html_render_into(struct doc_writer *w, struct span html);
