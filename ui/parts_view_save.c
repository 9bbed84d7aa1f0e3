/* SPDX-License-Identifier: MIT */
/* Where parts are saved, asked for and said. */
#include "ui/parts_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/loader_part.h"

/* What the prompt is about. */
struct asking {
	struct ui *ui;
	struct loader *loader;
	uint64_t body;
	size_t part;
	char *proposed;		/* owned */
};

size_t
parts_attachment(const struct letter_part *parts, size_t nparts, unsigned n)
{
	size_t found = SIZE_MAX;
	unsigned count = 0;

	for (size_t i = 0; i < nparts; i++) {
		if (!parts[i].is_attachment)
			continue;
		count++;
		if (n == 0 || count == n)
			found = i;
	}
	return n == 0 && count != 1 ? SIZE_MAX : found;
}

/* The folder for attachments is made when it is first needed. */
static bool
make_save_dir(struct ui *ui)
{
	const char *dir = ui_settings(ui)->save_dir;

	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return true;
	ui_say(ui, ROLE_ERROR, _("%s cannot be made: %s"), dir,
	    strerror(errno));
	return false;
}

static char *
expand_home(const char *line)
{
	const char *home = getenv("HOME");

	if (home && strncmp(line, "~/", 2) == 0)
		return xasprintf("%s%s", home, line + 1);
	return xstrdup(line);
}

static void
submit(const struct asking *a, const char *line)
{
	CLEANUP(cleanup_free) char *path = expand_home(line);
	const char *dir = NULL;
	struct stat st;

	/* Left as proposed: a free name near it is found. */
	if (strcmp(line, a->proposed) == 0)
		dir = ui_settings(a->ui)->save_dir;
	else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		dir = path;
	ui_say(a->ui, ROLE_DIM, _("Saving ..."));
	loader_submit(a->loader, &save_job_new(ui_store(a->ui), a->body,
	    &a->part, 1, dir, dir ? NULL : path)->job, true);
}

static void
path_typed(void *ctx, const char *line)
{
	struct asking *a = ctx;

	if (line && line[0] && make_save_dir(a->ui))
		submit(a, line);
	free(a->proposed);
	free(a);
}

void
parts_ask_save(struct ui *ui, struct loader *loader, uint64_t body,
    size_t part, struct span name)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct asking *a = xcalloc(1, sizeof *a);
	struct span safe = letter_safe_name(name, &arena);

	*a = (struct asking){ ui, loader, body, part,
		xasprintf("%s/%.*s", ui_settings(ui)->save_dir,
		    SPAN_ARG(safe)) };
	ui_prompt(ui, _("Save to: "), span_of(a->proposed), path_typed, a);
}

void
parts_save_all(struct ui *ui, struct loader *loader, uint64_t body,
    const struct letter_part *parts, size_t n)
{
	CLEANUP(cleanup_free) size_t *chosen = xcalloc(n + 1, sizeof *chosen);
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (parts[i].is_attachment)
			chosen[count++] = i;
	if (count == 0) {
		ui_say(ui, ROLE_NORMAL, _("Nothing is attached."));
		return;
	}
	if (!make_save_dir(ui))
		return;
	ui_say(ui, ROLE_DIM, _("Saving ..."));
	loader_submit(loader, &save_job_new(ui_store(ui), body, chosen, count,
	    ui_settings(ui)->save_dir, NULL)->job, true);
}

bool
parts_saved(struct ui *ui, const struct job *job)
{
	const struct save_job *j = (const struct save_job *)job;

	if (!is_save_job(job))
		return false;
	if (j->error.kind)
		ui_say(ui, ROLE_ERROR, _("Saved %zu of %zu: %s"), j->nsaved,
		    j->nparts, j->error.text);
	else if (j->nsaved == 1)
		ui_say(ui, ROLE_GOOD, _("Saved as %s"), j->saved);
	else
		ui_say(ui, ROLE_GOOD, P_("%zu file saved in %s",
		    "%zu files saved in %s", j->nsaved), j->nsaved, j->dir);
	return true;
}
