# Tests of store/; see tests/base/local.mk for the pattern.
if HAVE_TESTS
check_PROGRAMS += tests/store/test_store
TESTS += tests/store/test_store
endif
tests_store_test_store_SOURCES = \
	tests/store/dump.c tests/store/dump.h \
	tests/store/expected.c tests/store/expected.h \
	tests/store/scratch.c tests/store/scratch.h \
	tests/store/test_backup.c \
	tests/store/test_backup_more.c \
	tests/store/test_body.c \
	tests/store/test_budget.c \
	tests/store/test_care.c \
	tests/store/test_conversation.c \
	tests/store/test_counts.c \
	tests/store/test_dump.c \
	tests/store/contacts.c tests/store/contacts.h \
	tests/store/test_closed.c \
	tests/store/test_contact.c \
	tests/store/test_contact_twin.c \
	tests/store/child.c tests/store/child.h \
	tests/store/life.c tests/store/life.h \
	tests/store/life_acts.c \
	tests/store/life_folders.c \
	tests/store/life_mail.c tests/store/life_moves.c \
	tests/store/test_durable.c \
	tests/store/damage.c tests/store/damage.h \
	tests/store/faults.c tests/store/faults.h \
	tests/store/full_disk.c tests/store/full_disk.h \
	tests/store/full_store.c tests/store/full_store.h \
	tests/store/test_full.c \
	tests/store/test_full_use.c \
	tests/store/findings.c tests/store/findings.h \
	tests/store/test_fields.c \
	tests/store/test_fields_message.c \
	tests/store/test_endless.c \
	tests/store/test_journal.c \
	tests/store/test_lost.c \
	tests/store/test_group.c \
	tests/store/test_late.c \
	tests/store/test_guard.c \
	tests/store/test_pages.c \
	tests/store/test_part.c \
	tests/store/test_migrate.c \
	tests/store/test_record.c \
	tests/store/test_repair.c \
	tests/store/test_store.c \
	tests/store/test_tables.c \
	tests/store/letters.c tests/store/letters.h \
	tests/store/test_thread.c \
	tests/store/test_thread_large.c \
	tests/store/test_twin.c \
	tests/store/test_view.c \
	tests/store/twin.c tests/store/twin.h \
	tests/store/moves.c tests/store/moves.h \
	tests/store/test_acts_twin.c \
	tests/store/damage_table.c tests/store/damage_table.h \
	tests/store/test_repair_acts.c \
	tests/store/test_undo_acts.c \
	tests/store/test_bind.c \
	tests/store/test_folder_act.c \
	tests/store/test_keyword.c \
	tests/store/test_move.c \
	tests/store/test_rebind.c \
	tests/store/test_undo.c
tests_store_test_store_CPPFLAGS = $(AM_CPPFLAGS) $(CRITERION_CFLAGS) $(LMDB_CFLAGS) $(ZSTD_CFLAGS) $(NETTLE_CFLAGS)
tests_store_test_store_LDADD = libstore.a libbase.a $(CRITERION_LIBS) \
	$(LMDB_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS)
EXTRA_DIST += \
	tests/data/store-1/bodies.dump \
	tests/data/store-1/expected \
	tests/data/store-1/index.dump \
	tests/data/store-3/bodies.dump \
	tests/data/store-3/expected \
	tests/data/store-3/index.dump

check_PROGRAMS += tests/fuzz/fuzz_row
TESTS += tests/fuzz/fuzz_row
tests_fuzz_fuzz_row_SOURCES = tests/fuzz/fuzz_row.c
if !FUZZING
tests_fuzz_fuzz_row_SOURCES += tests/fuzz/replay.c
endif
tests_fuzz_fuzz_row_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_row_CPPFLAGS = $(AM_CPPFLAGS) $(LMDB_CFLAGS)
tests_fuzz_fuzz_row_LDADD = libstore.a libbase.a \
	$(LMDB_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS)
EXTRA_DIST += \
	tests/fuzz/corpus/row/half-a-reference \
	tests/fuzz/corpus/row/imap \
	tests/fuzz/corpus/row/length-beyond-the-end \
	tests/fuzz/corpus/row/many-keywords \
	tests/fuzz/corpus/row/pop3 \
	tests/fuzz/corpus/row/too-many-keywords \
	tests/fuzz/corpus/row/value

check_PROGRAMS += tests/fuzz/fuzz_pages
TESTS += tests/fuzz/fuzz_pages
tests_fuzz_fuzz_pages_SOURCES = tests/fuzz/fuzz_pages.c
if !FUZZING
tests_fuzz_fuzz_pages_SOURCES += tests/fuzz/replay.c
endif
tests_fuzz_fuzz_pages_LDFLAGS = $(fuzz_engine)
tests_fuzz_fuzz_pages_CPPFLAGS = $(AM_CPPFLAGS) $(LMDB_CFLAGS)
tests_fuzz_fuzz_pages_LDADD = libstore.a libbase.a \
	$(LMDB_LIBS) $(ZSTD_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS)
EXTRA_DIST += \
	tests/fuzz/corpus/pages/bodies-bounds \
	tests/fuzz/corpus/pages/bodies-nodes \
	tests/fuzz/corpus/pages/bodies-whole \
	tests/fuzz/corpus/pages/index-bounds \
	tests/fuzz/corpus/pages/index-cut \
	tests/fuzz/corpus/pages/index-kinds \
	tests/fuzz/corpus/pages/index-metas \
	tests/fuzz/corpus/pages/index-nodes \
	tests/fuzz/corpus/pages/index-offsets \
	tests/fuzz/corpus/pages/index-page-numbers \
	tests/fuzz/corpus/pages/index-whole
