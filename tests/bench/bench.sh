#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Measures surat beside the bare floor, on this machine, in one run, and
# prints a table of ratios.  Runs alternate, and medians are compared, since
# machines drift.  Nothing is asserted here: a person reads it.  ONLY names the
# parts to be run: transfers, frames, octets, inserts, waits, notices; see
# bench_lib.sh.
. "${srcdir:-.}/tests/servers/lib.sh"
. "$srcdir/tests/bench/bench_lib.sh"
HEADERS=${HEADERS:-10000} LETTERS=${LETTERS:-2000}
SMALL=${SMALL:-10000} LARGE=${LARGE:-1000000} ROWS=${ROWS:-100000}
FORMAT=${FORMAT:-maildir}
export FORMAT
PARTS=$(chosen transfers frames octets inserts waits notices)
[ -n "$PARTS" ] || exit 0

sync_fresh() {	# account
	rm -rf "$dir/p"
	write_conf "$dir/p"
	seconds "$surat" --profile "$dir/p" sync --account "$1"
}

transfer() {	# what, account, what to ask for, port, user
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

# From the start of the program to the frame, then to the other end of the
# list and back.  What is waited for is on the screen only when the frame is:
# the letter at that end.
view() {	# what, profile, steps to be taken, options of the reader...
	what=$1 profile=$2 steps=$3
	shift 3
	i=0
	while read -r subject; do
		i=$((i + 1))
		subject=${subject#Re: }		# a tree leaves it out
		eval "end$i=\$subject"
	done <"$profile/ends"
	eval "set -- \"\$@\" -- $steps"
	printf '%s ' "$what"
	"$builddir/tests/bench/frames" "$surat" --profile "$profile" "$@" ||
		echo
}

# Quoted as view() evaluates it: the subjects of fill_store.
ALL='"$end1" G "$end2" gg "$end1"'
UNREAD='"$end3" G "$end4" gg "$end3"'
FOLDER='"$end5" G "$end6" gg "$end5"'

# A line a view: what, start, oldest, newest, memory.  The first start after
# those of the other size meets the processor's caches full of that one; it is
# written down as what it is, and not compared.
views() {	# profile
	view cold "$1" '"$end1"'
	view unified-inbox "$1" "$ALL"
	view threads "$1" "$ALL" --by thread
	view unread "$1" "$UNREAD" --unread
	view a-folder "$1" "$FOLDER" --open kerja
	view unread-threads "$1" '"· only unread"' --by thread --unread
}

compare() {	# view, what, column, unit, goal
	for size in small large; do
		awk -v v="$1" -v c="$3" '$1 == v { print $c }' \
			"$dir/$size.views" | median >"$dir/$size.median"
	done
	large=$(cat "$dir/large.median") small=$(cat "$dir/small.median")
	row "$(echo "$1" | tr - ' '): $2, $LARGE letters beside $SMALL" \
		"$large $4" "$small $4" "$(ratio "$large" "$small")" "$5"
}

frames() {
	for size in small large; do
		[ $size = small ] && n=$SMALL || n=$LARGE
		make_store "$dir/$size" "$n" >"$dir/ends"
		mv "$dir/ends" "$dir/$size/ends"
		: >"$dir/$size.views"
	done
	for _ in $(seq $((RUNS * 2))); do
		for size in small large large small; do
			views "$dir/$size" >>"$dir/$size.views"
		done
	done
	for view in unified-inbox threads unread a-folder; do
		compare $view "start to frame" 2 ms "<= 1.2"
		compare $view "to the oldest" 3 ms "<= 1.2"
		compare $view "back to the newest" 4 ms "<= 1.2"
		compare $view "memory" 5 KiB "<= 1.2"
	done
	compare unread-threads "start to frame" 2 ms "-"
	compare cold "first start after the other size" 2 ms "-"
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
	octets=$(du -bL "$dir/large/store/index.mdb" | cut -f1)
	row "octets a letter on disk, of $LARGE" \
		"$(awk -v o="$octets" -v n="$LARGE" 'BEGIN { printf "%.0f", o / n }')" \
		"700" "" "<= 700"
}

# Of each run its 99th percentile; the middle one, and the worst.
waits() {
	: >"$dir/waits"
	for _ in $(seq "$RUNS"); do
		rm -rf "$dir/wait"
		"$builddir/tests/bench/store_wait" "$dir/wait" "$ROWS" |
			tr '\n' ' ' >>"$dir/waits"
		echo >>"$dir/waits"
	done
	wait_row "write" 3 "<= 20 ms"
	wait_row "read" 7 "none"
}

wait_row() {	# what, column of the percentile, goal
	row "wait to $1 while $ROWS rows are added: p99" \
		"$(cut -d' ' -f"$2" "$dir/waits" | median) ms" \
		"$(cut -d' ' -f$(($2 - 1)) "$dir/waits" | median) ms" "" \
		"$3; beside: the median; worst p99 $(cut -d' ' -f"$2" \
			"$dir/waits" | sort -n | tail -1) ms"
}

# The mark of another process, from its start until the list shows it; beside
# how long that process takes.
notices() {
	make_store "$dir/notice" 1000 >"$dir/ends"
	mv "$dir/ends" "$dir/notice/ends"
	id=$("$surat" --profile "$dir/notice" list inbox --limit 1 --json |
		sed 's/.*"id":\([0-9]*\).*/\1/')
	mark="'$surat' --profile '$dir/notice' mark"
	echo "$mark --flag $id" >"$dir/flag"
	: >"$dir/notices"
	: >"$dir/marks"
	for _ in $(seq "$RUNS"); do
		eval "$mark --unflag $id"
		view notices "$dir/notice" '"$end1" "!sh $dir/flag" "⚑"' \
			>>"$dir/notices"
		seconds sh "$dir/flag" | awk '{ print $1 * 1000 }' >>"$dir/marks"
	done
	row "a mark of another process, from its start to the screen" \
		"$(cut -d' ' -f3 "$dir/notices" | median) ms" \
		"$(median <"$dir/marks") ms" "" "<= 1000 ms"
}

transfers() {
	deliver_many $ANI "$HEADERS" 1
	deliver_many $BUDI "$LETTERS" 1
	transfer "IMAP, headers of $HEADERS, TLS, stored" kerja headers "$IMAPS_PORT" $ANI
	transfer "POP3, $LETTERS letters, TLS, stored" rumah pop3 "$POP3S_PORT" $BUDI
}

inside_mailhost none "$@"
SURAT_THEMES=$srcdir/themes
export SURAT_THEMES
row "what" "surat" "beside" "ratio" "goal"
for part in $PARTS; do
	"$part"
done
