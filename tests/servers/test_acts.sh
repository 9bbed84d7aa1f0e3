#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a user does to letters and folders while there is no line, and what
# Dovecot has after the next pass.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"

folders_of() {	# the server's
	doveadm_ mailbox list -u $ANI | sort | tr '\n' ' '
}

flags_of() {	# folder, subject
	doveadm_ -f flow fetch -u $ANI flags mailbox "$1" subject "$2"
}

answers() {	# text, command...
	said=$1
	shift
	"$@" | grep -F -- "$said"
}

silent() {	# text, command...
	! answers "$@"
}

marked() {	# sign, flag, folder, subject
	if [ "$1" = + ]; then
		answers "$2" flags_of "$3" "$4"
	else
		silent "$2" flags_of "$3" "$4"
	fi
}

# What the server has, and surat with it, of a folder.
both_have() {	# profile, folder, subjects
	same "$(server_subjects $ANI "$2" | tr '\n' ' ')" "$3" &&
		same "$(subjects "$1" "kerja/$2" | tr '\n' ' ')" "$3"
}

pass() {	# profile
	surat_in "$1" sync --account kerja
}

id() {	# folder, subject
	id_of "$p" "kerja/$1" "$2"
}

letters() {	# profile, lines of the account; fills the boxes anew
	p=$1
	for box in Proyek Arsip Trash; do
		doveadm_ mailbox create -u $ANI $box
		doveadm_ expunge -u $ANI mailbox $box all
	done
	doveadm_ expunge -u $ANI mailbox INBOX all
	for subject in satu dua tiga empat lima; do
		deliver $ANI $subject
	done
	write_conf "$p" "$2"
	pass "$p"
}

# The same acts, whatever the server can do.
mail_acts() {	# words for the claims
	one=$(id INBOX satu) two=$(id INBOX dua)
	three=$(id INBOX tiga) four=$(id INBOX empat)
	surat_in "$p" move kerja/Proyek "$one"
	surat_in "$p" copy kerja/Arsip "$two"
	surat_in "$p" delete "$three"
	surat_in "$p" purge "$three" >/dev/null
	surat_in "$p" mark --keyword +Penting "$two"
	claim "$1: without a line, the server has it all as it was" \
		same "$(server_subjects $ANI INBOX | tr '\n' ' ')" \
		"dua empat lima satu tiga "
	claim "$1: and surat shows what was done" \
		same "$(subjects "$p" kerja/INBOX | tr '\n' ' ')" \
		"dua empat lima "
	claim "$1: a pass succeeds" pass "$p"
	surat_in "$p" delete "$four"
	pass "$p"
	claim "$1: and leaves nothing to do" \
		silent '"state":"failed"' surat_in "$p" journal list --all --json
	claim "$1: what was moved, purged and left is so there" \
		both_have "$p" INBOX "dua empat lima "
	claim "$1: what was moved came once" both_have "$p" Proyek "satu "
	claim "$1: what was copied came once" both_have "$p" Arsip "dua "
	claim "$1: a keyword is put on" marked + Penting INBOX dua
	claim "$1: what was deleted is marked" marked + Deleted INBOX empat
	claim "$1: a letter keeps its number where it went" \
		same "$(id Proyek satu)" "$one"
}

letters "$dir/full" ""
mail_acts "with MOVE"

claim "what the server has done is taken back" \
	surat_in "$p" move kerja/Arsip "$(id INBOX lima)"
pass "$p"
claim "it was there" both_have "$p" Arsip "dua lima "
surat_in "$p" journal undo >/dev/null
claim "after a pass it is where it was" pass "$p"
claim "on both sides" both_have "$p" INBOX "dua empat lima "
claim "and no longer where it went" both_have "$p" Arsip "dua "
surat_in "$p" journal redo >/dev/null
pass "$p"
claim "what is done again is done there, too" both_have "$p" Arsip "dua lima "

before=$(server_subjects $ANI Arsip)
surat_in "$p" move kerja/Proyek "$(id Arsip lima)"
surat_in "$p" journal undo >/dev/null
claim "what was taken back before a pass is not said" \
	same "$(surat_in "$p" journal --json)" ""
pass "$p"
claim "and changes nothing there" same "$(server_subjects $ANI Arsip)" "$before"

claim "a keyword is taken off" \
	surat_in "$p" mark --keyword -Penting "$(id INBOX dua)"
pass "$p"
claim "on the server as well" marked - Penting INBOX dua

lost=$(id INBOX empat)
surat_in "$p" move kerja/Arsip "$lost"
doveadm_ expunge -u $ANI mailbox INBOX subject empat
pass "$p"
claim "of a letter that another program removed, the journal says so" \
	answers "no longer on the server" surat_in "$p" journal list --all

letters "$dir/copying" "never-use = MOVE"
mail_acts "without MOVE"

letters "$dir/bare" "never-use = MOVE, UIDPLUS"
mail_acts "without MOVE and UIDPLUS"
doveadm_ flags add -u $ANI '\Deleted' mailbox Arsip subject dua
deliver $ANI enam Arsip
pass "$p"
surat_in "$p" delete "$(id Arsip enam)"
surat_in "$p" purge "$(id Arsip enam)" >/dev/null
pass "$p"
claim "without UIDPLUS a purge beside another program's mark is refused" \
	answers "other letters in this folder are marked" \
	surat_in "$p" journal list --all
claim "and both letters are there" \
	same "$(server_subjects $ANI Arsip | tr '\n' ' ')" "dua enam "
claim "and here again" same "$(subjects "$p" kerja/Arsip | tr '\n' ' ')" \
	"dua enam "
doveadm_ flags remove -u $ANI '\Deleted' mailbox Arsip subject dua
surat_in "$p" journal retry "$(surat_in "$p" journal list --all --json |
	grep '"state":"failed"' | sed 's/.*"id":\([0-9]*\).*/\1/')"
pass "$p"
claim "once that mark is gone, it can be tried again" \
	both_have "$p" Arsip "dua "

doveadm_ expunge -u $ANI mailbox INBOX all
deliver_many $ANI 450 1
deliver $ANI tinggal
pass "$p"
surat_in "$p" list kerja/INBOX --json --limit 1000 | grep -v tinggal |
	sed 's/.*"id":\([0-9]*\).*/\1/' >"$dir/many"
xargs "$surat" --profile "$p" delete <"$dir/many"
surat_in "$p" purge --folder kerja/INBOX >/dev/null
pass "$p"
claim "a purge of more than one command takes its own marks for its own" \
	both_have "$p" INBOX "tinggal "

letters "$dir/trash" "delete = trash"
surat_in "$p" delete "$(id INBOX satu)"
claim "where deleting is moving, a letter is in the trash at once" \
	same "$(subjects "$p" kerja/Trash)" satu
pass "$p"
claim "and on the server" both_have "$p" Trash "satu "
claim "without a mark" marked - Deleted Trash satu
surat_in "$p" delete "$(id Trash satu)"
pass "$p"
claim "deleted in the trash, it is marked" marked + Deleted Trash satu
claim "and can be purged there" \
	answers satu surat_in "$p" purge --folder kerja/Trash
pass "$p"
claim "which the server does" both_have "$p" Trash ""

surat_in "$p" folder create kerja/Baru
surat_in "$p" folder create kerja/Baru/Dalam
surat_in "$p" move kerja/Baru/Dalam "$(id INBOX dua)"
claim "a folder is made without a line, and letters go into it" \
	same "$(subjects "$p" kerja/Baru/Dalam)" dua
pass "$p"
claim "then the server has both" both_have "$p" Baru/Dalam "dua "
surat_in "$p" folder rename kerja/Baru "Ränta & co"
claim "what is below a folder is renamed with it" \
	same "$(subjects "$p" "kerja/Ränta & co/Dalam")" dua
pass "$p"
claim "on the server as well" both_have "$p" "Ränta & co/Dalam" "dua "
surat_in "$p" folder unsubscribe "kerja/Ränta & co"
pass "$p"
claim "a folder is no longer subscribed to" \
	silent "Ränta" doveadm_ mailbox list -s -u $ANI
surat_in "$p" folder subscribe "kerja/Ränta & co"
pass "$p"
claim "and again" answers "Ränta & co" doveadm_ mailbox list -s -u $ANI
surat_in "$p" folder delete "kerja/Ränta & co/Dalam"
claim "a folder that is deleted is gone here at once" \
	silent Dalam surat_in "$p" folders
pass "$p"
claim "then on the server" silent Dalam folders_of
surat_in "$p" folder delete kerja/Proyek
surat_in "$p" journal undo >/dev/null
pass "$p"
claim "a removal that was taken back before a pass is not said" \
	answers Proyek folders_of
claim "nothing is wrong with the store then" \
	answers "nothing is wrong" surat_in "$p" store check
finish
