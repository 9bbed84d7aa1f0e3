# Tests of ui/; see tests/base/local.mk for the pattern.
