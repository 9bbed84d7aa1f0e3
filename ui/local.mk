include ui/pager.mk

noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS)
libui_a_SOURCES = \
	%D%/acts.c \
	%D%/folder_tree.c \
	%D%/folder_tree.h \
	%D%/frame.h \
	%D%/help_view.c \
	%D%/host.h \
	%D%/keys.c \
	%D%/keys.h \
	%D%/keys_table.c \
	%D%/list_conversation.c \
	%D%/list_date.c \
	%D%/list_draw.c \
	%D%/list_kept.c \
	%D%/list_keys.c \
	%D%/list_load.c \
	%D%/list_order.c \
	%D%/list_order.h \
	%D%/list_search.c \
	%D%/list_state.h \
	%D%/list_thread.c \
	%D%/list_title.c \
	%D%/list_view.c \
	%D%/move.c \
	%D%/move.h \
	%D%/place.c \
	%D%/place.h \
	%D%/prompt.c \
	%D%/prompt.h \
	%D%/sidebar_view.c \
	%D%/status.c \
	%D%/status.h \
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
	%D%/ui.c \
	%D%/ui.h \
	%D%/ui_child.c \
	%D%/ui_command.c \
	%D%/ui_date.c \
	%D%/ui_draw.c \
	%D%/ui_keys.c \
	%D%/ui_sent.c \
	%D%/ui_state.h \
	$(pager_sources)
