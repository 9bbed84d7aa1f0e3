# SPDX-License-Identifier: MIT
#
# For the benches: medians, ratios and the table.  To be sourced after
# tests/servers/lib.sh.  RUNS is how often each figure is taken; ONLY names the
# parts to be run, of all benches; what a bench does not know it leaves out.
RUNS=${RUNS:-5}
bare=$builddir/tests/bench/bare

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

ratio() {	# a, b
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

row() {	# what, figure, beside, ratio, goal
	printf '%-63s %12s %12s %7s  %s\n' "$@"
}

seconds() {	# command...: wall seconds
	start=$(date +%s.%N)
	"$@" >/dev/null 2>&1 || echo "bench: failed: $*" >&2
	echo "$start $(date +%s.%N)" | awk '{ printf "%.4f\n", $2 - $1 }'
}

chosen() {	# part...: those that ONLY wants
	for part in "$@"; do
		case " ${ONLY:-$part} " in
		*" $part "*) echo "$part" ;;
		esac
	done
}
