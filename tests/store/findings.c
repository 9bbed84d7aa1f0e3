/* SPDX-License-Identifier: MIT */
#include "tests/store/findings.h"

#include <unistd.h>

void
findings_note(void *ctx, const struct store_finding *finding)
{
	struct findings *f = ctx;
	size_t used = strlen(f->text);

	f->n++;
	f->nfinal += finding->is_final;
	snprintf(f->text + used, sizeof f->text - used, "%s %llu: %s\n",
	    finding->table, (unsigned long long)finding->id, finding->what);
}

enum err
findings_check(struct scratch *s, struct findings *f)
{
	struct store_findings to = { findings_note, f };
	struct error e = { 0 };
	uint64_t checked;
	enum err err;

	*f = (struct findings){ 0 };
	err = store_check_each(s->store, &to, NULL, &checked, &e);
	cr_assert_eq(err == ERR_CORRUPT, f->n > 0, "%s", e.text);
	return err;
}

void
findings_repair(struct scratch *s, struct repair_result *result,
    struct findings *f)
{
	struct store_findings to = { findings_note, f };
	struct error e = { 0 };

	*f = (struct findings){ 0 };
	scratch_close(s);
	cr_assert_eq(store_repair(s->dir, NULL, &to, result, &e), ERR_OK,
	    "%s", e.text);
	/* None where there was nothing to make anew. */
	if (result->kept) {
		cr_assert_eq(access(result->kept, F_OK), 0);
		unlink(result->kept);
	}
	free(result->kept);
	result->kept = NULL;
	scratch_open(s);
	scratch_check(s);
}
