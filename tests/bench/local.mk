# `make bench` builds these and runs what is in BENCHES.
bench_store_libs = libstore.a libbase.a $(LMDB_LIBS) $(ZSTD_LIBS) \
	$(NETTLE_LIBS) $(UNISTRING_LIBS)
EXTRA_PROGRAMS += tests/bench/bare tests/bench/frames tests/bench/fill_imap \
	tests/bench/fill_store tests/bench/stamp tests/bench/store_insert \
	tests/bench/store_wait
tests_bench_bare_SOURCES = tests/bench/bare.c tests/bench/bare.h \
	tests/bench/bare_imap.c tests/bench/bare_pop3.c \
	tests/bench/bare_wire.c tests/bench/bare_wire.h
tests_bench_bare_CPPFLAGS = $(AM_CPPFLAGS) $(GNUTLS_CFLAGS) $(ZLIB_CFLAGS)
tests_bench_bare_LDADD = libbase.a $(GNUTLS_LIBS) $(ZLIB_LIBS)
tests_bench_frames_SOURCES = tests/bench/frames.c \
	tests/screens/screen.c tests/screens/screen.h
tests_bench_frames_CPPFLAGS = $(AM_CPPFLAGS) $(VTERM_CFLAGS)
tests_bench_frames_LDADD = libbase.a $(VTERM_LIBS) $(UNISTRING_LIBS) -lutil
tests_bench_fill_imap_SOURCES = tests/bench/fill_imap.c \
	tests/bench/bare.h tests/bench/bare_imap.c \
	tests/bench/bare_wire.c tests/bench/bare_wire.h \
	tests/bench/letter.c tests/bench/letter.h \
	tests/bench/mailbox.c tests/bench/mailbox.h
tests_bench_fill_imap_CPPFLAGS = $(AM_CPPFLAGS) $(GIO_CFLAGS) \
	$(GNUTLS_CFLAGS) $(ZLIB_CFLAGS)
tests_bench_fill_imap_LDADD = $(bench_store_libs) $(GIO_LIBS) \
	$(GNUTLS_LIBS) $(ZLIB_LIBS)
tests_bench_stamp_SOURCES = tests/bench/stamp.c
tests_bench_fill_store_SOURCES = tests/bench/fill_store.c \
	tests/bench/mailbox.c tests/bench/mailbox.h
tests_bench_fill_store_LDADD = $(bench_store_libs)
tests_bench_store_insert_SOURCES = tests/bench/store_insert.c \
	tests/bench/mailbox.c tests/bench/mailbox.h
tests_bench_store_insert_CPPFLAGS = $(AM_CPPFLAGS) $(LMDB_CFLAGS)
tests_bench_store_insert_LDADD = $(bench_store_libs)
tests_bench_store_wait_SOURCES = tests/bench/store_wait.c \
	tests/bench/mailbox.c tests/bench/mailbox.h
tests_bench_store_wait_LDADD = $(bench_store_libs)
EXTRA_DIST += tests/bench/bench.sh tests/bench/bench_imap.sh \
	tests/bench/bench_lib.sh
BENCHES += tests/bench/bench.sh tests/bench/bench_imap.sh
BENCH_TOOLS += tests/servers/proxy
CLEANFILES += $(EXTRA_PROGRAMS)
