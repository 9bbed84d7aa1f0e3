/* SPDX-License-Identifier: MIT */
/* What is done with the links of a letter. */
#include "ui/pager_view.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/compose_mailto.h"
#include "ui/editor.h"
#include "ui/ui.h"

static const struct doc_link *
link_chosen(struct ui *ui, const struct doc *doc, unsigned *n)
{
	if (doc->nlinks == 0) {
		ui_say(ui, ROLE_NORMAL, _("There is no link in this letter."));
		return NULL;
	}
	if (*n == 0 && doc->nlinks == 1)
		*n = 1;
	if (*n == 0) {
		ui_say(ui, ROLE_NORMAL, _("Type the link's number before the "
		    "key: 2go opens [2]."));
		return NULL;
	}
	if (*n > doc->nlinks) {
		ui_say(ui, ROLE_NORMAL, P_("There is only %zu link.",
		    "There are only %zu links.", doc->nlinks), doc->nlinks);
		return NULL;
	}
	return &doc->links[*n - 1];
}

static void
open_url(struct ui *ui, struct span url, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct error e = { 0 };
	char **argv;

	if (span_istarts(url, SPAN_LIT("mailto:"))) {
		compose_mailto(ui, url, account);
		return;
	}
	if (browser_command(url, &arena, &argv, &e))
		ui_say(ui, ROLE_WARNING, _("Not opened: %s"), e.text);
	else if (ui_run_child(ui, argv) != 0)
		ui_say(ui, ROLE_WARNING, _("%s could not open the link; "
		    "gy copies it."), argv[0]);
}

/* A link that lies, while the user is asked. */
struct asked {
	struct ui *ui;
	uint32_t account;
	char *url;	/* owned */
};

static void
open_answered(void *ctx, char answer)
{
	struct asked *a = ctx;

	if (answer == 'y')
		open_url(a->ui, span_of(a->url), a->account);
	free(a->url);
	free(a);
}

void
pager_link_open(struct ui *ui, const struct doc *doc, unsigned n,
    uint32_t account)
{
	const struct doc_link *link = link_chosen(ui, doc, &n);
	CLEANUP(buf_fini) struct buf question = { 0 };
	struct asked *a;

	if (!link)
		return;
	if (!link->is_deceptive) {
		open_url(ui, link->url, account);
		return;
	}
	a = xcalloc(1, sizeof *a);
	*a = (struct asked){ ui, account, span_dup(link->url) };
	buf_puts(&question, _("It leads to "));
	text_clean(&question, text_fit(link->url, 60));
	buf_puts(&question, _(", not where its text says. Open it? (y/n) "));
	ui_ask(ui, buf_str(&question), "yn", open_answered, a);
}

void
pager_link_copy(struct ui *ui, const struct doc *doc, unsigned n)
{
	const struct doc_link *link = link_chosen(ui, doc, &n);

	if (!link)
		return;
	if (term_copy(link->url))
		ui_say(ui, ROLE_NORMAL, _("Link [%u] copied."), n);
	else
		ui_say(ui, ROLE_WARNING, _("That link is too long to copy."));
}
