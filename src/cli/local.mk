noinst_LIBRARIES += libcli.a
libcli_a_CPPFLAGS = $(AM_CPPFLAGS) $(GIO_CFLAGS) $(JSON_CFLAGS)
libcli_a_SOURCES = \
	%D%/account.c \
	%D%/act_words.c %D%/act_words.h \
	%D%/backup.c \
	%D%/cli.c %D%/cli.h \
	%D%/folder.c \
	%D%/folders.c \
	%D%/journal.c \
	%D%/json.c %D%/json.h \
	%D%/letters.c %D%/letters.h \
	%D%/list.c \
	%D%/mark.c \
	%D%/move.c \
	%D%/print.c %D%/print.h \
	%D%/purge.c \
	%D%/progress.c %D%/progress.h \
	%D%/send.c \
	%D%/show.c \
	%D%/store.c \
	%D%/sync.c \
	%D%/watch.c
