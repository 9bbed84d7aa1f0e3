#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 in the middle of a synchronisation loses nothing; the next start
# goes on; two programs on one store do not disturb each other.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p
N=3000

total() {	# profile, folder
	surat_in "$1" list "$2" --json | wc -l | tr -d ' '
}

# Kills the pass when the store has about that many rows.
sync_and_kill() {	# account, rows
	"$surat" --profile "$p" watch --json >"$dir/events" 2>/dev/null &
	victim=$!
	eventually sh -c "test \$(grep -c '\"event\":\"new\"' '$dir/events') -ge $2"
	kill -9 $victim
	wait $victim 2>/dev/null
}

deliver_many $ANI $N 1
deliver_many $BUDI 600 1
write_conf "$p"
for rows in 50 600 1500; do
	sync_and_kill kerja $rows
	claim "killed at $rows rows, the store opens and lists" \
		sh -c "test \$('$surat' --profile '$p' list inbox --json | wc -l) -ge $rows"
done
claim "the next pass goes on to the end" surat_in "$p" sync
claim "IMAP: every letter once" \
	same "$(surat_in "$p" list kerja/INBOX --json | sed 's/.*"uid":\([0-9]*\).*/\1/' | sort -n | uniq | wc -l | tr -d ' ') $(total "$p" kerja/INBOX)" "$N $N"
claim "POP3: every letter once" \
	same "$(surat_in "$p" list rumah --json | sed 's/.*"message_id":"\([^"]*\)".*/\1/' | sort -u | wc -l | tr -d ' ') $(total "$p" rumah)" "600 600"

ids=$(surat_in "$p" list kerja/INBOX --limit 40 --json | sed 's/.*"id":\([0-9]*\).*/\1/')
# shellcheck disable=SC2086
surat_in "$p" mark --read $ids
"$surat" --profile "$p" sync --account kerja &
victim=$!
kill -9 $victim 2>/dev/null
wait $victim 2>/dev/null
claim "acts survive a kill and reach the server" surat_in "$p" sync --account kerja
claim "each of them" \
	same "$(doveadm_ search -u $ANI mailbox INBOX seen | wc -l | tr -d ' ')" 40

"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
eventually grep -q '"listening"' "$dir/events"
claim "a second surat on the same store lists meanwhile" \
	same "$(total "$p" kerja/INBOX)" "$N"
claim "and says that the account is taken, without harm" \
	sh -c "'$surat' --profile '$p' sync --account kerja; test \$? -eq 75"
id=$(surat_in "$p" list kerja/INBOX --limit 1 --json | sed 's/.*"id":\([0-9]*\).*/\1/')
surat_in "$p" mark --flag "$id"
flagged_on_server() {
	[ "$(doveadm_ search -u $ANI mailbox INBOX flagged | wc -l | tr -d ' ')" = 1 ]
}
claim "an act of one process is carried out by the other, which holds the account" \
	eventually flagged_on_server
kill $watch
wait $watch 2>/dev/null

q=$dir/full
write_conf "$q"
surat_in "$q" sync --account rumah
deliver_many $ANI 20000 10000
claim "a full disk is said" \
	sh -c "ulimit -f 4000; trap '' XFSZ; '$surat' --profile '$q' sync --account kerja; code=\$?; test \$code -eq 73 -o \$code -eq 74"
claim "what was stored before is readable" same "$(total "$q" rumah)" 600
claim "and it goes on when there is room again" surat_in "$q" sync --account kerja
claim "to the last letter" same "$(total "$q" kerja/INBOX)" $((N + 20000))
finish
