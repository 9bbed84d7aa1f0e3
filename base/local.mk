noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	%D%/act.c %D%/act.h \
	%D%/arena.c %D%/arena.h \
	%D%/buf.c %D%/buf.h \
	%D%/bug.c %D%/bug.h \
	%D%/cleanup.h \
	%D%/crc32c.c %D%/crc32c.h \
	%D%/date.c %D%/date.h \
	%D%/envelope.h \
	%D%/err.c %D%/err.h \
	%D%/flags.c %D%/flags.h \
	%D%/i18n.h \
	%D%/log.c %D%/log.h \
	%D%/moment.c %D%/moment.h \
	%D%/source.c %D%/source.h \
	%D%/span.c %D%/span.h \
	%D%/subject.c %D%/subject.h \
	%D%/text.c %D%/text.h \
	%D%/uid.h \
	%D%/uidset.c %D%/uidset.h \
	%D%/xalloc.c %D%/xalloc.h
