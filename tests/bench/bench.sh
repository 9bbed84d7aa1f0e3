#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Measures surat beside the bare floor, on this machine, in one run, and
# prints a table of ratios.  Runs alternate, and medians are compared, since
# machines drift.  Nothing is asserted here: a person reads it.
. "${srcdir:-.}/tests/servers/lib.sh"
RUNS=${RUNS:-5}
HEADERS=${HEADERS:-10000} LETTERS=${LETTERS:-2000}
SMALL=${SMALL:-1000} LARGE=${LARGE:-100000}
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
	printf '%-46s %12s %12s %7s  %s\n' "$@"
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

first_frame() {	# profile, subject
	"$builddir/tests/bench/first_frame" "$2" "$surat" --profile "$1"
}

make_store() {	# profile, how many
	mkdir -p "$1"
	cat >"$1/surat.conf" <<EOF
[account kerja]
name = Budi
address = budi@kantor.example
receive = none
EOF
	"$builddir/tests/bench/fill_store" "$1/store" "$2"
}

frames() {
	make_store "$dir/small" "$SMALL"
	make_store "$dir/large" "$LARGE"
	: >"$dir/small.ms"
	: >"$dir/large.ms"
	for _ in $(seq $((RUNS * 3))); do
		first_frame "$dir/small" "number $SMALL" >>"$dir/small.ms"
		first_frame "$dir/large" "number $LARGE" >>"$dir/large.ms"
	done
	small=$(median <"$dir/small.ms") large=$(median <"$dir/large.ms")
	row "first frame, $LARGE letters beside $SMALL" "$large ms" "$small ms" \
		"$(ratio "$large" "$small")" "<= 1.2"
}

inside_mailhost none "$@"
SURAT_THEMES=$srcdir/themes
export SURAT_THEMES
deliver_many $ANI "$HEADERS" 1
deliver_many $BUDI "$LETTERS" 1
row "what" "surat" "beside" "ratio" "goal"
transfer "IMAP, headers of $HEADERS, TLS, stored" kerja imap "$IMAPS_PORT" $ANI
transfer "POP3, $LETTERS letters, TLS, stored" rumah pop3 "$POP3S_PORT" $BUDI
frames
