include protocol/imap.mk
include protocol/pop3.mk

noinst_LIBRARIES += libprotocol.a
libprotocol_a_CPPFLAGS = $(AM_CPPFLAGS) $(GSASL_CFLAGS)
libprotocol_a_SOURCES = $(imap_sources) $(pop3_sources) \
	%D%/session.h
