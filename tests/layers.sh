#!/bin/sh
# SPDX-License-Identifier: MIT
# The walls of the house: which folder may include what.  One TAP line a wall.
cd "${srcdir:-$(dirname "$0")/..}" || exit 1
count=0 failed=0

report() {	# claim, offending lines
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}

# Includes of our own headers in a folder that match none of the given ones.
ours() {	# folder, allowed folders as an extended regex
	grep -rnE '^#include "' --include='*.[ch]' "$1" | grep -vE "#include \"($2)/"
}
system() {	# folder, forbidden headers as an extended regex
	grep -rnE "^#include <($2)" --include='*.[ch]' "$1"
}
only() {	# folders allowed as extended regex, header regex
	grep -rnE "^#include <($2)" --include='*.[ch]' base store protocol mail ui src | grep -vE "^($1)"
}

report "base knows only base" "$(ours base base)"
report "store knows store and base" "$(ours store 'store|base')"
report "protocol knows protocol and base" "$(ours protocol 'protocol|base')"
report "mail knows mail and base" "$(ours mail 'mail|base')"
report "ui knows ui, store, mail and base" "$(ours ui 'ui|store|mail|base')"
report "only store knows LMDB" "$(only 'store/' 'lmdb')"
report "only store knows zstd" "$(only 'store/' 'zstd')"
report "only mail knows GMime" "$(only 'mail/' 'gmime')"
report "only mail knows libxml2" "$(only 'mail/' 'libxml')"
report "only ui/term knows curses" "$(only 'ui/term' '(n?curses|term)\.h')"
report "only src/net knows GnuTLS and zlib" "$(only 'src/net/' 'gnutls|zlib')"
report "only protocol/sasl knows gsasl" "$(only 'protocol/sasl' 'gsasl')"
report "GLib is for src and mail" "$(only 'src/|mail/' 'glib|gio')"
report "protocol does no input or output, has no clock and no threads" \
	"$(system protocol 'stdio|unistd|sys/socket|poll|pthread|time|fcntl|netdb')"
report "src/core and src/net know no screen" \
	"$(grep -rnE '^#include "(ui|src/cli)/' --include='*.[ch]' src/core src/net)"
report "src/net knows neither store nor engines" \
	"$(grep -rnE '^#include "(store|protocol|mail|src/core)/' --include='*.[ch]' src/net)"
report "no banned call" \
	"$(grep -rnE '\b(strcpy|strcat|sprintf|atoi|strtok|gets|localtime|system|popen)\(' --include='*.[ch]' base store protocol mail ui src)"
report "no umbrella or miscellany file" \
	"$(find base store protocol mail ui src -name 'util*' -o -name 'common*' -o -name 'misc*')"

echo "1..$count"
exit $failed
