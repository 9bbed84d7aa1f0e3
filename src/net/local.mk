noinst_LIBRARIES += libnet.a
libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(GIO_CFLAGS) $(GNUTLS_CFLAGS) $(IDN_CFLAGS) \
	$(ZLIB_CFLAGS)
libnet_a_SOURCES = \
	%D%/certificate.c %D%/certificate.h \
	%D%/clear.c %D%/clear.h \
	%D%/conn.c %D%/conn.h %D%/conn_private.h \
	%D%/conn_flow.c \
	%D%/deflate.c %D%/deflate.h \
	%D%/dial.c %D%/dial.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/host.c %D%/host.h \
	%D%/lookup.c %D%/lookup.h \
	%D%/resume.c %D%/resume.h \
	%D%/tls.c %D%/tls.h \
	%D%/sleep.h \
	%D%/trust.c %D%/trust.h \
	%D%/wake.c %D%/wake.h
if HAVE_TIMERFD
libnet_a_SOURCES += %D%/sleep_timerfd.c
else
libnet_a_SOURCES += %D%/sleep_none.c
endif
