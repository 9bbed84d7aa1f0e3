imap_sources = \
	protocol/imap.h \
	protocol/imap_name.c \
	protocol/imap_name.h
