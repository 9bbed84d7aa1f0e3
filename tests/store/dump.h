/* SPDX-License-Identifier: MIT */
/*
 * Stores of earlier schemas, kept as text.  A dump is one environment: a
 * line with the name of each table, and a line for each of its entries,
 *
 *   rows 0000000000000001 01c2000000...
 *
 * the key and the value in hexadecimal, no value when it is empty.  A dump
 * was written once, by the program whose schema it has, and never changes;
 * what that program answered to its caller is in the file `expected` beside
 * it (tests/store/expected.h).
 *
 *   tests/data/store-1   schema 1: 218add4 and before
 *   tests/data/store-3   schema 3: up to 0e03923
 */
#pragma once

/*
 * Makes the files of a store in dir from `data`, a directory in $srcdir,
 * without any code of store/.  A failure ends the test.
 */
void dump_load(const char *data, const char *dir);
