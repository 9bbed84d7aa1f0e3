# Tests of ui/; see tests/base/local.mk for the pattern.
if HAVE_TESTS
check_PROGRAMS += tests/ui/test_ui
TESTS += tests/ui/test_ui
endif
tests_ui_test_ui_SOURCES = \
	tests/ui/test_keys.c \
	tests/ui/test_surface.c \
	tests/ui/test_theme.c
tests_ui_test_ui_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_ui_test_ui_LDADD = libui.a libbase.a $(CRITERION_LIBS) \
	$(CURSES_LIBS) $(UNISTRING_LIBS)
