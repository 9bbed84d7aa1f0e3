imap_sources = \
	protocol/imap.c \
	protocol/imap.h \
	protocol/imap_answer.c \
	protocol/imap_command.c \
	protocol/imap_command.h \
	protocol/imap_dialogue.c \
	protocol/imap_frame.c \
	protocol/imap_frame.h \
	protocol/imap_lex.c \
	protocol/imap_lex.h \
	protocol/imap_name.c \
	protocol/imap_name.h \
	protocol/imap_parse.h \
	protocol/imap_parse_copied.c \
	protocol/imap_parse_fetch.c \
	protocol/imap_parse_list.c \
	protocol/imap_parse_search.c \
	protocol/imap_parse_status.c \
	protocol/imap_parse_structure.c \
	protocol/imap_part.h \
	protocol/imap_private.h \
	protocol/imap_queue.c \
	protocol/imap_request.c \
	protocol/imap_request_fetch.c \
	protocol/imap_request_folder.c \
	protocol/imap_request_search.c
