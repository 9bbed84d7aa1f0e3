sync_sources = \
	src/core/sync.h
