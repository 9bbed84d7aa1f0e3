#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything that can be wrong from outside ends in one clear sentence, with
# the exit code that was promised, and what is here stays readable.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

deliver $ANI "tetap terbaca"
write_conf "$p"
surat_in "$p" sync

KERJA_PASSWORD=salah write_conf "$p"
claim "a wrong password is said, with exit code 77" \
	fails_with 77 "password" surat_in "$p" sync --account kerja
claim "and mail already here stays readable" \
	same "$(subjects "$p" kerja/INBOX)" "tetap terbaca"
claim "account test tells the half that fails" \
	sh -c "'$surat' --profile '$p' account test kerja; test \$? -eq 77"

KERJA_RECEIVE="imaps://$(at $ANI)@tidak-ada.invalid" write_conf "$p"
claim "an unknown host is said" \
	fails_with 69 "tidak-ada.invalid" surat_in "$p" sync --account kerja
KERJA_RECEIVE="imaps://$(at $ANI)@localhost:1" write_conf "$p"
claim "a refused connection is said" \
	fails_with 69 "localhost" surat_in "$p" sync --account kerja
KERJA_TLS=" " write_conf "$p"
claim "a certificate that nobody vouches for is refused" \
	fails_with 69 "certificate" surat_in "$p" sync --account kerja
KERJA_TLS="tls-fingerprint = sha256:$(printf '%064d' 0)" write_conf "$p"
claim "a certificate other than the pinned one is refused" \
	fails_with 69 "fingerprint|certificate" surat_in "$p" sync --account kerja
pin=$(openssl x509 -in "$dir/cert.pem" -noout -fingerprint -sha256 | sed 's/.*=//')
KERJA_TLS="tls-fingerprint = sha256:$pin" write_conf "$p"
claim "the pinned one is taken" surat_in "$p" sync --account kerja
KERJA_RECEIVE="imaps://$(at $ANI)@127.0.0.2:$IMAPS_PORT" write_conf "$p"
claim "a host that does not listen ends in a sentence" \
	fails_with 69 "127.0.0.2" surat_in "$p" sync --account kerja
KERJA_RECEIVE="imaps://$(at $ANI)@localhost:$POP3S_PORT" write_conf "$p"
claim "a server of another protocol is told from a broken one" \
	fails_with '76' "." surat_in "$p" sync --account kerja
KERJA_RECEIVE="imaps://$(at $ANI)@localhost:$IMAP_PORT" write_conf "$p"
claim "a server without TLS where TLS is due is refused" \
	fails_with 69 "TLS" surat_in "$p" sync --account kerja

for mode in hang-up nonsense early-bye; do
	port_file=$dir/port.$mode
	rm -f "$port_file"
	"$builddir/tests/servers/faulty" $mode "$port_file" &
	faulty=$!
	eventually test -s "$port_file"
	KERJA_RECEIVE="imap+insecure://$(at $ANI)@localhost:$(cat "$port_file")" \
		write_conf "$p"
	claim "a server that does $mode ends in a sentence" \
		sh -c "'$surat' --profile '$p' sync --account kerja; code=\$?; test \$code -eq 69 -o \$code -eq 76 -o \$code -eq 75"
	kill $faulty
	wait $faulty 2>/dev/null
done

port_file=$dir/port.dot-421
"$builddir/tests/servers/faulty" dot-421 "$port_file" &
faulty=$!
eventually test -s "$port_file"
KERJA_SEND="smtp+insecure://localhost:$(cat "$port_file")" write_conf "$p"
for subject in satu dua tiga; do
	printf 'From: %s\nTo: %s\nSubject: %s\n\nx\n' $ANI $BUDI $subject |
		surat_in "$p" send --account kerja -t
done
surat_in "$p" sync --account kerja 2>/dev/null
claim "a server that goes down at a dot fails no letter, tried or not" \
	same "$(surat_in "$p" journal --json | grep -c '"state":"queued"')" 3
kill $faulty
wait $faulty 2>/dev/null
for id in $(surat_in "$p" journal --json | sed 's/.*"id":\([0-9]*\).*/\1/'); do
	surat_in "$p" journal cancel "$id"
done

write_conf "$p"
"$surat" --profile "$p" sync
echo 'pasword = x' >>"$p/surat.conf"
lines=$(wc -l <"$p/surat.conf" | tr -d ' ')
claim "an unknown key is named with its line and the nearest valid one" \
	fails_with 78 "surat.conf:$lines: .*pasword.*password" surat_in "$p" list
KERJA_KEEP=sometimes write_conf "$p"
claim "a bad value is named with its line" \
	fails_with 78 "surat.conf:[0-9]+: .*live or offline" surat_in "$p" list
write_conf "$p"
chmod 644 "$p/surat.conf"
claim "a password in a file that others can read is refused" \
	fails_with 78 "chmod 600" surat_in "$p" list
chmod 600 "$p/surat.conf"
claim "a profile without a configuration is told what to write" \
	fails_with 78 "configuration" surat_in "$dir/empty" list
claim "an unknown command is a usage error" exits 64 surat_in "$p" lisst
claim "an unknown folder is said" fails_with 66 "folders" surat_in "$p" list kerja/Tidak
claim "an id that is none is said" fails_with 64 "id" surat_in "$p" show abc
claim "a letter that is not there is said" fails_with 66 "no letter" surat_in "$p" show 99999

# A letter that tries to speak to the terminal.
printf 'From: =?UTF-8?B?%s?= <x@y.example>\nSubject: merah\033[31m \342\200\256kebalik\nDate: Sun, 22 Nov 2026 10:00:00 +0700\n\nisi \033]0;judul\007 \23331m\n' \
	"$(printf 'nama\033[2Jjahat' | base64)" | "$mailhost" deliver "$dir" $ANI INBOX
surat_in "$p" sync --account kerja
surat_in "$p" list inbox >"$dir/listed"
surat_in "$p" show "$(surat_in "$p" list inbox --limit 1 --json | sed 's/.*"id":\([0-9]*\).*/\1/')" >>"$dir/listed"
claim "control bytes of letters never come out" \
	sh -c "grep -q merah '$dir/listed' && ! LC_ALL=C grep -q \"\$(printf '[\033\007]')\" '$dir/listed'"
claim "nor do bidirectional overrides" \
	sh -c "! LC_ALL=C grep -q \"\$(printf '\342\200\256')\" '$dir/listed'"
finish
