#!/bin/sh
# SPDX-License-Identifier: MIT
# Sending through a real mail transfer agent into the other account.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost auto "$@"
[ "$MTA" != none ] || skip_all "neither Postfix (as root) nor aiosmtpd is here"
[ "$MTA" = postfix ] || echo "# no root or no Postfix: aiosmtpd takes its place"
p=$dir/p
write_conf "$p"
surat_in "$p" sync

letter() {	# subject
	printf 'From: Ani Wijaya <%s>\nTo: %s\nBcc: rahasia@rumah.example\nSubject: %s\n\nHalo.\n.\n..titik\nselesai' \
		$ANI $BUDI "$1"
}
arrived() {	# user, subject
	server_subjects "$1" INBOX | grep -qF "$2"
}

letter "lewat smtps" | surat_in "$p" send -t
claim "a letter is queued durably before anything is sent" \
	sh -c "'$surat' --profile '$p' journal --json | grep '\"act\":\"send\"' | grep -q queued"
claim "a pass sends it" surat_in "$p" sync --account kerja
claim "it arrives in the other account" eventually arrived $BUDI "lewat smtps"
claim "and at the blind recipient" \
	eventually arrived rahasia@rumah.example "lewat smtps"
claim "without a trace of Bcc" \
	same "$(doveadm_ fetch -u $BUDI hdr mailbox INBOX | grep -ci '^bcc')" 0
claim "lines that begin with dots arrive as they were written" \
	sh -c "doveadm -c '$dir/dovecot.conf' fetch -u $BUDI body mailbox INBOX | tr -d '\r' | grep -qxF '..titik'"
claim "the journal says done" \
	sh -c "'$surat' --profile '$p' journal list --all --json | grep '\"act\":\"send\"' | grep -q '\"state\":\"done\"'"
surat_in "$p" sync --account kerja
claim "a copy lies in Sent on the server, once, read" \
	same "$(doveadm_ -f flow fetch -u $ANI flags mailbox Sent subject 'lewat smtps' | grep -c Seen)" 1
surat_in "$p" sync --account rumah
claim "and the other account lists it" \
	sh -c "'$surat' --profile '$p' list rumah --json | grep -q 'lewat smtps'"

printf 'From: %s\nTo: %s\nSubject: lewat starttls\n\nHalo juga.\n' $BUDI $ANI |
	surat_in "$p" send --account rumah $ANI
surat_in "$p" sync --account rumah
claim "STARTTLS sends as well" eventually arrived $ANI "lewat starttls"
claim "a POP3 account files its own copy in a local Sent" \
	sh -c "'$surat' --profile '$p' list rumah/Sent --json | grep -q 'lewat starttls'"

printf 'From: %s\nTo: siapa@tempat-lain.example\nSubject: ditolak\n\nx\n' $ANI |
	surat_in "$p" send -t
surat_in "$p" sync --account kerja || :
if [ "$MTA" = postfix ]; then
	claim "a refused recipient fails with the server's words" \
		sh -c "'$surat' --profile '$p' journal list --all --json | grep ditolak | grep '\"state\":\"\(failed\|done\)\"'"
fi

letter "nanti" | surat_in "$p" send -t --at +2h
surat_in "$p" sync --account kerja
claim "a letter with a time waits for it" \
	sh -c "'$surat' --profile '$p' journal --json | grep nanti | grep -q queued"
id=$(surat_in "$p" journal --json | grep nanti | sed 's/.*"id":\([0-9]*\).*/\1/' | head -n 1)
claim "and can be taken back" surat_in "$p" journal cancel "$id"
claim "then it is never sent" \
	sh -c "'$surat' --profile '$p' sync --account kerja; ! '$surat' --profile '$p' journal --json | grep nanti"

claim "an empty standard input is refused" \
	fails_with 65 "no letter" surat_in "$p" send $BUDI </dev/null
claim "a letter without recipients is refused" \
	sh -c "printf 'Subject: x\n\ny\n' | '$surat' --profile '$p' send -t; test \$? -eq 65"
finish
