# Tests of protocol/; see tests/base/local.mk for the pattern.
