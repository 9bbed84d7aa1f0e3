# Tests of src/net, against a server in a thread of the test's own.
# test_dial is a program of its own because it brings its own getaddrinfo.
if HAVE_TESTS
check_PROGRAMS += tests/net/test_net tests/net/test_dial
TESTS += tests/net/test_net tests/net/test_dial
endif
tests_net_test_net_SOURCES = \
	tests/net/certs.c tests/net/certs.h \
	tests/net/client.c tests/net/client.h \
	tests/net/peer.c tests/net/peer.h \
	tests/net/test_compress.c \
	tests/net/test_conn.c \
	tests/net/test_deflate.c \
	tests/net/test_host.c \
	tests/net/test_resume.c \
	tests/net/test_tls.c \
	tests/net/test_wake.c
tests_net_test_net_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	$(GIO_CFLAGS) $(GNUTLS_CFLAGS)
tests_net_test_net_LDADD = libnet.a libbase.a $(CRITERION_LIBS) \
	$(GIO_LIBS) $(GNUTLS_LIBS) $(ZLIB_LIBS) $(IDN_LIBS) $(UNISTRING_LIBS)
tests_net_test_dial_SOURCES = tests/net/test_dial.c
tests_net_test_dial_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	$(GIO_CFLAGS)
tests_net_test_dial_LDADD = libnet.a libbase.a $(CRITERION_LIBS) \
	$(GIO_LIBS) $(IDN_LIBS) $(UNISTRING_LIBS)
