#!/bin/sh
# SPDX-License-Identifier: MIT
# Two clients want different things of one letter.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

for s in satu dua tiga empat lima; do
	deliver $ANI $s
done
doveadm_ mailbox create -u $ANI Arsip Kerja
write_conf "$p"
surat_in "$p" sync --account kerja

flags_of() {
	doveadm_ -f flow fetch -u $ANI flags mailbox "$1" subject "$2"
}
move_on_server() {	# subject, from, to
	doveadm_ move -u $ANI "$3" mailbox "$2" subject "$1"
}

surat_in "$p" mark --flag "$(id_of "$p" kerja/INBOX satu)"
move_on_server satu INBOX Arsip
surat_in "$p" sync --account kerja
claim "a mark follows the letter that another client moved" \
	sh -c "echo '$(flags_of Arsip satu)' | grep -q Flagged"

surat_in "$p" move kerja/Kerja "$(id_of "$p" kerja/INBOX dua)"
move_on_server dua INBOX Arsip
surat_in "$p" sync --account kerja
claim "the later of two moves holds" same "$(server_subjects $ANI Kerja)" dua
claim "and there is one letter" \
	same "$(server_subjects $ANI Arsip)" satu

surat_in "$p" mark --flag "$(id_of "$p" kerja/INBOX tiga)"
surat_in "$p" move kerja/Kerja "$(id_of "$p" kerja/INBOX empat)"
doveadm_ expunge -u $ANI mailbox INBOX subject tiga
doveadm_ expunge -u $ANI mailbox INBOX subject empat
surat_in "$p" sync --account kerja
claim "what another client removed stays removed" \
	same "$(surat_in "$p" list kerja/Kerja --json | grep -c empat)" 0
claim "nothing waits for it" same "$(surat_in "$p" journal --json)" ""

doveadm_ expunge -u $ANI mailbox Kerja all
surat_in "$p" move kerja/Arsip "$(id_of "$p" kerja/INBOX lima)"
doveadm_ mailbox delete -u $ANI -r Arsip
surat_in "$p" sync --account kerja
surat_in "$p" sync --account kerja
claim "a move into a folder that went leaves the letter where it was" \
	same "$(server_subjects $ANI INBOX) $(subjects "$p" kerja/INBOX)" "lima lima"
claim "and the journal says why" \
	sh -c "'$surat' --profile '$p' journal list --all --json | grep failed | grep -q Arsip"
doveadm_ mailbox create -u $ANI Lama
deliver $ANI enam Lama
deliver $ANI tujuh Lama
surat_in "$p" sync --account kerja
surat_in "$p" move kerja/Kerja "$(id_of "$p" kerja/Lama enam)" \
	"$(id_of "$p" kerja/Lama tujuh)"
surat_in "$p" folder delete kerja/Lama
surat_in "$p" sync --account kerja
claim "letters that were moved out of a folder outlive its removal" \
	same "$(server_subjects $ANI Kerja | tr '\n' ' ')" "enam tujuh "
claim "which is done behind that" \
	sh -c "! doveadm -c '$dir/dovecot.conf' mailbox list -u $ANI | grep -q Lama"
claim "the store is whole" surat_in "$p" store check
finish
