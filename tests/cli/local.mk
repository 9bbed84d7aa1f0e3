# Tests of cli/; see tests/base/local.mk for the pattern.
