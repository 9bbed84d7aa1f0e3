/* SPDX-License-Identifier: MIT */
/* Stores that earlier versions made: tests/store/dump.h. */
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

/* Known to fail: nothing brings a store of schema 1 up to date yet. */
Test(dump, of_schema_1_answers_as_it_did_then, .disabled = true)
{
	CLEANUP(scratch_fini) struct scratch s;

	scratch_dir(&s);
	dump_load("tests/data/store-1", s.dir);
	scratch_open(&s);
	scratch_check(&s);
	expected_compare(s.store, "tests/data/store-1");
}
