#!/bin/sh
# SPDX-License-Identifier: MIT
# IMAP against a real Dovecot: what the server holds is what surat lists.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

deliver $ANI "one"
deliver $ANI "two"
deliver $ANI "three" Proyek
deliver $ANI "deep" "Proyek/Alfa"
write_conf "$p"
claim "a pass over an IMAP account succeeds" surat_in "$p" sync --account kerja
claim "the inbox lists what the server holds" \
	same "$(subjects "$p" kerja/INBOX)" "$(server_subjects $ANI INBOX)"
claim "other folders are listed as well" \
	same "$(subjects "$p" kerja/Proyek)" "three"
claim "nested folders keep their path" \
	same "$(subjects "$p" kerja/Proyek/Alfa)" "deep"
claim "special folders have their role" \
	sh -c "'$surat' --profile '$p' folders --json | grep '\"folder\":\"Sent\"' | grep -q '\"role\":\"sent\"'"
claim "a live account keeps no bodies" \
	sh -c "! '$surat' --profile '$p' list inbox --json | grep -v '\"body\":\"none\"'"

id=$(id_of "$p" kerja/INBOX one)
claim "the text of a live letter is fetched when it is read" \
	sh -c "'$surat' --profile '$p' show $id | grep 'Isi surat one'"
claim "a letter once read is here whole" \
	sh -c "'$surat' --profile '$p' list inbox --json | grep '\"id\":$id,' | grep -q '\"body\":\"whole\"'"
claim "reading on the command line does not mark as read" \
	same "$(doveadm_ -f flow fetch -u $ANI flags mailbox INBOX subject one | grep -c Seen)" 0

surat_in "$p" mark --read --flag "$id"
claim "a mark is seen here before any network" \
	sh -c "'$surat' --profile '$p' list inbox --json | grep '\"id\":$id,' | grep -q '\"seen\",\"flagged\"'"
claim "the journal shows it as queued" \
	sh -c "'$surat' --profile '$p' journal --json | grep -q '\"state\":\"queued\"'"
surat_in "$p" sync --account kerja
claim "the next pass brings the mark to the server" \
	sh -c "doveadm -c '$dir/dovecot.conf' -f flow fetch -u $ANI flags mailbox INBOX subject one | grep Seen | grep -q Flagged"
claim "and the journal has nothing left to do" \
	same "$(surat_in "$p" journal --json)" ""
surat_in "$p" delete "$id"
surat_in "$p" sync --account kerja
claim "deleting marks the letter as deleted on the server, no more" \
	sh -c "doveadm -c '$dir/dovecot.conf' -f flow fetch -u $ANI flags mailbox INBOX subject one | grep -q Deleted"
surat_in "$p" mark --remove deleted "$id"
surat_in "$p" sync --account kerja
claim "and can be taken back" \
	same "$(doveadm_ -f flow fetch -u $ANI flags mailbox INBOX subject one | grep -c Deleted)" 0

doveadm_ flags add -u $ANI '\Seen' mailbox INBOX subject two
surat_in "$p" sync --account kerja
claim "what another client marks is seen here" \
	sh -c "'$surat' --profile '$p' list inbox --json | grep '\"subject\":\"two\"' | grep -q '\"seen\"'"
two=$(id_of "$p" kerja/INBOX two)
claim "there is nothing to be kept of a letter that there is not" \
	sh -c "'$surat' --profile '$p' mark --keep 99999; test \$? = 66"
surat_in "$p" mark --keep "$two"
surat_in "$p" sync --account kerja
claim "what the user keeps comes with the next pass, and stays" \
	sh -c "'$surat' --profile '$p' list inbox --json | grep '\"id\":$two,' | grep -q '\"body\":\"whole\"'"

doveadm_ expunge -u $ANI mailbox INBOX subject two
surat_in "$p" sync --account kerja
claim "what another client expunges goes here" \
	same "$(subjects "$p" kerja/INBOX)" "one"
before=$(surat_in "$p" list kerja/INBOX --json)
surat_in "$p" sync --account kerja
claim "a pass without news changes nothing" \
	same "$(surat_in "$p" list kerja/INBOX --json)" "$before"

doveadm_ mailbox rename -u $ANI Proyek Proyek2
surat_in "$p" sync --account kerja
claim "a folder that was renamed on the server is found under its new name" \
	same "$(subjects "$p" kerja/Proyek2)" "three"
claim "and no longer under its old one" \
	exits 66 surat_in "$p" list kerja/Proyek

doveadm_ mailbox create -u $ANI "Räksmörgås & co"
deliver $ANI "spasi" "Räksmörgås & co"
surat_in "$p" sync --account kerja
claim "names that are not ASCII read as they are written" \
	same "$(subjects "$p" "kerja/Räksmörgås & co")" "spasi"

for scheme in imap+starttls imap+insecure; do
	q=$dir/$scheme
	KERJA_RECEIVE="$scheme://$(at $ANI)@localhost:$IMAP_PORT" write_conf "$q"
	surat_in "$q" sync --account kerja
	claim "$scheme works too" same "$(subjects "$q" kerja/INBOX)" "one"
done

q=$dir/offline
KERJA_KEEP=offline write_conf "$q"
surat_in "$q" sync --account kerja
claim "an offline account has every body after one pass" \
	sh -c "'$surat' --profile '$q' list kerja/INBOX --json | grep '\"body\":\"whole\"' && ! '$surat' --profile '$q' list kerja/Proyek2 --json | grep -v '\"body\":\"whole\"'"

q=$dir/plain
write_conf "$q" "never-use = CONDSTORE, QRESYNC"
surat_in "$q" sync --account kerja
doveadm_ flags add -u $ANI '\Flagged' mailbox Proyek2 subject three
surat_in "$q" sync --account kerja
claim "a mark that no count tells of is seen in every folder" \
	sh -c "'$surat' --profile '$q' list kerja/Proyek2 --json | grep -q '\"flagged\"'"

# Each is more than the budget, whatever is made of it.
doveadm_ mailbox create -u $ANI Besar
for name in satu dua tiga; do
	deliver $ANI "besar $name" Besar "$(head -c 6000 /dev/urandom | base64)"
done
q=$dir/budget
write_conf "$q" "disk-budget = 8K"
surat_in "$q" sync --account kerja
of_besar() {	# which: its body
	surat_in "$q" list kerja/Besar --json | grep "\"besar $1\"" |
		sed 's/.*"body":"\([a-z]*\)".*/\1/'
}
for name in satu dua tiga; do
	surat_in "$q" show "$(id_of "$q" kerja/Besar "besar $name")" >/dev/null
done
surat_in "$q" mark --keep "$(id_of "$q" kerja/Besar "besar satu")"
surat_in "$q" sync --account kerja
claim "over the disk budget, texts go back to the server" \
	same "$(of_besar dua) $(of_besar tiga)" "none none"
claim "but not that of a letter which the user keeps" \
	same "$(of_besar satu)" whole
claim "one that went is fetched again when it is read" \
	sh -c "'$surat' --profile '$q' show $(id_of "$q" kerja/Besar "besar dua") | grep -q besar"
finish
