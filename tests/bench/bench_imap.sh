#!/bin/sh
# SPDX-License-Identifier: MIT
#
# IMAP, beside the bare floor (tests/bench/bare.c), on this machine, in one
# run: see bench.sh.  The server is Dovecot with mdbox; the letters are those
# of tests/bench/letter.h.  ONLY names the parts to be run:
#
#   contact   the newest page of a large mailbox and of a small one
#   headers   all headers of the large one
#   bodies    all letters of a realistic one
#   far       both once more, a long and narrow way off, deflated
#   resync    what a connection costs when little has changed
#   push      from EXISTS to a row in the store
#
# HEADERS, FEW and LETTERS are the sizes of the three mailboxes; FLAGS and
# EXPUNGES change between two connections; DELAY is the round trip of the long
# way in ms, RATE its width in Mbit/s, FAR_RUNS how often it is gone; PUSHES
# are the letters that are pushed.
. "${srcdir:-.}/tests/servers/lib.sh"
. "$srcdir/tests/bench/bench_lib.sh"
HEADERS=${HEADERS:-100000} FEW=${FEW:-1000} LETTERS=${LETTERS:-10000}
FLAGS=${FLAGS:-1000} EXPUNGES=${EXPUNGES:-100} PUSHES=${PUSHES:-10}
DELAY=${DELAY:-50} RATE=${RATE:-50} FAR_RUNS=${FAR_RUNS:-3}
FORMAT=${FORMAT:-mdbox}
# One login process for all, as servers with many users have: else no TLS
# session can be resumed.
MAILHOST_EXTRA='protocol imap {
  mail_plugins = $mail_plugins imap_zlib
}
service imap-login {
  service_count = 0
  process_min_avail = 1
}'
export FORMAT MAILHOST_EXTRA
PARTS=$(chosen contact headers bodies far resync push)
[ -n "$PARTS" ] || exit 0

stamp=$builddir/tests/bench/stamp
proxy=$builddir/tests/servers/proxy
BIG=big@kantor.example SMALL=small@kantor.example REAL=real@kantor.example
PAGE=50
PLAIN=COMPRESS=DEFLATE	# what surat leaves alone where the floor does

fill() {	# user, kind, how many: once
	[ -d "$MAIL_DIR/$1" ] && return
	"$builddir/tests/bench/fill_imap" "$2" 1 "$3" "$IMAPS_PORT" "$1" \
		"$PASSWORD" >"$dir/sizes"
	"$bare" headers "$IMAPS_PORT" "$1" "$PASSWORD" >"$dir/warm" 2>&1
	"$bare" bodies "$IMAPS_PORT" "$1" "$PASSWORD" >"$dir/warm" 2>&1
	echo "# $1: $3 letters; octets, median mean largest:" \
		"$(cat "$dir/sizes")"
}

# The floor looks no name up either.
imap_conf() {	# profile, user, port, keep, capabilities not to be used
	mkdir -p "$1"
	cat >"$1/surat.conf" <<EOF
[account kerja]
name = Ani Wijaya
address = $2
receive = imaps://$(at "$2")@127.0.0.1:$3
keep = $4
password = $PASSWORD
tls-ca = $CA_FILE
${5:+never-use = $5}
EOF
}

# A fresh profile for every run; the last one stays in $dir/p.
sync_fresh() {	# user, port, keep, capabilities not to be used
	rm -rf "$dir/p"
	imap_conf "$dir/p" "$@"
	seconds "$surat" --profile "$dir/p" sync
}

rows_with() {	# profile, text
	"$surat" --profile "$1" list kerja/INBOX --limit 10000000 --json |
		grep -c "$2"
}

# A figure of a download that is not whole is worth nothing.
demand() {	# profile, what each row must hold, how many
	here=$(rows_with "$1" "$2")
	[ "$here" = "$3" ] ||
		echo "bench: $here rows with $2 instead of $3" >&2
}

floor() {	# [-z], what, user, port
	[ "$1" = -z ] && packed=-z && shift || packed=
	"$bare" $packed "$1" "$3" "$2" "$PASSWORD" 2>/dev/null
}

medians() {
	ours=$(median <"$dir/ours") theirs=$(median <"$dir/theirs")
}

anew() {
	: >"$dir/ours"
	: >"$dir/theirs"
}

first_page() {	# user
	anew
	for _ in $(seq "$RUNS"); do
		"$stamp" . 1 "$bare" newest "$IMAPS_PORT" "$1" "$PASSWORD" \
			>>"$dir/theirs" 2>/dev/null
		rm -rf "$dir/p"
		imap_conf "$dir/p" "$1" "$IMAPS_PORT" live "$PLAIN"
		"$stamp" '"event":"new"' "$2" "$surat" --profile "$dir/p" \
			watch --json >>"$dir/ours"
	done
	medians
}

contact() {
	fill $SMALL small "$FEW"
	fill $BIG small "$HEADERS"
	first_page $BIG 1
	row "first contact, $HEADERS: start to the newest row stored" \
		"$ours s" "$theirs s" "$(ratio "$ours" "$theirs")" \
		"beside: $PAGE headers drained"
	first_page $SMALL $PAGE
	few=$ours
	row "first contact, $FEW: start to $PAGE rows stored" "$ours s" \
		"$theirs s" "$(ratio "$ours" "$theirs")" "<= 2 x the floor"
	first_page $BIG $PAGE
	row "first contact, $HEADERS: start to $PAGE rows stored" "$ours s" \
		"$theirs s" "$(ratio "$ours" "$theirs")" "<= 2 x the floor"
	row "first contact, $HEADERS beside $FEW" "$ours s" "$few s" \
		"$(ratio "$ours" "$few")" "whatever the size"
}

download() {	# what, keep, user
	anew
	for _ in $(seq "$RUNS"); do
		floor "$1" "$3" "$IMAPS_PORT" >>"$dir/theirs"
		sync_fresh "$3" "$IMAPS_PORT" "$2" "$PLAIN" >>"$dir/ours"
	done
	medians
}

headers() {
	fill $BIG small "$HEADERS"
	download headers live $BIG
	demand "$dir/p" '"id"' "$HEADERS"
	row "all headers of $HEADERS, TLS, stored" "$ours s" "$theirs s" \
		"$(ratio "$theirs" "$ours")" ">= 0.5 of the bare rate; 0.8"
}

bodies() {
	fill $REAL real "$LETTERS"
	download bodies offline $REAL
	demand "$dir/p" '"body":"whole"' "$LETTERS"
	row "all of $LETTERS realistic letters, TLS, stored" "$ours s" \
		"$theirs s" "$(ratio "$theirs" "$ours")" \
		">= 0.35 of the bare rate; 0.8"
}

# Sets PROXY_PORT; each proxy has a log of its own.
proxy_start() {	# log, options...
	log=$1
	shift
	mkfifo "$dir/port"
	"$proxy" 0 "$IMAPS_PORT" --log "$log" "$@" >"$dir/port" &
	proxy_pid=$!
	read -r PROXY_PORT <"$dir/port"
	rm "$dir/port"
}

proxy_stop() {
	kill $proxy_pid
	wait $proxy_pid
	proxy_pid=
}

traffic() {	# log: octets and round trips, of all connections
	awk '{ o += $2 + $3; t += $4 } END { print o + 0, t + 0 }' "$1"
}

# The octets and round trips are those of the last run.
far_row() {	# name, what, keep, user
	anew
	for _ in $(seq "$FAR_RUNS"); do
		proxy_start "$dir/bare.log" --delay "$DELAY" --rate "$RATE"
		floor -z "$2" "$4" "$PROXY_PORT" >>"$dir/theirs"
		proxy_stop
		proxy_start "$dir/surat.log" --delay "$DELAY" --rate "$RATE"
		sync_fresh "$4" "$PROXY_PORT" "$3" >>"$dir/ours"
		proxy_stop
	done
	medians
	way="$DELAY ms and $RATE Mbit/s off"
	row "$1, $way" "$ours s" "$theirs s" "$(ratio "$theirs" "$ours")" \
		"beside: deflated"
	ours=$(traffic "$dir/surat.log") theirs=$(traffic "$dir/bare.log")
	row "... octets on the wire" "${ours% *}" "${theirs% *}" \
		"$(ratio "${ours% *}" "${theirs% *}")" "-"
	row "... round trips" "${ours#* }" "${theirs#* }" "" "-"
}

far() {
	fill $BIG small "$HEADERS"
	fill $REAL real "$LETTERS"
	far_row "all headers of $HEADERS" headers live $BIG
	demand "$dir/p" '"id"' "$HEADERS"
	far_row "all of $LETTERS letters" bodies offline $REAL
	demand "$dir/p" '"body":"whole"' "$LETTERS"
}

# Other letters in every call, over the whole mailbox.
change() {	# number of the call
	doveadm_ flags add -u $BIG "ubah$1" mailbox INBOX uid "$(seq -s, "$1" \
		$((HEADERS / FLAGS)) "$HEADERS" | cut -d, -f"1-$FLAGS")"
	doveadm_ expunge -u $BIG mailbox INBOX uid "$(seq -s, \
		$((HEADERS / 2 + $1 * EXPUNGES * 3)) 3 "$HEADERS" |
		cut -d, -f"1-$EXPUNGES")"
}

on_server() {	# how many of INBOX match
	doveadm_ search -u $BIG mailbox INBOX "$@" | wc -l | tr -d ' '
}

reconnect() {	# what happened, goals of octets and of round trips
	imap_conf "$dir/r" $BIG "$PROXY_PORT" live "$without"
	took=$(seconds "$surat" --profile "$dir/r" sync)
	proxy_stop
	ours=$(traffic "$dir/surat.log")
	row "reconnect, $path, $1: octets" "${ours% *}" "${theirs% *}" \
		"$(ratio "${ours% *}" "${theirs% *}")" "$2; took $took s"
	row "... round trips" "${ours#* }" "${theirs#* }" "" "$3"
}

listens() {	# how many times by now
	[ "$(grep -c '"listening"' "$dir/again.events")" -ge "$1" ]
}

# The line breaks under a surat that runs, which comes back by itself: the TLS
# session is resumed, what is said is deflated, and it listens again.
reconnect_running() {
	proxy_start "$dir/surat.log"
	imap_conf "$dir/r" $BIG "$PROXY_PORT" live "${without#"$PLAIN"}"
	"$surat" --profile "$dir/r" watch --json >"$dir/again.events" 2>/dev/null &
	watching=$!
	eventually listens 1 || echo "bench: it does not listen" >&2
	doveadm_ kick $BIG >/dev/null
	eventually listens 2 || echo "bench: it does not come back" >&2
	kill $watching
	wait $watching || :
	proxy_stop
	ours=$(awk '$1 == 2 { print $2 + $3, $4 }' "$dir/surat.log")
	row "the same by a surat that runs: octets" "${ours% *}" "${theirs% *}" \
		"$(ratio "${ours% *}" "${theirs% *}")" "$1"
	row "... round trips" "${ours#* }" "${theirs#* }" "" "the same at any size"
}

# The first of each path may have to learn what the path stands on.
reconnects() {	# path, capabilities not to be used, number
	path=$1 without="$PLAIN${2:+, $2}"
	imap_conf "$dir/r" $BIG "$IMAPS_PORT" live "$without"
	"$surat" --profile "$dir/r" sync
	proxy_start "$dir/surat.log"
	reconnect "unchanged" "< 4096" "the same at any size"
	reconnect_running "< 4096"
	change "$3"
	proxy_start "$dir/surat.log"
	reconnect "$FLAGS flags, $EXPUNGES gone" "-" "-"
	demand "$dir/r" '"id"' "$(on_server all)"
	row "... of the flags that are there, seen" \
		"$(rows_with "$dir/r" "\"ubah$3\"")" \
		"$(on_server keyword "ubah$3")" "" "all"
}

resync() {
	fill $BIG small "$HEADERS"
	proxy_start "$dir/bare.log"
	floor select $BIG "$PROXY_PORT" >"$dir/warm"
	proxy_stop
	theirs=$(traffic "$dir/bare.log")
	echo "# beside: a bare login and SELECT"
	reconnects QRESYNC "" 1
	reconnects CONDSTORE QRESYNC 2
	reconnects "neither" "QRESYNC, CONDSTORE" 3
}

has_lines() {	# file, how many
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# Both listen to the same mailbox; the difference is surat's own.  Dovecot
# tells a change half a second after the first that it noticed, and what surat
# fetched is one in its cache: the floor must not have the next letter told to
# it early for the sake of the last.
pushed_one() {	# number
	sleep 1.2
	n1=$(wc -l <"$dir/ours") n2=$(wc -l <"$dir/theirs")
	deliver $SMALL "didorong $1"
	eventually has_lines "$dir/ours" $((n1 + 1)) &&
		eventually has_lines "$dir/theirs" $((n2 + 1)) || return
	sed -n "$((n1 + 1))p" "$dir/ours" | tr '\n' ' '
	sed -n "$((n2 + 1))p" "$dir/theirs"
}

push() {
	fill $SMALL small "$FEW"
	rm -rf "$dir/p"
	anew
	: >"$dir/events"
	imap_conf "$dir/p" $SMALL "$IMAPS_PORT" live "$PLAIN"
	"$surat" --profile "$dir/p" sync
	mkfifo "$dir/watched"
	tee "$dir/events" <"$dir/watched" |
		"$stamp" '"event":"new"' >"$dir/ours" &
	"$surat" --profile "$dir/p" watch --json >"$dir/watched" &
	watch=$!
	"$bare" idle "$IMAPS_PORT" $SMALL "$PASSWORD" >"$dir/theirs" &
	idle=$!
	eventually grep -q '"listening"' "$dir/events"
	eventually grep -q listening "$dir/theirs"
	for i in $(seq "$PUSHES"); do
		pushed_one "$i"
	done >"$dir/pushes"
	kill $watch $idle
	wait
	watch='' idle=''
	awk '{ printf "%.2f\n", ($1 - $2) * 1000 }' "$dir/pushes" >"$dir/later"
	row "push: EXISTS at the floor to a row stored, $PUSHES letters" \
		"$(median <"$dir/later") ms" "" "" \
		"<= 20 ms; worst $(sort -n "$dir/later" | tail -n 1) ms"
}

inside_mailhost none "$@"
proxy_pid='' watch='' idle=''
trap 'kill $proxy_pid $watch $idle 2>/dev/null' EXIT
echo "# $(dovecot --version | cut -d' ' -f1) offers:" \
	"$("$bare" offers "$IMAPS_PORT" $SMALL "$PASSWORD" 2>/dev/null)"
rm -rf "${MAIL_DIR:?}/$SMALL"
row "what" "surat" "beside" "ratio" "goal"
for part in $PARTS; do
	"$part"
done
