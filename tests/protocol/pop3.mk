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
