noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(LMDB_CFLAGS) $(ZSTD_CFLAGS) $(NETTLE_CFLAGS)
libstore_a_SOURCES = \
	%D%/account.h \
	%D%/body.h \
	%D%/change.h \
	%D%/folder.h \
	%D%/journal.h \
	%D%/message.h \
	%D%/store.h \
	%D%/uidl.h \
	%D%/view.h \
	%D%/want.h
