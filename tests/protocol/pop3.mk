# Tests of protocol/; see tests/base/local.mk for the pattern.
if HAVE_TESTS
check_PROGRAMS += tests/protocol/test_pop3 tests/protocol/test_sasl \
	tests/protocol/test_smtp
TESTS += tests/protocol/test_pop3 tests/protocol/test_sasl \
	tests/protocol/test_smtp
endif
EXTRA_DIST += tests/data/pop3 tests/data/smtp

tests_protocol_test_pop3_SOURCES = tests/protocol/test_pop3.c \
	tests/protocol/script.c tests/protocol/script.h
tests_protocol_test_pop3_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	$(GSASL_CFLAGS)
tests_protocol_test_pop3_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(CRITERION_LIBS) $(UNISTRING_LIBS)

tests_protocol_test_sasl_SOURCES = tests/protocol/test_sasl.c
tests_protocol_test_sasl_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	$(GSASL_CFLAGS)
tests_protocol_test_sasl_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(CRITERION_LIBS) $(UNISTRING_LIBS)

tests_protocol_test_smtp_SOURCES = tests/protocol/test_smtp.c \
	tests/protocol/script.c tests/protocol/script.h
tests_protocol_test_smtp_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_protocol_test_smtp_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(CRITERION_LIBS) $(UNISTRING_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_pop3 tests/fuzz/fuzz_smtp
TESTS += tests/fuzz/fuzz_pop3 tests/fuzz/fuzz_smtp
EXTRA_DIST += tests/fuzz/corpus/pop3 tests/fuzz/corpus/smtp
tests_fuzz_fuzz_pop3_SOURCES = tests/fuzz/fuzz_pop3.c
tests_fuzz_fuzz_smtp_SOURCES = tests/fuzz/fuzz_smtp.c
if !FUZZING
tests_fuzz_fuzz_pop3_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_smtp_SOURCES += tests/fuzz/replay.c
endif
tests_fuzz_fuzz_pop3_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_smtp_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_pop3_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(UNISTRING_LIBS)
tests_fuzz_fuzz_smtp_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(UNISTRING_LIBS)
