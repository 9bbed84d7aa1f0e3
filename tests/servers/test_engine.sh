#!/bin/sh
# SPDX-License-Identifier: MIT
# The commands of the IMAP engine against a real Dovecot: that it takes them as
# they are written, and that what it answers is understood.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"

# Each act of a file is done before the next; see talk.c.
talk() {
	"$builddir/tests/servers/talk" "$IMAP_PORT" "$ANI" "$PASSWORD" >"$dir/said"
}

# What was said to one act, by its number in the file.
answer() {
	awk -v n="$1" '/^> / { i++; next } i == n' "$dir/said"
}

says() {	# act, pattern...
	n=$1
	shift
	for pattern; do
		answer "$n" | grep -qE "$pattern" || {
			answer "$n"
			return 1
		}
	done
}

for subject in satu dua tiga; do
	deliver $ANI $subject
done

claim "folders are spoken of" talk <<'END'
namespace
list
create 4096 Terkirim
create 0 Arsip/Lama
create 0 Arsip/Lama
rename Arsip/Lama Arsip/Tua
subscribe + Arsip/Tua
list Arsip/
subscribe - Arsip/Tua
delete Arsip/Tua
delete Arsip/Tua
END
claim "the personal namespace is told" says 1 '^namespace / <>$' '^done 1 ok'
claim "all folders are listed with their state" says 2 \
	'^list / .*sent <Sent>$' '^status <INBOX> messages 3 .* size [0-9]'
claim "a folder is made, also one below another" says 4 '^done 4 ok'
claim "but not twice" says 5 '^done 5 no alreadyexists'
claim "it is renamed and subscribed" says 8 'subscribed <Arsip/Tua>$' \
	'<INBOX>$' '^done 8 ok'
claim "no other folder is listed below a prefix" \
	[ "$(answer 8 | grep -c '^list')" = 2 ]
claim "it is deleted, once" says 11 '^done 11 no nonexistent'

claim "letters are spoken of" talk <<'END'
select INBOX
headers 1:9
structure 1
identity 1:9
body 1 1 0 9
binary 1 1 4 5
search UNSEEN
search SEEN
find text Isi surat
find subject é
find marks
store + 1 \Seen $Forwarded
store-unless 1 2 \Flagged
changes 1
END
claim "headers come with what tells letters apart" says 2 \
	'^fetch 3 uid 3 flags date .* size [0-9]+ modseq [0-9]+ ' '^done 2 ok'
claim "a structure is read" says 3 \
	'^fetch 1 uid 1 \{1 text/plain charset=UTF-8 17 1 7bit\}$'
claim "identities are read" says 4 'header <Message-ID: <tiga-'
claim "a part is read from its beginning" says 5 '^body Isi surat$'
claim "and from its middle, decoded" says 6 '^body surat$'
claim "what is unread is found" says 7 '^search 7 1:3$'
claim "and that nothing is found is believed" says 8 '^search 8 *$' '^done 8 ok'
claim "words are found" says 9 '^search 9 1:3$'
claim "words that are not ASCII may be looked for" says 10 '^done 10 ok'
claim "marks are made" says 12 '^fetch 1 uid 1 flags seen forwarded'
claim "a letter that changed since is not marked" says 13 \
	'^done 13 ok modified 2 '
claim "what changed is told" says 14 '^fetch 1 uid 1 flags seen forwarded'

claim "letters are filed, copied, moved and expunged" talk <<'END'
create 0 Kantor
select INBOX
copy 1:2 Kantor
copy 1:2 Tidak
move 3,1 Kantor
store + 2 \Deleted
expunge 2
append-with $Forwarded Kantor
data x
append 21 INBOX
data Subject: a||isi surat
store + 4 \Deleted
expunge-all
notify
append 21 Kantor
data Subject: b||isi surat
noop
unselect
logout
END
claim "a copy tells what became of them" says 3 \
	'^done 3 ok copyuid [0-9]+: 1:2>1:2 '
claim "a copy to nowhere is refused" says 4 '^done 4 no trycreate'
claim "a move tells what became of them, and that they went" says 5 \
	'^vanished 1,3$' '^done 5 ok .* [0-9]+: 1>3 3>4 '
claim "one letter is expunged" says 7 '^vanished 2$' '^done 7 ok'
claim "a letter is filed with a keyword, and its UID told" says 9 \
	'^done 8 ok appenduid [0-9]+: 0>5 '
claim "what is marked is expunged without its name" says 13 '^vanished 4$'
claim "with NOTIFY the state of all folders is told" says 14 \
	'^status <Kantor> messages 5 ' '^done 12 ok'
claim "and that there is a new letter in one" says 17 \
	'^status <Kantor> messages 6 '
finish
