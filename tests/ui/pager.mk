# Tests of the pager, compose, review and queue screens.
if HAVE_TESTS
check_PROGRAMS += tests/ui/test_pager
TESTS += tests/ui/test_pager
endif
tests_ui_test_pager_SOURCES = \
	tests/ui/letter_store.c \
	tests/ui/letter_store.h \
	tests/ui/scratch.c \
	tests/ui/scratch.h \
	tests/ui/test_compose.c \
	tests/ui/test_compose_contact.c \
	tests/ui/test_flow.c \
	tests/ui/test_loader.c \
	tests/ui/test_pager.c \
	tests/ui/test_queue.c \
	tests/ui/test_review.c
tests_ui_test_pager_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_ui_test_pager_LDADD = libui.a libstore.a libmail.a libbase.a \
	$(CRITERION_LIBS) $(CURSES_LIBS) $(LMDB_LIBS) $(ZSTD_LIBS) \
	$(NETTLE_LIBS) $(GMIME_LIBS) $(XML_LIBS) $(UNISTRING_LIBS)
