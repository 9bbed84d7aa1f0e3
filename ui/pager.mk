# The letter and what is done with one: read, parts, write, queue.
pager_sources = \
	%D%/compose.c \
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
	%D%/pager_view.c \
	%D%/pager_view.h \
	%D%/pager_view_draw.c \
	%D%/pager_view_link.c \
	%D%/pager_view_search.c \
	%D%/pager_view_text.c \
	%D%/parts_view.c \
	%D%/parts_view.h \
	%D%/parts_view_draw.c \
	%D%/parts_view_save.c \
	%D%/review_view.c \
	%D%/review_view.h \
	%D%/review_view_draw.c \
	%D%/term_copy.c
