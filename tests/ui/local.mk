# Tests of ui/; see tests/base/local.mk for the pattern.  test_ui needs no
# store; test_frame runs the whole frame over one, without a terminal.
if HAVE_TESTS
check_PROGRAMS += tests/ui/test_ui tests/ui/test_frame
TESTS += tests/ui/test_ui tests/ui/test_frame
endif
tests_ui_test_frame_SOURCES = \
	tests/ui/frame.c \
	tests/ui/frame.h \
	tests/ui/test_acts.c \
	tests/ui/test_frame.c \
	tests/ui/test_group.c \
	tests/ui/test_list.c \
	tests/ui/test_list_date.c \
	tests/ui/test_order.c
tests_ui_test_frame_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_ui_test_frame_LDADD = libui.a libstore.a libbase.a $(CRITERION_LIBS) \
	$(CURSES_LIBS) $(LMDB_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) \
	$(UNISTRING_LIBS)

tests_ui_test_ui_SOURCES = \
	tests/ui/test_folder_tree.c \
	tests/ui/test_keys.c \
	tests/ui/test_move.c \
	tests/ui/test_prompt.c \
	tests/ui/test_surface.c \
	tests/ui/test_theme.c
tests_ui_test_ui_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_ui_test_ui_LDADD = libui.a libbase.a $(CRITERION_LIBS) \
	$(CURSES_LIBS) $(UNISTRING_LIBS)
include tests/ui/pager.mk
