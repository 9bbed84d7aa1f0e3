# SPDX-License-Identifier: MIT
#
# A claim a line, as TAP wants it.  To be sourced by a script that has a
# directory of its own in $dir, with count=0 and failures=0.

claim() {	# text, command...
	text=$1
	shift
	count=$((count + 1))
	if "$@" >"$dir/claim.out" 2>&1; then
		echo "ok $count - $text"
	else
		echo "not ok $count - $text"
		sed 's/^/# /' "$dir/claim.out"
		failures=$((failures + 1))
	fi
}
