#!/bin/sh
# SPDX-License-Identifier: MIT
# POP3 against a real Dovecot: downloaded once, kept, deleted only when asked.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

deliver $BUDI "one"
deliver $BUDI "two"
write_conf "$p"
claim "a pass over a POP3 account succeeds" surat_in "$p" sync --account rumah
claim "the inbox lists what the server holds" \
	same "$(subjects "$p" rumah/Inbox)" "$(server_subjects $BUDI INBOX)"
claim "every letter is here whole" \
	sh -c "! '$surat' --profile '$p' list rumah --json | grep -v '\"body\":\"whole\"'"
claim "and reads without a network" \
	sh -c "'$surat' --profile '$p' show $(id_of "$p" rumah two) | grep -q 'Isi surat two'"
before=$(surat_in "$p" list rumah --json)
surat_in "$p" sync --account rumah
claim "nothing is downloaded twice" \
	same "$(surat_in "$p" list rumah --json)" "$before"
claim "nothing is deleted on the server unless asked" \
	same "$(server_subjects $BUDI INBOX | wc -l | tr -d ' ')" 2
deliver $BUDI "three"
surat_in "$p" sync --account rumah
claim "what is new comes with the next pass" \
	same "$(subjects "$p" rumah)" "one
three
two"
raw=$(surat_in "$p" show "$(id_of "$p" rumah one)" --raw | grep -c '^Subject: one')
claim "the letter is kept byte for byte" same "$raw" 1

surat_in "$p" mark --read "$(id_of "$p" rumah one)"
claim "marks are kept here" \
	sh -c "'$surat' --profile '$p' list rumah --json | grep '\"subject\":\"one\"' | grep -q seen"

q=$dir/never
write_conf "$q" "" "leave-on-server = never"
surat_in "$q" sync --account rumah
claim "leave-on-server = never takes the letters off the server" \
	same "$(server_subjects $BUDI INBOX)" ""
claim "after they are here" same "$(subjects "$q" rumah)" "one
three
two"
surat_in "$p" sync --account rumah
claim "and another profile that left them keeps its own" \
	same "$(subjects "$p" rumah | wc -l | tr -d ' ')" 3

for scheme in pop3+starttls pop3+insecure; do
	deliver $BUDI "by $scheme"
	q=$dir/$scheme
	RUMAH_RECEIVE="$scheme://$(at $BUDI)@localhost:$POP3_PORT" write_conf "$q"
	surat_in "$q" sync --account rumah
	claim "$scheme works too" \
		sh -c "'$surat' --profile '$q' list rumah --json | grep -q 'by $scheme'"
done

deliver $ANI "at work"
claim "one pass synchronises both accounts" surat_in "$p" sync
claim "and the unified inbox lists both" \
	sh -c "'$surat' --profile '$p' list inbox --json | grep -q 'at work' && '$surat' --profile '$p' list inbox --json | grep -q 'by pop3+insecure'"
finish
