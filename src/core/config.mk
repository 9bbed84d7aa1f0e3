config_sources = \
	src/core/config.h \
	src/core/password.h
