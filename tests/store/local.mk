# Tests of store/; see tests/base/local.mk for the pattern.
