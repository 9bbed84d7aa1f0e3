include src/core/local.mk
include src/net/local.mk
include src/cli/local.mk

bin_PROGRAMS += surat
surat_SOURCES = %D%/main.c
surat_LDADD = libcli.a libui.a libcore.a libnet.a libstore.a libprotocol.a libmail.a libbase.a \
	$(CURSES_LIBS) $(GNUTLS_LIBS) $(GMIME_LIBS) $(LMDB_LIBS) $(GIO_LIBS) \
	$(GSASL_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(JSON_LIBS) $(XML_LIBS) \
	$(IDN_LIBS) $(UNISTRING_LIBS)
