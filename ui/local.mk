include ui/pager.mk

noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS)
libui_a_SOURCES = \
	%D%/host.h \
	%D%/keys.c \
	%D%/keys.h \
	%D%/keys_table.c \
	%D%/surface.c \
	%D%/surface.h \
	%D%/term.c \
	%D%/term.h \
	%D%/term_info.c \
	%D%/term_info.h \
	%D%/term_keys.c \
	%D%/term_state.h \
	%D%/theme.c \
	%D%/theme.h \
	%D%/theme_colour.c \
	%D%/ui.h \
	$(pager_sources)
