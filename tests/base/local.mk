# A test program links the libraries of its layer and those below, no more.
if HAVE_TESTS
check_PROGRAMS += tests/base/test_base
TESTS += tests/base/test_base
endif
tests_base_test_base_SOURCES = \
	tests/base/test_buf.c \
	tests/base/test_date.c \
	tests/base/test_moment.c \
	tests/base/test_span.c \
	tests/base/test_subject.c \
	tests/base/test_text.c \
	tests/base/test_uidset.c
tests_base_test_base_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_base_test_base_LDADD = libbase.a $(CRITERION_LIBS) $(UNISTRING_LIBS)
