# Tests of net/; see tests/base/local.mk for the pattern.
