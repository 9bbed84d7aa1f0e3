include src/core/config.mk
include src/core/sync.mk

noinst_LIBRARIES += libcore.a
libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(GIO_CFLAGS)
libcore_a_SOURCES = $(config_sources) $(sync_sources)
