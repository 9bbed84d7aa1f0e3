noinst_LIBRARIES += libmail.a
libmail_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(XML_CFLAGS)
libmail_a_SOURCES = \
	%D%/address.c \
	%D%/adopt.c \
	%D%/base64.c %D%/base64.h \
	%D%/charset.c %D%/charset.h \
	%D%/compose.c %D%/compose.h \
	%D%/doc.h \
	%D%/doc_writer.c %D%/doc_writer.h \
	%D%/draft.c \
	%D%/encode.c %D%/encode.h \
	%D%/encode_body.c \
	%D%/gmime_once.h \
	%D%/header.c %D%/header.h \
	%D%/html.c %D%/html.h \
	%D%/html_flow.c %D%/html_flow.h \
	%D%/html_style.c %D%/html_style.h \
	%D%/letter.c %D%/letter.h \
	%D%/letter_parts.c %D%/letter_parts.h \
	%D%/letter_save.c \
	%D%/letter_text.c \
	%D%/link.c %D%/link.h \
	%D%/mime.c %D%/mime.h \
	%D%/parameter.c \
	%D%/plain.c %D%/plain.h \
	%D%/quote.c %D%/quote.h \
	%D%/recipients.c %D%/recipients.h \
	%D%/reply.c \
	%D%/transfer.c %D%/transfer.h \
	%D%/words.c %D%/words.h
