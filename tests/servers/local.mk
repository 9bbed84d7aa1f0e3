# Tests of servers/; see tests/base/local.mk for the pattern.
