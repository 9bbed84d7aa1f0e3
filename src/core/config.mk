config_sources = \
	src/core/config.c src/core/config.h \
	src/core/config_account.c src/core/config_account.h \
	src/core/config_dirs.c src/core/config_dirs.h \
	src/core/config_group.c src/core/config_group.h \
	src/core/config_keep.c src/core/config_keep.h \
	src/core/config_reader.c src/core/config_reader.h \
	src/core/config_text.c src/core/config_text.h \
	src/core/config_value.c src/core/config_value.h \
	src/core/password.c src/core/password.h
