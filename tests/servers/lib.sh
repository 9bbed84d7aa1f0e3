# SPDX-License-Identifier: MIT
#
# For the tests that run the real program against real servers.  A test
# begins with
#
#	. "${srcdir:-.}/tests/servers/lib.sh"
#	inside_mailhost aiosmtpd "$@"	(or auto, none)
#
# and is then run again by mailhost, with $dir its own directory, the ports
# in variables, and everything stopped and removed at the end, come what may.
# claim "text" COMMAND... prints a TAP line; finish ends the test.
set -u
umask 077
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
surat=$builddir/surat
sample=$builddir/tests/servers/sample
mailhost=$srcdir/tests/servers/mailhost
ANI=ani@kantor.example BUDI=budi@rumah.example
PATH=$PATH:/usr/sbin:/sbin
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
export ASAN_OPTIONS
count=0 failures=0

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

inside_mailhost() {	# mta, the script's arguments
	mta=$1
	shift
	if [ "${1:-}" = --inside ]; then
		dir=$MAILHOST_DIR
		return
	fi
	command -v dovecot >/dev/null || skip_all "Dovecot is not installed"
	outer=$(mktemp -d "${TMPDIR:-/tmp}/surat-test.XXXXXX")
	trap 'rm -rf "$outer"' EXIT
	trap 'exit 130' INT TERM HUP
	"$mailhost" run "$outer" --mta "$mta" --format "${FORMAT:-maildir}" -- \
		sh "$0" --inside
	exit $?
}

. "$srcdir/tests/claims.sh"

finish() {
	echo "1..$count"
	[ $failures -eq 0 ] || {
		echo "# the log of surat:"
		cat "$dir"/*/state/surat.log 2>/dev/null | tail -n 60 | sed 's/^/# /'
		exit 1
	}
	exit 0
}

at() {	# address as a URL wants it
	echo "$1" | sed 's/@/%40/'
}

# Two accounts on the mail host; what is given is added to each group.
write_conf() {	# profile, lines for kerja, lines for rumah
	mkdir -p "$1"
	cat >"$1/surat.conf" <<EOF
[account kerja]
name = Ani Wijaya
address = $ANI
receive = ${KERJA_RECEIVE:-imaps://$(at $ANI)@localhost:$IMAPS_PORT}
send = ${KERJA_SEND:-submissions://$(at $ANI)@localhost:$SMTPS_PORT}
keep = ${KERJA_KEEP:-live}
password = ${KERJA_PASSWORD:-$PASSWORD}
${KERJA_TLS:-tls-ca = $CA_FILE}
${2:-}

[account rumah]
name = Budi Santoso
address = $BUDI
receive = ${RUMAH_RECEIVE:-pop3s://$(at $BUDI)@localhost:$POP3S_PORT}
send = ${RUMAH_SEND:-smtp+starttls://$(at $BUDI)@localhost:$SMTP_PORT}
keep = offline
password = $PASSWORD
tls-ca = $CA_FILE
${3:-}
EOF
}

surat_in() {	# profile, arguments...
	profile=$1
	shift
	"$surat" --profile "$profile" "$@"
}

deliver() {	# user, subject, [folder], [body]
	"$mailhost" deliver "$dir" "$1" "${3:-INBOX}" <<EOF
From: Ratna Wijaya <ratna@kantor.example>
To: <$1>
Subject: $2
Date: Sun, 22 Nov 2026 09:41:00 +0700
Message-ID: <$(echo "$2.$1" | tr -c 'a-zA-Z0-9\n' '-')@kantor.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

${4:-Isi surat $2.}
EOF
}

# Many letters at once, written into the maildir: quicker than delivering.
deliver_many() {	# user, how many, first number
	box=$MAIL_DIR/$1/maildir
	mkdir -p "$box/cur" "$box/new" "$box/tmp"
	awk -v n="$2" -v first="$3" -v box="$box" -v user="$1" 'BEGIN {
		for (i = first; i < first + n; i++) {
			f = sprintf("%s/new/%d.%d.many", box, 1700000000 + i, i)
			printf "From: Sender %d <s%d@kantor.example>\r\nTo: <%s>\r\n" \
			    "Subject: letter %d\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n" \
			    "Message-ID: <many-%d@kantor.example>\r\n\r\nBody of letter %d.\r\n", \
			    i, i % 97, user, i, i, i > f
			close(f)
		}
	}'
	[ "$(command id -u)" != 0 ] || chown -R dovecot:dovecot "$MAIL_DIR/$1"
}

doveadm_() {
	doveadm -c "$dir/dovecot.conf" "$@" 2>>"$dir/doveadm.log"
}

subjects() {	# profile, folder: sorted
	surat_in "$1" list "$2" --json | sed 's/.*"subject":"\([^"]*\)".*/\1/' | sort
}

server_subjects() {	# user, folder: sorted
	doveadm_ -f flow fetch -u "$1" hdr.subject mailbox "$2" |
		sed 's/^hdr.subject=//' | sort
}

id_of() {	# profile, folder, subject
	surat_in "$1" list "$2" --json | grep -F "\"subject\":\"$3\"" |
		sed 's/.*"id":\([0-9]*\).*/\1/' | head -n 1
}

same() {	# two values
	[ "$1" = "$2" ] || {
		printf 'expected:\n%s\ngot:\n%s\n' "$2" "$1"
		return 1
	}
}

exits() {	# code, command...
	wanted=$1
	shift
	code=0
	"$@" || code=$?
	same "$code" "$wanted"
}

# Runs and demands the exit code and a word on standard error; no more than
# one sentence of it.
fails_with() {	# code, words (grep -E), command...
	wanted=$1 words=$2
	shift 2
	code=0
	"$@" >"$dir/out" 2>"$dir/err" || code=$?
	cat "$dir/err"
	same "$code" "$wanted" && grep -qE "$words" "$dir/err"
}

# Waits until a command succeeds: for what a server does in its own time.
eventually() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}
