# The letter and what is done with one: read, parts, write, queue.
pager_sources = \
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
