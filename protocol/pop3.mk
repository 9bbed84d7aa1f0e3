pop3_sources = \
	protocol/pop3.h \
	protocol/sasl.h \
	protocol/smtp.h
