# Real servers, started privately: see the head of mailhost.
EXTRA_DIST += tests/servers/mailhost tests/servers/smtpd.py \
	tests/servers/demo tests/servers/lib.sh

# The letters of the demo.
noinst_PROGRAMS += tests/servers/sample
tests_servers_sample_SOURCES = \
	tests/servers/sample.c \
	tests/servers/sample_text.c tests/servers/sample_text.h
tests_servers_sample_LDADD = libbase.a $(UNISTRING_LIBS)

check_PROGRAMS += tests/servers/faulty
tests_servers_faulty_SOURCES = tests/servers/faulty.c

# Between a client and a server: counts, delays, cuts.
check_PROGRAMS += tests/servers/proxy
tests_servers_proxy_SOURCES = tests/servers/proxy.c \
	tests/servers/proxy_flow.c tests/servers/proxy_flow.h
tests_servers_proxy_LDADD = libbase.a $(UNISTRING_LIBS)
if HAVE_TESTS
check_PROGRAMS += tests/servers/test_proxy
TESTS += tests/servers/test_proxy
endif
tests_servers_test_proxy_SOURCES = tests/servers/test_proxy.c
tests_servers_test_proxy_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_servers_test_proxy_LDADD = libbase.a $(CRITERION_LIBS) $(UNISTRING_LIBS)

# surat that dies, and the tests that whatever happens, surat and a server
# agree in the end.
LONG_TESTS += tests/servers/test_converge.sh
check_PROGRAMS += tests/servers/mortal
tests_servers_mortal_SOURCES = tests/servers/mortal.c \
	tests/store/faults.c tests/store/faults.h
tests_servers_mortal_LDADD = $(surat_LDADD)
EXTRA_DIST += tests/servers/converge.py tests/servers/client.py \
	tests/servers/cutter.py tests/servers/ledger.py tests/servers/mate.py \
	tests/servers/stops.py tests/servers/upheavals.py

server_tests = \
	tests/servers/test_acts.sh \
	tests/servers/test_compress.sh \
	tests/servers/test_conflict.sh \
	tests/servers/test_converge.sh \
	tests/servers/test_crash.sh \
	tests/servers/test_engine.sh \
	tests/servers/test_faults.sh \
	tests/servers/test_imap.sh \
	tests/servers/test_keep.sh \
	tests/servers/test_pop3.sh \
	tests/servers/test_relink.sh \
	tests/servers/test_send.sh \
	tests/servers/test_wake.sh \
	tests/servers/test_watch.sh
dist_check_SCRIPTS += $(server_tests)
TESTS += $(server_tests)

# The same letters in a store, where there is no server.
noinst_PROGRAMS += tests/servers/sample_store
tests_servers_sample_store_SOURCES = tests/servers/sample_store.c
tests_servers_sample_store_LDADD = libstore.a libmail.a libbase.a $(LMDB_LIBS) \
	$(ZSTD_LIBS) $(NETTLE_LIBS) $(GMIME_LIBS) $(XML_LIBS) $(UNISTRING_LIBS)
