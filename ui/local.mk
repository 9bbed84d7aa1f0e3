noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS)
libui_a_SOURCES = \
	%D%/host.h \
	%D%/keys.h \
	%D%/ui.h \
	%D%/surface.h \
	%D%/term.h \
	%D%/theme.h
