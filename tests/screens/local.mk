# The program on a real terminal emulator; see test_screens.c.
if HAVE_TESTS
check_PROGRAMS += tests/screens/test_screens
TESTS += tests/screens/test_screens
endif
tests_screens_test_screens_SOURCES = \
	tests/screens/screen.c tests/screens/screen.h \
	tests/screens/test_screens.c
tests_screens_test_screens_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) $(VTERM_CFLAGS)
tests_screens_test_screens_LDADD = libstore.a libbase.a $(CRITERION_LIBS) \
	$(VTERM_LIBS) $(LMDB_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) \
	$(UNISTRING_LIBS) -lutil
EXTRA_DIST += tests/screens/expect
