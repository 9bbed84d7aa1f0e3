noinst_LIBRARIES += libnet.a
libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(GIO_CFLAGS) $(GNUTLS_CFLAGS)
libnet_a_SOURCES = \
	%D%/conn.h
