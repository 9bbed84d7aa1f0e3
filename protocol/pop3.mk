pop3_sources = \
	protocol/pop3.h \
	protocol/sasl.c \
	protocol/sasl.h \
	protocol/secret.c \
	protocol/secret.h \
	protocol/session.c \
	protocol/smtp.h
