# Tests of core/; see tests/base/local.mk for the pattern.
