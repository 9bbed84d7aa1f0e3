/* SPDX-License-Identifier: MIT */
/* Stores that earlier versions made: tests/store/dump.h. */
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

Test(dump, of_schema_1_answers_as_it_did_then)
{
	CLEANUP(scratch_fini) struct scratch s;

	scratch_dir(&s);
	dump_load("tests/data/store-1", s.dir);
	scratch_open(&s);
	scratch_check(&s);
	expected_compare(s.store, "tests/data/store-1");
}
