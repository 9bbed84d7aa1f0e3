noinst_LIBRARIES += libmail.a
libmail_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(XML_CFLAGS)
libmail_a_SOURCES = \
	%D%/compose.h \
	%D%/doc.h \
	%D%/header.h \
	%D%/html.h \
	%D%/letter.h
