# Tests of the IMAP engine; see tests/base/local.mk for the pattern.
if HAVE_TESTS
check_PROGRAMS += tests/protocol/test_imap
TESTS += tests/protocol/test_imap
endif
EXTRA_DIST += tests/data/imap

tests_protocol_test_imap_SOURCES = \
	tests/protocol/script.c tests/protocol/script.h \
	tests/protocol/acts.c tests/protocol/acts.h \
	tests/protocol/events.c tests/protocol/events.h \
	tests/protocol/test_imap.c \
	tests/protocol/test_imap_copied.c \
	tests/protocol/test_imap_lex.c \
	tests/protocol/test_imap_limits.c \
	tests/protocol/test_imap_name.c \
	tests/protocol/test_imap_structure.c
tests_protocol_test_imap_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_protocol_test_imap_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(CRITERION_LIBS) $(UNISTRING_LIBS)

# The parsers, fed by fuzzers; in `make check` by their corpora.
check_PROGRAMS += tests/fuzz/fuzz_imap tests/fuzz/fuzz_imap_name
TESTS += tests/fuzz/fuzz_imap tests/fuzz/fuzz_imap_name
EXTRA_DIST += tests/fuzz/corpus/imap tests/fuzz/corpus/imap_name

tests_fuzz_fuzz_imap_SOURCES = tests/fuzz/fuzz_imap.c
tests_fuzz_fuzz_imap_name_SOURCES = tests/fuzz/fuzz_imap_name.c
if !FUZZING
tests_fuzz_fuzz_imap_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_imap_name_SOURCES += tests/fuzz/replay.c
endif
tests_fuzz_fuzz_imap_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_imap_name_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_imap_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(UNISTRING_LIBS)
tests_fuzz_fuzz_imap_name_LDADD = libprotocol.a libbase.a $(UNISTRING_LIBS)

# The acts of the sessions, said to a real server by test_engine.sh.
check_PROGRAMS += tests/servers/talk
tests_servers_talk_SOURCES = tests/servers/talk.c \
	tests/protocol/acts.c tests/protocol/acts.h \
	tests/protocol/events.c tests/protocol/events.h
tests_servers_talk_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/protocol
tests_servers_talk_LDADD = libprotocol.a libbase.a $(GSASL_LIBS) \
	$(UNISTRING_LIBS)
