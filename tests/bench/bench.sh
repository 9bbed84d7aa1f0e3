#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Measures surat beside the bare floor, on this machine, in one run, and
# prints a table of ratios.  Runs alternate, and medians are compared, since
# machines drift.  Nothing is asserted here: a person reads it.  ONLY names the
# parts to be run: transfers, frames, octets, inserts, waits.
. "${srcdir:-.}/tests/servers/lib.sh"
RUNS=${RUNS:-5}
HEADERS=${HEADERS:-10000} LETTERS=${LETTERS:-2000}
SMALL=${SMALL:-10000} LARGE=${LARGE:-1000000} ROWS=${ROWS:-100000}
FORMAT=${FORMAT:-maildir}
export FORMAT
bare=$builddir/tests/bench/bare

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

ratio() {	# a, b
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

row() {	# what, figure, beside, ratio, goal
	printf '%-58s %12s %12s %7s  %s\n' "$@"
}

seconds() {	# command...: wall seconds
	start=$(date +%s.%N)
	"$@" >/dev/null 2>&1 || echo "bench: failed: $*" >&2
	echo "$start $(date +%s.%N)" | awk '{ printf "%.4f\n", $2 - $1 }'
}

sync_fresh() {	# account
	rm -rf "$dir/p"
	write_conf "$dir/p"
	seconds "$surat" --profile "$dir/p" sync --account "$1"
}

transfer() {	# what, account, protocol, port, user, how many
	"$bare" "$3" "$4" "$5" "$PASSWORD" >/dev/null 2>&1	# warms the server
	: >"$dir/ours"
	: >"$dir/theirs"
	for _ in $(seq "$RUNS"); do
		"$bare" "$3" "$4" "$5" "$PASSWORD" >>"$dir/theirs" 2>/dev/null
		sync_fresh "$2" >>"$dir/ours"
	done
	ours=$(median <"$dir/ours") theirs=$(median <"$dir/theirs")
	row "$1" "$ours s" "$theirs s" "$(ratio "$theirs" "$ours")" ">= 0.5 of the bare rate"
}

make_store() {	# profile, how many
	mkdir -p "$1"
	for name in kerja kampus klub rumah arsip; do
		printf '[account %s]\nname = Budi Santoso\n' "$name"
		printf 'address = budi@kantor.example\nreceive = none\n'
	done >"$1/surat.conf"
	"$builddir/tests/bench/fill_store" "$1/store" "$2"
}

# What is waited for is on the screen only when the frame is: the letter at
# that end of the list, or the title of the new order.
steps() {	# profile; its file "ends" has the subjects of fill_store
	profile=$1
	i=0
	while read -r subject; do
		i=$((i + 1))
		eval "end$i=\$subject"
	done <"$profile/ends"
	# shellcheck disable=SC2154	# end1 to end6
	"$builddir/tests/bench/frames" "$surat" --profile "$profile" -- \
		"$end1" G "$end2" gg "$end1" ot "threads" G "$end2" gg "$end1" \
		ou "threads · only unread" od "All inboxes · only unread" \
		G "$end4" gg "$end3" oaJ "" J "kerja/Inbox" G "$end6" gg "$end5"
}

STEPS='unified inbox, start|unified, to the oldest|unified, back to the newest
threads|threads, to the oldest|threads, back to the newest
unread threads|unread|unread, to the oldest|unread, back to the newest
a folder|a folder, to the oldest|a folder, back to the newest|memory'

frames() {
	make_store "$dir/small" "$SMALL" >"$dir/small.ends"
	make_store "$dir/large" "$LARGE" >"$dir/large.ends"
	mv "$dir/small.ends" "$dir/small/ends"
	mv "$dir/large.ends" "$dir/large/ends"
	: >"$dir/small.steps"
	: >"$dir/large.steps"
	for _ in $(seq $((RUNS * 2))); do
		steps "$dir/small" >>"$dir/small.steps"
		steps "$dir/large" >>"$dir/large.steps"
	done
	echo "$STEPS" | tr '|' '\n' | nl -w1 -s' ' | while read -r i what; do
		unit=ms
		[ "$what" = memory ] && unit=KiB
		small=$(cut -d' ' -f"$i" "$dir/small.steps" | median)
		large=$(cut -d' ' -f"$i" "$dir/large.steps" | median)
		goal="<= 1.2"
		[ "$what" = "unread threads" ] && goal="-"
		row "$what, $LARGE letters beside $SMALL" "$large $unit" \
			"$small $unit" "$(ratio "$large" "$small")" "$goal"
	done
}

inserts() {
	: >"$dir/inserts"
	for _ in $(seq "$RUNS"); do
		rm -rf "$dir/insert"
		"$builddir/tests/bench/store_insert" "$dir/insert" "$ROWS" >>"$dir/inserts"
	done
	ours=$(cut -d' ' -f1 "$dir/inserts" | median)
	theirs=$(cut -d' ' -f2 "$dir/inserts" | median)
	row "adding $ROWS rows, beside bare puts" "$ours s" "$theirs s" \
		"$(ratio "$theirs" "$ours")" ">= 0.33 of the bare rate"
}

octets() {
	[ -d "$dir/large" ] || make_store "$dir/large" "$LARGE" >/dev/null
	octets=$(du -b "$dir/large/store/index.mdb" | cut -f1)
	row "octets a letter on disk, of $LARGE" \
		"$(awk -v o="$octets" -v n="$LARGE" 'BEGIN { printf "%.0f", o / n }')" \
		"700" "" "<= 700"
}

waits() {
	rm -rf "$dir/wait"
	"$builddir/tests/bench/store_wait" "$dir/wait" "$ROWS" >"$dir/waits"
	# shellcheck disable=SC2046	# figures
	set -- $(cat "$dir/waits")
	row "wait to write while $ROWS rows are added: p99" "$3 ms" "$2 ms" "" \
		"<= 20 ms; beside: the median; longest $4 ms, of $1"
	row "wait to read meanwhile: p99" "$7 ms" "$6 ms" "" \
		"none; beside: the median; longest $8 ms, of $5"
}

transfers() {
	deliver_many $ANI "$HEADERS" 1
	deliver_many $BUDI "$LETTERS" 1
	transfer "IMAP, headers of $HEADERS, TLS, stored" kerja imap "$IMAPS_PORT" $ANI
	transfer "POP3, $LETTERS letters, TLS, stored" rumah pop3 "$POP3S_PORT" $BUDI
}

inside_mailhost none "$@"
SURAT_THEMES=$srcdir/themes
export SURAT_THEMES
row "what" "surat" "beside" "ratio" "goal"
for part in ${ONLY:-transfers frames octets inserts waits}; do
	"$part"
done
