# Tests of mail/; see tests/base/local.mk for the pattern.
