#!/bin/sh
# SPDX-License-Identifier: MIT
# Push: a letter that is delivered appears by itself.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

deliver $ANI "sudah ada"
write_conf "$p"
surat_in "$p" sync
"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
seen() {
	grep -q "$1" "$dir/events"
}
claim "a watch reaches the state of listening" eventually seen '"listening"'
deliver $ANI "didorong"
claim "a delivered letter is an event of its own" \
	eventually sh -c "grep '\"event\":\"new\"' '$dir/events' | grep -q didorong"
doveadm_ flags add -u $ANI '\Flagged' mailbox INBOX subject didorong
claim "so is a flag that another client sets" \
	eventually sh -c "grep '\"event\":\"flags\"' '$dir/events' | grep didorong | grep -q flagged"
doveadm_ expunge -u $ANI mailbox INBOX subject didorong
claim "and a letter that another client expunges" \
	eventually seen '"event":"gone"'
claim "a mark made meanwhile is pushed to the server at once" \
	surat_in "$p" mark --read "$(id_of "$p" kerja/INBOX "sudah ada")"
read_on_server() {
	[ "$(doveadm_ search -u $ANI mailbox INBOX seen | wc -l | tr -d ' ')" = 1 ]
}
claim "without asking" eventually read_on_server
connections() {
	doveadm_ who -1 "$ANI" | grep -c imap
}
claim "one folder is watched by one connection" same "$(connections)" 1
claim "every line is one JSON object" \
	sh -c "! grep -v '^{.*}\$' '$dir/events'"
kill $watch
code=0
wait $watch || code=$?
claim "a watch ends in peace when asked to" same $code 0

# Other folders are not polled for minutes: what comes there must be pushed.
doveadm_ mailbox create -u $ANI Proyek
doveadm_ mailbox create -u $ANI Lain
write_conf "$p"
"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
claim "where the server can NOTIFY" eventually seen '"listening"'
deliver $ANI "lewat notify" Lain
claim "a letter in any folder is an event of its own" \
	eventually seen 'lewat notify'
doveadm_ flags add -u $ANI '\Flagged' mailbox Lain all
claim "so is a mark there" \
	eventually sh -c "grep '\"event\":\"flags\"' '$dir/events' | grep -q notify"
doveadm_ mailbox create -u $ANI Baru
folder_is_here() {
	surat_in "$p" folders --json | grep -q '"folder":"Baru"'
}
claim "and a folder that another client makes" eventually folder_is_here
claim "over one connection" same "$(connections)" 1
kill $watch
wait $watch || :

write_conf "$p" "push = INBOX, Proyek
never-use = NOTIFY"
"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
two() {
	[ "$(connections)" = 2 ]
}
claim "two watched folders have a connection each" eventually two
deliver $ANI "surat proyek" Proyek
claim "a letter in the second one is an event of its own" \
	eventually seen 'surat proyek'
doveadm_ flags add -u $ANI '\Seen' mailbox Proyek all
claim "so is a flag there" \
	eventually sh -c "grep '\"event\":\"flags\"' '$dir/events' | grep -q proyek"
claim "a mark made there is told to the server" \
	surat_in "$p" mark --flag "$(id_of "$p" kerja/Proyek "surat proyek")"
flagged_on_server() {
	doveadm_ search -u $ANI mailbox Proyek flagged | grep -q .
}
claim "at once" eventually flagged_on_server
deliver $ANI "proyek kedua" Proyek
claim "and the folder is watched on" eventually seen 'proyek kedua'
doveadm_ kick $ANI >/dev/null
claim "both come back when the server drops them" eventually two
deliver $ANI "proyek ketiga" Proyek
claim "with what came to the second one" eventually seen 'proyek ketiga'
kill $watch
wait $watch || :

write_conf "$p" "push = INBOX, Proyek
never-use = NOTIFY
connections = 1"
: >"$dir/events"
"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
claim "with one connection allowed" eventually seen '"listening"'
deliver $ANI "penanda" INBOX
claim "there is push for the first folder" eventually seen penanda
claim "and one connection" same "$(connections)" 1
kill $watch
wait $watch || :
finish
