# The letter and what is done with one: read, parts, write, queue.
pager_sources = \
	%D%/flow.c \
	%D%/flow.h \
	%D%/flow_prepare.c
