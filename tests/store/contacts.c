/* SPDX-License-Identifier: MIT */
#include "tests/store/contacts.h"

#include "store/contact_record.h"
#include "store/txn.h"

void
mail_put(struct store_txn *t, const struct mail *l)
{
	struct address from = { span_of(l->from_name), span_of(l->from) };
	struct address to = { span_of(l->to_name), span_of(l->to) };
	struct address other = { SPAN("Lain"), SPAN("lain@lain.example") };
	struct envelope e = {
		.date = l->date,
		.from = { &from, l->from ? 1 : 0 },
		.reply_to = { &other, 1 },
		.to = { &to, l->to ? 1 : 0 },
		.cc = l->cc,
		.message_id = span_of(l->id),
	};
	struct message_new m = {
		.folder = l->folder,
		.uid = { l->uid },
		.arrived = l->arrived ? l->arrived : DATE_NONE,
		.envelope = &e,
	};

	cr_assert_neq(store_message_add(t, &m), 0, "%s", t->error.text);
}

void
contact_store_init(struct contact_store *f)
{
	uint32_t account;

	scratch_init(&f->s);
	account = scratch_account(&f->s, "kerja");
	f->inbox = scratch_folder(&f->s, account, "INBOX", FOLDER_INBOX, false);
	f->archive = scratch_folder(&f->s, account, "Arsip", FOLDER_ARCHIVE,
	    false);
	f->sent = scratch_folder(&f->s, account, "Sent", FOLDER_SENT, false);
	f->junk = scratch_folder(&f->s, account, "Junk", FOLDER_JUNK, false);
	f->drafts = scratch_folder(&f->s, account, "Drafts", FOLDER_DRAFTS,
	    false);
	f->uid = 0;
}

void
contact_store_check(struct scratch *s)
{
	struct store_txn t = scratch_read(s);
	uint64_t nwords = 0, n = 0, last = txn_last_number(&t, COUNTER_CONTACT);

	for (uint64_t id = 1; id <= last; id++) {
		struct contact_words words;
		struct contact_record r;

		if (!contact_load(&t, id, &r))
			continue;
		n++;
		cr_expect_eq(contact_by_hash(&t, contact_hash(r.c.addr)), id);
		contact_words_of(&words, r.c.name, r.c.addr);
		nwords += words.n;
		for (size_t i = 0; i < words.n; i++) {
			struct key key = contact_word_key(
			    contact_word(&words, i), id);

			cr_expect(txn_has(&t, TABLE_CONTACT_WORDS, &key));
		}
	}
	cr_expect_eq(txn_count(&t, TABLE_CONTACTS), n);
	cr_expect_eq(txn_count(&t, TABLE_CONTACT_OF), n);
	cr_expect_eq(txn_count(&t, TABLE_CONTACT_WORDS), nwords);
	store_end(&t);
	cr_assert_eq(t.error.kind, ERR_OK, "%s", t.error.text);
}

void
contact_store_fini(struct contact_store *f)
{
	contact_store_check(&f->s);
	scratch_fini(&f->s);
}
