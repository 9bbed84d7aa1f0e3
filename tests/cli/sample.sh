# SPDX-License-Identifier: MIT
#
# The sample letters in a store of two accounts that need no server, under
# $dir.  To be sourced by the scripts beside it.
set -u
umask 077
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
surat=$builddir/surat
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
export ASAN_OPTIONS
LC_ALL=C.UTF-8
export LC_ALL
count=0 failures=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/surat-cli.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

"$builddir/tests/servers/sample" fill "$dir/letters" 1577836800 &&
    "$builddir/tests/servers/sample_store" "$dir/letters" "$dir" || exit 1
cat >"$dir/surat.conf" <<END
[account kerja]
name = Budi Santoso
address = budi@kantor.example
receive = none

[account rumah]
name = Budi Santoso
address = budi@rumah.example
receive = none
END

. "$srcdir/tests/claims.sh"

same() {	# a, b
	echo "\"$1\" is not \"$2\""
	test "$1" = "$2"
}

finish() {
	echo "1..$count"
	exit $((failures > 0))
}
