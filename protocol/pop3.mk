pop3_sources = \
	protocol/engine.c \
	protocol/engine.h \
	protocol/line.c \
	protocol/line.h \
	protocol/output.c \
	protocol/output.h \
	protocol/pop3.c \
	protocol/pop3.h \
	protocol/pop3_answer.c \
	protocol/pop3_data.c \
	protocol/pop3_data.h \
	protocol/pop3_login.c \
	protocol/pop3_private.h \
	protocol/sasl.c \
	protocol/sasl.h \
	protocol/secret.c \
	protocol/secret.h \
	protocol/session.c \
	protocol/smtp.c \
	protocol/smtp.h \
	protocol/smtp_login.c \
	protocol/smtp_mail.c \
	protocol/smtp_private.h \
	protocol/smtp_reply.c \
	protocol/smtp_reply.h \
	protocol/smtp_stuffer.c \
	protocol/smtp_stuffer.h
