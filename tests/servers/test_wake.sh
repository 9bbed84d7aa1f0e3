#!/bin/sh
# SPDX-License-Identifier: MIT
# The network changes, in a network of the test's own: what listens must show
# that it lives, what waits waits no more.
. "${srcdir:-.}/tests/servers/lib.sh"
if [ -z "${OWN_NETWORK:-}" ]; then
	command -v ip >/dev/null && unshare -n true 2>/dev/null ||
		skip_all "no network of its own can be made here"
	OWN_NETWORK=1 exec unshare -n sh "$0" "$@"
fi
[ "${1:-}" = --inside ] || {
	ip link set lo up
	ip route add default dev lo
}
inside_mailhost none "$@"
p=$dir/p q=$dir/q
log=state/surat.log

deliver $ANI "sudah ada"
write_conf "$p"
KERJA_RECEIVE="imaps://$(at $ANI)@127.0.0.1:1" write_conf "$q"
"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
"$surat" --profile "$q" watch --json >"$dir/events.q" 2>"$dir/watch.q.err" &
other=$!

routes=0
changes() {	# profile: how often it was noticed there
	grep -c 'the network changed, or' "$1/$log"
}
change_until() {	# profile, as often as this
	routes=$((routes + 1))
	ip route add 10.7.$routes.0/24 dev lo
	[ "$(changes "$1")" -ge "$2" ]
}
imap_processes() {
	pgrep -x imap -P "$(cat "$dir/run/master.pid")"
}
refused() {	# so many times since the last change
	awk -v n="$1" '/the network changed, or/ { n += seen; seen = 0 }
		/refuses connections/ { n--; seen++ } END { exit n > 0 }' "$q/$log"
}
pushed() {
	grep '"event":"new"' "$dir/events" | grep -q "$1"
}

claim "a watch listens" eventually grep -q '"listening"' "$dir/events"
before=$(imap_processes)
claim "a route that changes is noticed" eventually change_until "$p" 1
deliver $ANI "didorong"
claim "a session that lives goes on" eventually pushed didorong
claim "as the same" same "$(imap_processes)" "$before"

kill -STOP $before
claim "the next change is noticed" eventually change_until "$p" 2
deliver $ANI "sesudah mati"
claim "a session that shows no life is replaced" \
	eventually pushed "sesudah mati"
claim "because it was asked" grep -q 'cannot be reached any more' "$p/$log"
claim "and nobody waited before" \
	sh -c "! grep '\"waiting\"' '$dir/events'"
kill -KILL $before

# It waits 2, 5, 15 and 60 s: the third wait is longer than what follows.
claim "an account waits that cannot connect" eventually refused 3
now=$(changes "$q")
eventually change_until "$q" $((now + 1))
claim "with the network comes a new try, and the waits are short again" \
	eventually refused 3
kill $watch $other
wait $watch $other
finish
