#!/bin/sh
# SPDX-License-Identifier: MIT
# COMPRESS=DEFLATE against a real Dovecot that offers it.
. "${srcdir:-.}/tests/servers/lib.sh"
if [ "${1:-}" != --inside ]; then
	find /usr/lib*/dovecot /usr/lib/*/dovecot /usr/libexec/dovecot \
		-name '*imap_zlib_plugin*' 2>/dev/null | grep -q . ||
		skip_all "this Dovecot has no plugin for COMPRESS"
	MAILHOST_EXTRA='protocol imap {
  mail_plugins = imap_zlib
}'
	export MAILHOST_EXTRA
fi
inside_mailhost none "$@"
p=$dir/p

compressed() {	# profile
	grep -q 'compressed from here on' "$1/state/surat.log"
}

deliver_many $ANI 300 1
deliver $ANI "besar" INBOX "$(seq 1 60000)"
KERJA_KEEP=offline write_conf "$p"
claim "a pass over a compressed connection succeeds" \
	surat_in "$p" sync --account kerja
claim "and it is compressed" compressed "$p"
claim "every letter is here" \
	same "$(subjects "$p" kerja/INBOX)" "$(server_subjects $ANI INBOX)"
id=$(id_of "$p" kerja/INBOX besar)
claim "a large one comes whole" \
	sh -c "'$surat' --profile '$p' show $id --raw | grep -qx '60000.\{0,1\}'"
surat_in "$p" mark --read --flag "$id"
surat_in "$p" sync --account kerja
claim "what the user marks reaches the server" \
	sh -c "doveadm -c '$dir/dovecot.conf' -f flow fetch -u $ANI flags mailbox INBOX subject besar | grep Seen | grep -q Flagged"

for scheme in imap+starttls imap+insecure; do
	q=$dir/$scheme
	KERJA_RECEIVE="$scheme://$(at $ANI)@localhost:$IMAP_PORT" write_conf "$q"
	surat_in "$q" sync --account kerja
	claim "$scheme is compressed as well" compressed "$q"
	claim "and $scheme lists the same" \
		same "$(subjects "$q" kerja/INBOX)" "$(subjects "$p" kerja/INBOX)"
done

q=$dir/masked
write_conf "$q" "never-use = COMPRESS=DEFLATE"
surat_in "$q" sync --account kerja
claim "an account that masks it is not compressed" \
	sh -c "test -s '$q/state/surat.log' && ! grep 'compressed from' '$q/state/surat.log'"
claim "and lists the same" \
	same "$(subjects "$q" kerja/INBOX)" "$(subjects "$p" kerja/INBOX)"

"$surat" --profile "$p" watch --json >"$dir/events" 2>"$dir/watch.err" &
watch=$!
claim "a watch listens over it" eventually grep -q '"listening"' "$dir/events"
deliver $ANI "didorong"
claim "a push comes through it" \
	eventually sh -c "grep '\"event\":\"new\"' '$dir/events' | grep -q didorong"
kill $watch
wait $watch
finish
