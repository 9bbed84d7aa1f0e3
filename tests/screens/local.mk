# Tests of screens/; see tests/base/local.mk for the pattern.
