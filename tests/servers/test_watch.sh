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
claim "every line is one JSON object" \
	sh -c "! grep -v '^{.*}\$' '$dir/events'"
kill $watch
code=0
wait $watch || code=$?
claim "a watch ends in peace when asked to" same $code 0
finish
