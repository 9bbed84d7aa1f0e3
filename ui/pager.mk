# The letter and what is done with one: read, parts, write, queue.
pager_sources = \
	%D%/compose_file.c \
	%D%/compose_file.h \
	%D%/compose_letter.c \
	%D%/compose_letter.h \
	%D%/compose_mailto.c \
	%D%/compose_mailto.h \
	%D%/compose_work.c \
	%D%/compose_work.h \
	%D%/editor.c \
	%D%/editor.h \
	%D%/flow.c \
	%D%/flow.h \
	%D%/flow_prepare.c \
	%D%/loader.c \
	%D%/loader.h \
	%D%/loader_letter.c \
	%D%/loader_letter.h \
	%D%/loader_part.c \
	%D%/loader_part.h \
	%D%/term_copy.c
