/* SPDX-License-Identifier: MIT */
/* HTML to a document: whatever comes, the document is whole. */
#include <stdint.h>

#include "base/bug.h"
#include "base/text.h"
#include "mail/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
check_line(const struct doc *doc, const struct doc_line *line)
{
	bug_on(!text_is_utf8(line->text));
	for (size_t i = 0; i < line->nruns; i++) {
		bug_on(line->runs[i].start >= line->runs[i].end);
		bug_on(line->runs[i].end > line->text.n);
		bug_on(line->runs[i].role == DOC_LINK &&
		    line->runs[i].link >= doc->nlinks);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena arena = { 0 };
	struct doc doc;

	html_render((struct span){ (const char *)p, n }, &arena, &doc);
	for (size_t i = 0; i < doc.nlines; i++)
		check_line(&doc, &doc.lines[i]);
	arena_fini(&arena);
	return 0;
}
