/* SPDX-License-Identifier: MIT */
/* Stores that earlier versions made: tests/store/dump.h. */
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

static void
expect_answers(const char *data)
{
	CLEANUP(scratch_fini) struct scratch s;

	scratch_dir(&s);
	dump_load(data, s.dir);
	scratch_open(&s);
	scratch_check(&s);
	expected_compare(s.store, data);
}

Test(dump, of_schema_1_answers_as_it_did_then)
{
	expect_answers("tests/data/store-1");
}

Test(dump, of_schema_3_answers_as_it_did_then)
{
	expect_answers("tests/data/store-3");
}
