# Tests of src/core; see tests/base/local.mk for the pattern.  The program
# brings a timer source of its own (test_password.c).
if HAVE_TESTS
check_PROGRAMS += tests/core/test_config
TESTS += tests/core/test_config
endif
tests_core_test_config_SOURCES = \
	tests/core/test_config.c \
	tests/core/test_config_value.c \
	tests/core/test_password.c
tests_core_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	$(GIO_CFLAGS)
tests_core_test_config_LDADD = libcore.a libnet.a libbase.a \
	$(CRITERION_LIBS) $(GIO_LIBS) $(ZLIB_LIBS) $(IDN_LIBS) $(UNISTRING_LIBS)

include tests/core/sync.mk
