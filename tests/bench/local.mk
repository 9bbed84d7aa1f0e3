# Tests of bench/; see tests/base/local.mk for the pattern.
