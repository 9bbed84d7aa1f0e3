# Tests of mail/; see tests/base/local.mk for the pattern.
if HAVE_TESTS
check_PROGRAMS += tests/mail/test_mail
TESTS += tests/mail/test_mail
endif
tests_mail_test_mail_SOURCES = \
	tests/mail/test_address.c \
	tests/mail/test_compose.c \
	tests/mail/test_header.c \
	tests/mail/test_hostile.c \
	tests/mail/test_html.c \
	tests/mail/test_letter.c \
	tests/mail/text.h
tests_mail_test_mail_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_mail_test_mail_LDADD = libmail.a libbase.a $(GMIME_LIBS) $(XML_LIBS) \
	$(CRITERION_LIBS) $(UNISTRING_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_header tests/fuzz/fuzz_html \
	tests/fuzz/fuzz_letter
TESTS += tests/fuzz/fuzz_header tests/fuzz/fuzz_html tests/fuzz/fuzz_letter
tests_fuzz_fuzz_header_SOURCES = tests/fuzz/fuzz_header.c
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c
tests_fuzz_fuzz_letter_SOURCES = tests/fuzz/fuzz_letter.c
if !FUZZING
tests_fuzz_fuzz_header_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_html_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_letter_SOURCES += tests/fuzz/replay.c
endif
mail_fuzz_libs = libmail.a libbase.a $(GMIME_LIBS) $(XML_LIBS) $(UNISTRING_LIBS)
tests_fuzz_fuzz_header_LDADD = $(mail_fuzz_libs)
tests_fuzz_fuzz_html_LDADD = $(mail_fuzz_libs)
tests_fuzz_fuzz_letter_LDADD = $(mail_fuzz_libs)
tests_fuzz_fuzz_header_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_html_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_letter_LDFLAGS = $(fuzz_engine)
EXTRA_DIST += \
	tests/fuzz/corpus/header/broken \
	tests/fuzz/corpus/header/envelope \
	tests/fuzz/corpus/header/parameters \
	tests/fuzz/corpus/header/words \
	tests/fuzz/corpus/html/broken \
	tests/fuzz/corpus/html/japanese \
	tests/fuzz/corpus/html/newsletter \
	tests/fuzz/corpus/letter/address-not-utf8 \
	tests/fuzz/corpus/letter/encoded-letter \
	tests/fuzz/corpus/letter/mixed \
	tests/fuzz/corpus/letter/signed
