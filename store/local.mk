noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(LMDB_CFLAGS) $(ZSTD_CFLAGS) $(NETTLE_CFLAGS)
libstore_a_SOURCES = \
	%D%/account.c %D%/account.h \
	%D%/act_record.c %D%/act_record.h \
	%D%/backup.c %D%/backup.h \
	%D%/body.c %D%/body.h \
	%D%/body_check.c %D%/body_check.h \
	%D%/body_collect.c \
	%D%/body_evict.c \
	%D%/body_piece.c %D%/body_piece.h \
	%D%/body_read.c %D%/body_read.h \
	%D%/body_repair.c %D%/body_repair.h \
	%D%/body_use.c %D%/body_use.h \
	%D%/body_write.c \
	%D%/budget.c %D%/budget.h \
	%D%/change.c %D%/change.h %D%/change_log.h \
	%D%/care.h %D%/compact.c \
	%D%/check.c %D%/check.h %D%/check_pages.c %D%/check_rest.c \
	%D%/check_row.c %D%/check_thread.c \
	%D%/copy.c %D%/copy.h \
	%D%/drafts.c %D%/drafts.h \
	%D%/conversation.c %D%/conversation.h \
	%D%/contact.c %D%/contact.h \
	%D%/contact_note.c %D%/contact_note.h \
	%D%/contact_record.c %D%/contact_record.h \
	%D%/counts.c %D%/counts.h \
	%D%/env.c %D%/env_error.c %D%/env_open.c %D%/env.h \
	%D%/file.c %D%/file.h \
	%D%/dirs.c %D%/dirs.h \
	%D%/group.c %D%/group.h \
	%D%/folder.c %D%/folder.h %D%/folder_record.h \
	%D%/folder_name.c %D%/folder_shown.c %D%/folder_shown.h \
	%D%/guard.c %D%/guard.h \
	%D%/act_follow.h \
	%D%/journal.c %D%/journal.h %D%/journal_flags.c \
	%D%/journal_delete.c %D%/journal_elsewhere.c \
	%D%/journal_folder.c %D%/journal_move.c %D%/journal_send.c \
	%D%/key.c %D%/key.h \
	%D%/lock.c %D%/lock.h \
	%D%/manifest.c %D%/manifest.h \
	%D%/message.c %D%/message.h \
	%D%/message_bind.c %D%/message_bind.h \
	%D%/message_rebind.c \
	%D%/late.c %D%/late.h \
	%D%/page.c %D%/page.h \
	%D%/pages.c %D%/pages.h \
	%D%/pair.c %D%/pair.h \
	%D%/part.c %D%/part.h %D%/part_row.h \
	%D%/migrate.c %D%/migrate.h %D%/migrate_1.c \
	%D%/pending.c %D%/pending.h \
	%D%/place.h \
	%D%/pour.c %D%/pour.h \
	%D%/readable.c %D%/readable.h \
	%D%/rebuild.c %D%/rebuild.h %D%/rebuild_job.h \
	%D%/rebuild_record.c %D%/rebuild_row.c %D%/rebuild_today.c \
	%D%/record.c %D%/record.h \
	%D%/repair.c %D%/repair.h \
	%D%/restore.c \
	%D%/row.c %D%/row_index.c %D%/row_place.c %D%/row_show.c \
	%D%/row.h \
	%D%/schema.c %D%/schema.h \
	%D%/stage.c %D%/stage.h \
	%D%/store.c %D%/store.h \
	%D%/turn.c %D%/turn.h \
	%D%/thread.c %D%/thread_members.c %D%/thread_refs.c \
	%D%/thread_subject.c %D%/thread.h \
	%D%/thread_top.c %D%/thread_top.h %D%/thread_tree.c %D%/thread_tree.h \
	%D%/txn.c %D%/txn.h \
	%D%/uid_ranges.c %D%/uid_ranges.h \
	%D%/usage.c %D%/usage.h \
	%D%/undo.c %D%/undo.h %D%/undo_item.c %D%/undo_item.h \
	%D%/undo_note.c %D%/undo_note.h %D%/undo_turn.c \
	%D%/uidl.c %D%/uidl.h %D%/uidl_row.h \
	%D%/view.c %D%/view.h %D%/view_private.h \
	%D%/view_few.c %D%/view_merge.c %D%/view_thread.c %D%/view_tree.c \
	%D%/want.c %D%/want.h %D%/want_row.h \
	%D%/whole.c %D%/whole.h
# Where there is inotify there is Linux, which can name a file system, too.
if HAVE_INOTIFY
libstore_a_SOURCES += %D%/watch_inotify.c %D%/place_linux.c %D%/swap_linux.c
else
libstore_a_SOURCES += %D%/watch_none.c %D%/place_any.c %D%/swap_any.c
endif
