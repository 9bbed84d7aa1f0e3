pop3_sources = \
	protocol/pop3.h \
	protocol/sasl.h \
	protocol/session.c \
	protocol/smtp.h
