#!/bin/sh
# SPDX-License-Identifier: MIT
# A server gives a folder new numbers: the letters, and what the user wants
# done to them, stay what they are.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p
proxy=$builddir/tests/servers/proxy

"$proxy" 0 "$IMAPS_PORT" --log "$dir/log" >"$dir/port" &
proxying=$!
eventually test -s "$dir/port"
KERJA_RECEIVE="imaps://$(at $ANI)@localhost:$(cat "$dir/port")"
KERJA_KEEP=offline

octets_of_the_last() {	# from the server
	eventually grep -q "^$1 .* closed" "$dir/log"
	awk -v n="$1" '$1 == n { print $3 }' "$dir/log"
}

long=$(head -c 20000 /dev/zero | tr '\0' 'x' | fold -w 70)
for i in 1 2 3 4 5 6 7 8 9 10; do
	deliver $ANI "surat $i" INBOX "$long"
done
deliver_many $ANI 200 1
write_conf "$p"
surat_in "$p" sync --account kerja
before=$(surat_in "$p" list kerja/INBOX --json --limit 1000 |
	sed 's/.*"id":\([0-9]*\).*"body":"\([a-z]*\)".*/\1 \2/' | sort)
first=$(octets_of_the_last 1)
claim "the first pass brings the letters" test "$first" -gt 200000

one=$(id_of "$p" kerja/INBOX "surat 1") two=$(id_of "$p" kerja/INBOX "surat 2")
surat_in "$p" mark --flag "$one"
surat_in "$p" move kerja/Trash "$two"
doveadm_ flags add -u $ANI '\Answered' mailbox INBOX subject "surat 3"
doveadm_ mailbox update -u $ANI --uid-validity 4711 INBOX
doveadm_ expunge -u $ANI mailbox INBOX subject "letter 150"
claim "a pass over new numbers succeeds" surat_in "$p" sync --account kerja
after=$(surat_in "$p" list kerja/INBOX --json --limit 1000 |
	sed 's/.*"id":\([0-9]*\).*"body":"\([a-z]*\)".*/\1 \2/' | sort)
gone=$(printf '%s\n' "$before" >"$dir/b"; printf '%s\n' "$after" >"$dir/a"
	comm -23 "$dir/b" "$dir/a" | wc -l | tr -d ' ')
claim "every letter is the one that it was, but for what went" \
	same "$gone $(comm -13 "$dir/b" "$dir/a" | wc -l | tr -d ' ')" "2 0"
claim "no body came again" \
	test "$(octets_of_the_last 2)" -lt 120000
flags_of() {
	doveadm_ -f flow fetch -u $ANI flags mailbox "$2" subject "$1"
}
claim "a mark that waited is on the right letter" \
	sh -c "echo '$(flags_of "surat 1" INBOX)' | grep -q Flagged"
claim "and nowhere else" \
	same "$(doveadm_ search -u $ANI mailbox INBOX flagged | wc -l | tr -d ' ')" 1
claim "a move that waited took the right letter" \
	same "$(server_subjects $ANI Trash)" "surat 2"
claim "what was marked meanwhile is known" \
	sh -c "'$surat' --profile '$p' list kerja/INBOX --json --limit 1000 | grep '\"surat 3\"' | grep -q answered"
surat_in "$p" sync --account kerja
claim "and the next pass has nothing to do" \
	test "$(octets_of_the_last 3)" -lt 12000
claim "the inbox lists what the server holds" same \
	"$(surat_in "$p" list kerja/INBOX --json --limit 1000 |
		sed 's/.*"subject":"\([^"]*\)".*/\1/' | sort)" \
	"$(server_subjects $ANI INBOX)"
claim "the store is whole" surat_in "$p" store check
kill $proxying
finish
