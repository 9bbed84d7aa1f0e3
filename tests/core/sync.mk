# The rules of synchronising, without a server; see tests/base/local.mk.
# With real servers: tests/servers/.
if HAVE_TESTS
check_PROGRAMS += tests/core/test_sync
TESTS += tests/core/test_sync
endif
tests_core_test_sync_SOURCES = \
	tests/core/test_idle_pace.c \
	tests/core/test_skeleton.c \
	tests/core/test_sync_rules.c \
	tests/core/test_sync_uids.c
tests_core_test_sync_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_core_test_sync_LDADD = libcore.a libnet.a libstore.a libprotocol.a \
	libmail.a libbase.a $(CRITERION_LIBS) $(GNUTLS_LIBS) $(GMIME_LIBS) \
	$(LMDB_LIBS) $(GIO_LIBS) $(GSASL_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) \
	$(ZLIB_LIBS) $(XML_LIBS) $(IDN_LIBS) $(UNISTRING_LIBS)
