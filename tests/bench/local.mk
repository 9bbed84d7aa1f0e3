# `make bench` builds these and runs what is in BENCHES.
EXTRA_PROGRAMS += tests/bench/bare tests/bench/first_frame tests/bench/fill_store
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_CPPFLAGS = $(AM_CPPFLAGS) $(GNUTLS_CFLAGS)
tests_bench_bare_LDADD = libbase.a $(GNUTLS_LIBS)
tests_bench_first_frame_SOURCES = tests/bench/first_frame.c
tests_bench_first_frame_LDADD = libbase.a -lutil
tests_bench_fill_store_SOURCES = tests/bench/fill_store.c
tests_bench_fill_store_LDADD = libstore.a libbase.a $(LMDB_LIBS) $(ZSTD_LIBS) \
	$(NETTLE_LIBS) $(UNISTRING_LIBS)
EXTRA_DIST += tests/bench/bench.sh
BENCHES += tests/bench/bench.sh
CLEANFILES += $(EXTRA_PROGRAMS)
