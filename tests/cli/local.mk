# Tests of src/cli; see tests/base/local.mk for the pattern.  What the
# commands do is tested against real servers, in tests/servers; the scripts
# here need none, but the sample's programs.
dist_check_SCRIPTS += tests/cli/test_acts.sh tests/cli/test_list.sh \
	tests/cli/test_store.sh
EXTRA_DIST += tests/claims.sh tests/cli/sample.sh
TESTS += tests/cli/test_acts.sh tests/cli/test_list.sh tests/cli/test_store.sh
if HAVE_TESTS
check_PROGRAMS += tests/cli/test_cli
TESTS += tests/cli/test_cli
endif
tests_cli_test_cli_SOURCES = tests/cli/test_json.c
tests_cli_test_cli_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS)
tests_cli_test_cli_LDADD = libcli.a libui.a libcore.a libnet.a libstore.a \
	libprotocol.a libmail.a libbase.a $(CRITERION_LIBS) $(JSON_LIBS) \
	$(GMIME_LIBS) $(LMDB_LIBS) $(GIO_LIBS) $(GSASL_LIBS) $(GNUTLS_LIBS) \
	$(ZSTD_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(XML_LIBS) $(IDN_LIBS) \
	$(UNISTRING_LIBS)
